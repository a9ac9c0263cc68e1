import { DAY_MS, HOUR_MINUTES, HOUR_MS, MINUTE_MS } from './time-units.ts';
import { runMsOf } from './zone-offset.ts';
import { calendarDayOf, localMsAt, midnightOf } from './zone.ts';

export const WINDOW_SEMANTICS = ['MUST_FINISH_INSIDE', 'MAY_START_INSIDE', 'UNKNOWN'] as const;
export type WindowSemantics = (typeof WINDOW_SEMANTICS)[number];

/**
 * What a window's `minuteOffset` may mean; both count it ahead of UTC.
 *
 * - GRID_IS_LOCAL: it is the whole distance of the grid's wall clock from UTC.
 * - GRID_IS_UTC: whole hours are in the grid already, which stands in UTC; only the minutes below an hour still count.
 *
 * They differ from an hour on, either side of 0.
 */
export const MINUTE_OFFSET_READINGS = ['GRID_IS_LOCAL', 'GRID_IS_UTC'] as const;
export type MinuteOffsetReading = (typeof MINUTE_OFFSET_READINGS)[number];

/** How the offset is read when the operator says nothing. */
export const DEFAULT_MINUTE_OFFSET_READING: MinuteOffsetReading = 'GRID_IS_LOCAL';

/**
 * The hours of a week in which a job may run.
 *
 * Shape: 168 entries; 0 is Sunday 00:00-01:00, 167 is Saturday 23:00-24:00; true is allowed.
 * Units: `utcOffsetMinutes` is the vendor's raw `minuteOffset`; it, or what the reading leaves of it, is added to UTC to get the
 * wall clock of the grid.
 * Source: Veeam Backup for Microsoft 365, /Jobs/{id}, BackupWindowSettings. The document gives neither sign nor meaning of
 * `minuteOffset`; counting it ahead of UTC is an assumption.
 */
export interface BackupWindow {
  /** False when the vendor has the window switched off: the grid then has no effect. */
  readonly enabled: boolean;
  readonly semantics: WindowSemantics;
  readonly hours: readonly boolean[];
  readonly utcOffsetMinutes: number;
  /** How the operator says the offset is meant; undefined: nothing was said, and the default holds. */
  readonly minuteOffsetReading?: MinuteOffsetReading | undefined;
}

/** A stretch of time in which a window is open; `end` is the first instant after it. */
export interface WindowInterval {
  readonly start: Date;
  readonly end: Date;
}

export const HOURS_OF_WEEK = 168;

const WEEK_MS = 7 * DAY_MS;

/** Local milliseconds count from 1970-01-01, a Thursday: hour 96 of a week that begins on Sunday. */
const FIRST_HOUR_OF_EPOCH = 4 * 24;

/**
 * A sentence of warning when the instants of a window hang on how its offset is meant, and the operator has not said it; else
 * undefined.
 */
export function minuteOffsetWarning(window: BackupWindow): string | undefined {
  const { enabled, minuteOffsetReading, utcOffsetMinutes } = window;
  if (!enabled || minuteOffsetReading !== undefined) return undefined;
  const otherwise = Math.abs(utcOffsetMinutes - (utcOffsetMinutes % HOUR_MINUTES)) / HOUR_MINUTES;
  const turns = window.hours.some((open) => open !== window.hours[0]);
  if (otherwise === 0 || !turns) return undefined;
  return (
    `The vendor does not say how the offset of ${utcOffsetMinutes} minutes of this window is meant. It is read as the distance of ` +
    `the grid from UTC; were the grid in UTC already, the window would open and close ${otherwise} ` +
    `${otherwise === 1 ? 'hour' : 'hours'} ${utcOffsetMinutes > 0 ? 'later' : 'earlier'}.`
  );
}

/** Whether the window is open at an instant. A window that is switched off is always open. */
export function isOpenAt(window: BackupWindow, at: Date): boolean {
  return isOpenInHour(window, hourOf(window, at.getTime()));
}

/** The first instant after `after` at which the window turns from closed to open; undefined when it is always or never open. */
export function nextOpening(window: BackupWindow, after: Date): Date | undefined {
  return nextTurn(window, after, true);
}

/** The first instant after `after` at which the window turns from open to closed; undefined when it is always or never open. */
export function nextClosing(window: BackupWindow, after: Date): Date | undefined {
  return nextTurn(window, after, false);
}

/** Open hours of a week, 0 to 168. */
export function allowedHoursPerWeek(window: BackupWindow): number {
  return window.enabled ? window.hours.filter(Boolean).length : HOURS_OF_WEEK;
}

/**
 * The open stretches of the week that holds `weekOf`, merged, in order, and cut at the ends of that week.
 *
 * Shape: the week runs from Sunday 00:00 to Sunday 00:00 in `timeZone`, so that it has 167 or 169 hours when a clock is moved.
 * @throws INVALID_INPUT for an unknown zone.
 */
export function windowIntervals(
  window: BackupWindow,
  { timeZone, weekOf }: { readonly timeZone: string; readonly weekOf: Date },
): readonly WindowInterval[] {
  const localMs = localMsAt(weekOf, { timeZone });
  const sundayMs = midnightOf(localMs) - calendarDayOf(localMs).weekday * DAY_MS;
  const weekStartMs = runMsOf(sundayMs, { timeZone });
  const weekEndMs = runMsOf(sundayMs + 7 * DAY_MS, { timeZone });
  const intervals: WindowInterval[] = [];
  let openedMs: number | undefined;
  let stretchMs = weekStartMs;
  while (stretchMs < weekEndMs) {
    const hour = hourOf(window, stretchMs);
    if (isOpenInHour(window, hour)) openedMs ??= stretchMs;
    else if (openedMs !== undefined) {
      intervals.push(interval(openedMs, stretchMs));
      openedMs = undefined;
    }
    stretchMs = startOfHour(window, hour + 1);
  }
  if (openedMs !== undefined) intervals.push(interval(openedMs, weekEndMs));
  return intervals;
}

/**
 * Milliseconds of a stretch of time in which the window is closed.
 *
 * However long the stretch is, no more than a week's hours are looked at. 0 when it ends before it begins.
 */
export function closedMs(window: BackupWindow, from: Date, until: Date): number {
  const wholeWeeks = Math.max(0, Math.floor((until.getTime() - from.getTime()) / WEEK_MS));
  let closed = wholeWeeks * (HOURS_OF_WEEK - allowedHoursPerWeek(window)) * HOUR_MS;
  let stretchMs = from.getTime() + wholeWeeks * WEEK_MS;
  while (stretchMs < until.getTime()) {
    const hour = hourOf(window, stretchMs);
    const endMs = Math.min(startOfHour(window, hour + 1), until.getTime());
    if (!isOpenInHour(window, hour)) closed += endMs - stretchMs;
    stretchMs = endMs;
  }
  return closed;
}

function interval(startMs: number, endMs: number): WindowInterval {
  return { start: new Date(startMs), end: new Date(endMs) };
}

function nextTurn(window: BackupWindow, after: Date, toOpen: boolean): Date | undefined {
  const current = hourOf(window, after.getTime());
  for (let hour = current + 1; hour <= current + HOURS_OF_WEEK; hour += 1) {
    const turns = isOpenInHour(window, hour - 1) !== toOpen && isOpenInHour(window, hour) === toOpen;
    if (turns) return new Date(startOfHour(window, hour));
  }
  return undefined;
}

/** Whole hours since 1970 on the wall clock of the grid. */
function hourOf(window: BackupWindow, instantMs: number): number {
  return Math.floor((instantMs + gridOffsetMs(window)) / HOUR_MS);
}

function startOfHour(window: BackupWindow, hour: number): number {
  return hour * HOUR_MS - gridOffsetMs(window);
}

/** How far the wall clock of the grid is ahead of UTC. */
function gridOffsetMs({ utcOffsetMinutes, minuteOffsetReading = DEFAULT_MINUTE_OFFSET_READING }: BackupWindow): number {
  switch (minuteOffsetReading) {
    case 'GRID_IS_LOCAL':
      return utcOffsetMinutes * MINUTE_MS;
    case 'GRID_IS_UTC':
      // The remainder keeps the sign: -210 leaves -30.
      return (utcOffsetMinutes % HOUR_MINUTES) * MINUTE_MS;
  }
}

function isOpenInHour(window: BackupWindow, hour: number): boolean {
  if (!window.enabled) return true;
  const index = (((hour + FIRST_HOUR_OF_EPOCH) % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
  return window.hours[index] === true;
}
