import { GatewayError, type SourceErrorKind } from '../../domain/errors.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import { errorFromResponse } from '../../transport/http-errors.ts';
import { readObject } from '../../transport/reader.ts';

/** What an error body of the vendor says that is no sentence. */
interface VendorError {
  readonly nativeCode: string | undefined;
  /** What the vendor's support asks for. */
  readonly trackingId: string | undefined;
}

/**
 * An answer of the API with an error status.
 *
 * A list that answers 404 where none is documented is no missing thing but a wrong address or version.
 */
export function refuseCall(response: HttpResponse, sourceKey: string): GatewayError {
  return toError(response, sourceKey, response.status === 404 ? 'BAD_REQUEST' : undefined);
}

/** The same for a call that names a thing in its path: 404 says that there is no such thing. */
export function refuseKey(response: HttpResponse, sourceKey: string): GatewayError {
  return toError(response, sourceKey, undefined);
}

/** An answer of the token endpoint with an error status; 400, 401 and 403 are about the credentials there. */
export function refuseLogin(response: HttpResponse, sourceKey: string): GatewayError {
  const aboutCredentials = [400, 401, 403].includes(response.status);
  if (aboutCredentials) return toError(response, sourceKey, 'AUTHENTICATION');
  return refuseCall(response, sourceKey);
}

function toError(response: HttpResponse, sourceKey: string, kind: SourceErrorKind | undefined): GatewayError {
  const { nativeCode, trackingId } = readVendorError(response);
  const error = errorFromResponse(response, sourceKey, { nativeCode, kind });
  if (trackingId === undefined) return error;
  const { httpStatus, retryAfter } = error;
  const message = `${error.message} Tracking id for the vendor's support: ${trackingId}.`;
  return new GatewayError(error.code, message, { sourceKey, httpStatus, nativeCode, retryAfter });
}

/**
 * Reads the three forms of error bodies: `detailCode` with `trackingId`; `error` of 401 and of the token endpoint; `message` of
 * 429, which says nothing beside the status. Anything else, such as a proxy's HTML, says nothing either.
 */
function readVendorError(response: HttpResponse): VendorError {
  const body = errorMembers(response);
  const error = text(body['error']);
  return {
    nativeCode: leadingNumber(text(body['detailCode'])) ?? (isIdentifier(error) ? error : undefined),
    trackingId: TRACKING_ID.exec(text(body['trackingId']) ?? '')?.[0],
  };
}

const TRACKING_ID = /^[A-Za-z0-9-]{1,64}$/;

/** `409.3 Some words` gives `409.3`: the words after the number are not stable. */
function leadingNumber(detailCode: string | undefined): string | undefined {
  return /^\d{3}(?:\.\d+)*/.exec(detailCode ?? '')?.[0];
}

/** A word such as `invalid_client`; sentences of the vendor are not taken over. */
function isIdentifier(word: string | undefined): boolean {
  return word !== undefined && word.length <= 64 && /^[A-Za-z]+(?:[_.][A-Za-z0-9]+)*$/.test(word);
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : undefined;
}

function errorMembers(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    return readObject(decodeJson(response)).value;
  } catch (error) {
    if (error instanceof GatewayError) return {};
    throw error;
  }
}
