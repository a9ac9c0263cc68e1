import type { SQLInputValue } from 'node:sqlite';
import type {
  AuditEntry,
  JsonValue,
  OperationState,
  StoredRefusal,
  UserErrorCode,
  VendorCall,
} from '../domain/backup-operation.ts';
import type { WriteVerb } from '../domain/write-request.ts';
import type {
  AuditQuery,
  NewestFirst,
  OperationChange,
  OperationQuery,
  OperationStore,
  StoredAuditEntry,
  StoredOperation,
  StoredPage,
} from './operation-store.ts';
import type { Row, SqliteDatabase } from './sqlite.ts';

/** Operations and audit trail in SQLite. */
export class SqliteOperationStore implements OperationStore {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async add(operation: StoredOperation): Promise<StoredOperation | undefined> {
    return this.#database.transaction(() => {
      const { requestedBy, idempotencyKey, holdsKey } = operation;
      const holder = holdsKey && idempotencyKey !== undefined ? this.#holder(requestedBy, idempotencyKey) : undefined;
      if (holder !== undefined) return holder;
      const columns = columnsOf(operation);
      const names = Object.keys(columns);
      this.#database.run(
        `INSERT INTO operations (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        ...Object.values(columns),
      );
      return undefined;
    });
  }

  async change(id: string, change: OperationChange): Promise<void> {
    const columns = columnsOf(change);
    const names = Object.keys(columns);
    if (names.length === 0) return;
    this.#database.run(
      `UPDATE operations SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
      ...Object.values(columns),
      id,
    );
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, StoredOperation>> {
    const rows = this.#database.all(
      'SELECT * FROM operations WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    );
    return new Map(rows.map(operationOf).map((operation) => [operation.id, operation]));
  }

  async holderOf(caller: string, idempotencyKey: string): Promise<StoredOperation | undefined> {
    return this.#holder(caller, idempotencyKey);
  }

  async unsettled(uncertainSince: Date): Promise<readonly StoredOperation[]> {
    return this.#database
      .all(
        `SELECT * FROM operations WHERE state IN ('VALIDATED', 'SENT') OR (state = 'UNCERTAIN' AND requested_at >= ?)
         ORDER BY requested_at, id`,
        uncertainSince.getTime(),
      )
      .map(operationOf);
  }

  async isEffectOfAnother(
    id: string,
    sourceKey: string,
    {
      jobNativeId,
      runNativeId,
    }: { readonly jobNativeId?: string | undefined; readonly runNativeId?: string | undefined },
  ): Promise<boolean> {
    const rows = this.#database.all(
      `SELECT 1 FROM operations WHERE source_key = ? AND job_native_id IS ? AND run_native_id IS ?
       AND id <> ? AND state = 'CONFIRMED' AND verb IN ('CREATE', 'START', 'RETRY') LIMIT 1`,
      sourceKey,
      jobNativeId ?? null,
      runNativeId ?? null,
      id,
    );
    return rows.length > 0;
  }

  async list(
    query: OperationQuery,
    first: number,
    after: NewestFirst | undefined,
  ): Promise<StoredPage<StoredOperation>> {
    const where = new Conditions();
    where.oneOf('source_key', query.sourceKeys);
    where.oneOf('requested_by', query.requestedBy);
    where.oneOf('state', query.states);
    where.oneOf('verb', query.verbs);
    where.oneOf('idempotency_key', query.idempotencyKey === undefined ? undefined : [query.idempotencyKey]);
    where.compare('requested_at >= ?', query.requestedAfter);
    where.compare('requested_at < ?', query.requestedBefore);
    const totalCount = this.#count('operations', where);
    if (after !== undefined) where.behind('requested_at', 'id', after.at, after.id);
    const rows = this.#database.all(
      `SELECT * FROM operations ${where.text()} ORDER BY requested_at DESC, id DESC LIMIT ?`,
      ...where.values,
      first,
    );
    return { rows: rows.map(operationOf), totalCount };
  }

  async audit(entry: AuditEntry): Promise<void> {
    this.#database.run(
      `INSERT INTO audit (at, caller, verb, source_key, job_native_id, run_native_id, idempotency_key, operation_id, outcome, code)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.at.getTime(),
      entry.caller,
      entry.verb,
      entry.sourceKey,
      entry.jobNativeId ?? null,
      entry.runNativeId ?? null,
      entry.idempotencyKey ?? null,
      entry.operationId ?? null,
      entry.outcome,
      entry.code ?? null,
    );
  }

  async listAudit(
    query: AuditQuery,
    first: number,
    after: NewestFirst | undefined,
  ): Promise<StoredPage<StoredAuditEntry>> {
    const where = new Conditions();
    where.oneOf('source_key', query.sourceKeys);
    where.oneOf('caller', query.callers);
    where.oneOf('verb', query.verbs);
    where.compare('at >= ?', query.after);
    where.compare('at < ?', query.before);
    const totalCount = this.#count('audit', where);
    if (after !== undefined) where.behind('at', 'number', after.at, Number(after.id));
    const rows = this.#database.all(
      `SELECT * FROM audit ${where.text()} ORDER BY at DESC, number DESC LIMIT ?`,
      ...where.values,
      first,
    );
    return { rows: rows.map(auditOf), totalCount };
  }

  async forgetBefore(instant: Date): Promise<void> {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM operations WHERE settled_at < ?', instant.getTime());
      this.#database.run('DELETE FROM audit WHERE at < ?', instant.getTime());
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #holder(caller: string, idempotencyKey: string): StoredOperation | undefined {
    const [row] = this.#database.all(
      'SELECT * FROM operations WHERE requested_by = ? AND idempotency_key = ? AND holds_key = 1',
      caller,
      idempotencyKey,
    );
    return row === undefined ? undefined : operationOf(row);
  }

  #count(table: 'operations' | 'audit', where: Conditions): number {
    const [row] = this.#database.all(`SELECT count(*) AS count FROM ${table} ${where.text()}`, ...where.values);
    return Number(row?.['count']);
  }
}

/** The WHERE part of a query, with its values. Column names come from this file alone. */
class Conditions {
  readonly values: SQLInputValue[] = [];
  readonly #texts: string[] = [];

  oneOf(column: string, wanted: readonly string[] | undefined): void {
    if (wanted === undefined) return;
    this.#texts.push(`${column} IN (SELECT value FROM json_each(?))`);
    this.values.push(JSON.stringify(wanted));
  }

  compare(text: string, instant: Date | undefined): void {
    if (instant === undefined) return;
    this.#texts.push(text);
    this.values.push(instant.getTime());
  }

  behind(timeColumn: string, tieColumn: string, at: Date, tie: string | number): void {
    this.#texts.push(`(${timeColumn}, ${tieColumn}) < (?, ?)`);
    this.values.push(at.getTime(), tie);
  }

  text(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.join(' AND ')}`;
  }
}

/** Members of an operation by their columns; a member that is absent has none. */
function columnsOf(operation: Partial<StoredOperation>): Record<string, SQLInputValue> {
  const columns: Record<string, SQLInputValue> = {};
  for (const [member, value] of Object.entries(operation)) {
    const name = member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    columns[name] = JSON_COLUMNS.has(member) ? jsonOf(value) : columnValue(value);
  }
  return columns;
}

const JSON_COLUMNS: ReadonlySet<string> = new Set(['vendorCall', 'mark', 'refusals']);

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function columnValue(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return String(value);
}

/** The table is written by this file alone, so its words are those of the domain. */
function operationOf(row: Row): StoredOperation {
  return {
    id: String(row['id']),
    verb: row['verb'] as WriteVerb,
    sourceKey: String(row['source_key']),
    state: row['state'] as OperationState,
    requestedBy: String(row['requested_by']),
    requestedAt: new Date(Number(row['requested_at'])),
    idempotencyKey: textOf(row['idempotency_key']),
    holdsKey: row['holds_key'] === 1,
    fingerprint: String(row['fingerprint']),
    sentAt: instantOf(row['sent_at']),
    settledAt: instantOf(row['settled_at']),
    jobNativeId: textOf(row['job_native_id']),
    runNativeId: textOf(row['run_native_id']),
    vendorCall: row['vendor_call'] === null ? undefined : (JSON.parse(String(row['vendor_call'])) as VendorCall),
    mark: JSON.parse(String(row['mark'])) as JsonValue,
    refusals: JSON.parse(String(row['refusals'])) as readonly StoredRefusal[],
  };
}

function auditOf(row: Row): StoredAuditEntry {
  return {
    id: String(row['number']),
    at: new Date(Number(row['at'])),
    caller: String(row['caller']),
    verb: row['verb'] as WriteVerb,
    sourceKey: String(row['source_key']),
    jobNativeId: textOf(row['job_native_id']),
    runNativeId: textOf(row['run_native_id']),
    idempotencyKey: textOf(row['idempotency_key']),
    operationId: textOf(row['operation_id']),
    outcome: row['outcome'] as StoredAuditEntry['outcome'],
    code: textOf(row['code']) as UserErrorCode | undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function instantOf(value: unknown): Date | undefined {
  return value === null || value === undefined ? undefined : new Date(Number(value));
}
