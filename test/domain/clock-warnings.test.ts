import { describe, expect, it } from 'vitest';
import { clockWarnings } from '../../src/domain/clock-warnings.ts';
import { nextRuns } from '../../src/domain/next-runs.ts';
import type { Recurrence, Schedule, Zone } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import {
  BERLIN,
  DAY,
  KOLKATA,
  LORD_HOWE,
  NEW_YORK,
  UTC,
  cron,
  every,
  generateRule,
  scheduleOf,
  weekly,
} from './time-oracle.ts';

function warned(schedule: Schedule, from: string, to: string): string[] {
  return clockWarnings(schedule, { from: new Date(from), to: new Date(to) }).map(
    ({ kind, dueAt, shiftMinutes, expectedAt, possiblyAt, meetsAnother }) =>
      `${kind} ${shiftMinutes} ${dueAt} ${expectedAt.toISOString().slice(11, 16)} ${possiblyAt.toISOString().slice(11, 16)}${meetsAnother ? ' meets' : ''}`,
  );
}

const SPRING = ['2026-03-25T00:00:00Z', '2026-04-01T00:00:00Z'] as const;
const AUTUMN = ['2026-10-20T00:00:00Z', '2026-10-27T00:00:00Z'] as const;

describe('domain/clock-warnings', () => {
  it.each([
    ['the gap of Berlin', weekly('02:30'), BERLIN, SPRING, ['GAP 60 2026-03-29 02:30 01:30 01:00']],
    ['the first minute of it', weekly('02:00'), BERLIN, SPRING, ['GAP 60 2026-03-29 02:00 01:00 01:00']],
    ['the minute before it', weekly('01:59'), BERLIN, SPRING, []],
    ['the minute after it', weekly('03:00'), BERLIN, SPRING, []],
    ['another day of the week', weekly('02:30', [1, 2]), BERLIN, SPRING, []],
    ['the overlap of Berlin', weekly('02:30'), BERLIN, AUTUMN, ['OVERLAP -60 2026-10-25 02:30 00:30 01:30']],
    ['the end of it', weekly('03:00'), BERLIN, AUTUMN, []],
    [
      'the gap of New York',
      weekly('02:15'),
      NEW_YORK,
      ['2026-03-02T00:00:00Z', '2026-03-10T00:00:00Z'],
      ['GAP 60 2026-03-08 02:15 07:15 07:00'],
    ],
    [
      'the overlap of New York',
      weekly('01:15'),
      NEW_YORK,
      ['2026-10-30T00:00:00Z', '2026-11-03T00:00:00Z'],
      ['OVERLAP -60 2026-11-01 01:15 05:15 06:15'],
    ],
    [
      'the half hour of Lord Howe',
      weekly('02:15'),
      LORD_HOWE,
      ['2026-10-01T00:00:00Z', '2026-10-05T00:00:00Z'],
      ['GAP 30 2026-10-04 02:15 15:45 15:30'],
    ],
    [
      'the half hour that Lord Howe shows twice',
      weekly('01:45'),
      LORD_HOWE,
      ['2026-04-01T00:00:00Z', '2026-04-08T00:00:00Z'],
      ['OVERLAP -30 2026-04-05 01:45 14:45 15:15'],
    ],
    ['a zone without changes', weekly('02:30'), KOLKATA, ['2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z'], []],
    ['a fixed offset', weekly('02:30'), { utcOffsetMinutes: 60 }, SPRING, []],
    ['UTC', weekly('02:30'), UTC, SPRING, []],
    ['runs that meet in the gap', cron('30 2,3 * * *'), BERLIN, SPRING, ['GAP 60 2026-03-29 02:30 01:30 01:00 meets']],
    ['a pace across the gap', every(15), BERLIN, SPRING, []],
    ['a pace across the overlap', every(15), BERLIN, AUTUMN, []],
    ['a pace that the gap breaks', every(45), BERLIN, SPRING, ['GAP 60 2026-03-29 02:15 01:15 01:00']],
    ['every two hours across the overlap', every(120), BERLIN, AUTUMN, ['OVERLAP -60 2026-10-25 02:00 00:00 01:00']],
  ] satisfies [string, Recurrence, Zone, readonly [string, string], string[]][])(
    'warns of %s as it should',
    (_, recurrence, zone, [from, to], expected) => {
      expect(warned(scheduleOf(recurrence, { zone }), from, to)).toEqual(expected);
    },
  );

  it('warns of each change within reach, in order, and no further than 400 days', () => {
    const found = warned(scheduleOf(weekly('02:30')), '2026-01-01T00:00:00Z', '2040-01-01T00:00:00Z');
    expect(found).toEqual(['GAP 60 2026-03-29 02:30 01:30 01:00', 'OVERLAP -60 2026-10-25 02:30 00:30 01:30']);
  });

  it.each([
    ['2026-03-29T01:30:00Z', '2026-03-29T01:30:00.001Z', 1],
    ['2026-03-29T01:30:00.001Z', '2026-03-30T00:00:00Z', 0],
    ['2026-03-28T00:00:00Z', '2026-03-29T01:30:00Z', 0],
  ])('has runs expected from %s to before %s inside: %d', (from, to, count) => {
    expect(warned(scheduleOf(weekly('02:30')), from, to)).toHaveLength(count);
  });

  it.each([
    ['switched off', { enabled: false }],
    ['without a zone', { zone: undefined }],
    ['in a zone that nobody knows', { zone: { timeZone: 'Mars/Phobos' } }],
    ['that begins later', { startsAt: new Date('2026-04-01T00:00:00Z') }],
    ['of a single instant', { recurrence: { form: 'ONCE', at: new Date('2026-03-29T01:30:00Z') } }],
    ['by hand', { recurrence: { form: 'MANUAL' } }],
    ['that cannot be read', { recurrence: cron('30 2 * * 1#2') }],
  ] satisfies [string, Partial<Schedule>][])('does not warn of a schedule %s', (_, more) => {
    expect(warned({ ...scheduleOf(weekly('02:30')), ...more }, ...SPRING)).toEqual([]);
  });

  it('tells at most 24 runs of one change', () => {
    expect(warned(scheduleOf(cron('* 2 * * *')), ...SPRING)).toHaveLength(24);
  });

  it.each([
    [
      weekly('02:30'),
      SPRING,
      'Due at 2026-03-29 02:30 (Europe/Berlin), a time that the clock skips as it is moved ahead. The run is expected at 03:30; some schedulers run at 03:00 or not at all.',
    ],
    [
      cron('30 2,3 * * *'),
      SPRING,
      'Due at 2026-03-29 02:30 (Europe/Berlin), a time that the clock skips as it is moved ahead. It falls together with the run of 03:30.',
    ],
    [
      weekly('02:30'),
      AUTUMN,
      'Due at 2026-10-25 02:30 (Europe/Berlin), a time that the clock shows twice as it is moved back. One run is expected, at the first showing (00:30 UTC); some schedulers run at the second (01:30 UTC) or at both.',
    ],
  ])('explains %j in a sentence', (recurrence, [from, to], sentence) => {
    const [warning] = clockWarnings(scheduleOf(recurrence), { from: new Date(from), to: new Date(to) });
    expect(warning?.explanation).toBe(sentence);
  });

  it('expects what the schedule computes, for 300 generated schedules', () => {
    const random = new SeededRandom(29_03_2026);
    let warnings = 0;
    for (let round = 0; round < 300; round += 1) {
      const timeZone = random.pick(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana']);
      const schedule = scheduleOf(generateRule(random).recurrence, { zone: { timeZone } });
      const from = new Date(random.integer(Date.UTC(2020, 0, 1), Date.UTC(2034, 0, 1)));
      for (const { expectedAt, possiblyAt, kind } of clockWarnings(schedule, {
        from,
        to: new Date(from.getTime() + 370 * DAY),
      })) {
        warnings += 1;
        expect(nextRuns(schedule, new Date(expectedAt.getTime() - 1), 1)).toEqual([expectedAt]);
        expect(kind === 'GAP' ? possiblyAt <= expectedAt : possiblyAt > expectedAt).toBe(true);
      }
    }
    expect(warnings).toBeGreaterThan(100);
  });
});
