import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { type MissedRunsQuestion, missedRuns } from '../../src/domain/missed-runs.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { DAY, MINUTE, UTC, cron, every, isoTexts, scheduleOf, weekly } from './time-oracle.ts';

const DAILY = scheduleOf(weekly('21:00'), { zone: UTC });
const READ_AT = new Date('2026-11-20T12:00:00Z');

function runAt(text: string, more: Partial<BackupRun> = {}): BackupRun {
  const startedAt = new Date(text);
  return sampleRun({ nativeId: text, startedAt, endedAt: new Date(startedAt.getTime() + 10 * MINUTE), ...more });
}

function question(runs: readonly BackupRun[], more: Partial<MissedRunsQuestion> = {}): MissedRunsQuestion {
  return {
    job: sampleJob({ schedule: DAILY }),
    runs,
    history: 'COMPLETE',
    period: { from: new Date('2026-11-16T00:00:00Z'), to: READ_AT },
    readAt: READ_AT,
    clockSkewSeconds: undefined,
    ...more,
  };
}

/** The missed instants, without the seconds; undefined when nothing could be judged. */
function missedOf(runs: readonly BackupRun[], more: Partial<MissedRunsQuestion> = {}): string[] | undefined {
  return missedRuns(question(runs, more))?.missed.map(({ dueAt }) => dueAt.toISOString().slice(0, 16));
}

function withSchedule(schedule: Schedule | undefined): Pick<MissedRunsQuestion, 'job'> {
  return { job: sampleJob({ schedule }) };
}

const MONDAY = runAt('2026-11-16T21:00:05Z');

describe('domain/missed-runs', () => {
  it('finds the due instants at which nothing began', () => {
    expect(missedRuns(question([MONDAY, runAt('2026-11-18T21:02:00Z')]))).toEqual({
      judged: 4,
      missed: [
        { dueAt: new Date('2026-11-17T21:00:00Z'), toleranceMs: 15 * MINUTE },
        { dueAt: new Date('2026-11-19T21:00:00Z'), toleranceMs: 15 * MINUTE },
      ],
    });
  });

  it.each([
    ['2026-11-17T20:45:00Z', true],
    ['2026-11-17T20:44:59Z', false],
    ['2026-11-17T21:15:00Z', true],
    ['2026-11-17T21:15:01Z', false],
  ])('has a run of %s answer 21:00: %s', (start, answers) => {
    expect(missedOf([MONDAY, runAt(start)])?.includes('2026-11-17T21:00')).toBe(!answers);
  });

  it('narrows the tolerance to a quarter of the way to the neighbours, also at the beginning of the period', () => {
    const half = withSchedule(scheduleOf(every(30), { zone: UTC }));
    const period = { from: new Date('2026-11-20T10:00:00Z'), to: new Date('2026-11-20T11:00:00Z') };
    const runs = [runAt('2026-11-20T09:30:00Z'), runAt('2026-11-20T10:08:00Z'), runAt('2026-11-20T10:37:00Z')];
    expect(missedRuns(question(runs, { ...half, period }))).toEqual({
      judged: 2,
      missed: [{ dueAt: new Date('2026-11-20T10:00:00Z'), toleranceMs: 7.5 * MINUTE }],
    });
  });

  it('looks at the neighbours on both sides of a due instant', () => {
    const pair = withSchedule(scheduleOf(cron('0,10 21 * * *'), { zone: UTC }));
    const from = (text: string): Partial<MissedRunsQuestion> => ({
      ...pair,
      period: { from: new Date(text), to: READ_AT },
    });
    const proof = runAt('2026-11-18T21:00:00Z');
    const second = from('2026-11-19T21:05:00Z');
    expect(missedOf([proof, runAt('2026-11-19T21:00:00Z')], second)).toEqual(['2026-11-19T21:10']);
    const first = from('2026-11-19T20:00:00Z');
    expect(missedOf([proof, runAt('2026-11-19T21:10:00Z')], first)).toEqual(['2026-11-19T21:00']);
  });

  it('takes any trace of a beginning for an answer: accepted, failed, missed by the vendor’s own word', () => {
    const nowhere = { startedAt: undefined, endedAt: undefined };
    const told = (more: Partial<BackupRun>): BackupRun => runAt('2026-11-17T21:00:00Z', { ...nowhere, ...more });
    const at = new Date('2026-11-17T21:00:30Z');
    expect(missedOf([MONDAY, told({ status: 'QUEUED', queuedAt: at })])).not.toContain('2026-11-17T21:00');
    expect(missedOf([MONDAY, told({ status: 'FAILED', endedAt: at })])).not.toContain('2026-11-17T21:00');
    expect(missedOf([MONDAY, told({ status: 'MISSED', startedAt: at })])).not.toContain('2026-11-17T21:00');
    expect(missedOf([MONDAY, told({ status: 'MISSED' })])).toContain('2026-11-17T21:00');
  });

  it('misses nothing while a run is under way', () => {
    const long = runAt('2026-11-16T21:00:00Z', { endedAt: new Date('2026-11-18T03:00:00Z') });
    expect(missedOf([long])).toEqual(['2026-11-18T21:00', '2026-11-19T21:00']);
    const measured = { ...long, endedAt: undefined, durationSeconds: 30 * 3600 };
    expect(missedOf([measured])).toEqual(['2026-11-18T21:00', '2026-11-19T21:00']);
    expect(missedOf([{ ...MONDAY, status: 'RUNNING', endedAt: undefined }])).toEqual([]);
  });

  it('claims nothing behind the last known run while another one waits since nobody knows when', () => {
    const waiting = sampleRun({ nativeId: 'w', status: 'QUEUED', startedAt: undefined, endedAt: undefined });
    expect(missedOf([MONDAY, runAt('2026-11-18T21:00:00Z'), waiting])).toEqual(['2026-11-17T21:00']);
    expect(missedOf([MONDAY, waiting], { period: { from: new Date('2026-11-18T00:00:00Z'), to: READ_AT } })).toEqual(
      [],
    );
    expect(missedOf([waiting])).toBeUndefined();
  });

  it('claims nothing of before the first run that fits the schedule', () => {
    expect(missedOf([runAt('2026-11-18T21:00:00Z')])).toEqual(['2026-11-19T21:00']);
    // Until Tuesday it was due at 19:00.
    const old = ['2026-11-15T19:00:00Z', '2026-11-16T19:00:00Z', '2026-11-17T19:00:00Z'].map((text) => runAt(text));
    expect(missedOf([...old, runAt('2026-11-18T21:00:00Z')])).toEqual(['2026-11-19T21:00']);
    expect(missedOf(old)).toBeUndefined();
  });

  it('has a run from before the period prove the schedule', () => {
    expect(missedOf([runAt('2026-10-02T21:01:00Z')])).toHaveLength(4);
    expect(missedOf([runAt('2026-10-02T20:01:00Z')])).toBeUndefined();
    const manual = Array.from({ length: 49 }, (_, index) =>
      runAt(new Date(Date.UTC(2026, 9, 3, 0, index)).toISOString()),
    );
    expect(missedOf([runAt('2026-10-02T21:01:00Z'), ...manual])).toHaveLength(4);
  });

  it('claims nothing of before the beginning of the history', () => {
    const since = new Date('2026-11-18T00:00:00Z');
    expect(missedOf([MONDAY], { since })).toBeUndefined();
    expect(missedOf([MONDAY, runAt('2026-11-18T21:00:00Z')], { since })).toEqual(['2026-11-19T21:00']);
  });

  it('leaves open what the tolerance leaves open, on the clock of the vendor', () => {
    const last = (readAt: string, clockSkewSeconds: number): boolean | undefined =>
      missedOf([MONDAY], {
        readAt: new Date(readAt),
        period: { from: new Date('2026-11-17T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') },
        clockSkewSeconds,
      })?.includes('2026-11-19T21:00');
    expect([last('2026-11-19T21:15:00Z', 0), last('2026-11-19T21:15:01Z', 0)]).toEqual([false, true]);
    expect([last('2026-11-19T21:10:01Z', 300), last('2026-11-19T21:19:59Z', -300)]).toEqual([true, false]);
  });

  it('does not call a run missed that the window swallows', () => {
    const hours = Array.from({ length: 168 }, (_, hour) => Math.floor(hour / 24) !== 2);
    const window = { enabled: true, semantics: 'MUST_FINISH_INSIDE', hours, utcOffsetMinutes: 0 } as const;
    expect(missedOf([MONDAY], withSchedule({ ...DAILY, window }))).toEqual(['2026-11-18T21:00', '2026-11-19T21:00']);
    expect(missedOf([MONDAY], withSchedule({ ...DAILY, window: { ...window, enabled: false } }))).toHaveLength(3);
  });

  it.each<[string, Partial<MissedRunsQuestion>]>([
    ['the job is switched off', { job: sampleJob({ enabled: false, schedule: DAILY }) }],
    ['the schedule is switched off', withSchedule({ ...DAILY, enabled: false })],
    ['there is no schedule', withSchedule(undefined)],
    ['the zone is not known', withSchedule({ ...DAILY, zone: undefined })],
    ['it is started by hand', withSchedule(scheduleOf({ form: 'MANUAL' }))],
    ['part of the history is missing', { history: 'PARTIAL' }],
    ['the source could not be read', { history: 'UNREADABLE' }],
    ['nothing ever ran', { runs: [] }],
  ])('judges nothing when %s', (_, more) => {
    expect(missedRuns({ ...question([MONDAY]), ...more })).toBeUndefined();
  });

  it('finds exactly the runs that were taken out, for generated histories', () => {
    const random = new SeededRandom(815);
    let missedInAll = 0;
    for (let round = 0; round < 1000; round += 1) {
      const everyMinutes = random.pick([10, 60, 240, 1440]);
      const stepMs = everyMinutes * MINUTE;
      const toleranceMs = Math.min(15 * MINUTE, stepMs / 4);
      const firstMs = Date.UTC(2026, 10, 1) + random.integer(0, 40) * DAY;
      const skewSeconds = random.integer(-2000, 2000);
      const due = Array.from({ length: random.integer(2, 60) }, (_, index) => firstMs + index * stepMs);
      const kept = due.filter((_, index) => index === 0 || random.next() < 0.8);
      const runs = kept.map((ms) => runAround(ms, random.integer(-toleranceMs, toleranceMs)));
      const lastMs = due.at(-1) ?? firstMs;
      const answer = missedRuns(
        question(
          runs.toSorted(() => random.next() - 0.5),
          {
            ...withSchedule(scheduleOf(every(everyMinutes), { zone: UTC })),
            period: { from: new Date(firstMs), to: new Date(lastMs + 1) },
            readAt: new Date(lastMs + toleranceMs + 1 - skewSeconds * 1000),
            clockSkewSeconds: skewSeconds,
          },
        ),
      );
      const expected = due.filter((ms) => !kept.includes(ms)).map((ms) => new Date(ms));
      expect(isoTexts((answer?.missed ?? []).map(({ dueAt }) => dueAt))).toEqual(isoTexts(expected));
      expect(answer?.judged).toBe(due.length);
      missedInAll += expected.length;
    }
    expect(missedInAll).toBeGreaterThan(1000);
  });
});

function runAround(dueMs: number, shiftMs: number): BackupRun {
  const startedAt = new Date(dueMs + shiftMs);
  return sampleRun({ nativeId: String(dueMs), startedAt, endedAt: startedAt, durationSeconds: 0 });
}
