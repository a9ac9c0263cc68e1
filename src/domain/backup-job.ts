import type { BackupStatus } from './backup-status.ts';
import type { BackupRun } from './backup-run.ts';
import type { ProtectedObjectKind } from './protected-object.ts';
import type { Schedule } from './schedule.ts';

export const BACKUP_JOB_KINDS = ['RECURRING', 'BACKUP_SET', 'ONE_OFF'] as const;
export type BackupJobKind = (typeof BACKUP_JOB_KINDS)[number];

/**
 * What a vendor calls a job: a recurring definition, a backup set, or a one-off.
 *
 * A job comes whole from the vendor's list call; what needs another call (runs, messages, the protected object's name)
 * is read by the source's own methods.
 */
export interface BackupJob {
  readonly sourceKey: string;
  /** The vendor's key, as `encodeNativeId` writes it; unique among the source's jobs. */
  readonly nativeId: string;
  readonly kind: BackupJobKind;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** Undefined where the vendor has no such switch. */
  readonly enabled: boolean | undefined;
  /** Status of the newest run, or of the job where the vendor knows nothing finer. */
  readonly status: BackupStatus;
  /** Exactly what the vendor said. */
  readonly nativeStatus: string | undefined;
  /** What the job protects; the name is read apart, because some vendors tell it in another call. */
  readonly protects: { readonly nativeId: string; readonly kind: ProtectedObjectKind } | undefined;
  /**
   * The newest run, when it came in the same vendor answer; `'NOT_TOLD'` when it takes a call of its own, undefined when the
   * vendor says that there is none.
   */
  readonly lastRun: BackupRun | 'NOT_TOLD' | undefined;
  /** When the newest run began, when told with the job. */
  readonly lastRunAt: Date | undefined;
  /** The vendor's announced next run; undefined when it announces none. */
  readonly nextRunAt: Date | undefined;
  /** Undefined when the vendor exposes none. */
  readonly schedule: Schedule | undefined;
  readonly details: BackupJobDetails | undefined;
  /** When the vendor was read. */
  readonly observedAt: Date;
}

export type BackupJobDetails =
  VeeamJobDetails | IntronisBackupSetDetails | SailPointBackupDetails | VCenterBackupDetails;

export interface VeeamJobDetails {
  readonly type: 'VeeamJobDetails';
  readonly backupType: string | undefined;
  readonly organizationId: string | undefined;
  readonly repositoryId: string | undefined;
}

export interface IntronisBackupSetDetails {
  readonly type: 'IntronisBackupSetDetails';
  readonly accountUsername: string;
  readonly computerId: string;
  readonly computerName: string | undefined;
  readonly backupsetName: string;
}

export interface SailPointBackupDetails {
  readonly type: 'SailPointBackupDetails';
  readonly tenant: string | undefined;
  /** The vendor's word, such as MANUAL or UPLOADED; unknown words pass through. */
  readonly backupType: string | undefined;
  readonly fileExists: boolean | undefined;
  readonly userCanDelete: boolean | undefined;
  readonly isPartial: boolean | undefined;
  readonly hydrationStatus: string | undefined;
  readonly cloudStorageStatus: string | undefined;
}

export interface VCenterBackupDetails {
  readonly type: 'VCenterBackupDetails';
  /** Undefined where the vendor does not tell. */
  readonly parts: readonly string[] | undefined;
  readonly locationType: string | undefined;
  /** Where the backup goes, without any user or password. */
  readonly location: string | undefined;
  readonly comment: string | undefined;
  readonly encrypted: boolean | undefined;
}
