import { SeededRandom } from '../../simulation/random.ts';
import type { SimulatedRequest } from '../../simulation/simulated-server.ts';
import { Refusal } from './simulator-answers.ts';
import { printInstant } from './simulator-views.ts';

/** The account of the credentials; the colon in the password is there to be read right. */
export const CREDENTIALS = { username: 'svc-backup@vsphere.local', password: 'Sichern:2026!' } as const;

/** May log in with the same password, and may not use the appliance API. */
const OBSERVER = 'observer@vsphere.local';

/** A session ends after this time without a call; the vendor's own figure is not confirmed, this is the shortest one told. */
const IDLE_MS = 300_000;

export interface Session {
  readonly token: string;
  readonly user: string;
  readonly createdAt: number;
  lastAccessedAt: number;
}

/** Sessions of both styles: a token of the one is good for the other. */
export class Sessions {
  readonly #max: number;
  readonly #random: SeededRandom;
  readonly #open = new Map<string, Session>();

  constructor(max: number, seed: number) {
    this.#max = max;
    this.#random = new SeededRandom(seed ^ 0x5e55);
  }

  /** @throws Refusal for wrong credentials, and when too many sessions are open. */
  create(request: SimulatedRequest, now: number): Session {
    const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
    const [, user = '', password] = /^([^:]*):([^]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    const known = [CREDENTIALS.username, OBSERVER].includes(user.toLowerCase());
    if (scheme?.toLowerCase() !== 'basic' || !known || password !== CREDENTIALS.password) throw unauthenticated();
    for (const [token, session] of this.#open) if (isOver(session, now)) this.#open.delete(token);
    if (this.#open.size >= this.#max)
      throw new Refusal(
        'SERVICE_UNAVAILABLE',
        'User session count is limited.',
        'com.vmware.vapi.endpoint.sessionLimit',
      );
    const session = { token: this.#newToken(), user, createdAt: now, lastAccessedAt: now };
    this.#open.set(session.token, session);
    return session;
  }

  /** @throws Refusal when there is no living session. */
  use(request: SimulatedRequest, now: number): Session {
    const session = this.#open.get(tokenOf(request));
    if (session === undefined || isOver(session, now)) throw unauthenticated();
    session.lastAccessedAt = now;
    return session;
  }

  end(session: Session): void {
    this.#open.delete(session.token);
  }

  #newToken(): string {
    return this.#random.uuid().replaceAll('-', '');
  }
}

export function sessionView({ user, createdAt, lastAccessedAt }: Session): object {
  return { user, created_time: printInstant(createdAt), last_accessed_time: printInstant(lastAccessedAt) };
}

/** @throws Refusal for accounts outside of the group that rules the appliance. */
export function checkRight({ user }: Session): void {
  if (user.toLowerCase() !== OBSERVER) return;
  throw new Refusal(
    'UNAUTHORIZED',
    'Unable to authorize user.',
    'com.vmware.vapi.endpoint.method.authorization.failure',
  );
}

export function unauthenticated(): Refusal {
  return new Refusal('UNAUTHENTICATED', 'Authentication required.', 'com.vmware.vapi.endpoint.method.authentication');
}

function isOver({ lastAccessedAt }: Session, now: number): boolean {
  return now - lastAccessedAt >= IDLE_MS;
}

function tokenOf({ headers }: SimulatedRequest): string {
  const header = headers['vmware-api-session-id'];
  if (typeof header === 'string') return header;
  return /(?:^|;\s*)vmware-api-session-id=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? '';
}
