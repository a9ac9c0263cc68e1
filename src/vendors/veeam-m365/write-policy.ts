import type { JsonValue } from '../../domain/backup-operation.ts';
import type { VeeamDay, VeeamPeriod, VeeamScheduleRequest } from '../../domain/write-request.ts';
import { parseTimeOfDay, policyKind } from './schedule-words.ts';
import type { VersionFacts } from './versions.ts';
import type { SchedulePolicyWire } from './wire-schedule.ts';
import { gridOf } from './write-window.ts';

type Policy = Readonly<Record<string, JsonValue>>;

/** Whether a schedule says when the job runs. */
export function isTimed({ daily, periodically }: VeeamScheduleRequest): boolean {
  return daily !== undefined || periodically !== undefined;
}

/** What the caller gives, in the vendor's words. */
export function policyChanges(schedule: VeeamScheduleRequest, facts: VersionFacts): Policy {
  const { daily, periodically, window, retry } = schedule;
  return {
    ...(daily && { type: 'Daily', dailyType: DAY_WORDS[daily.day], dailyTime: seconds(daily.time) }),
    ...(periodically && { type: 'Periodically', periodicallyEvery: PERIOD_WORDS[periodically] }),
    ...(isTimed(schedule) && facts.unscheduled !== 'NOT_SAID' && { scheduleEnabled: true }),
    ...(window && {
      backupWindowEnabled: true,
      backupWindowSettings: { backupWindow: gridOf(window), minuteOffset: window.utcOffsetMinutes },
    }),
    ...(retry && { retryEnabled: true, retryNumber: retry.attempts, retryWaitInterval: retry.intervalMinutes }),
  };
}

/**
 * The policy that a job is to have: the changes, over what it has now.
 *
 * The whole policy is sent, because a server may take what a policy leaves out for its own defaults; members that the gateway cannot
 * read go back as they came. Undefined when neither says when the job runs.
 */
export function mergedPolicy(changes: Policy, now: SchedulePolicyWire | undefined): Policy | undefined {
  const policy = { ...(now === undefined ? {} : kept(now, changes)), ...changes };
  return policy['type'] === undefined ? undefined : policy;
}

/** The policy of a job that is run by hand only; undefined where the version has no word for it. */
export function unscheduledPolicy({ unscheduled }: VersionFacts): Policy | undefined {
  switch (unscheduled) {
    case 'MANUAL_ONLY':
      return { type: 'ManualOnly' };
    case 'SWITCHED_OFF':
      return { type: 'Daily', dailyType: 'Everyday', dailyTime: '00:00:00', scheduleEnabled: false };
    case 'NOT_SAID':
      return undefined;
  }
}

/** Whether a policy is as the changes want it. */
export function hasChanges(now: SchedulePolicyWire | undefined, changes: JsonValue): boolean {
  if (now === undefined || typeof changes !== 'object' || changes === null || Array.isArray(changes)) return false;
  const members = present(now);
  return Object.entries(changes).every(([name, value]) => {
    const told = members[name];
    // A server that has the member without telling it shows by the times that they were taken.
    if (name === 'scheduleEnabled' && told === undefined) return true;
    return comparable(name, told) === comparable(name, value);
  });
}

/** Words are compared without case, as everywhere with this vendor, and times of day by their value. */
function comparable(name: string, value: JsonValue | undefined): string {
  const time = name === 'dailyTime' && typeof value === 'string' ? parseTimeOfDay(value) : undefined;
  return JSON.stringify(time ?? value ?? null).toLowerCase();
}

/** What stays of a policy. Times of one kind are of no use beside those of the other. */
function kept(now: SchedulePolicyWire, changes: Policy): Policy {
  const stale = staleBeside(changes['type'], now);
  const members = Object.entries({ ...now.unread, ...present(now) }).filter(([name]) => !stale.includes(name));
  return Object.fromEntries(members.map(([name, value]) => [name, WORDS.has(name) ? capitalised(value) : value]));
}

function staleBeside(type: JsonValue | undefined, now: SchedulePolicyWire): readonly string[] {
  if (type === 'Daily') return ['periodicallyEvery', 'periodicallyOffsetMinutes'];
  if (type !== 'Periodically') return [];
  const isPeriodic = now.type !== undefined && policyKind(now.type) === 'PERIODICALLY';
  return ['dailyType', 'dailyTime', ...(isPeriodic ? [] : ['periodicallyOffsetMinutes'])];
}

/** Members with a word of the vendor, some of which servers write with a small first letter and documents do not. */
const WORDS: ReadonlySet<string> = new Set(['type', 'dailyType', 'periodicallyEvery']);

function capitalised(word: JsonValue): JsonValue {
  return typeof word === 'string' ? word.slice(0, 1).toUpperCase() + word.slice(1) : word;
}

/** The members that were read and have a value. */
function present(policy: SchedulePolicyWire): Policy {
  const members = Object.entries(policy).filter(([name, value]) => value !== undefined && name !== 'unread');
  // A parsed policy holds texts, numbers, booleans and windows of these.
  return Object.fromEntries(members) as Policy;
}

function seconds(time: string): string {
  return time.length === 5 ? `${time}:00` : time;
}

const DAY_WORDS: Readonly<Record<VeeamDay, string>> = {
  SUNDAY: 'Sunday',
  MONDAY: 'Monday',
  TUESDAY: 'Tuesday',
  WEDNESDAY: 'Wednesday',
  THURSDAY: 'Thursday',
  FRIDAY: 'Friday',
  SATURDAY: 'Saturday',
  EVERYDAY: 'Everyday',
  WORKDAYS: 'Workdays',
  WEEKENDS: 'Weekends',
};

const PERIOD_WORDS: Readonly<Record<VeeamPeriod, string>> = {
  MINUTES_5: 'Minutes5',
  MINUTES_10: 'Minutes10',
  MINUTES_15: 'Minutes15',
  MINUTES_30: 'Minutes30',
  HOURS_1: 'Hours1',
  HOURS_2: 'Hours2',
  HOURS_4: 'Hours4',
  HOURS_8: 'Hours8',
};
