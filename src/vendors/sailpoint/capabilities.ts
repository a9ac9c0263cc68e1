import type { BackupJob, BackupJobDetails } from '../../domain/backup-job.ts';
import type { BackupRun, BackupRunDetails } from '../../domain/backup-run.ts';
import type { CapabilityReason, Operation } from '../../domain/source.ts';
import type { CapabilityReading } from '../contract.ts';
import { decodeJobId } from './ids.ts';

type Capabilities = Readonly<Record<Operation, CapabilityReading>>;

const SUPPORTED: CapabilityReading = { supported: true };

/** What the configuration hub offers, the same under every path style. */
export const CAPABILITIES: Capabilities = {
  CREATE: SUPPORTED,
  START: notOffered(
    'SailPoint has no call that starts a backup now; create one with a start time instead, which files a scheduled action.',
  ),
  CANCEL: SUPPORTED,
  RETRY: notOffered('SailPoint has no call that repeats a backup; create one with a start time instead.'),
  ENABLE: notOffered('A scheduled action of SailPoint has no switch; delete it and create it anew instead.'),
  DISABLE: notOffered('A scheduled action of SailPoint has no switch; delete it and create it anew instead.'),
  UPDATE_SCHEDULE: SUPPORTED,
  DELETE: SUPPORTED,
  READ_RUN_HISTORY: SUPPORTED,
  READ_LOGS: notOffered('SailPoint tells no log of a backup; what was notable about it are its conditions.'),
  READ_SCHEDULE: SUPPORTED,
  READ_SIZES: notOffered('SailPoint tells how many objects a backup holds, not how many bytes.'),
};

const NO_STOP = notOffered(
  'SailPoint has no call that stops a backup; only a scheduled action whose one start lies ahead can be withdrawn.',
);

export function jobCapabilities(job: BackupJob, now: Date): Capabilities {
  return decodeJobId(job.nativeId)?.kind === 'action' ? actionCapabilities(job, now) : recordCapabilities(job.details);
}

export function runCapabilities(run: BackupRun): Capabilities {
  return recordCapabilities(run.details);
}

function actionCapabilities({ schedule }: BackupJob, now: Date): Capabilities {
  return {
    ...CAPABILITIES,
    CANCEL: cancelOfAction(schedule?.recurrence.form === 'ONCE' ? schedule.recurrence.at : undefined, now),
    READ_RUN_HISTORY: notOffered(
      'SailPoint does not say which backups a scheduled action has made; they are listed as jobs of their own.',
    ),
  };
}

/** `startsAt` is undefined for an action that does not start just once. */
function cancelOfAction(startsAt: Date | undefined, now: Date): CapabilityReading {
  if (startsAt === undefined) {
    return notOffered('SailPoint has no call that stops a backup; delete the scheduled action to end its repetition.');
  }
  if (startsAt > now) return SUPPORTED;
  return refusal('WRONG_STATE', 'Its start has passed, and SailPoint has no call that stops a backup.');
}

/** A backup record, seen as a job or as a run. */
function recordCapabilities(details: BackupJobDetails | BackupRunDetails | undefined): Capabilities {
  const isProtected = details?.type === 'SailPointBackupDetails' && details.userCanDelete === false;
  return {
    ...CAPABILITIES,
    CANCEL: NO_STOP,
    UPDATE_SCHEDULE: notOffered('A backup record has no schedule; change the scheduled action instead.'),
    DELETE: isProtected
      ? refusal('NOT_PERMITTED', 'SailPoint marks this backup as one that users may not delete.')
      : SUPPORTED,
    READ_SCHEDULE: notOffered('A backup record has no schedule; scheduled actions are listed as jobs of their own.'),
  };
}

function notOffered(explanation: string): CapabilityReading {
  return refusal('NOT_OFFERED_BY_VENDOR', explanation);
}

function refusal(reason: CapabilityReason, explanation: string): CapabilityReading {
  return { supported: false, reason, explanation };
}
