/**
 * Bounds repeats to a tenth of the reads of the last minute, so that a dead source is not hit harder than a living one.
 *
 * A few repeats a minute are always there, for single faults where reads are few.
 */
export class RetryBudget {
  readonly #now: () => number;
  #slots: Slot[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a read. */
  earn(): void {
    this.#slot().reads += 1;
  }

  /** Whether one repeat may be made; spends it. */
  spend(): boolean {
    const slot = this.#slot();
    let [reads, repeats] = [0, 0];
    for (const one of this.#slots) {
      reads += one.reads;
      repeats += one.repeats;
    }
    if (repeats + 1 > Math.max(ALWAYS, reads * SHARE)) return false;
    slot.repeats += 1;
    return true;
  }

  /** The present slot; drops the slots of more than a minute ago. */
  #slot(): Slot {
    const number = Math.floor(this.#now() / SLOT_MS);
    const last = this.#slots.at(-1);
    if (last?.number === number) return last;
    const slot: Slot = { number, reads: 0, repeats: 0 };
    this.#slots = [...this.#slots.filter((one) => one.number >= number - SLOTS && one.number < number), slot];
    return slot;
  }
}

interface Slot {
  readonly number: number;
  reads: number;
  repeats: number;
}

const SLOT_MS = 5_000;
const SLOTS = 12;
const SHARE = 0.1;
const ALWAYS = 5;

/** Pause before the repeat after `attempt` (1 is the first), with full jitter: 0 to 200 ms, 0 to 400 ms, … */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * FIRST_BACKOFF_MS * 2 ** (attempt - 1);
}

const FIRST_BACKOFF_MS = 200;
