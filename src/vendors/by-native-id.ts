import type { GatewayError } from '../domain/errors.ts';
import type { ByNativeId } from './contract.ts';

/** The vendor's keys behind native ids, by id; an id that is none of this vendor's is left out. */
export function keysById<Key>(
  nativeIds: readonly string[],
  decode: (nativeId: string) => Key | undefined,
): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>();
  for (const id of nativeIds) {
    const key = decode(id);
    if (key !== undefined) keys.set(id, key);
  }
  return keys;
}

/** One entry for each id that has an answer; an id without one does not exist at the vendor. */
export function answers<Key, T>(
  wanted: ReadonlyMap<string, Key>,
  answer: (key: Key, id: string) => T | GatewayError | undefined,
): ByNativeId<T> {
  const found = new Map<string, T | GatewayError>();
  for (const [id, key] of wanted) {
    const value = answer(key, id);
    if (value !== undefined) found.set(id, value);
  }
  return found;
}
