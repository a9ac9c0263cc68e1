import type { Weekday, Zone } from './schedule.ts';
import { DAY_MS } from './time-units.ts';
import { instantsMsOf, offsetMsAt, runMsOf } from './zone-offset.ts';

export { isTimeZone, isZone } from './zone-offset.ts';

/** What a clock on the wall shows: month 1-12, day 1-31, hour 0-23; proleptic Gregorian calendar, whole seconds. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A day of the calendar, in no zone yet. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: Weekday;
}

/**
 * What the zone's wall clock shows at an instant; milliseconds are dropped.
 *
 * @throws INVALID_INPUT for a zone that `isZone` refuses.
 */
export function wallClockAt(instant: Date, zone: Zone): WallClock {
  const local = new Date(localMsAt(instant, zone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  };
}

/**
 * Every instant at which the zone's wall clock shows this, earliest first.
 *
 * Shape: one instant as a rule, none when the clock jumps over it in spring, two when it is shown twice in autumn.
 * @throws INVALID_INPUT for a zone that `isZone` refuses.
 */
export function instantsOf(wall: WallClock, zone: Zone): readonly Date[] {
  return instantsMsOf(localMsOf(wall), zone).map((ms) => new Date(ms));
}

/**
 * The one instant at which a run due at this wall clock happens.
 *
 * In a spring gap: as if the clock had not been moved, so as much later on the new clock as the gap is long (02:30 becomes
 * 03:30). In an autumn overlap: the first of the two. RFC 5545, section 3.3.5, reads local times in the same way.
 * @throws INVALID_INPUT for a zone that `isZone` refuses.
 */
export function runInstantOf(wall: WallClock, zone: Zone): Date {
  return new Date(runMsOf(localMsOf(wall), zone));
}

/** The wall clock of an instant as milliseconds, written down as if it stood in UTC; keeps the milliseconds. */
export function localMsAt(instant: Date, zone: Zone): number {
  return instant.getTime() + offsetMsAt(instant.getTime(), zone);
}

/** The calendar day that holds these local milliseconds. */
export function calendarDayOf(localMs: number): CalendarDay {
  const local = new Date(localMs);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    // getUTCDay is documented to give 0 to 6.
    weekday: local.getUTCDay() as Weekday,
  };
}

/** Local milliseconds of the midnight that opens the day. */
export function midnightOf(localMs: number): number {
  return Math.floor(localMs / DAY_MS) * DAY_MS;
}

function localMsOf(wall: WallClock): number {
  // Date.UTC alone would read the years 0 to 99 as 1900 to 1999.
  const local = new Date(0);
  local.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  local.setUTCHours(wall.hour, wall.minute, wall.second);
  return local.getTime();
}
