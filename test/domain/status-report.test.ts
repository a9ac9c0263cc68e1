import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import type { BackupStatus } from '../../src/domain/backup-status.ts';
import { comparePositions } from '../../src/domain/page.ts';
import { runsOfObject, type ObjectMaterial } from '../../src/domain/object-material.ts';
import { rpoStatus, type RpoStatus, type RpoVerdict } from '../../src/domain/rpo.ts';
import {
  assessedEntries,
  consecutiveFailures,
  reportEntries,
  reportOrder,
  runsWithin,
  totalsOf,
} from '../../src/domain/status-report.ts';
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

  it("counts a copy that is tied to no job for the source's only object, and for none of several", () => {
    const jobs = ['a', 'b'].map((nativeId) => sampleJob({ nativeId, status: 'FAILED', nativeStatus: 'FAILED' }));
    const runs = [
      sampleRun({ nativeId: 'r1', jobNativeId: undefined, startedAt: hours(1) }),
      sampleRun({ nativeId: 'r2', jobNativeId: undefined, status: 'FAILED', startedAt: hours(2) }),
    ];
    const told = { status: 'FAILED', lastSuccess: { nativeId: 'r1' } };
    expect(reportEntries({ objects: [object], jobs, runs })).toMatchObject([told]);
    const two = reportEntries({ objects: [object, { ...object, nativeId: 'o2' }], jobs, runs });
    expect(two.map(({ lastSuccess }) => lastSuccess)).toEqual([undefined, undefined]);
    const stranger = sampleJob({ nativeId: 'c', protects: undefined });
    expect(reportEntries({ objects: [object], jobs: [...jobs, stranger], runs })[0]?.lastSuccess).toBeUndefined();
  });

  describe('consecutive failures', () => {
    /** Newest first, an hour apart. */
    const countOf = (...statuses: readonly (BackupStatus | Partial<BackupRun>)[]): number | undefined =>
      consecutiveFailures(
        statuses.map((given, index) =>
          sampleRun({
            nativeId: `r${index}`,
            startedAt: hours(20 - index),
            ...(typeof given === 'string' ? { status: given } : given),
          }),
        ),
      );

    it.each<[readonly (BackupStatus | Partial<BackupRun>)[], number | undefined]>([
      [[], undefined],
      [['SUCCEEDED', 'FAILED'], 0],
      [['FAILED', 'MISSED', 'FAILED', 'WARNING', 'FAILED'], 3],
      [['FAILED', 'FAILED'], 2],
      [['RUNNING', 'FAILED', 'FAILED', 'SUCCEEDED'], 2],
      [['QUEUED', 'CANCELING', 'SUCCEEDED', 'FAILED'], 0],
      [['CANCELED', 'FAILED', 'UNKNOWN', 'FAILED', 'SUCCEEDED'], 2],
      [['UNKNOWN', 'NONE'], 0],
      [['FAILED', { restorable: false }, 'FAILED', 'SUCCEEDED'], 2],
      [[{ status: 'FAILED', restorable: true }, 'FAILED', 'SUCCEEDED'], 2],
      [[{ status: 'RUNNING', restorable: true }, 'FAILED', 'SUCCEEDED'], 1],
      [['SUCCEEDED', { status: 'MISSED', startedAt: undefined, endedAt: undefined }], 1],
    ])('of %j are %s', (statuses, expected) => {
      expect(countOf(...statuses)).toBe(expected);
    });
  });

  it('assesses each object by what is told of it', () => {
    const other = { ...object, nativeId: 'o2', name: 'Other' };
    const entries = assessedEntries(
      {
        objects: [object, other],
        jobs: [sampleJob(), sampleJob({ nativeId: 'j2', protects: { nativeId: 'o2', kind: 'APPLIANCE' } })],
        runs: [
          sampleRun({ startedAt: hours(5) }),
          sampleRun({ nativeId: 'r2', startedAt: hours(6), status: 'FAILED' }),
          sampleRun({ nativeId: 'r3', jobNativeId: 'j2', startedAt: hours(2) }),
        ],
      },
      (material) =>
        rpoStatus({
          jobs: material.jobs,
          runs: runsOfObject(material),
          history: 'COMPLETE',
          configuredTargetMs: (material.object.nativeId === 'o2' ? 4 : 8) * 3_600_000,
          clockSkewSeconds: undefined,
          now: hours(7),
        }),
    );
    expect(entries).toMatchObject([
      { nativeId: 'o1', status: 'FAILED', consecutiveFailures: 1, rpo: { verdict: 'MET' } },
      { nativeId: 'o2', status: 'SUCCEEDED', consecutiveFailures: 0, rpo: { verdict: 'BREACHED' } },
    ]);
  });

  it('counts the failures of the job that decides, or of all where each run is a job of its own', () => {
    const common = { configuredTargetMs: undefined, clockSkewSeconds: undefined, now: hours(9) };
    const assess = (material: ObjectMaterial): RpoStatus =>
      rpoStatus({ jobs: material.jobs, runs: runsOfObject(material), history: 'COMPLETE', ...common });
    const failed = (nativeId: string, jobNativeId: string, hour: number): BackupRun =>
      sampleRun({ nativeId, jobNativeId, status: 'FAILED', startedAt: hours(hour) });
    const recurring = {
      objects: [object],
      jobs: [sampleJob({ nativeId: 'bad', status: 'FAILED' }), sampleJob({ nativeId: 'good' })],
      runs: [failed('r1', 'bad', 1), failed('r2', 'bad', 2), sampleRun({ nativeId: 'r3', jobNativeId: 'good' })],
    };
    expect(assessedEntries(recurring, assess)[0]?.consecutiveFailures).toBe(2);
    const oneOffs = {
      objects: [object],
      jobs: ['a', 'b', 'c'].map((nativeId) => sampleJob({ nativeId, kind: 'ONE_OFF', status: 'FAILED' })),
      runs: [failed('r1', 'a', 1), failed('r2', 'b', 2), failed('r3', 'c', 3)],
    };
    expect(assessedEntries(oneOffs, assess)[0]?.consecutiveFailures).toBe(3);
  });

  it('orders the worst first', () => {
    const jobs = (['SUCCEEDED', 'FAILED', 'UNKNOWN', 'WARNING'] as const).map((status, index) =>
      sampleJob({ nativeId: `j${index}`, status, protects: { nativeId: `o${index}`, kind: 'APPLIANCE' } }),
    );
    const objects = jobs.map(({ protects }) => ({ ...object, nativeId: protects?.nativeId ?? '' }));
    const entries = reportEntries({ objects, jobs, runs: [] });
    const { position } = reportOrder('SEVERITY', 'ASC');
    const ordered = (verdicts: readonly RpoVerdict[]): string[] =>
      entries
        .map((entry, index) => ({ ...entry, rpo: { verdict: verdicts[index] ?? 'UNKNOWN' } }))
        .toSorted((a, b) => comparePositions(position(a), position(b)))
        .map(({ status }) => status);
    expect(ordered([])).toEqual(['FAILED', 'UNKNOWN', 'WARNING', 'SUCCEEDED']);
    // A broken objective is as bad as a failure, whatever the status says.
    expect(ordered(['BREACHED', 'MET', 'MET', 'MET'])).toEqual(['FAILED', 'SUCCEEDED', 'UNKNOWN', 'WARNING']);
    expect(ordered(['AT_RISK', 'MET', 'MET', 'NEVER_PROTECTED'])).toEqual([
      'FAILED',
      'WARNING',
      'UNKNOWN',
      'SUCCEEDED',
    ]);
  });
});
