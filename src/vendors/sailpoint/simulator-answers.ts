import { SeededRandom } from '../../simulation/random.ts';
import type { SimulatedResponse } from '../../simulation/simulated-server.ts';

/** A refusal on the way through a request. */
export class Refusal extends Error {
  readonly status: 400 | 403 | 404;

  constructor(status: 400 | 403 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** The three shapes in which the vendor says no. */
export class Answers {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed ^ 0x7ac);
  }

  /** The common shape; every second one carries no locale. */
  refused({ status, message }: Refusal): SimulatedResponse {
    const isPlain = this.#random.next() < 0.5;
    const locale = isPlain ? { locale: null, localeOrigin: null } : { locale: 'en-US', localeOrigin: 'DEFAULT' };
    return {
      status,
      body: {
        detailCode: DETAIL_CODES[status],
        trackingId: this.#random.uuid().replaceAll('-', ''),
        messages: [{ ...locale, text: message }],
        causes: [],
      },
    };
  }

  unauthorized(error = 'JWT validation failed: JWT is expired'): SimulatedResponse {
    return { status: 401, body: { error } };
  }

  throttled(seconds: number): SimulatedResponse {
    const headers = { 'retry-after': String(Math.max(1, Math.ceil(seconds))) };
    return { status: 429, headers, body: { message: ' Rate Limit Exceeded ' } };
  }
}

const DETAIL_CODES = { 400: '400.1 Bad request content', 403: '403 Forbidden', 404: '404 Not found' } as const;
