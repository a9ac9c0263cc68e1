import { describe, expect, it } from 'vitest';
import { compareNewestFirst, leftRestorableCopy } from '../../src/domain/backup-run.ts';
import { sampleRun } from '../support/domain-samples.ts';

describe('domain/backup-run', () => {
  it('puts what is still to begin first, then the newest, and what has no instant last', () => {
    const runs = [
      sampleRun({ nativeId: 'nothing', startedAt: undefined, endedAt: undefined }),
      sampleRun({ nativeId: 'old', startedAt: new Date('2026-11-18T00:00:00Z') }),
      sampleRun({ nativeId: 'only-end', startedAt: undefined, endedAt: new Date('2026-11-19T00:00:00Z') }),
      sampleRun({
        nativeId: 'queued',
        status: 'QUEUED',
        startedAt: undefined,
        endedAt: undefined,
        queuedAt: new Date('2026-11-01T00:00:00Z'),
      }),
      sampleRun({ nativeId: 'new-b' }),
      sampleRun({ nativeId: 'new-a' }),
    ];
    expect(runs.toSorted(compareNewestFirst).map(({ nativeId }) => nativeId)).toEqual([
      'queued',
      'new-a',
      'new-b',
      'only-end',
      'old',
      'nothing',
    ]);
  });

  it('believes the vendor about what is restorable, else the status', () => {
    expect(leftRestorableCopy(sampleRun({ restorable: false }))).toBe(false);
    expect(leftRestorableCopy(sampleRun({ status: 'FAILED', restorable: true }))).toBe(true);
    expect(leftRestorableCopy(sampleRun({ status: 'WARNING' }))).toBe(true);
    for (const status of ['UNKNOWN', 'CANCELED', 'RUNNING', 'MISSED', 'NONE'] as const)
      expect(leftRestorableCopy(sampleRun({ status }))).toBe(false);
  });
});
