import { isOpenAt } from './backup-window.ts';
import type { BackupJob } from './backup-job.ts';
import type { BackupRun } from './backup-run.ts';
import { isActive } from './backup-status.ts';
import { runsAfter } from './next-runs.ts';
import { perObject } from './per-object.ts';
import type { HistoryReading } from './rpo.ts';
import type { Schedule } from './schedule.ts';
import type { Period } from './status-report.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time-units.ts';

export interface MissedRunsQuestion {
  readonly job: Pick<BackupJob, 'enabled' | 'schedule'>;
  /** The runs that its schedule may have started, in any order: see `runsThatMayBelong`. */
  readonly runs: readonly BackupRun[];
  readonly history: HistoryReading;
  /** Nothing is claimed of before: the vendor's history begins here, or the schedule was changed. On the vendor's clock. */
  readonly since?: Date | undefined;
  /** Which due instants are judged. */
  readonly period: Period;
  /** When the runs were read, on the gateway's clock. */
  readonly readAt: Date;
  /** Vendor clock minus gateway clock; undefined counts as none. */
  readonly clockSkewSeconds: number | undefined;
}

/** A due instant at which nothing began. */
export interface MissedRun {
  readonly dueAt: Date;
  /** Nothing began from so long before to so long after. */
  readonly toleranceMs: number;
}

export interface MissedRuns {
  /** How many due instants were judged. */
  readonly judged: number;
  /** Those that were missed, in order. */
  readonly missed: readonly MissedRun[];
}

/** A run answers a due instant when it began no further from it than this, or than a quarter of the way to the next one. */
export const LARGEST_TOLERANCE_MS = 15 * MINUTE_MS;

/** Runs looked at, from the newest, for one that proves that the schedule is at work. */
const PROOF_TRIES = 50;

/**
 * The due instants of a period at which nothing began, worked out from schedule and history.
 *
 * Answered is an instant also when a run was under way then. Not judged is what lies in closed hours of the window, what the tolerance
 * leaves open, and all before the first instant that is known to have been answered: before it the job may have been new, switched off
 * or on another schedule. Undefined when nothing can be judged: the history is not complete, the job is switched off, nothing can
 * be computed, or no run fits the schedule.
 */
export function missedRuns(question: MissedRunsQuestion): MissedRuns | undefined {
  const { job, history, period, since } = question;
  const { schedule } = job;
  if (history !== 'COMPLETE' || job.enabled === false || schedule === undefined) return undefined;
  const readMs = question.readAt.getTime() + (question.clockSkewSeconds ?? 0) * SECOND_MS;
  const spans = spansOf(question.runs);
  const fromMs = Math.max(period.from.getTime(), since?.getTime() ?? -Infinity);
  const untilMs = Math.min(period.to.getTime(), readMs, knownUntilMs(question.runs, spans));
  let isProven = provesBefore(schedule, spans, fromMs, since);
  let judged = 0;
  const missed: MissedRun[] = [];
  const answers = new Answers(spans, readMs);
  for (const due of dueInstants(schedule, fromMs, untilMs)) {
    const isAnswered = answers.has(due);
    isProven ||= isAnswered;
    if (!isProven || isSwallowed(schedule, due.atMs)) continue;
    if (!isAnswered && due.atMs + due.toleranceMs >= readMs) continue;
    judged += 1;
    if (!isAnswered) missed.push({ dueAt: new Date(due.atMs), toleranceMs: due.toleranceMs });
  }
  return isProven ? { judged, missed } : undefined;
}

/** When something was under way, in epoch milliseconds of the vendor's clock. */
interface Span {
  readonly startMs: number;
  /** Undefined while it is under way. */
  readonly endMs: number | undefined;
}

/** In order of their beginnings. */
const spansOf = perObject((runs: readonly BackupRun[]): readonly Span[] => {
  const spans: Span[] = [];
  for (const run of runs) {
    const start = startOf(run);
    if (start !== undefined) spans.push({ startMs: start.getTime(), endMs: endMsOf(run, start) });
  }
  return spans.toSorted((a, b) => a.startMs - b.startMs);
});

function startOf({ startedAt, queuedAt, endedAt }: BackupRun): Date | undefined {
  return startedAt ?? queuedAt ?? endedAt;
}

/** While a run waits since nobody knows when, nothing is claimed of what came after the last one that is known. */
function knownUntilMs(runs: readonly BackupRun[], spans: readonly Span[]): number {
  const isWaiting = runs.some((run) => isActive(run.status) && startOf(run) === undefined);
  return isWaiting ? (spans.at(-1)?.startMs ?? -Infinity) + 1 : Infinity;
}

function endMsOf({ status, endedAt, durationSeconds }: BackupRun, start: Date): number | undefined {
  if (isActive(status)) return undefined;
  return endedAt?.getTime() ?? start.getTime() + (durationSeconds ?? 0) * SECOND_MS;
}

interface Due {
  readonly atMs: number;
  readonly toleranceMs: number;
}

/** From one instant to before another. Begins to look an hour early, because neighbours narrow the tolerance. */
function* dueInstants(schedule: Schedule, fromMs: number, untilMs: number): Generator<Due, void> {
  let lastMs = -Infinity;
  let atMs = -Infinity;
  for (const nextMs of endless(runsAfter(schedule, new Date(fromMs - HOUR_MS - 1)))) {
    if (atMs >= untilMs) return;
    const toleranceMs = Math.min(LARGEST_TOLERANCE_MS, (atMs - lastMs) / 4, (nextMs - atMs) / 4);
    if (atMs >= fromMs) yield { atMs, toleranceMs };
    [lastMs, atMs] = [atMs, nextMs];
  }
}

/** The instants, and behind the last one that none follows. */
function* endless(instants: Iterable<Date>): Generator<number, void> {
  for (const instant of instants) yield instant.getTime();
  yield Infinity;
}

/** Whether one of the newest runs before an instant began when the schedule, as it is now, was due. */
function provesBefore(schedule: Schedule, spans: readonly Span[], fromMs: number, since: Date | undefined): boolean {
  let tries = 0;
  for (const { startMs } of spans.toReversed()) {
    if (startMs >= fromMs) continue;
    if (startMs < (since?.getTime() ?? -Infinity) || tries === PROOF_TRIES) return false;
    tries += 1;
    const around = dueInstants(schedule, startMs - LARGEST_TOLERANCE_MS, startMs + LARGEST_TOLERANCE_MS + 1);
    if (around.some(({ atMs, toleranceMs }) => Math.abs(startMs - atMs) <= toleranceMs)) return true;
  }
  return false;
}

/** Asked with due instants in order; goes through the spans once. */
class Answers {
  readonly #spans: readonly Span[];
  /** What is under way was so when it was read. */
  readonly #readMs: number;
  #index = 0;
  #busyUntilMs = -Infinity;

  constructor(spans: readonly Span[], readMs: number) {
    this.#spans = spans;
    this.#readMs = readMs;
  }

  has({ atMs, toleranceMs }: Due): boolean {
    for (;;) {
      const span = this.#spans[this.#index];
      if (span !== undefined && span.startMs < atMs - toleranceMs) {
        this.#busyUntilMs = Math.max(this.#busyUntilMs, span.endMs ?? this.#readMs);
        this.#index += 1;
        continue;
      }
      return this.#busyUntilMs > atMs || (span !== undefined && span.startMs <= atMs + toleranceMs);
    }
  }
}

function isSwallowed({ window }: Schedule, atMs: number): boolean {
  return window !== undefined && !isOpenAt(window, new Date(atMs));
}
