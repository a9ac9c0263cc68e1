import { GatewayError } from '../../domain/errors.ts';
import type { Drift } from '../../transport/drift.ts';
import {
  malformed,
  parseInstant,
  readArray,
  readObject,
  type Element,
  type ObjectReader,
} from '../../transport/reader.ts';

/** A map of things by id, its entries read one by one. */
export interface WireMap<T> {
  readonly rows: ReadonlyMap<string, T>;
  readonly broken: readonly BrokenRow[];
}

/** An entry that could not be read, with what could be seen of it all the same. */
export interface BrokenRow {
  /** Undefined when not even the key could be read. */
  readonly id: string | undefined;
  readonly error: GatewayError;
  readonly type: string | undefined;
  readonly startedAt: Date | undefined;
}

/**
 * /rest writes a map as an array of key and value, /api as an object; either is read in either style.
 *
 * Whether ids can repeat is not documented: of equal keys the first counts, unless a later one counts more.
 */
export function parseMap<T>(
  { value, path }: Element,
  parse: (row: ObjectReader) => T,
  drift: Drift,
  countsMore: (later: T, earlier: T) => boolean = () => false,
): WireMap<T> {
  const rows = new Map<string, T>();
  const broken: BrokenRow[] = [];
  for (const entry of entriesOf(value, path)) {
    try {
      const id = entry.id();
      const row = parse(readObject(entry.value, entry.path, drift));
      const earlier = rows.get(id);
      if (earlier === undefined || countsMore(row, earlier)) rows.set(id, row);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      broken.push(brokenRow(entry, error));
    }
  }
  return { rows, broken: broken.filter(({ id }) => id === undefined || !rows.has(id)) };
}

interface Entry extends Element {
  /** @throws MALFORMED_RESPONSE when there is none. */
  id(): string;
}

function entriesOf(value: unknown, path: string): readonly Entry[] {
  if (Array.isArray(value)) return readArray(value, path).map(pairEntry);
  return Object.entries(readObject(value, path).value).map(([key, member]) => {
    const memberPath = `${path}[${JSON.stringify(key.slice(0, MAX_SHOWN_KEY))}]`;
    return { id: () => checkedId(key, memberPath), value: member, path: memberPath };
  });
}

function pairEntry({ value, path }: Element): Entry {
  const pair = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return { id: () => checkedId(pair['key'], `${path}.key`), value: pair['value'], path: `${path}.value` };
}

const MAX_SHOWN_KEY = 64;

function checkedId(value: unknown, path: string): string {
  if (!isId(value)) throw malformed(path, 'an id');
  return value;
}

/** Half characters could not be carried by any id of ours. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function brokenRow({ id, value }: Entry, error: GatewayError): BrokenRow {
  const members = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { type, start_time: start } = members;
  return {
    id: idOrNone(id),
    error,
    type: typeof type === 'string' ? type : undefined,
    startedAt: typeof start === 'string' ? parseInstant(start) : undefined,
  };
}

function idOrNone(id: () => string): string | undefined {
  try {
    return id();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
