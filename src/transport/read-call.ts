/**
 * What one aggregated read found out about its source on the way; shown as SourceResult.
 *
 * Written by `SourceHttp`, read when the answer is made.
 */
export class CallTally {
  /** HTTP attempts that this read waited for, shared ones included; 0 when kept answers served it. */
  attempts = 0;
  /** Epoch milliseconds at which the oldest vendor answer used was asked for. */
  oldestFetchedAt: number | undefined;
  /** The failure behind a kept answer that was served all the same. */
  staleBecause: unknown;
  /** The vendor's answers that it used, by the keys under which they are kept. */
  readonly answers = new Map<string, object>();

  /** Adds what a part of the read found out. */
  add({ attempts, oldestFetchedAt, staleBecause, answers }: CallTally): void {
    this.attempts += attempts;
    if (oldestFetchedAt !== undefined) this.sawAnswerOf(oldestFetchedAt);
    this.staleBecause = staleBecause ?? this.staleBecause;
    for (const [key, answer] of answers) this.answers.set(key, answer);
  }

  sawAnswerOf(fetchedAt: number): void {
    this.oldestFetchedAt = Math.min(this.oldestFetchedAt ?? Infinity, fetchedAt);
  }
}

/**
 * How one read may behave: until when, how fresh, and on whose behalf.
 *
 * One object per source and GraphQL operation; all instants are epoch milliseconds.
 */
export interface ReadCall {
  /** Aborted with a `GatewayError` as reason: TIMEOUT at the deadline, CANCELLED_BY_CALLER when the caller has gone. */
  readonly signal: AbortSignal;
  readonly deadlineAt: number;
  /** A kept answer asked for at or after this instant will do instead of a call. */
  readonly freshSince: number;
  /** When the source fails, a kept answer asked for at or after this instant will do; undefined: none will. */
  readonly staleSince: number | undefined;
  /** False when it must get row objects of its own, though it may be served from answers that others have used; true when left out. */
  readonly mayShareRows?: boolean | undefined;
  readonly tally: CallTally;
}
