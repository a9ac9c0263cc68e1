import { GatewayError } from '../domain/errors.ts';

/**
 * One vendor key as a path segment, percent-encoded.
 *
 * @throws NOT_FOUND for keys that no vendor has and that a server could read as something else than one segment: empty, dots
 * alone, control characters, half a character.
 */
export function pathSegment(key: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are just what is refused
  if (key === '' || /^\.+$/.test(key) || /[\u0000-\u001f\u007f]/.test(key) || !key.isWellFormed()) {
    throw new GatewayError('NOT_FOUND', 'A key that cannot stand in a path names nothing.');
  }
  return encodeURIComponent(key);
}

/** Query text with its question mark; undefined values are left out, arrays repeat the name. Empty when nothing is left. */
export function queryText(
  query: Readonly<Record<string, string | number | readonly string[] | undefined>> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
