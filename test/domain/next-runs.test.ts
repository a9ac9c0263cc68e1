import { describe, expect, it } from 'vitest';
import { dueOnClock, nextRuns, runsAfter } from '../../src/domain/next-runs.ts';
import type { Recurrence, Schedule, Zone } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import {
  BERLIN,
  DAY,
  KOLKATA,
  LORD_HOWE,
  MINUTE,
  NEW_YORK,
  UTC,
  cron,
  every,
  generateRule,
  isoTexts,
  scheduleOf,
  slowLocalMs,
  slowRuns,
  weekly,
} from './time-oracle.ts';

function runs(schedule: Schedule, after: string, count = 3): string[] {
  return isoTexts(nextRuns(schedule, new Date(after), count));
}

describe('domain/next-runs', () => {
  it.each([
    ['daily', weekly('22:45'), ['2026-06-03T20:45:00Z', '2026-06-04T20:45:00Z', '2026-06-05T20:45:00Z']],
    [
      'on working days',
      weekly('22:45', [1, 2, 3, 4, 5]),
      ['2026-06-03T20:45:00Z', '2026-06-04T20:45:00Z', '2026-06-05T20:45:00Z'],
    ],
    [
      'at weekends',
      weekly('02:00:30', [6, 0]),
      ['2026-06-06T00:00:30Z', '2026-06-07T00:00:30Z', '2026-06-13T00:00:30Z'],
    ],
    ['every four hours', every(240, 7), ['2026-06-03T14:07:00Z', '2026-06-03T18:07:00Z', '2026-06-03T22:07:00Z']],
    ['every 90 minutes', every(90), ['2026-06-03T13:00:00Z', '2026-06-03T14:30:00Z', '2026-06-03T16:00:00Z']],
    [
      'every five hours from midnight',
      every(300),
      ['2026-06-03T13:00:00Z', '2026-06-03T18:00:00Z', '2026-06-03T22:00:00Z'],
    ],
    [
      'every five minutes, 7 past',
      every(5, 7),
      ['2026-06-03T12:02:00Z', '2026-06-03T12:07:00Z', '2026-06-03T12:12:00Z'],
    ],
    ['by cron', cron('0 2 1 * *'), ['2026-07-01T00:00:00Z', '2026-08-01T00:00:00Z', '2026-09-01T00:00:00Z']],
    ['by Quartz', cron('0 30 2 ? * SUN'), ['2026-06-07T00:30:00Z', '2026-06-14T00:30:00Z', '2026-06-21T00:30:00Z']],
    [
      'on the last day of the month',
      cron('0 30 2 L * ?'),
      ['2026-06-30T00:30:00Z', '2026-07-31T00:30:00Z', '2026-08-31T00:30:00Z'],
    ],
    [
      'on the last day of February',
      cron('0 0 12 L 2 ?'),
      ['2027-02-28T11:00:00Z', '2028-02-29T11:00:00Z', '2029-02-28T11:00:00Z'],
    ],
    [
      'with seconds',
      cron('10,40 59 23 * * *'),
      ['2026-06-03T21:59:10Z', '2026-06-03T21:59:40Z', '2026-06-04T21:59:10Z'],
    ],
    ['in leap years', cron('0 0 29 2 *'), ['2028-02-28T23:00:00Z', '2032-02-28T23:00:00Z', '2036-02-28T23:00:00Z']],
    ['in far years', cron('0 0 12 1 1 ? 2060,2090'), ['2060-01-01T11:00:00Z', '2090-01-01T11:00:00Z']],
  ] satisfies [string, Recurrence, string[]][])('finds what is due %s', (_, recurrence, expected) => {
    expect(runs(scheduleOf(recurrence), '2026-06-03T12:00:00Z')).toEqual(expected);
  });

  it.each([
    [
      'daily in the gap of Berlin',
      weekly('02:30'),
      BERLIN,
      '2026-03-27T12:00:00Z',
      ['2026-03-28T01:30:00Z', '2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
    ],
    [
      'daily in the overlap of Berlin',
      weekly('02:30'),
      BERLIN,
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z', '2026-10-27T01:30:00Z'],
    ],
    [
      'daily in the gap of New York',
      weekly('02:30'),
      NEW_YORK,
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z', '2026-03-10T06:30:00Z'],
    ],
    [
      'daily in the overlap of New York',
      weekly('01:30'),
      NEW_YORK,
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z', '2026-11-03T06:30:00Z'],
    ],
    [
      'daily in the gap of Lord Howe',
      weekly('02:15'),
      LORD_HOWE,
      '2026-10-03T12:00:00Z',
      ['2026-10-03T15:45:00Z', '2026-10-04T15:15:00Z', '2026-10-05T15:15:00Z'],
    ],
    [
      'daily in the overlap of Lord Howe',
      weekly('01:45'),
      LORD_HOWE,
      '2026-04-04T12:00:00Z',
      ['2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z', '2026-04-06T15:15:00Z'],
    ],
    [
      'daily where no clock is moved',
      weekly('02:30'),
      KOLKATA,
      '2026-03-28T12:00:00Z',
      ['2026-03-28T21:00:00Z', '2026-03-29T21:00:00Z', '2026-03-30T21:00:00Z'],
    ],
    [
      'in the second showing of the overlap',
      weekly('02:30'),
      BERLIN,
      '2026-10-25T00:45:00Z',
      ['2026-10-26T01:30:00Z', '2026-10-27T01:30:00Z', '2026-10-28T01:30:00Z'],
    ],
    [
      'after the moved run of the gap',
      weekly('02:30'),
      BERLIN,
      '2026-03-29T01:30:00Z',
      ['2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z', '2026-04-01T00:30:00Z'],
    ],
    [
      'every two hours across the gap',
      every(120),
      BERLIN,
      '2026-03-28T23:00:00Z',
      ['2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z', '2026-03-29T04:00:00Z'],
    ],
    [
      'every two hours across the overlap',
      every(120),
      BERLIN,
      '2026-10-24T22:00:00Z',
      ['2026-10-25T00:00:00Z', '2026-10-25T03:00:00Z', '2026-10-25T05:00:00Z'],
    ],
    [
      'hourly across the gap',
      every(60),
      BERLIN,
      '2026-03-28T23:30:00Z',
      ['2026-03-29T00:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'],
    ],
    [
      'hourly across the overlap',
      every(60),
      BERLIN,
      '2026-10-24T23:30:00Z',
      ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
    ],
    [
      'by hourly cron across the overlap',
      cron('30 * * * *'),
      BERLIN,
      '2026-10-25T00:00:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z'],
    ],
    [
      'by cron of chosen hours across the overlap',
      cron('30 1-3 * * *'),
      BERLIN,
      '2026-10-25T00:00:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-25T02:30:00Z', '2026-10-26T00:30:00Z'],
    ],
    [
      'by cron that the gap brings out of order',
      cron('0,40 2,3 * * *'),
      BERLIN,
      '2026-03-29T00:00:00Z',
      ['2026-03-29T01:00:00Z', '2026-03-29T01:40:00Z', '2026-03-30T00:00:00Z'],
    ],
    [
      'on the day that Apia left out',
      weekly('12:00'),
      { timeZone: 'Pacific/Apia' },
      '2011-12-28T20:00:00Z',
      ['2011-12-28T22:00:00Z', '2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z'],
    ],
    [
      'by a fixed offset, which knows no summer',
      weekly('02:30'),
      { utcOffsetMinutes: 60 },
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:30:00Z', '2026-03-30T01:30:00Z', '2026-03-31T01:30:00Z'],
    ],
  ] satisfies [string, Recurrence, Zone, string, string[]][])(
    'finds what is due %s',
    (_, recurrence, zone, after, expected) => {
      expect(runs(scheduleOf(recurrence, { zone }), after)).toEqual(expected);
    },
  );

  it('keeps a daily run 24 hours after the last one when it falls into a gap', () => {
    const [before, inGap] = nextRuns(scheduleOf(weekly('02:30')), new Date('2026-03-27T12:00:00Z'), 2);
    expect((inGap?.getTime() ?? 0) - (before?.getTime() ?? 0)).toBe(DAY);
  });

  it('leaves out the instant asked for and keeps the millisecond after it', () => {
    const schedule = scheduleOf(weekly('02:30'), { zone: UTC });
    expect(runs(schedule, '2026-06-03T02:30:00Z', 1)).toEqual(['2026-06-04T02:30:00Z']);
    expect(runs(schedule, '2026-06-03T02:29:59.999Z', 1)).toEqual(['2026-06-03T02:30:00Z']);
  });

  it('finds a later second of the minute asked for', () => {
    const schedule = scheduleOf(cron('10,40 30 2 * * *'), { zone: UTC });
    expect(runs(schedule, '2026-06-03T02:30:10Z', 1)).toEqual(['2026-06-03T02:30:40Z']);
  });

  it('begins at startsAt, that instant included', () => {
    const startsAt = new Date('2026-09-01T02:30:00Z');
    const schedule = scheduleOf(weekly('02:30'), { zone: UTC, startsAt });
    expect(runs(schedule, '2026-06-03T00:00:00Z', 2)).toEqual(['2026-09-01T02:30:00Z', '2026-09-02T02:30:00Z']);
    expect(runs(schedule, '2026-10-01T00:00:00Z', 1)).toEqual(['2026-10-01T02:30:00Z']);
    const later = new Date('2026-09-01T02:30:00.001Z');
    expect(runs({ ...schedule, startsAt: later }, '2026-06-03T00:00:00Z', 1)).toEqual(['2026-09-02T02:30:00Z']);
  });

  it('gives a single instant once, whatever the zone', () => {
    const schedule = scheduleOf({ form: 'ONCE', at: new Date('2026-06-03T12:00:00Z') }, { zone: undefined });
    expect(runs(schedule, '2026-06-03T11:59:59Z', 5)).toEqual(['2026-06-03T12:00:00Z']);
    expect(runs(schedule, '2026-06-03T12:00:00Z', 5)).toEqual([]);
    expect(runs({ ...schedule, startsAt: new Date('2026-06-04T00:00:00Z') }, '2026-06-01T00:00:00Z', 5)).toEqual([]);
  });

  it.each([
    ['is switched off', scheduleOf(weekly('02:30'), { enabled: false })],
    [
      'is a single instant and switched off',
      scheduleOf({ form: 'ONCE', at: new Date('2030-01-01') }, { enabled: false }),
    ],
    ['is by hand', scheduleOf({ form: 'MANUAL' })],
    ['is not known', scheduleOf({ form: 'UNKNOWN', raw: 'Sometimes' })],
    ['has no zone', scheduleOf(weekly('02:30'), { zone: undefined })],
    ['is an interval without a zone', scheduleOf(every(60), { zone: undefined })],
    ['is cron without a zone', scheduleOf(cron('0 2 * * *'), { zone: undefined })],
    ['has a zone that nobody knows', scheduleOf(weekly('02:30'), { zone: { timeZone: 'Mars/Phobos' } })],
    ['has an offset beyond a day', scheduleOf(weekly('02:30'), { zone: { utcOffsetMinutes: 2000 } })],
    ['is cron that cannot be read', scheduleOf(cron('0 30 2 15W * ?'))],
    ['has no days', scheduleOf(weekly('02:30', []))],
    ['has an interval of nothing', scheduleOf(every(0))],
    ['names a day that never comes', scheduleOf(cron('0 0 30 2 *'))],
    ['names years that are over', scheduleOf(cron('0 0 2 * * ? 2020-2025'))],
  ] satisfies [string, Schedule][])('computes nothing when the schedule %s', (_, schedule) => {
    expect(runs(schedule, '2026-06-03T12:00:00Z')).toEqual([]);
  });

  it('computes when the vendor has no switch', () => {
    expect(runs(scheduleOf(weekly('02:30'), { enabled: undefined }), '2026-06-03T12:00:00Z', 1)).toHaveLength(1);
  });

  it('computes nothing when no run is asked for or the instant is invalid', () => {
    const schedule = scheduleOf(weekly('02:30'));
    expect([0, -1, Number.NaN].flatMap((count) => nextRuns(schedule, new Date(0), count))).toEqual([]);
    expect(nextRuns(schedule, new Date(Number.NaN), 3)).toEqual([]);
    expect(nextRuns(schedule, new Date(8.64e15), 3)).toEqual([]);
  });

  it('gives no instant beyond the four digits of a year', () => {
    const daily = scheduleOf(weekly('02:30'));
    expect(nextRuns(daily, new Date('9999-12-31T00:00:00Z'), 3)).toEqual([]);
    const last = nextRuns(daily, new Date('9999-12-01T00:00:00Z'), 100).map((at) => at.toISOString());
    expect(last.length).toBeGreaterThan(0);
    expect(last.filter((at) => !at.startsWith('9999-12-'))).toEqual([]);
  });

  it('answers a thousand jobs near a change of the clock in under three seconds', () => {
    const started = performance.now();
    for (let job = 0; job < 1_000; job += 1) {
      nextRuns(scheduleOf(every(5, job % 5)), new Date(Date.UTC(2026, 2, 28) + job * MINUTE), 5);
    }
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('gives up on a day that never comes within a fraction of a second', () => {
    const started = performance.now();
    expect(nextRuns(scheduleOf(cron('* * * 30 2 ? *')), new Date(0), 1)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('fits the wall clock and goes strictly ahead in 2,000 generated schedules', () => {
    const random = new SeededRandom(19700101);
    const names = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Cairo'] as const;
    for (let round = 0; round < 2_000; round += 1) {
      const rule = generateRule(random);
      const zone = { timeZone: random.pick([...names, 'America/Havana', 'Asia/Kathmandu', 'UTC'] as const) };
      const afterMs = random.integer(Date.UTC(2000, 0, 1), Date.UTC(2036, 0, 1));
      const found = nextRuns(scheduleOf(rule.recurrence, { zone }), new Date(afterMs), 5).map((at) => at.getTime());
      const told = `${JSON.stringify(rule.recurrence)} ${zone.timeZone} ${new Date(afterMs).toISOString()}`;
      expect(found, told).toHaveLength(5);
      let previous = afterMs;
      for (const ms of found) {
        expect(ms, told).toBeGreaterThan(previous);
        previous = ms;
        // A run that a gap moved fits the clock as it would stand without the change.
        const unmoved = ms + slowLocalMs(ms - DAY, zone) - (ms - DAY);
        expect(rule.fits(slowLocalMs(ms, zone)) || rule.fits(unmoved), `${told} ${new Date(ms).toISOString()}`).toBe(
          true,
        );
      }
    }
  });

  it('gives instants one by one, without end', () => {
    const runs = runsAfter(scheduleOf(weekly('02:30'), { zone: UTC }), new Date('2026-06-03T12:00:00Z'));
    expect(isoTexts(runs.drop(364).take(2).toArray())).toEqual(['2027-06-03T02:30:00Z', '2027-06-04T02:30:00Z']);
  });

  it('tells the wall-clock times due in a stretch, its end left out, whatever the zone', () => {
    const due = (recurrence: Recurrence): string[] =>
      isoTexts(
        dueOnClock(
          scheduleOf(recurrence, { zone: undefined }),
          Date.parse('2026-03-28T23:30:00Z'),
          Date.parse('2026-03-29T03:00:00Z'),
        ).localMs.map((ms) => new Date(ms)),
      );
    expect(due(weekly('02:30'))).toEqual(['2026-03-29T02:30:00Z']);
    expect(due(weekly('02:30', [6]))).toEqual([]);
    expect(due(weekly('23:30'))).toEqual(['2026-03-28T23:30:00Z']);
    expect(due(weekly('03:00'))).toEqual([]);
    expect(due(every(120))).toEqual(['2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z']);
    expect(due({ form: 'MANUAL' })).toEqual([]);
    expect(due({ form: 'ONCE', at: new Date('2026-03-29T02:30:00Z') })).toEqual([]);
  });

  it.each([
    [every(60), true],
    [every(45), true],
    [every(120), false],
    [cron('5 * * * *'), true],
    [cron('5 0-22 * * *'), false],
    [weekly('02:30'), false],
  ])('tells whether %j is a pace: %s', (recurrence, isPace) => {
    expect(dueOnClock(scheduleOf(recurrence), 0, DAY).isPace).toBe(isPace);
  });

  it('skips nothing and invents nothing around changes of the clock, minute by minute', () => {
    const random = new SeededRandom(20261025);
    const changes: readonly [[string, number], ...[string, number][]] = [
      ['Europe/Berlin', Date.UTC(2026, 2, 29, 1)],
      ['Europe/Berlin', Date.UTC(2026, 9, 25, 1)],
      ['America/New_York', Date.UTC(2026, 2, 8, 7)],
      ['America/New_York', Date.UTC(2026, 10, 1, 6)],
      ['Australia/Lord_Howe', Date.UTC(2026, 9, 3, 15, 30)],
      ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15)],
      ['America/Havana', Date.UTC(2026, 2, 8, 5)],
      ['Pacific/Apia', Date.UTC(2011, 11, 30, 10)],
      ['Asia/Kolkata', Date.UTC(2026, 5, 1)],
    ];
    for (let round = 0; round < 300; round += 1) {
      const [timeZone, changeMs] = random.pick(changes);
      const rule = generateRule(random);
      const afterMs = changeMs - random.integer(-12, 36) * 60 * MINUTE;
      const untilMs = afterMs + 2 * DAY;
      const expected = slowRuns(rule, { timeZone }, afterMs + MINUTE, untilMs);
      const found = nextRuns(
        scheduleOf(rule.recurrence, { zone: { timeZone } }),
        new Date(afterMs),
        expected.length + 1,
      );
      const inside = found.filter((at) => at.getTime() < untilMs);
      const told = `${JSON.stringify(rule.recurrence)} ${timeZone} ${new Date(afterMs).toISOString()}`;
      expect(isoTexts(inside), told).toEqual(isoTexts(expected.map((ms) => new Date(ms))));
    }
  });
});
