import { GatewayError } from '../../src/domain/errors.ts';
import { CallTally, type ReadCall } from '../../src/transport/read-call.ts';

export interface ReadCallOptions {
  /** Ends the call before its deadline. */
  readonly signal?: AbortSignal;
  /** Default 10 s. */
  readonly deadlineMs?: number;
  /** Epoch milliseconds; now when left out. */
  readonly freshSince?: number;
  readonly staleSince?: number;
}

/**
 * A read of its own: fresh from now on, with a tally of its own.
 *
 * Waits for the clock to tick (a millisecond at most), so that an answer kept by an earlier read is never as fresh as this one.
 */
export function readCall(options: ReadCallOptions = {}): ReadCall {
  const deadlineMs = options.deadlineMs ?? 10_000;
  const madeAt = Date.now();
  while (Date.now() === madeAt);
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new GatewayError('TIMEOUT', 'The deadline has passed.')),
    Math.min(deadlineMs, 2 ** 31 - 1),
  );
  timer.unref();
  return {
    signal: options.signal === undefined ? controller.signal : AbortSignal.any([controller.signal, options.signal]),
    deadlineAt: Date.now() + deadlineMs,
    freshSince: options.freshSince ?? Date.now(),
    staleSince: options.staleSince,
    tally: new CallTally(),
  };
}
