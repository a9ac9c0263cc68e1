import type { BackupJob } from './backup-job.ts';
import type { BackupRun } from './backup-run.ts';
import { isActive } from './backup-status.ts';
import { expectedDurationSeconds } from './forecast.ts';
import { perObject } from './per-object.ts';
import { MINUTE_MS, SECOND_MS } from './time-units.ts';
import { upcomingAfter } from './upcoming.ts';

/**
 * Whether an object's next copy will be there by an instant.
 *
 * - IN_TIME: a run that is under way, announced or due is expected to end by then.
 * - TOO_LATE: runs are to come, and all end later, or their window swallows them.
 * - NONE: no run is to come, for sure.
 * - UNKNOWN: nothing in time is known, and there is a job of which nobody can say when it runs.
 */
export type ComingCopy = 'IN_TIME' | 'TOO_LATE' | 'NONE' | 'UNKNOWN';

export interface ComingCopyQuestion {
  readonly jobs: readonly BackupJob[];
  readonly runs: readonly BackupRun[];
  /** Vendor clock minus gateway clock. */
  readonly skewMs: number;
  readonly now: Date;
  /** The copy is wanted by then. Both on the gateway's clock. */
  readonly dueBy: Date;
}

/** A run that is due may be seen so much later: vendors and readings are not on the second. */
export const DUE_GRACE_MS = 15 * MINUTE_MS;

/** The worst that is sure wins over nothing; one copy in time is enough. */
const BEST_FIRST: readonly ComingCopy[] = ['IN_TIME', 'UNKNOWN', 'TOO_LATE', 'NONE'];

export function comingCopy(question: ComingCopyQuestion): ComingCopy {
  const runsByJob = byJob(question.runs);
  if (question.runs.some((run) => isActive(run.status) && endsInTime(run, runsByJob, question))) return 'IN_TIME';
  let newestMs = -Infinity;
  for (const { startedAt } of question.runs) newestMs = Math.max(newestMs, startedAt?.getTime() ?? -Infinity);
  const answers = question.jobs.map((job) => {
    const expectedSeconds = usualSeconds(runsByJob.get(job.nativeId) ?? question.runs) ?? 0;
    return comingOf(job, expectedSeconds * SECOND_MS, newestMs, question);
  });
  return BEST_FIRST.find((answer) => answers.includes(answer)) ?? 'NONE';
}

const byJob = perObject((runs: readonly BackupRun[]) => Map.groupBy(runs, ({ jobNativeId }) => jobNativeId));
const usualSeconds = perObject((runs: readonly BackupRun[]) => expectedDurationSeconds(runs));
const NO_RUNS: readonly BackupRun[] = [];

function endsInTime(
  run: BackupRun,
  runsByJob: ReadonlyMap<string | undefined, readonly BackupRun[]>,
  { now, dueBy, skewMs }: ComingCopyQuestion,
): boolean {
  if (run.status === 'CANCELING') return false;
  const expectedSeconds = usualSeconds(runsByJob.get(run.jobNativeId) ?? NO_RUNS) ?? 0;
  const startMs = run.startedAt === undefined ? now.getTime() : run.startedAt.getTime() - skewMs;
  return Math.max(now.getTime(), startMs + expectedSeconds * SECOND_MS) <= dueBy.getTime();
}

function comingOf(
  job: BackupJob,
  expectedMs: number,
  newestMs: number,
  { now, dueBy, skewMs }: ComingCopyQuestion,
): ComingCopy {
  if (job.enabled === false) return 'NONE';
  const nowMs = now.getTime() + skewMs;
  const dueByMs = dueBy.getTime() + skewMs;
  let isToCome = false;
  for (const { at, insideWindow } of upcomingAfter(job.schedule, job.nextRunAt, new Date(nowMs - DUE_GRACE_MS - 1))) {
    // What was due a moment ago counts as long as nothing has begun since.
    if (at.getTime() <= nowMs && newestMs > at.getTime() - MINUTE_MS) continue;
    isToCome = true;
    if (Math.max(at.getTime(), nowMs) + expectedMs > dueByMs) break;
    if (insideWindow !== false) return 'IN_TIME';
  }
  if (isToCome) return 'TOO_LATE';
  return neverRunsAgain(job) ? 'NONE' : 'UNKNOWN';
}

/** Of a job without computed runs: whether that is because there will be none. */
function neverRunsAgain({ kind, schedule }: BackupJob): boolean {
  if (schedule === undefined) return kind === 'ONE_OFF';
  return schedule.enabled === false || schedule.recurrence.form === 'MANUAL' || schedule.recurrence.form === 'ONCE';
}
