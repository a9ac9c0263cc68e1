import { GatewayError } from '../../domain/errors.ts';

/**
 * Remembers for an hour which of the vendor's optional calls answered 404 or 405, so that they are not tried again each time.
 *
 * Keys are words of the caller. Bounded: the oldest entries go first.
 */
export class Absences {
  readonly #until = new Map<string, number>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  note(key: string): void {
    this.#until.delete(key);
    this.#until.set(key, this.#now().getTime() + REMEMBERED_MS);
    if (this.#until.size > MAX_ENTRIES) this.#until.delete(this.#until.keys().next().value ?? '');
  }

  has(key: string): boolean {
    return this.#now().getTime() < (this.#until.get(key) ?? 0);
  }
}

const REMEMBERED_MS = 60 * 60_000;
const MAX_ENTRIES = 10_000;

/** Whether an error says that the vendor has no such call, or no such thing. */
export function isAbsent(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError)) return false;
  return (error.code === 'NOT_FOUND' && error.httpStatus === 404) || isMethodRefused(error);
}

function isMethodRefused({ code, httpStatus }: GatewayError): boolean {
  return code === 'BAD_REQUEST' && httpStatus === 405;
}
