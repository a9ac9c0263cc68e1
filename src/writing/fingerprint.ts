import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Secret } from '../domain/secret.ts';
import type { WriteContent } from './write-ask.ts';

/**
 * Stands for the content of a write, so that a repeat can be told from another wish with the same key.
 *
 * Secrets belong to the content, and must not be guessed from the store: they go in through scrypt with a salt of their own.
 */
export async function fingerprintOf(sourceKey: string, content: WriteContent): Promise<string> {
  const { text, secrets } = canonical(sourceKey, content);
  if (secrets === '') return text;
  const salt = randomBytes(16);
  return `${text}.${salt.toString('base64url')}.${(await derive(secrets, salt)).toString('base64url')}`;
}

/** Whether a kept fingerprint stands for this content. */
export async function fingerprintFits(fingerprint: string, sourceKey: string, content: WriteContent): Promise<boolean> {
  const { text, secrets } = canonical(sourceKey, content);
  const [keptText, salt, kept] = fingerprint.split('.');
  if (keptText !== text || (kept === undefined) !== (secrets === '')) return false;
  if (salt === undefined || kept === undefined) return true;
  return timingSafeEqual(Buffer.from(kept, 'base64url'), await derive(secrets, Buffer.from(salt, 'base64url')));
}

function derive(secrets: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secrets, salt, 32, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** A digest of everything but the secrets, and the secrets in one text. */
function canonical(sourceKey: string, content: WriteContent): { readonly text: string; readonly secrets: string } {
  const secrets: string[] = [];
  const plain = (value: unknown): unknown => {
    if (value instanceof Secret) {
      secrets.push(value.reveal());
      return '[secret]';
    }
    if (value instanceof Date) return value.toISOString();
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, plain(member)]),
    );
  };
  const text = JSON.stringify([sourceKey, plain(content)]);
  return {
    text: createHash('sha256').update(text).digest('base64url'),
    secrets: secrets.length === 0 ? '' : JSON.stringify(secrets),
  };
}
