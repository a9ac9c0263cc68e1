import { setTimeout as sleep } from 'node:timers/promises';
import { bulkhead } from 'cockatiel';
import { GatewayError } from '../domain/errors.ts';
import type { SourceHealth, SourceState } from '../domain/source.ts';
import { Breaker } from './breaker.ts';
import { Connections, timedOut } from './connections.ts';
import { EMPTY_BODY, type HttpResponse } from './decode.ts';
import { HealthRecord } from './health.ts';
import { errorFromFailure, errorFromResponse } from './http-errors.ts';
import { KeptAnswers } from './kept-answers.ts';
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
  /** Told when the source begins to fail, goes down or is back; `error` is the failure behind it. */
  readonly onStateChange?: ((state: SourceState, error: GatewayError | undefined) => void) | undefined;
  /** Told when a write was made or tried. */
  readonly onWrite?: (() => void) | undefined;
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

/** What became of a write. Without a response, `sent` says whether the vendor may have got it all the same. */
export type WriteExchange =
  | { readonly sent: true; readonly response: HttpResponse }
  | { readonly sent: boolean; readonly response?: undefined; readonly error: GatewayError };

/** A decoded answer and when it was asked for: what it tells is at least that fresh. */
export interface Reading<T> {
  readonly value: T;
  readonly fetchedAt: Date;
}

/** What a read got from the vendor, before it is kept. */
interface Fetched<T> extends Reading<T> {
  /** Length of the body. */
  readonly bytes: number;
}

/**
 * HTTP to one source: limits, retries, breaker, kept answers and health over its connections.
 */
export class SourceHttp {
  readonly #options: SourceHttpOptions;
  readonly #now: () => number;
  readonly #connections: Connections;
  readonly #shared = new SharedCalls<Reading<unknown>>();
  readonly #kept = new KeptAnswers();
  readonly #budget: RetryBudget;
  readonly #health: HealthRecord;
  readonly #rate: RateLimit | undefined;
  readonly #bulkhead;
  readonly #breaker: Breaker;
  /** Counts the calls of `clear`: answers asked for before are neither joined nor kept after. */
  #generation = 0;
  #toldState: SourceState = 'UNKNOWN';

  constructor(options: SourceHttpOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#budget = new RetryBudget(this.#now);
    this.#health = new HealthRecord(this.#now);
    const { requestsPerSecond, concurrency } = options.limits;
    this.#rate = requestsPerSecond === undefined ? undefined : new RateLimit(requestsPerSecond, this.#now);
    this.#bulkhead = bulkhead(concurrency, Infinity);
    this.#breaker = new Breaker(options.sourceKey, this.#now);
    this.#connections = new Connections(options, (latencyMs, date) => this.#health.answered(latencyMs, date));
  }

  /**
   * Reads from the vendor, or from a kept answer that is fresh enough for the call.
   *
   * @throws GatewayError with a code of SourceErrorKind and the source's key.
   */
  async read<T>(request: ReadRequest<T>, call: ReadCall): Promise<Reading<T>> {
    const key = `${this.#generation} ${request.base ?? ''} ${request.path}${queryText(request.query)} ${request.headers?.['accept'] ?? ''}`;
    const kept = this.#kept.get(key) as Reading<T> | undefined;
    try {
      call.signal.throwIfAborted();
      if (kept !== undefined && kept.fetchedAt.getTime() >= call.freshSince) return this.#used(key, kept, call);
      this.#refuseWhilePaused(call.deadlineAt);
      const reading = await this.#shared.join(
        key,
        call.signal,
        call.deadlineAt,
        (work) => this.#fetch(key, request, work),
        (work) => {
          call.tally.attempts += work.attempts;
        },
      );
      return this.#used(key, reading as Reading<T>, call);
    } catch (failure) {
      const error = errorFromFailure(failure, this.#options.sourceKey, false);
      const stale = this.#kept.get(key) as Reading<T> | undefined;
      if (!servesStale(error) || stale === undefined || stale.fetchedAt.getTime() < (call.staleSince ?? Infinity))
        throw error;
      call.tally.staleBecause = error;
      return this.#used(key, stale, call);
    }
  }

  /** Whether a call that has used these answers would be served the very same ones now. */
  wouldServe(answers: ReadonlyMap<string, object>, call: ReadCall): boolean {
    if (call.signal.aborted || answers.size === 0) return false;
    return answers.entries().every(([key, answer]) => {
      const kept = this.#kept.get(key);
      return kept === answer && kept.fetchedAt.getTime() >= call.freshSince;
    });
  }

  /**
   * One exchange, never repeated, never shared: for logins and writes. Any status is an answer, not an error.
   *
   * @throws GatewayError NETWORK, TLS, TIMEOUT or MALFORMED_RESPONSE when there is no whole answer.
   */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    try {
      await this.#rate?.take(signal);
      return await this.#connections.exchange(request, signal);
    } catch (error) {
      throw errorFromFailure(signal.aborted ? signal.reason : error, this.#options.sourceKey, false);
    }
  }

  /**
   * One exchange that changes something at the vendor: never repeated by any layer, not even after a 401.
   *
   * Waits for its turn like a read, and is not made at all while calls are paused.
   */
  async write(request: HttpRequest, session: Session, signal: AbortSignal): Promise<WriteExchange> {
    const { sourceKey } = this.#options;
    let sent = false;
    try {
      this.#refuseWhilePaused(0);
      await this.#breaker.admit();
      const login = await session.current(signal);
      await this.#rate?.take(signal);
      const headers = { ...request.headers, ...login.headers };
      const response = await this.#bulkhead.execute(() => {
        sent = true;
        return this.#connections.exchange({ ...request, headers }, signal);
      }, signal);
      if (response.status === 401) session.invalidate(login);
      return { sent: true, response };
    } catch (failure) {
      const error = errorFromFailure(signal.aborted ? signal.reason : failure, sourceKey, false);
      return { sent: sent && !neverLeft(error), error: withSource(error, sourceKey) };
    } finally {
      this.clear();
      this.#options.onWrite?.();
    }
  }

  /** Forgets every kept answer, so that the next read sees what a write changed. */
  clear(): void {
    this.#generation += 1;
    this.#kept.clear();
  }

  health(): SourceHealth {
    return this.#health.read(this.#breaker.state());
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  #used<T>(key: string, reading: Reading<T>, { tally }: ReadCall): Reading<T> {
    tally.sawAnswerOf(reading.fetchedAt.getTime());
    tally.answers.set(key, reading);
    return reading;
  }

  /** @throws THROTTLED when the vendor asked for a pause that is not over at the deadline. */
  #refuseWhilePaused(deadlineAt: number): void {
    const until = this.#health.throttledUntil;
    if (until === undefined || until < deadlineAt) return;
    const { sourceKey } = this.#options;
    throw new GatewayError(
      'THROTTLED',
      `Source "${sourceKey}" asked for a pause that is longer than the caller waits.`,
      { sourceKey, retryAfter: new Date(until) },
    );
  }

  async #fetch<T>(key: string, request: ReadRequest<T>, work: Work): Promise<Reading<T>> {
    const generation = this.#generation;
    this.#budget.earn();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { value, fetchedAt, bytes } = await this.#attempt(request, work);
        const reading = { value, fetchedAt };
        if (generation === this.#generation) this.#kept.keep(key, reading, bytes);
        return reading;
      } catch (error) {
        work.signal.throwIfAborted();
        const repeats = error instanceof GatewayError && (await this.#mayRepeat(error, attempt, work));
        if (!repeats) throw error;
      }
    }
  }

  /** Waits the pause before a repeat; false when a repeat is of no use, not in the budget, or would come too late. */
  async #mayRepeat(error: GatewayError, attempt: number, work: Work): Promise<boolean> {
    if (attempt >= MAX_ATTEMPTS || !isWorthRepeating(error) || this.#breaker.state() !== 'CLOSED') return false;
    const now = this.#now();
    const at = Math.max(now + backoffMs(attempt), error.retryAfter?.getTime() ?? 0);
    if (at >= work.latestDeadlineAt() || !this.#budget.spend()) return false;
    await sleep(at - now, undefined, { signal: work.signal });
    return true;
  }

  /**
   * One attempt, when breaker, pauses and concurrency allow it.
   *
   * All are asked again when the turn has come: what has become known while waiting in the queue counts for those in it too.
   */
  async #attempt<T>(request: ReadRequest<T>, work: Work): Promise<Fetched<T>> {
    for (;;) {
      await this.#breaker.admit();
      await this.#sitOutPause(work);
      const fetched = await this.#bulkhead.execute(
        async () =>
          this.#health.throttledUntil === undefined
            ? this.#breaker.tryCall(() => this.#call(request, work))
            : undefined,
        work.signal,
      );
      if (fetched !== undefined) return fetched;
    }
  }

  async #sitOutPause(work: Work): Promise<void> {
    for (;;) {
      this.#refuseWhilePaused(work.latestDeadlineAt());
      const until = this.#health.throttledUntil;
      if (until === undefined) return;
      await sleep(until - this.#now(), undefined, { signal: work.signal });
    }
  }

  /** The calls of one attempt, a login included; its failure is a `GatewayError`, noted in the health. */
  async #call<T>(request: ReadRequest<T>, work: Work): Promise<Fetched<T>> {
    const startedAt = this.#now();
    work.attempts += 1;
    try {
      const { value, bytes } = await this.#authorised(request, work.signal);
      this.#health.succeeded();
      this.#tellState(undefined);
      return { value, bytes, fetchedAt: new Date(startedAt) };
    } catch (error) {
      const failure = this.#asError(error, work.signal, this.#now() - startedAt);
      if (SAYS_SOMETHING_ABOUT_THE_SOURCE.has(failure.code)) {
        this.#health.failed(failure);
        this.#tellState(failure);
      }
      throw failure;
    }
  }

  #tellState(error: GatewayError | undefined): void {
    const { state } = this.health();
    if (state === this.#toldState) return;
    this.#toldState = state;
    this.#options.onStateChange?.(state, error);
  }

  async #authorised<T>(
    request: ReadRequest<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T; readonly bytes: number }> {
    const { session } = request;
    let login = await session?.current(signal);
    let response = await this.#get(request, login, signal);
    if (response.status === 401 && session !== undefined && login !== undefined) {
      session.invalidate(login);
      login = await session.current(signal);
      response = await this.#get(request, login, signal);
    }
    return { value: this.#decode(request, response, login), bytes: response.body.length };
  }

  async #get<T>(request: ReadRequest<T>, login: Login | undefined, signal: AbortSignal): Promise<HttpResponse> {
    await this.#rate?.take(signal);
    const headers = { ...request.headers, ...login?.headers };
    return this.#connections.exchange({ ...request, method: 'GET', headers }, signal);
  }

  #decode<T>(request: ReadRequest<T>, response: HttpResponse, login: Login | undefined): T {
    const { session, alsoAnswers, refuse, decode } = request;
    const isAnswer = (response.status >= 200 && response.status <= 299) || alsoAnswers?.has(response.status);
    if (isAnswer !== true) {
      const error = refuse?.(response) ?? errorFromResponse(response, this.#options.sourceKey);
      if (error.code === 'AUTHENTICATION' && login !== undefined) session?.refused(error, login);
      throw error;
    }
    session?.worked();
    try {
      return decode(response);
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw new GatewayError('MALFORMED_RESPONSE', 'The answer is not one that the gateway understands.', {
        cause: error,
      });
    }
  }

  /** The failure of an attempt, with the source's key. A wait that its caller cut short near the limit was a time-out all the same. */
  #asError(error: unknown, signal: AbortSignal, elapsedMs: number): GatewayError {
    const gaveUp = signal.aborted && (!(error instanceof GatewayError) || error === signal.reason);
    if (gaveUp && elapsedMs >= this.#options.limits.timeoutMs * LONG_ENOUGH) return timedOut(this.#options);
    const failure = errorFromFailure(gaveUp ? signal.reason : error, this.#options.sourceKey, false);
    return withSource(failure, this.#options.sourceKey);
  }
}

const MAX_ATTEMPTS = 3;
/** Share of the time limit after which a wait that its caller cut short says something about the source. */
const LONG_ENOUGH = 0.5;

const SAYS_SOMETHING_ABOUT_THE_SOURCE: ReadonlySet<string> = new Set([
  'NETWORK',
  'TLS',
  'TIMEOUT',
  'AUTHENTICATION',
  'THROTTLED',
  'VENDOR_FAULT',
  'MALFORMED_RESPONSE',
]);

/** What an older answer may stand in for: a source that fails, not one that says no. */
function servesStale({ code }: GatewayError): boolean {
  return !['NOT_FOUND', 'PERMISSION', 'BAD_REQUEST', 'INVALID_INPUT', 'INTERNAL', 'CANCELLED_BY_CALLER'].includes(code);
}

function isWorthRepeating(error: GatewayError): boolean {
  if (error.code === 'THROTTLED') return error.retryAfter !== undefined;
  return error.code === 'NETWORK' || error.code === 'VENDOR_FAULT' || error.nativeCode === EMPTY_BODY;
}

/** Whether a failure says that no connection came about, so that the vendor cannot have got the request. */
function neverLeft({ nativeCode }: GatewayError): boolean {
  return nativeCode !== undefined && NO_CONNECTION.test(nativeCode);
}

/** Codes of the platform for an address that is not known, does not answer or is not who it should be. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SELF_SIGNED|^UNABLE_TO_|^HOSTNAME_MISMATCH$/;

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
