import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import type { BackupStatus } from '../../src/domain/backup-status.ts';
import {
  DAY_ROLLUPS,
  type DayRollup,
  type ReportDaysQuestion,
  type StatusDay,
  reportDays,
  rollUp,
} from '../../src/domain/report-days.ts';
import type { Zone } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { BERLIN, DAY, LORD_HOWE, MINUTE, NEW_YORK, UTC, slowLocalMs } from './time-oracle.ts';

const object = { sourceKey: 'src', nativeId: 'o1', name: 'Appliance', kind: 'APPLIANCE' } as const;
const PERIOD = { from: new Date('2026-11-18T06:00:00Z'), to: new Date('2026-11-20T06:00:00Z') };

function runAt(text: string, more: Partial<BackupRun> = {}): BackupRun {
  return sampleRun({ nativeId: `${text} ${more.status}`, startedAt: new Date(text), ...more });
}

function daysOf(runs: readonly BackupRun[], more: Partial<ReportDaysQuestion> = {}): StatusDay[] {
  const materials = [{ objects: [object], jobs: [sampleJob()], runs }];
  return reportDays({ materials, missed: [], period: PERIOD, zone: UTC, rollup: 'WORST', ...more });
}

/** `date: STATUS×count …` of each day. */
function brief(days: readonly StatusDay[]): string[] {
  return days.map(({ date, totals }) =>
    `${date.slice(8)}: ${totals.counts.map(({ status, count }) => `${status}×${count}`).join(' ')}`.trim(),
  );
}

describe('domain/report-days', () => {
  it('has one status for each object and day, and days on which nothing ran', () => {
    const materials = ['a', 'b'].map((key) => ({
      objects: [object, { ...object, nativeId: 'o2' }],
      jobs: [sampleJob(), sampleJob({ nativeId: 'j2', protects: { nativeId: 'o2', kind: 'APPLIANCE' } })],
      runs: [
        runAt('2026-11-18T10:00:00Z', { status: 'FAILED' }),
        runAt('2026-11-18T11:00:00Z'),
        runAt('2026-11-18T12:00:00Z', { jobNativeId: 'j2', status: key === 'a' ? 'WARNING' : 'SUCCEEDED' }),
        runAt('2026-11-20T05:59:59Z'),
      ],
    }));
    expect(brief(daysOf([], { materials }))).toEqual(['18: SUCCEEDED×1 WARNING×1 FAILED×2', '19:', '20: SUCCEEDED×2']);
    expect(daysOf([], { materials })[0]?.totals.successRate).toBe(0.5);
  });

  it('counts only what began within the period', () => {
    const runs = ['2026-11-18T05:59:59Z', '2026-11-18T06:00:00Z', '2026-11-20T06:00:00Z'].map((text) => runAt(text));
    expect(brief(daysOf(runs))).toEqual(['18: SUCCEEDED×1', '19:', '20:']);
  });

  it("puts a run into the day of the caller's zone", () => {
    const runs = [runAt('2026-11-18T23:30:00Z')];
    expect(brief(daysOf(runs, { zone: UTC }))).toEqual(['18: SUCCEEDED×1', '19:', '20:']);
    expect(brief(daysOf(runs, { zone: BERLIN }))).toEqual(['18:', '19: SUCCEEDED×1', '20:']);
    expect(daysOf([], { zone: NEW_YORK }).map(({ day }) => day.toISOString())).toEqual([
      '2026-11-18T05:00:00.000Z',
      '2026-11-19T05:00:00.000Z',
      '2026-11-20T05:00:00.000Z',
    ]);
  });

  it.each<[string, Zone, string, string, readonly string[]]>([
    ['23 hours', BERLIN, '2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z', ['28T23:00', '29T22:00']],
    ['25 hours', BERLIN, '2026-10-24T22:00:00Z', '2026-10-26T23:00:00Z', ['24T22:00', '25T23:00']],
    // On 25 April 2025 the clock in Cairo went from 00:00 to 01:00.
    [
      'no midnight',
      { timeZone: 'Africa/Cairo' },
      '2025-04-24T22:00:00Z',
      '2025-04-26T21:00:00Z',
      ['24T22:00', '25T21:00'],
    ],
    // Samoa went from the 29th to the 31st of December 2011.
    [
      'no existence',
      { timeZone: 'Pacific/Apia' },
      '2011-12-29T10:00:00Z',
      '2011-12-31T10:00:00Z',
      ['29T10:00', '30T10:00'],
    ],
  ])('knows days of %s', (_, zone, from, to, starts) => {
    const days = daysOf([], { zone, period: { from: new Date(from), to: new Date(to) } });
    expect(days.map(({ day }) => day.toISOString().slice(8, 16))).toEqual(starts);
  });

  it('adds up bytes as far as they are told, whichever object they belong to', () => {
    const runs = [
      runAt('2026-11-18T10:00:00Z', { bytes: 9_007_199_254_740_993n }),
      runAt('2026-11-18T11:00:00Z', { bytes: 1n, jobNativeId: undefined }),
      runAt('2026-11-18T12:00:00Z'),
      runAt('2026-11-19T12:00:00Z'),
      runAt('2026-11-20T01:00:00Z', { bytes: 0n }),
    ];
    expect(daysOf(runs).map(({ bytes }) => bytes)).toEqual([9_007_199_254_740_994n, undefined, 0n]);
  });

  it('counts overdue instants of the period by day', () => {
    const missed = ['18T05:00', '18T07:00', '18T23:59', '20T05:59', '20T06:00'].map((text) => ({
      dueAt: new Date(`2026-11-${text}:00Z`),
      toleranceMs: 1,
    }));
    expect(daysOf([], { missed }).map(({ overdue }) => overdue)).toEqual([2, 0, 1]);
  });

  it('counts what has no instant on the last day, when it was observed at the end of the period', () => {
    const missed = runAt('2026-11-18T10:00:00Z', {
      status: 'MISSED',
      startedAt: undefined,
      endedAt: undefined,
      observedAt: new Date(PERIOD.to.getTime() + 1000),
    });
    expect(brief(daysOf([missed]))).toEqual(['18:', '19:', '20: MISSED×1']);
    const atMidnight = { ...PERIOD, to: new Date('2026-11-20T00:00:00Z') };
    const observedAt = new Date('2026-11-20T00:00:30Z');
    expect(brief(daysOf([{ ...missed, observedAt }], { period: atMidnight }))).toEqual(['18:', '19: MISSED×1']);
  });

  it('refuses a period that is too long and a zone that nobody knows', () => {
    const to = new Date(PERIOD.from.getTime() + 400 * DAY);
    expect(() => daysOf([], { period: { ...PERIOD, to } })).toThrow('more than 400 days');
    expect(daysOf([], { period: { ...PERIOD, to: new Date('2027-12-23T00:00:00Z') } })).toHaveLength(400);
    expect(() => daysOf([], { zone: { timeZone: 'Mars/Base' } })).toThrow('not a known IANA name');
  });

  describe('roll-up', () => {
    /** Oldest first, by the roll-ups in their order: WORST, LAST, BEST, WARNING_IF_MIXED. */
    it.each<[readonly BackupStatus[], readonly BackupStatus[]]>([
      [[], ['NONE', 'NONE', 'NONE', 'NONE']],
      [['SUCCEEDED'], ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']],
      [
        ['FAILED', 'SUCCEEDED'],
        ['FAILED', 'SUCCEEDED', 'SUCCEEDED', 'WARNING'],
      ],
      [
        ['SUCCEEDED', 'WARNING', 'FAILED'],
        ['FAILED', 'FAILED', 'SUCCEEDED', 'WARNING'],
      ],
      [
        ['WARNING', 'SUCCEEDED'],
        ['WARNING', 'SUCCEEDED', 'SUCCEEDED', 'WARNING'],
      ],
      [
        ['FAILED', 'MISSED'],
        ['FAILED', 'MISSED', 'MISSED', 'FAILED'],
      ],
      [
        ['SUCCEEDED', 'UNKNOWN'],
        ['UNKNOWN', 'UNKNOWN', 'SUCCEEDED', 'WARNING'],
      ],
      [
        ['FAILED', 'RUNNING'],
        ['FAILED', 'FAILED', 'FAILED', 'FAILED'],
      ],
      [
        ['SUCCEEDED', 'RUNNING'],
        ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'],
      ],
      [
        ['QUEUED', 'RUNNING'],
        ['RUNNING', 'RUNNING', 'QUEUED', 'RUNNING'],
      ],
      [
        ['CANCELED', 'SUCCEEDED'],
        ['CANCELED', 'SUCCEEDED', 'SUCCEEDED', 'WARNING'],
      ],
    ])('of %j is %j', (statuses, expected) => {
      const runs = statuses.map((status, hour) =>
        sampleRun({ status, nativeId: `r${hour}`, startedAt: new Date(Date.UTC(2026, 10, 18, hour)) }),
      );
      expect(DAY_ROLLUPS.map((rollup) => rollUp(runs, rollup))).toEqual(expected);
      expect(DAY_ROLLUPS.map((rollup) => rollUp(runs.toReversed(), rollup))).toEqual(expected);
    });
  });

  it('counts what looking at each day, object and run counts, for generated reports', () => {
    const random = new SeededRandom(31);
    for (let round = 0; round < 300; round += 1) {
      const zone = random.pick<Zone>([UTC, BERLIN, NEW_YORK, LORD_HOWE]);
      // Around the changes of the clock in spring and autumn.
      const from = new Date(
        random.pick([Date.UTC(2026, 2, 5), Date.UTC(2026, 9, 1)]) + random.integer(0, 1439) * MINUTE,
      );
      const period = { from, to: new Date(from.getTime() + random.integer(1, 40 * 1440) * MINUTE) };
      const rollup = random.pick<DayRollup>(DAY_ROLLUPS);
      const runs = Array.from({ length: random.integer(0, 60) }, (_, index) =>
        sampleRun({
          nativeId: `r${index}`,
          jobNativeId: random.pick(['j0', 'j1', 'j2']),
          status: random.pick(['SUCCEEDED', 'FAILED', 'WARNING', 'RUNNING', 'MISSED']),
          bytes: random.pick([undefined, 7n]),
          startedAt: new Date(from.getTime() + random.integer(-1440, 41 * 1440) * MINUTE),
        }),
      );
      const objects = ['o0', 'o1'].map((nativeId) => ({ ...object, nativeId }));
      const jobs = ['o0', 'o1', 'o1'].map((nativeId, index) =>
        sampleJob({ nativeId: `j${index}`, protects: { nativeId, kind: 'APPLIANCE' } }),
      );
      const days = reportDays({ materials: [{ objects, jobs, runs }], missed: [], period, zone, rollup });
      const inside = runs.filter(({ startedAt }) => startedAt && startedAt >= period.from && startedAt < period.to);
      for (const { date, totals, bytes } of days) {
        const ofDay = inside.filter((run) => slowDate(run, zone) === date);
        const statuses = objects.flatMap(({ nativeId }) => {
          const own = ofDay.filter(({ jobNativeId }) => (jobNativeId === 'j0') === (nativeId === 'o0'));
          return own.length === 0 ? [] : [rollUp(own, rollup)];
        });
        const told = totals.counts.flatMap(({ status, count }) => Array.from({ length: count }, () => status));
        expect(told.toSorted()).toEqual(statuses.toSorted());
        expect(bytes ?? 0n).toBe(BigInt(7 * ofDay.filter((run) => run.bytes !== undefined).length));
      }
      expect(inside.every((run) => days.some(({ date }) => date === slowDate(run, zone)))).toBe(true);
    }
  });
});

function slowDate({ startedAt }: BackupRun, zone: Zone): string {
  return new Date(slowLocalMs(startedAt?.getTime() ?? 0, zone)).toISOString().slice(0, 10);
}
