import { Refusal } from './simulator-answers.ts';
import type { Release } from './simulator-releases.ts';
import { DAYS, type Day, type Recurrence, type Schedule } from './simulator-schedule.ts';
import type { Style } from './simulator-views.ts';

export type Body = Readonly<Record<string, unknown>>;

export interface BackupOrder {
  readonly parts: readonly string[];
  readonly type: string;
  readonly location: string;
  readonly locationUser: string | undefined;
  readonly isEncrypted: boolean;
  readonly comment: string | undefined;
  readonly fastBackup: boolean | undefined;
}

/** @throws Refusal when the text is no JSON object. An empty text is an empty object. */
export function parseBody(text: string): Body {
  if (text.trim() === '') return {};
  try {
    return objectOf(JSON.parse(text), 'request body');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('INVALID_ARGUMENT', 'The request body is not valid JSON.');
  }
}

/** What lies in the named key in /rest; in /api the body itself. */
export function unwrap(body: Body, key: string, style: Style): Body {
  if (style === 'api') return body;
  only(body, [key]);
  if (body[key] === undefined) throw invalid(`The member ${key} is required.`);
  return objectOf(body[key], key);
}

/** @throws Refusal where the release or the password rule forbids something. */
export function orderOf(body: Body, release: Release): BackupOrder {
  const fast = release.order >= 7 ? ['fast_backup'] : [];
  only(body, [...ORDER_MEMBERS, ...fast]);
  const order = {
    parts: partsOf(body, release),
    type: textOf(body, 'location_type'),
    location: textOf(body, 'location'),
    locationUser: textOf(body, 'location_user'),
    isEncrypted: secretOf(body, 'backup_password') !== undefined,
    comment: textOf(body, 'comment'),
    fastBackup: booleanOf(body, 'fast_backup'),
  };
  secretOf(body, 'location_password');
  const { parts, type, location } = order;
  if (parts === undefined) throw invalid('The member parts is required.');
  if (type === undefined || !release.locationTypes.includes(type)) throw invalid('The location type is unknown.');
  if (location === undefined || location === '') throw invalid('The member location is required.');
  const scheme = schemeOf(location);
  if (scheme !== undefined && scheme !== type.toLowerCase()) throw invalid('Location and location type do not agree.');
  return { ...order, parts, type, location };
}

/** A schedule from what was sent, over what there was; unset means unchanged. */
export function scheduleOf(body: Body, release: Release, before: Schedule | undefined): Schedule {
  const fast = release.order >= 8 ? ['fast_backup'] : [];
  only(body, [...SCHEDULE_MEMBERS, ...fast]);
  const location = textOf(body, 'location') ?? before?.location;
  if (location === undefined) throw invalid('The member location is required.');
  if (!SCHEDULE_SCHEMES.includes(schemeOf(location) ?? ''))
    throw invalid('The scheme of the location is not supported.');
  return {
    ...before,
    parts: partsOf(body, release) ?? before?.parts ?? [],
    location,
    enabled: booleanOf(body, 'enable') ?? before?.enabled ?? true,
    ...set('locationUser', textOf(body, 'location_user')),
    ...set('locationPassword', secretOf(body, 'location_password')),
    ...set('backupPassword', secretOf(body, 'backup_password')),
    ...set('recurrence', recurrenceOf(body)),
    ...set('maxCount', retentionOf(body)),
    ...set('fastBackup', booleanOf(body, 'fast_backup')),
  };
}

export function textOf(body: Body, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`The member ${name} must be a string.`);
}

export function integerOf(body: Body, name: string, low: number, high: number): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalid(`The member ${name} must be an integer from ${low} to ${high}.`);
}

export function objectOf(value: unknown, name: string): Body {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw invalid(`The ${name} must be an object.`);
}

/** @throws Refusal for members beyond the named ones. */
export function only(body: Body, names: readonly string[]): void {
  const other = Object.keys(body).find((name) => !names.includes(name));
  if (other !== undefined) throw new Refusal('UNEXPECTED_INPUT', `Unexpected member ${other}.`);
}

export function invalid(message: string): Refusal {
  return new Refusal('INVALID_ARGUMENT', message);
}

/** The scheme of an address; undefined for a bare host and folder. */
export function schemeOf(location: string): string | undefined {
  return /^([a-z]+):\/\/[^/]/i.exec(location)?.[1]?.toLowerCase();
}

const ORDER_MEMBERS = [
  'parts',
  'location_type',
  'location',
  'location_user',
  'location_password',
  'backup_password',
  'comment',
];
const SCHEDULE_MEMBERS = [
  'parts',
  'location',
  'location_user',
  'location_password',
  'backup_password',
  'enable',
  'recurrence_info',
  'retention_info',
];
const SCHEDULE_SCHEMES = ['ftps', 'https', 'sftp', 'ftp', 'nfs', 'smb', 'http'];

function set<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}

function booleanOf(body: Body, name: string): boolean | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalid(`The member ${name} must be a boolean.`);
}

function partsOf(body: Body, release: Release): readonly string[] | undefined {
  const value = body['parts'] ?? undefined;
  if (value === undefined) return undefined;
  const isKnown = (part: unknown): part is string => typeof part === 'string' && release.parts.includes(part);
  if (Array.isArray(value) && value.every(isKnown)) return value;
  throw invalid('The member parts must be an array of known part ids.');
}

/** A backup password keeps to the vendor's rule; others are taken as they are. The value is in no message. */
function secretOf(body: Body, name: string): string | undefined {
  const value = textOf(body, name);
  if (value === undefined || name !== 'backup_password') return value;
  const kept = [/^[\x21-\x7e]{8,20}$/, /[A-Z]/, /[a-z]/, /[0-9]/, /[^0-9a-zA-Z]/].every((rule) => rule.test(value));
  if (kept) return value;
  throw invalid('The backup password does not meet the requirements.');
}

function recurrenceOf(body: Body): Recurrence | undefined {
  if ((body['recurrence_info'] ?? undefined) === undefined) return undefined;
  const info = objectOf(body['recurrence_info'], 'recurrence_info');
  only(info, ['hour', 'minute', 'days']);
  const hour = integerOf(info, 'hour', 0, 23);
  const minute = integerOf(info, 'minute', 0, 59);
  if (hour === undefined || minute === undefined) throw invalid('The members hour and minute are required.');
  const days = info['days'] ?? undefined;
  if (days === undefined) return { hour, minute };
  if (Array.isArray(days) && days.length > 0 && days.every(isDay)) return { hour, minute, days };
  throw invalid('The member days must hold at least one day of the week.');
}

function isDay(day: unknown): day is Day {
  return DAYS.some((known) => known === day);
}

function retentionOf(body: Body): number | undefined {
  if ((body['retention_info'] ?? undefined) === undefined) return undefined;
  const info = objectOf(body['retention_info'], 'retention_info');
  only(info, ['max_count']);
  const count = integerOf(info, 'max_count', 1, 1_000_000);
  if (count === undefined) throw invalid('The member max_count is required.');
  return count;
}
