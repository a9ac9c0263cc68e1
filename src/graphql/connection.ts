import { createHash } from 'node:crypto';
import { GatewayError } from '../domain/errors.ts';
import { takePage, type CompositePosition, type Order, type Position } from '../domain/page.ts';
import type { SourceReading, SourceResult } from './aggregate.ts';

/** Where a page lies in its list; cursors are undefined on an empty page. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | undefined;
  readonly endCursor: string | undefined;
}

export interface Connection<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | undefined;
  readonly sources: readonly SourceResult[];
}

export interface PageArguments {
  readonly first: number;
  readonly after?: string | undefined;
}

/** Longest page that is given out. */
export const MAX_PAGE_SIZE = 500;

/** Checks a page size. @throws INVALID_INPUT naming the argument. */
export function checkPageSize(first: number, argument = 'first', most = MAX_PAGE_SIZE, least = 0): number {
  if (first >= least && first <= most) return first;
  throw new GatewayError('INVALID_INPUT', `Argument "${argument}" is to be ${least} to ${most}.`, { argument });
}

/**
 * One page over the rows of several readings.
 *
 * `list` names the list and everything that its cursors are bound to: a cursor of another list, filter or order is refused.
 */
export function connect<Row>(
  readings: readonly SourceReading<Row>[],
  fits: (row: Row) => boolean,
  order: Order<Row>,
  list: readonly unknown[],
  { first, after }: PageArguments,
): Connection<Row> {
  const fingerprint = fingerprintOf(list);
  const request = {
    first: checkPageSize(first),
    after: after === undefined ? undefined : decodeCursor(after, fingerprint),
  };
  const fitting = new Map(readings.map((reading) => [reading, reading.rows.filter(fits)]));
  const page = takePage({
    ...request,
    answered: new Map(
      readings.filter(({ answered }) => answered).map((reading) => [reading.source.key, fitting.get(reading) ?? []]),
    ),
    absent: readings.filter(({ answered }) => !answered).map(({ source }) => source.key),
    order,
  });
  const edges = page.rows.map(({ row, cursor }) => ({ node: row, cursor: encodeCursor(cursor, fingerprint) }));
  const results = readings.map((reading) => reading.result(fitting.get(reading)?.length ?? 0));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
    totalCount: results.every(({ outcome }) => outcome === 'OK' || outcome === 'STALE')
      ? results.reduce((sum, { count }) => sum + count, 0)
      : undefined,
    sources: results,
  };
}

/** Checks page arguments before anything is read. @throws INVALID_INPUT naming the argument. */
export function checkPage({ first, after }: PageArguments, list: readonly unknown[]): void {
  checkPageSize(first);
  if (after !== undefined) decodeCursor(after, fingerprintOf(list));
}

/** Cursors of a list that is ordered newest first, of one store: bound to the list like all others. */
export function placeCursors(list: readonly unknown[]): (place: { readonly at: Date; readonly id: string }) => string {
  const fingerprint = fingerprintOf(list);
  return ({ at, id }) => encodeCursor({ at: { value: at.getTime(), tie: id }, behind: {} }, fingerprint);
}

/** The place that such a cursor stands for. @throws INVALID_INPUT naming the argument. */
export function decodePlace(
  after: string | undefined,
  list: readonly unknown[],
): { readonly at: Date; readonly id: string } | undefined {
  if (after === undefined) return undefined;
  const { at } = decodeCursor(after, fingerprintOf(list));
  return typeof at.value === 'number' ? { at: new Date(at.value), id: at.tie } : refuseCursor('it cannot be read');
}

function fingerprintOf(list: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(list, sortedKeys)).digest('base64url').slice(0, 12);
}

/** Equal objects give equal text, whatever the order of their members. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function encodeCursor({ at, behind }: CompositePosition, fingerprint: string): string {
  const places = Object.entries(behind).map(([key, place]) => [key, place === null ? null : [place.value, place.tie]]);
  return Buffer.from(JSON.stringify([fingerprint, at.value, at.tie, Object.fromEntries(places)])).toString('base64url');
}

function decodeCursor(cursor: string, fingerprint: string): CompositePosition {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return refuseCursor('it cannot be read');
  }
  if (!Array.isArray(content) || content.length !== 4) return refuseCursor('it cannot be read');
  const [madeFor, value, tie, behind] = content as unknown[];
  if (madeFor !== fingerprint) return refuseCursor('it was made with another filter or order');
  const at = positionOf([value, tie]);
  if (at === undefined || typeof behind !== 'object' || behind === null || Array.isArray(behind))
    return refuseCursor('it cannot be read');
  const places: Record<string, Position | null> = {};
  for (const [key, place] of Object.entries(behind as Record<string, unknown>)) {
    const position = place === null ? null : positionOf(place);
    if (position === undefined) return refuseCursor('it cannot be read');
    places[key] = position;
  }
  return { at, behind: places };
}

function refuseCursor(why: string): never {
  throw new GatewayError('INVALID_INPUT', `Argument "after" is not a cursor of this list: ${why}.`, {
    argument: 'after',
  });
}

function positionOf(place: unknown): Position | undefined {
  if (!Array.isArray(place) || place.length !== 2) return undefined;
  const [value, tie] = place as unknown[];
  if (typeof tie !== 'string') return undefined;
  return value === null || typeof value === 'string' || typeof value === 'number' ? { value, tie } : undefined;
}
