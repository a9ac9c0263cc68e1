import { setTimeout as sleep } from 'node:timers/promises';

/** Spaces requests so that no more than `perSecond` begin in any second, with a burst of one second's worth. */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  #nextFreeAt = 0;

  constructor(perSecond: number, now: () => number) {
    this.#intervalMs = 1000 / perSecond;
    this.#burst = Math.max(1, Math.floor(perSecond));
    this.#now = now;
  }

  /**
   * Resolves when the request may begin; rejects with an `AbortError` or the signal's reason when it is aborted first.
   *
   * Nothing is taken before its time has come, so that requests which were given up leave no gap behind.
   */
  async take(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#now();
      const earliest = now - this.#intervalMs * (this.#burst - 1);
      // Further ahead than one interval only when the clock was set back.
      this.#nextFreeAt = Math.min(this.#nextFreeAt, now + this.#intervalMs);
      const slot = Math.max(this.#nextFreeAt, earliest);
      if (slot <= now) {
        this.#nextFreeAt = slot + this.#intervalMs;
        return;
      }
      await sleep(Math.ceil(slot - now), undefined, { signal });
    }
  }
}
