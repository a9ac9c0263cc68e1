import { LAST_DAY, parseCron } from './cron.ts';
import { type ClockRule, clockRuleOf } from './schedule-rule.ts';
import {
  type Recurrence,
  type RetryPolicy,
  type Schedule,
  type TimeOfDay,
  type Weekday,
  type Zone,
  intervalMinutesOfDay,
} from './schedule.ts';
import { DAY_MINUTES } from './time-units.ts';
import { isTimeZone, isZone, wallClockAt } from './zone.ts';

const DAY_NAMES = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
const MONTH_NAMES = 'January February March April May June July August September October November December'.split(' ');
const RRULE_DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const EVERY_DAY: readonly Weekday[] = [0, 1, 2, 3, 4, 5, 6];
const UTC: Zone = { utcOffsetMinutes: 0 };

/** A sentence names no more times of day than this. */
const MOST_TIMES = 4;

/**
 * The schedule in plain English, such as `Mondays to Fridays at 22:45 (Europe/Berlin), up to 3 retries 10 minutes apart`.
 *
 * Says so when the zone is not known where the instants hang on it, and when the schedule is switched off.
 */
export function summarise(schedule: Schedule): string {
  const text = [recurrenceText(schedule), startText(schedule), retryText(schedule.retry)].filter(Boolean).join(', ');
  return schedule.enabled === false ? `Switched off: ${lowerFirst(text)}` : text;
}

/**
 * The recurrence as an RFC 5545 RRULE value, without `RRULE:`, such as `FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=22;BYMINUTE=45;BYSECOND=0`.
 *
 * It leans on no DTSTART, and leaves out `startsAt`, the zone and whether the schedule is switched on. Undefined for what one such
 * rule cannot say: ONCE, MANUAL, UNKNOWN, cron that cannot be read, names years, or means either of two days, and intervals that
 * do not divide the day or do not repeat within the hour.
 */
export function toRrule(schedule: Schedule): string | undefined {
  const rule = clockRuleOf(schedule.recurrence);
  if (rule === undefined) return undefined;
  const allSeconds = rule.seconds.length === 60;
  const allMinutes = rule.minutes.length === 60;
  const allHours = rule.hours.length === 24;
  const parts = [
    `FREQ=${frequencyOf(rule)}`,
    rule.months && `BYMONTH=${rule.months.join(',')}`,
    rule.daysOfMonth && `BYMONTHDAY=${rule.daysOfMonth.join(',')}`,
    rule.weekdays &&
      `BYDAY=${mondayFirst(rule.weekdays)
        .map((day) => RRULE_DAYS[day])
        .join(',')}`,
    allHours ? undefined : `BYHOUR=${rule.hours.join(',')}`,
    allMinutes ? undefined : `BYMINUTE=${rule.minutes.join(',')}`,
    allSeconds ? undefined : `BYSECOND=${rule.seconds.join(',')}`,
  ];
  return parts.filter((part) => part !== undefined).join(';');
}

/**
 * The recurrence as cron text of five fields, 0 as Sunday.
 *
 * The vendor's own text where that has five fields, no `?`, and can be read; other cron text is written anew. Undefined when seconds
 * other than 0 are asked for, for the last day of the month, and for what `toRrule` leaves undefined.
 */
export function toCron(schedule: Schedule): string | undefined {
  const { recurrence } = schedule;
  if (recurrence.form === 'CRON') {
    const plain = parseCron(recurrence.expression)?.fieldCount === 5 && !recurrence.expression.includes('?');
    if (plain) return recurrence.expression.trim();
  }
  const rule = clockRuleOf(recurrence);
  if (rule === undefined || rule.seconds.length !== 1 || rule.seconds[0] !== 0) return undefined;
  if (rule.daysOfMonth?.includes(LAST_DAY) === true) return undefined;
  const { minutes, hours, daysOfMonth, months, weekdays } = rule;
  const time = `${cronField(minutes, 0, 59)} ${cronField(hours, 0, 23)}`;
  const days = daysOfMonth === undefined ? '*' : cronField(daysOfMonth, 1, 31);
  const dayNames = weekdays === undefined ? '*' : listText(weekdays);
  return `${time} ${days} ${months === undefined ? '*' : cronField(months, 1, 12)} ${dayNames}`;
}

function frequencyOf(rule: ClockRule): string {
  if (rule.seconds.length === 60) return 'SECONDLY';
  if (rule.minutes.length === 60) return 'MINUTELY';
  if (rule.hours.length === 24) return 'HOURLY';
  return rule.weekdays === undefined ? 'DAILY' : 'WEEKLY';
}

/** `*`, a step up to the end of the field when three or more stand evenly, else a list. */
function cronField(numbers: readonly number[], low: number, high: number): string {
  if (numbers.length === high - low + 1) return '*';
  const [first = 0, second = 0] = numbers;
  const step = second - first;
  const even = numbers.every((number, index) => number === first + index * step);
  const toTheEnd = first + numbers.length * step > high;
  if (numbers.length <= 2 || step === 1 || !even || !toTheEnd) return listText(numbers);
  return first === low ? `*/${step}` : `${first}-${high}/${step}`;
}

/** Numbers in order, three or more in a row as a range: `1-5`, `0,6`. */
function listText(numbers: readonly number[]): string {
  return rowsOf(numbers)
    .map((row) => (row.length > 2 ? `${row[0]}-${row.at(-1)}` : row.join(',')))
    .join(',');
}

/** Splits ascending numbers into stretches without holes. */
function rowsOf<N extends number>(numbers: readonly N[]): readonly (readonly N[])[] {
  const rows: N[][] = [];
  for (const number of numbers) {
    const row = rows.at(-1);
    if (row?.at(-1) === number - 1) row?.push(number);
    else rows.push([number]);
  }
  return rows;
}

function mondayFirst(days: readonly Weekday[]): readonly Weekday[] {
  return ([1, 2, 3, 4, 5, 6, 0] as const).filter((day) => days.includes(day));
}

function recurrenceText({ recurrence, zone }: Schedule): string {
  switch (recurrence.form) {
    case 'WEEKLY':
      return weeklyText(recurrence.days, [recurrence.at], zone);
    case 'INTERVAL':
      return `${intervalText(recurrence)} ${zoneText(zone)}`;
    case 'CRON':
      return cronText(recurrence.expression, zone);
    case 'ONCE':
      return `Once, at ${instantText(recurrence.at, zone)}`;
    case 'MANUAL':
      return 'Only when started by hand';
    case 'UNKNOWN':
      return `In a form that is not known here ("${recurrence.raw}")`;
  }
}

function weeklyText(days: readonly Weekday[], times: readonly TimeOfDay[], zone: Zone | undefined): string {
  if (days.length === 0) return 'On no day of the week';
  return `${daysText(days)} at ${listOfWords(times.map(timeText))} ${zoneText(zone)}`;
}

function daysText(days: readonly Weekday[]): string {
  // Sunday counts as the seventh day here, so that a weekend stands at the end of its week.
  const rows = rowsOf(mondayFirst(days).map((day) => (day === 0 ? 7 : day)));
  if (rows[0]?.length === 7) return 'Every day';
  const names = rows.flatMap((row) => {
    const rowNames = row.map((day) => DAY_NAMES[day % 7] ?? '');
    return rowNames.length > 2 ? [`${rowNames[0]} to ${rowNames.at(-1)}`] : rowNames;
  });
  return listOfWords(names);
}

function listOfWords(words: readonly string[]): string {
  return words.length === 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function intervalText({
  everyMinutes,
  offsetMinutes,
}: Omit<Extract<Recurrence, { form: 'INTERVAL' }>, 'form'>): string {
  const every = everyMinutes % 60 === 0 ? count(everyMinutes / 60, 'hour') : count(everyMinutes, 'minute');
  const [first = 0] = intervalMinutesOfDay(everyMinutes, offsetMinutes);
  const start = timeText({ hour: Math.floor(first / 60), minute: first % 60, second: 0 });
  return `Every ${every.replace(/^1 /, '')}${first === 0 ? '' : ` from ${start}`}`;
}

/** Cron says a pace, or a few times of day, in words; the rest is quoted. */
function cronText(expression: string, zone: Zone | undefined): string {
  if (parseCron(expression) === undefined) return `By cron text that cannot be read for certain ("${expression}")`;
  const rule = clockRuleOf({ form: 'CRON', expression });
  const words = rule && (paceText(rule, zone) ?? timesText(rule, zone));
  return words ?? `By cron "${expression}" ${zoneText(zone)}`;
}

/** Undefined when it is no pace: days are chosen, or the day is not divided evenly. */
function paceText(rule: ClockRule, zone: Zone | undefined): string | undefined {
  if ((rule.weekdays ?? rule.daysOfMonth ?? rule.months) !== undefined) return undefined;
  if (rule.seconds.length !== 1 || rule.seconds[0] !== 0) return undefined;
  const minutesOfDay = rule.hours.flatMap((hour) => rule.minutes.map((minute) => hour * 60 + minute));
  const [first = 0, second = first] = minutesOfDay;
  const everyMinutes = second - first;
  const paced = intervalMinutesOfDay(everyMinutes, first);
  const isEven = paced.length === minutesOfDay.length && paced.every((minute, index) => minute === minutesOfDay[index]);
  if (!isEven || DAY_MINUTES % everyMinutes !== 0) return undefined;
  return `${intervalText({ everyMinutes, offsetMinutes: first })} ${zoneText(zone)}`;
}

/** Undefined when there are too many times of day for a sentence. */
function timesText(rule: ClockRule, zone: Zone | undefined): string | undefined {
  const { seconds, minutes, hours, weekdays, daysOfMonth, months } = rule;
  if (seconds.length * minutes.length * hours.length > MOST_TIMES) return undefined;
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ({ hour, minute, second }))),
  );
  if ((daysOfMonth ?? months) === undefined) return weeklyText(weekdays ?? EVERY_DAY, times, zone);
  const named = months && listOfWords(months.map((month) => MONTH_NAMES[month - 1] ?? ''));
  const days = daysOfMonth && `On ${daysOfMonthText(daysOfMonth)} of ${named ?? 'every month'}`;
  const rest = `at ${listOfWords(times.map(timeText))} ${zoneText(zone)}`;
  return days === undefined ? `${daysText(weekdays ?? EVERY_DAY)} in ${named} ${rest}` : `${days} ${rest}`;
}

function daysOfMonthText(days: readonly number[]): string {
  if (days[0] === LAST_DAY) return 'the last day';
  const rows = rowsOf(days).flatMap((row) => (row.length > 2 ? [`${row[0]} to ${row.at(-1)}`] : row.map(String)));
  return `day${days.length === 1 ? '' : 's'} ${listOfWords(rows)}`;
}

function startText({ recurrence, startsAt, zone }: Schedule): string | undefined {
  const matters = recurrence.form === 'WEEKLY' || recurrence.form === 'INTERVAL' || recurrence.form === 'CRON';
  return startsAt === undefined || !matters ? undefined : `not before ${instantText(startsAt, zone)}`;
}

function retryText(retry: RetryPolicy | undefined): string | undefined {
  if (retry === undefined || !retry.enabled || retry.attempts === 0) return undefined;
  const { attempts, intervalMinutes } = retry;
  const retries = attempts === undefined ? 'retries' : `up to ${count(attempts, 'retry', 'retries')}`;
  if (intervalMinutes === undefined) return attempts === undefined ? 'with retries' : retries;
  return `${retries} ${count(intervalMinutes, 'minute')} ${attempts === 1 ? 'later' : 'apart'}`;
}

function zoneText(zone: Zone | undefined): string {
  if (zone === undefined) return '(time zone not known)';
  if ('timeZone' in zone)
    return isTimeZone(zone.timeZone) ? `(${zone.timeZone})` : `(unknown time zone "${zone.timeZone}")`;
  if (!isZone(zone)) return '(UTC offset out of range)';
  const size = Math.abs(zone.utcOffsetMinutes);
  const offset = `${zone.utcOffsetMinutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
  return size === 0 ? '(UTC)' : `(UTC${offset})`;
}

/** An instant needs no zone; it is told in the schedule's where there is one, else in UTC. */
function instantText(instant: Date, zone: Zone | undefined): string {
  const shown = isZone(zone) ? zone : UTC;
  const wall = wallClockAt(instant, shown);
  return `${wall.year}-${twoDigits(wall.month)}-${twoDigits(wall.day)} ${timeText(wall)} ${zoneText(shown)}`;
}

function timeText({ hour, minute, second }: TimeOfDay): string {
  return `${twoDigits(hour)}:${twoDigits(minute)}${second === 0 ? '' : `:${twoDigits(second)}`}`;
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

function lowerFirst(text: string): string {
  return /^(Every|By|On|Once|Only|In)\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
