import type { AuditEntry, BackupOperation, JsonValue, OperationState } from '../domain/backup-operation.ts';
import type { WriteVerb } from '../domain/write-request.ts';

/** An operation with what only the gateway needs to know of it. */
export interface StoredOperation extends BackupOperation {
  /** Whether the idempotency key is used up: it is while the write may have been sent, and free when it surely was not. */
  readonly holdsKey: boolean;
  /** Of the content that was asked for; equal content gives an equal or a matching text. */
  readonly fingerprint: string;
  /** When it was sent; undefined before. */
  readonly sentAt: Date | undefined;
  /** What the vendor's source recognises the effect by. */
  readonly mark: JsonValue;
}

/** What may change in an operation after it was added. */
export type OperationChange = Partial<
  Pick<
    StoredOperation,
    'state' | 'settledAt' | 'sentAt' | 'jobNativeId' | 'runNativeId' | 'vendorCall' | 'mark' | 'refusals' | 'holdsKey'
  >
>;

/** Which operations are wanted, newest first. */
export interface OperationQuery {
  readonly sourceKeys?: readonly string[] | undefined;
  readonly requestedBy?: readonly string[] | undefined;
  readonly states?: readonly OperationState[] | undefined;
  readonly verbs?: readonly WriteVerb[] | undefined;
  readonly requestedAfter?: Date | undefined;
  readonly requestedBefore?: Date | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** A place in a list that is ordered newest first; ties by id. */
export interface NewestFirst {
  readonly at: Date;
  readonly id: string;
}

export interface StoredPage<Row> {
  readonly rows: readonly Row[];
  readonly totalCount: number;
}

/** A line of the audit trail with its number, which only grows. */
export type StoredAuditEntry = AuditEntry & { readonly id: string };

export interface AuditQuery {
  readonly sourceKeys?: readonly string[] | undefined;
  readonly callers?: readonly string[] | undefined;
  readonly verbs?: readonly WriteVerb[] | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

/**
 * Where operations, their idempotency keys and the audit trail are kept.
 *
 * What a method has answered is on the disk. @throws STORE_UNAVAILABLE when it cannot be read or written.
 */
export interface OperationStore {
  /** Adds an operation, unless its caller's idempotency key is held by another one, which is given back then. */
  add(operation: StoredOperation): Promise<StoredOperation | undefined>;
  change(id: string, change: OperationChange): Promise<void>;
  /** Those that exist, by id. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, StoredOperation>>;
  /** The operation that holds this caller's key. */
  holderOf(caller: string, idempotencyKey: string): Promise<StoredOperation | undefined>;
  /** Operations whose outcome is open: VALIDATED, SENT, and UNCERTAIN ones requested after the instant; oldest first. */
  unsettled(uncertainSince: Date): Promise<readonly StoredOperation[]>;
  /** Whether another operation has been confirmed to have had this effect. */
  isEffectOfAnother(
    id: string,
    sourceKey: string,
    effect: { readonly jobNativeId?: string | undefined; readonly runNativeId?: string | undefined },
  ): Promise<boolean>;
  list(query: OperationQuery, first: number, after: NewestFirst | undefined): Promise<StoredPage<StoredOperation>>;
  audit(entry: AuditEntry): Promise<void>;
  listAudit(query: AuditQuery, first: number, after: NewestFirst | undefined): Promise<StoredPage<StoredAuditEntry>>;
  /** Removes what was settled, and audit lines written, before the instant. */
  forgetBefore(instant: Date): Promise<void>;
  close(): Promise<void>;
}
