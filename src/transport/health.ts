import type { GatewayError } from '../domain/errors.ts';
import type { CircuitState, SourceHealth, SourceState } from '../domain/source.ts';

/** Collects what `SourceHealth` shows. Nothing is assumed before the first call: the state is UNKNOWN. */
export class HealthRecord {
  readonly #latencies: number[] = [];
  readonly #now: () => number;
  #lastSuccessAt: number | undefined;
  #lastErrorAt: number | undefined;
  #lastError: GatewayError | undefined;
  #consecutiveFailures = 0;
  #clockSkewSeconds: number | undefined;
  #throttledUntil: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** There was a whole HTTP answer, good or not; `date` is its header of that name. */
  answered(latencyMs: number, date: string | undefined): void {
    this.#latencies.push(latencyMs);
    if (this.#latencies.length > KEPT_LATENCIES) this.#latencies.shift();
    const vendorClock = date === undefined ? NaN : Date.parse(date);
    if (!Number.isNaN(vendorClock)) this.#sawClock(vendorClock);
  }

  /**
   * The header has whole seconds and comes some way later, so one reading is a second off either way: less than two seconds count as
   * none, and a change of one second as no change. Otherwise what follows from it would move with every call.
   */
  #sawClock(vendorClock: number): void {
    const seen = Math.round((vendorClock + 500 - this.#now()) / 1000);
    const before = this.#clockSkewSeconds;
    if (before !== undefined && Math.abs(seen - before) < 2) return;
    this.#clockSkewSeconds = Math.abs(seen) < 2 ? 0 : seen;
  }

  /** A read gave what was asked for. */
  succeeded(): void {
    this.#lastSuccessAt = this.#now();
    this.#consecutiveFailures = 0;
  }

  failed(error: GatewayError): void {
    this.#lastErrorAt = this.#now();
    this.#lastError = error;
    this.#consecutiveFailures += 1;
    if (error.code === 'THROTTLED' && error.retryAfter !== undefined) this.#pauseUntil(error.retryAfter.getTime());
  }

  /** Epoch milliseconds until which the vendor asked to be left alone; undefined when it did not or that is over. */
  get throttledUntil(): number | undefined {
    return this.#throttledUntil !== undefined && this.#throttledUntil > this.#now() ? this.#throttledUntil : undefined;
  }

  read(circuit: CircuitState): SourceHealth {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const throttledUntil = this.throttledUntil;
    return {
      state: this.#state(circuit),
      circuit,
      lastSuccessAt: instant(this.#lastSuccessAt),
      lastErrorAt: instant(this.#lastErrorAt),
      lastError: this.#lastError,
      consecutiveFailures: this.#consecutiveFailures,
      latencyMsP50: sorted[Math.floor((sorted.length - 1) * 0.5)],
      latencyMsP95: sorted[Math.floor((sorted.length - 1) * 0.95)],
      clockSkewSeconds: this.#clockSkewSeconds,
      throttledUntil: instant(throttledUntil),
    };
  }

  /** The longest of the pauses asked for counts, but not one that would take the source away for good. */
  #pauseUntil(instant: number): void {
    this.#throttledUntil = Math.max(this.throttledUntil ?? 0, Math.min(instant, this.#now() + LONGEST_PAUSE_MS));
  }

  #state(circuit: CircuitState): SourceState {
    if (circuit === 'OPEN') return 'DOWN';
    if (this.#lastSuccessAt === undefined) return this.#lastErrorAt === undefined ? 'UNKNOWN' : 'DOWN';
    if (this.#consecutiveFailures >= FAILURES_UNTIL_DOWN) return 'DOWN';
    return this.#consecutiveFailures > 0 ? 'DEGRADED' : 'UP';
  }
}

const KEPT_LATENCIES = 200;
const FAILURES_UNTIL_DOWN = 3;
const LONGEST_PAUSE_MS = 60 * 60_000;

function instant(epochMs: number | undefined): Date | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs);
}
