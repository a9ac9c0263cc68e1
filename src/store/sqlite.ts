import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { GatewayError } from '../domain/errors.ts';
import { MIGRATIONS } from './migrations.ts';

export type Row = Readonly<Record<string, unknown>>;

/**
 * One SQLite database, used by this process alone.
 *
 * Every statement that has returned is on the disk (write-ahead log, synced at each commit). A second gateway on the same file is
 * refused, because each would take the other's open operations for its own; a process that dies leaves the file free.
 */
export class SqliteDatabase {
  readonly #database: DatabaseSync;

  /**
   * @param file path, or `:memory:`
   * @throws STORE_UNAVAILABLE when it cannot be opened, is in use, or was written by a newer gateway
   */
  constructor(file: string) {
    this.#database = guarded(() => new DatabaseSync(file, { timeout: 2_000 }), `cannot be opened`);
    try {
      guarded(() => {
        this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
        this.#migrate();
      }, 'cannot be used');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    guarded(() => this.#database.prepare(sql).run(...values), 'cannot be written');
  }

  /** One statement for each of many rows. */
  runEach(sql: string, rows: Iterable<readonly SQLInputValue[]>): void {
    guarded(() => {
      const statement = this.#database.prepare(sql);
      for (const row of rows) statement.run(...row);
    }, 'cannot be written');
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return guarded(() => this.#database.prepare(sql).all(...values), 'cannot be read');
  }

  /** All of it or nothing. */
  transaction<T>(work: () => T): T {
    return guarded(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const value = work();
        this.#database.exec('COMMIT');
        return value;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    }, 'cannot be written');
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #migrate(): void {
    // Takes the lock for as long as the database is open, also when there is nothing to migrate.
    this.transaction(() => {
      const made = Number(this.all('PRAGMA user_version')[0]?.['user_version'] ?? 0);
      if (made > MIGRATIONS.length) {
        throw new GatewayError('STORE_UNAVAILABLE', 'The store was written by a newer version of the gateway.');
      }
      for (const step of MIGRATIONS.slice(made)) this.#database.exec(step);
      this.#database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    });
  }
}

/** SQLite's own codes that mean something to an operator. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [5, 'another process is using it'],
  [6, 'another process is using it'],
  [8, 'it may not be written'],
  [10, 'the disk failed'],
  [11, 'it is damaged'],
  [13, 'the disk is full'],
  [14, 'the file cannot be opened'],
  [26, 'the file is no SQLite database'],
]);

function guarded<T>(work: () => T, what: string): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : undefined;
    const why = code === undefined ? undefined : WORDS.get(code);
    throw new GatewayError('STORE_UNAVAILABLE', `The store ${what}${why === undefined ? '' : `: ${why}`}.`, { cause });
  }
}
