import { SeededRandom } from '../../simulation/random.ts';
import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import { Refusal } from './simulator-answers.ts';
import { formOf } from './simulator-form.ts';

/** A client with all rights; the characters of the secret are there to be encoded. */
export const CREDENTIALS = {
  clientId: '5c1f0d8a-6b1e-4f3a-9d57-2f0c8e4b7a10',
  clientSecret: 'p&t=wörd+7%',
} as const;

/** Two more clients with the same secret: one that reads backups and no more, one whose token reaches nothing here. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  [CREDENTIALS.clientId]: ['sp:scopes:all'],
  'reader-0000-4000-8000-000000000001': ['sp:config-backup:read'],
  'default-0000-4000-8000-000000000002': ['sp:scopes:default'],
};

/** Tokens last about twelve minutes. */
export const LIFETIME_S = 719;
const RATE_WINDOW_MS = 10_000;
const RATE_LIMIT = 100;

export interface Grant {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

/** Client credentials as url-encoded form, multipart form or query; no refresh tokens. */
export class TokenDesk {
  readonly #random: SeededRandom;
  readonly #grants = new Map<string, Grant>();
  readonly #calls = new Map<string, number[]>();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed ^ 0x70c3);
  }

  issue(request: SimulatedRequest, now: number): SimulatedResponse {
    const fields = new Map([...request.query, ...(formOf(request) ?? [])]);
    const clientId = fields.get('client_id') ?? '';
    const scopes = Object.hasOwn(CLIENTS, clientId) ? CLIENTS[clientId] : undefined;
    const grantType = fields.get('grant_type');
    if (grantType === undefined) return refusal(400, 'invalid_request', 'Missing grant type');
    if (grantType !== 'client_credentials') return refusal(400, 'unsupported_grant_type', 'Unsupported grant type');
    if (scopes === undefined || fields.get('client_secret') !== CREDENTIALS.clientSecret)
      return refusal(401, 'invalid_client', 'Bad client credentials');
    const token = this.#newToken();
    this.#grants.set(token, { clientId, scopes, expiresAt: now + LIFETIME_S * 1000 });
    return { status: 200, body: tokenView(token, scopes, this.#random.uuid()) };
  }

  /** The grant of the request's token, or why there is none. */
  check({ headers }: SimulatedRequest, now: number): Grant | string {
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || token === '') return 'JWT is required';
    const grant = this.#grants.get(token);
    if (grant === undefined) return 'JWT validation failed: JWT is malformed';
    return now < grant.expiresAt ? grant : 'JWT validation failed: JWT is expired';
  }

  /** Milliseconds until the next call may come, when a client has made its 100 calls in 10 seconds with one API version. */
  waitMs({ clientId }: Grant, version: string, now: number): number | undefined {
    const key = `${clientId} ${version}`;
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > now - RATE_WINDOW_MS);
    this.#calls.set(key, recent);
    const [oldest] = recent;
    if (recent.length >= RATE_LIMIT && oldest !== undefined) return oldest + RATE_WINDOW_MS - now;
    recent.push(now);
    return undefined;
  }

  #newToken(): string {
    const part = (): string => Buffer.from(this.#random.uuid()).toString('base64url');
    return `eyJ${part()}.eyJ${part()}.${part()}`;
  }
}

/** @throws Refusal when the grant holds none of the scopes. */
export function checkScope({ scopes }: Grant, ...wanted: readonly string[]): void {
  if (['sp:scopes:all', ...wanted].some((scope) => scopes.includes(scope))) return;
  throw new Refusal(403, 'The server understood the request but refuses to authorize it.');
}

function tokenView(token: string, scopes: readonly string[], jti: string): object {
  return {
    access_token: token,
    token_type: 'bearer',
    expires_in: LIFETIME_S,
    scope: scopes.join(' '),
    tenant_id: '0b6f4c2e-9a51-4d7c-8f10-3e5a7b9c1d24',
    org: 'acme-lab',
    pod: 'lab01',
    internal: false,
    strong_auth: false,
    strong_auth_supported: false,
    enabled: true,
    jti,
  };
}

function refusal(status: number, error: string, description: string): SimulatedResponse {
  return { status, body: { error, error_description: description } };
}
