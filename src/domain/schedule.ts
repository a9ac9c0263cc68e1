import type { BackupWindow } from './backup-window.ts';
import { DAY_MINUTES } from './time-units.ts';

/** Day of the week as the window grid counts it: 0 is Sunday, 6 is Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Wall-clock time, 0-23, 0-59, 0-59. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Where a wall clock stands: an IANA zone, or a fixed offset in minutes ahead of UTC.
 *
 * Undefined in a schedule means that neither the vendor nor the operator told; then no instant can be computed.
 */
export type Zone = { readonly timeZone: string } | { readonly utcOffsetMinutes: number };

/**
 * When a job is due, in every form that the four vendors know.
 *
 * - WEEKLY: at one time of day on the listed days; all seven days is daily. Source: Veeam `Daily`, vCenter `recurrence_info`.
 * - INTERVAL: every so many minutes counted from midnight of the wall clock, `offsetMinutes` into the hour. Source: Veeam `Periodically`.
 * - CRON: the vendor's own text, opaque. Source: SailPoint `cronString`, whose dialect the vendor does not fix.
 * - ONCE: one instant. Source: SailPoint `startTime` without cron.
 * - MANUAL: never by itself. Source: Veeam `ManualOnly` or `scheduleEnabled: false`, vCenter without `recurrence_info`.
 * - UNKNOWN: a form that the gateway does not know; `raw` is the vendor's word.
 */
export type Recurrence =
  | { readonly form: 'WEEKLY'; readonly days: readonly Weekday[]; readonly at: TimeOfDay }
  | { readonly form: 'INTERVAL'; readonly everyMinutes: number; readonly offsetMinutes: number }
  | { readonly form: 'CRON'; readonly expression: string }
  | { readonly form: 'ONCE'; readonly at: Date }
  | { readonly form: 'MANUAL' }
  | { readonly form: 'UNKNOWN'; readonly raw: string };

/** What the vendor does after a failure. `attempts` and `intervalMinutes` are undefined when not told. */
export interface RetryPolicy {
  readonly enabled: boolean;
  readonly attempts: number | undefined;
  readonly intervalMinutes: number | undefined;
}

export interface Schedule {
  /** Whether the vendor will start runs by it; undefined when the vendor has no such switch. */
  readonly enabled: boolean | undefined;
  readonly recurrence: Recurrence;
  readonly zone: Zone | undefined;
  /** No run before this instant. Source: SailPoint `startTime` beside a cron. */
  readonly startsAt: Date | undefined;
  readonly retry: RetryPolicy | undefined;
  /** The hours in which runs may happen; undefined when the vendor has none for this job. */
  readonly window: BackupWindow | undefined;
}

/**
 * The minutes of a day, 0 to 1439 in order, at which an INTERVAL is due.
 *
 * The count begins anew at each midnight of the wall clock. An offset of a whole interval or more says the same as what is left
 * after taking whole intervals away. Empty when the interval is not a whole number of minutes above zero.
 */
export function intervalMinutesOfDay(everyMinutes: number, offsetMinutes: number): readonly number[] {
  if (!Number.isInteger(everyMinutes) || everyMinutes < 1 || !Number.isInteger(offsetMinutes)) return [];
  const minutes: number[] = [];
  const first = ((offsetMinutes % everyMinutes) + everyMinutes) % everyMinutes;
  for (let minute = first; minute < DAY_MINUTES; minute += everyMinutes) minutes.push(minute);
  return minutes;
}
