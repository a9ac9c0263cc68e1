/** What a simulated vendor can be told to do wrong. */
export const FAULT_KINDS = [
  'refuse', //            the connection is closed before any answer
  'lose-answer', //       the request is carried out, and the connection is closed before any answer
  'reset-mid-body', //    half the body, then a TCP reset
  'stall', //             the request is read and never answered
  'stall-body', //        headers and half the body, then nothing
  'drip', //              one byte a second
  'truncate', //          Content-Length says more than is sent, and the connection ends
  'no-last-chunk', //     a chunked body whose end never comes, and the connection ends
  'never-ends', //        the body goes on with blanks, a kilobyte at a time
  'huge-headers', //      64 KB of headers
  'wrong-charset', //     the body with bytes that its declared charset does not have
  'bad-json', //          a 200 with text that is no JSON
  'bad-xml', //           a 200 with XML cut between two tags
  'html', //              a 200 with an HTML page
  'empty', //             a 200 without a body
  'oversized', //         a body of 40 MB
  'unauthorized', //      401, in the vendor's own error form
  'throttle', //          429 with Retry-After (`retryAfterSeconds`, default 1)
  'server-error', //      a 5xx (`status`, default 503)
  'late-server-error', // the request is carried out, and then a 5xx (`status`, default 502)
  'redirect', //          302 to `location`
  'endless-paging', //    pages that always have a next one, where the vendor has pages; elsewhere nothing
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Only requests whose path and query contain this text; all when left out. Compared without case. */
  readonly path?: string;
  readonly method?: string;
  /** Let this many matching requests pass first. */
  readonly after?: number;
  /** End after this many faults; never when left out. */
  readonly times?: number;
  readonly status?: number;
  /** For `throttle` (default 1) and `server-error` (default none). */
  readonly retryAfterSeconds?: number;
  /** Writes Retry-After as an HTTP date of the simulator's clock instead of seconds. */
  readonly retryAfterAsDate?: boolean;
  readonly location?: string;
}

/** The faults in force; each request meets the first that fits. */
export class FaultPlan {
  #faults: { fault: Fault; seen: number; done: number }[] = [];

  add(fault: Fault): void {
    if (!FAULT_KINDS.includes(fault.kind))
      throw new TypeError(`unknown fault kind; known are ${FAULT_KINDS.join(', ')}`);
    this.#faults.push({ fault, seen: 0, done: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that this request meets; counts it. */
  next(method: string, pathAndQuery: string): Fault | undefined {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !pathAndQuery.toLowerCase().includes(fault.path.toLowerCase())) continue;
      entry.seen += 1;
      if (entry.seen <= (fault.after ?? 0) || entry.done >= (fault.times ?? Infinity)) continue;
      entry.done += 1;
      return fault;
    }
    return undefined;
  }
}
