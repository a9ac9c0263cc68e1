import { describe, expect, it } from 'vitest';
import {
  type BackupWindow,
  DEFAULT_MINUTE_OFFSET_READING,
  MINUTE_OFFSET_READINGS,
  allowedHoursPerWeek,
  isOpenAt,
  minuteOffsetWarning,
  nextClosing,
  nextOpening,
  windowIntervals,
} from '../../src/domain/backup-window.ts';
import { wallClockAt } from '../../src/domain/zone.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { isoTexts } from './time-oracle.ts';

const HOUR = 3_600_000;
const CLOSED_DAY = '-'.repeat(24);

/** One text of 24 marks a day, Sunday first: `#` is open, anything else closed. */
function windowOf(days: readonly string[], more: Partial<BackupWindow> = {}): BackupWindow {
  const hours = [...days.join('')].map((mark) => mark === '#');
  expect(hours).toHaveLength(168);
  return { enabled: true, semantics: 'MUST_FINISH_INSIDE', hours, utcOffsetMinutes: 0, ...more };
}

/** The grid of the vendor's own sample for a Veeam job. */
const SAMPLE = windowOf([
  '########################',
  '######---##########-####',
  '######---#####------####',
  '########################',
  '###--#############--####',
  '#####-------------######',
  '########################',
]);
const ALWAYS = windowOf(Array.from({ length: 7 }, () => '#'.repeat(24)));
const NEVER = windowOf(Array.from({ length: 7 }, () => CLOSED_DAY));
/** Monday 01:00 to 03:00, and Saturday 22:00 over the end of the week to Sunday 02:00. */
const NIGHTS = windowOf([
  '##----------------------',
  '-##---------------------',
  ...Array.from({ length: 4 }, () => CLOSED_DAY),
  '----------------------##',
]);

function intervalsOf(window: BackupWindow, timeZone: string, weekOf: string): string[] {
  return windowIntervals(window, { timeZone, weekOf: new Date(weekOf) }).map(({ start, end }) =>
    isoTexts([start, end]).join(' to '),
  );
}

describe('domain/backup-window', () => {
  it.each([
    ['2026-06-07T00:00:00Z', 'Sunday, the first hour', true],
    ['2026-06-07T01:59:59.999Z', 'Sunday, the end of the second', true],
    ['2026-06-07T02:00:00Z', 'Sunday 02:00', false],
    ['2026-06-08T00:59:59Z', 'Monday before 01:00', false],
    ['2026-06-08T01:00:00Z', 'Monday 01:00', true],
    ['2026-06-13T23:59:59Z', 'Saturday, the last hour', true],
    ['1969-12-29T01:30:00Z', 'a Monday before 1970', true],
  ])('reads the grid at %s, %s', (at, _, open) => {
    expect(isOpenAt(NIGHTS, new Date(at))).toBe(open);
  });

  it('adds the offset to UTC to get the wall clock of the grid', () => {
    const at = new Date('2026-06-08T00:30:00Z');
    expect(isOpenAt(NIGHTS, at)).toBe(false);
    expect(isOpenAt({ ...NIGHTS, utcOffsetMinutes: 30 }, at)).toBe(true);
    expect(isOpenAt({ ...NIGHTS, utcOffsetMinutes: 15 }, at)).toBe(false);
    expect(isOpenAt({ ...NIGHTS, utcOffsetMinutes: -420 }, new Date('2026-06-08T08:30:00Z'))).toBe(true);
  });

  it.each([
    [0, 0],
    [15, 15],
    [-45, -45],
    [60, 0],
    [330, 30],
    [-210, -30],
    [-420, 0],
    [840, 0],
  ])('of an offset of %d keeps %d when the grid is in UTC already', (utcOffsetMinutes, kept) => {
    const opens = (minutes: number): Date => new Date(Date.parse('2026-06-08T01:00:00Z') - minutes * 60_000);
    const after = new Date('2026-06-07T06:00:00Z');
    const local = { ...NIGHTS, utcOffsetMinutes };
    expect(nextOpening({ ...local, minuteOffsetReading: 'GRID_IS_UTC' }, after)).toEqual(opens(kept));
    expect(nextOpening({ ...local, minuteOffsetReading: 'GRID_IS_LOCAL' }, opens(utcOffsetMinutes + 60))).toEqual(
      opens(utcOffsetMinutes),
    );
  });

  it('reads the grid at its own wall clock when nothing is said', () => {
    expect(DEFAULT_MINUTE_OFFSET_READING).toBe('GRID_IS_LOCAL');
    const at = new Date('2026-06-08T08:30:00Z');
    const window = { ...NIGHTS, utcOffsetMinutes: -420 };
    const told = [undefined, ...MINUTE_OFFSET_READINGS].map((minuteOffsetReading) =>
      isOpenAt({ ...window, minuteOffsetReading }, at),
    );
    expect(told).toEqual([true, true, false]);
  });

  it.each([
    [330, '330 minutes', '5 hours later'],
    [-60, '-60 minutes', '1 hour earlier'],
    [-210, '-210 minutes', '3 hours earlier'],
  ])('warns that an offset of %d may be meant otherwise', (utcOffsetMinutes, offset, otherwise) => {
    const warning = minuteOffsetWarning({ ...NIGHTS, utcOffsetMinutes });
    expect(warning).toContain(offset);
    expect(warning).toContain(otherwise);
    const [local, utc] = MINUTE_OFFSET_READINGS.map((minuteOffsetReading) =>
      nextOpening({ ...NIGHTS, utcOffsetMinutes, minuteOffsetReading }, new Date('2026-06-07T08:00:00Z')),
    );
    const hours = ((utc?.getTime() ?? 0) - (local?.getTime() ?? 0)) / HOUR;
    expect(otherwise).toContain(`${Math.abs(hours)} hour`);
    expect(otherwise.endsWith('later')).toBe(hours > 0);
  });

  it.each([
    ['is below an hour', { utcOffsetMinutes: 59 }],
    ['was explained by the operator', { utcOffsetMinutes: 330, minuteOffsetReading: 'GRID_IS_LOCAL' }],
    ['has no effect, because the window is switched off', { utcOffsetMinutes: 330, enabled: false }],
    ['has no effect, because the window never turns', { utcOffsetMinutes: 330, hours: ALWAYS.hours }],
  ] satisfies [string, Partial<BackupWindow>][])('does not warn of an offset that %s', (_, more) => {
    expect(minuteOffsetWarning({ ...NIGHTS, ...more })).toBeUndefined();
  });

  it('takes a grid that is cut short as closed where it is missing', () => {
    expect(isOpenAt({ ...ALWAYS, hours: [true] }, new Date('2026-06-08T00:30:00Z'))).toBe(false);
  });

  it.each([
    ['2026-06-07T12:00:00Z', '2026-06-08T01:00:00Z', '2026-06-08T03:00:00Z'],
    ['2026-06-08T00:59:59.999Z', '2026-06-08T01:00:00Z', '2026-06-08T03:00:00Z'],
    ['2026-06-08T01:00:00Z', '2026-06-13T22:00:00Z', '2026-06-08T03:00:00Z'],
    ['2026-06-08T03:00:00Z', '2026-06-13T22:00:00Z', '2026-06-14T02:00:00Z'],
    ['2026-06-13T23:00:00Z', '2026-06-15T01:00:00Z', '2026-06-14T02:00:00Z'],
  ])('after %s opens at %s and closes at %s', (after, opening, closing) => {
    expect(nextOpening(NIGHTS, new Date(after))).toEqual(new Date(opening));
    expect(nextClosing(NIGHTS, new Date(after))).toEqual(new Date(closing));
  });

  it('shifts openings and closings by the offset', () => {
    const window = { ...NIGHTS, utcOffsetMinutes: 345 };
    expect(nextOpening(window, new Date('2026-06-07T12:00:00Z'))).toEqual(new Date('2026-06-07T19:15:00Z'));
    expect(nextClosing(window, new Date('2026-06-07T12:00:00Z'))).toEqual(new Date('2026-06-07T21:15:00Z'));
  });

  it('finds the next turn a whole week ahead', () => {
    const oneHour = windowOf([`#${'-'.repeat(23)}`, ...Array.from({ length: 6 }, () => CLOSED_DAY)]);
    expect(nextOpening(oneHour, new Date('2026-06-07T00:00:00Z'))).toEqual(new Date('2026-06-14T00:00:00Z'));
    const oneHourShut = windowOf([`-${'#'.repeat(23)}`, ...Array.from({ length: 6 }, () => '#'.repeat(24))]);
    expect(nextClosing(oneHourShut, new Date('2026-06-07T00:00:00Z'))).toEqual(new Date('2026-06-14T00:00:00Z'));
  });

  it.each([
    ['always open', ALWAYS],
    ['never open', NEVER],
    ['switched off', { ...NIGHTS, enabled: false }],
  ])('has no next opening or closing when it is %s', (_, window) => {
    expect(nextOpening(window, new Date('2026-06-07T12:00:00Z'))).toBeUndefined();
    expect(nextClosing(window, new Date('2026-06-07T12:00:00Z'))).toBeUndefined();
  });

  it('counts the open hours of a week', () => {
    expect([ALWAYS, NEVER, NIGHTS, SAMPLE].map(allowedHoursPerWeek)).toEqual([168, 0, 6, 138]);
    expect(allowedHoursPerWeek({ ...NEVER, enabled: false })).toBe(168);
  });

  it('merges open hours and cuts them at the ends of the week', () => {
    expect(intervalsOf(NIGHTS, 'UTC', '2026-06-10T12:00:00Z')).toEqual([
      '2026-06-07T00:00:00Z to 2026-06-07T02:00:00Z',
      '2026-06-08T01:00:00Z to 2026-06-08T03:00:00Z',
      '2026-06-13T22:00:00Z to 2026-06-14T00:00:00Z',
    ]);
  });

  it('takes the week that holds the instant in the asked zone', () => {
    const sundayInUtc = '2026-06-07T01:00:00Z';
    expect(intervalsOf(NIGHTS, 'UTC', sundayInUtc).at(1)).toBe('2026-06-08T01:00:00Z to 2026-06-08T03:00:00Z');
    expect(intervalsOf(NIGHTS, 'America/New_York', sundayInUtc).at(0)).toBe(
      '2026-06-01T01:00:00Z to 2026-06-01T03:00:00Z',
    );
    expect(intervalsOf(NIGHTS, 'America/New_York', sundayInUtc).at(1)).toBe(
      '2026-06-06T22:00:00Z to 2026-06-07T02:00:00Z',
    );
    expect(intervalsOf(NIGHTS, 'Asia/Tokyo', '2026-06-06T15:00:00Z').at(0)).toBe(
      '2026-06-06T22:00:00Z to 2026-06-07T02:00:00Z',
    );
  });

  it('cuts at the zone’s midnight when grid hours do not begin with it', () => {
    const window = { ...ALWAYS, utcOffsetMinutes: 15 };
    expect(intervalsOf(window, 'Asia/Kolkata', '2026-06-10T12:00:00Z')).toEqual([
      '2026-06-06T18:30:00Z to 2026-06-13T18:30:00Z',
    ]);
  });

  it.each([
    ['spring', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z to 2026-04-04T22:00:00Z', 167],
    ['autumn', '2026-10-28T12:00:00Z', '2026-10-24T22:00:00Z to 2026-10-31T23:00:00Z', 169],
    ['summer', '2026-06-10T12:00:00Z', '2026-06-06T22:00:00Z to 2026-06-13T22:00:00Z', 168],
  ])('gives one whole week in %s when it is switched off or always open', (_, weekOf, week, hours) => {
    expect(intervalsOf({ ...NEVER, enabled: false }, 'Europe/Berlin', weekOf)).toEqual([week]);
    expect(intervalsOf(ALWAYS, 'Europe/Berlin', weekOf)).toEqual([week]);
    const [from = '', to = ''] = week.split(' to ');
    expect((Date.parse(to) - Date.parse(from)) / HOUR).toBe(hours);
  });

  it('gives nothing when it is never open', () => {
    expect(intervalsOf(NEVER, 'Europe/Berlin', '2026-06-10T12:00:00Z')).toEqual([]);
  });

  it('gives eight stretches for the vendor’s own sample', () => {
    const intervals = windowIntervals(SAMPLE, { timeZone: 'UTC', weekOf: new Date('2017-06-02T02:00:00Z') });
    expect(intervals).toHaveLength(8);
    const hours = intervals.map(({ start, end }) => (end.getTime() - start.getTime()) / HOUR);
    expect(hours.reduce((sum, stretch) => sum + stretch, 0)).toBe(138);
    expect(isoTexts(intervals.map(({ start }) => start)).slice(0, 3)).toEqual([
      '2017-05-28T00:00:00Z',
      '2017-05-29T09:00:00Z',
      '2017-05-29T20:00:00Z',
    ]);
  });

  it('refuses a zone that nobody knows', () => {
    expect(() => windowIntervals(NIGHTS, { timeZone: 'Mars/Phobos', weekOf: new Date(0) })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it('tells one story in all functions, for 300 generated grids', () => {
    const random = new SeededRandom(168);
    for (let round = 0; round < 300; round += 1) {
      const share = random.next();
      const window: BackupWindow = {
        enabled: true,
        semantics: 'UNKNOWN',
        hours: Array.from({ length: 168 }, () => random.next() < share),
        utcOffsetMinutes: random.integer(-48, 56) * 15,
      };
      const weekOf = new Date(random.integer(Date.UTC(2020, 0, 1), Date.UTC(2030, 0, 1)));
      const timeZone = random.pick(['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe']);
      const intervals = windowIntervals(window, { timeZone, weekOf });
      const inside = (ms: number): boolean =>
        intervals.some(({ start, end }) => start.getTime() <= ms && ms < end.getTime());
      for (const [index, { start, end }] of intervals.entries()) {
        expect(start < end && (index === 0 || (intervals[index - 1]?.end ?? start) < start)).toBe(true);
        expect(isOpenAt(window, new Date(end.getTime() - 1))).toBe(true);
      }
      for (let step = 0; step < 40; step += 1) {
        const at = new Date(weekOf.getTime() + random.integer(-3, 3) * 15 * 60_000 + step);
        const local = (instant: Date): number => wallClockAt(instant, { timeZone }).day;
        if (local(at) === local(weekOf)) expect(inside(at.getTime())).toBe(isOpenAt(window, at));
        const turn = isOpenAt(window, at) ? nextClosing(window, at) : nextOpening(window, at);
        if (turn === undefined) continue;
        expect(turn > at).toBe(true);
        expect(isOpenAt(window, turn)).toBe(!isOpenAt(window, at));
        expect(isOpenAt(window, new Date(turn.getTime() - 1))).toBe(isOpenAt(window, at));
      }
    }
  });
});
