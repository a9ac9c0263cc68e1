import {
  HOURS_OF_WEEK,
  type BackupWindow,
  type WindowSemantics,
  closedMs,
  isOpenAt,
  nextClosing,
  nextOpening,
} from './backup-window.ts';
import type { BackupRun } from './backup-run.ts';
import { isActive } from './backup-status.ts';
import { SECOND_MS } from './time-units.ts';

/**
 * How a run stands to its job's window.
 *
 * - INSIDE: as the window demands.
 * - STARTED_OUTSIDE: its beginning lies in closed hours.
 * - RAN_OVER: it began in open hours and did not end in them, and the window demands that it does.
 * - NO_WINDOW: the job has none, or it is switched off.
 * - UNKNOWN: a time is missing, the grid is not whole, or it hangs on a demand that the vendor does not tell.
 *
 * Of a coming run the words tell what is expected.
 */
export const WINDOW_VERDICTS = ['INSIDE', 'STARTED_OUTSIDE', 'RAN_OVER', 'NO_WINDOW', 'UNKNOWN'] as const;
export type WindowVerdict = (typeof WINDOW_VERDICTS)[number];

export interface WindowCompliance {
  readonly verdict: WindowVerdict;
  /**
   * Seconds of closed hours between the beginning and the end, of STARTED_OUTSIDE and RAN_OVER; undefined otherwise, and where no
   * end is known. Of a run under way: up to when it was observed.
   */
  readonly outsideSeconds: number | undefined;
  /** UNKNOWN also without a window. */
  readonly semantics: WindowSemantics;
}

/** How a run that has begun stood to its job's window. To the millisecond, without grace; an end at the closing is inside. */
export function windowCompliance(
  window: BackupWindow | undefined,
  run: Pick<BackupRun, 'status' | 'startedAt' | 'endedAt' | 'durationSeconds' | 'observedAt'>,
): WindowCompliance {
  const seenUntil = endOf(run) ?? (isActive(run.status) ? run.observedAt : undefined);
  return complianceOf(window, run.startedAt, seenUntil, isActive(run.status));
}

/** How a coming run will stand to its job's window, when it takes as long as expected; undefined: nobody knows how long. */
export function comingCompliance(
  window: BackupWindow | undefined,
  at: Date,
  expectedSeconds: number | undefined,
): WindowCompliance {
  const end = expectedSeconds === undefined ? undefined : new Date(at.getTime() + expectedSeconds * SECOND_MS);
  return complianceOf(window, at, end, false);
}

/** STARTS_OUTSIDE: due in closed hours. CUT_AT_CLOSING: must finish inside, and is not expected to. */
export const SWALLOW_REASONS = ['STARTS_OUTSIDE', 'CUT_AT_CLOSING'] as const;
export type SwallowReason = (typeof SWALLOW_REASONS)[number];

/** Why a window will not let a coming run happen, or not to its end. */
export interface Swallow {
  readonly reason: SwallowReason;
  /** CUT_AT_CLOSING: when the window closes on the run. */
  readonly closesAt: Date | undefined;
  /** STARTS_OUTSIDE: when the window opens next; undefined when it never does. */
  readonly opensAt: Date | undefined;
  /** CUT_AT_CLOSING: how much of the expected duration is left at the closing. */
  readonly missingSeconds: number | undefined;
}

/** What a coming run brings along. */
export interface ComingRun {
  readonly at: Date;
  readonly window: BackupWindow | undefined;
  /** Undefined without history. */
  readonly expectedSeconds: number | undefined;
}

/**
 * Why the window will swallow a coming run; undefined when it will not, or when that cannot be known.
 *
 * A start in closed hours counts whatever the window demands. An end in closed hours counts only where the window is known to demand
 * an end inside.
 */
export function swallowOf({ at, window, expectedSeconds }: ComingRun): Swallow | undefined {
  const { verdict } = comingCompliance(window, at, expectedSeconds);
  if (window === undefined) return undefined;
  if (verdict === 'STARTED_OUTSIDE') {
    const opensAt = nextOpening(window, at);
    return { reason: 'STARTS_OUTSIDE', closesAt: undefined, opensAt, missingSeconds: undefined };
  }
  const closesAt = nextClosing(window, at);
  if (verdict !== 'RAN_OVER' || closesAt === undefined || expectedSeconds === undefined) return undefined;
  const missingSeconds = expectedSeconds - (closesAt.getTime() - at.getTime()) / SECOND_MS;
  return { reason: 'CUT_AT_CLOSING', closesAt, opensAt: undefined, missingSeconds };
}

/** The runs that their windows will swallow, in the order given, each with why. */
export function* swallowedRuns<R extends ComingRun>(
  runs: Iterable<R>,
): Generator<{ readonly run: R; readonly swallow: Swallow }, void> {
  for (const run of runs) {
    const swallow = swallowOf(run);
    if (swallow !== undefined) yield { run, swallow };
  }
}

function complianceOf(
  window: BackupWindow | undefined,
  start: Date | undefined,
  end: Date | undefined,
  goesOn: boolean,
): WindowCompliance {
  const semantics = window?.semantics ?? 'UNKNOWN';
  const verdict = verdictOf(window, start, end, goesOn);
  const isOutside = verdict === 'STARTED_OUTSIDE' || verdict === 'RAN_OVER';
  const isMeasured = isOutside && window !== undefined && start !== undefined && end !== undefined && end >= start;
  return { verdict, outsideSeconds: isMeasured ? closedMs(window, start, end) / SECOND_MS : undefined, semantics };
}

function verdictOf(
  window: BackupWindow | undefined,
  start: Date | undefined,
  end: Date | undefined,
  goesOn: boolean,
): WindowVerdict {
  if (window === undefined || !window.enabled) return 'NO_WINDOW';
  if (start === undefined || window.hours.length !== HOURS_OF_WEEK) return 'UNKNOWN';
  if (!isOpenAt(window, start)) return 'STARTED_OUTSIDE';
  if (window.semantics === 'MAY_START_INSIDE' || nextClosing(window, start) === undefined) return 'INSIDE';
  // An end before the beginning tells of a clock that was moved, and nothing of the run.
  if (end === undefined || end < start) return 'UNKNOWN';
  if (closedMs(window, start, end) > 0) return window.semantics === 'MUST_FINISH_INSIDE' ? 'RAN_OVER' : 'UNKNOWN';
  return goesOn ? 'UNKNOWN' : 'INSIDE';
}

function endOf({
  startedAt,
  endedAt,
  durationSeconds,
}: Pick<BackupRun, 'startedAt' | 'endedAt' | 'durationSeconds'>): Date | undefined {
  if (endedAt !== undefined || startedAt === undefined || durationSeconds === undefined) return endedAt;
  return new Date(startedAt.getTime() + durationSeconds * SECOND_MS);
}
