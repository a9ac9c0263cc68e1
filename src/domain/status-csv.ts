import { formatIsoDuration } from './duration.ts';
import { encodeGlobalId } from './native-id.ts';
import type { AssessedEntry } from './status-report.ts';
import { SECOND_MS } from './time-units.ts';

/** An entry, and what its source is called. */
export interface StatusCsvRow {
  readonly entry: AssessedEntry;
  readonly sourceName: string;
  /** Name of the vendor in GraphQL. */
  readonly vendor: string;
}

type CsvValue = string | number | bigint | boolean | Date | undefined;

/** Instants are RFC 3339 in UTC, durations ISO 8601, ids those of GraphQL; what is not known is empty. */
const COLUMNS: readonly (readonly [name: string, value: (row: StatusCsvRow) => CsvValue])[] = [
  ['source', ({ entry }) => entry.sourceKey],
  ['source_name', ({ sourceName }) => sourceName],
  ['vendor', ({ vendor }) => vendor],
  ['object', ({ entry }) => entry.object.name],
  ['object_kind', ({ entry }) => entry.object.kind],
  ['status', ({ entry }) => entry.status],
  ['consecutive_failures', ({ entry }) => entry.consecutiveFailures],
  ['rpo', ({ entry }) => entry.rpo.verdict],
  ['rpo_reason', ({ entry }) => entry.rpo.reason],
  ['rpo_target', ({ entry }) => durationText(entry.rpo.targetMs)],
  ['rpo_target_derived', ({ entry }) => (entry.rpo.targetMs === undefined ? undefined : entry.rpo.derived)],
  ['rpo_age', ({ entry }) => durationText(entry.rpo.achievedMs)],
  ['rpo_due_by', ({ entry }) => entry.rpo.dueBy],
  ['job', ({ entry }) => entry.job?.name],
  ['latest_status', ({ entry }) => entry.latest?.status],
  ['latest_native_status', ({ entry }) => entry.latest?.nativeStatus],
  ['latest_started_at', ({ entry }) => entry.latest?.startedAt],
  ['latest_ended_at', ({ entry }) => entry.latest?.endedAt],
  ['latest_bytes', ({ entry }) => entry.latest?.bytes],
  ['last_success_started_at', ({ entry }) => entry.lastSuccess?.startedAt],
  ['last_success_ended_at', ({ entry }) => entry.lastSuccess?.endedAt],
  ['object_id', ({ entry }) => encodeGlobalId('ProtectedObject', entry.sourceKey, entry.nativeId)],
  ['job_id', ({ entry: { job } }) => job && encodeGlobalId('BackupJob', job.sourceKey, job.nativeId)],
  [
    'latest_run_id',
    ({ entry: { latest } }) => latest && encodeGlobalId('BackupRun', latest.sourceKey, latest.nativeId),
  ],
];

/** In this order; columns are added at the end alone. */
export const STATUS_CSV_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

/**
 * Report entries as CSV (RFC 4180), line by line, the names of the columns first; each line ends in CR LF.
 *
 * A spreadsheet must not take what a vendor sent for a formula: text that begins like one gets an apostrophe in front.
 */
export function* statusCsv(rows: Iterable<StatusCsvRow>): Generator<string, void> {
  yield csvLine(STATUS_CSV_COLUMNS);
  for (const row of rows) yield csvLine(COLUMNS.map(([, value]) => value(row)));
}

/** One line of CSV. Numbers, instants and truth values come as they are; text is neutralised. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map((value) => quoted(cellText(value))).join(',')}\r\n`;
}

function cellText(value: CsvValue): string {
  if (value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? neutralised(value) : String(value);
}

/** What some spreadsheet takes for the beginning of a formula, the wide forms of East Asian text among them. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;
/** A negative number alone calculates nothing, and an apostrophe would make text of it. */
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/;

function neutralised(text: string): string {
  return FORMULA_START.test(text) && !NEGATIVE_NUMBER.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function durationText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatIsoDuration(ms / SECOND_MS);
}
