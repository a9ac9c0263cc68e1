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

  /** Resolves when the request may begin; rejects with the signal's reason when it is aborted first. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = this.#now();
    const earliest = now - this.#intervalMs * (this.#burst - 1);
    const slot = Math.max(this.#nextFreeAt, earliest);
    this.#nextFreeAt = slot + this.#intervalMs;
    if (slot > now) await sleep(slot - now, undefined, { signal });
  }
}
