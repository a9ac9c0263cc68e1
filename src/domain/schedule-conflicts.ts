import type { BackupJob } from './backup-job.ts';
import { type UpcomingRun, compareRuns } from './forecast.ts';
import type { Label } from './source.ts';
import type { Period } from './status-report.ts';
import { MINUTE_MS, SECOND_MS } from './time-units.ts';

/** Coming runs of two or more jobs that will be at work at the same time and share a label. */
export interface ScheduleConflict {
  /** All that are at work at some time of the overlap, in order. */
  readonly runs: readonly UpcomingRun[];
  /** An unbroken stretch in which at least two jobs are at work. */
  readonly overlap: Period;
  readonly sharedLabel: Label;
  /** Whether all durations are known from history; false when one is assumed. */
  readonly confident: boolean;
}

export interface ConflictOptions {
  /** The labels of a job's source. */
  readonly labelsOf: (job: BackupJob) => readonly Label[];
  /** Look at labels of this name alone, such as `storage`; all names when undefined. */
  readonly sharedLabelName?: string | undefined;
  /** How long a run is taken to last that has no history. Milliseconds; default `DEFAULT_ASSUMED_MS`. */
  readonly assumedMs?: number | undefined;
  /** How many conflicts at most, the earliest first. */
  readonly first: number;
}

/** Short on purpose: without history only runs that all but begin together are told of. */
export const DEFAULT_ASSUMED_MS = 15 * MINUTE_MS;

/**
 * Where coming runs get into each other's way.
 *
 * Runs touch when one begins as another ends, which is no overlap. A run that is due while the one before it of the same job is at
 * work is left out: no vendor starts a job twice. Two shared labels give two conflicts. Runs that are under way already are not
 * looked at. Cost and answer grow with runs times their labels, not with pairs of runs.
 */
export function scheduleConflicts(runs: Iterable<UpcomingRun>, options: ConflictOptions): ScheduleConflict[] {
  if (!(options.first >= 1)) return [];
  const conflicts: ScheduleConflict[] = [];
  for (const { label, spans } of byLabel(spansOf(runs, options), options).values()) {
    for (const { overlap, spans: meeting } of overlaps(spans)) {
      const confident = meeting.every(({ run }) => run.expectedSeconds !== undefined);
      conflicts.push({ runs: meeting.map(({ run }) => run), overlap, sharedLabel: label, confident });
    }
  }
  return conflicts.toSorted(compareConflicts).slice(0, options.first);
}

/** When a run is taken to be at work, in epoch milliseconds; the end is no longer part of it. */
interface Span {
  readonly run: UpcomingRun;
  readonly startMs: number;
  readonly endMs: number;
}

interface Bucket {
  readonly label: Label;
  readonly spans: Span[];
}

function* spansOf(
  runs: Iterable<UpcomingRun>,
  { assumedMs = DEFAULT_ASSUMED_MS }: ConflictOptions,
): Generator<Span, void> {
  const endOfJob = new Map<string, number>();
  for (const run of [...runs].toSorted(compareRuns)) {
    const startMs = run.at.getTime();
    const lastsMs = run.expectedSeconds === undefined ? assumedMs : run.expectedSeconds * SECOND_MS;
    const key = JSON.stringify([run.job.sourceKey, run.job.nativeId]);
    if (!(lastsMs > 0) || startMs < (endOfJob.get(key) ?? -Infinity)) continue;
    endOfJob.set(key, startMs + lastsMs);
    yield { run, startMs, endMs: startMs + lastsMs };
  }
}

function byLabel(spans: Iterable<Span>, { labelsOf, sharedLabelName }: ConflictOptions): ReadonlyMap<string, Bucket> {
  const buckets = new Map<string, Bucket>();
  for (const span of spans) {
    const labels = labelsOf(span.run.job);
    for (const [key, label] of new Map(labels.map((label) => [JSON.stringify([label.name, label.value]), label]))) {
      if (sharedLabelName !== undefined && label.name !== sharedLabelName) continue;
      const bucket = buckets.get(key) ?? { label, spans: [] };
      buckets.set(key, bucket);
      bucket.spans.push(span);
    }
  }
  return buckets;
}

/** One end of a span on the line of time. */
interface Edge {
  readonly atMs: number;
  readonly span: Span;
  readonly begins: boolean;
}

/** The stretches in which at least two spans are at work, by going along the line of time once. No job has two at a time. */
function overlaps(spans: readonly Span[]): { readonly overlap: Period; readonly spans: readonly Span[] }[] {
  const found: { readonly overlap: Period; readonly spans: readonly Span[] }[] = [];
  const atWork = new Set<Span>();
  let meeting: { readonly fromMs: number; readonly spans: Set<Span> } | undefined;
  for (const { atMs, span, begins } of edgesOf(spans)) {
    if (begins) atWork.add(span);
    else atWork.delete(span);
    if (atWork.size >= 2) {
      meeting ??= { fromMs: atMs, spans: new Set(atWork) };
      if (begins) meeting.spans.add(span);
    } else if (meeting !== undefined) {
      const overlap = { from: new Date(meeting.fromMs), to: new Date(atMs) };
      found.push({ overlap, spans: [...meeting.spans].toSorted((a, b) => compareRuns(a.run, b.run)) });
      meeting = undefined;
    }
  }
  return found;
}

/** Ends stand before beginnings of the same instant, so that runs that only touch do not meet. */
function edgesOf(spans: readonly Span[]): Edge[] {
  return spans
    .flatMap((span): Edge[] => [
      { atMs: span.startMs, span, begins: true },
      { atMs: span.endMs, span, begins: false },
    ])
    .toSorted((a, b) => a.atMs - b.atMs || Number(a.begins) - Number(b.begins));
}

function compareConflicts(a: ScheduleConflict, b: ScheduleConflict): number {
  const [labelA, labelB] = [a.sharedLabel, b.sharedLabel];
  return (
    a.overlap.from.getTime() - b.overlap.from.getTime() ||
    compareTexts(labelA.name, labelB.name) ||
    compareTexts(labelA.value, labelB.value)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
