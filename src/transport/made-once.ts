import { CallTally, type ReadCall } from './read-call.ts';
import type { SourceHttp } from './source-http.ts';

/**
 * What is made of a vendor's answers, made once for as long as the same answers serve.
 *
 * A list of many pages is read, checked and mapped by the first call; the calls that are served from the same kept answers get the very same
 * value, so that what follows from it can be worked out once, too. The last value alone is held. One with problems is not: the next call
 * asks again for what was missing.
 */
export class MadeOnce<T extends { readonly problems: readonly unknown[] }> {
  readonly #http: SourceHttp;
  #last: { readonly value: T; readonly tally: CallTally } | undefined;

  constructor(http: SourceHttp) {
    this.#http = http;
  }

  /** `make` is given the call that it has to read with. It must depend on nothing but the answers. */
  async read(call: ReadCall, make: (call: ReadCall) => Promise<T>): Promise<T> {
    const last = call.mayShareRows === false ? undefined : this.#last;
    if (last !== undefined && this.#http.wouldServe(last.tally.answers, call)) {
      call.tally.add(asServed(last.tally));
      return last.value;
    }
    const tally = new CallTally();
    try {
      const value = await make({ ...call, tally });
      const isWhole = value.problems.length === 0 && tally.staleBecause === undefined;
      if (call.mayShareRows !== false) this.#last = isWhole ? { value, tally } : undefined;
      return value;
    } finally {
      call.tally.add(tally);
    }
  }
}

/** The same answers without a call. */
function asServed(tally: CallTally): CallTally {
  const served = new CallTally();
  served.add(tally);
  served.attempts = 0;
  return served;
}
