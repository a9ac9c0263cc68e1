import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BackupRun } from '../domain/backup-run.ts';
import type { SourceState } from '../domain/source.ts';
import { DAY_MS, HOUR_MS } from '../domain/time-units.ts';
import type { HistoryStore, StoredChange } from '../store/history-store.ts';
import { encodeChangeCursor, type ChangeCursor } from './change-cursor.ts';
import { SourceHistory } from './source-history.ts';
import { SourceRecord, type ListLook, type ToldVerdict } from './source-record.ts';

export interface ChronicleOptions {
  readonly store: HistoryStore;
  readonly log: { error(fields: object, message: string): void };
  /** How long runs are kept, in milliseconds; 0: only as long as changes are, and reports do without them. */
  readonly keepMs: number;
  readonly now?: (() => Date) | undefined;
  /** How far apart looks at a source are now. */
  readonly pollIntervalMs: (sourceKey: string) => number;
}

/** A page of changes. */
export interface ChangesAfter {
  readonly changes: readonly StoredChange[];
  readonly next: string;
  /** False when changes between the cursor and the first one here are not kept any more, or the cursor is of another store. */
  readonly contiguous: boolean;
}

/** How long changes are kept. */
export const CHANGES_KEPT_MS = 7 * DAY_MS;
/** Rows that are compared and written before others get their turn. */
const ROWS_A_TURN = 300;
/** Rows that may wait; what comes beyond them is left for the next time that it is told. */
const MOST_WAITING = 500_000;

/**
 * What the gateway remembers of the sources: their runs, how they stood, and what changed.
 *
 * It is told what readers have seen, and writes it down behind them, one thing after the other. A store that fails costs what is told
 * meanwhile, and no read.
 */
export class Chronicle {
  readonly #options: ChronicleOptions;
  readonly #now: () => Date;
  readonly #records = new Map<string, SourceRecord>();
  /** Lists that are written down: kept answers are told again and again. */
  readonly #written = new WeakSet<readonly BackupRun[]>();
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;
  #hasFailed = false;
  #forgottenAtMs = -Infinity;

  constructor(options: ChronicleOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** What reports and lists may ask of a source's past; undefined when no runs are kept. */
  historyOf(sourceKey: string): SourceHistory | undefined {
    const { store, keepMs } = this.#options;
    const oldestMs = (): number => this.#oldestMs();
    return keepMs === 0 ? undefined : new SourceHistory({ sourceKey, store, oldestMs, onFailure: this.#failed });
  }

  pollIntervalMs(sourceKey: string): number {
    return this.#options.pollIntervalMs(sourceKey);
  }

  /** A source has told these runs; `look` is there when it was a list of them. */
  toldRuns(
    sourceKey: string,
    rows: readonly BackupRun[],
    skewSeconds: number | undefined,
    look?: ListLook | undefined,
  ): void {
    if (this.#isClosed || this.#waiting + rows.length > MOST_WAITING) return;
    this.#waiting += rows.length;
    this.#behind(async () => {
      const record = this.#recordOf(sourceKey);
      try {
        const isFirst = look !== undefined && (await record.listed(look));
        if (this.#written.has(rows)) return;
        for (let from = 0; from < rows.length; from += ROWS_A_TURN) {
          await nextTurn();
          record.trim();
          const bounds = { oldestMs: this.#oldestMs(), nowMs: this.#now().getTime(), skewSeconds, isFirst };
          await record.runs(rows.slice(from, from + ROWS_A_TURN), bounds);
        }
        this.#written.add(rows);
      } finally {
        this.#waiting -= rows.length;
      }
    });
  }

  /** Calls to a source have shown it in this state. */
  toldState(sourceKey: string, state: SourceState): void {
    this.#behind(() => this.#recordOf(sourceKey).state(state, this.#now().getTime()));
  }

  /** Verdicts on all objects of a source; undefined when it could not be read. */
  toldVerdicts(sourceKey: string, verdicts: readonly ToldVerdict[] | undefined, asOf: Date): void {
    this.#behind(() => this.#recordOf(sourceKey).verdicts(verdicts, asOf.getTime()));
  }

  /** Waits until all that was told up to now is written down, or could not be. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /**
   * Changes of these sources after a cursor; without one, none, and the cursor that stands for now.
   *
   * @throws STORE_UNAVAILABLE
   */
  async changesAfter(
    cursor: ChangeCursor | undefined,
    first: number,
    sourceKeys: readonly string[],
  ): Promise<ChangesAfter> {
    const { store } = this.#options;
    const storeId = await store.identity();
    const isOurs = cursor?.storeId === storeId;
    const found = await store.changes(isOurs ? cursor.number : 0, cursor === undefined ? 0 : first, sourceKeys);
    const { rows, oldest, newest } = found;
    const isKept = isOurs && cursor.number >= oldest - 1 && cursor.number <= newest;
    const contiguous = cursor === undefined || isKept;
    // A number that this store has not given yet was given before its file was set back: from the oldest on.
    const isAhead = isOurs && cursor.number > newest;
    const changes = isAhead ? (await store.changes(0, first, sourceKeys)).rows : rows;
    const isWhole = cursor === undefined || changes.length < first;
    const behind = isOurs && !isAhead ? cursor.number : oldest - 1;
    const number = isWhole ? newest : (changes.at(-1)?.number ?? behind);
    return { changes, next: encodeChangeCursor({ storeId, number }), contiguous };
  }

  /** Writes down what was told, and takes no more. The store is closed by whoever opened it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
  }

  #recordOf(sourceKey: string): SourceRecord {
    let record = this.#records.get(sourceKey);
    if (record === undefined) {
      record = new SourceRecord(sourceKey, this.#options.store);
      this.#records.set(sourceKey, record);
    }
    return record;
  }

  #behind(work: () => Promise<void>): void {
    if (this.#isClosed) return;
    this.#work = this.#work
      .then(() => this.#forgetOld())
      .then(work)
      .then(() => void (this.#hasFailed = false), this.#failed);
  }

  /** Says so once, until it works again. */
  readonly #failed = (error: unknown): void => {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.log.error({ err: error }, 'history cannot be kept');
  };

  #oldestMs(): number {
    return this.#now().getTime() - Math.max(this.#options.keepMs, CHANGES_KEPT_MS);
  }

  async #forgetOld(): Promise<void> {
    const nowMs = this.#now().getTime();
    if (nowMs - this.#forgottenAtMs < HOUR_MS) return;
    this.#forgottenAtMs = nowMs;
    await this.#options.store.forget({ runsBeforeMs: this.#oldestMs(), changesBeforeMs: nowMs - CHANGES_KEPT_MS });
  }
}
