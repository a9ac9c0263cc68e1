import type { GatewayError } from '../../domain/errors.ts';
import { isTimeZone } from '../../domain/zone.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { malformed, readArray, readObject, readRows, type ObjectReader } from '../../transport/reader.ts';
import { isBackup, mapOffsiteCopy, mapStatus, mapTrigger } from './status.ts';

/** A backup or an uploaded configuration. The vendor promises no field; a record without `jobId` cannot be told from others. */
export interface BackupWire {
  readonly jobId: string;
  readonly status: string | undefined;
  readonly type: string | undefined;
  readonly tenant: string | undefined;
  readonly requesterName: string | undefined;
  /** Counts as true when not told; so does `userCanDelete`. */
  readonly fileExists: boolean | undefined;
  readonly created: Date | undefined;
  readonly completed: Date | undefined;
  readonly name: string | undefined;
  readonly userCanDelete: boolean | undefined;
  /** Counts as false when not told. */
  readonly isPartial: boolean | undefined;
  readonly backupType: string | undefined;
  /** `options.includeTypes`; empty when the backup was not narrowed. */
  readonly includeTypes: readonly string[];
  readonly hydrationStatus: string | undefined;
  readonly totalObjectCount: number | undefined;
  readonly cloudStorageStatus: string | undefined;
}

/** A scheduled action that makes backups. */
export interface ScheduledActionWire {
  readonly id: string;
  readonly startTime: Date | undefined;
  /** As told: the vendor fixes no dialect. */
  readonly cronString: string | undefined;
  /** A zone that is known; undefined when not told or unknown. */
  readonly timeZoneId: string | undefined;
  /** Whether the vendor named a zone, known or not. */
  readonly namesZone: boolean;
  /** `content.name`. */
  readonly name: string | undefined;
  /** `content.backupOptions.includeTypes`. */
  readonly includeTypes: readonly string[];
}

/** The rows of a list, read one by one: a row that cannot be read is a problem and costs only itself. */
export interface WireRows<T> {
  readonly rows: readonly T[];
  readonly problems: readonly GatewayError[];
}

/**
 * The list of backups, or of uploads, which has the same form.
 *
 * @throws MALFORMED_RESPONSE when it is not an array.
 */
export function parseBackups(response: HttpResponse, drift: Drift): WireRows<BackupWire> {
  const elements = readArray(decodeJson(response));
  noteFullList('Backup', elements.length, drift);
  return readRows(elements, (row) => parseBackup(row, drift), drift);
}

/**
 * The scheduled actions that make backups; those that make or deploy drafts are left out, and so are, with a note in the drift,
 * those that do not say what they make.
 *
 * @throws MALFORMED_RESPONSE when it is not an array.
 */
export function parseScheduledActions(response: HttpResponse, drift: Drift): WireRows<ScheduledActionWire> {
  const elements = readArray(decodeJson(response));
  noteFullList('ScheduledAction', elements.length, drift);
  const { rows, problems } = readRows(elements, (row) => parseScheduledAction(row, drift), drift);
  return { rows: rows.filter((row) => row !== undefined), problems };
}

/**
 * The answer to a change of a scheduled action that makes backups.
 *
 * @throws MALFORMED_RESPONSE when it is no such action.
 */
export function parseChangedAction(response: HttpResponse, drift: Drift): ScheduledActionWire {
  const action = parseScheduledAction(readObject(decodeJson(response), '$', drift), drift);
  if (action === undefined) throw malformed('$.jobType', 'BACKUP');
  return action;
}

const BACKUP_FIELDS: ReadonlySet<string> = new Set([
  'jobId',
  'status',
  'type',
  'tenant',
  'requesterName',
  'fileExists',
  'created',
  'modified',
  'completed',
  'name',
  'userCanDelete',
  'isPartial',
  'backupType',
  'options',
  'hydrationStatus',
  'totalObjectCount',
  'cloudStorageStatus',
]);

const OPTIONS_FIELDS: ReadonlySet<string> = new Set(['includeTypes', 'objectOptions']);

const ACTION_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'created',
  'jobType',
  'startTime',
  'cronString',
  'timeZoneId',
  'content',
]);

const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'backupOptions',
  'sourceBackupId',
  'sourceTenant',
  'draftId',
]);

const HYDRATION_WORDS: ReadonlySet<string> = new Set(['HYDRATED', 'NOT_HYDRATED']);

/** The default and the maximum page of the vendor's other lists; these lists have no pages, as far as is documented. */
const SUSPICIOUS_LENGTH = 250;

function parseBackup(row: ObjectReader, drift: Drift): BackupWire {
  drift.fields('Backup', row.keys(), BACKUP_FIELDS);
  const backup = {
    jobId: key(row, 'jobId'),
    status: row.optionalText('status'),
    type: row.optionalText('type'),
    tenant: row.optionalText('tenant'),
    requesterName: row.optionalText('requesterName'),
    fileExists: row.optionalBoolean('fileExists'),
    created: row.optionalInstant('created'),
    completed: row.optionalInstant('completed'),
    name: row.optionalText('name'),
    userCanDelete: row.optionalBoolean('userCanDelete'),
    isPartial: row.optionalBoolean('isPartial'),
    backupType: row.optionalText('backupType'),
    includeTypes: parseIncludeTypes(row, 'options', drift),
    hydrationStatus: row.optionalText('hydrationStatus'),
    totalObjectCount: parseCount(row, 'totalObjectCount', drift),
    cloudStorageStatus: row.optionalText('cloudStorageStatus'),
  };
  noteWords(backup, drift);
  return backup;
}

/** Undefined for an action that makes no backups. */
function parseScheduledAction(row: ObjectReader, drift: Drift): ScheduledActionWire | undefined {
  drift.fields('ScheduledAction', row.keys(), ACTION_FIELDS);
  if (!makesBackups(row.optionalText('jobType'), drift)) return undefined;
  const content = row.optionalObject('content');
  if (content !== undefined) drift.fields('ScheduledAction.content', content.keys(), CONTENT_FIELDS);
  const zone = row.optionalText('timeZoneId');
  const knowsZone = zone !== undefined && isTimeZone(zone);
  if (zone !== undefined && !knowsZone) drift.value('ScheduledAction.timeZoneId', zone);
  const cron = row.optionalText('cronString');
  return {
    id: key(row, 'id'),
    startTime: row.optionalInstant('startTime'),
    cronString: cron?.trim() === '' ? undefined : cron,
    timeZoneId: knowsZone ? zone : undefined,
    namesZone: zone !== undefined,
    name: content?.optionalText('name'),
    includeTypes: content === undefined ? [] : parseIncludeTypes(content, 'backupOptions', drift),
  };
}

function makesBackups(jobType: string | undefined, drift: Drift): boolean {
  switch (jobType) {
    case 'BACKUP':
      return true;
    case 'CREATE_DRAFT':
    case 'CONFIG_DEPLOY_DRAFT':
      return false;
    default:
      drift.value('ScheduledAction.jobType', jobType ?? '(not told)');
      return false;
  }
}

/** The types that a backup was narrowed to. The vendor writes empty options as an object, as an array, or not at all. */
function parseIncludeTypes(row: ObjectReader, member: string, drift: Drift): readonly string[] {
  if (Array.isArray(row.value[member])) return [];
  const options = row.optionalObject(member);
  if (options === undefined) return [];
  drift.fields('BackupOptions', options.keys(), OPTIONS_FIELDS);
  return options.texts('includeTypes');
}

/** A count of 64 bits at the vendor; one that a number cannot hold exactly is not told. */
function parseCount(row: ObjectReader, member: string, drift: Drift): number | undefined {
  const count = row.optionalBigInt(member);
  if (count === undefined || (count >= 0n && count <= BigInt(Number.MAX_SAFE_INTEGER)))
    return count === undefined ? undefined : Number(count);
  drift.value(`Backup.${member}`, 'not a count');
  return undefined;
}

/** Text that can be part of an id. */
function key(row: ObjectReader, member: string): string {
  const text = row.text(member);
  if (text.trim() === '' || !text.isWellFormed()) throw malformed(`${row.path}.${member}`, 'a key');
  return text;
}

/** Counts the words that no mapping knows. */
function noteWords(backup: BackupWire, drift: Drift): void {
  const { status, type, backupType, hydrationStatus, cloudStorageStatus } = backup;
  const note = (field: string, word: string | undefined, isKnown: boolean): void => {
    if (word !== undefined && !isKnown) drift.value(`Backup.${field}`, word);
  };
  note('status', status, mapStatus(status).status !== 'UNKNOWN');
  note('type', type, isBackup(backup));
  note('backupType', backupType, mapTrigger(backupType) !== undefined);
  note('hydrationStatus', hydrationStatus, HYDRATION_WORDS.has(hydrationStatus ?? ''));
  note('cloudStorageStatus', cloudStorageStatus, mapOffsiteCopy(cloudStorageStatus)?.kind !== 'UNMAPPED');
}

function noteFullList(thing: string, length: number, drift: Drift): void {
  if (length === SUSPICIOUS_LENGTH) drift.value(`${thing}[].length`, `${length}, perhaps cut by the vendor`);
}
