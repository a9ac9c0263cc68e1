import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { BackupStatus } from '../../src/domain/backup-status.ts';
import { expectedDurationSeconds, mergeUpcoming, upcomingOfAll } from '../../src/domain/forecast.ts';
import type { Recurrence } from '../../src/domain/schedule.ts';
import { upcomingInstants } from '../../src/domain/upcoming.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { DAY, UTC, cron, every, generateRule, scheduleOf, weekly } from './time-oracle.ts';

const FROM = new Date('2026-06-03T12:00:00Z');
const TO = new Date('2026-06-05T12:00:00Z');

function jobOf(nativeId: string, recurrence: Recurrence, more: Partial<BackupJob> = {}): BackupJob {
  return sampleJob({ nativeId, schedule: scheduleOf(recurrence, { zone: UTC }), ...more });
}

function merged(jobs: readonly BackupJob[], first = 100, from = FROM, to = TO): string[] {
  return mergeUpcoming(
    jobs.map((job) => ({ job })),
    { from, to, first },
  ).map(({ at, job }) => `${at.toISOString().slice(8, 16)} ${job.nativeId}`);
}

function duration(seconds: number | undefined, day: number, status: BackupStatus = 'SUCCEEDED') {
  return sampleRun({
    durationSeconds: seconds,
    status,
    startedAt: new Date(Date.UTC(2026, 0, day)),
    nativeId: `r${day}`,
  });
}

describe('domain/forecast', () => {
  it('brings the runs of all jobs into one order', () => {
    const jobs = [jobOf('a', weekly('22:00')), jobOf('b', weekly('02:30')), jobOf('c', every(720))];
    expect(merged(jobs)).toEqual([
      '03T12:00 c',
      '03T22:00 a',
      '04T00:00 c',
      '04T02:30 b',
      '04T12:00 c',
      '04T22:00 a',
      '05T00:00 c',
      '05T02:30 b',
    ]);
  });

  it('has the beginning inside, the end outside, and no more runs than asked for', () => {
    const job = jobOf('a', weekly('12:00'));
    expect(merged([job])).toEqual(['03T12:00 a', '04T12:00 a']);
    expect(merged([job], 1)).toEqual(['03T12:00 a']);
    expect([0, -1, Number.NaN].flatMap((first) => merged([job], first))).toEqual([]);
    expect(merged([job], 5, TO, FROM)).toEqual([]);
  });

  it('orders runs of one instant by source and native id', () => {
    const jobs = [
      jobOf('b', weekly('22:00'), { sourceKey: 'z' }),
      jobOf('c', weekly('22:00'), { sourceKey: 'y' }),
      jobOf('a', weekly('22:00'), { sourceKey: 'z' }),
    ];
    expect(merged(jobs, 3)).toEqual(['03T22:00 c', '03T22:00 a', '03T22:00 b']);
  });

  it('lets the announced run lead and says of each how it is known and how long it takes', () => {
    const job = jobOf('a', weekly('22:00'), { nextRunAt: new Date('2026-06-03T22:15:00Z') });
    expect(mergeUpcoming([{ job, expectedSeconds: 90 }], { from: FROM, to: TO, first: 5 })).toEqual([
      {
        job,
        at: new Date('2026-06-03T22:15:00Z'),
        basis: 'VENDOR_ANNOUNCED',
        insideWindow: undefined,
        expectedSeconds: 90,
      },
      { job, at: new Date('2026-06-04T22:00:00Z'), basis: 'COMPUTED', insideWindow: undefined, expectedSeconds: 90 },
    ]);
  });

  it.each([
    ['is switched off', jobOf('a', weekly('22:00'), { enabled: false, nextRunAt: new Date('2026-06-03T22:00:00Z') })],
    ['has a schedule that is switched off', sampleJob({ schedule: scheduleOf(weekly('22:00'), { enabled: false }) })],
    ['has no schedule and announces nothing', sampleJob()],
    ['is started by hand', jobOf('a', { form: 'MANUAL' })],
    ['has cron that cannot be read', jobOf('a', cron('0 0 2 LW * ?'))],
    ['announces a run that is over', sampleJob({ nextRunAt: new Date('2026-06-03T11:59:59Z') })],
    ['announces a run after the end', sampleJob({ nextRunAt: TO })],
  ])('expects nothing of a job that %s', (_, job) => {
    expect(merged([job])).toEqual([]);
  });

  it('expects an announced run of a job without a schedule', () => {
    expect(merged([sampleJob({ nextRunAt: new Date('2026-06-03T22:00:00Z') })])).toEqual(['03T22:00 j1']);
  });

  it('works out no more than is asked for', () => {
    const endless = upcomingOfAll([{ job: jobOf('a', every(1)) }], { from: FROM, to: new Date(8.64e15) });
    expect(endless.take(3).toArray()).toHaveLength(3);
  });

  it('says the same as sorting everything, for 100 generated sets of jobs', () => {
    const random = new SeededRandom(1_000_003);
    for (let round = 0; round < 100; round += 1) {
      const jobs = Array.from({ length: random.integer(1, 30) }, (_, index) => {
        const announced =
          random.integer(0, 2) === 0 ? new Date(FROM.getTime() + random.integer(-DAY, 3 * DAY)) : undefined;
        const zone = { timeZone: random.pick(['Europe/Berlin', 'UTC', 'Asia/Kolkata']) };
        const schedule = scheduleOf(generateRule(random).recurrence, { zone });
        return sampleJob({ nativeId: String(index).padStart(2, '0'), schedule, nextRunAt: announced });
      });
      const everything = jobs
        .flatMap((job) =>
          upcomingInstants(job.schedule, job.nextRunAt, new Date(FROM.getTime() - 1), 700).map(
            ({ at }) => `${at.toISOString()} ${job.nativeId}`,
          ),
        )
        .filter((text) => text < TO.toISOString())
        .toSorted();
      const first = random.pick([1, 10, 500]);
      const found = mergeUpcoming(
        jobs.map((job) => ({ job })),
        { from: FROM, to: TO, first },
      );
      expect(found.map(({ at, job }) => `${at.toISOString()} ${job.nativeId}`)).toEqual(everything.slice(0, first));
    }
  });

  it('merges 5,000 jobs in under two seconds', () => {
    const jobs = Array.from({ length: 5_000 }, (_, index) => ({
      job: jobOf(`${index}`, index % 3 === 0 ? every(15, index % 15) : weekly(`${index % 24}:${index % 60}`)),
    }));
    const started = performance.now();
    expect(mergeUpcoming(jobs, { from: FROM, to: TO, first: 10_000 })).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each([
    ['one run', [600], 600],
    ['an odd number of runs', [600, 60, 6000], 600],
    ['an even number of runs', [600, 60, 6000, 700], 650],
    ['no runs', [], undefined],
    ['a run that took no time', [0], 0],
    ['a run without a known duration', [undefined], undefined],
    ['a clock that was moved back', [-5, 30], 30],
  ])('expects of %s what stands in the middle', (_, seconds, expected) => {
    expect(expectedDurationSeconds(seconds.map((of, index) => duration(of, index + 1)))).toBe(expected);
  });

  it('learns from good runs alone', () => {
    const bad: readonly BackupStatus[] = [
      'FAILED',
      'CANCELED',
      'MISSED',
      'RUNNING',
      'QUEUED',
      'CANCELING',
      'NONE',
      'UNKNOWN',
    ];
    const runs = bad.map((status, index) => duration(1, index + 1, status));
    expect(expectedDurationSeconds(runs)).toBeUndefined();
    expect(expectedDurationSeconds([...runs, duration(50, 20, 'WARNING'), duration(60, 21)])).toBe(55);
  });

  it('learns from the newest fifteen, in whatever order they come', () => {
    const old = Array.from({ length: 10 }, (_, index) => duration(10_000, index + 1));
    const fresh = Array.from({ length: 15 }, (_, index) => duration(100 + index, index + 11));
    expect(expectedDurationSeconds([...fresh, ...old])).toBe(107);
    expect(expectedDurationSeconds([...old, ...fresh.toReversed()])).toBe(107);
  });
});
