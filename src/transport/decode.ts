import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { GatewayError } from '../domain/errors.ts';

/** A vendor's answer, whole: the body is decompressed, within its cap, and complete. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** The code of an answer that is a success without a body; worth another try where a body is promised. */
export const EMPTY_BODY = 'EMPTY_BODY';

/**
 * The body as JSON, whatever content type the vendor writes beside it.
 *
 * @throws MALFORMED_RESPONSE when it is empty, not in the declared charset, XML or HTML, cut, or otherwise not JSON.
 */
export function decodeJson(response: HttpResponse): unknown {
  const text = decodeText(response).trimStart();
  if (text === '')
    throw new GatewayError('MALFORMED_RESPONSE', 'The answer is empty where JSON is promised.', {
      nativeCode: EMPTY_BODY,
    });
  if (text.startsWith('<'))
    throw new GatewayError('MALFORMED_RESPONSE', 'The answer is HTML or XML where JSON is promised.');
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the body, so it is not kept.
    throw new GatewayError('MALFORMED_RESPONSE', `The answer is not JSON (${response.body.length} bytes).`);
  }
}

export interface XmlOptions {
  /** Elements that are lists, whatever their number. */
  readonly lists: ReadonlySet<string>;
  /** A repair of one known fault of the vendor's documents, made before the document is validated. */
  readonly repair?: ((text: string) => string) | undefined;
}

/**
 * The body as XML: one object with the root's name as only key; attributes carry the prefix `@`; all values are text.
 *
 * Refused: DOCTYPE, documents over 1 MB, cut or mismatched ones, several roots, deep nesting, JSON.
 * @throws MALFORMED_RESPONSE
 */
export function decodeXml(response: HttpResponse, options: XmlOptions): unknown {
  if (response.body.length > MAX_XML_BYTES) {
    throw new GatewayError('MALFORMED_RESPONSE', `The XML answer is longer than ${MAX_XML_BYTES} bytes.`);
  }
  const received = decodeText(response).trim();
  if (received === '')
    throw new GatewayError('MALFORMED_RESPONSE', 'The answer is empty where XML is promised.', {
      nativeCode: EMPTY_BODY,
    });
  if (!received.startsWith('<')) throw new GatewayError('MALFORMED_RESPONSE', 'The answer is not XML.');
  if (/<!DOCTYPE/i.test(received))
    throw new GatewayError('MALFORMED_RESPONSE', 'The XML answer carries a DOCTYPE, which is refused.');
  if (!received.endsWith('>')) throw new GatewayError('MALFORMED_RESPONSE', 'The XML answer does not end with a tag.');
  const text = options.repair === undefined ? received : options.repair(received);
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    throw new GatewayError(
      'MALFORMED_RESPONSE',
      `The XML answer is not well-formed (line ${verdict.err.line}, ${verdict.err.code}).`,
    );
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    htmlEntities: true,
    ignoreDeclaration: true,
    removeNSPrefix: true,
    isArray: (name: string) => options.lists.has(name),
  });
  let document: Record<string, unknown>;
  try {
    document = parser.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new GatewayError('MALFORMED_RESPONSE', 'The XML answer holds something that is refused.', { cause });
  }
  // The validator lets several roots pass.
  if (Object.keys(document).length !== 1)
    throw new GatewayError('MALFORMED_RESPONSE', 'The XML answer has not just one root.');
  return document;
}

const MAX_XML_BYTES = 1024 * 1024;

/** The body as text in its declared charset, UTF-8 when none is declared. */
export function decodeText(response: HttpResponse): string {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(response.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(response.body);
  } catch {
    throw new GatewayError('MALFORMED_RESPONSE', 'The answer is not text in its declared charset.');
  }
}
