import { type BackupWindow, isOpenAt } from './backup-window.ts';
import { parseCron } from './cron.ts';
import { dueOnClock } from './next-runs.ts';
import type { Schedule } from './schedule.ts';
import { DAY_MS } from './time-units.ts';
import { offsetMsAt } from './zone-offset.ts';
import { isZone } from './zone.ts';

/** So many days show every gap of what repeats daily, weekly, yearly, or as rarely as cron can say. */
const DAILY_SPAN_DAYS = 2;
const WEEKLY_SPAN_DAYS = 15;
const YEARLY_SPAN_DAYS = 400;
const RAREST_SPAN_DAYS = 9 * 366;

/**
 * The longest stretch, in milliseconds, between two runs that these schedules make together, weekends included: workdays at 21:00
 * have three days.
 *
 * Counted on the clock of the wall, so that an hour of daylight saving neither adds nor takes away, and that no zone is needed. Schedules whose
 * zone is unknown are counted together and apart from the others; the shorter result holds. What a window swallows is no run; a window that
 * would swallow all is not believed. Undefined when nothing repeats: switched off, not begun at `from`, MANUAL, ONCE, not to be read,
 * or with a window that cannot be laid over a clock of unknown zone.
 */
export function longestGapMs(schedules: readonly Schedule[], from: Date): number | undefined {
  const active = schedules.filter((schedule) => isActiveAt(schedule, from));
  const zoned = active.filter(({ zone }) => isZone(zone));
  const unzoned = active.filter(({ zone, window }) => !isZone(zone) && !closesAtTimes(window));
  const gaps = [zoned, unzoned].flatMap((group) => gapOfGroup(group, from.getTime()) ?? []);
  return gaps.length === 0 ? undefined : Math.min(...gaps);
}

function isActiveAt({ enabled, startsAt }: Schedule, at: Date): boolean {
  return enabled !== false && (startsAt === undefined || startsAt <= at);
}

function closesAtTimes(window: BackupWindow | undefined): window is BackupWindow {
  return window !== undefined && window.enabled && window.hours.includes(false);
}

function gapOfGroup(schedules: readonly Schedule[], fromMs: number): number | undefined {
  const days = Math.max(0, ...schedules.map(spanDaysOf));
  const gap = gapWithin(schedules, fromMs, days);
  return gap === undefined && days === YEARLY_SPAN_DAYS ? gapWithin(schedules, fromMs, RAREST_SPAN_DAYS) : gap;
}

function spanDaysOf({ recurrence, window }: Schedule): number {
  if (recurrence.form === 'INTERVAL') return window === undefined ? DAILY_SPAN_DAYS : WEEKLY_SPAN_DAYS;
  if (recurrence.form !== 'CRON') return WEEKLY_SPAN_DAYS;
  const cron = parseCron(recurrence.expression);
  const repeatsWeekly =
    cron === undefined || (cron.daysOfMonth === undefined && cron.months.length === 12 && cron.years === undefined);
  return repeatsWeekly ? WEEKLY_SPAN_DAYS : YEARLY_SPAN_DAYS;
}

function gapWithin(schedules: readonly Schedule[], fromMs: number, days: number): number | undefined {
  const due = schedules.flatMap((schedule) => dueInstants(schedule, fromMs, days)).toSorted((a, b) => a - b);
  let longest: number | undefined;
  for (const [index, ms] of due.entries()) {
    const gap = ms - (due[index - 1] ?? ms);
    if (gap > (longest ?? 0)) longest = gap;
  }
  return longest;
}

function dueInstants(schedule: Schedule, fromMs: number, days: number): readonly number[] {
  const { zone, window } = schedule;
  // One offset for all the days: a change of the clock is none of the schedule's gaps.
  const offsetMs = isZone(zone) ? offsetMsAt(fromMs, zone) : 0;
  const fromLocalMs = fromMs + offsetMs;
  const due = dueOnClock(schedule, fromLocalMs, fromLocalMs + days * DAY_MS).localMs.map((ms) => ms - offsetMs);
  if (!closesAtTimes(window)) return due;
  const inside = due.filter((ms) => isOpenAt(window, new Date(ms)));
  return inside.length === 0 ? due : inside;
}
