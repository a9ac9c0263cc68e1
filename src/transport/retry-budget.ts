/**
 * Bounds repeats to a share of the reads, so that a dead source is not hit harder than a living one.
 *
 * Every read earns a tenth of a repeat, a repeat spends one; a small store of repeats is there from the start and kept for
 * single faults.
 */
export class RetryBudget {
  #balance = STORE;

  earn(): void {
    this.#balance = Math.min(STORE, this.#balance + EARNED_PER_READ);
  }

  /** Whether one repeat may be made; spends it. */
  spend(): boolean {
    if (this.#balance < 1) return false;
    this.#balance -= 1;
    return true;
  }
}

const STORE = 6;
const EARNED_PER_READ = 0.1;

/** Pause before the repeat after `attempt` (1 is the first), with full jitter: 0 to 200 ms, 0 to 400 ms, … */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * FIRST_BACKOFF_MS * 2 ** (attempt - 1);
}

const FIRST_BACKOFF_MS = 200;
