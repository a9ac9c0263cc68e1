import type { BackupJob, SailPointBackupDetails } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { isActive, statusSeverityRank } from '../../domain/backup-status.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { Recurrence, Schedule, Zone } from '../../domain/schedule.ts';
import { encodeJobId, encodeRunId, TENANT_ID } from './ids.ts';
import { isRestorable, mapConditions, mapOutcome, mapTrigger } from './status.ts';
import type { BackupWire, ScheduledActionWire } from './wire.ts';

/** A wire row and when its list was asked for. */
export interface Fetched<Row> {
  readonly row: Row;
  readonly fetchedAt: Date;
}

/** A backup, or an uploaded configuration. */
export interface BackupRecord extends Fetched<BackupWire> {
  readonly isUpload: boolean;
}

export interface MapContext {
  readonly sourceKey: string;
  /** The operator's name of the source, which names its one protected object. */
  readonly sourceName: string;
  /** Zone of a cron for which the vendor names none, when the operator configured one. */
  readonly timeZone: string | undefined;
}

/**
 * Backups and uploads by `jobId`, each once.
 *
 * Whether uploads stand in the list of backups too is not documented; where a record stands in both, the one of the backups counts,
 * and is an upload unless it says otherwise. Of two rows in one list the worse counts, so that no success hides a failure.
 */
export function mergeRecords(
  backups: readonly Fetched<BackupWire>[],
  uploads: readonly Fetched<BackupWire>[],
): ReadonlyMap<string, BackupRecord> {
  const records = new Map<string, BackupRecord>();
  const uploaded = worstById(uploads);
  for (const [id, { row, fetchedAt }] of worstById(backups)) {
    const isUpload = row.backupType === undefined ? uploaded.has(id) : row.backupType === 'UPLOADED';
    records.set(id, { row, fetchedAt, isUpload });
  }
  for (const [id, { row, fetchedAt }] of uploaded) {
    if (!records.has(id)) records.set(id, { row, fetchedAt, isUpload: true });
  }
  return records;
}

function worstById(rows: readonly Fetched<BackupWire>[]): ReadonlyMap<string, Fetched<BackupWire>> {
  const worst = new Map<string, Fetched<BackupWire>>();
  for (const fetched of rows) {
    const other = worst.get(fetched.row.jobId);
    if (other === undefined || rankOf(fetched) < rankOf(other)) worst.set(fetched.row.jobId, fetched);
  }
  return worst;
}

function rankOf({ row }: Fetched<BackupWire>): number {
  return statusSeverityRank(mapOutcome(row).status);
}

/** A record as a run: it is one. */
export function mapRun({ row, fetchedAt, isUpload }: BackupRecord, { sourceKey }: MapContext): BackupRun {
  const { status, raw } = mapOutcome(row);
  // A record that has not begun carries the time of the request there.
  const hasBegun = status !== 'QUEUED';
  const startedAt = hasBegun ? row.created : undefined;
  const endedAt = isActive(status) ? undefined : row.completed;
  return {
    sourceKey,
    nativeId: encodeRunId(row.jobId),
    jobNativeId: encodeJobId({ kind: 'backup', id: row.jobId }),
    status,
    nativeStatus: raw,
    trigger: mapTrigger(row.backupType ?? (isUpload ? 'UPLOADED' : undefined)),
    requestedBy: row.requesterName,
    queuedAt: hasBegun ? undefined : row.created,
    startedAt,
    endedAt,
    durationSeconds: seconds(startedAt, endedAt),
    progressPercent: undefined,
    conditions: mapConditions(row),
    // There is no log; what the vendor tells are the conditions.
    messages: [],
    errorCount: undefined,
    warningCount: undefined,
    objectCount: row.totalObjectCount,
    bytes: undefined,
    restorable: isRestorable(row),
    details: mapDetails(row),
    observedAt: fetchedAt,
  };
}

/**
 * A record as the one-off job whose one run it is.
 *
 * An upload protects nothing: the file may be of any age and of any tenant, so that it must not count as the tenant's newest backup.
 */
export function mapBackupJob(record: BackupRecord, context: MapContext): BackupJob {
  const { row, fetchedAt, isUpload } = record;
  const run = mapRun(record, context);
  return {
    sourceKey: context.sourceKey,
    nativeId: encodeJobId({ kind: 'backup', id: row.jobId }),
    kind: 'ONE_OFF',
    name: row.name ?? `backup ${row.jobId}`,
    description: describeTypes(row.includeTypes),
    enabled: undefined,
    status: run.status,
    nativeStatus: run.nativeStatus,
    protects: isUpload ? undefined : { nativeId: TENANT_ID, kind: 'TENANT_CONFIGURATION' },
    lastRun: run,
    lastRunAt: run.startedAt,
    nextRunAt: undefined,
    schedule: undefined,
    details: mapDetails(row),
    observedAt: fetchedAt,
  };
}

/**
 * A scheduled action as a job: RECURRING with a cron, else a one-off.
 *
 * The vendor ties no run to it, so that nobody can say how it fares: UNKNOWN, or QUEUED for a one-off that lies ahead of `now`.
 */
export function mapActionJob(
  { row, fetchedAt }: Fetched<ScheduledActionWire>,
  context: MapContext,
  now: Date,
): BackupJob {
  const schedule = mapSchedule(row, context);
  const nextRunAt =
    schedule.recurrence.form === 'ONCE' && schedule.recurrence.at > now ? schedule.recurrence.at : undefined;
  return {
    sourceKey: context.sourceKey,
    nativeId: encodeJobId({ kind: 'action', id: row.id }),
    kind: schedule.recurrence.form === 'CRON' ? 'RECURRING' : 'ONE_OFF',
    name: row.name,
    description: describeTypes(row.includeTypes),
    enabled: undefined,
    status: nextRunAt === undefined ? 'UNKNOWN' : 'QUEUED',
    nativeStatus: undefined,
    protects: { nativeId: TENANT_ID, kind: 'TENANT_CONFIGURATION' },
    lastRun: undefined,
    lastRunAt: undefined,
    nextRunAt,
    schedule,
    details: undefined,
    observedAt: fetchedAt,
  };
}

export function mapProtectedObject({ sourceKey, sourceName }: MapContext): ProtectedObject {
  return { sourceKey, nativeId: TENANT_ID, name: sourceName, kind: 'TENANT_CONFIGURATION' };
}

function mapSchedule(row: ScheduledActionWire, context: MapContext): Schedule {
  return {
    enabled: undefined,
    recurrence: mapRecurrence(row),
    zone: mapZone(row, context),
    startsAt: row.startTime,
    retry: undefined,
    window: undefined,
  };
}

function mapRecurrence({ cronString, startTime }: ScheduledActionWire): Recurrence {
  if (cronString !== undefined) return { form: 'CRON', expression: cronString };
  return startTime === undefined ? { form: 'UNKNOWN', raw: '' } : { form: 'ONCE', at: startTime };
}

/** The vendor's default zone is not documented, so that it is not assumed; a zone that it names and nobody knows is none. */
function mapZone({ timeZoneId, namesZone }: ScheduledActionWire, context: MapContext): Zone | undefined {
  const timeZone = timeZoneId ?? (namesZone ? undefined : context.timeZone);
  return timeZone === undefined ? undefined : { timeZone };
}

function mapDetails(row: BackupWire): SailPointBackupDetails {
  const { tenant, backupType, fileExists, userCanDelete, isPartial, hydrationStatus, cloudStorageStatus } = row;
  return {
    type: 'SailPointBackupDetails',
    tenant,
    backupType,
    fileExists,
    userCanDelete,
    isPartial,
    hydrationStatus,
    cloudStorageStatus,
  };
}

function describeTypes(includeTypes: readonly string[]): string | undefined {
  return includeTypes.length === 0 ? undefined : `Object types: ${includeTypes.join(', ')}`;
}

function seconds(start: Date | undefined, end: Date | undefined): number | undefined {
  if (start === undefined || end === undefined || end < start) return undefined;
  return (end.getTime() - start.getTime()) / 1000;
}
