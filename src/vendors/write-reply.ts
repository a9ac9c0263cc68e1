import type { WriteRefusal } from '../domain/backup-operation.ts';
import { GatewayError } from '../domain/errors.ts';
import type { HttpResponse } from '../transport/decode.ts';
import type { WriteExchange } from '../transport/source-http.ts';
import type { WriteReply } from './contract.ts';

/** How a vendor's answers to a write are read. */
export interface ReplyReader {
  /** Reads a 2xx answer, which may still be a refusal. @throws MALFORMED_RESPONSE; the outcome is unknown then. */
  done(response: HttpResponse): WriteReply;
  /** The vendor's error body as an error; its text is not taken over. */
  error(response: HttpResponse): GatewayError;
  /** What the vendor's own error means where it says more than that it refused. */
  refusal?(error: GatewayError): WriteRefusal | undefined;
}

/**
 * What an exchange says about the outcome of a write.
 *
 * 2xx is done, 4xx changed nothing; after anything else (5xx, a redirect, half an answer, none) nobody can tell from the call alone.
 */
export function replyTo(exchange: WriteExchange, reader: ReplyReader): WriteReply {
  const { response } = exchange;
  if (response === undefined)
    return exchange.sent
      ? { outcome: 'UNKNOWN', error: exchange.error, answered: false }
      : { outcome: 'NOT_SENT', error: exchange.error };
  try {
    if (response.status >= 200 && response.status <= 299) return reader.done(response);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { outcome: 'UNKNOWN', error, answered: true };
  }
  const error = reader.error(response);
  const refusal = reader.refusal?.(error);
  if (refusal !== undefined) return { outcome: 'REFUSED', refusal: { error, ...refusal } };
  if (response.status >= 400 && response.status <= 499) return { outcome: 'REFUSED', refusal: refusalOf(error) };
  return { outcome: 'UNKNOWN', error, answered: true };
}

function refusalOf(error: GatewayError): WriteRefusal {
  switch (error.code) {
    case 'NOT_FOUND':
      return { code: 'NOT_FOUND', message: 'The vendor does not know what this is about.', error };
    case 'THROTTLED':
    case 'AUTHENTICATION':
      return { code: 'SOURCE_UNAVAILABLE', message: `${error.message} Nothing was changed.`, error };
    default:
      return { code: 'VENDOR_REJECTED', message: `${error.message} Nothing was changed.`, error };
  }
}
