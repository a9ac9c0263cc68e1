import { decodeNativeId, encodeNativeId } from '../../domain/native-id.ts';
import { parseInstant } from '../../transport/reader.ts';

/**
 * Names a backup set on a computer.
 *
 * `username` is the account as configured, which is the one in the path; rows may carry another. `set` is the set's name, else
 * the computer's, else the computer's id.
 */
export interface SetKey {
  readonly username: string;
  readonly computerId: string;
  readonly set: string;
}

/** Names a run; `startedAt` is undefined for a report row that tells no beginning. */
export interface RunKey extends SetKey {
  readonly startedAt: Date | undefined;
}

export function encodeJobId({ username, computerId, set }: SetKey): string {
  return encodeNativeId([username, computerId, set]);
}

export function encodeRunId({ username, computerId, set, startedAt }: RunKey): string {
  return encodeNativeId([username, computerId, set, startedAt?.toISOString() ?? WITHOUT_START]);
}

/** Undefined when the text is not the id of a job of this vendor. */
export function decodeJobId(nativeId: string): SetKey | undefined {
  const [username, computerId, set, ...more] = partsOf(nativeId);
  if (username === undefined || computerId === undefined || set === undefined || more.length > 0) return undefined;
  return { username, computerId, set };
}

/** Undefined when the text is not the id of a run of this vendor. */
export function decodeRunId(nativeId: string): RunKey | undefined {
  const [username, computerId, set, start, ...more] = partsOf(nativeId);
  if (username === undefined || computerId === undefined || set === undefined || start === undefined) return undefined;
  if (more.length > 0) return undefined;
  const startedAt = parseInstant(start);
  if (startedAt === undefined ? start !== WITHOUT_START : startedAt.toISOString() !== start) return undefined;
  return { username, computerId, set, startedAt };
}

const WITHOUT_START = 'report';

function partsOf(nativeId: string): readonly string[] {
  try {
    return decodeNativeId(nativeId);
  } catch {
    return [];
  }
}
