import { DAY_MS, HOUR_MS, MINUTE_MS, fromWallClock, toWallClock } from './simulator-time.ts';

export const DAILY_TYPES = [
  'Everyday',
  'Workdays',
  'Weekends',
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
export type DailyType = (typeof DAILY_TYPES)[number];

/** Minutes between two periodic runs; `Hours12` came with v8. */
export const PERIODS = {
  Minutes5: 5,
  Minutes10: 10,
  Minutes15: 15,
  Minutes30: 30,
  Hours1: 60,
  Hours2: 120,
  Hours4: 240,
  Hours8: 480,
  Hours12: 720,
} as const;
export type Period = keyof typeof PERIODS;

/** 168 hours from Sunday 00:00; the hour of an instant is read in UTC, moved by `minuteOffset`. */
export interface Grid {
  readonly hours: readonly boolean[];
  readonly minuteOffset: number;
}

/** When a job is due. Members that the type does not use stay undefined, and then do not appear on the wire. */
export interface Policy {
  readonly type: 'Daily' | 'Periodically' | 'ManualOnly';
  readonly scheduleEnabled: boolean;
  readonly dailyType?: DailyType | undefined;
  /** `HH:MM:SS` by the server's clock. */
  readonly dailyTime?: string | undefined;
  readonly every?: Period | undefined;
  readonly offsetMinutes: number;
  readonly startGridEnabled: boolean;
  /** Hours in which periodic runs may start. */
  readonly startGrid?: Grid | undefined;
  readonly windowEnabled: boolean;
  /** Hours that a run may not leave; may stand beside `windowEnabled: false`, and then has no effect. */
  readonly window?: Grid | undefined;
  readonly retryEnabled: boolean;
  readonly retryNumber: number;
  readonly retryWaitMinutes: number;
}

/** The first instant after `after` at which the policy is due; undefined when it never is. */
export function nextFire(policy: Policy, after: number): number | undefined {
  if (!policy.scheduleEnabled) return undefined;
  switch (policy.type) {
    case 'Daily':
      return nextDaily(policy, after);
    case 'Periodically':
      return nextPeriodic(policy, after);
    case 'ManualOnly':
      return undefined;
  }
}

/** How far back to look to find about `count` earlier runs. */
export function lookbackMs(policy: Policy, count: number): number {
  if (policy.type === 'Periodically') return (count + 1) * PERIODS[policy.every ?? 'Hours1'] * MINUTE_MS;
  switch (policy.dailyType) {
    case 'Everyday':
      return (count + 1) * DAY_MS;
    case 'Workdays':
      return (Math.ceil(count / 5) * 7 + 3) * DAY_MS;
    case 'Weekends':
      return (Math.ceil(count / 2) * 7 + 3) * DAY_MS;
    default:
      return (count * 7 + 1) * DAY_MS;
  }
}

export function isAllowed(grid: Grid, instant: number): boolean {
  const shifted = new Date(instant + grid.minuteOffset * MINUTE_MS);
  return grid.hours[shifted.getUTCDay() * 24 + shifted.getUTCHours()] ?? false;
}

/** The first instant from `from` to before `until` at which the grid forbids to run. */
export function firstForbidden(grid: Grid, from: number, until: number): number | undefined {
  const shift = grid.minuteOffset * MINUTE_MS;
  for (let at = from; at < until; at = (Math.floor((at + shift) / HOUR_MS) + 1) * HOUR_MS - shift) {
    if (!isAllowed(grid, at)) return at;
  }
  return undefined;
}

function nextDaily(policy: Policy, after: number): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = (policy.dailyTime ?? '00:00:00').split(':').map(Number);
  const timeMs = (hours * 60 + minutes) * MINUTE_MS + seconds * 1000;
  const today = Math.floor(toWallClock(after) / DAY_MS) * DAY_MS;
  for (let day = today; day <= today + 8 * DAY_MS; day += DAY_MS) {
    if (!fallsOn(policy.dailyType ?? 'Everyday', new Date(day).getUTCDay())) continue;
    const instant = fromWallClock(day + timeMs);
    if (instant > after) return instant;
  }
  return undefined;
}

function nextPeriodic(policy: Policy, after: number): number | undefined {
  const step = PERIODS[policy.every ?? 'Hours1'];
  const offset = step >= 60 ? policy.offsetMinutes : 0;
  const grid = policy.startGridEnabled ? policy.startGrid : undefined;
  const today = Math.floor(toWallClock(after) / DAY_MS) * DAY_MS;
  const passed = (toWallClock(after) - today) / MINUTE_MS;
  let minute = offset + Math.max(0, Math.floor((passed - offset) / step)) * step;
  for (let day = today; day <= today + 8 * DAY_MS; day += DAY_MS) {
    for (; minute < 1440; minute += step) {
      const instant = fromWallClock(day + minute * MINUTE_MS);
      if (instant > after && (grid === undefined || isAllowed(grid, instant))) return instant;
    }
    minute = offset;
  }
  return undefined;
}

function fallsOn(type: DailyType, weekday: number): boolean {
  switch (type) {
    case 'Everyday':
      return true;
    case 'Workdays':
      return weekday >= 1 && weekday <= 5;
    case 'Weekends':
      return weekday === 0 || weekday === 6;
    default:
      return DAILY_TYPES.indexOf(type) - 3 === weekday;
  }
}
