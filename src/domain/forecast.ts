import type { BackupJob } from './backup-job.ts';
import { compareNewestFirst, type BackupRun } from './backup-run.ts';
import { type UpcomingInstant, upcomingAfter } from './upcoming.ts';

/** A run that is expected. */
export interface UpcomingRun extends UpcomingInstant {
  readonly job: BackupJob;
  /** Undefined without history. */
  readonly expectedSeconds: number | undefined;
}

/** A job, with how long its runs take as a rule; undefined without history. */
export interface ForecastJob {
  readonly job: BackupJob;
  readonly expectedSeconds?: number | undefined;
}

/** `from` is part of the stretch, `to` is not. */
export interface ForecastBounds {
  readonly from: Date;
  readonly to: Date;
  /** How many runs at most; 0 gives none. */
  readonly first: number;
}

/** The first runs of many jobs, in order: the beginning of `upcomingOfAll`. Ask for one more than is shown to learn whether there is more. */
export function mergeUpcoming(jobs: Iterable<ForecastJob>, { from, to, first }: ForecastBounds): UpcomingRun[] {
  return first >= 1 ? upcomingOfAll(jobs, { from, to }).take(first).toArray() : [];
}

/**
 * The coming runs of many jobs, in order, worked out as they are asked for.
 *
 * Runs of the same instant go by source and native id. A job that is switched off has none, whatever its vendor announces. Memory
 * grows with the jobs alone, and each further run costs the logarithm of their number.
 */
export function* upcomingOfAll(
  jobs: Iterable<ForecastJob>,
  { from, to }: Omit<ForecastBounds, 'first'>,
): Generator<UpcomingRun, void> {
  const after = new Date(from.getTime() - 1);
  const heap: Stream[] = [];
  for (const { job, expectedSeconds } of jobs) {
    if (job.enabled === false) continue;
    const rest = upcomingAfter(job.schedule, job.nextRunAt, after);
    const stream = nextOf(rest, job, expectedSeconds, to);
    if (stream === undefined) continue;
    heap.push(stream);
    siftUp(heap);
  }
  for (let least = heap[0]; least !== undefined; least = heap[0]) {
    yield least.run;
    const { job, expectedSeconds } = least.run;
    const next = nextOf(least.rest, job, expectedSeconds, to) ?? heap.pop();
    if (next === undefined || heap.length === 0) continue;
    heap[0] = next;
    siftDown(heap);
  }
}

/** So many of the newest good runs tell how long the next one takes. */
const NEWEST = 15;

/**
 * How long a run of a job takes as a rule: the median of its newest good runs, 15 at most; of an even number the mean of the two in
 * the middle.
 *
 * SUCCEEDED and WARNING count, when their duration is known. Undefined when there is none.
 */
export function expectedDurationSeconds(runs: Iterable<BackupRun>): number | undefined {
  const good = [...runs].filter(isMeasured).toSorted(compareNewestFirst).slice(0, NEWEST);
  const durations = good.map(({ durationSeconds }) => durationSeconds).toSorted((a, b) => a - b);
  const [low, high] = [durations[(durations.length - 1) >> 1], durations[durations.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Whether these runs are enough to tell how long the next one takes: older ones would change nothing. */
export function areEnough(runs: readonly BackupRun[]): boolean {
  return runs.filter(isMeasured).length >= NEWEST;
}

function isMeasured(run: BackupRun): run is BackupRun & { readonly durationSeconds: number } {
  const isGood = run.status === 'SUCCEEDED' || run.status === 'WARNING';
  // A negative duration comes of a clock that was moved back.
  return isGood && run.durationSeconds !== undefined && run.durationSeconds >= 0;
}

/** One job's runs: the one that is due first, and the rest. */
interface Stream {
  readonly run: UpcomingRun;
  readonly rest: Iterator<UpcomingInstant>;
}

function nextOf(
  rest: Iterator<UpcomingInstant>,
  job: BackupJob,
  expectedSeconds: number | undefined,
  to: Date,
): Stream | undefined {
  const { value } = rest.next();
  if (value === undefined || !(value.at < to)) return undefined;
  return { run: { ...value, job, expectedSeconds }, rest };
}

/** Brings the last stream of a heap to its place; the least stands first. */
function siftUp(heap: Stream[]): void {
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfLess(heap, index, parent)) return;
    index = parent;
  }
}

/** Brings the first stream of a heap to its place. */
function siftDown(heap: Stream[]): void {
  let index = 0;
  for (;;) {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const lesser = isLess(heap[right], heap[left]) ? right : left;
    if (!swapIfLess(heap, lesser, index)) return;
    index = lesser;
  }
}

function swapIfLess(heap: Stream[], lower: number, upper: number): boolean {
  const [low, up] = [heap[lower], heap[upper]];
  if (low === undefined || up === undefined || !isLess(low, up)) return false;
  [heap[lower], heap[upper]] = [up, low];
  return true;
}

function isLess(a: Stream | undefined, b: Stream | undefined): boolean {
  return a !== undefined && b !== undefined && compareRuns(a.run, b.run) < 0;
}

/** Coming runs in order of time, then by source and native id. */
export function compareRuns(a: UpcomingRun, b: UpcomingRun): number {
  if (a.at.getTime() !== b.at.getTime()) return a.at.getTime() - b.at.getTime();
  return compareTexts(a.job.sourceKey, b.job.sourceKey) || compareTexts(a.job.nativeId, b.job.nativeId);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
