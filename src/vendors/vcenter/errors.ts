import { GatewayError, type SourceErrorKind } from '../../domain/errors.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { errorFromResponse } from '../../transport/http-errors.ts';
import { readObject } from '../../transport/reader.ts';

/**
 * An answer with an error status as a `GatewayError`.
 *
 * The kind follows the name of the error, because the documents disagree on statuses: a plain `error` is 500 in one and 400 in
 * another. Only a throttling status, and bodies without a known name, are read by status. The vendor's sentences are not taken over.
 */
export function refuse(response: HttpResponse, sourceKey: string, drift: Drift): GatewayError {
  const nativeCode = errorCodeOf(response);
  const known = nativeCode === undefined ? undefined : kindOfCode(nativeCode);
  if (nativeCode !== undefined && known === undefined) drift.value('Error.error_type', nativeCode);
  const error = errorFromResponse(response, sourceKey, {
    nativeCode,
    kind: isThrottling(response) ? 'THROTTLED' : known,
  });
  return error.code === 'PERMISSION' ? withHint(error) : error;
}

/**
 * The name of an error, such as `FEATURE_IN_USE`.
 *
 * Shape: `error_type`, which stands beside the messages or, in /rest, inside `value`; else the last part of `type`
 * (`com.vmware.vapi.std.errors.feature_in_use`). Undefined for every other body, HTML included.
 */
export function errorCodeOf(response: HttpResponse): string | undefined {
  const body = membersOf(response);
  const inner = body['value'];
  const code = body['error_type'] ?? (isRecord(inner) ? inner['error_type'] : undefined) ?? lastPart(body['type']);
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : undefined;
}

/** Whether the body is an error of /api: one that carries its name at the top. */
export function isApiError(response: HttpResponse): boolean {
  return typeof membersOf(response)['error_type'] === 'string';
}

/** What the names of the vendor's errors mean to a caller; undefined for a name that we do not know. */
export function kindOfCode(code: string): SourceErrorKind | undefined {
  switch (code) {
    case 'UNAUTHENTICATED':
      return 'AUTHENTICATION';
    case 'UNAUTHORIZED':
      return 'PERMISSION';
    case 'NOT_FOUND':
    case 'OPERATION_NOT_FOUND':
      return 'NOT_FOUND';
    case 'ALREADY_EXISTS':
    case 'ALREADY_IN_DESIRED_STATE':
    case 'CONCURRENT_CHANGE':
    case 'FEATURE_IN_USE':
    case 'NOT_ALLOWED_IN_CURRENT_STATE':
    case 'RESOURCE_BUSY':
    case 'RESOURCE_IN_USE':
      return 'CONFLICT';
    case 'INVALID_ARGUMENT':
    case 'INVALID_ELEMENT_CONFIGURATION':
    case 'INVALID_ELEMENT_TYPE':
    case 'INVALID_REQUEST':
    case 'UNEXPECTED_INPUT':
    case 'UNSUPPORTED':
    case 'UNVERIFIED_PEER':
      return 'BAD_REQUEST';
    case 'CANCELED':
    case 'ERROR':
    case 'INTERNAL_SERVER_ERROR':
    case 'RESOURCE_INACCESSIBLE':
    case 'SERVICE_UNAVAILABLE':
    case 'TIMED_OUT':
    case 'UNABLE_TO_ALLOCATE_RESOURCE':
      return 'VENDOR_FAULT';
    default:
      return undefined;
  }
}

/** The same error with the source's name, for one that was found while reading a single row. */
export function ofSource(error: GatewayError, sourceKey: string): GatewayError {
  return new GatewayError(error.code, `Source "${sourceKey}": ${error.message}`, { sourceKey, cause: error.cause });
}

function isThrottling({ status, headers }: HttpResponse): boolean {
  return status === 429 || (status === 503 && headers['retry-after'] !== undefined);
}

/** A working login without the right group is the usual reason, and vCenter roles do not help. */
function withHint(error: GatewayError): GatewayError {
  const { sourceKey, httpStatus, nativeCode, retryAfter, cause } = error;
  return new GatewayError(
    'PERMISSION',
    `${error.message} The appliance wants an SSO account in the group SystemConfiguration.Administrators.`,
    { sourceKey, httpStatus, nativeCode, retryAfter, cause },
  );
}

function membersOf(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    return readObject(decodeJson(response)).value;
  } catch (error) {
    if (error instanceof GatewayError) return {};
    throw error;
  }
}

function lastPart(type: unknown): string | undefined {
  return typeof type === 'string' ? type.split('.').at(-1)?.toUpperCase() : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
