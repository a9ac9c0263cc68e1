import { type CronFields, parseCron } from './cron.ts';
import { type Recurrence, type Weekday, intervalMinutesOfDay } from './schedule.ts';
import { DAY_MINUTES } from './time-units.ts';

/**
 * A recurrence as independent lists: it is due at every combination of them. This is what cron and RRULE can say.
 *
 * Undefined days or months mean all; day -1 is the last of the month.
 */
export interface ClockRule {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly weekdays: readonly Weekday[] | undefined;
  readonly daysOfMonth: readonly number[] | undefined;
  readonly months: readonly number[] | undefined;
}

/** The recurrence as a rule; undefined when it is none, or no single one, or opaque. */
export function clockRuleOf(recurrence: Recurrence): ClockRule | undefined {
  switch (recurrence.form) {
    case 'WEEKLY':
      return weeklyRule(recurrence);
    case 'INTERVAL':
      return intervalRule(recurrence);
    case 'CRON':
      return cronRule(parseCron(recurrence.expression));
    case 'ONCE':
    case 'MANUAL':
    case 'UNKNOWN':
      return undefined;
  }
}

function weeklyRule({ days, at }: Extract<Recurrence, { form: 'WEEKLY' }>): ClockRule | undefined {
  const weekdays = ([0, 1, 2, 3, 4, 5, 6] as const).filter((day) => days.includes(day));
  if (weekdays.length === 0) return undefined;
  return {
    seconds: [at.second],
    minutes: [at.minute],
    hours: [at.hour],
    weekdays: weekdays.length === 7 ? undefined : weekdays,
    daysOfMonth: undefined,
    months: undefined,
  };
}

/** An interval fits only when each of its hours has the same minutes: 90 minutes, for one, do not. */
function intervalRule(recurrence: Extract<Recurrence, { form: 'INTERVAL' }>): ClockRule | undefined {
  if (DAY_MINUTES % recurrence.everyMinutes !== 0) return undefined;
  const minutesOfDay = intervalMinutesOfDay(recurrence.everyMinutes, recurrence.offsetMinutes);
  const hours = [...new Set(minutesOfDay.map((minute) => Math.floor(minute / 60)))];
  const minutes = [...new Set(minutesOfDay.map((minute) => minute % 60))].toSorted((a, b) => a - b);
  if (minutesOfDay.length === 0 || hours.length * minutes.length !== minutesOfDay.length) return undefined;
  return { seconds: [0], minutes, hours, weekdays: undefined, daysOfMonth: undefined, months: undefined };
}

function cronRule(cron: CronFields | undefined): ClockRule | undefined {
  if (cron === undefined || cron.years !== undefined) return undefined;
  const { seconds, minutes, hours, daysOfMonth } = cron;
  const weekdays = cron.daysOfWeek?.length === 7 ? undefined : cron.daysOfWeek;
  // Either of two days is two rules.
  if (daysOfMonth !== undefined && weekdays !== undefined) return undefined;
  return {
    seconds,
    minutes,
    hours,
    weekdays,
    daysOfMonth,
    months: cron.months.length === 12 ? undefined : cron.months,
  };
}
