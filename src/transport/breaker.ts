import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../domain/errors.ts';
import type { CircuitState } from '../domain/source.ts';

/**
 * Spares a source that does not answer: after five outages in a row, or three that held callers up until the time limit, it lets
 * nothing through for a while, then one call as a probe.
 *
 * Only what the vendor does counts. A call that its caller gave up says nothing, neither good nor bad; any answer, an error status
 * below 500 included, shows that the source lives.
 */
export class Breaker {
  readonly #sourceKey: string;
  readonly #now: () => number;
  /** Of the outages since the last sign of life. */
  #weight = 0;
  #lastOutage: GatewayError | undefined;
  /** Undefined while calls pass freely. */
  #openedAt: number | undefined;
  #probe: Promise<void> | undefined;

  constructor(sourceKey: string, now: () => number) {
    this.#sourceKey = sourceKey;
    this.#now = now;
  }

  state(): CircuitState {
    if (this.#openedAt === undefined) return 'CLOSED';
    return this.#probe === undefined && this.#isPausing(this.#openedAt) ? 'OPEN' : 'HALF_OPEN';
  }

  /**
   * Resolves when a call may be tried. While another call is the probe, its outcome is waited for, but not for long.
   *
   * @throws CIRCUIT_OPEN
   */
  async admit(): Promise<void> {
    if (this.#probe !== undefined)
      await Promise.race([this.#probe, sleep(PROBE_PATIENCE_MS, undefined, { ref: false })]);
    if (this.#openedAt === undefined || this.#mayCall()) return;
    throw new GatewayError('CIRCUIT_OPEN', `Source "${this.#sourceKey}" has failed repeatedly; calls are paused.`, {
      sourceKey: this.#sourceKey,
      retryAfter: new Date(Math.max(this.#openedAt + PAUSE_MS, this.#now())),
      cause: this.#lastOutage,
    });
  }

  /** Makes the call and learns from it; undefined when by now it may not be made. `call` rejects with `GatewayError`s. */
  tryCall<T>(call: () => Promise<T>): Promise<T> | undefined {
    if (!this.#mayCall()) return undefined;
    if (this.#openedAt === undefined) return this.#watch(call, false);
    const answer = this.#watch(call, true);
    this.#probe = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  }

  #mayCall(): boolean {
    return this.#openedAt === undefined || (this.#probe === undefined && !this.#isPausing(this.#openedAt));
  }

  /** Also over when the clock was set back. */
  #isPausing(openedAt: number): boolean {
    const openForMs = this.#now() - openedAt;
    return openForMs >= 0 && openForMs < PAUSE_MS;
  }

  async #watch<T>(call: () => Promise<T>, isProbe: boolean): Promise<T> {
    try {
      const value = await call();
      this.#lives();
      return value;
    } catch (error) {
      if (isOutage(error)) this.#failed(error, isProbe);
      else if (isAnswer(error)) this.#lives();
      throw error;
    } finally {
      if (isProbe) this.#probe = undefined;
    }
  }

  #lives(): void {
    this.#weight = 0;
    this.#openedAt = undefined;
  }

  /** Calls that began before it opened may still fail afterwards; they do not prolong the pause. */
  #failed(error: GatewayError, isProbe: boolean): void {
    this.#lastOutage = error;
    this.#weight += error.code === 'TIMEOUT' ? TIMEOUT_WEIGHT : 1;
    if (isProbe || (this.#openedAt === undefined && this.#weight >= WEIGHT_UNTIL_OPEN)) this.#openedAt = this.#now();
  }
}

const WEIGHT_UNTIL_OPEN = 5;
const TIMEOUT_WEIGHT = 2;
/** A probe may take the whole time limit (10 s), and the source is to serve again 15 s after the fault. */
const PAUSE_MS = 3_000;
const PROBE_PATIENCE_MS = 250;

const OUTAGES: ReadonlySet<string> = new Set(['NETWORK', 'TLS', 'TIMEOUT', 'VENDOR_FAULT']);

function isOutage(error: unknown): error is GatewayError {
  return error instanceof GatewayError && OUTAGES.has(error.code);
}

function isAnswer(error: unknown): boolean {
  return error instanceof GatewayError && (error.httpStatus !== undefined || error.code === 'MALFORMED_RESPONSE');
}
