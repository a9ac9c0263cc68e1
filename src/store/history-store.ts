import type { SourceState } from '../domain/source.ts';
import type { RpoVerdict } from '../domain/rpo.ts';

/** A run as it was when it was last written down. */
export interface KeptRun extends KnownRun {
  readonly nativeId: string;
  /** When it began, was accepted, ended or was seen, whatever is told first; epoch milliseconds on the vendor's clock. */
  readonly atMs: number;
  /** The run itself, see `run-text.ts`. */
  readonly content: string;
}

/** What tells whether a run is as it was. */
export interface KnownRun {
  readonly status: string;
  readonly endedAtMs: number | undefined;
  /** When its vendor was asked, in epoch milliseconds. */
  readonly observedAtMs: number;
  /** Equal for runs of which there is nothing new to write. */
  readonly signature: string;
}

/** The runs that are wanted: those from one instant to before another, without some. */
export interface KeptRunQuery {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Native ids. */
  readonly without: ReadonlySet<string>;
}

export const CHANGE_KINDS = ['RUN', 'RPO', 'HEALTH'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Something that was not as it had been. */
export interface NewChange {
  readonly kind: ChangeKind;
  readonly sourceKey: string;
  /** Of the run or the protected object; empty for a source. */
  readonly nativeId: string;
  readonly previous: string | undefined;
  /** What it had become, as JSON. */
  readonly content: string;
  readonly observedAtMs: number;
}

export interface StoredChange extends NewChange {
  /** Only grows. */
  readonly number: number;
}

/** Changes after a number, and how far the numbers reach. */
export interface StoredChanges {
  readonly rows: readonly StoredChange[];
  /** The number of the oldest change that is kept; one more than the newest where none is. */
  readonly oldest: number;
  /** The number given last; 0 before the first. */
  readonly newest: number;
}

/** How a source stood when it was last looked at. */
export interface Standing {
  /** When its runs were first asked for; undefined before. */
  readonly firstLookAtMs?: number | undefined;
  readonly state?: SourceState | undefined;
  /** When verdicts were last worked out; undefined before. */
  readonly verdictsAtMs?: number | undefined;
}

/** The verdict that was last told of a protected object. */
export interface KeptVerdict {
  readonly nativeId: string;
  readonly verdict: RpoVerdict;
  /** The object itself, as JSON. */
  readonly content: string;
}

/** What is written together: all of it or nothing. */
export interface HistoryBatch {
  readonly sourceKey: string;
  readonly runs?: readonly KeptRun[] | undefined;
  readonly changes?: readonly NewChange[] | undefined;
  readonly standing?: Standing | undefined;
  /** All objects of the source with their verdicts; others are forgotten. */
  readonly verdicts?: readonly KeptVerdict[] | undefined;
  /** An hour (epoch hours) in which all runs that the vendor keeps were listed. */
  readonly lookedInHour?: number | undefined;
  /** So many changes are kept at most. */
  readonly mostChanges?: number | undefined;
}

/**
 * Where runs, verdicts and changes are kept as they were seen.
 *
 * @throws STORE_UNAVAILABLE, each method, when it cannot be read or written.
 */
export interface HistoryStore {
  /** Made once for each store, so that a cursor of another one is recognised. */
  identity(): Promise<string>;
  write(batch: HistoryBatch): Promise<void>;
  known(sourceKey: string, nativeIds: readonly string[]): Promise<ReadonlyMap<string, KnownRun>>;
  /** The contents of runs. */
  runs(sourceKey: string, query: KeptRunQuery): Promise<readonly string[]>;
  runsById(sourceKey: string, nativeIds: readonly string[]): Promise<readonly string[]>;
  /** The hours in which the source was listed, newest first. */
  hoursOfLooks(sourceKey: string): Promise<readonly number[]>;
  standing(sourceKey: string): Promise<Standing>;
  verdicts(sourceKey: string): Promise<readonly KeptVerdict[]>;
  changes(after: number, first: number, sourceKeys: readonly string[]): Promise<StoredChanges>;
  /** Removes runs and looks from before one instant, and changes from before another. */
  forget(bounds: { readonly runsBeforeMs: number; readonly changesBeforeMs: number }): Promise<void>;
}
