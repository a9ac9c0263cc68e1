/**
 * Pages over rows of several sources, of which any may be missing from any page.
 *
 * A cursor is a *composite position*: how far each source has been read, in the order of the list. A source that did not answer
 * keeps its place, so that its rows come on a later page once it answers again: out of order then, but never lost.
 */

/** A row's place in an order: the value it is ordered by and, among equals, its own name. Null counts as greater than any value. */
export interface Position {
  readonly value: string | number | null;
  readonly tie: string;
}

export interface Order<Row> {
  readonly position: (row: Row) => Position;
  readonly descending: boolean;
}

/** `at` holds for every source that is not in `behind`; null there means that nothing of that source has been read. */
export interface CompositePosition {
  readonly at: Position;
  readonly behind: Readonly<Record<string, Position | null>>;
}

export interface PageRequest<Row> {
  /** Rows of the sources that answered, by source key. */
  readonly answered: ReadonlyMap<string, readonly Row[]>;
  /** Keys of the sources that did not. */
  readonly absent: readonly string[];
  readonly order: Order<Row>;
  readonly after: CompositePosition | undefined;
  readonly first: number;
}

export interface Page<Row> {
  readonly rows: readonly { readonly row: Row; readonly cursor: CompositePosition }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The next `first` rows of all sources together, in order, after the composite position. */
export function takePage<Row>(request: PageRequest<Row>): Page<Row> {
  const { answered, absent, order, after, first } = request;
  const compare = (a: Position, b: Position): number => comparePositions(a, b) * (order.descending ? -1 : 1);
  const read = (sourceKey: string): Position | null =>
    after === undefined ? null : Object.hasOwn(after.behind, sourceKey) ? (after.behind[sourceKey] ?? null) : after.at;

  const remaining: Placed<Row>[] = [];
  let skipped = 0;
  for (const [sourceKey, rows] of answered) {
    const done = read(sourceKey);
    for (const row of rows) {
      const position = order.position(row);
      if (done === null || compare(position, done) > 0) remaining.push({ row, sourceKey, position });
      else skipped += 1;
    }
  }
  remaining.sort((a, b) => compare(a.position, b.position));

  const frozen = new Map(absent.map((sourceKey) => [sourceKey, read(sourceKey)]));
  const taken = remaining.slice(0, first);
  return {
    rows: taken.map(({ row, position }) => ({ row, cursor: cursorAt(position) })),
    hasNextPage: remaining.length > taken.length,
    hasPreviousPage: skipped > 0,
  };

  /** Where every source stands when the row at this position has been read. */
  function cursorAt(position: Position): CompositePosition {
    const at = after === undefined || compare(position, after.at) > 0 ? position : after.at;
    const behind: Record<string, Position | null> = {};
    for (const [sourceKey, place] of frozen) {
      if (place === null || compare(place, at) < 0) behind[sourceKey] = place;
    }
    for (const sourceKey of answered.keys()) {
      const place = read(sourceKey);
      const reached = place === null || compare(position, place) > 0 ? position : place;
      if (compare(reached, at) < 0) behind[sourceKey] = reached;
    }
    return { at, behind };
  }
}

interface Placed<Row> {
  readonly row: Row;
  readonly sourceKey: string;
  readonly position: Position;
}

/** Ascending: by value, text by code unit, null last; equals by name. */
export function comparePositions(a: Position, b: Position): number {
  if (a.value !== b.value) {
    if (a.value === null) return 1;
    if (b.value === null) return -1;
    if (typeof a.value === typeof b.value) return a.value < b.value ? -1 : 1;
    return typeof a.value === 'number' ? -1 : 1;
  }
  return a.tie < b.tie ? -1 : a.tie > b.tie ? 1 : 0;
}
