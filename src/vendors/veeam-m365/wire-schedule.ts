import type { JsonValue } from '../../domain/backup-operation.ts';
import type { Drift } from '../../transport/drift.ts';
import type { ObjectReader } from '../../transport/reader.ts';
import { daysOf, minutesOf, parseTimeOfDay, policyKind } from './schedule-words.ts';

/** A job's schedule. Which members stand beside which `type` is the vendor's affair; leftovers of another type are normal. */
export interface SchedulePolicyWire {
  readonly type: string | undefined;
  /** From v4 on; false means that nothing is scheduled, whatever `type` says. */
  readonly scheduleEnabled: boolean | undefined;
  readonly dailyType: string | undefined;
  /** Wall clock of the server, whose zone the API does not tell. */
  readonly dailyTime: string | undefined;
  readonly periodicallyEvery: string | undefined;
  /** 0 to 59, for intervals of hours. */
  readonly periodicallyOffsetMinutes: number | undefined;
  readonly periodicallyWindowEnabled: boolean | undefined;
  /** The hours in which periodic runs may start. */
  readonly periodicallyWindowSettings: WindowWire | undefined;
  readonly backupWindowEnabled: boolean | undefined;
  /** The hours that a run must not leave. */
  readonly backupWindowSettings: WindowWire | undefined;
  readonly retryEnabled: boolean | undefined;
  readonly retryNumber: number | undefined;
  /** Minutes. */
  readonly retryWaitInterval: number | undefined;
  /** Members as told that are none of the above or could not be read, so that a change of the schedule can leave them as they are. */
  readonly unread: Readonly<Record<string, JsonValue>> | undefined;
}

/** A whole window: 168 hours from Sunday midnight, true is allowed, and the raw offset. */
export interface WindowWire {
  readonly backupWindow: readonly boolean[];
  readonly minuteOffset: number;
}

export function parseSchedulePolicy(row: ObjectReader, drift: Drift): SchedulePolicyWire {
  drift.fields('SchedulePolicy', row.keys(), POLICY_FIELDS);
  // One page of the document and one public client know the interval under a second name.
  const intervalKey = row.optionalText('periodicallyEvery') === undefined ? 'periodicInterval' : 'periodicallyEvery';
  const windows = {
    periodicallyWindowSettings: parseWindow(row, 'periodicallyWindowSettings', drift),
    backupWindowSettings: parseWindow(row, 'backupWindowSettings', drift),
  };
  return {
    ...windows,
    type: knownWord(row, 'type', policyKind, drift),
    scheduleEnabled: row.optionalBoolean('scheduleEnabled'),
    dailyType: knownWord(row, 'dailyType', daysOf, drift),
    dailyTime: knownWord(row, 'dailyTime', parseTimeOfDay, drift),
    periodicallyEvery: knownWord(row, intervalKey, minutesOf, drift),
    periodicallyOffsetMinutes: row.optionalInteger('periodicallyOffsetMinutes'),
    periodicallyWindowEnabled: row.optionalBoolean('periodicallyWindowEnabled'),
    backupWindowEnabled: row.optionalBoolean('backupWindowEnabled'),
    retryEnabled: row.optionalBoolean('retryEnabled'),
    retryNumber: row.optionalInteger('retryNumber'),
    retryWaitInterval: row.optionalInteger('retryWaitInterval'),
    unread: unreadOf(row, windows),
  };
}

/** Undefined when all was read, as is usual. */
function unreadOf(row: ObjectReader, windows: Readonly<Record<string, WindowWire | undefined>>) {
  const unread = Object.entries(row.value).filter(
    ([name, value]) => value !== null && (name in windows ? windows[name] === undefined : !POLICY_FIELDS.has(name)),
  );
  // What was decoded from JSON is JSON.
  return unread.length === 0 ? undefined : (Object.fromEntries(unread) as Readonly<Record<string, JsonValue>>);
}

const POLICY_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'scheduleEnabled',
  'dailyType',
  'dailyTime',
  'periodicallyEvery',
  'periodicInterval',
  'periodicallyOffsetMinutes',
  'periodicallyWindowEnabled',
  'periodicallyWindowSettings',
  'backupWindowEnabled',
  'backupWindowSettings',
  'retryEnabled',
  'retryNumber',
  'retryWaitInterval',
]);

const HOURS_OF_WEEK = 168;

function knownWord(row: ObjectReader, key: string, read: (word: string) => unknown, drift: Drift): string | undefined {
  const word = row.optionalText(key);
  if (word !== undefined && read(word) === undefined) drift.value(`SchedulePolicy.${key}`, word);
  return word;
}

/** A window that is not whole is none: the vendor's samples shorten the grid, and padding it would be inventing hours. */
function parseWindow(row: ObjectReader, key: string, drift: Drift): WindowWire | undefined {
  const settings = row.optionalObject(key);
  if (settings === undefined) return undefined;
  const hours = settings.optionalArray('backupWindow').map(({ value }) => hourOf(value));
  const backupWindow = hours.filter((hour) => hour !== undefined);
  const minuteOffset = settings.optionalInteger('minuteOffset');
  if (hours.length !== HOURS_OF_WEEK) drift.value(`SchedulePolicy.${key}.backupWindow`, `${hours.length} entries`);
  else if (backupWindow.length !== HOURS_OF_WEEK) drift.value(`SchedulePolicy.${key}.backupWindow`, 'not booleans');
  else if (minuteOffset === undefined) drift.value(`SchedulePolicy.${key}.minuteOffset`, 'not told');
  else return { backupWindow, minuteOffset };
  return undefined;
}

function hourOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
