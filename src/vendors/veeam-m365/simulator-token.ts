import { SeededRandom } from '../../simulation/random.ts';
import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';

/** The one account that the simulator knows; the characters are there to be encoded. */
export const CREDENTIALS = { username: 'LAB\\svc-backup', password: 'p&ss+wörd=7%' } as const;

const LIFETIME_S = 3600;
const REFRESH_LIFETIME_S = 14 * 24 * 3600;

interface Session {
  readonly expiresAt: number;
  /** The value that the cookie must carry; undefined when the client asked to go without. */
  readonly antiforgery: string | undefined;
}

/**
 * The token endpoint: password and refresh grants as a form (from v6 on as JSON too), refresh tokens that work once, and
 * from v7 on the antiforgery cookie unless `disable_antiforgery_token=true` is sent, which earlier versions do not know.
 */
export class TokenDesk {
  readonly #version: number;
  readonly #random: SeededRandom;
  readonly #sessions = new Map<string, Session>();
  readonly #refreshes = new Map<string, Session>();

  constructor(version: number, seed: number) {
    this.#version = version;
    this.#random = new SeededRandom(seed ^ 0x70c3);
  }

  issue(request: SimulatedRequest, now: number): SimulatedResponse {
    const fields = this.#fields(request);
    if (fields === undefined) return refusal(400, 'unsupported_grant_type', 'The request body cannot be read.');
    if (this.#version <= 6 && fields.has('disable_antiforgery_token'))
      return refusal(400, 'invalid_request', 'Unknown parameter: disable_antiforgery_token.');
    switch (fields.get('grant_type')) {
      case 'password':
        return this.#byPassword(fields, now);
      case 'refresh_token':
        return this.#byRefresh(request, fields, now);
      default:
        return refusal(400, 'unsupported_grant_type', 'The grant type is not supported.');
    }
  }

  /** Undefined when the request may pass. */
  check(request: SimulatedRequest, now: number): 'unauthorized' | 'antiforgery' | undefined {
    const session = this.#sessions.get(bearerOf(request));
    if (session === undefined || now >= session.expiresAt) return 'unauthorized';
    return session.antiforgery === undefined || hasCookie(request, session.antiforgery) ? undefined : 'antiforgery';
  }

  end(request: SimulatedRequest): void {
    this.#sessions.delete(bearerOf(request));
  }

  #fields(request: SimulatedRequest): URLSearchParams | undefined {
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams(request.body);
    if (this.#version < 6 || !type.startsWith('application/json')) return undefined;
    try {
      const body: unknown = JSON.parse(request.body);
      if (typeof body !== 'object' || body === null) return undefined;
      return new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]));
    } catch {
      return undefined;
    }
  }

  #byPassword(fields: URLSearchParams, now: number): SimulatedResponse {
    const known = fields.get('username') === CREDENTIALS.username && fields.get('password') === CREDENTIALS.password;
    if (!known) return refusal(400, 'invalid_grant', 'The user name or password is incorrect.');
    return this.#pair(fields, now);
  }

  #byRefresh(request: SimulatedRequest, fields: URLSearchParams, now: number): SimulatedResponse {
    const token = fields.get('refresh_token') ?? '';
    const refresh = this.#refreshes.get(token);
    const status = this.#version >= 6 ? 401 : 400;
    if (refresh === undefined || now >= refresh.expiresAt)
      return refusal(status, 'invalid_grant', 'The refresh token is invalid or was used before.');
    const withoutCookie = fields.get('disable_antiforgery_token') === 'true';
    if (refresh.antiforgery !== undefined && !withoutCookie && !hasCookie(request, refresh.antiforgery))
      return refusal(400, 'invalid_request', 'The antiforgery cookie is not present.');
    this.#refreshes.delete(token);
    return this.#pair(fields, now);
  }

  #pair(fields: URLSearchParams, now: number): SimulatedResponse {
    const accessToken = `AQAAANCM${this.#random.uuid().replaceAll('-', '')}${this.#random.uuid()}`;
    const refreshToken = this.#random.uuid().replaceAll('-', '');
    const cookieless = this.#version <= 6 || fields.get('disable_antiforgery_token') === 'true';
    const antiforgery = cookieless ? undefined : this.#random.uuid();
    this.#sessions.set(accessToken, { expiresAt: now + LIFETIME_S * 1000, antiforgery });
    this.#refreshes.set(refreshToken, { expiresAt: now + REFRESH_LIFETIME_S * 1000, antiforgery });
    const cookie = antiforgery && { 'set-cookie': `X-VBO-Antiforgery=${antiforgery}; path=/; secure; httponly` };
    return {
      status: 200,
      headers: { 'cache-control': 'no-store', ...cookie },
      body: {
        access_token: accessToken,
        token_type: 'bearer',
        expires_in: LIFETIME_S,
        refresh_token: refreshToken,
        ...(this.#version <= 7 ? { userName: CREDENTIALS.username } : {}),
        '.issued': this.#printDate(now),
        '.expires': this.#printDate(now + LIFETIME_S * 1000),
      },
    };
  }

  #printDate(instant: number): string {
    const date = new Date(Math.floor(instant / 1000) * 1000);
    return this.#version >= 6 ? date.toISOString().replace('.000', '') : date.toUTCString();
  }
}

function refusal(status: number, error: string, error_description: string): SimulatedResponse {
  return { status, body: { error, error_description } };
}

function bearerOf(request: SimulatedRequest): string {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function hasCookie(request: SimulatedRequest, value: string): boolean {
  return (request.headers.cookie ?? '').split(/;\s*/).includes(`X-VBO-Antiforgery=${value}`);
}
