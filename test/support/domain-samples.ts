import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { BackupRun } from '../../src/domain/backup-run.ts';

export const OBSERVED_AT = new Date('2026-11-20T08:00:00Z');

/** A job with nothing special about it. */
export function sampleJob(overrides: Partial<BackupJob> = {}): BackupJob {
  return {
    sourceKey: 'src',
    nativeId: 'j1',
    kind: 'RECURRING',
    name: 'Job 1',
    description: undefined,
    enabled: true,
    status: 'SUCCEEDED',
    nativeStatus: 'Success',
    protects: { nativeId: 'o1', kind: 'APPLIANCE' },
    lastRun: 'NOT_TOLD',
    lastRunAt: undefined,
    nextRunAt: undefined,
    schedule: undefined,
    details: undefined,
    observedAt: OBSERVED_AT,
    ...overrides,
  };
}

/** A run with nothing special about it. */
export function sampleRun(overrides: Partial<BackupRun> = {}): BackupRun {
  return {
    sourceKey: 'src',
    nativeId: 'r1',
    jobNativeId: 'j1',
    status: 'SUCCEEDED',
    nativeStatus: 'Success',
    trigger: undefined,
    requestedBy: undefined,
    queuedAt: undefined,
    startedAt: new Date('2026-11-20T01:00:00Z'),
    endedAt: new Date('2026-11-20T01:10:00Z'),
    durationSeconds: 600,
    progressPercent: undefined,
    conditions: [],
    messages: [],
    errorCount: undefined,
    warningCount: undefined,
    objectCount: undefined,
    bytes: undefined,
    restorable: undefined,
    details: undefined,
    observedAt: OBSERVED_AT,
    ...overrides,
  };
}
