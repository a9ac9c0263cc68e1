import type { BackupJob, BackupJobDetails } from '../../domain/backup-job.ts';
import type { BackupRun, BackupRunDetails } from '../../domain/backup-run.ts';
import { isActive, type BackupStatus } from '../../domain/backup-status.ts';
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
    ['CREATE'],
  ),
  CANCEL: SUPPORTED,
  RETRY: notOffered('SailPoint has no call that repeats a backup; create one with a start time instead.', ['CREATE']),
  ENABLE: notOffered('A scheduled action of SailPoint has no switch; create it anew instead.', ['CREATE']),
  DISABLE: notOffered('A scheduled action of SailPoint has no switch; delete it instead, and create it anew later.', [
    'DELETE',
  ]),
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
  return decodeJobId(job.nativeId)?.kind === 'action' ? actionCapabilities(job, now) : recordCapabilities(job);
}

export function runCapabilities(run: BackupRun): Capabilities {
  return recordCapabilities(run);
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
    return notOffered('SailPoint has no call that stops a backup; delete the scheduled action to end its repetition.', [
      'DELETE',
    ]);
  }
  if (startsAt > now) return SUPPORTED;
  return refusal('WRONG_STATE', 'Its start has passed, and SailPoint has no call that stops a backup.');
}

const NO_SWITCH = notOffered('A backup record has no switch.');

/** A backup record, seen as a job or as a run. */
function recordCapabilities({ status, details }: BackupJob | BackupRun): Capabilities {
  return {
    ...CAPABILITIES,
    CANCEL: NO_STOP,
    ENABLE: NO_SWITCH,
    DISABLE: NO_SWITCH,
    UPDATE_SCHEDULE: notOffered('A backup record has no schedule; change the scheduled action instead.'),
    DELETE: deletionOfRecord(status, details),
    READ_SCHEDULE: notOffered('A backup record has no schedule; scheduled actions are listed as jobs of their own.'),
  };
}

/** What the deletion of a backup under way does is not documented; it must not become a cancel in disguise. */
function deletionOfRecord(
  status: BackupStatus,
  details: BackupJobDetails | BackupRunDetails | undefined,
): CapabilityReading {
  if (details?.type === 'SailPointBackupDetails' && details.userCanDelete === false)
    return refusal('NOT_PERMITTED', 'SailPoint marks this backup as one that users may not delete.');
  return isActive(status)
    ? refusal('WRONG_STATE', 'The backup is under way; it can be deleted when it has ended.')
    : SUPPORTED;
}

function notOffered(explanation: string, alternatives: readonly Operation[] = []): CapabilityReading {
  return { supported: false, reason: 'NOT_OFFERED_BY_VENDOR', explanation, alternatives };
}

function refusal(reason: CapabilityReason, explanation: string): CapabilityReading {
  return { supported: false, reason, explanation };
}
