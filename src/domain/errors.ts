/**
 * What can go wrong at a source, chosen by what the caller can do about it.
 *
 * Equal to the GraphQL enum SourceErrorKind, name for name.
 */
export const SOURCE_ERROR_KINDS = [
  'NETWORK',
  'TLS',
  'TIMEOUT',
  'AUTHENTICATION',
  'PERMISSION',
  'NOT_FOUND',
  'THROTTLED',
  'BAD_REQUEST',
  'CONFLICT',
  'VENDOR_FAULT',
  'MALFORMED_RESPONSE',
  'CIRCUIT_OPEN',
  'CANCELLED_BY_CALLER',
] as const;
export type SourceErrorKind = (typeof SOURCE_ERROR_KINDS)[number];

/** Every code the gateway itself puts into an answer: the source kinds, and what only the gateway can find wrong. */
export const GATEWAY_ERROR_CODES = [
  ...SOURCE_ERROR_KINDS,
  'INVALID_INPUT',
  'UNSUPPORTED',
  'STORE_UNAVAILABLE',
  'INTERNAL',
] as const;
export type GatewayErrorCode = (typeof GATEWAY_ERROR_CODES)[number];

export interface GatewayErrorOptions {
  /** Key of the source the error comes from; left out when the gateway itself refuses. */
  readonly sourceKey?: string | undefined;
  /** HTTP status of the vendor's answer, when there was one. */
  readonly httpStatus?: number | undefined;
  /** The vendor's own error identifier, such as `FEATURE_IN_USE`; never its whole message. */
  readonly nativeCode?: string | undefined;
  /** Earliest instant at which a repeat makes sense, when the vendor said one. */
  readonly retryAfter?: Date | undefined;
  /** The GraphQL argument that is at fault, such as `after`. */
  readonly argument?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class of the gateway.
 *
 * Messages say what, where and which source, and never hold a secret, a vendor's whole error body or an input value.
 * Codes are compared, messages never.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  readonly sourceKey: string | undefined;
  readonly httpStatus: number | undefined;
  readonly nativeCode: string | undefined;
  readonly retryAfter: Date | undefined;
  readonly argument: string | undefined;

  constructor(code: GatewayErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.sourceKey = options.sourceKey;
    this.httpStatus = options.httpStatus;
    this.nativeCode = options.nativeCode;
    this.retryAfter = options.retryAfter;
    this.argument = options.argument;
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

const RETRYABLE: ReadonlySet<GatewayErrorCode> = new Set([
  'NETWORK',
  'TIMEOUT',
  'THROTTLED',
  'VENDOR_FAULT',
  'CIRCUIT_OPEN',
  'STORE_UNAVAILABLE',
]);
