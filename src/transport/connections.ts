import { Pool } from 'undici';
import { GatewayError } from '../domain/errors.ts';
import { BodyReader } from './body.ts';
import type { HttpResponse } from './decode.ts';
import { errorFromFailure } from './http-errors.ts';
import { queryText } from './path.ts';
import type { HttpRequest, SourceHttpOptions } from './source-http.ts';

/**
 * The connections to the hosts of one source.
 *
 * Redirects are never followed, and a request whose origin is not one of the base URLs cannot be written down.
 */
export class Connections {
  readonly #options: SourceHttpOptions;
  readonly #onAnswer: (latencyMs: number, date: string | undefined) => void;
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly #bodies: BodyReader;

  /** `onAnswer` is told of every whole answer, whatever its status. */
  constructor(options: SourceHttpOptions, onAnswer: (latencyMs: number, date: string | undefined) => void) {
    this.#options = options;
    this.#onAnswer = onAnswer;
    this.#bodies = new BodyReader(options.limits.maxBodyBytes);
    this.#pools = new Map(options.baseUrls.map((url) => [url, openPool(url, options)]));
  }

  /**
   * One request and its whole answer, within the time limit.
   *
   * @throws NETWORK, TLS, TIMEOUT or MALFORMED_RESPONSE when there is no whole answer; the signal's reason when it is aborted.
   */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { sourceKey, baseUrls, limits } = this.#options;
    const base = request.base ?? baseUrls[0];
    const pool = this.#pools.get(base);
    if (pool === undefined)
      throw new GatewayError('INTERNAL', 'A request names a base URL that its source was not opened with.');
    signal.throwIfAborted();
    const end = new AbortController();
    const onAbort = (): void => end.abort(signal.reason);
    signal.addEventListener('abort', onAbort);
    const timer = setTimeout(() => end.abort(timedOut(this.#options)), limits.timeoutMs);
    const startedAt = performance.now();
    let inBody = false;
    try {
      const answer = await pool.request({
        method: request.method,
        path: `${new URL(base).pathname.replace(/\/$/, '')}${request.path}${queryText(request.query)}`,
        headers: { ...request.headers },
        body: request.body ?? null,
        signal: end.signal,
      });
      inBody = true;
      const headers = plainHeaders(answer.headers);
      const body = await this.#bodies.read(answer.body, headers, end.signal);
      this.#onAnswer(performance.now() - startedAt, headers['date']);
      return { status: answer.statusCode, headers, body };
    } catch (failure) {
      throw end.signal.aborted ? end.signal.reason : errorFromFailure(failure, sourceKey, inBody);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}

export function timedOut({ sourceKey, limits }: SourceHttpOptions): GatewayError {
  const message = `Source "${sourceKey}" did not answer within ${limits.timeoutMs} ms.`;
  return new GatewayError('TIMEOUT', message, { sourceKey });
}

/** Reads are bounded by the source's concurrency; a login that they wait for has a connection of its own. */
function openPool(url: string, { tls, limits }: SourceHttpOptions): Pool {
  return new Pool(new URL(url).origin, {
    allowH2: false,
    connections: limits.concurrency + 1,
    headersTimeout: limits.timeoutMs,
    bodyTimeout: limits.timeoutMs,
    connect: {
      timeout: limits.timeoutMs,
      rejectUnauthorized: tls.rejectUnauthorized,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    },
  });
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
