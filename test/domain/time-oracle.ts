import type { Recurrence, Schedule, Weekday, Zone } from '../../src/domain/schedule.ts';
import type { SeededRandom } from '../../src/simulation/random.ts';

/*
 * A second, slow reading of wall clocks and schedules for the tests. It shares no code with src/domain: zones are read from the parts
 * that the platform formats, minute by minute, and cron texts are written here from lists that are known beforehand.
 */

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export const BERLIN: Zone = { timeZone: 'Europe/Berlin' };
export const NEW_YORK: Zone = { timeZone: 'America/New_York' };
export const LORD_HOWE: Zone = { timeZone: 'Australia/Lord_Howe' };
export const KOLKATA: Zone = { timeZone: 'Asia/Kolkata' };
export const UTC: Zone = { utcOffsetMinutes: 0 };

export function scheduleOf(recurrence: Recurrence, more: Partial<Schedule> = {}): Schedule {
  return { enabled: true, recurrence, zone: BERLIN, startsAt: undefined, retry: undefined, window: undefined, ...more };
}

export function weekly(time: string, days: readonly Weekday[] = [0, 1, 2, 3, 4, 5, 6]): Recurrence {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return { form: 'WEEKLY', days, at: { hour, minute, second } };
}

export function cron(expression: string): Recurrence {
  return { form: 'CRON', expression };
}

export function every(everyMinutes: number, offsetMinutes = 0): Recurrence {
  return { form: 'INTERVAL', everyMinutes, offsetMinutes };
}

export function isoTexts(dates: readonly Date[]): string[] {
  return dates.map((date) => date.toISOString().replace('.000Z', 'Z'));
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const READ = new Map<string, number>();

/** Milliseconds of the wall clock, written down as if in UTC. Remembered, because the tests come by the same minutes again. */
export function slowLocalMs(instantMs: number, zone: Zone): number {
  if (!('timeZone' in zone)) return instantMs + zone.utcOffsetMinutes * MINUTE;
  const key = `${zone.timeZone} ${instantMs}`;
  const known = READ.get(key) ?? formattedLocalMs(instantMs, zone.timeZone);
  READ.set(key, known);
  return known;
}

function formattedLocalMs(instantMs: number, timeZone: string): number {
  const format =
    FORMATS.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  FORMATS.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(
    parts['year'] ?? NaN,
    (parts['month'] ?? NaN) - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  );
}

/** A recurrence beside the plain test of a wall clock that it stands for. */
export interface GeneratedRule {
  readonly recurrence: Recurrence;
  readonly fits: (localMs: number) => boolean;
  /** Due in each hour: such runs happen again when the clock shows an hour again. */
  readonly everyHour: boolean;
}

const INTERVALS: readonly [number, ...number[]] = [5, 10, 15, 30, 45, 50, 60, 90, 120, 240, 480, 720, 1440];

export function generateRule(random: SeededRandom): GeneratedRule {
  const form = random.pick(['WEEKLY', 'INTERVAL', 'CRON']);
  if (form === 'WEEKLY') return generateWeekly(random);
  if (form === 'INTERVAL') return generateInterval(random);
  return generateCron(random);
}

function generateWeekly(random: SeededRandom): GeneratedRule {
  const days = subset(random, 0, 6, random.integer(1, 7)) as Weekday[];
  const minuteOfDay = random.integer(0, 1) === 0 ? random.integer(0, 239) : random.integer(0, 1439);
  const at = { hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60, second: 0 };
  const fits = (localMs: number): boolean =>
    (days as number[]).includes(new Date(localMs).getUTCDay()) && minuteOf(localMs) === minuteOfDay;
  return { recurrence: { form: 'WEEKLY', days, at }, fits, everyHour: false };
}

function generateInterval(random: SeededRandom): GeneratedRule {
  const everyMinutes = random.pick(INTERVALS);
  const offsetMinutes = random.integer(0, 59);
  const fits = (localMs: number): boolean => minuteOf(localMs) % everyMinutes === offsetMinutes % everyMinutes;
  return { recurrence: { form: 'INTERVAL', everyMinutes, offsetMinutes }, fits, everyHour: everyMinutes <= 60 };
}

function generateCron(random: SeededRandom): GeneratedRule {
  const minutes = random.integer(0, 3) === 0 ? undefined : subset(random, 0, 59, random.integer(1, 4));
  const hours = random.integer(0, 2) === 0 ? undefined : subset(random, 0, 23, random.integer(1, 6));
  const days = random.integer(0, 2) === 0 ? subset(random, 1, 31, random.integer(1, 9)) : undefined;
  const weekdays = random.integer(0, 2) === 0 ? subset(random, 0, 6, random.integer(1, 4)) : undefined;
  const quartz = random.integer(0, 1) === 0 && (days === undefined || weekdays === undefined);
  const dayFields = quartz
    ? weekdays === undefined
      ? `${listText(days)} * ?`
      : `? * ${listText(weekdays, 1)}`
    : `${listText(days)} * ${listText(weekdays)}`;
  const fits = (localMs: number): boolean => {
    const local = new Date(localMs);
    if (minutes?.includes(local.getUTCMinutes()) === false || hours?.includes(local.getUTCHours()) === false)
      return false;
    const dayFits = days?.includes(local.getUTCDate());
    const weekdayFits = weekdays?.includes(local.getUTCDay());
    return dayFits === undefined ? weekdayFits !== false : dayFits || weekdayFits === true;
  };
  const expression = `${quartz ? '0 ' : ''}${listText(minutes)} ${listText(hours)} ${dayFields}`;
  return { recurrence: { form: 'CRON', expression }, fits, everyHour: hours === undefined };
}

/**
 * All instants from `fromMs` to before `untilMs` at which the rule is due, found by looking at each minute.
 *
 * A minute counts when its wall clock fits and was not shown before (or the rule is due in each hour), or when the clock has just
 * jumped ahead and the wall clock that would have been shown without the jump fits.
 */
export function slowRuns(rule: GeneratedRule, zone: Zone, fromMs: number, untilMs: number): number[] {
  const earliest = fromMs - 2 * DAY;
  const shown = new Set<number>();
  const due: number[] = [];
  let previous = slowLocalMs(earliest - MINUTE, zone);
  let jump: { readonly untilMs: number; readonly sizeMs: number } | undefined;
  for (let ms = earliest; ms < untilMs; ms += MINUTE) {
    const local = slowLocalMs(ms, zone);
    const sizeMs = local - previous - MINUTE;
    if (sizeMs > 0) jump = { untilMs: ms + sizeMs, sizeMs };
    const pushed = jump !== undefined && ms < jump.untilMs && rule.fits(local - jump.sizeMs);
    const regular = rule.fits(local) && (rule.everyHour || !shown.has(local));
    if (ms >= fromMs && (regular || pushed)) due.push(ms);
    shown.add(local);
    previous = local;
  }
  return due;
}

function minuteOf(localMs: number): number {
  const local = new Date(localMs);
  return local.getUTCHours() * 60 + local.getUTCMinutes();
}

function listText(list: readonly number[] | undefined, add = 0): string {
  return list?.map((number) => number + add).join(',') ?? '*';
}

function subset(random: SeededRandom, low: number, high: number, size: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(random.integer(low, high));
  return [...chosen].toSorted((a, b) => a - b);
}
