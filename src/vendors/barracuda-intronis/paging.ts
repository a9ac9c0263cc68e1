import { GatewayError } from '../../domain/errors.ts';
import { malformed } from '../../transport/reader.ts';
import type { Reading } from '../../transport/source-http.ts';
import type { Page } from './wire.ts';

/** A row and when its page was asked for. */
export interface FetchedRow<T> {
  readonly row: T;
  readonly fetchedAt: Date;
}

/** The rows of all pages, and what could not be read of them. */
export interface PagedRows<T> {
  readonly rows: readonly FetchedRow<T>[];
  readonly problems: readonly GatewayError[];
}

export interface PagingOptions<T> {
  readonly sourceKey: string;
  readonly maxPages: number;
  /** Rows alike in this text are the same row; a page without any new one ends the reading. */
  readonly keyOf: (row: T) => string;
  /** Whether a page without a `next` link has a successor when its count says so; else only the link counts. */
  readonly trustsCount: boolean;
  /** Ends the reading early when the rows so far are all that is wanted. */
  readonly isEnough?: ((rows: readonly FetchedRow<T>[]) => boolean) | undefined;
}

/**
 * Reads page after page, by number: the vendor's `next` link says that there is one more, and is never followed.
 *
 * The first page's failure is thrown. Later ones, a page limit, and a page that repeats or is empty before the count is reached
 * leave the rows so far, with a problem.
 */
export async function readPages<T>(
  readPage: (page: number) => Promise<Reading<Page<T>>>,
  options: PagingOptions<T>,
): Promise<PagedRows<T>> {
  const rows: FetchedRow<T>[] = [];
  const problems: GatewayError[] = [];
  const seen = new Set<string>();
  let received = 0;
  const stop = (problem: GatewayError): PagedRows<T> => ({ rows, problems: [...problems, problem] });
  for (let number = 1; ; number += 1) {
    const page = await readPage(number).catch((error: unknown) => laterFailure(error, number));
    if (page instanceof GatewayError) return stop(page);
    const { value, fetchedAt } = page;
    if (number === 1) refuseHollow(value);
    const fresh = value.rows.filter((row) => !seen.has(options.keyOf(row)));
    for (const row of fresh) {
      rows.push({ row, fetchedAt });
      seen.add(options.keyOf(row));
    }
    problems.push(...value.problems.map((problem) => ofSource(problem, options.sourceKey)));
    received += value.rows.length + value.problems.length;
    if (isHollow(value, received, options)) return stop(cut(options.sourceKey, `page ${number} is empty`));
    if (!hasMore(value, number, options)) return { rows, problems };
    if (fresh.length === 0 && value.rows.length > 0) return stop(cut(options.sourceKey, `page ${number} repeats`));
    if (options.isEnough?.(rows) === true) return { rows, problems };
    if (number >= options.maxPages) return stop(cut(options.sourceKey, `${number} pages are the limit`));
  }
}

/** The error with the source's key, when it has none yet. */
export function ofSource(error: GatewayError, sourceKey: string): GatewayError {
  if (error.sourceKey !== undefined) return error;
  return reworded(error, `Source "${sourceKey}": ${error.message}`, sourceKey);
}

/** The same error saying where it was met. */
export function reworded(error: GatewayError, message: string, sourceKey: string): GatewayError {
  const { httpStatus, nativeCode, retryAfter } = error;
  return new GatewayError(error.code, message, { sourceKey, httpStatus, nativeCode, retryAfter, cause: error });
}

function hasMore<T>(page: Page<T>, number: number, options: PagingOptions<T>): boolean {
  const length = page.rows.length + page.problems.length;
  if (length === 0) return false;
  if (page.hasNext) return true;
  if (!options.trustsCount || page.pageSize === undefined) return false;
  return page.count === undefined ? length >= page.pageSize : number * page.pageSize < page.count;
}

/** A page without rows, though more are counted than all pages so far have given. */
function isHollow<T>({ rows, problems, count }: Page<T>, received: number, { trustsCount }: PagingOptions<T>): boolean {
  return trustsCount && rows.length + problems.length === 0 && (count ?? 0) > received;
}

/** An empty list that says it has rows would look whole. */
function refuseHollow<T>({ rows, problems, count }: Page<T>): void {
  if (rows.length + problems.length === 0 && (count ?? 0) > 0)
    throw malformed('$.list', 'a list of rows, though rows are counted');
}

function laterFailure(error: unknown, page: number): GatewayError {
  if (page > 1 && error instanceof GatewayError && error.code !== 'CANCELLED_BY_CALLER') return error;
  throw error;
}

function cut(sourceKey: string, why: string): GatewayError {
  return new GatewayError('MALFORMED_RESPONSE', `Source "${sourceKey}": the list is cut, ${why}.`, { sourceKey });
}
