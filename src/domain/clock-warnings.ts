import { dueOnClock } from './next-runs.ts';
import type { Schedule, Zone } from './schedule.ts';
import { DAY_MS, MINUTE_MS } from './time-units.ts';
import { type ClockChange, clockChanges, instantsMsOf, runMsOf } from './zone-offset.ts';
import { isZone } from './zone.ts';

/** GAP: the clock skips the time at which a run is due. OVERLAP: the clock shows it twice. */
export const CLOCK_WARNING_KINDS = ['GAP', 'OVERLAP'] as const;
export type ClockWarningKind = (typeof CLOCK_WARNING_KINDS)[number];

/**
 * A run that is due while the clock is moved.
 *
 * What is expected is the rule of docs/time.md. No vendor tells what it does then, so that a person may want to look.
 */
export interface ClockWarning {
  readonly kind: ClockWarningKind;
  /** When the clock is moved. */
  readonly changeAt: Date;
  /** How far, ahead as positive. */
  readonly shiftMinutes: number;
  /** The wall-clock time that is skipped or shown twice, such as `2026-03-29 02:30`. */
  readonly dueAt: string;
  /** When the run is expected. */
  readonly expectedAt: Date;
  /** When it may happen instead: at the end of the gap, or at the second showing. */
  readonly possiblyAt: Date;
  /** A gap pushed it into the minute of another run of its schedule: one run is expected instead of two. */
  readonly meetsAnother: boolean;
  /** All of this in a sentence. */
  readonly explanation: string;
}

/** A schedule that is due in more minutes of one gap or overlap than this is told of with its first ones. */
const MOST_PER_CHANGE = 24;

/** How far ahead is looked, however late `to` lies. */
const LONGEST_AHEAD_MS = 400 * DAY_MS;

/**
 * The runs due, from one instant to before another, at times that the clock skips or shows twice.
 *
 * In order; seconds are left out. What is due in every hour is a pace: it runs on through an overlap and is not warned of there; in a
 * gap only where a run is moved beside the others. Nothing for a schedule that is switched off, without a zone, at a fixed offset, or
 * without times of day; nothing before `startsAt`.
 */
export function clockWarnings(
  schedule: Schedule,
  { from, to }: { readonly from: Date; readonly to: Date },
): ClockWarning[] {
  const { enabled, zone, startsAt } = schedule;
  if (enabled === false || !isZone(zone)) return [];
  const fromMs = Math.max(from.getTime(), startsAt?.getTime() ?? -Infinity);
  const untilMs = Math.min(to.getTime(), fromMs + LONGEST_AHEAD_MS);
  const warnings: ClockWarning[] = [];
  // Runs that a change of yesterday moved may still lie ahead.
  for (const change of clockChanges(zone, fromMs - DAY_MS, untilMs + DAY_MS)) {
    const found =
      change.afterMs > change.beforeMs ? gapWarnings(schedule, zone, change) : overlapWarnings(schedule, zone, change);
    const inside = found.filter(({ expectedAt }) => expectedAt.getTime() >= fromMs && expectedAt.getTime() < untilMs);
    warnings.push(...inside.slice(0, MOST_PER_CHANGE));
  }
  return warnings;
}

function gapWarnings(schedule: Schedule, zone: Zone, change: ClockChange): ClockWarning[] {
  const gapMs = change.afterMs - change.beforeMs;
  const { startMs, endMs } = shownAround(change);
  const { localMs: skipped, isPace } = dueOnClock(schedule, startMs, endMs);
  const regular = new Set(dueOnClock(schedule, endMs, endMs + gapMs).localMs);
  const warnings = skipped.map((localMs) => {
    const movedMs = localMs + gapMs;
    const meetsAnother = regular.has(movedMs);
    const outcome = meetsAnother
      ? `It falls together with the run of ${clockText(movedMs)}.`
      : `The run is expected at ${clockText(movedMs)}; some schedulers run at ${clockText(endMs)} or not at all.`;
    return {
      ...factsOf('GAP', change, localMs),
      expectedAt: new Date(runMsOf(localMs, zone)),
      possiblyAt: new Date(change.atMs),
      meetsAnother,
      explanation: `Due at ${dayText(localMs)} (${nameOf(zone)}), a time that the clock skips as it is moved ahead. ${outcome}`,
    };
  });
  return isPace ? warnings.filter(({ meetsAnother }) => !meetsAnother) : warnings;
}

function overlapWarnings(schedule: Schedule, zone: Zone, change: ClockChange): ClockWarning[] {
  const { startMs, endMs } = shownAround(change);
  const { localMs: twice, isPace } = dueOnClock(schedule, endMs, startMs);
  if (isPace) return [];
  return twice.flatMap((localMs) => {
    const [firstMs, secondMs] = instantsMsOf(localMs, zone);
    if (firstMs === undefined || secondMs === undefined) return [];
    return {
      ...factsOf('OVERLAP', change, localMs),
      expectedAt: new Date(firstMs),
      possiblyAt: new Date(secondMs),
      meetsAnother: false,
      explanation:
        `Due at ${dayText(localMs)} (${nameOf(zone)}), a time that the clock shows twice as it is moved back. ` +
        `One run is expected, at the first showing (${instantText(firstMs)}); some schedulers run at the second ` +
        `(${instantText(secondMs)}) or at both.`,
    };
  });
}

function factsOf(kind: ClockWarningKind, { atMs, beforeMs, afterMs }: ClockChange, localMs: number) {
  return {
    kind,
    changeAt: new Date(atMs),
    shiftMinutes: (afterMs - beforeMs) / MINUTE_MS,
    dueAt: dayText(localMs),
  };
}

/** What the clock would show at the change without it, and what it shows with it, in local milliseconds. */
function shownAround({ atMs, beforeMs, afterMs }: ClockChange): { readonly startMs: number; readonly endMs: number } {
  return { startMs: atMs + beforeMs, endMs: atMs + afterMs };
}

function nameOf(zone: Zone): string {
  return 'timeZone' in zone ? zone.timeZone : 'UTC';
}

function dayText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 16).replace('T', ' ');
}

function clockText(localMs: number): string {
  return new Date(localMs).toISOString().slice(11, 16);
}

function instantText(ms: number): string {
  return `${clockText(ms)} UTC`;
}
