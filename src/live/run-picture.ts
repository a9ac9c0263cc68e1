import type { BackupRun } from '../domain/backup-run.ts';
import { isActive, type BackupStatus } from '../domain/backup-status.ts';

/** A run that is not as it was; without a status before, it is new or is told for the first time. */
export interface RunStep {
  readonly run: BackupRun;
  readonly previousStatus: BackupStatus | undefined;
}

/** What is kept of a run to see whether it changes; the whole of it only while it is under way. */
interface Seen {
  readonly status: BackupStatus;
  readonly progressPercent: number | undefined;
  readonly endedAtMs: number | undefined;
  /** The last instant known of it, in epoch milliseconds. */
  readonly lastMs: number;
  readonly active: BackupRun | undefined;
}

/** The runs of one source as they were at the last look. */
export class RunPicture {
  readonly #seen = new Map<string, Seen>();
  #hasLooked = false;

  /** Runs that are under way. */
  active(): BackupRun[] {
    return [...this.#seen.values()].flatMap(({ active }) => active ?? []);
  }

  /** Native ids of runs that were under way and are not among these rows. */
  missing(rows: readonly BackupRun[]): string[] {
    const told = new Set(rows.map(({ nativeId }) => nativeId));
    return this.active()
      .map(({ nativeId }) => nativeId)
      .filter((id) => !told.has(id));
  }

  forget(nativeId: string): void {
    this.#seen.delete(nativeId);
  }

  /**
   * Takes in what a look has shown, and says what is not as it was.
   *
   * The first look shows what there is: of it, only what is under way is told. Later a finished run that is new counts as a change when
   * it is from `since` or later; older ones are old news that the vendor did not tell before. `tellActive` tells what is under way
   * although it has not changed.
   */
  take(rows: readonly BackupRun[], since: Date, tellActive: boolean): RunStep[] {
    const isFirst = !this.#hasLooked;
    this.#hasLooked = true;
    const steps = rows.flatMap((run): RunStep[] => {
      const before = this.#seen.get(run.nativeId);
      const now = seenOf(run);
      this.#seen.set(run.nativeId, now);
      const isTold =
        before === undefined
          ? now.active !== undefined || (!isFirst && now.lastMs >= since.getTime())
          : isChange(before, now) || (tellActive && now.active !== undefined);
      return isTold ? [{ run, previousStatus: before?.status }] : [];
    });
    for (const [nativeId, { active, lastMs }] of this.#seen) {
      if (active === undefined && lastMs < since.getTime()) this.#seen.delete(nativeId);
    }
    return steps;
  }
}

function seenOf(run: BackupRun): Seen {
  const { status, progressPercent, queuedAt, startedAt, endedAt } = run;
  return {
    status,
    progressPercent,
    endedAtMs: endedAt?.getTime(),
    lastMs: (endedAt ?? startedAt ?? queuedAt)?.getTime() ?? -Infinity,
    active: isActive(status) ? run : undefined,
  };
}

function isChange(before: Seen, now: Seen): boolean {
  return (
    before.status !== now.status || before.progressPercent !== now.progressPercent || before.endedAtMs !== now.endedAtMs
  );
}
