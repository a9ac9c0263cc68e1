import type { BackupRun } from '../domain/backup-run.ts';
import { isActive } from '../domain/backup-status.ts';
import type { KeptRun, KnownRun, NewChange } from '../store/history-store.ts';
import { runToText } from '../store/run-text.ts';

/** What is new about rows that a source has told. */
export interface RunNews {
  readonly runs: readonly KeptRun[];
  readonly changes: readonly NewChange[];
}

export interface RunComparison {
  readonly rows: readonly BackupRun[];
  /** What is known of these rows from before. */
  readonly known: ReadonlyMap<string, KnownRun>;
  /** A run that is new is a change when something happened to it since then, on the vendor's clock; undefined: it is history. */
  readonly sinceMs: number | undefined;
  /** Older runs are not kept. */
  readonly oldestMs: number;
  /** Of the gateway's clock, in epoch milliseconds. */
  readonly nowMs: number;
}

/** Compares what is told of runs with what was known. A reading that is older than what is known says nothing. */
export function compareRuns({ rows, known, sinceMs, oldestMs, nowMs }: RunComparison): RunNews {
  const runs: KeptRun[] = [];
  const changes: NewChange[] = [];
  const told = new Map<string, KnownRun>();
  for (const run of rows) {
    const before = told.get(run.nativeId) ?? known.get(run.nativeId);
    const atMs = runAtMs(run);
    if (atMs < oldestMs) continue;
    if (before !== undefined && before.observedAtMs > run.observedAt.getTime()) continue;
    const now = knownRun(run);
    if (before?.signature === now.signature) continue;
    const content = runToText(run);
    told.set(run.nativeId, now);
    runs.push({ ...now, nativeId: run.nativeId, atMs, content });
    const isNews =
      before === undefined ? isSince(run, sinceMs) : before.status !== now.status || before.endedAtMs !== now.endedAtMs;
    if (!isNews) continue;
    const { sourceKey, nativeId } = run;
    changes.push({ kind: 'RUN', sourceKey, nativeId, previous: before?.status, content, observedAtMs: nowMs });
  }
  return { runs, changes };
}

export function knownRun(run: BackupRun): KnownRun {
  return {
    status: run.status,
    endedAtMs: run.endedAt?.getTime(),
    observedAtMs: run.observedAt.getTime(),
    signature: signatureOf(run),
  };
}

/** When it began, was accepted, ended or was seen, whatever is told first. */
export function runAtMs({ startedAt, queuedAt, endedAt, observedAt }: BackupRun): number {
  return (startedAt ?? queuedAt ?? endedAt ?? observedAt).getTime();
}

/** Figures that grow while a run is under way are not worth a write for each look. */
function signatureOf(run: BackupRun): string {
  const base = `${run.status} ${run.nativeStatus} ${run.jobNativeId} ${run.startedAt?.getTime()} ${run.queuedAt?.getTime()}`;
  if (isActive(run.status)) return base;
  const kinds = run.conditions.map(({ kind }) => kind).join();
  return `${base} ${run.endedAt?.getTime()} ${run.durationSeconds} ${run.bytes} ${run.objectCount} ${run.restorable} ${kinds}`;
}

/** Whether something happened to it since an instant; of one without any instant, only what it is doing can tell. */
function isSince({ status, queuedAt, startedAt, endedAt }: BackupRun, sinceMs: number | undefined): boolean {
  if (sinceMs === undefined) return false;
  const instants = [queuedAt, startedAt, endedAt].filter((at) => at !== undefined);
  if (instants.length === 0) return isActive(status);
  return instants.some((at) => at.getTime() >= sinceMs);
}
