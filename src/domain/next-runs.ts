import { cronFitsDay, parseCron } from './cron.ts';
import { type Recurrence, type Schedule, type Zone, intervalMinutesOfDay } from './schedule.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from './time-units.ts';
import { instantsMsOf, runMsOf, steadyOffsetMs } from './zone-offset.ts';
import { type CalendarDay, calendarDayOf, isZone, midnightOf } from './zone.ts';

/** What a recurrence asks of the wall clock. */
interface ClockPlan {
  readonly fitsDay: (day: CalendarDay) => boolean;
  /** 0 to 1439, ascending; the same on each day that fits. */
  readonly minutesOfDay: readonly number[];
  /** 0 to 59, ascending; the same in each of those minutes. */
  readonly seconds: readonly number[];
  /** Due in each hour of the day: then an hour that the clock shows twice has its runs twice. */
  readonly everyHour: boolean;
  /** No day after this year fits; undefined when there is no end. */
  readonly lastYear: number | undefined;
}

/**
 * A search without an end gives up after so many days without a run. Two 29ths of February are at most eight years apart, and
 * nothing that cron can say is rarer.
 */
const LONGEST_IDLE_DAYS = 9 * 366;

/** Instants are written with four digits of the year (RFC 3339), so the last days of 9999 end every search. */
const LAST_DAY_MS = Date.UTC(9999, 11, 30);

/** The first `count` of `runsAfter`, or fewer. */
export function nextRuns(schedule: Schedule, after: Date, count: number): Date[] {
  return count >= 1 ? runsAfter(schedule, after).take(count).toArray() : [];
}

/**
 * The instants at which a schedule is due, strictly after `after`, in order, worked out as they are asked for; often without end.
 *
 * Empty when nothing can be computed: the schedule is switched off, MANUAL, UNKNOWN, without a zone where one is needed (ONCE
 * needs none), or cron text that cannot be read with certainty. The window is not looked at. Gaps and overlaps: docs/time.md.
 */
export function* runsAfter(schedule: Schedule, after: Date): Generator<Date, void> {
  const { enabled, recurrence, zone } = schedule;
  if (enabled === false) return;
  const afterMs = Math.max(after.getTime(), (schedule.startsAt?.getTime() ?? -Infinity) - 1);
  if (recurrence.form === 'ONCE') {
    if (recurrence.at.getTime() > afterMs) yield recurrence.at;
    return;
  }
  const plan = clockPlanOf(recurrence);
  if (plan === undefined || !isZone(zone)) return;
  for (const ms of runsOf(plan, zone, afterMs)) yield new Date(ms);
}

/** Wall-clock times at which a schedule is due, whatever the zone does to them. */
export interface DueOnClock {
  /** Local milliseconds, ascending. */
  readonly localMs: readonly number[];
  /** Due in each hour of the day: no time of day but a pace, see docs/time.md. */
  readonly isPace: boolean;
}

/**
 * The minutes of the wall clock, from one to before another, at which a schedule is due; seconds within a minute are left out.
 *
 * Empty for what has no wall clock (ONCE, MANUAL, UNKNOWN, cron that cannot be read). The switch, the zone and `startsAt` are not
 * looked at.
 */
export function dueOnClock({ recurrence }: Schedule, fromLocalMs: number, untilLocalMs: number): DueOnClock {
  const plan = recurrence.form === 'ONCE' ? undefined : clockPlanOf(recurrence);
  if (plan === undefined) return { localMs: [], isPace: false };
  const localMs: number[] = [];
  for (let dayMs = midnightOf(fromLocalMs); dayMs < untilLocalMs; dayMs += DAY_MS) {
    if (!plan.fitsDay(calendarDayOf(dayMs))) continue;
    for (const minute of plan.minutesOfDay) localMs.push(dayMs + minute * MINUTE_MS);
  }
  const inside = localMs.filter((ms) => ms >= fromLocalMs && ms < untilLocalMs);
  return { localMs: inside, isPace: plan.everyHour };
}

function clockPlanOf(recurrence: Exclude<Recurrence, { form: 'ONCE' }>): ClockPlan | undefined {
  switch (recurrence.form) {
    case 'WEEKLY': {
      const { days, at } = recurrence;
      const minutesOfDay = [at.hour * 60 + at.minute];
      const fitsDay = ({ weekday }: CalendarDay): boolean => days.includes(weekday);
      return { fitsDay, minutesOfDay, seconds: [at.second], everyHour: false, lastYear: undefined };
    }
    case 'INTERVAL': {
      const minutesOfDay = intervalMinutesOfDay(recurrence.everyMinutes, recurrence.offsetMinutes);
      const everyHour = recurrence.everyMinutes <= 60;
      return { fitsDay: () => minutesOfDay.length > 0, minutesOfDay, seconds: [0], everyHour, lastYear: undefined };
    }
    case 'CRON': {
      const cron = parseCron(recurrence.expression);
      if (cron === undefined) return undefined;
      const minutesOfDay = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * 60 + minute));
      const fitsDay = (day: CalendarDay): boolean => cronFitsDay(cron, day);
      return {
        fitsDay,
        minutesOfDay,
        seconds: cron.seconds,
        everyHour: cron.hours.length === 24,
        lastYear: cron.years?.at(-1),
      };
    }
    case 'MANUAL':
    case 'UNKNOWN':
      return undefined;
  }
}

function* runsOf(plan: ClockPlan, zone: Zone, afterMs: number): Generator<number, void> {
  // Minutes of days near a change of the clock: they may leave their order and their day, so they wait until the change is over.
  let unsettled: number[] = [];
  for (const dayMs of fittingDays(plan, afterMs)) {
    const offsetMs = steadyOffsetMs(dayMs, zone);
    if (offsetMs === undefined) {
      for (const minute of plan.minutesOfDay) unsettled.push(...minuteInstants(dayMs + minute * MINUTE_MS, zone, plan));
      continue;
    }
    if (unsettled.length > 0) yield* runsOfMinutes(settle(unsettled), plan, afterMs);
    unsettled = [];
    const minutes = plan.minutesOfDay.values().map((minute) => dayMs + minute * MINUTE_MS - offsetMs);
    yield* runsOfMinutes(minutes, plan, afterMs);
  }
  yield* runsOfMinutes(settle(unsettled), plan, afterMs);
}

/** Midnights, in local milliseconds, of the days that fit, from two days early because of offsets and gaps of up to a day. */
function* fittingDays(plan: ClockPlan, afterMs: number): Generator<number, void> {
  let idleDays = 0;
  for (let dayMs = midnightOf(afterMs) - 2 * DAY_MS; dayMs < LAST_DAY_MS; dayMs += DAY_MS) {
    const day = calendarDayOf(dayMs);
    if (plan.lastYear === undefined ? idleDays > LONGEST_IDLE_DAYS : day.year > plan.lastYear) return;
    idleDays += 1;
    if (!plan.fitsDay(day)) continue;
    idleDays = 0;
    yield dayMs;
  }
}

function minuteInstants(localMs: number, zone: Zone, plan: ClockPlan): readonly number[] {
  const shown = plan.everyHour ? instantsMsOf(localMs, zone) : [];
  return shown.length > 0 ? shown : [runMsOf(localMs, zone)];
}

/** In order, and two runs that a gap pushed into one minute are one. */
function settle(minutes: readonly number[]): Iterable<number> {
  return [...new Set(minutes)].toSorted((a, b) => a - b);
}

function* runsOfMinutes(minutes: Iterable<number>, plan: ClockPlan, afterMs: number): Generator<number, void> {
  for (const minuteMs of minutes) {
    if (minuteMs + MINUTE_MS <= afterMs) continue;
    for (const second of plan.seconds) {
      const ms = minuteMs + second * SECOND_MS;
      if (ms > afterMs) yield ms;
    }
  }
}
