import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, CallerRole } from '../domain/caller.ts';
import type { Secret } from '../domain/secret.ts';

/** A caller as configured. */
export interface CallerConfig {
  readonly name: string;
  readonly role: CallerRole;
  readonly key: Secret;
}

/** Everybody on this machine, while no callers are configured. */
const LOCAL: Caller = { name: 'local', role: 'ADMIN' };

/** Tells who asks, by API key. Of the keys only SHA-256 hashes are kept. */
export class Callers {
  /** Whether a key is needed; without one everybody is the caller `local`. */
  readonly areConfigured: boolean;
  readonly #known: readonly { readonly caller: Caller; readonly hash: Buffer }[];

  constructor(configured: readonly CallerConfig[]) {
    this.areConfigured = configured.length > 0;
    this.#known = configured.map(({ name, role, key }) => ({ caller: { name, role }, hash: hashOf(key.reveal()) }));
  }

  /** Who sent these headers; undefined without a key that is known. */
  identify(headers: IncomingHttpHeaders): Caller | undefined {
    return this.#holderOf(keyIn(headers));
  }

  /** The same for files, which spreadsheets and calendar programs fetch: they know no other header than `Authorization: Basic`. */
  identifyForFile(headers: IncomingHttpHeaders): Caller | undefined {
    return this.#holderOf(basicPasswordIn(headers) ?? keyIn(headers));
  }

  /** Every key is compared in full, whichever it is and whether one was found: the time tells nothing. */
  #holderOf(key: string): Caller | undefined {
    if (!this.areConfigured) return LOCAL;
    const presented = hashOf(key);
    let found: Caller | undefined;
    for (const { caller, hash } of this.#known) {
      if (timingSafeEqual(hash, presented)) found = caller;
    }
    return found;
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The key of `Authorization: Bearer`, else of `x-api-key`; empty, which no key is, when there is neither. */
function keyIn({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string {
  const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (typeof apiKey === 'string' ? apiKey : '');
}

/** The password of `Authorization: Basic`, with any user name; undefined without that header. */
function basicPasswordIn({ authorization }: IncomingHttpHeaders): string | undefined {
  const encoded = /^basic +([\w+/]+=*) *$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:?/, '');
}
