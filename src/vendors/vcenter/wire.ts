import { statusSeverityRank } from '../../domain/backup-status.ts';
import { GatewayError } from '../../domain/errors.ts';
import { isTimeZone } from '../../domain/zone.ts';
import type { Drift } from '../../transport/drift.ts';
import {
  malformed,
  parseInstant,
  readArray,
  readObject,
  type Element,
  type ObjectReader,
} from '../../transport/reader.ts';
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
}

/** A map of things by id, its entries read one by one. */
export interface WireMap<T> {
  readonly rows: ReadonlyMap<string, T>;
  readonly broken: readonly BrokenRow[];
}

/** An entry that could not be read, with what could be seen of it all the same. */
export interface BrokenRow {
  /** Undefined when not even the key could be read. */
  readonly id: string | undefined;
  readonly error: GatewayError;
  readonly type: string | undefined;
  readonly startedAt: Date | undefined;
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

/**
 * /rest writes a map as an array of key and value, /api as an object; either is read in either style.
 *
 * Whether ids can repeat is not documented: of equal keys the first counts, unless a later one counts more.
 */
function parseMap<T>(
  { value, path }: Element,
  parse: (row: ObjectReader) => T,
  drift: Drift,
  countsMore: (later: T, earlier: T) => boolean = () => false,
): WireMap<T> {
  const rows = new Map<string, T>();
  const broken: BrokenRow[] = [];
  for (const entry of entriesOf(value, path)) {
    try {
      const id = entry.id();
      const row = parse(readObject(entry.value, entry.path, drift));
      const earlier = rows.get(id);
      if (earlier === undefined || countsMore(row, earlier)) rows.set(id, row);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      broken.push(brokenRow(entry, error));
    }
  }
  return { rows, broken: broken.filter(({ id }) => id === undefined || !rows.has(id)) };
}

function rankOf(details: DetailsWire): number {
  return statusSeverityRank(mapDetailsOutcome(details).status);
}

interface Entry extends Element {
  /** @throws MALFORMED_RESPONSE when there is none. */
  id(): string;
}

function entriesOf(value: unknown, path: string): readonly Entry[] {
  if (Array.isArray(value)) return readArray(value, path).map(pairEntry);
  return Object.entries(readObject(value, path).value).map(([key, member]) => {
    const memberPath = `${path}[${JSON.stringify(key.slice(0, MAX_SHOWN_KEY))}]`;
    return { id: () => checkedId(key, memberPath), value: member, path: memberPath };
  });
}

function pairEntry({ value, path }: Element): Entry {
  const pair = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return { id: () => checkedId(pair['key'], `${path}.key`), value: pair['value'], path: `${path}.value` };
}

const MAX_SHOWN_KEY = 64;

function checkedId(value: unknown, path: string): string {
  if (!isId(value)) throw malformed(path, 'an id');
  return value;
}

/** Half characters could not be carried by any id of ours. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function brokenRow({ id, value }: Entry, error: GatewayError): BrokenRow {
  const members = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { type, start_time: start } = members;
  return {
    id: idOrNone(id),
    error,
    type: typeof type === 'string' ? type : undefined,
    startedAt: typeof start === 'string' ? parseInstant(start) : undefined,
  };
}

function idOrNone(id: () => string): string | undefined {
  try {
    return id();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
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
  };
}

function parseRecurrence(row: ObjectReader, drift: Drift): ScheduleWire['recurrence_info'] {
  drift.fields('RecurrenceInfo', row.keys(), RECURRENCE_FIELDS);
  const days = optionalTexts(row, 'days');
  for (const day of days ?? []) if (mapDay(day) === undefined) drift.value('RecurrenceInfo.days', day);
  return { hour: row.optionalInteger('hour'), minute: row.optionalInteger('minute'), days };
}

/** An absent list and an empty one are two things here. */
function optionalTexts(row: ObjectReader, key: string): readonly string[] | undefined {
  return row.value[key] === undefined || row.value[key] === null ? undefined : row.texts(key);
}
