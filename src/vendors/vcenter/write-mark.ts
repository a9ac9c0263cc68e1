import type { JsonValue } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { VCenterDay } from '../../domain/write-request.ts';

/** By what the effect of a write is recognised; kept in the store, so it holds no secret and is plain JSON. */
export type Mark = FolderMark | RunMark | EndedMark | ScheduleMark | GoneMark;

/** A new backup into a folder of its own. `before`: the backups that there were, from an appliance that tells no folders. */
export interface FolderMark {
  readonly kind: 'folder';
  readonly folder: string;
  readonly before: readonly string[] | null;
}

/** A new backup that a schedule was told to make. */
export interface RunMark {
  readonly kind: 'run';
  readonly schedule: string;
  readonly before: readonly string[];
}

/** The end of a backup. */
export interface EndedMark {
  readonly kind: 'ended';
  readonly run: string;
}

/** A schedule as it is wanted; null is not looked at. */
export interface ScheduleMark {
  readonly kind: 'schedule';
  readonly schedule: string;
  readonly enable: boolean | null;
  readonly recurrence: { readonly hour: number; readonly minute: number; readonly days: readonly VCenterDay[] } | null;
  readonly keep: number | null;
}

/** A schedule that is no longer there. */
export interface GoneMark {
  readonly kind: 'gone';
  readonly schedule: string;
}

export function encodeMark(mark: Mark): JsonValue {
  // Marks are made of JSON alone; an interface lacks only the index signature.
  return mark as unknown as JsonValue;
}

/** @throws INTERNAL for what `encodeMark` did not make. */
export function decodeMark(mark: JsonValue): Mark {
  const kind = typeof mark === 'object' && mark !== null && 'kind' in mark ? mark['kind'] : undefined;
  if (typeof kind !== 'string' || !KINDS.has(kind)) throw new GatewayError('INTERNAL', 'A mark is not one of vCenter.');
  // Only this folder writes marks of these kinds.
  return mark as unknown as Mark;
}

const KINDS: ReadonlySet<string> = new Set<Mark['kind']>(['folder', 'run', 'ended', 'schedule', 'gone']);
