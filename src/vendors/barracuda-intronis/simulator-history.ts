import type { SimulatedRequest } from '../../simulation/simulated-server.ts';
import type { Link, Listing, Row } from './simulator-format.ts';
import type { Action } from './simulator-rows.ts';

/** A page request that the vendor refuses; the message goes to the client. */
export class BadQuery extends Error {}

export interface PageQuery {
  readonly page: number;
  readonly pageSize: number;
}

export function pageQuery(query: URLSearchParams, largest: number): PageQuery {
  return { page: numberIn(query, 'page', 1, 1_000_000), pageSize: numberIn(query, 'page_size', 10, largest) };
}

/** Actions as asked: `since`, `type`, `status`, `order_by`, `order_dir`; oldest first unless told. */
export function wantedActions(actions: readonly Action[], query: URLSearchParams): Action[] {
  const since = query.has('since') ? Date.parse(query.get('since') ?? '') : -Infinity;
  if (Number.isNaN(since)) throw new BadQuery('since is not a date');
  const type = wordIn(query, 'type', ['BACKUP', 'RESTORE', 'DELETE']);
  const status = wordIn(query, 'status', STATUSES);
  const order = wordIn(query, 'order_by', ['LOCAL_START', 'TYPE', 'STATUS']) ?? 'LOCAL_START';
  const sign = wordIn(query, 'order_dir', ['ASC', 'DESC']) === 'DESC' ? -1 : 1;
  return actions
    .filter((action) => action.at >= since)
    .filter((action) => type === undefined || action.type === type)
    .filter((action) => status === undefined || action.status === status)
    .toSorted((a, b) => sign * (compareBy(order, a, b) || a.at - b.at));
}

/** One page of rows. `count` is the number of rows on all pages; links lead to the first and the next page. */
export function pageOf<T>(
  element: string,
  all: readonly T[],
  view: (value: T) => Row,
  { page, pageSize }: PageQuery,
  request: SimulatedRequest,
): Listing {
  const from = (page - 1) * pageSize;
  const endless = request.endlessPaging;
  const values = endless && all.length > 0 ? cycle(all, from, pageSize) : all.slice(from, from + pageSize);
  const count = endless ? page * pageSize + 1 : all.length;
  const links: Link[] = [pageLink(request, 'first', 1)];
  if (page > 1) links.push(pageLink(request, 'prev', page - 1));
  if (endless || from + pageSize < all.length) links.push(pageLink(request, 'next', page + 1));
  return { element, page, pageSize, count, links: all.length === 0 && !endless ? [] : links, rows: values.map(view) };
}

export function wordIn<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const word = words.find((known) => known === text);
  if (word === undefined) throw new BadQuery(`${name} is not one of ${words.join(', ')}`);
  return word;
}

const STATUSES = ['UNINITIALIZED', 'RUNNING', 'PAUSED', 'SUCCESS', 'CANCELING', 'CANCELED', 'ERROR'] as const;

function compareBy(order: 'LOCAL_START' | 'TYPE' | 'STATUS', a: Action, b: Action): number {
  switch (order) {
    case 'LOCAL_START':
      return a.at - b.at;
    case 'TYPE':
      return a.type < b.type ? -1 : Number(a.type > b.type);
    case 'STATUS':
      return a.status < b.status ? -1 : Number(a.status > b.status);
  }
}

function numberIn(query: URLSearchParams, name: string, otherwise: number, largest: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > largest) throw new BadQuery(`${name} is not a number from 1 to ${largest}`);
  return value;
}

/** The vendor's links to other pages name a path that is none of theirs (`/computer/`); the query is right. */
function pageLink(request: SimulatedRequest, rel: string, page: number): Link {
  const query = new URLSearchParams(request.query);
  query.set('page', String(page));
  return { rel, path: `${request.path.replace('/computers/', '/computer/')}?${query.toString()}` };
}

function cycle<T>(values: readonly T[], from: number, size: number): T[] {
  return Array.from({ length: size }, (_, index) => values[(from + index) % values.length]).filter(
    (value) => value !== undefined,
  );
}
