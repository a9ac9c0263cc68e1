import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { isActive } from '../../domain/backup-status.ts';
import type { CapabilityReason, Operation } from '../../domain/source.ts';
import type { CapabilityReading } from '../contract.ts';

export type Capabilities = Readonly<Record<Operation, CapabilityReading>>;

const YES: CapabilityReading = { supported: true };

/** What API v3 to v8 offer: everything. A run is repeated by starting its job again. */
export const CAPABILITIES: Capabilities = {
  CREATE: YES,
  START: YES,
  CANCEL: YES,
  RETRY: YES,
  ENABLE: YES,
  DISABLE: YES,
  UPDATE_SCHEDULE: YES,
  DELETE: YES,
  READ_RUN_HISTORY: YES,
  READ_LOGS: YES,
  READ_SCHEDULE: YES,
  READ_SIZES: YES,
};

/** What can be done with a job as it stands. A disabled job is not run by its schedule and can be started all the same. */
export function capabilitiesOfJob({ status, enabled }: BackupJob): Capabilities {
  const active = isActive(status);
  const ended = status === 'NONE' || (!active && status !== 'UNKNOWN');
  return {
    ...CAPABILITIES,
    START: active ? RUNNING : YES,
    CANCEL: ended ? wrongState('The job is not running, so there is nothing to cancel.') : YES,
    RETRY: retryOfJob(status, active),
    ENABLE: enabled === true ? wrongState('The job is enabled already.') : YES,
    DISABLE: enabled === false ? wrongState('The job is disabled already.') : YES,
  };
}

function retryOfJob(status: BackupJob['status'], active: boolean): CapabilityReading {
  if (active) return wrongState('The job is running or queued; a retry needs a run that has ended.', ['CANCEL']);
  return status === 'NONE'
    ? wrongState('The job has never run, so there is nothing to retry; start it.', ['START'])
    : YES;
}

/** What can be done with a run as it stands. The vendor stops and starts jobs, so a run needs its job for both. */
export function capabilitiesOfRun({ status, jobNativeId, endedAt }: BackupRun): Capabilities {
  return {
    ...CAPABILITIES,
    CANCEL: jobNativeId === undefined ? WITHOUT_JOB : cancelOfRun(status, endedAt !== undefined),
    RETRY: jobNativeId === undefined ? WITHOUT_JOB : retryOfRun(status),
    DELETE: no(
      'NOT_OFFERED_BY_VENDOR',
      'Veeam Backup for Microsoft 365 keeps its session history by itself; only a job can be deleted.',
    ),
  };
}

function cancelOfRun(status: BackupRun['status'], hasEnded: boolean): CapabilityReading {
  if (isActive(status) || (status === 'UNKNOWN' && !hasEnded)) return YES;
  return wrongState('The run has ended, so there is nothing to cancel.');
}

function retryOfRun(status: BackupRun['status']): CapabilityReading {
  if (isActive(status)) return wrongState('The run has not ended yet.', ['CANCEL']);
  return status === 'SUCCEEDED' ? wrongState('The run succeeded; start the job for another one.', ['START']) : YES;
}

const RUNNING = wrongState('The job is running or queued already; wait for its end or cancel it.', ['CANCEL']);

const WITHOUT_JOB = no(
  'NOT_OFFERED_BY_VENDOR',
  'Veeam Backup for Microsoft 365 stops and starts jobs, and does not tell which job this run belongs to.',
);

function wrongState(explanation: string, alternatives: readonly Operation[] = []): CapabilityReading {
  return no('WRONG_STATE', explanation, alternatives);
}

function no(reason: CapabilityReason, explanation: string, alternatives: readonly Operation[] = []): CapabilityReading {
  return { supported: false, reason, explanation, alternatives };
}
