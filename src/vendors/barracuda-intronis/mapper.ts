import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { isActive, statusSeverityRank, type StatusReading } from '../../domain/backup-status.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import { encodeJobId, encodeRunId, type SetKey } from './ids.ts';
import {
  mapActionKind,
  mapActionStatus,
  mapConditions,
  mapReportStatus,
  mapRestorable,
  worseReading,
  type ConditionData,
  type ConditionRules,
} from './status.ts';
import type { ActionWire, BackupStatusWire } from './wire.ts';

/** A wire row with the account in whose path it stood, which is what names it, and when it was asked for. */
export interface Located<Row> {
  readonly username: string;
  readonly row: Row;
  readonly fetchedAt: Date;
}
export type ReportRow = Located<BackupStatusWire>;
export type ActionRow = Located<ActionWire>;

export interface MapContext {
  readonly sourceKey: string;
  readonly rules: ConditionRules;
}

/** The jobs of report rows, one for each backup set: of two rows with the same key the newer beginning is the job's state. */
export function mapJobs(reports: readonly ReportRow[], context: MapContext): readonly BackupJob[] {
  const newest = new Map<string, ReportRow>();
  for (const report of reports) {
    const id = encodeJobId(keyOfReport(report));
    const other = newest.get(id);
    newest.set(id, other === undefined ? report : newerReport(other, report, context));
  }
  return [...newest.values()].map((report) => mapJob(report, context));
}

/** The job and its newest run come from one row, so they never disagree. */
export function mapJob(report: ReportRow, context: MapContext): BackupJob {
  const { row, fetchedAt } = report;
  const nativeId = encodeJobId(keyOfReport(report));
  const lastRun = mapReportRun(report, context);
  return {
    sourceKey: context.sourceKey,
    nativeId,
    kind: 'BACKUP_SET',
    name: row.backupset_name ?? row.computer_name,
    description: row.computer_name,
    enabled: undefined,
    status: lastRun.status,
    nativeStatus: lastRun.nativeStatus,
    protects: { nativeId, kind: 'COMPUTER_BACKUP_SET' },
    lastRun,
    lastRunAt: lastRun.startedAt,
    nextRunAt: undefined,
    schedule: undefined,
    details: {
      type: 'IntronisBackupSetDetails',
      accountUsername: row.username ?? report.username,
      computerId: row.computer_id,
      computerName: row.computer_name,
      backupsetName: row.backupset_name ?? '',
    },
    observedAt: fetchedAt,
  };
}

/**
 * The runs of report rows and history rows, no id twice.
 *
 * A history row and a report row of the same set and beginning are one run.
 */
export function mapRuns(
  reports: readonly ReportRow[],
  actions: readonly ActionRow[],
  context: MapContext,
): ReadonlyMap<string, BackupRun> {
  const runs = new Map<string, BackupRun>();
  const reportOf = new Map<string, ReportRow>();
  const computerNames = new Map<string, string>();
  for (const report of reports) {
    const run = mapReportRun(report, context);
    if (isWorse(run, runs.get(run.nativeId))) {
      runs.set(run.nativeId, run);
      reportOf.set(run.nativeId, report);
    }
    if (report.row.computer_name !== undefined) computerNames.set(computerOf(report), report.row.computer_name);
  }
  const seen = new Set<string>();
  for (const action of actions) {
    const key = keyOfAction(action, computerNames.get(computerOf(action)));
    const id = encodeRunId({ ...key, startedAt: action.row.local_start });
    const run = mapActionRun(action, key, reportOf.get(id), context);
    if (!seen.has(id) || isWorse(run, runs.get(id))) runs.set(id, run);
    seen.add(id);
  }
  return runs;
}

export function mapReportRun(report: ReportRow, context: MapContext): BackupRun {
  const { row, fetchedAt } = report;
  const key = keyOfReport(report);
  const reading = mapReportStatus(conditionsOf(row), context.rules);
  return {
    ...runOf(key, row, reading, context),
    errorCount: row.errors,
    warningCount: row.warnings,
    conditions: mapConditions(row.condition_types),
    restorable: isActive(reading.status) ? undefined : mapRestorable(undefined, row.condition_types),
    progressPercent: undefined,
    objectCount: undefined,
    bytes: undefined,
    details: {
      type: 'IntronisReportDetails',
      reportDate: row.report_date,
      localStart: row.local_start,
      localEnd: row.local_end,
      conditionTypes: row.condition_types,
    },
    observedAt: fetchedAt,
  };
}

/** A history row; the report row of the same run lends what the history lacks, and a worse outcome. */
function mapActionRun(
  { row, fetchedAt }: ActionRow,
  key: SetKey,
  report: ReportRow | undefined,
  context: MapContext,
): BackupRun {
  const conditions = mergeConditions(conditionsOf(row), report && conditionsOf(report.row));
  // What an action of a kind that nobody knows has succeeded in is not said.
  const own: StatusReading =
    mapActionKind(row.type) === 'BACKUP'
      ? mapActionStatus(row.status, conditions, context.rules)
      : { status: 'UNKNOWN', raw: row.status };
  const reading =
    report === undefined ? own : worseReading(own, mapReportStatus(conditionsOf(report.row), context.rules));
  const told = [...row.condition_types, ...(report?.row.condition_types ?? [])];
  const localEnd = row.local_end ?? report?.row.local_end;
  return {
    ...runOf(key, { local_start: row.local_start, local_end: localEnd }, reading, context),
    errorCount: conditions.errors,
    warningCount: conditions.warnings,
    conditions: mapConditions(conditions.types),
    restorable: isActive(reading.status) ? undefined : mapRestorable(row.status, told),
    progressPercent: percent(row.processed_files, row.total_files),
    objectCount: row.processed_files,
    bytes: row.bytes,
    details: {
      type: 'IntronisReportDetails',
      reportDate: report?.row.report_date,
      localStart: row.local_start,
      localEnd,
      conditionTypes: conditions.types,
    },
    observedAt: report !== undefined && report.fetchedAt < fetchedAt ? report.fetchedAt : fetchedAt,
  };
}

export function mapProtectedObject(job: BackupJob): ProtectedObject {
  const { sourceKey, nativeId, name, details } = job;
  const computer =
    details?.type === 'IntronisBackupSetDetails' ? (details.computerName ?? details.computerId) : undefined;
  const set = details?.type === 'IntronisBackupSetDetails' && details.backupsetName !== '' ? name : undefined;
  const objectName = [set, computer].filter((part) => part !== undefined).join(' on ');
  return { sourceKey, nativeId, name: objectName, kind: 'COMPUTER_BACKUP_SET' };
}

export function keyOfReport({ username, row }: ReportRow): SetKey {
  const set = row.backupset_name ?? row.computer_name ?? row.computer_id;
  return { username, computerId: row.computer_id, set };
}

/** History rows do not tell the computer's name, which names a set without a name; the report does. */
function keyOfAction({ username, row }: ActionRow, computerName: string | undefined): SetKey {
  const set = row.backupset_name ?? computerName ?? row.computer_id;
  return { username, computerId: row.computer_id, set };
}

type RunFrame = Omit<
  BackupRun,
  | 'errorCount'
  | 'warningCount'
  | 'conditions'
  | 'restorable'
  | 'progressPercent'
  | 'objectCount'
  | 'bytes'
  | 'details'
  | 'observedAt'
>;

function runOf(
  key: SetKey,
  { local_start: startedAt, local_end }: Pick<BackupStatusWire, 'local_start' | 'local_end'>,
  { status, raw }: StatusReading,
  { sourceKey }: MapContext,
): RunFrame {
  // While it runs, the vendor writes the last update where the end would be.
  const endedAt = isActive(status) ? undefined : local_end;
  return {
    sourceKey,
    nativeId: encodeRunId({ ...key, startedAt }),
    jobNativeId: encodeJobId(key),
    status,
    nativeStatus: raw,
    trigger: undefined,
    requestedBy: undefined,
    queuedAt: undefined,
    startedAt,
    endedAt,
    durationSeconds: seconds(startedAt, endedAt),
    // There are no log lines; what the vendor tells are the conditions.
    messages: [],
  };
}

function newerReport(a: ReportRow, b: ReportRow, context: MapContext): ReportRow {
  const startA = a.row.local_start?.getTime();
  const startB = b.row.local_start?.getTime();
  if (startA !== undefined && startB !== undefined && startA !== startB) return startA > startB ? a : b;
  // Which is newer is not told: the one that needs an eye must not hide behind a green one.
  return isWorse(mapReportRun(b, context), mapReportRun(a, context)) ? b : a;
}

function isWorse(run: BackupRun, other: BackupRun | undefined): boolean {
  return other === undefined || statusSeverityRank(run.status) < statusSeverityRank(other.status);
}

function conditionsOf(row: BackupStatusWire | ActionWire): ConditionData {
  return { status: row.condition_status, types: row.condition_types, errors: row.errors, warnings: row.warnings };
}

function mergeConditions(own: ConditionData, report: ConditionData | undefined): ConditionData {
  return {
    status: own.status ?? report?.status,
    types: own.types.length > 0 ? own.types : (report?.types ?? []),
    errors: own.errors ?? report?.errors,
    warnings: own.warnings ?? report?.warnings,
  };
}

function computerOf({ username, row }: Located<{ readonly computer_id: string }>): string {
  return JSON.stringify([username, row.computer_id]);
}

function seconds(start: Date | undefined, end: Date | undefined): number | undefined {
  if (start === undefined || end === undefined || end < start) return undefined;
  return (end.getTime() - start.getTime()) / 1000;
}

function percent(done: number | undefined, total: number | undefined): number | undefined {
  if (done === undefined || total === undefined || total <= 0 || done < 0) return undefined;
  return Math.min(Math.floor((done / total) * 100), 100);
}
