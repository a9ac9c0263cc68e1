import { Temporal } from 'temporal-polyfill';
import type { Recurrence, Weekday } from '../../src/domain/schedule.ts';
import type { SeededRandom } from '../../src/simulation/random.ts';

/*
 * A third reading of schedules, on Temporal: walk the calendar of the zone day by day, and let Temporal turn each wall-clock time into an
 * instant. It knows nothing of src/domain but the words of a recurrence, and nothing of the rules of docs/time.md beyond Temporal's
 * own custom ("compatible": the first showing in an overlap, and as much later as a gap is long).
 */

/** A recurrence beside the plain lists that it was written from. */
export interface Plan {
  readonly recurrence: Recurrence;
  readonly fitsDay: (day: Temporal.PlainDate) => boolean;
  /** In order. */
  readonly times: readonly Temporal.PlainTime[];
  /** Due in each of the 24 hours. */
  readonly isPace: boolean;
}

/** An instant at which a plan is due, and the wall-clock time that it comes from. */
export interface DueInstant {
  readonly ms: number;
  readonly wall: string;
}

/** The instants of one search. */
export interface NaiveRuns {
  /** One for each wall-clock time, read by Temporal's custom; two wall-clock times may have the same. */
  readonly once: readonly DueInstant[];
  /** Second showings of wall-clock times that the zone shows twice. */
  readonly again: readonly DueInstant[];
}

/** No clock of the zones looked at is moved by more. */
const SLACK = { hours: 3 };

/** All instants after `afterMs` up to `untilMs` at which the plan is due in the zone. */
export function naiveRuns(plan: Plan, timeZone: string, afterMs: number, untilMs: number): NaiveRuns {
  const once: DueInstant[] = [];
  const again: DueInstant[] = [];
  const first = wallAt(afterMs, timeZone).subtract(SLACK);
  const last = wallAt(untilMs, timeZone).add(SLACK);
  for (let day = first.toPlainDate(); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (!plan.fitsDay(day)) continue;
    for (const time of plan.times) {
      const wall = day.toPlainDateTime(time);
      if (Temporal.PlainDateTime.compare(wall, first) < 0 || Temporal.PlainDateTime.compare(wall, last) > 0) continue;
      const text = wall.toString();
      const earlier = instantOf(wall, timeZone, 'compatible');
      const later = instantOf(wall, timeZone, 'later');
      once.push({ ms: earlier, wall: text });
      if (later !== earlier) again.push({ ms: later, wall: text });
    }
  }
  const isInside = ({ ms }: DueInstant): boolean => ms > afterMs && ms <= untilMs;
  return { once: once.filter(isInside), again: again.filter(isInside) };
}

/** Epoch milliseconds of a wall-clock time. */
export function instantOf(
  wall: Temporal.PlainDateTime,
  timeZone: string,
  disambiguation: 'compatible' | 'later',
): number {
  return wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds;
}

export function wallAt(ms: number, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/** Epoch milliseconds of the changes of a zone's clock. */
export function transitionsOf(timeZone: string, fromMs: number, untilMs: number): number[] {
  const found: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone).getTimeZoneTransition('next');
  while (at !== null && at.epochMilliseconds < untilMs) {
    found.push(at.epochMilliseconds);
    at = at.getTimeZoneTransition('next');
  }
  return found;
}

/** Half of the times of day lie between midnight and four, where clocks are moved. */
export function generatePlan(random: SeededRandom): Plan {
  const form = random.pick(['WEEKLY', 'INTERVAL', 'CRON', 'CRON']);
  if (form === 'WEEKLY') return weeklyPlan(random);
  return form === 'INTERVAL' ? intervalPlan(random) : cronPlan(random);
}

function weeklyPlan(random: SeededRandom): Plan {
  const days = subset(random, 0, 6, random.pick([7, random.integer(1, 7)]));
  const [hour, minute] = [random.pick([random.integer(0, 3), random.integer(0, 23)]), random.integer(0, 59)];
  const second = random.pick([0, 0, random.integer(0, 59)]);
  return {
    recurrence: { form: 'WEEKLY', days: days as Weekday[], at: { hour, minute, second } },
    fitsDay: (day) => days.includes(day.dayOfWeek % 7),
    times: [new Temporal.PlainTime(hour, minute, second)],
    isPace: false,
  };
}

function intervalPlan(random: SeededRandom): Plan {
  const everyMinutes = random.pick([5, 10, 15, 30, 45, 60, 90, 100, 120, 240, 480, 720, 1440]);
  const offsetMinutes = random.integer(0, 59);
  const times: Temporal.PlainTime[] = [];
  for (let minute = 0; minute < 1440; minute += 1) {
    const isDue = (minute - offsetMinutes) % everyMinutes === 0;
    if (isDue) times.push(new Temporal.PlainTime(Math.floor(minute / 60), minute % 60));
  }
  const recurrence: Recurrence = { form: 'INTERVAL', everyMinutes, offsetMinutes };
  return { recurrence, fitsDay: () => true, times, isPace: everyMinutes <= 60 };
}

/** Lists first, text second: in five fields, in six, in seven, and in the Quartz form. */
function cronPlan(random: SeededRandom): Plan {
  const minutes = subset(random, 0, 59, random.integer(1, 4));
  const allHours = random.integer(0, 3) === 0;
  const hours = allHours ? subset(random, 0, 23, 24) : subset(random, 0, random.pick([4, 23]), random.integer(1, 5));
  const months = random.integer(0, 3) === 0 ? subset(random, 1, 12, random.integer(2, 6)) : undefined;
  const dayForm = random.pick(['ALL', 'WEEKDAYS', 'DAYS', 'LAST', 'EITHER']);
  const weekdays =
    dayForm === 'WEEKDAYS' || dayForm === 'EITHER' ? subset(random, 0, 6, random.integer(1, 5)) : undefined;
  const days = dayForm === 'DAYS' || dayForm === 'EITHER' ? subset(random, 1, 28, random.integer(1, 6)) : undefined;
  // Either of two days can be said in five fields alone, which have no seconds.
  const seconds = dayForm === 'EITHER' ? [0] : random.pick([[0], [0], subset(random, 0, 59, 2)]);
  const style = styleOf(random, dayForm, seconds);
  const dayFits = (day: Temporal.PlainDate): boolean => {
    if (dayForm === 'LAST') return day.day === day.daysInMonth;
    const fits = [days?.includes(day.day), weekdays?.includes(day.dayOfWeek % 7)].filter((fit) => fit !== undefined);
    return fits.length === 0 || fits.includes(true);
  };
  const lists = { seconds, minutes, hours: allHours ? undefined : hours, days, months, weekdays };
  return {
    recurrence: { form: 'CRON', expression: cronText(style, dayForm, lists) },
    fitsDay: (day) => months?.includes(day.month) !== false && dayFits(day),
    times: hours.flatMap((hour) =>
      minutes.flatMap((minute) => seconds.map((second) => new Temporal.PlainTime(hour, minute, second))),
    ),
    isPace: allHours,
  };
}

type CronStyle = 'FIVE' | 'SIX' | 'SEVEN' | 'QUARTZ';

/** Each form of days and seconds in a style that can say it for certain. */
function styleOf(random: SeededRandom, dayForm: string, seconds: readonly number[]): CronStyle {
  if (dayForm === 'LAST') return 'QUARTZ';
  if (dayForm === 'EITHER') return 'FIVE';
  const withSeconds = ['SIX', 'SEVEN', 'QUARTZ'] as const;
  return seconds.length > 1 ? random.pick(withSeconds) : random.pick([...withSeconds, 'FIVE']);
}

interface CronLists {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[] | undefined;
  readonly days: readonly number[] | undefined;
  readonly months: readonly number[] | undefined;
  readonly weekdays: readonly number[] | undefined;
}

const DAY_NAMES = 'SUN MON TUE WED THU FRI SAT'.split(' ');

function cronText(style: CronStyle, dayForm: string, lists: CronLists): string {
  const names = lists.weekdays?.map((day) => DAY_NAMES[day]);
  const numbers = lists.weekdays?.map((day) => (style === 'QUARTZ' ? day + 1 : day));
  const dayOfWeek = (style === 'SIX' || style === 'SEVEN' ? names : numbers)?.join(',');
  const dayOfMonth = dayForm === 'LAST' ? 'L' : lists.days?.join(',');
  const days =
    style !== 'QUARTZ'
      ? [dayOfMonth ?? '*', dayOfWeek ?? '*']
      : dayOfWeek === undefined
        ? [dayOfMonth ?? '*', '?']
        : ['?', dayOfWeek];
  const time = `${lists.minutes.join(',')} ${lists.hours?.join(',') ?? '*'}`;
  const rest = `${time} ${days[0]} ${lists.months?.join(',') ?? '*'} ${days[1]}`;
  if (style === 'FIVE') return rest;
  return `${lists.seconds.join(',')} ${rest}${style === 'SEVEN' ? ' *' : ''}`;
}

function subset(random: SeededRandom, low: number, high: number, size: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(size, high - low + 1)) chosen.add(random.integer(low, high));
  return [...chosen].toSorted((a, b) => a - b);
}
