import { GatewayError } from '../../domain/errors.ts';
import type { ByNativeId } from '../contract.ts';
import type { PagedRows } from './paging.ts';

/** Up to so many ids are read one by one; for more a list is the cheaper call. */
export const MAX_SINGLE_READS = 3;

/**
 * Reads ids one by one, side by side.
 *
 * An id that does not exist is absent, one that cannot be read has its error.
 * @throws the first error when no id at all was answered.
 */
export async function readEach<T>(ids: Iterable<string>, read: (id: string) => Promise<T>): Promise<ByNativeId<T>> {
  const answers = new Map<string, T | GatewayError>();
  const failures: GatewayError[] = [];
  let asked = 0;
  await Promise.all(
    [...ids].map(async (id) => {
      asked += 1;
      try {
        answers.set(id, await read(id));
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code === 'CANCELLED_BY_CALLER') throw error;
        if (error.code === 'NOT_FOUND') return;
        failures.push(error);
        answers.set(id, error);
      }
    }),
  );
  const [failure] = failures;
  if (failure !== undefined && failures.length === asked) throw failure;
  return answers;
}

/**
 * Picks ids out of a list.
 *
 * An id that is not in a whole list does not exist; when some of the list could not be read, that is the id's error.
 */
export function pickFrom<Wire extends { readonly id: string }, T>(
  list: PagedRows<Wire>,
  ids: Iterable<string>,
  map: (row: PagedRows<Wire>['rows'][number]) => T,
): ByNativeId<T> {
  const rows = new Map(list.rows.map((fetched) => [fetched.row.id, fetched]));
  const answers = new Map<string, T | GatewayError>();
  for (const id of ids) {
    const fetched = rows.get(id);
    const answer = fetched === undefined ? list.problems[0] : map(fetched);
    if (answer !== undefined) answers.set(id, answer);
  }
  return answers;
}

/** Takes a failure as the result of one part of a reading; what is not about the source, or ends the whole, is thrown on. */
export function asPartFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.code !== 'CANCELLED_BY_CALLER') return error;
  throw error;
}
