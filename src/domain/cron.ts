import type { Weekday } from './schedule.ts';
import type { CalendarDay } from './zone.ts';

/**
 * Cron text that was read with certainty.
 *
 * Shape: each list is in ascending order without repeats; months 1-12, days of the month 1-31, days of the week 0-6 from Sunday.
 * Undefined days or years mean that the field allows all. Where both days of the month and of the week are given, a day fits
 * when either does, as POSIX has it; only five-field text is read that way. The last day of the month, whichever it is, is -1 and
 * stands alone.
 */
export interface CronFields {
  /** 5: minute first. 6: second first. 7: second first, year last. */
  readonly fieldCount: 5 | 6 | 7;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[] | undefined;
  readonly months: readonly number[];
  readonly daysOfWeek: readonly Weekday[] | undefined;
  readonly years: readonly number[] | undefined;
}

/** What may stand in a field. `last` ends an open step and a star; `highest` is the highest number that may be written. */
interface FieldKind {
  readonly first: number;
  readonly last: number;
  readonly highest: number;
  readonly names: readonly string[];
}

/** What a dialect adds: `5/15` as "from 5 on", and ranges that run over the end, such as `22-2`. */
interface Dialect {
  readonly openSteps: boolean;
  readonly wrappingRanges: boolean;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const SIXTY = { first: 0, last: 59, highest: 59, names: [] };
const HOUR = { first: 0, last: 23, highest: 23, names: [] };
const DAY_OF_MONTH = { first: 1, last: 31, highest: 31, names: [] };
const MONTH = { first: 1, last: 12, highest: 12, names: MONTHS };
/** Seven is Sunday again. */
const DAY_OF_WEEK = { first: 0, last: 6, highest: 7, names: WEEKDAYS };
const QUARTZ_DAY_OF_WEEK = { first: 1, last: 7, highest: 7, names: WEEKDAYS };
const YEAR = { first: 1970, last: 2099, highest: 2099, names: [] };

/** The last day of a month in `daysOfMonth`. */
export const LAST_DAY = -1;

const LONGEST_TEXT = 300;

/**
 * Reads cron text of five fields, of six (seconds first) and of seven (seconds first, year last), and the Quartz form, which has
 * `?` for one of the day fields and may have `L` alone, the last day, for the day of the month.
 *
 * Undefined for everything that two common schedulers could read in two ways: a numeric day of the week in six or seven
 * fields without `?` (1 is Sunday or Monday), both day fields given in six or seven fields (either or both), a stepped star in one
 * day field beside the other, an open step (`5/15`) in five fields, every other `L`, `W`, `#`, macros, and numbers out of range.
 * The vendor does not say which dialect it speaks, so certainty goes before coverage.
 */
export function parseCron(text: string): CronFields | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const parts = text.trim().toUpperCase().split(/\s+/);
  const fieldCount = parts.length;
  if (fieldCount !== 5 && fieldCount !== 6 && fieldCount !== 7) return undefined;
  const [second = '', minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '*'] =
    fieldCount === 5 ? ['0', ...parts] : parts;
  const quartz = fieldCount > 5 && (dayOfMonth === '?' || dayOfWeek === '?');
  const dialect = { openSteps: fieldCount > 5, wrappingRanges: quartz };
  const seconds = parseField(second, SIXTY, dialect);
  const minutes = parseField(minute, SIXTY, dialect);
  const hours = parseField(hour, HOUR, dialect);
  const months = parseField(month, MONTH, dialect);
  const days = parseDays(dayOfMonth, dayOfWeek, fieldCount, dialect);
  const years = year === '*' ? 'ALL' : parseYears(year);
  if (!seconds || !minutes || !hours || !months || !days || !years) return undefined;
  return { fieldCount, seconds, minutes, hours, months, ...days, years: years === 'ALL' ? undefined : years };
}

/** Whether cron text lets a run happen on a day, whatever the hour. */
export function cronFitsDay(cron: CronFields, day: CalendarDay): boolean {
  if (!cron.months.includes(day.month)) return false;
  if (cron.years !== undefined && !cron.years.includes(day.year)) return false;
  const { daysOfMonth, daysOfWeek } = cron;
  if (daysOfMonth === undefined) return daysOfWeek === undefined || daysOfWeek.includes(day.weekday);
  const fitsMonth = daysOfMonth.includes(day.day) || (daysOfMonth[0] === LAST_DAY && isLastOfMonth(day));
  return fitsMonth || (daysOfWeek?.includes(day.weekday) ?? false);
}

function isLastOfMonth({ year, month, day }: CalendarDay): boolean {
  // Day 0 of the month after, months from 0: the last one of this.
  return day === new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function parseDays(
  dayOfMonth: string,
  dayOfWeek: string,
  fieldCount: 5 | 6 | 7,
  dialect: Dialect,
): Pick<CronFields, 'daysOfMonth' | 'daysOfWeek'> | undefined {
  if (dayOfMonth === '?' && dayOfWeek === '?') return undefined;
  const anyDayOfMonth = dayOfMonth === '*' || dayOfMonth === '?';
  const anyDayOfWeek = dayOfWeek === '*' || dayOfWeek === '?';
  const isLastDay = dayOfMonth === 'L' && dayOfWeek === '?' && fieldCount > 5;
  const daysOfMonth = anyDayOfMonth
    ? undefined
    : isLastDay
      ? [LAST_DAY]
      : parseField(dayOfMonth, DAY_OF_MONTH, dialect);
  const daysOfWeek = anyDayOfWeek ? undefined : parseDaysOfWeek(dayOfWeek, dayOfMonth === '?', fieldCount, dialect);
  if (!anyDayOfMonth && daysOfMonth === undefined) return undefined;
  if (!anyDayOfWeek && daysOfWeek === undefined) return undefined;
  if (daysOfMonth !== undefined && daysOfWeek !== undefined) {
    const stepped = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
    const allowsAll = daysOfMonth.length === 31 || daysOfWeek.length === 7;
    if (fieldCount !== 5 || stepped || allowsAll) return undefined;
  }
  return { daysOfMonth, daysOfWeek };
}

function parseDaysOfWeek(
  text: string,
  besideQuestionMark: boolean,
  fieldCount: 5 | 6 | 7,
  dialect: Dialect,
): readonly Weekday[] | undefined {
  const quartz = fieldCount > 5 && besideQuestionMark;
  // Outside Quartz and plain five fields nobody can tell whether 1 is Sunday or Monday.
  if (!quartz && (fieldCount > 5 || besideQuestionMark) && /\d/.test(text)) return undefined;
  const kind = quartz ? QUARTZ_DAY_OF_WEEK : DAY_OF_WEEK;
  const numbers = parseField(text, kind, dialect);
  if (numbers === undefined) return undefined;
  // The remainder of a division by seven is a day of the week.
  return inOrder(numbers.map((number) => (number - kind.first) % 7)) as Weekday[];
}

/** Where a stepped star would begin to count is not the same everywhere. */
function parseYears(text: string): readonly number[] | undefined {
  return text.startsWith('*') ? undefined : parseField(text, YEAR, { openSteps: true, wrappingRanges: false });
}

function parseField(text: string, kind: FieldKind, dialect: Dialect): readonly number[] | undefined {
  if (text.startsWith('*') && text.includes(',')) return undefined;
  const numbers: number[] = [];
  for (const item of text.split(',')) {
    const read = parseItem(item, kind, dialect);
    if (read === undefined) return undefined;
    numbers.push(...read);
  }
  return inOrder(numbers);
}

function parseItem(item: string, kind: FieldKind, dialect: Dialect): readonly number[] | undefined {
  const [, startText = '', endText, stepText] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,2}))?$/.exec(item) ?? [];
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1 || step > kind.last - kind.first) return undefined;
  if (startText === '*') return endText === undefined ? countUp(kind.first, kind.last, step) : undefined;
  const start = parseValue(startText, kind);
  if (start === undefined) return undefined;
  if (endText === undefined) {
    if (stepText === undefined) return [start];
    return dialect.openSteps ? countUp(start, kind.last, step) : undefined;
  }
  const end = parseValue(endText, kind);
  if (end === undefined) return undefined;
  if (start <= end) return countUp(start, end, step);
  if (!dialect.wrappingRanges || stepText !== undefined) return undefined;
  return [...countUp(start, kind.last, 1), ...countUp(kind.first, end, 1)];
}

function parseValue(text: string, kind: FieldKind): number | undefined {
  const named = kind.names.indexOf(text);
  if (named >= 0) return kind.first + named;
  if (!(kind === YEAR ? /^\d{4}$/ : /^\d{1,2}$/).test(text)) return undefined;
  const number = Number(text);
  return number >= kind.first && number <= kind.highest ? number : undefined;
}

function countUp(start: number, end: number, step: number): readonly number[] {
  const numbers: number[] = [];
  for (let number = start; number <= end; number += step) numbers.push(number);
  return numbers;
}

function inOrder(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}
