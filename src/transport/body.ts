import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { bulkhead } from 'cockatiel';
import { GatewayError } from '../domain/errors.ts';

/**
 * Reads the bodies of one source.
 *
 * Only one body at a time may grow long; others wait for it without taking more from their connections. So a source that sends
 * without end on all its connections costs the memory of one body and a little more.
 */
export class BodyReader {
  readonly #maxBytes: number;
  readonly #lane = bulkhead(1, Infinity);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * A whole body, unpacked. One that says that it is too long is cut at its first byte, another one when it gets there.
   *
   * @throws MALFORMED_RESPONSE when it is too long, packed or unpacked, or packed in an unknown way or not as it says; the signal's
   * reason when it is aborted while waiting.
   */
  async read(
    body: AsyncIterable<Buffer>,
    headers: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const declared = Number(headers['content-length'] ?? 0);
    const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
    const chunks: Buffer[] = [];
    let size = 0;
    let leave: (() => void) | undefined;
    try {
      for await (const chunk of body) {
        size += chunk.length;
        if (Math.max(size, declared) > this.#maxBytes)
          throw new GatewayError('MALFORMED_RESPONSE', `The answer is longer than ${this.#maxBytes} bytes.`);
        chunks.push(chunk);
        if (size > LONG_BYTES) leave ??= await this.#enterLane(signal);
      }
      const whole = Buffer.concat(chunks, size);
      if (encoding === '' || encoding === 'identity') return whole;
      leave ??= await this.#enterLane(signal);
      return await decompress(whole, encoding, this.#maxBytes);
    } finally {
      leave?.();
    }
  }

  /** Waits for the turn; what comes back ends it. */
  #enterLane(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      const turn = (): Promise<void> => new Promise((leave) => resolve(leave));
      this.#lane.execute(turn, signal).catch(reject);
    });
  }
}

const LONG_BYTES = 4 * 1024 * 1024;

/** We ask for no compression; a server that compresses all the same is understood. */
async function decompress(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const unpack = Object.hasOwn(UNPACKERS, encoding) ? UNPACKERS[encoding] : undefined;
  if (unpack === undefined)
    throw new GatewayError('MALFORMED_RESPONSE', 'The answer is compressed in a way that the gateway does not know.');
  try {
    return await unpack(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw new GatewayError('MALFORMED_RESPONSE', `The answer cannot be unpacked to ${maxBytes} bytes or less.`, {
      cause,
    });
  }
}

type Unpacker = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const UNPACKERS: Readonly<Record<string, Unpacker>> = {
  gzip: promisify<Buffer, object, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, object, Buffer>(gunzip),
  deflate: promisify<Buffer, object, Buffer>(inflate),
  br: promisify<Buffer, object, Buffer>(brotliDecompress),
};
