import { GatewayError } from '../../domain/errors.ts';
import { ofSource, reworded } from './paging.ts';

/** One piece of a reading that comes in pieces: what it gave, or why it gave nothing. */
export interface Part<T> {
  readonly username: string;
  /** Undefined when the piece is a whole account's. */
  readonly computerId: string | undefined;
  readonly rows: readonly T[];
  readonly problems: readonly GatewayError[];
  readonly failure: GatewayError | undefined;
}

/**
 * Reads one piece; its failure stays its own.
 *
 * A caller that has gone, and errors that are not the vendor's, still end the whole reading.
 */
export async function readPart<T>(
  sourceKey: string,
  owner: { readonly username: string; readonly computerId?: string | undefined },
  read: () => Promise<{ readonly rows: readonly T[]; readonly problems: readonly GatewayError[] }>,
): Promise<Part<T>> {
  const { username, computerId } = owner;
  try {
    return { username, computerId, ...(await read()), failure: undefined };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'CANCELLED_BY_CALLER') throw error;
    return { username, computerId, rows: [], problems: [], failure: ofSource(error, sourceKey) };
  }
}

/** @throws the first failure when every part failed: then nothing could be read. */
export function throwIfAllFailed(parts: readonly Part<unknown>[]): void {
  const failures = parts.map(({ failure }) => failure);
  if (failures[0] !== undefined && failures.every((failure) => failure !== undefined)) throw failures[0];
}

/**
 * The same for reads by key, where a part that is missing or forbidden says something about its keys only.
 *
 * @throws the first failure when every part failed and none of them for a reason of its own.
 */
export function throwIfSourceFailed(parts: readonly Part<unknown>[]): void {
  if (!parts.some(({ failure }) => failure?.code === 'NOT_FOUND' || failure?.code === 'PERMISSION'))
    throwIfAllFailed(parts);
}

/** Everything that went wrong in the parts, saying in which, for a list of the source's own things. */
export function problemsOf(parts: readonly Part<unknown>[]): readonly GatewayError[] {
  return parts.flatMap((part) =>
    troubles(part).map((error) => reworded(error, `${nameOf(part)}: ${error.message}`, error.sourceKey ?? '')),
  );
}

/** What went wrong in the parts that could have told about a computer of an account. */
export function problemsAbout(
  parts: readonly Part<unknown>[],
  { username, computerId }: { readonly username: string; readonly computerId: string },
): readonly GatewayError[] {
  return parts
    .filter((part) => part.username === username && (part.computerId ?? computerId) === computerId)
    .flatMap(troubles);
}

export function rowsOf<T>(parts: readonly Part<T>[]): readonly T[] {
  return parts.flatMap(({ rows }) => rows);
}

/** Runs the work for each item, a few at a time; results stand in the items' order. */
export async function mapBounded<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results.set(index, await work(items[index] as T));
  };
  await Promise.all(Array.from({ length: Math.min(items.length, AT_ONCE) }, worker));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

/** Enough to keep the source's own concurrency limit busy, which is what bounds the requests. */
const AT_ONCE = 16;

function troubles({ failure, problems }: Part<unknown>): readonly GatewayError[] {
  return failure === undefined ? problems : [failure, ...problems];
}

function nameOf({ username, computerId }: Part<unknown>): string {
  const account = `account ${JSON.stringify(username)}`;
  return computerId === undefined ? `In ${account}` : `On computer ${JSON.stringify(computerId)} of ${account}`;
}
