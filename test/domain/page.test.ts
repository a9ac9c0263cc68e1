import { describe, expect, it } from 'vitest';
import { takePage, type CompositePosition, type Order } from '../../src/domain/page.ts';
import { SeededRandom } from '../../src/simulation/random.ts';

interface Row {
  readonly source: string;
  readonly value: number | string | null;
  readonly name: string;
}

const ascending: Order<Row> = {
  descending: false,
  position: ({ source, value, name }) => ({ value, tie: `${source}/${name}` }),
};
const descending: Order<Row> = { ...ascending, descending: true };

function rows(source: string, ...values: (number | string | null)[]): Row[] {
  return values.map((value, index) => ({ source, value, name: String(index) }));
}

/** Reads all pages; `down` tells which sources do not answer page n. */
function readAll(
  all: ReadonlyMap<string, Row[]>,
  order: Order<Row>,
  first: number,
  down: (page: number) => string[] = () => [],
): Row[] {
  const seen: Row[] = [];
  let after: CompositePosition | undefined;
  for (let page = 0; page < 1000; page += 1) {
    const absent = down(page);
    const answered = new Map([...all].filter(([key]) => !absent.includes(key)));
    const answer = takePage({ answered, absent, order, after, first });
    seen.push(...answer.rows.map(({ row }) => row));
    after = answer.rows.at(-1)?.cursor ?? after;
    if (!answer.hasNextPage && absent.length === 0) return seen;
  }
  throw new Error('the pages never end');
}

describe('domain/page', () => {
  it('merges sources in order, with null as greatest', () => {
    const all = new Map([
      ['a', rows('a', 1, 5, null)],
      ['b', rows('b', 3, 4)],
    ]);
    expect(readAll(all, ascending, 2).map(({ value }) => value)).toEqual([1, 3, 4, 5, null]);
    expect(readAll(all, descending, 2).map(({ value }) => value)).toEqual([null, 5, 4, 3, 1]);
  });

  it('says whether there is more, before and behind', () => {
    const answered = new Map([['a', rows('a', 1, 2, 3)]]);
    const first = takePage({ answered, absent: [], order: ascending, after: undefined, first: 2 });
    expect([first.hasPreviousPage, first.hasNextPage]).toEqual([false, true]);
    const second = takePage({ answered, absent: [], order: ascending, after: first.rows[1]?.cursor, first: 2 });
    expect([second.hasPreviousPage, second.hasNextPage]).toEqual([true, false]);
    expect(second.rows.map(({ row }) => row.value)).toEqual([3]);
  });

  it('keeps the place of a source that is down, and gives its rows once it answers', () => {
    const all = new Map([
      ['a', rows('a', 1, 4, 7)],
      ['b', rows('b', 2, 3, 9)],
    ]);
    const values = readAll(all, ascending, 2, (page) => (page === 0 ? ['b'] : [])).map(({ value }) => value);
    expect(values.slice(0, 2)).toEqual([1, 4]);
    expect(values.toSorted()).toEqual([1, 2, 3, 4, 7, 9]);
  });

  it('keeps a place that lies in the middle while the source is down later', () => {
    const all = new Map([
      ['a', rows('a', 1, 2, 3, 4, 5)],
      ['b', rows('b', 1.5, 2.5, 3.5)],
    ]);
    const values = readAll(all, ascending, 2, (page) => (page === 1 ? ['b'] : [])).map(({ value }) => value);
    expect(values.slice(0, 4)).toEqual([1, 1.5, 2, 3]);
    expect(values.toSorted()).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4, 5]);
  });

  it('gives every row exactly once, whatever is down when (2,000 generated lists)', () => {
    const random = new SeededRandom(7);
    for (let round = 0; round < 2_000; round += 1) {
      const keys = ['a', 'b', 'c', 'd'].slice(0, random.integer(1, 4));
      const all = new Map(
        keys.map((key) => {
          const values = Array.from({ length: random.integer(0, 12) }, () =>
            random.next() < 0.1 ? null : random.integer(0, 9),
          );
          return [key, rows(key, ...values)] as const;
        }),
      );
      const outages = Array.from({ length: 30 }, () => keys.filter(() => random.next() < 0.25));
      const order = random.next() < 0.5 ? ascending : descending;
      const seen = readAll(all, order, random.integer(1, 5), (page) => outages[page] ?? []);
      const expected = [...all.values()].flat();
      expect(seen).toHaveLength(expected.length);
      expect(new Set(seen)).toEqual(new Set(expected));
    }
  });
});
