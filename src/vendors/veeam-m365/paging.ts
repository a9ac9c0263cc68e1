import { GatewayError } from '../../domain/errors.ts';
import type { Drift } from '../../transport/drift.ts';
import { readArray, readObject, readRows, type ObjectReader } from '../../transport/reader.ts';
import type { Reading } from '../../transport/source-http.ts';

/** Where a page begins; undefined parameters are not sent. */
export interface Place {
  readonly offset: number;
  readonly limit: number | undefined;
  /** The server's own key of the list that is being paged through, from v6 on. */
  readonly setId: string | undefined;
}

/** One page, its rows read one by one: a row that cannot be read is a problem and costs only itself. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly problems: readonly GatewayError[];
  /** Rows in the answer, the unreadable ones included. */
  readonly length: number;
  /** The page size that the server says; undefined for a bare array. */
  readonly limit: number | undefined;
  /** Rows of all pages; v6 and v7 may tell. */
  readonly total: number | undefined;
  readonly isArray: boolean;
  /** What the link to the next page says; undefined when there is no such link. The link itself is never followed. */
  readonly next: Partial<Place> | undefined;
}

/**
 * Reads a list, which is a bare array or an object with `results`: which of the two differs by version, list, and between the
 * vendor's document and its servers.
 *
 * @throws MALFORMED_RESPONSE when it is neither.
 */
export function parsePage<T>(body: unknown, parse: (row: ObjectReader) => T, drift: Drift): Page<T> {
  const isArray = Array.isArray(body);
  const page = isArray ? undefined : readObject(body);
  const elements = page === undefined ? readArray(body) : page.array('results');
  const { rows, problems } = readRows(elements, parse, drift);
  const limit = page?.optionalInteger('limit');
  const total = page?.optionalInteger('totalCount');
  return { rows, problems, length: elements.length, limit, total, isArray, next: page && nextOf(page) };
}

function nextOf(page: ObjectReader): Partial<Place> | undefined {
  const href = hrefOf(page, 'next');
  if (href === undefined) return undefined;
  const query = new URLSearchParams(/\?([^#]*)/.exec(href)?.[1] ?? '');
  const parameter = (name: string): string | undefined => [...query].find(([key]) => key.toLowerCase() === name)?.[1];
  const place: { offset?: number; limit?: number; setId?: string } = {};
  const [offset, limit, setId] = ['offset', 'limit', 'setid'].map(parameter);
  if (offset !== undefined && /^\d{1,9}$/.test(offset)) place.offset = Number(offset);
  if (limit !== undefined && /^[1-9]\d{0,8}$/.test(limit)) place.limit = Number(limit);
  if (setId !== undefined && /^[\w-]{1,64}$/.test(setId)) place.setId = setId;
  return place;
}

/** The address of a link; undefined when there is none. Names of links are compared without case. */
export function hrefOf(thing: ObjectReader, link: string): string | undefined {
  const links = thing.value['_links'];
  if (typeof links !== 'object' || links === null) return undefined;
  const found = Object.entries(links).find(([name]) => name.toLowerCase() === link.toLowerCase())?.[1] as unknown;
  const href = typeof found === 'object' && found !== null && 'href' in found ? found.href : undefined;
  return typeof href === 'string' && href !== '' ? href : undefined;
}

/** A row and when its page was asked for. */
export interface FetchedRow<T> {
  readonly row: T;
  readonly fetchedAt: Date;
}

/** The rows of all pages, no key twice, and what could not be read of them. */
export interface PagedRows<T> {
  readonly rows: readonly FetchedRow<T>[];
  readonly problems: readonly GatewayError[];
}

export interface PagingOptions<T> {
  readonly sourceKey: string;
  /** Page size to ask for; undefined where the list takes none. */
  readonly limit: number | undefined;
  /** Rows with the same key are one row; a row without one is always new. */
  readonly keyOf: (row: T) => string | undefined;
}

/**
 * Reads page after page until the list ends: a page that is empty, shorter than its size, or holds nothing new.
 *
 * The first page's failure is thrown. Later ones, the page limit, a `next` that leads nowhere and an empty page that promises more
 * leave the rows so far, with a problem.
 */
export async function readPages<T>(
  readPage: (place: Place) => Promise<Reading<Page<T>>>,
  { sourceKey, limit, keyOf }: PagingOptions<T>,
): Promise<PagedRows<T>> {
  const rows: FetchedRow<T>[] = [];
  const problems: GatewayError[] = [];
  const seen = new Set<string>();
  const stop = (problem: GatewayError): PagedRows<T> => ({ rows, problems: [...problems, problem] });
  let received = 0;
  let place: Place = { offset: 0, limit, setId: undefined };
  for (let number = 1; ; number += 1) {
    const reading = await readPage(place).catch((error: unknown) => laterFailure(error, number));
    if (reading instanceof GatewayError) return stop(reading);
    const { value: page, fetchedAt } = reading;
    const fresh = page.rows.filter((row) => isNew(keyOf(row), seen));
    for (const row of fresh) rows.push({ row, fetchedAt });
    problems.push(...page.problems.map((problem) => ofSource(problem, sourceKey)));
    const next = placeAfter(page, place);
    received += page.length;
    if (isHollow(page, received)) return stop(cut(sourceKey, `page ${number} is empty`));
    if (next === undefined) return { rows, problems };
    const repeats = number > 1 && fresh.length === 0 && page.rows.length > 0;
    if (repeats && page.next === undefined) return { rows, problems };
    if (repeats || next.offset <= place.offset) return stop(cut(sourceKey, 'a page repeats'));
    if (number >= MAX_PAGES) return stop(cut(sourceKey, `${MAX_PAGES} pages are the limit`));
    place = next;
  }
}

const MAX_PAGES = 100;

/** Where the next page begins; undefined when this was the last one. */
function placeAfter<T>({ length, limit, isArray, next }: Page<T>, place: Place): Place | undefined {
  if (length === 0) return undefined;
  const offset = place.offset + length;
  if (next !== undefined) return { offset, limit: limit ?? place.limit, setId: place.setId, ...next };
  const size = limit ?? place.limit;
  // An array longer than what was asked for comes from a server that does not page.
  const isFull = size !== undefined && (isArray ? length === size : length >= size);
  return isFull ? { offset, limit: size, setId: place.setId } : undefined;
}

/** A page without rows, though a link or the total of all pages promises some. */
function isHollow<T>({ length, next, total }: Page<T>, received: number): boolean {
  return length === 0 && (next !== undefined || (total ?? 0) > received);
}

function isNew(key: string | undefined, seen: Set<string>): boolean {
  if (key === undefined) return true;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function laterFailure(error: unknown, page: number): GatewayError {
  if (page > 1 && error instanceof GatewayError && error.code !== 'CANCELLED_BY_CALLER') return error;
  throw error;
}

/** The error with the source's key, when it has none yet. */
function ofSource(error: GatewayError, sourceKey: string): GatewayError {
  if (error.sourceKey !== undefined) return error;
  return new GatewayError(error.code, `Source "${sourceKey}": ${error.message}`, { sourceKey, cause: error });
}

function cut(sourceKey: string, why: string): GatewayError {
  return new GatewayError('MALFORMED_RESPONSE', `Source "${sourceKey}": the list is cut, ${why}.`, { sourceKey });
}
