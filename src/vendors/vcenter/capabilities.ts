import type { BackupJob } from '../../domain/backup-job.ts';
import { isActive, type BackupStatus } from '../../domain/backup-status.ts';
import type { CapabilityReason, Operation } from '../../domain/source.ts';
import type { CapabilityReading } from '../contract.ts';

export type Capabilities = Readonly<Record<Operation, CapabilityReading>>;

/** What every appliance of a supported version does, in either interface. */
export const SOURCE_CAPABILITIES: Capabilities = {
  CREATE: { supported: true },
  START: { supported: true },
  CANCEL: { supported: true },
  RETRY: notOffered('vCenter has no retry of a backup. Run the schedule now, or create a new backup.', [
    'START',
    'CREATE',
  ]),
  ENABLE: { supported: true },
  DISABLE: { supported: true },
  UPDATE_SCHEDULE: { supported: true },
  DELETE: { supported: true },
  READ_RUN_HISTORY: { supported: true },
  READ_LOGS: { supported: true },
  READ_SCHEDULE: { supported: true },
  READ_SIZES: { supported: true },
};

/** What one run's state means here; `cancelable` is the vendor's own word, undefined where it gives none. */
export interface RunState {
  readonly status: BackupStatus;
  readonly cancelable: boolean | undefined;
}

/** `hasDetails` is false for a 6.5, which tells neither sizes nor schedules. */
export function jobCapabilities(job: BackupJob, state: RunState, hasDetails: boolean): Capabilities {
  const common = { ...SOURCE_CAPABILITIES, CANCEL: cancel(state), READ_SIZES: sizes(hasDetails) };
  if (job.kind === 'RECURRING') {
    return { ...common, START: start(state), ENABLE: enable(job.enabled), DISABLE: disable(job.enabled) };
  }
  return {
    ...common,
    START: notOffered('A backup that was started by hand runs once. Create a new one.', ['CREATE']),
    RETRY: retry(hasDetails),
    ENABLE: WITHOUT_SCHEDULE,
    DISABLE: WITHOUT_SCHEDULE,
    UPDATE_SCHEDULE: WITHOUT_SCHEDULE,
    READ_SCHEDULE: WITHOUT_SCHEDULE,
    DELETE: noDelete(hasDetails),
  };
}

export function runCapabilities(state: RunState, hasDetails: boolean): Capabilities {
  return {
    ...SOURCE_CAPABILITIES,
    CANCEL: cancel(state),
    RETRY: retry(hasDetails),
    START: OF_A_JOB,
    ENABLE: OF_A_JOB,
    DISABLE: OF_A_JOB,
    UPDATE_SCHEDULE: OF_A_JOB,
    READ_SCHEDULE: OF_A_JOB,
    DELETE: noDelete(hasDetails),
    READ_SIZES: sizes(hasDetails),
  };
}

const WITHOUT_SCHEDULE = notOffered('A backup that was started by hand has no schedule.');
const OF_A_JOB = notOffered('This belongs to a schedule, not to one of its runs. Ask the job.');

function retry(hasDetails: boolean): CapabilityReading {
  return hasDetails ? SOURCE_CAPABILITIES.RETRY : notOffered('vCenter has no retry. Create a new backup.', ['CREATE']);
}

/** Only a schedule can be deleted, and only its retention takes backups away. */
function noDelete(hasDetails: boolean): CapabilityReading {
  return notOffered(
    'vCenter deletes neither backups nor their history; only the retention of a schedule takes old backups off the store.',
    hasDetails ? ['UPDATE_SCHEDULE'] : [],
  );
}

function cancel({ status, cancelable }: RunState): CapabilityReading {
  if (!isActive(status)) return no('WRONG_STATE', 'There is no backup under way that could be cancelled.');
  return cancelable === false
    ? no('WRONG_STATE', 'vCenter says that it cannot be cancelled now.')
    : { supported: true };
}

function start({ status, cancelable }: RunState): CapabilityReading {
  if (!isActive(status)) return { supported: true };
  const alternatives = cancelable === false ? [] : (['CANCEL'] as const);
  return no('WRONG_STATE', 'A backup is under way, and an appliance runs one at a time.', alternatives);
}

function enable(enabled: boolean | undefined): CapabilityReading {
  return enabled === true ? no('WRONG_STATE', 'The schedule is enabled already.') : { supported: true };
}

function disable(enabled: boolean | undefined): CapabilityReading {
  return enabled === false ? no('WRONG_STATE', 'The schedule is disabled already.') : { supported: true };
}

function sizes(hasDetails: boolean): CapabilityReading {
  return hasDetails ? { supported: true } : notOffered('This appliance tells no sizes; 6.7 and later do.');
}

function notOffered(explanation: string, alternatives: readonly Operation[] = []): CapabilityReading {
  return no('NOT_OFFERED_BY_VENDOR', explanation, alternatives);
}

function no(reason: CapabilityReason, explanation: string, alternatives: readonly Operation[] = []): CapabilityReading {
  return { supported: false, reason, explanation, ...(alternatives.length === 0 ? {} : { alternatives }) };
}
