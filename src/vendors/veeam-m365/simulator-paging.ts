import type { SimulatedRequest } from '../../simulation/simulated-server.ts';

/** Keeps the lists that pages are cut from, by `setId`, so that pages of one walk fit together while the list grows (v6+). */
export class PageSets {
  readonly #sets = new Map<string, readonly unknown[]>();
  #count = 0;

  keep(rows: readonly unknown[]): string {
    this.#count += 1;
    const id = `set-${this.#count}`;
    this.#sets.set(id, rows);
    const oldest = this.#sets.keys().next().value;
    if (this.#sets.size > 16 && oldest !== undefined) this.#sets.delete(oldest);
    return id;
  }

  find(id: string | null): readonly unknown[] | undefined {
    return id === null ? undefined : this.#sets.get(id);
  }
}

export interface PageRequest {
  readonly version: number;
  readonly request: SimulatedRequest;
  readonly sets: PageSets;
  /** Address of the list, without the query. */
  readonly href: string;
  readonly defaultLimit: number;
}

/** One page as the server wraps it, or what is wrong with `offset` and `limit`. No total but in v6 and v7. */
export function pageOf<Row>(rows: readonly Row[], view: (row: Row) => unknown, page: PageRequest): object | string {
  const { version, request, sets } = page;
  const offset = numberIn(request.query, 'offset', 0);
  const limit = numberIn(request.query, 'limit', page.defaultLimit);
  if (offset === undefined || offset < 0) return 'offset must be a number of 0 or more.';
  if (limit === undefined || limit < 1 || limit > MAX_LIMIT) return `limit must be a number from 1 to ${MAX_LIMIT}.`;
  const all = (sets.find(request.query.get('setId')) as readonly Row[] | undefined) ?? rows;
  const endless = request.endlessPaging && all.length > 0;
  const cut = endless ? cycle(all, offset, limit) : all.slice(offset, offset + limit);
  const more = request.endlessPaging || offset + limit < all.length;
  const setId = version >= 6 && more ? (request.query.get('setId') ?? sets.keep(all)) : request.query.get('setId');
  const link = (from: number): object => ({ href: linkHref(page, from, limit, setId) });
  return {
    offset,
    limit,
    ...(version >= 6 ? { setId } : {}),
    ...(version === 6 || version === 7 ? { totalCount: all.length } : {}),
    results: cut.map(view),
    _links: {
      self: link(offset),
      first: link(0),
      ...(offset > 0 ? { prev: link(Math.max(0, offset - limit)) } : {}),
      ...(more ? { next: link(offset + limit) } : {}),
    },
  };
}

const MAX_LIMIT = 10_000;

function numberIn(query: URLSearchParams, name: string, otherwise: number): number | undefined {
  const text = query.get(name);
  if (text === null) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function linkHref({ request, href }: PageRequest, offset: number, limit: number, setId: string | null): string {
  const query = new URLSearchParams(request.query);
  query.set('offset', String(offset));
  query.set('limit', String(limit));
  if (setId !== null) query.set('setId', setId);
  return `${href}?${query.toString()}`;
}

function cycle<Row>(rows: readonly Row[], offset: number, limit: number): Row[] {
  return Array.from(
    { length: Math.min(limit, rows.length) },
    (_, index) => rows[(offset + index) % rows.length],
  ).filter((row) => row !== undefined);
}
