import { GatewayError } from './errors.ts';
import type { Zone } from './schedule.ts';
import { DAY_MINUTES, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time-units.ts';

/*
 * The ground under zone.ts, in milliseconds alone. "Local milliseconds" are a wall clock written down as if it stood in UTC:
 * local = instant + offset.
 */

/** The furthest instant that a Date can hold, either side of 1970. */
const FURTHEST_MS = 8.64e15;

/**
 * Whether the text is the name of an IANA zone, without regard to case.
 *
 * An offset such as `+02:00` is no name. Neither are the abbreviations that the platform knows from old Java, such as `IST`
 * or `BST`: they name different zones to different people.
 */
export function isTimeZone(name: string): boolean {
  return clockOf(name) !== undefined;
}

/** Whether instants can be computed in the zone: a name that is known, or an offset of whole minutes below a day. */
export function isZone(zone: Zone | undefined): zone is Zone {
  if (zone === undefined) return false;
  if ('timeZone' in zone) return isTimeZone(zone.timeZone);
  return Number.isInteger(zone.utcOffsetMinutes) && Math.abs(zone.utcOffsetMinutes) < DAY_MINUTES;
}

/**
 * Milliseconds that the zone's wall clock is ahead of UTC at an instant.
 *
 * @throws INVALID_INPUT for a zone that `isZone` refuses.
 */
export function offsetMsAt(instantMs: number, zone: Zone): number {
  if (!('timeZone' in zone)) {
    if (!isZone(zone)) throw new GatewayError('INVALID_INPUT', 'A UTC offset is not in whole minutes below a day.');
    return zone.utcOffsetMinutes * MINUTE_MS;
  }
  const clock = clockOf(zone.timeZone);
  if (clock === undefined) throw new GatewayError('INVALID_INPUT', 'A time zone is not a known IANA name.');
  return namedOffsetMs(instantMs, clock);
}

/** Every instant at which the zone's wall clock shows this, earliest first: none in a gap, two in an overlap, else one. */
export function instantsMsOf(localMs: number, zone: Zone): readonly number[] {
  const before = offsetMsAt(localMs - DAY_MS, zone);
  const after = offsetMsAt(localMs + DAY_MS, zone);
  if (before === after) return [localMs - before];
  return [localMs - before, localMs - after]
    .filter((instantMs) => instantMs + offsetMsAt(instantMs, zone) === localMs)
    .toSorted((a, b) => a - b);
}

/** The one instant at which something due at this wall clock happens: the rule for gaps and overlaps, see docs/time.md. */
export function runMsOf(localMs: number, zone: Zone): number {
  return instantsMsOf(localMs, zone)[0] ?? localMs - offsetMsAt(localMs - DAY_MS, zone);
}

/** The offset that holds for a whole wall-clock day and for a day on either side of it; undefined when it changes there. */
export function steadyOffsetMs(localDayMs: number, zone: Zone): number | undefined {
  const before = offsetMsAt(localDayMs - DAY_MS, zone);
  return before === offsetMsAt(localDayMs + 2 * DAY_MS, zone) ? before : undefined;
}

/** The clock of a zone is moved: from `atMs` on it is `afterMs` ahead of UTC instead of `beforeMs`. */
export interface ClockChange {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** The changes of a zone's clock from one instant to before another, in order. None where the offset is fixed. */
export function* clockChanges(zone: Zone, fromMs: number, untilMs: number): Generator<ClockChange, void> {
  if (!('timeZone' in zone)) return;
  const clock = clockOf(zone.timeZone);
  if (clock === undefined) return;
  // The millisecond before belongs to the first stretch, so that a change right at the beginning is found.
  for (let lastMs = fromMs - 1; lastMs < untilMs - 1; lastMs += DAY_MS) {
    const nextMs = Math.min(lastMs + DAY_MS, untilMs - 1);
    const [beforeMs, afterMs] = [offsetMsAt(lastMs, zone), offsetMsAt(nextMs, zone)];
    if (beforeMs !== afterMs) yield { atMs: findChange(lastMs, nextMs, clock.format), beforeMs, afterMs };
  }
}

/** A stretch of time, both ends included, in which a zone keeps one offset. */
interface Stretch {
  fromMs: number;
  toMs: number;
  readonly offsetMs: number;
}

/** A zone's formatter, and what was learnt from it. */
interface NamedClock {
  readonly format: Intl.DateTimeFormat;
  readonly stretches: Stretch[];
}

/** A zone's stretches are forgotten when there are so many: questions are then scattered, and looking them through costs more. */
const MOST_STRETCHES = 64;

/** By name in lower case, so that the cache cannot outgrow the platform's list of names. */
const CLOCKS = new Map<string, NamedClock>();

/** Abbreviations of three letters that stand in the IANA data itself. */
const SHORT_NAMES = new Set('cet eet est gmt hst met mst prc roc rok uct utc wet'.split(' '));

/** The one asked for last, by the name as it was written: as a rule the next question is about the same. */
let latest: { readonly name: string; readonly clock: NamedClock } | undefined;

function clockOf(name: string): NamedClock | undefined {
  if (latest?.name === name) return latest.clock;
  const clock = findClock(name);
  if (clock !== undefined) latest = { name, clock };
  return clock;
}

function findClock(name: string): NamedClock | undefined {
  const key = name.toLowerCase();
  const known = CLOCKS.get(key);
  if (known !== undefined) return known;
  if (!/^[a-z]/.test(key) || key.startsWith('systemv/') || (key.length === 3 && !SHORT_NAMES.has(key)))
    return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    const clock = { format, stretches: [] };
    CLOCKS.set(key, clock);
    return clock;
  } catch {
    return undefined;
  }
}

/**
 * Asks the platform as seldom as possible. Looking a day back and a day ahead is enough to know all between, because no zone
 * keeps an offset for less than a week (true of the IANA data from 1950 on): there is one change at most.
 */
function namedOffsetMs(instantMs: number, clock: NamedClock): number {
  for (const { fromMs, toMs, offsetMs } of clock.stretches) {
    if (instantMs >= fromMs && instantMs <= toMs) return offsetMs;
  }
  const fromMs = instantMs - DAY_MS;
  const toMs = instantMs + DAY_MS;
  const before = readOffsetMs(fromMs, clock.format);
  const after = readOffsetMs(toMs, clock.format);
  if (before === after) {
    learn(clock, { fromMs, toMs, offsetMs: before });
    return before;
  }
  const changeMs = findChange(fromMs, toMs, clock.format);
  learn(clock, { fromMs, toMs: changeMs - 1, offsetMs: before });
  learn(clock, { fromMs: changeMs, toMs, offsetMs: after });
  return instantMs < changeMs ? before : after;
}

/** Widens a stretch that the new one touches, or keeps the new one beside the others. */
function learn({ stretches }: NamedClock, found: Stretch): void {
  for (const known of stretches) {
    const touches = known.offsetMs === found.offsetMs && known.fromMs <= found.toMs && found.fromMs <= known.toMs;
    if (!touches) continue;
    known.fromMs = Math.min(known.fromMs, found.fromMs);
    known.toMs = Math.max(known.toMs, found.toMs);
    return;
  }
  if (stretches.length >= MOST_STRETCHES) stretches.length = 0;
  stretches.push(found);
}

/** The first millisecond of the later offset, by halving. */
function findChange(fromMs: number, toMs: number, format: Intl.DateTimeFormat): number {
  const before = readOffsetMs(fromMs, format);
  let last = fromMs;
  let first = toMs;
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (readOffsetMs(middle, format) === before) last = middle;
    else first = middle;
  }
  return first;
}

/** The text ends in `GMT`, `GMT+05:45` or, before standard time, `GMT-00:44:30`. */
function readOffsetMs(instantMs: number, format: Intl.DateTimeFormat): number {
  const text = format.format(Math.min(Math.max(instantMs, -FURTHEST_MS), FURTHEST_MS));
  const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * SECOND_MS;
  return sign === '-' ? -size : size;
}
