import { decodeNativeId, encodeNativeId } from '../../domain/native-id.ts';

/** What a job is at the vendor: a scheduled action, or a backup record that is its own single run. */
export interface JobKey {
  readonly kind: 'action' | 'backup';
  readonly id: string;
}

/** The one protected object of a source. */
export const TENANT_ID = 'tenant';

export function encodeJobId({ kind, id }: JobKey): string {
  return encodeNativeId([kind, id]);
}

export function encodeRunId(jobId: string): string {
  return encodeNativeId([jobId]);
}

/** Undefined when the text is not the id of a job of this vendor. */
export function decodeJobId(nativeId: string): JobKey | undefined {
  const [kind, id, ...more] = partsOf(nativeId);
  if (id === undefined || more.length > 0 || (kind !== 'action' && kind !== 'backup')) return undefined;
  return { kind, id };
}

/** The vendor's `jobId`; undefined when the text is not the id of a run of this vendor. */
export function decodeRunId(nativeId: string): string | undefined {
  const [id, ...more] = partsOf(nativeId);
  return more.length > 0 ? undefined : id;
}

function partsOf(nativeId: string): readonly string[] {
  try {
    return decodeNativeId(nativeId);
  } catch {
    return [];
  }
}
