/** Time as the live parts see it; passed in, so that tests need not wait. */
export interface LiveClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once, after so many milliseconds; the answer takes that back. */
  after(delayMs: number, callback: () => void): () => void;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

export const SYSTEM_CLOCK: LiveClock = {
  now: Date.now,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
