import { statusSeverityRank } from '../../domain/backup-status.ts';
import type { GatewayError } from '../../domain/errors.ts';
import { isTimeZone } from '../../domain/zone.ts';
import type { Drift } from '../../transport/drift.ts';
import { malformed, readArray, readObject, type Element, type ObjectReader } from '../../transport/reader.ts';
import { isId, parseMap, type WireMap } from './wire-map.ts';
import { parseErrorTexts, parseMessage, parseMessages, type MessageWire } from './wire-messages.ts';
import type { Style } from './settings.ts';
import { mapDay, mapDetailsOutcome, mapDetailsStatus, mapJobState, mapType } from './status.ts';

/** BackupJobStatus: a job asked for by its id. */
export interface JobStatusWire {
  readonly id: string;
  readonly state: string | undefined;
  readonly messages: readonly MessageWire[];
  /** Percent. */
  readonly progress: number | undefined;
  readonly start_time: Date | undefined;
  readonly end_time: Date | undefined;
}

/** DetailsInfo (6.7 and later). The job's id is the key of the map and stands nowhere inside. */
export interface DetailsWire {
  readonly location: string | undefined;
  readonly type: string | undefined;
  readonly status: string | undefined;
  readonly cancelable: boolean | undefined;
  readonly messages: readonly MessageWire[];
  readonly description: MessageWire | undefined;
  /** Seconds. */
  readonly duration: number | undefined;
  /** Bytes sent to the store. */
  readonly size: bigint | undefined;
  /** A plain percentage, as the job status has it, is read as so many of 100. */
  readonly progress: { readonly total: number | undefined; readonly completed: number | undefined } | undefined;
  readonly start_time: Date | undefined;
  readonly end_time: Date | undefined;
  /** Text, or any error of the vendor with its messages; empty when there is none. */
  readonly error: readonly MessageWire[];
  readonly user: string | undefined;
}

/** ScheduleInfo (6.7 and later). The schedule's id is the key of the map. */
export interface ScheduleWire {
  readonly parts: readonly string[] | undefined;
  readonly location: string | undefined;
  readonly enable: boolean | undefined;
  /** Undefined: not scheduled. `days` undefined: every day. */
  readonly recurrence_info:
    | {
        readonly hour: number | undefined;
        readonly minute: number | undefined;
        readonly days: readonly string[] | undefined;
      }
    | undefined;
  /** How many backups are kept; undefined: all. */
  readonly retention_info: { readonly max_count: number | undefined } | undefined;
}

/** A list of ids; `problems` are the places that hold none. */
export interface IdList {
  readonly ids: readonly string[];
  readonly problems: readonly GatewayError[];
}

/** What an answer holds: /rest wraps it in `value`, /api does not. */
export function unwrap(body: unknown, style: Style): Element {
  return style === 'rest' ? { value: readObject(body).value['value'], path: '$.value' } : { value: body, path: '$' };
}

export function parseIds({ value, path }: Element): IdList {
  const ids = new Set<string>();
  const problems: GatewayError[] = [];
  for (const element of readArray(value, path)) {
    if (isId(element.value)) ids.add(element.value);
    else problems.push(malformed(element.path, 'an id'));
  }
  return { ids: [...ids], problems };
}

/** @throws MALFORMED_RESPONSE also when it tells of another job than the one asked for. */
export function parseJobStatus({ value, path }: Element, id: string, drift: Drift): JobStatusWire {
  const row = readObject(value, path, drift);
  drift.fields('JobStatus', row.keys(), JOB_STATUS_FIELDS);
  if (row.text('id') !== id) throw malformed(`${path}.id`, 'the id that was asked for');
  const state = row.optionalText('state');
  if (state !== undefined && mapJobState(state).status === 'UNKNOWN') drift.value('JobStatus.state', state);
  return {
    id,
    state,
    messages: parseMessages(row, drift),
    progress: row.optionalNumber('progress'),
    start_time: row.optionalInstant('start_time'),
    end_time: row.optionalInstant('end_time'),
  };
}

export function parseDetailsMap(element: Element, drift: Drift): WireMap<DetailsWire> {
  const isWorse = (a: DetailsWire, b: DetailsWire): boolean => rankOf(a) < rankOf(b);
  return parseMap(element, (row) => parseDetails(row, drift), drift, isWorse);
}

export function parseScheduleMap(element: Element, drift: Drift): WireMap<ScheduleWire> {
  return parseMap(element, (row) => parseSchedule(row, drift), drift);
}

/** The appliance's zone by its IANA name; undefined when it is unset or no name that we can compute with. */
export function parseTimeZone({ value, path }: Element, drift: Drift): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw malformed(path, 'text');
  if (isTimeZone(value)) return value;
  drift.value('TimeZone', value);
  return undefined;
}

const JOB_STATUS_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'state',
  'messages',
  'progress',
  'start_time',
  'end_time',
]);

const DETAILS_FIELDS: ReadonlySet<string> = new Set([
  'location',
  'location_user',
  'type',
  'status',
  'cancelable',
  'messages',
  'description',
  'service',
  'operation',
  'duration',
  'size',
  'progress',
  'start_time',
  'end_time',
  'error',
  'user',
  'parent',
  'target',
  'build',
  'fast_backup',
]);

const SCHEDULE_FIELDS: ReadonlySet<string> = new Set([
  'parts',
  'location',
  'location_user',
  'enable',
  'recurrence_info',
  'retention_info',
  'fast_backup',
]);

const RECURRENCE_FIELDS: ReadonlySet<string> = new Set(['minute', 'hour', 'days']);

function rankOf(details: DetailsWire): number {
  return statusSeverityRank(mapDetailsOutcome(details).status);
}

function parseDetails(row: ObjectReader, drift: Drift): DetailsWire {
  drift.fields('Details', row.keys(), DETAILS_FIELDS);
  const type = row.optionalText('type');
  if (type !== undefined && mapType(type) === undefined) drift.value('Details.type', type);
  const status = row.optionalText('status');
  if (status !== undefined && mapDetailsStatus(status).status === 'UNKNOWN') drift.value('Details.status', status);
  const description = row.optionalObject('description');
  return {
    location: row.optionalText('location'),
    type,
    status,
    cancelable: row.optionalBoolean('cancelable'),
    messages: parseMessages(row, drift),
    description: description && parseMessage(description, drift),
    duration: row.optionalNumber('duration'),
    size: row.optionalBigInt('size'),
    progress: parseProgress(row),
    start_time: row.optionalInstant('start_time'),
    end_time: row.optionalInstant('end_time'),
    error: parseErrorTexts(row.value['error']),
    user: row.optionalText('user'),
  };
}

function parseProgress(row: ObjectReader): DetailsWire['progress'] {
  if (typeof row.value['progress'] === 'number') return { total: 100, completed: row.optionalNumber('progress') };
  const progress = row.optionalObject('progress');
  return progress && { total: progress.optionalNumber('total'), completed: progress.optionalNumber('completed') };
}

function parseSchedule(row: ObjectReader, drift: Drift): ScheduleWire {
  drift.fields('Schedule', row.keys(), SCHEDULE_FIELDS);
  const recurrence = row.optionalObject('recurrence_info');
  return {
    parts: optionalTexts(row, 'parts'),
    location: row.optionalText('location'),
    enable: row.optionalBoolean('enable'),
    recurrence_info: recurrence && parseRecurrence(recurrence, drift),
    retention_info: parseRetention(row.value['retention_info']),
  };
}

function parseRecurrence(row: ObjectReader, drift: Drift): ScheduleWire['recurrence_info'] {
  drift.fields('RecurrenceInfo', row.keys(), RECURRENCE_FIELDS);
  const days = optionalTexts(row, 'days');
  for (const day of days ?? []) if (mapDay(day) === undefined) drift.value('RecurrenceInfo.days', day);
  return { hour: row.optionalInteger('hour'), minute: row.optionalInteger('minute'), days };
}

/** Looked at only after a change of it: a form that we do not know counts as not told and costs nothing else. */
function parseRetention(value: unknown): ScheduleWire['retention_info'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const count = 'max_count' in value ? Number(value.max_count) : NaN;
  return { max_count: Number.isSafeInteger(count) ? count : undefined };
}

/** An absent list and an empty one are two things here. */
function optionalTexts(row: ObjectReader, key: string): readonly string[] | undefined {
  return row.value[key] === undefined || row.value[key] === null ? undefined : row.texts(key);
}
