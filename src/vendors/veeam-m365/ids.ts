import { encodeNativeId } from '../../domain/native-id.ts';

/** Whether a text is a GUID, in either case. Every key of this vendor is one, and nothing else ever stands in a path. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The ids among the given ones that name something of this vendor: GUIDs as the gateway writes them. */
export function guidsAmong(nativeIds: readonly string[]): ReadonlySet<string> {
  return new Set(nativeIds.filter((id) => isGuid(id) && id === id.toLowerCase()));
}

/** What a job protects: a whole organisation, or the selection of the job with that id. */
export interface ObjectKey {
  readonly kind: 'organization' | 'selection';
  readonly id: string;
}

export function encodeObjectId({ kind, id }: ObjectKey): string {
  return encodeNativeId([kind, id]);
}

/** Undefined when the text is not the id of an object of this vendor. */
export function decodeObjectId(nativeId: string): ObjectKey | undefined {
  const [kind, id = '', ...more] = nativeId.split('/');
  if (more.length > 0 || guidsAmong([id]).size === 0) return undefined;
  return kind === 'organization' || kind === 'selection' ? { kind, id } : undefined;
}
