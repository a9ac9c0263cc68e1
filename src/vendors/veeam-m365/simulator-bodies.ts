import { DAILY_TYPES, PERIODS, type DailyType, type Grid, type Period, type Policy } from './simulator-schedule.ts';

/** Request members by their names in small letters: the server does not look at the case of names. */
export type Body = ReadonlyMap<string, unknown>;

/** Something in a request body that the server refuses; the message goes to the client. */
export class BodyProblem extends Error {}

export function parseBody(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BodyProblem('The request body is not valid JSON.');
  }
  return members(value, 'request body');
}

export function textOf(body: Body, name: string): string | undefined {
  const value = body.get(name.toLowerCase()) ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw new BodyProblem(`${name} must be a string.`);
  return value;
}

export function booleanOf(body: Body, name: string): boolean | undefined {
  const value = body.get(name.toLowerCase()) ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new BodyProblem(`${name} must be a boolean.`);
}

export function itemsOf(body: Body, name: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  const value = body.get(name.toLowerCase()) ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new BodyProblem(`${name} must be an array.`);
  return value.map((item) => {
    const type = textOf(members(item, name), 'type') ?? '';
    if (!ITEM_TYPES.has(type.toLowerCase())) throw new BodyProblem(`${name} holds an unknown item type.`);
    return item as Readonly<Record<string, unknown>>;
  });
}

export function backupTypeOf(body: Body): 'EntireOrganization' | 'SelectedItems' | undefined {
  switch (textOf(body, 'BackupType')?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'entireorganization':
      return 'EntireOrganization';
    case 'selecteditems':
      return 'SelectedItems';
    default:
      throw new BodyProblem('BackupType is unknown.');
  }
}

/** The policy of the body as a whole: what it does not name falls back to the defaults, not to the job's former policy. */
export function policyOf(body: Body, version: number): Policy | undefined {
  const value = body.get('schedulepolicy') ?? undefined;
  if (value === undefined) return undefined;
  const policy = members(value, 'SchedulePolicy');
  const type = scheduleTypeOf(policy, version);
  const retryEnabled = booleanOf(policy, 'retryEnabled') ?? false;
  const windowEnabled = booleanOf(policy, 'backupWindowEnabled') ?? false;
  const window = gridOf(policy, 'backupWindowSettings');
  if (windowEnabled && window === undefined) throw new BodyProblem('backupWindowSettings is required.');
  return {
    type,
    scheduleEnabled: version < 4 || (booleanOf(policy, 'scheduleEnabled') ?? true),
    ...(type === 'Daily' ? { dailyType: dailyTypeOf(policy), dailyTime: dailyTimeOf(policy) } : {}),
    ...(type === 'Periodically' ? { every: periodOf(policy, version) } : {}),
    offsetMinutes: version < 6 ? 0 : numberOf(policy, 'periodicallyOffsetMinutes', 0, 59, 0),
    startGridEnabled: version >= 7 && (booleanOf(policy, 'periodicallyWindowEnabled') ?? false),
    startGrid: version >= 6 ? gridOf(policy, 'periodicallyWindowSettings') : undefined,
    windowEnabled,
    window,
    retryEnabled,
    retryNumber: numberOf(policy, 'retryNumber', 1, 777, 3),
    retryWaitMinutes: numberOf(policy, 'retryWaitInterval', 1, 999, 10),
  };
}

const ITEM_TYPES = new Set([
  'user',
  'group',
  'site',
  'partialorganization',
  'personalsites',
  'onedrivefolders',
  'team',
]);

function members(value: unknown, what: string): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BodyProblem(`The ${what} must be an object.`);
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

function scheduleTypeOf(policy: Body, version: number): Policy['type'] {
  const type = (['Daily', 'Periodically', 'ManualOnly'] as const).find((known) =>
    isSame(known, textOf(policy, 'type')),
  );
  if (type === undefined || (type === 'ManualOnly' && version < 6))
    throw new BodyProblem('SchedulePolicy.Type is unknown.');
  return type;
}

function dailyTypeOf(policy: Body): DailyType {
  const word = textOf(policy, 'dailyType');
  const type = DAILY_TYPES.find((known) => isSame(known, word ?? 'Everyday'));
  if (type === undefined) throw new BodyProblem('DailyType is unknown.');
  return type;
}

function dailyTimeOf(policy: Body): string {
  const time = textOf(policy, 'dailyTime') ?? '00:00:00';
  if (!/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time)) throw new BodyProblem('DailyTime must be HH:MM:SS.');
  return time;
}

function periodOf(policy: Body, version: number): Period {
  const word = textOf(policy, 'periodicallyEvery');
  const period = (Object.keys(PERIODS) as Period[]).find((known) => isSame(known, word));
  if (period === undefined || (period === 'Hours12' && version < 8))
    throw new BodyProblem('PeriodicallyEvery is unknown.');
  return period;
}

function numberOf(body: Body, name: string, low: number, high: number, otherwise: number): number {
  const value = body.get(name.toLowerCase()) ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
    throw new BodyProblem(`${name} must be a number from ${low} to ${high}.`);
  return value;
}

function gridOf(policy: Body, name: string): Grid | undefined {
  const value = policy.get(name.toLowerCase()) ?? undefined;
  if (value === undefined) return undefined;
  const settings = members(value, name);
  const hours: unknown = settings.get('backupwindow');
  if (!Array.isArray(hours) || hours.length !== 168 || !hours.every((hour) => typeof hour === 'boolean'))
    throw new BodyProblem(`${name} must hold 168 booleans.`);
  return { hours, minuteOffset: numberOf(settings, 'minuteOffset', -1440, 1440, 0) };
}

function isSame(known: string, word: string | undefined): boolean {
  return known.toLowerCase() === word?.toLowerCase();
}
