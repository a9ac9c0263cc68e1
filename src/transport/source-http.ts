import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import {
  BrokenCircuitError,
  CircuitState as Circuit,
  ConsecutiveBreaker,
  bulkhead,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { Pool } from 'undici';
import { GatewayError } from '../domain/errors.ts';
import type { CircuitState, SourceHealth } from '../domain/source.ts';
import { EMPTY_BODY, type HttpResponse } from './decode.ts';
import { HealthRecord } from './health.ts';
import { errorFromFailure, errorFromResponse } from './http-errors.ts';
import { queryText } from './path.ts';
import { RateLimit } from './rate-limit.ts';
import type { ReadCall } from './read-call.ts';
import { RetryBudget, backoffMs } from './retry-budget.ts';
import type { Login, Session } from './session.ts';
import { SharedCalls, type Work } from './shared-calls.ts';

export interface SourceHttpOptions {
  readonly sourceKey: string;
  /** Base URLs; the first is the default. Their paths are put before each request's path. */
  readonly baseUrls: readonly [string, ...string[]];
  readonly tls: { readonly ca?: string | undefined; readonly rejectUnauthorized: boolean };
  readonly limits: {
    /** Requests in flight at once. */
    readonly concurrency: number;
    /** Longest single exchange in milliseconds, from sending to the last byte. */
    readonly timeoutMs: number;
    readonly requestsPerSecond: number | undefined;
    /** Longest body in bytes. */
    readonly maxBodyBytes: number;
  };
  readonly now?: (() => number) | undefined;
}

/** A single exchange with a vendor. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** One of the base URLs; the first when left out. */
  readonly base?: string | undefined;
  /** Below the base URL, beginning with `/`; keys of the vendor go through `pathSegment`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** A read: shared with equal ones in flight, served from a kept answer where that is fresh enough, repeated on faults. */
export interface ReadRequest<T> extends Omit<HttpRequest, 'method' | 'body'> {
  /** Login to carry; renewed once on 401. */
  readonly session?: Session | undefined;
  /** Turns a 2xx answer into a value; the value is what is kept, so it must not be changed afterwards. One decode per URL. */
  readonly decode: (response: HttpResponse) => T;
  /** Statuses beside 2xx that are an answer too: `decode` gets them, and what it makes of them is kept and shared. */
  readonly alsoAnswers?: ReadonlySet<number> | undefined;
  /** Turns an answer of another status into an error; `errorFromResponse` without the vendor's code when left out. */
  readonly refuse?: ((response: HttpResponse) => GatewayError) | undefined;
}

/** A decoded answer and when it was asked for: what it tells is at least that fresh. */
export interface Reading<T> {
  readonly value: T;
  readonly fetchedAt: Date;
}

/**
 * HTTP to one source: pools, limits, retries, breaker, kept answers and health.
 *
 * Redirects are never followed, and a request whose origin is not one of the base URLs cannot be written down.
 */
export class SourceHttp {
  readonly #options: SourceHttpOptions;
  readonly #now: () => number;
  readonly #pools = new Map<string, Pool>();
  readonly #shared = new SharedCalls<Reading<unknown>>();
  readonly #kept = new Map<string, Reading<unknown>>();
  readonly #budget = new RetryBudget();
  readonly #health: HealthRecord;
  readonly #rate: RateLimit | undefined;
  readonly #bulkhead;
  readonly #breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_UNTIL_OPEN),
  });
  #openedAt = 0;

  constructor(options: SourceHttpOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#health = new HealthRecord(this.#now);
    const { requestsPerSecond, concurrency } = options.limits;
    this.#rate = requestsPerSecond === undefined ? undefined : new RateLimit(requestsPerSecond, this.#now);
    this.#bulkhead = bulkhead(concurrency, Infinity);
    this.#breaker.onBreak(() => {
      this.#openedAt = this.#now();
    });
    for (const url of options.baseUrls) this.#pools.set(url, this.#openPool(url));
  }

  /**
   * Reads from the vendor, or from a kept answer that is fresh enough for the call.
   *
   * @throws GatewayError with a code of SourceErrorKind and the source's key.
   */
  async read<T>(request: ReadRequest<T>, call: ReadCall): Promise<Reading<T>> {
    call.signal.throwIfAborted();
    const key = `${request.base ?? ''} ${request.path}${queryText(request.query)} ${request.headers?.['accept'] ?? ''}`;
    const kept = this.#kept.get(key) as Reading<T> | undefined;
    if (kept !== undefined && kept.fetchedAt.getTime() >= call.freshSince) return this.#used(kept, call);
    try {
      const reading = await this.#shared.join(
        key,
        call.signal,
        call.deadlineAt,
        (work) => this.#fetch(key, request, work),
        (work) => {
          call.tally.attempts += work.attempts;
        },
      );
      return this.#used(reading as Reading<T>, call);
    } catch (error) {
      const stale = this.#kept.get(key) as Reading<T> | undefined;
      const cancelled = error instanceof GatewayError && error.code === 'CANCELLED_BY_CALLER';
      if (
        cancelled ||
        !servesStale(error) ||
        stale === undefined ||
        stale.fetchedAt.getTime() < (call.staleSince ?? Infinity)
      )
        throw error;
      call.tally.staleBecause = error;
      return this.#used(stale, call);
    }
  }

  /**
   * One exchange, never repeated, never shared: for logins and writes. Any status is an answer, not an error.
   *
   * @throws GatewayError NETWORK, TLS, TIMEOUT or MALFORMED_RESPONSE when there is no whole answer.
   */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    await this.#rate?.take(signal);
    return this.#exchange(request, signal);
  }

  /** Forgets every kept answer, so that the next read sees what a write changed. */
  clear(): void {
    this.#kept.clear();
  }

  health(): SourceHealth {
    return this.#health.read(this.#circuit());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #used<T>(reading: Reading<T>, { tally }: ReadCall): Reading<T> {
    tally.oldestFetchedAt = Math.min(tally.oldestFetchedAt ?? Infinity, reading.fetchedAt.getTime());
    return reading;
  }

  async #fetch<T>(key: string, request: ReadRequest<T>, work: Work): Promise<Reading<T>> {
    this.#budget.earn();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reading = await this.#attempt(request, work);
        this.#keep(key, reading);
        return reading;
      } catch (error) {
        const failure = this.#asError(error);
        if (work.signal.aborted || attempt >= MAX_ATTEMPTS || !(await this.#mayRepeat(failure, attempt, work)))
          throw failure;
      }
    }
  }

  /** Waits the pause before a repeat; false when a repeat is of no use, not in the budget, or would come too late. */
  async #mayRepeat(error: GatewayError, attempt: number, work: Work): Promise<boolean> {
    if (!isWorthRepeating(error)) return false;
    const now = this.#now();
    const at = Math.max(now + backoffMs(attempt), error.retryAfter?.getTime() ?? 0);
    if (at >= work.latestDeadlineAt() || !this.#budget.spend()) return false;
    await sleep(at - now, undefined, { signal: work.signal }).catch(() => undefined);
    return !work.signal.aborted;
  }

  async #attempt<T>(request: ReadRequest<T>, work: Work): Promise<Reading<T>> {
    const throttledUntil = this.#health.throttledUntil;
    if (throttledUntil !== undefined && throttledUntil >= work.latestDeadlineAt())
      throw this.#stillThrottled(throttledUntil);
    return this.#breaker.execute(() =>
      this.#bulkhead.execute(async () => {
        const wait = (this.#health.throttledUntil ?? 0) - this.#now();
        if (wait > 0) await sleep(wait, undefined, { signal: work.signal });
        const fetchedAt = new Date(this.#now());
        work.attempts += 1;
        return { value: await this.#authorised(request, work.signal), fetchedAt };
      }),
    );
  }

  async #authorised<T>(request: ReadRequest<T>, signal: AbortSignal): Promise<T> {
    const { session } = request;
    let login = await session?.current(signal);
    let response = await this.#get(request, login, signal);
    if (response.status === 401 && session !== undefined && login !== undefined) {
      session.invalidate(login);
      login = await session.current(signal);
      response = await this.#get(request, login, signal);
    }
    return this.#decode(request, response);
  }

  async #get<T>(request: ReadRequest<T>, login: Login | undefined, signal: AbortSignal): Promise<HttpResponse> {
    await this.#rate?.take(signal);
    return this.#exchange({ ...request, method: 'GET', headers: { ...request.headers, ...login?.headers } }, signal);
  }

  #decode<T>(request: ReadRequest<T>, response: HttpResponse): T {
    const isAnswer = (response.status >= 200 && response.status <= 299) || request.alsoAnswers?.has(response.status);
    if (isAnswer !== true) {
      const error = request.refuse?.(response) ?? errorFromResponse(response, this.#options.sourceKey);
      if (error.code === 'AUTHENTICATION') request.session?.refused(error);
      throw error;
    }
    request.session?.worked();
    return request.decode(response);
  }

  async #exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const base = request.base ?? this.#options.baseUrls[0];
    const pool = this.#pools.get(base);
    if (pool === undefined)
      throw new GatewayError('INTERNAL', 'A request names a base URL that its source was not opened with.');
    const limit = AbortSignal.timeout(this.#options.limits.timeoutMs);
    const startedAt = this.#now();
    let inBody = false;
    try {
      const answer = await pool.request({
        method: request.method,
        path: `${new URL(base).pathname.replace(/\/$/, '')}${request.path}${queryText(request.query)}`,
        headers: { ...request.headers },
        body: request.body ?? null,
        signal: AbortSignal.any([signal, limit]),
      });
      inBody = true;
      const headers = plainHeaders(answer.headers);
      const raw = await readBody(answer.body, this.#options.limits.maxBodyBytes);
      const body = await decompress(raw, headers['content-encoding'], this.#options.limits.maxBodyBytes);
      this.#health.succeeded(this.#now() - startedAt, headers['date']);
      return { status: answer.statusCode, headers, body };
    } catch (failure) {
      if (limit.aborted || (signal.aborted && this.#now() - startedAt >= this.#options.limits.timeoutMs * ALMOST)) {
        throw this.#timedOut();
      }
      if (signal.aborted) throw signal.reason;
      throw errorFromFailure(failure, this.#options.sourceKey, inBody);
    }
  }

  /** Every failure of an attempt with the source's key, noted in the health when it says something about the source. */
  #asError(error: unknown): GatewayError {
    const { sourceKey } = this.#options;
    if (error instanceof BrokenCircuitError) {
      return new GatewayError('CIRCUIT_OPEN', `Source "${sourceKey}" has failed repeatedly; calls are paused.`, {
        sourceKey,
        retryAfter: new Date(this.#openedAt + HALF_OPEN_AFTER_MS),
        cause: this.#health.read('OPEN').lastError,
      });
    }
    const failure =
      error instanceof GatewayError ? withSource(error, sourceKey) : errorFromFailure(error, sourceKey, false);
    if (SAYS_SOMETHING_ABOUT_THE_SOURCE.has(failure.code)) this.#health.failed(failure);
    return failure;
  }

  #timedOut(): GatewayError {
    const { sourceKey, limits } = this.#options;
    return new GatewayError('TIMEOUT', `Source "${sourceKey}" did not answer within ${limits.timeoutMs} ms.`, {
      sourceKey,
    });
  }

  #stillThrottled(until: number): GatewayError {
    const { sourceKey } = this.#options;
    return new GatewayError(
      'THROTTLED',
      `Source "${sourceKey}" asked for a pause that is longer than the caller waits.`,
      {
        sourceKey,
        retryAfter: new Date(until),
      },
    );
  }

  /** Least recently used answers go first. */
  #keep(key: string, reading: Reading<unknown>): void {
    this.#kept.delete(key);
    this.#kept.set(key, reading);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
  }

  #circuit(): CircuitState {
    if (this.#breaker.state === Circuit.Open)
      return this.#now() - this.#openedAt >= HALF_OPEN_AFTER_MS ? 'HALF_OPEN' : 'OPEN';
    return this.#breaker.state === Circuit.HalfOpen ? 'HALF_OPEN' : 'CLOSED';
  }

  #openPool(url: string): Pool {
    const { tls, limits } = this.#options;
    return new Pool(new URL(url).origin, {
      allowH2: false,
      connections: limits.concurrency + CONNECTIONS_FOR_LOGINS,
      headersTimeout: limits.timeoutMs,
      bodyTimeout: limits.timeoutMs,
      connect: {
        timeout: limits.timeoutMs,
        rejectUnauthorized: tls.rejectUnauthorized,
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      },
    });
  }
}

const MAX_ATTEMPTS = 3;
const MAX_KEPT = 500;
const CONNECTIONS_FOR_LOGINS = 1;
const FAILURES_UNTIL_OPEN = 5;
const HALF_OPEN_AFTER_MS = 5_000;
/** A wait cut short by the caller this close to the limit was a time-out of the source all the same. */
const ALMOST = 0.9;

const SAYS_SOMETHING_ABOUT_THE_SOURCE: ReadonlySet<string> = new Set([
  'NETWORK',
  'TLS',
  'TIMEOUT',
  'AUTHENTICATION',
  'THROTTLED',
  'VENDOR_FAULT',
  'MALFORMED_RESPONSE',
]);

function isOutage(error: unknown): boolean {
  return error instanceof GatewayError && ['NETWORK', 'TLS', 'TIMEOUT', 'VENDOR_FAULT'].includes(error.code);
}

function servesStale(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    !['NOT_FOUND', 'PERMISSION', 'BAD_REQUEST', 'INVALID_INPUT', 'INTERNAL'].includes(error.code)
  );
}

function isWorthRepeating(error: GatewayError): boolean {
  if (error.code === 'THROTTLED') return error.retryAfter !== undefined;
  return error.code === 'NETWORK' || error.code === 'VENDOR_FAULT' || error.nativeCode === EMPTY_BODY;
}

function withSource(error: GatewayError, sourceKey: string): GatewayError {
  if (error.sourceKey !== undefined) return error;
  const { httpStatus, nativeCode, retryAfter, cause } = error;
  return new GatewayError(error.code, `Source "${sourceKey}": ${error.message}`, {
    sourceKey,
    httpStatus,
    nativeCode,
    retryAfter,
    cause,
  });
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

async function readBody(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new GatewayError('MALFORMED_RESPONSE', `The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** We ask for no compression; a server that compresses all the same is understood. */
async function decompress(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const options = { maxOutputLength: maxBytes };
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return promisify<Buffer, object, Buffer>(gunzip)(body, options);
    case 'deflate':
      return promisify<Buffer, object, Buffer>(inflate)(body, options);
    case 'br':
      return promisify<Buffer, object, Buffer>(brotliDecompress)(body, options);
    default:
      throw new GatewayError('MALFORMED_RESPONSE', 'The answer is compressed in a way that the gateway does not know.');
  }
}
