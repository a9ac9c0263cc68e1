import { SOURCE_ERROR_KINDS, type GatewayError, type SourceErrorKind } from './errors.ts';
import type { Operation } from './source.ts';
import type { WriteVerb } from './write-request.ts';

export const OPERATION_STATES = ['VALIDATED', 'SENT', 'CONFIRMED', 'REJECTED', 'FAILED', 'UNCERTAIN'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

export const USER_ERROR_CODES = [
  'INVALID_VALUE',
  'MISSING_VALUE',
  'EXACTLY_ONE_REQUIRED',
  'NOT_FOUND',
  'UNSUPPORTED_OPERATION',
  'WRONG_STATE',
  'ALREADY_RUNNING',
  'NOT_PERMITTED',
  'IDEMPOTENCY_KEY_REUSED',
  'CHANGED_MEANWHILE',
  'SOURCE_UNAVAILABLE',
  'VENDOR_REJECTED',
  'OUTCOME_UNCERTAIN',
] as const;
export type UserErrorCode = (typeof USER_ERROR_CODES)[number];

/**
 * Why a write was not done, or is not known to have been done.
 *
 * `message` never holds an input value, a secret or a vendor's own text.
 */
export interface WriteRefusal {
  readonly code: UserErrorCode;
  readonly message: string;
  /** Path into the input: below the vendor's section for rules of a section, from the top for everything else. */
  readonly field?: readonly string[] | undefined;
  /** Name of the stated rule that was broken, such as `backup-password-length`. */
  readonly rule?: string | undefined;
  /** Native id of the run that is in the way. */
  readonly blockedByRunNativeId?: string | undefined;
  /** What could be asked instead. */
  readonly alternatives?: readonly Operation[] | undefined;
  /** What the vendor answered, or how the call failed. */
  readonly error?: GatewayError | undefined;
}

/** A vendor call as it may be shown: secrets are replaced by `[secret]`. */
export interface VendorCall {
  readonly method: string;
  /** Path and query below the source's address. */
  readonly path: string;
  readonly body: JsonValue;
}

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** One write that somebody asked for, with its outcome; kept in the store. */
export interface BackupOperation {
  /** Random UUID; part of the global id. */
  readonly id: string;
  readonly verb: WriteVerb;
  readonly sourceKey: string;
  readonly state: OperationState;
  readonly idempotencyKey: string | undefined;
  /** Name of the caller. */
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly settledAt: Date | undefined;
  readonly jobNativeId: string | undefined;
  readonly runNativeId: string | undefined;
  /** What was sent, secrets replaced; undefined until it is ready to be sent. */
  readonly vendorCall: VendorCall | undefined;
  /** Why it did not come to CONFIRMED; empty while it is open. */
  readonly refusals: readonly StoredRefusal[];
}

/** A refusal as it is kept: the failure behind it as data. */
export interface StoredRefusal extends Omit<WriteRefusal, 'error'> {
  readonly error?: StoredError | undefined;
}

export function storedRefusal({ error, ...refusal }: WriteRefusal): StoredRefusal {
  if (error === undefined) return refusal;
  const { code, message, httpStatus, nativeCode, retryable } = error;
  const kind = SOURCE_ERROR_KINDS.find((known) => known === code) ?? 'VENDOR_FAULT';
  return { ...refusal, error: { kind, message, httpStatus, nativeCode, retryable } };
}

export interface StoredError {
  readonly kind: SourceErrorKind;
  readonly message: string;
  readonly httpStatus?: number | undefined;
  readonly nativeCode?: string | undefined;
  readonly retryable: boolean;
}

/** One line of the audit trail: an attempt to write, whatever became of it. */
export interface AuditEntry {
  readonly at: Date;
  readonly caller: string;
  readonly verb: WriteVerb;
  readonly sourceKey: string;
  /** Native ids of what the write was about, or came to. */
  readonly jobNativeId: string | undefined;
  readonly runNativeId: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** Id of the operation; undefined when the attempt was refused before there was one. */
  readonly operationId: string | undefined;
  /** The state that the operation came to, or REFUSED when there is none. */
  readonly outcome: OperationState | 'REFUSED' | 'REPLAYED';
  readonly code: UserErrorCode | undefined;
}
