import type { RpoVerdict } from '../domain/rpo.ts';
import type { SourceState } from '../domain/source.ts';
import { HOUR_MS } from '../domain/time-units.ts';
import type {
  ChangeKind,
  HistoryBatch,
  HistoryStore,
  KeptRun,
  KeptRunQuery,
  KeptVerdict,
  KnownRun,
  NewChange,
  Standing,
  StoredChange,
  StoredChanges,
} from './history-store.ts';
import type { Row, SqliteDatabase } from './sqlite.ts';

/** Runs, verdicts and changes in SQLite. */
export class SqliteHistoryStore implements HistoryStore {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async identity(): Promise<string> {
    return String(this.#database.all('SELECT store_id FROM identity')[0]?.['store_id']);
  }

  async write(batch: HistoryBatch): Promise<void> {
    const { sourceKey, runs = [], changes = [], verdicts, standing, lookedInHour, mostChanges } = batch;
    this.#database.transaction(() => {
      this.#writeRuns(sourceKey, runs);
      if (verdicts !== undefined) this.#writeVerdicts(sourceKey, verdicts);
      if (standing !== undefined) this.#writeStanding(sourceKey, standing);
      if (lookedInHour !== undefined)
        this.#database.run('INSERT OR IGNORE INTO looks VALUES (?, ?)', sourceKey, lookedInHour);
      if (changes.length > 0) this.#writeChanges(changes, mostChanges);
    });
  }

  async known(sourceKey: string, nativeIds: readonly string[]): Promise<ReadonlyMap<string, KnownRun>> {
    const rows = this.#database.all(
      `SELECT native_id, status, ended_at, observed_at, signature FROM runs
       WHERE source_key = ? AND native_id IN (SELECT value FROM json_each(?))`,
      sourceKey,
      JSON.stringify(nativeIds),
    );
    return new Map(rows.map((row) => [String(row['native_id']), knownOf(row)]));
  }

  /** The ids come from the index alone; of most runs nothing more is wanted. */
  async runs(sourceKey: string, { fromMs, toMs, without }: KeptRunQuery): Promise<readonly string[]> {
    const [row] = this.#database.all(
      'SELECT json_group_array(native_id) AS ids FROM runs WHERE source_key = ? AND at >= ? AND at < ?',
      sourceKey,
      fromMs ?? -MOST_MS,
      toMs ?? MOST_MS,
    );
    const ids = (JSON.parse(String(row?.['ids'])) as readonly string[]).filter((id) => !without.has(id));
    return ids.length === 0 ? [] : this.runsById(sourceKey, ids);
  }

  async runsById(sourceKey: string, nativeIds: readonly string[]): Promise<readonly string[]> {
    const rows = this.#database.all(
      'SELECT content FROM runs WHERE source_key = ? AND native_id IN (SELECT value FROM json_each(?))',
      sourceKey,
      JSON.stringify(nativeIds),
    );
    return rows.map((row) => String(row['content']));
  }

  async hoursOfLooks(sourceKey: string): Promise<readonly number[]> {
    const rows = this.#database.all('SELECT hour FROM looks WHERE source_key = ? ORDER BY hour DESC', sourceKey);
    return rows.map((row) => Number(row['hour']));
  }

  async standing(sourceKey: string): Promise<Standing> {
    const [row] = this.#database.all('SELECT * FROM standings WHERE source_key = ?', sourceKey);
    return {
      firstLookAtMs: numberOf(row?.['first_look_at']),
      // Written by this file alone, in the words of the domain.
      state: (row?.['state'] ?? undefined) as SourceState | undefined,
      verdictsAtMs: numberOf(row?.['verdicts_at']),
    };
  }

  async verdicts(sourceKey: string): Promise<readonly KeptVerdict[]> {
    return this.#database.all('SELECT * FROM verdicts WHERE source_key = ?', sourceKey).map((row) => ({
      nativeId: String(row['native_id']),
      verdict: row['verdict'] as RpoVerdict,
      content: String(row['content']),
    }));
  }

  async changes(after: number, first: number, sourceKeys: readonly string[]): Promise<StoredChanges> {
    return this.#database.transaction(() => {
      const [bounds] = this.#database.all(
        `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'changes') AS newest, (SELECT min(number) FROM changes) AS oldest`,
      );
      const newest = numberOf(bounds?.['newest']) ?? 0;
      const rows = this.#database.all(
        `SELECT * FROM changes WHERE number > ? AND source_key IN (SELECT value FROM json_each(?)) ORDER BY number LIMIT ?`,
        after,
        JSON.stringify(sourceKeys),
        first,
      );
      return { rows: rows.map(changeOf), oldest: numberOf(bounds?.['oldest']) ?? newest + 1, newest };
    });
  }

  async forget(bounds: { readonly runsBeforeMs: number; readonly changesBeforeMs: number }): Promise<void> {
    const { runsBeforeMs, changesBeforeMs } = bounds;
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM runs WHERE at < ?', runsBeforeMs);
      this.#database.run('DELETE FROM looks WHERE hour < ?', Math.floor(runsBeforeMs / HOUR_MS));
      this.#database.run(
        'DELETE FROM changes WHERE number <= (SELECT max(number) FROM changes WHERE observed_at < ?)',
        changesBeforeMs,
      );
    });
  }

  #writeRuns(sourceKey: string, runs: readonly KeptRun[]): void {
    this.#database.runEach(
      'INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      runs.map(({ nativeId, atMs, status, endedAtMs, observedAtMs, signature, content }) => [
        sourceKey,
        nativeId,
        atMs,
        status,
        endedAtMs ?? null,
        observedAtMs,
        signature,
        content,
      ]),
    );
  }

  #writeVerdicts(sourceKey: string, verdicts: readonly KeptVerdict[]): void {
    this.#database.run('DELETE FROM verdicts WHERE source_key = ?', sourceKey);
    this.#database.runEach(
      'INSERT INTO verdicts VALUES (?, ?, ?, ?)',
      verdicts.map(({ nativeId, verdict, content }) => [sourceKey, nativeId, verdict, content]),
    );
  }

  #writeStanding(sourceKey: string, { firstLookAtMs, state, verdictsAtMs }: Standing): void {
    this.#database.run(
      `INSERT INTO standings VALUES (?, ?, ?, ?) ON CONFLICT (source_key) DO UPDATE SET
       first_look_at = coalesce(first_look_at, excluded.first_look_at),
       state = coalesce(excluded.state, state),
       verdicts_at = coalesce(excluded.verdicts_at, verdicts_at)`,
      sourceKey,
      firstLookAtMs ?? null,
      state ?? null,
      verdictsAtMs ?? null,
    );
  }

  #writeChanges(changes: readonly NewChange[], most: number | undefined): void {
    this.#database.runEach(
      'INSERT INTO changes (kind, source_key, native_id, previous, content, observed_at) VALUES (?, ?, ?, ?, ?, ?)',
      changes.map(({ kind, sourceKey, nativeId, previous, content, observedAtMs }) => [
        kind,
        sourceKey,
        nativeId,
        previous ?? null,
        content,
        observedAtMs,
      ]),
    );
    if (most === undefined) return;
    this.#database.run('DELETE FROM changes WHERE number <= (SELECT max(number) FROM changes) - ?', most);
  }
}

/** Beyond every instant that a `Date` can hold. */
const MOST_MS = 8.64e15 + 1;

function knownOf(row: Row): KnownRun {
  return {
    status: String(row['status']),
    endedAtMs: numberOf(row['ended_at']),
    observedAtMs: Number(row['observed_at']),
    signature: String(row['signature']),
  };
}

function changeOf(row: Row): StoredChange {
  return {
    number: Number(row['number']),
    kind: row['kind'] as ChangeKind,
    sourceKey: String(row['source_key']),
    nativeId: String(row['native_id']),
    previous: row['previous'] === null ? undefined : String(row['previous']),
    content: String(row['content']),
    observedAtMs: Number(row['observed_at']),
  };
}

function numberOf(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
