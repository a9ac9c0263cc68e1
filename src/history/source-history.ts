import type { BackupRun } from '../domain/backup-run.ts';
import { isActive } from '../domain/backup-status.ts';
import { perObject } from '../domain/per-object.ts';
import { DAY_MS, HOUR_MS } from '../domain/time-units.ts';
import type { HistoryStore } from '../store/history-store.ts';
import { runOfText } from '../store/run-text.ts';

export interface SourceHistoryOptions {
  readonly sourceKey: string;
  readonly store: HistoryStore;
  /** Older runs are not kept, in epoch milliseconds. */
  readonly oldestMs: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Which kept runs are wanted: those of a stretch that the vendor does not tell any more. */
export interface HistoryQuestion {
  readonly from?: Date | undefined;
  /** Not part of the stretch. */
  readonly to?: Date | undefined;
  /** What the vendor tells, all of it. */
  readonly told: readonly BackupRun[];
}

/**
 * The past of one source, as far as the gateway has kept it.
 *
 * Kept runs tell what has been. They prove no copy: the vendor may have deleted what they made. A store that fails makes the past empty.
 */
export class SourceHistory {
  readonly #options: SourceHistoryOptions;

  constructor(options: SourceHistoryOptions) {
    this.#options = options;
  }

  /** Runs of the stretch that were told once and are not told any more, in no order. */
  async runs({ from, to, told }: HistoryQuestion): Promise<readonly BackupRun[]> {
    const { sourceKey, store, oldestMs } = this.#options;
    const fromMs = Math.max(from?.getTime() ?? -Infinity, oldestMs());
    const query = { fromMs, toMs: to?.getTime(), without: idsOf(told) };
    const texts = await this.#guarded(() => store.runs(sourceKey, query), []);
    return texts.map(keptRun);
  }

  /** Kept runs by their native ids; for ids that the vendor does not know. */
  async runsById(nativeIds: readonly string[]): Promise<ReadonlyMap<string, BackupRun>> {
    const { sourceKey, store } = this.#options;
    const texts = await this.#guarded(() => store.runsById(sourceKey, nativeIds), []);
    return new Map(texts.map(keptRun).map((run) => [run.nativeId, run]));
  }

  /** The hours (epoch hours) in which all that the vendor keeps was listed, newest first. */
  async lookHours(): Promise<readonly number[]> {
    const { sourceKey, store } = this.#options;
    return this.#guarded(() => store.hoursOfLooks(sourceKey), []);
  }

  async #guarded<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      this.#options.onFailure(error);
      return otherwise;
    }
  }
}

const idsOf = perObject(
  (runs: readonly BackupRun[]): ReadonlySet<string> => new Set(runs.map(({ nativeId }) => nativeId)),
);

/**
 * From when on nothing can have happened unseen: back from an instant since which the vendor tells everything, as long as each day was
 * looked at.
 *
 * That a vendor tells the runs of the last 24 hours is an assumption.
 */
export function knownSince(toldSince: Date, lookHours: readonly number[]): Date {
  let sinceMs = toldSince.getTime();
  for (const hour of lookHours) {
    const lookMs = hour * HOUR_MS;
    if (lookMs < sinceMs) break;
    sinceMs = Math.min(sinceMs, lookMs - DAY_MS);
  }
  return new Date(sinceMs);
}

/** A run that was last seen under way and is not told any more has ended, nobody knows how. */
function keptRun(text: string): BackupRun {
  const run = runOfText(text);
  return { ...run, fromHistory: true, ...(isActive(run.status) ? { status: 'UNKNOWN' as const } : {}) };
}
