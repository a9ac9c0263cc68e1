import { describe, expect, it } from 'vitest';
import { reportEntries, runsWithin, totalsOf } from '../../src/domain/status-report.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';

const object = { sourceKey: 'src', nativeId: 'o1', name: 'Appliance', kind: 'APPLIANCE' } as const;
const hours = (hour: number): Date => new Date(Date.UTC(2026, 10, 20, hour));

describe('domain/status-report', () => {
  it("shows the worst of an object's jobs, so that one success never hides another failure", () => {
    const [entry] = reportEntries({
      objects: [object],
      jobs: [sampleJob({ nativeId: 'good' }), sampleJob({ nativeId: 'bad', status: 'FAILED' })],
      runs: [
        sampleRun({ nativeId: 'r1', jobNativeId: 'bad', status: 'FAILED', startedAt: hours(1) }),
        sampleRun({ nativeId: 'r2', jobNativeId: 'good', startedAt: hours(5) }),
      ],
    });
    expect(entry).toMatchObject({
      status: 'FAILED',
      job: { nativeId: 'bad' },
      latest: { nativeId: 'r1' },
      lastSuccess: { nativeId: 'r2' },
    });
  });

  it('counts a failed one-off until a later run has left a copy', () => {
    const jobs = [sampleJob({ nativeId: 'daily' }), sampleJob({ nativeId: 'once', kind: 'ONE_OFF', status: 'FAILED' })];
    const daily = sampleRun({ nativeId: 'r1', jobNativeId: 'daily', startedAt: hours(3) });
    const statusWithOneOffAt = (hour: number): string | undefined =>
      reportEntries({
        objects: [object],
        jobs,
        runs: [daily, sampleRun({ nativeId: 'r2', jobNativeId: 'once', status: 'FAILED', startedAt: hours(hour) })],
      })[0]?.status;
    expect(statusWithOneOffAt(2)).toBe('SUCCEEDED');
    expect(statusWithOneOffAt(4)).toBe('FAILED');
  });

  it('takes only the newest of the one-offs', () => {
    const [entry] = reportEntries({
      objects: [object],
      jobs: ['a', 'b'].map((nativeId) => sampleJob({ nativeId, kind: 'ONE_OFF' })),
      runs: [
        sampleRun({ nativeId: 'r1', jobNativeId: 'a', status: 'FAILED', startedAt: hours(1) }),
        sampleRun({ nativeId: 'r2', jobNativeId: 'b', startedAt: hours(2) }),
      ],
    });
    expect(entry).toMatchObject({ status: 'SUCCEEDED', latest: { nativeId: 'r2' } });
  });

  it('believes the job where its own word is worse than its newest run', () => {
    const [entry] = reportEntries({
      objects: [object],
      jobs: [sampleJob({ status: 'UNKNOWN', nativeStatus: 'Disconnected' })],
      runs: [sampleRun()],
    });
    expect(entry?.status).toBe('UNKNOWN');
  });

  it('is NONE for an object without jobs and UNKNOWN for one whose jobs say nothing', () => {
    const mute = sampleJob({ status: 'UNKNOWN', nativeStatus: undefined });
    expect(reportEntries({ objects: [object], jobs: [], runs: [] })[0]?.status).toBe('NONE');
    expect(reportEntries({ objects: [object], jobs: [mute], runs: [] })[0]?.status).toBe('UNKNOWN');
  });

  it("lets a definition that says nothing be outspoken by the object's other jobs", () => {
    const mute = sampleJob({ nativeId: 'mute', status: 'UNKNOWN', nativeStatus: undefined });
    const record = sampleJob({ nativeId: 'once', kind: 'ONE_OFF' });
    const [entry] = reportEntries({
      objects: [object],
      jobs: [mute, record],
      runs: [sampleRun({ jobNativeId: 'once' })],
    });
    expect(entry?.status).toBe('SUCCEEDED');
  });

  it('counts runs that began within the period, its end excluded', () => {
    const runs = [0, 1, 2, 3].map((hour) => sampleRun({ nativeId: String(hour), startedAt: hours(hour) }));
    expect(runsWithin(runs, { from: hours(1), to: hours(3) }).map(({ nativeId }) => nativeId)).toEqual(['1', '2']);
  });

  it('counts a run without any instant when the period reaches to when it was observed', () => {
    const missed = sampleRun({ status: 'MISSED', startedAt: undefined, endedAt: undefined, observedAt: hours(8) });
    const within = (from: number, to: number): number =>
      runsWithin([missed], { from: hours(from), to: hours(to) }).length;
    expect([within(0, 8), within(7, 9), within(0, 7), within(9, 10)]).toEqual([1, 1, 0, 0]);
  });

  it('gives a success rate over what has ended, and none when one of them is unknown', () => {
    const of = (...statuses: ('SUCCEEDED' | 'WARNING' | 'FAILED' | 'RUNNING' | 'UNKNOWN')[]): number | undefined =>
      totalsOf(statuses.map((status) => sampleRun({ status }))).successRate;
    expect(of('SUCCEEDED', 'WARNING', 'FAILED', 'FAILED', 'RUNNING')).toBe(0.5);
    expect(of('RUNNING')).toBeUndefined();
    expect(of('SUCCEEDED', 'UNKNOWN')).toBeUndefined();
    expect(totalsOf([sampleRun(), sampleRun({ status: 'FAILED' })]).counts).toEqual([
      { status: 'SUCCEEDED', count: 1 },
      { status: 'FAILED', count: 1 },
    ]);
  });
});
