/**
 * The steps from an empty database to the present one; the database remembers how many it has made (`user_version`).
 *
 * A step that has been published is never changed: a new one is added behind it. Instants are epoch milliseconds.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    verb TEXT NOT NULL,
    source_key TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    idempotency_key TEXT,
    holds_key INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    sent_at INTEGER,
    settled_at INTEGER,
    job_native_id TEXT,
    run_native_id TEXT,
    vendor_call TEXT,
    mark TEXT NOT NULL,
    refusals TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX operations_by_key ON operations (requested_by, idempotency_key)
    WHERE holds_key = 1 AND idempotency_key IS NOT NULL;
  CREATE INDEX operations_by_time ON operations (requested_at, id);
  CREATE INDEX operations_open ON operations (state) WHERE state IN ('VALIDATED', 'SENT', 'UNCERTAIN');
  CREATE INDEX operations_by_effect ON operations (source_key, job_native_id, run_native_id);

  CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    caller TEXT NOT NULL,
    verb TEXT NOT NULL,
    source_key TEXT NOT NULL,
    job_native_id TEXT,
    run_native_id TEXT,
    idempotency_key TEXT,
    operation_id TEXT,
    outcome TEXT NOT NULL,
    code TEXT
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at, number);
  `,
  `
  CREATE TABLE identity (store_id TEXT NOT NULL) STRICT;
  INSERT INTO identity VALUES (lower(hex(randomblob(8))));

  CREATE TABLE runs (
    source_key TEXT NOT NULL,
    native_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    ended_at INTEGER,
    observed_at INTEGER NOT NULL,
    signature TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (source_key, native_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX runs_by_time ON runs (source_key, at);
  CREATE INDEX runs_by_age ON runs (at);

  CREATE TABLE looks (
    source_key TEXT NOT NULL,
    hour INTEGER NOT NULL,
    PRIMARY KEY (source_key, hour)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE standings (
    source_key TEXT PRIMARY KEY,
    first_look_at INTEGER,
    state TEXT,
    verdicts_at INTEGER
  ) STRICT;

  CREATE TABLE verdicts (
    source_key TEXT NOT NULL,
    native_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (source_key, native_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    source_key TEXT NOT NULL,
    native_id TEXT NOT NULL,
    previous TEXT,
    content TEXT NOT NULL,
    observed_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX changes_by_time ON changes (observed_at);
  `,
];
