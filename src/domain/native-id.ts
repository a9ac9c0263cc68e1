import { GatewayError } from './errors.ts';

/**
 * A native id is the vendor's own key of a thing, as parts joined by `/`.
 *
 * Shape: each part is percent-encoded, so `['oak_clinic', '0107', 'C: drive']` is `oak_clinic/0107/C%3A%20drive`. The text is
 * stable, readable and safe in a URL path; two things of one type and one source never share it.
 */
export function encodeNativeId(parts: readonly string[]): string {
  return parts.map(encodePart).join('/');
}

/**
 * The parts of a native id.
 *
 * @throws INVALID_INPUT when a part is empty or not percent-encoded as `encodeNativeId` does it.
 */
export function decodeNativeId(nativeId: string): readonly string[] {
  return nativeId.split('/').map(decodePart);
}

const NODE_TYPES = ['VendorSource', 'BackupJob', 'BackupRun', 'ProtectedObject', 'BackupOperation'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** What a global id says: the type, the source, and the vendor's key there (empty for a source itself). */
export interface GlobalId {
  readonly type: NodeType;
  readonly sourceKey: string;
  readonly nativeId: string;
}

const PREFIX = 'gid://backup/';

/** `gid://backup/<Type>/<sourceKey>/<native id>`; a source has no native id. */
export function encodeGlobalId(type: NodeType, sourceKey: string, nativeId = ''): string {
  return nativeId === '' ? `${PREFIX}${type}/${sourceKey}` : `${PREFIX}${type}/${sourceKey}/${nativeId}`;
}

/**
 * Reads a global id back.
 *
 * Only the exact text that `encodeGlobalId` writes is accepted, so that no two ids name one thing.
 * @throws INVALID_INPUT naming the argument; the message never repeats the id.
 */
export function decodeGlobalId(id: string, argument: string, expected?: NodeType): GlobalId {
  const refuse = (why: string): never => {
    throw new GatewayError('INVALID_INPUT', `Argument "${argument}" is not a global id: ${why}.`, { argument });
  };
  if (!id.startsWith(PREFIX)) refuse(`it does not begin with "${PREFIX}"`);
  if (id.length > 2048) refuse('it is longer than 2048 characters');
  const [typeName = '', sourceKey = '', ...parts] = id.slice(PREFIX.length).split('/');
  const type = NODE_TYPES.find((name) => name === typeName);
  if (type === undefined) return refuse('it names no known type');
  if (expected !== undefined && type !== expected) refuse(`it names a ${type}, and a ${expected} is wanted`);
  if (!SOURCE_KEY.test(sourceKey)) refuse('it names no source');
  if ((type === 'VendorSource') !== (parts.length === 0)) refuse('its native key does not fit its type');
  const nativeId = parts.join('/');
  try {
    if (parts.length > 0) decodeNativeId(nativeId);
  } catch {
    refuse('its native key is not percent-encoded as the gateway writes it');
  }
  return { type, sourceKey, nativeId };
}

/** Form of an operator's source key. */
export const SOURCE_KEY = /^[a-z0-9][a-z0-9-]*$/;

function encodePart(part: string): string {
  const encoded = encodeURIComponent(part).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  // A part of dots alone would be a path step wherever the id ends up in a URL.
  return /^\.+$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
}

function decodePart(part: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(part);
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', 'A native id has a part that is not percent-encoded.', { cause });
  }
  if (decoded === '' || encodePart(decoded) !== part) {
    throw new GatewayError(
      'INVALID_INPUT',
      'A native id has a part that is empty or not encoded as the gateway writes it.',
    );
  }
  return decoded;
}
