import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { stallReading, stalledCondition } from '../../src/domain/stalled.ts';
import { sampleRun } from '../support/domain-samples.ts';

const NOW = new Date('2026-11-20T08:00:00Z');
const running = (seconds: number, more: Partial<BackupRun> = {}): BackupRun =>
  sampleRun({
    nativeId: 'now',
    status: 'RUNNING',
    startedAt: new Date(NOW.getTime() - seconds * 1000),
    endedAt: undefined,
    durationSeconds: undefined,
    ...more,
  });
const past = (...durations: readonly number[]): BackupRun[] =>
  durations.map((durationSeconds, index) => sampleRun({ nativeId: `p${index}`, durationSeconds }));
const reading = (run: BackupRun, runs: readonly BackupRun[], clockSkewSeconds?: number) =>
  stallReading(run, runs, { now: NOW, clockSkewSeconds });

describe('domain/stalled', () => {
  it.each([
    ['three times the median of an hour', 3 * 3600, [3600, 60, 90_000], false],
    ['longer than that', 3 * 3600 + 1, [3600, 60, 90_000], true],
    ['half an hour, however short runs are as a rule', 1800, [10, 10, 10], false],
    ['longer than half an hour', 1801, [10, 10, 10], true],
  ])('judges a run that lasts %s', (_, seconds, usual, isStalled) => {
    const answer = reading(running(seconds), past(...usual));
    expect(answer).toMatchObject({ isStalled, runningSeconds: seconds });
    expect(stalledCondition(answer)?.kind).toBe(isStalled ? 'STALLED' : undefined);
  });

  it('tells from when on it is stalled, and does not learn from the run itself or from failures', () => {
    const runs = [...past(1200), sampleRun({ nativeId: 'f', status: 'FAILED', durationSeconds: 9 })];
    const run = running(100, { durationSeconds: 100 });
    expect(reading(run, [run, ...runs])).toEqual({ isStalled: false, runningSeconds: 100, limitSeconds: 3600 });
  });

  it("reads the beginning on the vendor's clock", () => {
    expect(reading(running(1700), past(10), 101)?.isStalled).toBe(true);
    expect(reading(running(1900), past(10), -101)?.isStalled).toBe(false);
    expect(reading(running(-500), past(10))?.runningSeconds).toBe(0);
  });

  it('says nothing without history, without a beginning, and of runs that are not under way', () => {
    expect(reading(running(90_000), [])).toBeUndefined();
    expect(reading(running(90_000, { startedAt: undefined }), past(10))).toBeUndefined();
    expect(reading(running(90_000, { status: 'QUEUED' }), past(10))).toBeUndefined();
    expect(reading(running(90_000, { status: 'SUCCEEDED' }), past(10))).toBeUndefined();
    expect(reading(running(90_000, { status: 'CANCELING' }), past(10))?.isStalled).toBe(true);
    expect(stalledCondition(undefined)).toBeUndefined();
  });
});
