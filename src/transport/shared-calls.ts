import { GatewayError } from '../domain/errors.ts';

/**
 * Makes equal calls in flight one call.
 *
 * The shared work is aborted when the last one who waits has left; nobody's leaving disturbs the others.
 */
export class SharedCalls<T> {
  readonly #inFlight = new Map<string, Shared<T>>();

  /**
   * Waits for the work under `key`, starting it when it is not in flight.
   *
   * Rejects with `signal.reason` as soon as the signal is aborted. `start` is told the latest deadline of all who wait; `onLeave` is
   * called once when the wait ends, however it ends.
   */
  join(
    key: string,
    signal: AbortSignal,
    deadlineAt: number,
    start: (work: Work) => Promise<T>,
    onLeave?: (work: Work) => void,
  ): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const shared = this.#inFlight.get(key) ?? this.#start(key, start);
    shared.waiters += 1;
    shared.latestDeadlineAt = Math.max(shared.latestDeadlineAt, deadlineAt);
    return new Promise<T>((resolve, reject) => {
      let waiting = true;
      const leave = (): void => {
        if (!waiting) return;
        waiting = false;
        signal.removeEventListener('abort', onAbort);
        shared.waiters -= 1;
        onLeave?.(shared.work);
        if (shared.waiters === 0) this.#forget(key, shared);
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort);
      shared.promise.then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }

  #start(key: string, start: (work: Work) => Promise<T>): Shared<T> {
    const controller = new AbortController();
    const shared: Shared<T> = {
      controller,
      waiters: 0,
      latestDeadlineAt: 0,
      work: { signal: controller.signal, attempts: 0, latestDeadlineAt: () => shared.latestDeadlineAt },
      promise: Promise.resolve().then(() => start(shared.work)),
    };
    const settle = (): void => {
      if (this.#inFlight.get(key) === shared) this.#inFlight.delete(key);
    };
    shared.promise.then(settle, settle);
    this.#inFlight.set(key, shared);
    return shared;
  }

  /** Called when nobody waits any more: work that has not ended is of no use to anyone. */
  #forget(key: string, shared: Shared<T>): void {
    if (this.#inFlight.get(key) !== shared) return;
    this.#inFlight.delete(key);
    shared.controller.abort(new GatewayError('CANCELLED_BY_CALLER', 'Nobody waits for this call any more.'));
  }
}

/** What the shared work is given, and where it counts its attempts. `latestDeadlineAt` is epoch milliseconds. */
export interface Work {
  readonly signal: AbortSignal;
  attempts: number;
  latestDeadlineAt(): number;
}

interface Shared<T> {
  readonly controller: AbortController;
  waiters: number;
  latestDeadlineAt: number;
  readonly work: Work;
  readonly promise: Promise<T>;
}
