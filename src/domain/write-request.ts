import type { BackupJob } from './backup-job.ts';
import type { BackupRun } from './backup-run.ts';
import type { Operation } from './source.ts';
import type { Secret } from './secret.ts';

/** The operations that change something at a vendor. */
export const WRITE_VERBS = [
  'CREATE',
  'START',
  'CANCEL',
  'RETRY',
  'ENABLE',
  'DISABLE',
  'UPDATE_SCHEDULE',
  'DELETE',
] as const satisfies readonly Operation[];
export type WriteVerb = (typeof WRITE_VERBS)[number];

/** The vendor-specific part of an input. */
export type WriteSection = CreateTarget['section'];

/** One write, with the things that it is about as they were read a moment ago. */
export type WriteRequest =
  | { readonly verb: 'CREATE'; readonly target: CreateTarget }
  | { readonly verb: 'START' | 'RETRY' | 'ENABLE' | 'DISABLE' | 'DELETE'; readonly job: BackupJob }
  /** At least one of the two; the run is the one to be stopped when both are there. */
  | { readonly verb: 'CANCEL'; readonly job: BackupJob | undefined; readonly run: BackupRun | undefined }
  | { readonly verb: 'UPDATE_SCHEDULE'; readonly job: BackupJob; readonly schedule: ScheduleTarget };

/** What is to be made; the section says for which vendor. */
export type CreateTarget =
  | { readonly section: 'sailpoint'; readonly backup: SailPointBackupRequest }
  | { readonly section: 'vcenter'; readonly backup: VCenterBackupRequest }
  | { readonly section: 'veeam'; readonly backup: VeeamJobRequest };

/** How a schedule is to be; the section says for which vendor. What is left out stays as it is. */
export type ScheduleTarget =
  | { readonly section: 'veeam'; readonly schedule: VeeamScheduleRequest }
  | { readonly section: 'vcenter'; readonly schedule: VCenterScheduleRequest }
  | { readonly section: 'sailpoint'; readonly schedule: SailPointScheduleRequest };

/** A secret as a caller gives it: the text itself, or the name of one in the configuration of the source. */
export interface SecretChoice {
  readonly value: Secret | undefined;
  readonly ref: string | undefined;
}

/** A scheduled action of SailPoint: `startAt` alone is once, `cron` is repeated. */
export interface SailPointBackupRequest {
  readonly name: string;
  readonly startAt: Date | undefined;
  readonly cron: string | undefined;
  readonly timeZone: string | undefined;
  readonly includeTypes: readonly string[] | undefined;
  readonly includedNames: readonly { readonly type: string; readonly names: readonly string[] }[] | undefined;
}

/** What is left out stays as it is; null is not a value here. */
export interface SailPointScheduleRequest {
  readonly startAt: Date | undefined;
  readonly cron: string | undefined;
  readonly timeZone: string | undefined;
}

/** A backup that vCenter begins at once. */
export interface VCenterBackupRequest {
  readonly destination: VCenterDestinationRequest;
  /** Ids of optional parts; undefined takes those that the appliance selects by default. */
  readonly parts: readonly string[] | undefined;
  readonly backupPassword: SecretChoice | undefined;
  readonly comment: string | undefined;
  readonly fast: boolean | undefined;
}

export type VCenterDestinationRequest =
  | { readonly kind: 'configured'; readonly name: string }
  | {
      readonly kind: 'inline';
      /** One of the vendor's location types, such as SFTP. */
      readonly type: string;
      readonly location: string;
      readonly user: string | undefined;
      readonly password: SecretChoice | undefined;
    }
  /** Runs the appliance's own schedule now. */
  | { readonly kind: 'schedule'; readonly jobNativeId: string };

export const VCENTER_DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type VCenterDay = (typeof VCENTER_DAYS)[number];

/** Kinds of backup store that the vendor's documents list over all versions. */
export const VCENTER_LOCATION_TYPES = ['FTP', 'HTTP', 'FTPS', 'HTTPS', 'SCP', 'SFTP', 'NFS', 'SMB'] as const;

export interface VCenterScheduleRequest {
  readonly enabled: boolean | undefined;
  /** All seven, or an empty list, mean daily. */
  readonly days: readonly VCenterDay[] | undefined;
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  /** How many backups are kept. */
  readonly keep: number | undefined;
}

export interface VeeamJobRequest {
  readonly organizationId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly repositoryId: string;
  readonly schedule: VeeamScheduleRequest | undefined;
  readonly runNow: boolean;
}

export const VEEAM_DAYS = ['EVERYDAY', 'WEEKENDS', 'WORKDAYS', ...VCENTER_DAYS] as const;
export type VeeamDay = (typeof VEEAM_DAYS)[number];

export const VEEAM_PERIODS = [
  'MINUTES_5',
  'MINUTES_10',
  'MINUTES_15',
  'MINUTES_30',
  'HOURS_1',
  'HOURS_2',
  'HOURS_4',
  'HOURS_8',
] as const;
export type VeeamPeriod = (typeof VEEAM_PERIODS)[number];

export interface VeeamScheduleRequest {
  /** `time` is HH:MM or HH:MM:SS on the wall clock of the server. */
  readonly daily: { readonly day: VeeamDay; readonly time: string } | undefined;
  readonly periodically: VeeamPeriod | undefined;
  readonly window: WindowRequest | undefined;
  readonly retry: { readonly attempts: number; readonly intervalMinutes: number } | undefined;
}

/** Exactly one of `hours` (168, Sunday 00:00 first) and `intervals`. */
export interface WindowRequest {
  readonly hours: readonly boolean[] | undefined;
  /** `toHour` is exclusive, up to 24; an interval that ends before it begins runs past midnight. */
  readonly intervals:
    readonly { readonly day: VeeamDay; readonly fromHour: number; readonly toHour: number }[] | undefined;
  readonly utcOffsetMinutes: number;
}
