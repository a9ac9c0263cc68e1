import { describe, expect, it } from 'vitest';
import type { Zone } from '../../src/domain/schedule.ts';
import {
  type WallClock,
  instantsOf,
  isTimeZone,
  isZone,
  localMsAt,
  runInstantOf,
  wallClockAt,
} from '../../src/domain/zone.ts';
import { clockChanges } from '../../src/domain/zone-offset.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { BERLIN, KOLKATA, LORD_HOWE, NEW_YORK, UTC, isoTexts, slowLocalMs } from './time-oracle.ts';

const APIA: Zone = { timeZone: 'Pacific/Apia' };

function wall(text: string): WallClock {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute, second };
}

function offset(ms: number, zone: Zone): number {
  return slowLocalMs(ms, zone) - ms;
}

describe('domain/zone', () => {
  it.each([
    ['2026-01-15T12:00:00Z', BERLIN, '2026-01-15T13:00:00'],
    ['2026-03-29T00:59:59Z', BERLIN, '2026-03-29T01:59:59'],
    ['2026-03-29T01:00:00Z', BERLIN, '2026-03-29T03:00:00'],
    ['2026-10-25T00:59:59Z', BERLIN, '2026-10-25T02:59:59'],
    ['2026-10-25T01:00:00Z', BERLIN, '2026-10-25T02:00:00'],
    ['2026-03-08T06:59:59Z', NEW_YORK, '2026-03-08T01:59:59'],
    ['2026-03-08T07:00:00Z', NEW_YORK, '2026-03-08T03:00:00'],
    ['2026-11-01T06:00:00Z', NEW_YORK, '2026-11-01T01:00:00'],
    ['2026-10-03T15:29:00Z', LORD_HOWE, '2026-10-04T01:59:00'],
    ['2026-10-03T15:30:00Z', LORD_HOWE, '2026-10-04T02:30:00'],
    ['2026-04-04T14:59:00Z', LORD_HOWE, '2026-04-05T01:59:00'],
    ['2026-04-04T15:00:00Z', LORD_HOWE, '2026-04-05T01:30:00'],
    ['2026-07-01T18:30:00Z', KOLKATA, '2026-07-02T00:00:00'],
    ['2011-12-30T09:59:59Z', APIA, '2011-12-29T23:59:59'],
    ['2011-12-30T10:00:00Z', APIA, '2011-12-31T00:00:00'],
    ['2026-01-01T00:10:00Z', { utcOffsetMinutes: -15 }, '2025-12-31T23:55:00'],
    ['1969-12-31T23:59:59.999Z', UTC, '1969-12-31T23:59:59'],
  ] satisfies [string, Zone, string][])('reads %s in %j as %s', (instant, zone, text) => {
    expect(wallClockAt(new Date(instant), zone)).toEqual(wall(text));
  });

  it.each([
    ['the ordinary day', '2026-07-01T02:30:00', BERLIN, ['2026-07-01T00:30:00Z']],
    ['the spring gap of Berlin', '2026-03-29T02:30:00', BERLIN, []],
    ['the end of that gap', '2026-03-29T03:00:00', BERLIN, ['2026-03-29T01:00:00Z']],
    ['the autumn overlap of Berlin', '2026-10-25T02:30:00', BERLIN, ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']],
    ['the end of that overlap', '2026-10-25T03:00:00', BERLIN, ['2026-10-25T02:00:00Z']],
    ['the spring gap of New York', '2026-03-08T02:00:00', NEW_YORK, []],
    ['the overlap of New York', '2026-11-01T01:00:00', NEW_YORK, ['2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z']],
    ['the half-hour gap of Lord Howe', '2026-10-04T02:29:59', LORD_HOWE, []],
    ['half an hour after it began', '2026-10-04T02:30:00', LORD_HOWE, ['2026-10-03T15:30:00Z']],
    ['its half-hour overlap', '2026-04-05T01:45:00', LORD_HOWE, ['2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z']],
    ['a zone that has no changes', '2026-03-29T02:30:00', KOLKATA, ['2026-03-28T21:00:00Z']],
    ['a day that Apia left out', '2011-12-30T12:00:00', APIA, []],
    ['a fixed offset', '2026-03-29T02:30:00', { utcOffsetMinutes: 60 }, ['2026-03-29T01:30:00Z']],
    ['a year before 100', '0099-06-01T00:00:00', UTC, ['0099-06-01T00:00:00Z']],
  ] satisfies [string, string, Zone, string[]][])('finds the instants of %s', (_, text, zone, instants) => {
    expect(isoTexts(instantsOf(wall(text), zone))).toEqual(instants);
  });

  it.each([
    ['2026-03-29T02:30:00', BERLIN, '2026-03-29T01:30:00Z', '03:30 after the gap'],
    ['2026-03-29T02:00:00', BERLIN, '2026-03-29T01:00:00Z', '03:00, where the gap ends'],
    ['2026-03-08T02:15:30', NEW_YORK, '2026-03-08T07:15:30Z', '03:15:30'],
    ['2026-10-04T02:10:00', LORD_HOWE, '2026-10-03T15:40:00Z', '02:40, half an hour on'],
    ['2011-12-30T12:00:00', APIA, '2011-12-30T22:00:00Z', 'noon of the next day'],
    ['2026-10-25T02:30:00', BERLIN, '2026-10-25T00:30:00Z', 'the first of two'],
    ['2026-04-05T01:45:00', LORD_HOWE, '2026-04-04T14:45:00Z', 'the first of two'],
    ['2026-06-01T02:30:00', BERLIN, '2026-06-01T00:30:00Z', 'the only one'],
  ] satisfies [string, Zone, string, string][])('runs what is due at %s in %j at %s: %s', (text, zone, instant) => {
    expect(runInstantOf(wall(text), zone)).toEqual(new Date(instant));
  });

  it('agrees with the formatted wall clock at 6,000 instants of twelve zones', () => {
    const random = new SeededRandom(20260329);
    const names = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia', 'UTC'];
    names.push(
      'Africa/Casablanca',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Africa/Cairo',
      'America/Havana',
      'Asia/Gaza',
    );
    for (const timeZone of names) {
      for (let round = 0; round < 500; round += 1) {
        const ms = random.integer(Date.UTC(1990, 0, 1) / 1000, Date.UTC(2037, 0, 1) / 1000) * 1000;
        expect(localMsAt(new Date(ms), { timeZone }), `${timeZone} ${ms}`).toBe(slowLocalMs(ms, { timeZone }));
      }
    }
  });

  it('agrees with the formatted wall clock in each minute around each change of ten years', () => {
    const hour = 3_600_000;
    for (const zone of [BERLIN, NEW_YORK, LORD_HOWE]) {
      let changes = 0;
      for (let day = Date.UTC(2016, 0, 1); day < Date.UTC(2026, 0, 1); day += 24 * hour) {
        if (offset(day, zone) === offset(day + 24 * hour, zone)) continue;
        changes += 1;
        let last = day;
        while (offset(last + hour / 2, zone) === offset(day, zone)) last += hour / 2;
        for (let at = last - hour; at <= last + 2 * hour; at += 60_000) {
          expect(localMsAt(new Date(at), zone)).toBe(slowLocalMs(at, zone));
        }
      }
      expect(changes).toBe(20);
    }
  });

  it('reads every instant back from its wall clock', () => {
    const random = new SeededRandom(7);
    for (let round = 0; round < 3_000; round += 1) {
      const zone = random.pick<Zone>([BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, APIA, { utcOffsetMinutes: 345 }]);
      const instant = new Date(random.integer(0, Date.UTC(2037, 0, 1) / 1000) * 1000);
      const instants = instantsOf(wallClockAt(instant, zone), zone).map((found) => found.getTime());
      expect(instants).toContain(instant.getTime());
    }
  });

  it('does a hundred thousand conversions in a row in under two seconds', () => {
    const started = performance.now();
    for (let round = 0; round < 100_000; round += 1) wallClockAt(new Date(1.7e12 + round * 600_000), NEW_YORK);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each(['Europe/Berlin', 'europe/berlin', 'UTC', 'CET', 'EST5EDT', 'Etc/GMT+12', 'Asia/Calcutta', 'US/Pacific'])(
    'knows the zone %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each([
    '',
    ' UTC',
    '+02:00',
    '-05',
    'Mars/Phobos',
    'Local',
    'W. Europe Standard Time',
    'IST',
    'BST',
    'PST',
    'SystemV/PST8',
  ])('takes "%s" for no zone', (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(() => wallClockAt(new Date(0), { timeZone: name })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it.each([
    ['from the change itself', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00.001Z', 1],
    ['from the millisecond after it', '2026-03-29T01:00:00.001Z', '2026-10-25T01:00:00Z', 0],
    ['to before the next one', '2026-03-29T00:00:00Z', '2026-10-25T01:00:00Z', 1],
    ['beyond the next one', '2026-03-29T00:00:00Z', '2026-10-25T01:00:00.001Z', 2],
    ['over nothing', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z', 0],
    ['backwards', '2026-10-30T00:00:00Z', '2026-03-01T00:00:00Z', 0],
  ])('finds the changes of Berlin %s', (_, from, until, count) => {
    expect([...clockChanges(BERLIN, Date.parse(from), Date.parse(until))]).toHaveLength(count);
  });

  it('tells when and how far a clock is moved, and of no change where there is none', () => {
    const [spring, autumn] = clockChanges(LORD_HOWE, Date.UTC(2026, 7, 1), Date.UTC(2027, 7, 1));
    expect(spring).toEqual({ atMs: Date.UTC(2026, 9, 3, 15, 30), beforeMs: 37_800_000, afterMs: 39_600_000 });
    expect(autumn).toMatchObject({ beforeMs: 39_600_000, afterMs: 37_800_000 });
    for (const zone of [KOLKATA, UTC, { timeZone: 'Mars/Phobos' }]) {
      expect([...clockChanges(zone, Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))]).toEqual([]);
    }
  });

  it('takes fixed offsets of whole minutes below a day', () => {
    expect([0, -720, 345, 1439].every((utcOffsetMinutes) => isZone({ utcOffsetMinutes }))).toBe(true);
    expect([1440, -1440, 0.5, Number.NaN].some((utcOffsetMinutes) => isZone({ utcOffsetMinutes }))).toBe(false);
    expect(isZone(undefined)).toBe(false);
    expect(() => wallClockAt(new Date(0), { utcOffsetMinutes: 1440 })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
