import { DAY_MS, WallClock } from '../../simulation/wall-clock.ts';

/** The forms in which cron texts are met at the vendor, who settles on none. */
export const CRON_STYLES = ['five', 'six', 'seven', 'quartz'] as const;
export type CronStyle = (typeof CRON_STYLES)[number];

/** A time of day on some days of the week (0 is Sunday), written in one of the styles; all days when none is named. */
export function printCron(style: CronStyle, hour: number, minute: number, days?: readonly [number, number]): string {
  const range = days && [...new Set(days)];
  const named = range?.map((day) => DAY_NAMES[day]).join('-');
  switch (style) {
    case 'five':
      return `${minute} ${hour} * * ${range?.join('-') ?? '*'}`;
    case 'six':
      return `0 ${minute} ${hour} * * ${named ?? '*'}`;
    case 'seven':
      return `0 ${minute} ${hour} * * ${named ?? '*'} *`;
    case 'quartz':
      return named === undefined ? `0 ${minute} ${hour} * * ?` : `0 ${minute} ${hour} ? * ${named}`;
  }
}

/** Five fields from the minute on, six with the second before, seven with the year behind. */
export class Cron {
  readonly #seconds: readonly number[];
  readonly #dates: DateRule;
  readonly #clock: WallClock;

  private constructor(seconds: readonly number[], dates: DateRule, clock: WallClock) {
    this.#seconds = seconds;
    this.#dates = dates;
    this.#clock = clock;
  }

  /** Undefined for a text that this server does not understand: it is kept and never fires. */
  static parse(text: string, clock: WallClock): Cron | undefined {
    const fields = text.trim().toUpperCase().split(/\s+/);
    // With a question mark Sunday is 1 as in Quartz, else 0 and 7.
    const dayBase = fields.includes('?') ? 1 : 0;
    const [second, minute, hour, day, month, weekday, year] = fields.length === 5 ? ['0', ...fields] : fields;
    const seconds = rangeOf(second, 0, 59);
    const minutes = rangeOf(minute, 0, 59);
    const hours = rangeOf(hour, 0, 23);
    const days = rangeOf(day, 1, 31);
    const months = rangeOf(month, 1, 12, MONTH_NAMES, 1);
    const weekdays = rangeOf(weekday, dayBase, 7, DAY_NAMES, dayBase);
    const years = rangeOf(year ?? '*', 1970, 2199);
    if (!seconds || !minutes || !hours || !days || !months || !weekdays || !years) return undefined;
    const times = hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => (h * 60 + m) * 60 + s)));
    const dates: DateRule = {
      years: new Set(years),
      months: new Set(months),
      days: new Set(days),
      weekdays: new Set(weekdays.map((one) => (one - dayBase) % 7)),
      // When day and weekday are both named, either one is enough.
      isEither: isNamed(day) && isNamed(weekday),
    };
    return new Cron(times, dates, clock);
  }

  /** The first instant after `after`; undefined when none comes within four years. */
  next(after: number): number | undefined {
    const today = this.#clock.dateAt(after);
    for (let date = today; date < today + MAX_DAYS * DAY_MS; date += DAY_MS) {
      if (!fits(this.#dates, date)) continue;
      const instant = this.#firstOn(date, after);
      if (instant !== undefined) return instant;
    }
    return undefined;
  }

  /** Halves its way through the times of the day: there are 86,400 of them when every second counts. */
  #firstOn(date: number, after: number): number | undefined {
    let [low, high] = [0, this.#seconds.length];
    let found: number | undefined;
    while (low < high) {
      const middle = (low + high) >> 1;
      const instant = this.#clock.instantAt(date, this.#seconds[middle] ?? 0);
      if (instant > after) [high, found] = [middle, instant];
      else low = middle + 1;
    }
    return found;
  }
}

interface DateRule {
  readonly years: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  readonly isEither: boolean;
}

const MAX_DAYS = 1464;
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

function fits({ years, months, days, weekdays, isEither }: DateRule, date: number): boolean {
  const day = new Date(date);
  if (!years.has(day.getUTCFullYear()) || !months.has(day.getUTCMonth() + 1)) return false;
  const [byDay, byWeekday] = [days.has(day.getUTCDate()), weekdays.has(day.getUTCDay())];
  return isEither ? byDay || byWeekday : byDay && byWeekday;
}

function isNamed(field: string | undefined): boolean {
  return field !== undefined && field !== '*' && field !== '?';
}

/** The values of a field with lists, ranges, steps and names, rising; undefined when it holds anything else. */
function rangeOf(
  field: string | undefined,
  low: number,
  high: number,
  names: readonly string[] = [],
  firstName = 0,
): number[] | undefined {
  const values = new Set<number>();
  for (const part of (field ?? '').split(',')) {
    const [, whole, from = '', to, step = '1'] = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    const read = (text: string): number => (names.includes(text) ? names.indexOf(text) + firstName : Number(text));
    const first = whole === undefined ? read(from) : low;
    const last = whole === undefined ? (to === undefined ? (part.includes('/') ? high : first) : read(to)) : high;
    const isSound = first >= low && last <= high && first <= last && Number(step) > 0 && (whole ?? from) !== '';
    if (!isSound) return undefined;
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return [...values].toSorted((a, b) => a - b);
}
