import type { BackupRun } from '../domain/backup-run.ts';
import type { ProtectedObject } from '../domain/protected-object.ts';
import type { RpoVerdict } from '../domain/rpo.ts';
import type { SourceState } from '../domain/source.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time-units.ts';
import type { HistoryStore, KeptRun, KeptVerdict, KnownRun, NewChange, Standing } from '../store/history-store.ts';
import { compareRuns } from './run-comparison.ts';

/** Most changes that are kept. */
export const MOST_CHANGES = 20_000;
/** Most runs of a source that are remembered outside the store, to see that there is nothing to write. */
const MOST_KNOWN = 60_000;
/** Vendors tell instants in whole seconds or minutes, on clocks that are not known to the second. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

/** A protected object and how it was found to stand. */
export interface ToldVerdict {
  readonly object: ProtectedObject;
  readonly verdict: RpoVerdict;
}

/** How far a list of runs reached. */
export interface ListLook {
  /** When it was asked for, or when the oldest kept answer in it was; epoch milliseconds of the gateway's clock. */
  readonly askedAtMs: number;
  /** Whether it was all that the vendor keeps. */
  readonly isWhole: boolean;
}

/** Writes down what one source tells, and what is not as it was. Its methods are called one after the other. */
export class SourceRecord {
  readonly #key: string;
  readonly #store: HistoryStore;
  /** In the order in which they were last told. */
  readonly #known = new Map<string, KnownRun>();
  #standing: Standing | undefined;
  #lookedInHour: number | undefined;

  constructor(key: string, store: HistoryStore) {
    this.#key = key;
    this.#store = store;
  }

  /** A list was asked for. Says whether it is the first one: what is in it is history, and what is new later is a change. */
  async listed({ askedAtMs, isWhole }: ListLook): Promise<boolean> {
    const { firstLookAtMs } = await this.#stand();
    const hour = Math.floor(askedAtMs / HOUR_MS);
    const isNewHour = isWhole && hour !== this.#lookedInHour;
    const isFirst = firstLookAtMs === undefined;
    if (!isFirst && !isNewHour) return false;
    const standing = { firstLookAtMs: firstLookAtMs ?? askedAtMs };
    await this.#store.write({ sourceKey: this.#key, standing, lookedInHour: isWhole ? hour : undefined });
    this.#standing = { ...this.#standing, ...standing };
    if (isWhole) this.#lookedInHour = hour;
    return isFirst;
  }

  /** Rows that were told; few enough for one turn. */
  async runs(
    rows: readonly BackupRun[],
    bounds: {
      readonly oldestMs: number;
      readonly nowMs: number;
      readonly skewSeconds: number | undefined;
      readonly isFirst: boolean;
    },
  ): Promise<void> {
    const { firstLookAtMs } = await this.#stand();
    const { oldestMs, nowMs, skewSeconds = 0, isFirst } = bounds;
    const known = await this.#knownOf(rows);
    const isHistory = isFirst || firstLookAtMs === undefined;
    const since = isHistory ? undefined : firstLookAtMs + skewSeconds * SECOND_MS - CLOCK_TOLERANCE_MS;
    const news = compareRuns({ rows, known, sinceMs: since, oldestMs, nowMs });
    await this.#write(news);
    for (const run of news.runs) this.#remember(run.nativeId, run);
  }

  /** The health of the source as calls have shown it. */
  async state(state: SourceState, nowMs: number): Promise<void> {
    const before = (await this.#stand()).state;
    if (state === before || state === 'UNKNOWN') return;
    const content = JSON.stringify({ state });
    const change = { kind: 'HEALTH', nativeId: '', previous: before, content, observedAtMs: nowMs } as const;
    // The first state that is ever seen has not turned from anything.
    const changes = before === undefined ? [] : [{ ...change, sourceKey: this.#key }];
    const standing = { state };
    await this.#store.write({ sourceKey: this.#key, standing, changes, mostChanges: MOST_CHANGES });
    this.#standing = { ...this.#standing, state };
  }

  /**
   * Verdicts on all objects of the source as of an instant; without any, it could not be read, and all are UNKNOWN.
   *
   * What was worked out before the verdicts that are kept says nothing.
   */
  async verdicts(told: readonly ToldVerdict[] | undefined, asOfMs: number): Promise<void> {
    const { verdictsAtMs } = await this.#stand();
    if (verdictsAtMs !== undefined && asOfMs < verdictsAtMs) return;
    const before = new Map((await this.#store.verdicts(this.#key)).map((one) => [one.nativeId, one]));
    const now = told === undefined ? [...before.values()].map(asUnknown) : told.map(keptVerdict);
    const isFirst = verdictsAtMs === undefined;
    const ids = new Set(now.map(({ nativeId }) => nativeId));
    // Of an object that is not told any more nothing is known; it is forgotten, too.
    const gone = [...before.values()].filter(({ nativeId }) => !ids.has(nativeId)).map(asUnknown);
    const isTurned = ({ nativeId, verdict }: KeptVerdict): boolean => before.get(nativeId)?.verdict !== verdict;
    const turned = [...now, ...gone].filter(isTurned);
    const changes = isFirst ? [] : turned.map((one) => this.#verdictChange(one, before.get(one.nativeId), asOfMs));
    // Of a source that was never read there are no verdicts yet.
    if (isFirst && told === undefined) return;
    const isSame = turned.length === 0 && gone.length === 0;
    const standing = { verdictsAtMs: asOfMs };
    if (!isSame || isFirst) {
      const verdicts = now;
      await this.#store.write({ sourceKey: this.#key, verdicts, changes, standing, mostChanges: MOST_CHANGES });
    }
    this.#standing = { ...this.#standing, ...standing };
  }

  #verdictChange(now: KeptVerdict, before: KeptVerdict | undefined, asOfMs: number): NewChange {
    const content = JSON.stringify({ object: JSON.parse(now.content) as unknown, verdict: now.verdict });
    const { nativeId } = now;
    return {
      kind: 'RPO',
      sourceKey: this.#key,
      nativeId,
      previous: before?.verdict,
      content,
      observedAtMs: asOfMs,
    };
  }

  async #stand(): Promise<Standing> {
    this.#standing ??= await this.#store.standing(this.#key);
    return this.#standing;
  }

  async #write({ runs, changes }: { runs: readonly KeptRun[]; changes: readonly NewChange[] }): Promise<void> {
    if (runs.length === 0) return;
    await this.#store.write({ sourceKey: this.#key, runs, changes, mostChanges: MOST_CHANGES });
  }

  /** From memory, and from the store what is not in it. */
  async #knownOf(rows: readonly BackupRun[]): Promise<ReadonlyMap<string, KnownRun>> {
    const missing = rows.map(({ nativeId }) => nativeId).filter((id) => !this.#known.has(id));
    if (missing.length === 0) return this.#known;
    for (const [nativeId, known] of await this.#store.known(this.#key, missing)) this.#remember(nativeId, known);
    return this.#known;
  }

  #remember(nativeId: string, { status, endedAtMs, observedAtMs, signature }: KnownRun): void {
    this.#known.delete(nativeId);
    this.#known.set(nativeId, { status, endedAtMs, observedAtMs, signature });
  }

  /** Called between turns, so that what a turn works with stays whole. */
  trim(): void {
    for (const nativeId of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) return;
      this.#known.delete(nativeId);
    }
  }
}

function keptVerdict({ object, verdict }: ToldVerdict): KeptVerdict {
  const { sourceKey, nativeId, name, kind } = object;
  return { nativeId, verdict, content: JSON.stringify({ sourceKey, nativeId, name, kind }) };
}

function asUnknown(kept: KeptVerdict): KeptVerdict {
  return { ...kept, verdict: 'UNKNOWN' };
}
