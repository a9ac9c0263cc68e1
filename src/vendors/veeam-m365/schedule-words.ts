import type { TimeOfDay, Weekday } from '../../domain/schedule.ts';

/** Kinds of schedule policies, by the vendor's word. */
export type PolicyKind = 'DAILY' | 'PERIODICALLY' | 'MANUAL_ONLY';

/** Words are compared without case: the vendor's document prints some that its servers write differently. */
export function policyKind(word: string): PolicyKind | undefined {
  return POLICY_KINDS.get(word.toLowerCase());
}

const POLICY_KINDS: ReadonlyMap<string, PolicyKind> = new Map([
  ['daily', 'DAILY'],
  ['periodically', 'PERIODICALLY'],
  ['manualonly', 'MANUAL_ONLY'],
]);

/** The days that a `dailyType` means, 0 is Sunday. */
export function daysOf(word: string): readonly Weekday[] | undefined {
  return DAYS.get(word.toLowerCase());
}

const DAYS: ReadonlyMap<string, readonly Weekday[]> = new Map<string, readonly Weekday[]>([
  ['everyday', [0, 1, 2, 3, 4, 5, 6]],
  ['workdays', [1, 2, 3, 4, 5]],
  ['weekends', [0, 6]],
  ['sunday', [0]],
  ['monday', [1]],
  ['tuesday', [2]],
  ['wednesday', [3]],
  ['thursday', [4]],
  ['friday', [5]],
  ['saturday', [6]],
]);

/** Minutes that a `periodicallyEvery` means. */
export function minutesOf(word: string): number | undefined {
  return INTERVALS.get(word.toLowerCase());
}

const INTERVALS: ReadonlyMap<string, number> = new Map([
  ['minutes5', 5],
  ['minutes10', 10],
  ['minutes15', 15],
  ['minutes30', 30],
  ['hours1', 60],
  ['hours2', 120],
  ['hours4', 240],
  ['hours8', 480],
  ['hours12', 720],
]);

/** Reads a `dailyTime` such as `19:00:00`; undefined when it is no time of day. */
export function parseTimeOfDay(text: string): TimeOfDay | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hour < 24 && minute < 60 && second < 60 ? { hour, minute, second } : undefined;
}
