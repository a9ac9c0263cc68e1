import { setImmediate as turn } from 'node:timers/promises';
import type { LiveClock } from '../../src/live/live-clock.ts';

/** Time that passes only when a test says so. */
export class FakeClock implements LiveClock {
  #now: number;
  readonly #tasks = new Set<{ readonly at: number; readonly callback: () => void }>();
  /** What `random` gives; in the middle nothing is jittered. */
  chance = 0.5;

  constructor(start = '2026-11-20T08:00:00Z') {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const task = { at: this.#now + delayMs, callback };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  random(): number {
    return this.chance;
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#tasks.size;
  }

  /** Milliseconds until the next timer. */
  get nextInMs(): number | undefined {
    const times = [...this.#tasks].map(({ at }) => at - this.#now);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Lets so much time pass: timers go off in their order, and what they begin is carried out. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#tasks].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#tasks.delete(next);
      next.callback();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Everything that was begun and waits for nothing outside has been carried out. */
export async function settled(): Promise<void> {
  for (let index = 0; index < 3; index += 1) await turn();
}
