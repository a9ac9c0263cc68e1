import { GatewayError } from '../domain/errors.ts';
import { SharedCalls } from './shared-calls.ts';

/** What a login gave: the headers that carry it, and when it ends (epoch milliseconds; undefined when not told). */
export interface Login {
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: number | undefined;
}

export interface SessionOptions {
  readonly sourceKey: string;
  /**
   * Makes a login at the vendor, once; throws AUTHENTICATION when the credentials are refused. `expired` is the login that has
   * ended, for vendors with a refresh grant.
   */
  readonly login: (signal: AbortSignal, expired: Login | undefined) => Promise<Login>;
  readonly now: () => number;
}

/**
 * Keeps one login per source: one in flight at a time, renewed before it ends, renewed once when the vendor says 401.
 *
 * After a refused login the next one waits 1 s, 2 s, 4 s … up to 5 min, and meanwhile every read gets the same refusal at once:
 * hammering with a wrong password locks accounts out.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #inFlight = new SharedCalls<Login>();
  #current: Login | undefined;
  #expired: Login | undefined;
  #renewAt = 0;
  #refusal: { readonly error: GatewayError; readonly until: number; readonly pauseMs: number } | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The login to use now, made or renewed when needed. */
  async current(signal: AbortSignal): Promise<Login> {
    const now = this.#options.now();
    if (this.#current !== undefined && now < this.#renewAt) return this.#current;
    if (this.#refusal !== undefined && now < this.#refusal.until) throw this.#refusal.error;
    return this.#inFlight.join('login', signal, Infinity, (work) => this.#logIn(work.signal));
  }

  /** Says that the vendor no longer takes this login. A newer one is left alone. */
  invalidate(login: Login): void {
    if (this.#current !== login) return;
    this.#current = undefined;
    this.#expired = login;
  }

  /** The login that would have to be ended at the vendor, if there is one. */
  peek(): Login | undefined {
    return this.#current;
  }

  /**
   * Says that a call refused this login although it was fresh: counts as a refused login. One login counts once, however many calls
   * carried it.
   */
  refused(error: GatewayError, login: Login): void {
    if (this.#current !== login) return;
    this.#current = undefined;
    this.#pause(error);
  }

  /** Says that a call with the present login worked. */
  worked(): void {
    this.#refusal = undefined;
  }

  async #logIn(signal: AbortSignal): Promise<Login> {
    const expired = this.#expired ?? this.#current;
    try {
      const login = await this.#options.login(signal, expired);
      this.#current = login;
      this.#expired = undefined;
      this.#renewAt = renewAt(login, this.#options.now());
      return login;
    } catch (error) {
      if (error instanceof GatewayError && REFUSALS.has(error.code)) {
        this.#current = undefined;
        this.#expired = undefined;
        this.#pause(error);
      }
      throw error;
    }
  }

  #pause(error: GatewayError): void {
    const pauseMs = Math.min((this.#refusal?.pauseMs ?? FIRST_PAUSE_MS / 2) * 2, LONGEST_PAUSE_MS);
    this.#refusal = { error, until: this.#options.now() + pauseMs, pauseMs };
  }
}

/** A login is renewed 45 s before its end, or halfway when it lives less than 90 s. */
function renewAt(login: Login, now: number): number {
  if (login.expiresAt === undefined) return Infinity;
  const lifeMs = login.expiresAt - now;
  return now + Math.max(lifeMs - RENEWAL_MARGIN_MS, lifeMs / 2);
}

const RENEWAL_MARGIN_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** What a login answers when it was understood and is not wanted. */
const REFUSALS: ReadonlySet<string> = new Set(['AUTHENTICATION', 'PERMISSION']);
