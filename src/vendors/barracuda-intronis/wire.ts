import { GatewayError } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { malformed, readRows, type ObjectReader } from '../../transport/reader.ts';
import { readEnvelope, type Envelope, type Format } from './envelope.ts';
import { mapActionKind, mapCondition, mapConditionStatus, mapHistoryStatus, NEUTRAL_TYPES } from './status.ts';

/** A row of a `backup_status` report: the newest job of a backup set. */
export interface BackupStatusWire {
  readonly report_date: Date | undefined;
  readonly username: string | undefined;
  readonly computer_id: string;
  readonly computer_name: string | undefined;
  readonly backupset_name: string | undefined;
  readonly local_start: Date | undefined;
  /** Last update while it runs, else the end. */
  readonly local_end: Date | undefined;
  readonly condition_status: string | undefined;
  readonly condition_types: readonly string[];
  readonly errors: number | undefined;
  readonly warnings: number | undefined;
}

/** A row of `action_history` that is, or may be, a backup. */
export interface ActionWire {
  readonly action_id: string | undefined;
  readonly computer_id: string;
  readonly type: string | undefined;
  readonly backupset_name: string | undefined;
  readonly status: string | undefined;
  readonly local_start: Date | undefined;
  readonly local_end: Date | undefined;
  readonly total_files: number | undefined;
  readonly processed_files: number | undefined;
  readonly bytes: bigint | undefined;
  readonly condition_status: string | undefined;
  readonly condition_types: readonly string[];
  readonly errors: number | undefined;
  readonly warnings: number | undefined;
}

/** A row of the list of computers, whose form is known in part only. */
export interface ComputerWire {
  readonly computer_id: string;
  readonly status: string | undefined;
}

/** One page, its rows read one by one: a row that cannot be read is a problem and costs only itself. */
export interface Page<T> extends Omit<Envelope, 'rows'> {
  readonly rows: readonly T[];
  readonly problems: readonly GatewayError[];
}

export function parseReportPage(response: HttpResponse, format: Format, drift: Drift): Page<BackupStatusWire> {
  return parsePage(response, format, drift, (row) => parseBackupStatus(row, drift));
}

export function parseHistoryPage(response: HttpResponse, format: Format, drift: Drift): Page<ActionWire> {
  return parsePage(response, format, drift, (row) => parseAction(row, drift));
}

export function parseComputersPage(response: HttpResponse, format: Format, drift: Drift): Page<ComputerWire> {
  return parsePage(response, format, drift, (row) => {
    drift.fields('Computer', row.keys(), COMPUTER_FIELDS);
    const status = tidy(row.optionalText('status'));
    if (status !== undefined && !COMPUTER_STATUSES.has(status)) drift.value('Computer.status', status);
    return { computer_id: id(row, 'computer_id'), status };
  });
}

const BACKUP_STATUS_FIELDS: ReadonlySet<string> = new Set([
  'report_date',
  'username',
  'computer_id',
  'computer_name',
  'backupset_name',
  'local_start',
  'local_end',
  'condition_status',
  'condition_types',
  'errors',
  'warnings',
]);

const ACTION_FIELDS: ReadonlySet<string> = new Set([
  'action_id',
  'username',
  'computer_id',
  'type',
  'backupset_name',
  'plugin',
  'status',
  'local_start',
  'local_end',
  'total_files',
  'processed_files',
  'bytes',
  'condition_status',
  'condition_types',
  'errors',
  'warnings',
]);

const COMPUTER_STATUSES: ReadonlySet<string> = new Set(['ACTIVE', 'DISABLED', 'DELETED']);

const COMPUTER_FIELDS: ReadonlySet<string> = new Set([
  'username',
  'computer_id',
  'signup_date',
  'status',
  'usage',
  'name',
  'email',
  'phone',
  'links',
]);

function parsePage<T>(response: HttpResponse, format: Format, drift: Drift, parse: (row: ObjectReader) => T): Page<T> {
  const { rows, ...envelope } = readEnvelope(response, format);
  return { ...envelope, ...readRows(rows, parse, drift) };
}

function parseBackupStatus(row: ObjectReader, drift: Drift): BackupStatusWire {
  drift.fields('BackupStatus', row.keys(), BACKUP_STATUS_FIELDS);
  return {
    report_date: row.optionalInstant('report_date'),
    username: tidy(row.optionalText('username')),
    computer_id: id(row, 'computer_id'),
    computer_name: tidy(row.optionalText('computer_name')),
    backupset_name: tidy(row.optionalText('backupset_name')),
    local_start: row.optionalInstant('local_start'),
    local_end: row.optionalInstant('local_end'),
    ...parseConditions(row, 'BackupStatus', drift),
  };
}

function parseAction(row: ObjectReader, drift: Drift): ActionWire {
  drift.fields('Action', row.keys(), ACTION_FIELDS);
  const status = tidy(row.optionalText('status'));
  if (status !== undefined && mapHistoryStatus(status).status === 'UNKNOWN') drift.value('Action.status', status);
  const type = tidy(row.optionalText('type'));
  if (type !== undefined && mapActionKind(type) === 'UNKNOWN') drift.value('Action.type', type);
  return {
    action_id: tidy(row.optionalText('action_id')),
    computer_id: id(row, 'computer_id'),
    type,
    backupset_name: tidy(row.optionalText('backupset_name')),
    status,
    local_start: row.optionalInstant('local_start'),
    local_end: row.optionalInstant('local_end'),
    total_files: row.optionalInteger('total_files'),
    processed_files: row.optionalInteger('processed_files'),
    bytes: row.optionalBigInt('bytes'),
    ...parseConditions(row, 'Action', drift),
  };
}

type ConditionsWire = Pick<BackupStatusWire, 'condition_status' | 'condition_types' | 'errors' | 'warnings'>;

function parseConditions(row: ObjectReader, thing: string, drift: Drift): ConditionsWire {
  const status = tidy(row.optionalText('condition_status'));
  if (status !== undefined && mapConditionStatus(status).status === 'UNKNOWN')
    drift.value(`${thing}.condition_status`, status);
  const types = [...new Set(row.texts('condition_types').map(tidy))].filter((type) => type !== undefined);
  for (const type of types) {
    if (!NEUTRAL_TYPES.has(type) && mapCondition(type).kind === 'UNMAPPED')
      drift.value(`${thing}.condition_types`, type);
  }
  return {
    condition_status: status,
    condition_types: types,
    errors: row.optionalInteger('errors'),
    warnings: row.optionalInteger('warnings'),
  };
}

/** A key that looks like a number and is text: `0107` and `107` are two computers. */
function id(row: ObjectReader, key: string): string {
  const text = tidy(row.text(key));
  if (text === undefined) throw malformed(`${row.path}.${key}`, 'text');
  return text;
}

/** XML comes without blanks around texts, so JSON loses them too; half characters would make a text that no id can carry. */
function tidy(text: string | undefined): string | undefined {
  const tidied = text?.toWellFormed().trim();
  return tidied === '' ? undefined : tidied;
}
