import type { SailPointBackupDetails, VCenterBackupDetails } from './backup-job.ts';
import { isActive, type BackupStatus } from './backup-status.ts';

export const RUN_TRIGGERS = ['SCHEDULED', 'MANUAL', 'AUTOMATIC', 'UPLOADED'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const RUN_CONDITION_KINDS = [
  'CANCELED',
  'MISSED',
  'EXCEPTION',
  'ERRORS',
  'WARNINGS',
  'NO_NEW_FILE_DATA',
  'NO_EXCHANGE_OR_SQL_DATA',
  'NOTHING_RESTORED',
  'NOTHING_DELETED',
  'PARTIAL_COVERAGE',
  'OFFSITE_COPY_PENDING',
  'OFFSITE_COPY_FAILED',
  'NO_FILE_STORED',
  'OUTSIDE_WINDOW',
  'STALLED',
  'UNMAPPED',
] as const;
export type RunConditionKind = (typeof RUN_CONDITION_KINDS)[number];

export const SEVERITIES = ['INFO', 'WARNING', 'ERROR'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something notable about a run, in one vocabulary. `nativeKind` is the vendor's word, when it had one. */
export interface RunCondition {
  readonly kind: RunConditionKind;
  readonly nativeKind: string | undefined;
  readonly severity: Severity;
}

/** One line of a run's log. `severity` is undefined where the vendor gives none. */
export interface RunMessage {
  readonly id: string | undefined;
  readonly text: string;
  readonly args: readonly string[];
  readonly severity: Severity | undefined;
}

/**
 * One execution of a job.
 *
 * Missing figures are undefined, never 0.
 */
export interface BackupRun {
  readonly sourceKey: string;
  /** The vendor's key, as `encodeNativeId` writes it; unique among the source's runs. */
  readonly nativeId: string;
  /** Native id of the job it belongs to; undefined where the vendor ties it to none. */
  readonly jobNativeId: string | undefined;
  readonly status: BackupStatus;
  readonly nativeStatus: string | undefined;
  readonly trigger: RunTrigger | undefined;
  readonly requestedBy: string | undefined;
  /** When it was accepted, where the vendor tells that apart from the beginning. */
  readonly queuedAt: Date | undefined;
  readonly startedAt: Date | undefined;
  /** Undefined while it runs, whatever the vendor writes there. */
  readonly endedAt: Date | undefined;
  /** Seconds, as the vendor tells them or as end minus start. */
  readonly durationSeconds: number | undefined;
  /** 0 to 100, the vendor's own figure. */
  readonly progressPercent: number | undefined;
  readonly conditions: readonly RunCondition[];
  /** The log lines, when they came in the same answer; `'NOT_TOLD'` when they take a call of their own. */
  readonly messages: readonly RunMessage[] | 'NOT_TOLD';
  readonly errorCount: number | undefined;
  readonly warningCount: number | undefined;
  readonly objectCount: number | undefined;
  /** Whole bytes, as the vendor counts them. */
  readonly bytes: bigint | undefined;
  /** True when it left something restorable; undefined when the vendor does not say. */
  readonly restorable: boolean | undefined;
  readonly details: BackupRunDetails | undefined;
  readonly observedAt: Date;
  /** True when the vendor tells it no more and the gateway has kept it; left out otherwise. */
  readonly fromHistory?: true | undefined;
}

export type BackupRunDetails =
  SailPointBackupDetails | VCenterBackupDetails | VeeamSessionDetails | IntronisReportDetails;

export interface VeeamSessionDetails {
  readonly type: 'VeeamSessionDetails';
  readonly sessionType: string | undefined;
}

export interface IntronisReportDetails {
  readonly type: 'IntronisReportDetails';
  readonly reportDate: Date | undefined;
  readonly localStart: Date | undefined;
  readonly localEnd: Date | undefined;
  readonly conditionTypes: readonly string[];
}

/** Newest first: by when it began, was accepted or ended, whatever is told first. One that is still to begin stands before all; ties by native id. */
export function compareNewestFirst(a: BackupRun, b: BackupRun): number {
  const [atA, atB] = [instantOf(a), instantOf(b)];
  if (atA !== atB) return atA < atB ? 1 : -1;
  return a.nativeId < b.nativeId ? -1 : a.nativeId > b.nativeId ? 1 : 0;
}

/** Epoch milliseconds; a finished run without any instant is older than all. */
function instantOf(run: BackupRun): number {
  if (run.startedAt === undefined && isActive(run.status)) return Infinity;
  return (run.startedAt ?? run.queuedAt ?? run.endedAt)?.getTime() ?? -Infinity;
}

/**
 * Whether a run is known to have left something restorable.
 *
 * The vendor's own word decides where it gives one; else SUCCEEDED or WARNING, as the status vocabulary defines them.
 */
export function leftRestorableCopy(run: BackupRun): boolean {
  return run.restorable ?? (run.status === 'SUCCEEDED' || run.status === 'WARNING');
}
