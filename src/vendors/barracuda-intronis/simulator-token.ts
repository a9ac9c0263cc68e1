import { SeededRandom } from '../../simulation/random.ts';
import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import { json } from './simulator-format.ts';

export const CLIENT = {
  clientId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  clientSecret: '00112233445566778899aabbccddeeff',
} as const;

export type Scope =
  'accounts_read' | 'accounts_write' | 'computers_read' | 'computers_write' | 'partners_read' | 'partners_write';

const SCOPES: ReadonlySet<string> = new Set([
  'accounts_read',
  'accounts_write',
  'computers_read',
  'computers_write',
  'partners_read',
  'partners_write',
]);
const LIFETIME_S = 3600;

interface Grant {
  readonly expiresAt: number;
  readonly scopes: ReadonlySet<string>;
}

/**
 * The token host: OAuth 2 draft 10 with the grant type `none`. Scopes are joined by a plus that is sent as %2B; a blank is
 * refused. The answer's `expires_in` is text, and there is no refresh token. Errors have draft 10's form.
 */
export class TokenDesk {
  readonly #random: SeededRandom;
  readonly #grants = new Map<string, Grant>();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed ^ 0x1b2a);
  }

  issue(request: SimulatedRequest, now: number): SimulatedResponse {
    const type = request.headers['content-type'] ?? '';
    if (!type.startsWith('application/x-www-form-urlencoded')) return refusal('invalid_request');
    const form = new URLSearchParams(request.body);
    if (form.get('grant_type') !== 'none') return refusal('unsupported_grant_type');
    if (form.get('client_id') !== CLIENT.clientId || form.get('client_secret') !== CLIENT.clientSecret)
      return refusal('invalid_client');
    const scopes = (form.get('scope') ?? '').split('+');
    if (!scopes.every((scope) => SCOPES.has(scope))) return refusal('invalid_scope');
    const token = this.#random.uuid().replaceAll('-', '').slice(0, 20);
    this.#grants.set(token, { expiresAt: now + LIFETIME_S * 1000, scopes: new Set(scopes) });
    return json(200, { access_token: token, expires_in: String(LIFETIME_S) });
  }

  /** What keeps the request out; undefined when it may pass. */
  check(request: SimulatedRequest, scope: Scope, now: number): 'unauthorized' | 'forbidden' | undefined {
    const token = /^OAuth (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const grant = token === undefined ? undefined : this.#grants.get(token);
    if (grant === undefined || now >= grant.expiresAt) return 'unauthorized';
    return grant.scopes.has(scope) ? undefined : 'forbidden';
  }
}

function refusal(error: string): SimulatedResponse {
  return json(400, { error });
}
