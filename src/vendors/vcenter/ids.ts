import { GatewayError } from '../../domain/errors.ts';
import { decodeNativeId, encodeNativeId } from '../../domain/native-id.ts';

/** What a job id names: a schedule, or one backup that was started by hand. */
export interface JobKey {
  readonly kind: 'schedule' | 'backup';
  readonly id: string;
}

/** The one protected object of every appliance. */
export const APPLIANCE_ID = 'appliance';

export function encodeJobId({ kind, id }: JobKey): string {
  return encodeNativeId([kind, id]);
}

/** Undefined for a text that names no job of this vendor. */
export function decodeJobId(nativeId: string): JobKey | undefined {
  const [kind, id, ...others] = partsOf(nativeId);
  if (id === undefined || others.length > 0) return undefined;
  return kind === 'schedule' || kind === 'backup' ? { kind, id } : undefined;
}

export function encodeRunId(id: string): string {
  return encodeNativeId([id]);
}

/** Undefined for a text that names no run of this vendor. */
export function decodeRunId(nativeId: string): string | undefined {
  const [id, ...others] = partsOf(nativeId);
  return others.length > 0 ? undefined : id;
}

function partsOf(nativeId: string): readonly string[] {
  try {
    return decodeNativeId(nativeId);
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}
