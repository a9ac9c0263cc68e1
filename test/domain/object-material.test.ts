import { describe, expect, it } from 'vitest';
import {
  materialByObject,
  runsOfObject,
  runsThatMayBelong,
  sinceNewestRuns,
} from '../../src/domain/object-material.ts';
import { OBSERVED_AT, sampleJob, sampleRun } from '../support/domain-samples.ts';

const object = { sourceKey: 'src', nativeId: 'o1', name: 'Tenant', kind: 'TENANT_CONFIGURATION' } as const;
const other = { ...object, nativeId: 'o2' };
const ids = (runs: readonly { readonly nativeId: string }[]): string[] => runs.map(({ nativeId }) => nativeId);

describe('domain/object-material', () => {
  it('gives each object its jobs and their runs, in the order of the objects', () => {
    const [second, first] = materialByObject({
      objects: [other, object],
      jobs: [
        sampleJob({ nativeId: 'a' }),
        sampleJob({ nativeId: 'b', protects: { nativeId: 'o2', kind: 'APPLIANCE' } }),
      ],
      runs: [
        sampleRun({ nativeId: 'r1', jobNativeId: 'a' }),
        sampleRun({ nativeId: 'r2', jobNativeId: 'b' }),
        sampleRun({ nativeId: 'r3', jobNativeId: 'gone' }),
        sampleRun({ nativeId: 'r4', jobNativeId: undefined }),
      ],
    });
    expect([first, second].map((material) => material && ids(runsOfObject(material)))).toEqual([['r1'], ['r2']]);
    expect(second?.jobs.map(({ nativeId }) => nativeId)).toEqual(['b']);
  });

  it('takes the records beside a definition for what its schedule started, when the vendor ties none to it', () => {
    const definition = sampleJob({ nativeId: 'action' });
    const record = sampleJob({ nativeId: 'record', kind: 'ONE_OFF' });
    const sibling = sampleJob({ nativeId: 'sibling' });
    const runs = [
      sampleRun({ nativeId: 'r1', jobNativeId: 'record' }),
      sampleRun({ nativeId: 'r2', jobNativeId: undefined }),
      sampleRun({ nativeId: 'r3', jobNativeId: 'sibling' }),
    ];
    const [material] = materialByObject({ objects: [object], jobs: [definition, record, sibling], runs });
    const mayBelong = (job: typeof definition): string[] | undefined =>
      material && ids(runsThatMayBelong(job, material));
    expect(mayBelong(definition)).toEqual(['r1', 'r2']);
    expect(mayBelong(sibling)).toEqual(['r3', 'r2']);
  });

  it('has a history of newest runs begin where every job is known', () => {
    const runOf = (jobNativeId: string, startedAt: Date | undefined) =>
      [jobNativeId, [sampleRun({ jobNativeId, startedAt, endedAt: undefined })]] as const;
    const since = (...runs: readonly (readonly [string, readonly ReturnType<typeof sampleRun>[]])[]) =>
      sinceNewestRuns({ runsByJob: new Map(runs) });
    const [early, late] = [new Date('2026-11-18T00:00:00Z'), new Date('2026-11-19T00:00:00Z')];
    expect(since(runOf('a', late), runOf('b', early))).toEqual(late);
    expect(since(runOf('a', early), runOf('b', undefined))).toEqual(OBSERVED_AT);
    expect(since()).toBeUndefined();
  });
});
