import type { LiveClock } from './live-clock.ts';

export interface EventQueueOptions<T> {
  /** Most events that wait to be taken. */
  readonly maxPending: number;
  /** How long a reader may stay at that many, in milliseconds. */
  readonly patienceMs: number;
  readonly clock: LiveClock;
  /** Makes one event of one that waits and a newer one of the same key. */
  readonly merge: (waiting: T, newer: T) => T;
  /** Called once, when nobody listens any more. */
  readonly onEnd: () => void;
  /** Called when the reader takes events too slowly; the queue has ended then. */
  readonly onTooSlow: () => void;
}

/**
 * What one listener has still to be told, with the newest state of each thing winning.
 *
 * A reader that stays full is given up. So is one for whom something had to be dropped, once it has taken the rest: no gap goes unnoticed.
 */
export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #options: EventQueueOptions<T>;
  readonly #pending = new Map<string, T>();
  readonly #waiting: ((result: IteratorResult<T, undefined>) => void)[] = [];
  #hasEnded = false;
  #hasLost = false;
  #stopPatience: (() => void) | undefined;

  constructor(options: EventQueueOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#pending.size;
  }

  push(key: string, event: T): void {
    if (this.#hasEnded) return;
    const waiting = this.#pending.get(key);
    if (waiting !== undefined) return void this.#pending.set(key, this.#options.merge(waiting, event));
    const reader = this.#waiting.shift();
    if (reader !== undefined) return reader({ done: false, value: event });
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= this.#options.maxPending && oldest !== undefined) {
      this.#pending.delete(oldest);
      this.#hasLost = true;
    }
    this.#pending.set(key, event);
    if (this.#pending.size >= this.#options.maxPending) this.#beginPatience();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    for (const [key, value] of this.#pending) {
      this.#pending.delete(key);
      if (!this.#hasLost) this.#endPatience();
      return Promise.resolve({ done: false, value });
    }
    if (this.#hasLost) this.#giveUp();
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends it from the reader's side or the server's; what waits is dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  #beginPatience(): void {
    const { clock, patienceMs } = this.#options;
    this.#stopPatience ??= clock.after(patienceMs, () => this.#giveUp());
  }

  #endPatience(): void {
    this.#stopPatience?.();
    this.#stopPatience = undefined;
  }

  #giveUp(): void {
    if (this.#hasEnded) return;
    this.#end();
    this.#options.onTooSlow();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#hasLost = false;
    this.#pending.clear();
    this.#endPatience();
    for (const reader of this.#waiting.splice(0)) reader({ done: true, value: undefined });
    this.#options.onEnd();
  }
}
