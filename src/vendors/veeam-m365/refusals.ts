import { GatewayError, type SourceErrorKind } from '../../domain/errors.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import { errorFromResponse } from '../../transport/http-errors.ts';

/**
 * An answer of the API with an error status.
 *
 * The body is `{message}` up to v6, with an `errorCode` from v7 on; empty and HTML bodies occur. Only the code is taken over.
 */
export function refuseCall(response: HttpResponse, sourceKey: string): GatewayError {
  const nativeCode = identifierIn(response, 'errorCode');
  return errorFromResponse(response, sourceKey, { nativeCode, kind: kindOf(response.status, nativeCode) });
}

/** The vendor's code decides where it says more than the status; a refused token stays what it is. */
function kindOf(status: number, errorCode: string | undefined): SourceErrorKind | undefined {
  if (status === 401 || status === 429) return undefined;
  switch (errorCode) {
    case 'ResourceAccessDenied':
      return 'PERMISSION';
    case 'ResourceNotFound':
      return 'NOT_FOUND';
    case 'ParameterValidationFailure':
      return 'BAD_REQUEST';
    case 'OperationConflict':
    case 'OutdatedChangeToken':
    case 'OrganizationTransfer':
    case 'RepositoryOwnerChangeTooManyLinks':
      return 'CONFLICT';
    case 'ProxyOffline':
    case 'Timeout':
      return 'VENDOR_FAULT';
    default:
      return undefined;
  }
}

/**
 * An answer of the token endpoint with an error status; its body is `{error, error_description}`.
 *
 * A 404 there means that the server does not have this API version, and must not be taken for a missing job.
 */
export function refuseLogin(response: HttpResponse, sourceKey: string, apiVersion: string): GatewayError {
  const { status } = response;
  if (status === 404) {
    return new GatewayError(
      'BAD_REQUEST',
      `Source "${sourceKey}" has no token endpoint for API ${apiVersion} (HTTP 404): check baseUrl and apiVersion.`,
      { sourceKey, httpStatus: status },
    );
  }
  const kind = status === 400 || status === 401 ? 'AUTHENTICATION' : undefined;
  return errorFromResponse(response, sourceKey, { nativeCode: identifierIn(response, 'error'), kind });
}

/** A member of the error body, when it has the form of an identifier: the vendor's sentences are not taken over. */
function identifierIn(response: HttpResponse, member: string): string | undefined {
  let body: unknown;
  try {
    body = decodeJson(response);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, member)) return undefined;
  const value = (body as Record<string, unknown>)[member];
  return typeof value === 'string' && /^[A-Za-z]\w{0,63}$/.test(value) ? value : undefined;
}
