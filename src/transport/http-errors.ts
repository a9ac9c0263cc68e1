import { GatewayError, type GatewayErrorOptions, type SourceErrorKind } from '../domain/errors.ts';
import type { HttpResponse } from './decode.ts';

/**
 * An answer with an error status as a `GatewayError`.
 *
 * Vendor clients call it with what they read from the vendor's own error body: `nativeCode` and, when the vendor's code says more
 * than the status, `kind`. The vendor's text is not taken over.
 */
export function errorFromResponse(
  response: HttpResponse,
  sourceKey: string,
  said: { readonly nativeCode?: string | undefined; readonly kind?: SourceErrorKind | undefined } = {},
): GatewayError {
  const retryAfter = parseRetryAfter(response);
  const kind = said.kind ?? kindOfStatus(response.status, retryAfter !== undefined);
  const code = said.nativeCode === undefined ? '' : ` (${said.nativeCode})`;
  return new GatewayError(
    kind,
    `Source "${sourceKey}" answered HTTP ${response.status}${code}: ${EXPLANATIONS[kind]}.`,
    {
      sourceKey,
      httpStatus: response.status,
      nativeCode: said.nativeCode,
      retryAfter,
    },
  );
}

function kindOfStatus(status: number, hasRetryAfter: boolean): SourceErrorKind {
  if (status === 401) return 'AUTHENTICATION';
  if (status === 403) return 'PERMISSION';
  if (status === 404 || status === 410) return 'NOT_FOUND';
  if (status === 408 || status === 504) return 'VENDOR_FAULT';
  if (status === 409) return 'CONFLICT';
  if (status === 429 || (status === 503 && hasRetryAfter)) return 'THROTTLED';
  if (status >= 500) return 'VENDOR_FAULT';
  if (status >= 400) return 'BAD_REQUEST';
  return 'MALFORMED_RESPONSE';
}

const EXPLANATIONS: Readonly<Record<SourceErrorKind, string>> = {
  NETWORK: 'the connection failed',
  TLS: 'the secure connection could not be made',
  TIMEOUT: 'it took too long',
  AUTHENTICATION: 'the login or token was refused',
  PERMISSION: 'the account may not do this',
  NOT_FOUND: 'there is no such thing',
  THROTTLED: 'too many requests',
  BAD_REQUEST: 'the request was refused as wrong',
  CONFLICT: 'it conflicts with what is going on there',
  VENDOR_FAULT: 'the vendor failed',
  MALFORMED_RESPONSE: 'the answer is not one that the gateway can use; redirects are not followed',
  CIRCUIT_OPEN: 'calls are paused',
  CANCELLED_BY_CALLER: 'the caller has gone',
};

/**
 * `Retry-After` as an instant: seconds or an HTTP date; undefined when absent or unreadable.
 *
 * A date is the vendor's clock, which may be hours off: what counts is how far it lies behind the answer's own `Date`.
 */
function parseRetryAfter(response: HttpResponse): Date | undefined {
  const text = response.headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return new Date(Date.now() + Number(text) * 1000);
  const instant = parseHttpDate(text);
  if (instant === undefined) return undefined;
  const now = Date.now();
  return new Date(now + Math.max(0, instant - (parseHttpDate(response.headers['date']) ?? now)));
}

/** Epoch milliseconds; `Date.parse` alone takes nearly any text for a date. */
function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}.*\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** A failure below HTTP (connection, TLS, protocol, time limit) as a `GatewayError`. `inBody`: the status line had arrived. */
export function errorFromFailure(failure: unknown, sourceKey: string, inBody: boolean): GatewayError {
  if (failure instanceof GatewayError) return failure;
  if (failure instanceof Error && failure.name === 'TimeoutError')
    return new GatewayError('TIMEOUT', `Source "${sourceKey}" did not answer in time.`, { sourceKey });
  if (failure instanceof Error && failure.name === 'AbortError')
    return new GatewayError('CANCELLED_BY_CALLER', 'The caller has gone.', { sourceKey });
  const code = codeOf(failure);
  const options: GatewayErrorOptions = { sourceKey, nativeCode: code, cause: failure };
  if (code === undefined) return new GatewayError('NETWORK', `Source "${sourceKey}": the exchange failed.`, options);
  if (TIME_LIMITS.has(code))
    return new GatewayError('TIMEOUT', `Source "${sourceKey}" did not answer within the time limit.`, options);
  if (isTls(code))
    return new GatewayError(
      'TLS',
      `Source "${sourceKey}": the secure connection could not be made (${code}).`,
      options,
    );
  if (isProtocol(code) || (inBody && code === 'UND_ERR_SOCKET')) {
    return new GatewayError(
      'MALFORMED_RESPONSE',
      `Source "${sourceKey}" sent an answer that is cut or not HTTP (${code}).`,
      options,
    );
  }
  return new GatewayError('NETWORK', `Source "${sourceKey}" cannot be reached (${code}).`, options);
}

function codeOf(failure: unknown): string | undefined {
  for (let error = failure, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    // undici leaves the code of most of these open.
    if (error.name === 'HTTPParserError') return 'HPE_NOT_HTTP';
    if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  }
  return undefined;
}

const TIME_LIMITS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function isTls(code: string): boolean {
  return /CERT|SELF_SIGNED|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$/.test(
    code,
  );
}

function isProtocol(code: string): boolean {
  return /^HPE_|^UND_ERR_HEADERS_OVERFLOW$|^UND_ERR_RES|^UND_ERR_RESPONSE|^Z_|^ERR_BUFFER_TOO_LARGE$/.test(code);
}
