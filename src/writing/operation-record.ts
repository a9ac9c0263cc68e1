import type { AuditEntry, OperationState } from '../domain/backup-operation.ts';
import type { OperationChange, OperationStore, StoredOperation } from '../store/operation-store.ts';
import type { WriteAsk, WriteContent } from './write-ask.ts';

/** Told of what an operator should know; fields only, never a secret. */
export interface WriteLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Keeps operations and the audit trail in step, in the store and in the log. */
export class OperationRecord {
  readonly #store: OperationStore;
  readonly #log: WriteLog;
  readonly #now: () => Date;

  constructor(store: OperationStore, log: WriteLog, now: () => Date) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
  }

  /** @throws STORE_UNAVAILABLE */
  async change(operation: StoredOperation, change: OperationChange): Promise<StoredOperation> {
    await this.#store.change(operation.id, change);
    return { ...operation, ...change } as StoredOperation;
  }

  /** Writes the outcome down. One that cannot be written is told all the same: after a restart it is looked for again. */
  async settle(operation: StoredOperation, state: OperationState, change: OperationChange): Promise<StoredOperation> {
    const whole = { refusals: [], ...change, state, settledAt: this.#now() };
    try {
      await this.#store.change(operation.id, whole);
    } catch (error) {
      this.#log.error({ err: error, operationId: operation.id, state }, 'outcome of an operation not written');
    }
    const settled = { ...operation, ...whole } as StoredOperation;
    const { id, requestedBy, verb, sourceKey, jobNativeId, runNativeId, idempotencyKey, refusals } = settled;
    await this.#write({
      caller: requestedBy,
      verb,
      sourceKey,
      jobNativeId,
      runNativeId,
      idempotencyKey,
      operationId: id,
      outcome: state,
      code: refusals[0]?.code,
    });
    return settled;
  }

  /** An ask that came to no operation of its own. */
  async note(ask: WriteAsk, end: Pick<AuditEntry, 'operationId' | 'outcome' | 'code'>): Promise<void> {
    const { caller, source, content, idempotencyKey } = ask;
    await this.#write({
      caller: caller.name,
      verb: content.verb,
      sourceKey: source.key,
      ...targetOf(content),
      idempotencyKey,
      ...end,
    });
  }

  async #write(entry: Omit<AuditEntry, 'at'>): Promise<void> {
    const line = { at: this.#now(), ...entry };
    this.#log.info({ ...line, at: undefined }, 'write');
    try {
      await this.#store.audit(line);
    } catch (error) {
      this.#log.error({ err: error }, 'audit line not written');
    }
  }
}

/** What a write is about, as far as it is known before it is sent. */
export function targetOf(content: WriteContent): {
  readonly jobNativeId: string | undefined;
  readonly runNativeId: string | undefined;
} {
  switch (content.verb) {
    case 'CREATE':
      return { jobNativeId: undefined, runNativeId: undefined };
    case 'CANCEL':
      return { jobNativeId: content.jobNativeId, runNativeId: content.runNativeId };
    default:
      return { jobNativeId: content.jobNativeId, runNativeId: undefined };
  }
}
