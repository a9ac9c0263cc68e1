import { GatewayError } from '../domain/errors.ts';
import type { Drift } from './drift.ts';

/**
 * Reads unknown data into checked values.
 *
 * Strict about what is required, lenient about how vendors write it: numbers and booleans may come as text, an absent member, null
 * and (for dates and optional text) `""` all mean "not told". Everything else of a wrong type throws MALFORMED_RESPONSE naming the
 * path, such as `$.results[3].id is not text`.
 */
export function readObject(value: unknown, path = '$', drift?: Drift): ObjectReader {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(path, 'an object');
  return new ObjectReader(value as Record<string, unknown>, path, drift);
}

/** The elements of an array with their paths. */
export function readArray(value: unknown, path = '$'): readonly Element[] {
  if (!Array.isArray(value)) throw malformed(path, 'an array');
  return value.map((element: unknown, index) => ({ value: element, path: `${path}[${index}]` }));
}

/**
 * Reads rows one by one, so that a bad row costs only itself.
 *
 * Answers the good rows, and for each bad one the error that names its position.
 */
export function readRows<T>(
  elements: readonly Element[],
  parse: (row: ObjectReader) => T,
  drift?: Drift,
): { rows: T[]; problems: GatewayError[] } {
  const rows: T[] = [];
  const problems: GatewayError[] = [];
  for (const { value, path } of elements) {
    try {
      rows.push(parse(readObject(value, path, drift)));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      problems.push(error);
    }
  }
  return { rows, problems };
}

export interface Element {
  readonly value: unknown;
  readonly path: string;
}

export class ObjectReader {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly #drift: Drift | undefined;

  constructor(value: Readonly<Record<string, unknown>>, path: string, drift: Drift | undefined) {
    this.value = value;
    this.path = path;
    this.#drift = drift;
  }

  keys(): string[] {
    return Object.keys(this.value);
  }

  /** Text that must be there and not be empty; a number is taken as its decimal text. */
  text(key: string): string {
    return this.optionalText(key) ?? this.#refuse(key, 'text');
  }

  /** Text, where `""` counts as not told. */
  optionalText(key: string): string | undefined {
    const text = this.plainText(key);
    return text === '' ? undefined : text;
  }

  /** Text as told, `""` included. */
  plainText(key: string): string | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    return this.#refuse(key, 'text');
  }

  optionalBoolean(key: string): boolean | undefined {
    const value = this.#get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    if (word === 'true' || word === 'false') return word === 'true';
    return word === '' ? undefined : this.#refuse(key, 'a boolean');
  }

  /** A whole number within the safe range. */
  optionalInteger(key: string): number | undefined {
    const number = this.optionalNumber(key);
    if (number === undefined || Number.isSafeInteger(number)) return number;
    return this.#refuse(key, 'a whole number');
  }

  optionalNumber(key: string): number | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string') {
      if (value.trim() === '') return undefined;
      if (/^[+-]?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
    }
    return this.#refuse(key, 'a number');
  }

  /** A whole number of any size, such as bytes. */
  optionalBigInt(key: string): bigint | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    if (typeof value === 'string') {
      if (value.trim() === '') return undefined;
      if (/^[+-]?\d+$/.test(value.trim())) return BigInt(value.trim());
    }
    return this.#refuse(key, 'a whole number');
  }

  /**
   * An instant: RFC 3339 with `Z` or an offset and 0 to 9 fractional digits, cut to milliseconds.
   *
   * Absent, null and `""` are "not told". Text in another form is not told either, and counted in the drift: a wall clock is no
   * instant, and guessing its zone would be inventing one.
   */
  optionalInstant(key: string): Date | undefined {
    const value = this.#get(key);
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) return undefined;
    if (typeof value !== 'string') return this.#refuse(key, 'an instant');
    const instant = parseInstant(value);
    if (instant === undefined) this.#drift?.value(this.#at(key).replace(/\[\d+\]/g, '[]'), 'not an instant');
    return instant;
  }

  instant(key: string): Date {
    return this.optionalInstant(key) ?? this.#refuse(key, 'an instant with an offset');
  }

  object(key: string): ObjectReader {
    return readObject(this.#get(key), this.#at(key), this.#drift);
  }

  optionalObject(key: string): ObjectReader | undefined {
    return this.#get(key) === undefined ? undefined : this.object(key);
  }

  array(key: string): readonly Element[] {
    return readArray(this.#get(key), this.#at(key));
  }

  /** Elements; absent and null are an empty array. */
  optionalArray(key: string): readonly Element[] {
    return this.#get(key) === undefined ? [] : this.array(key);
  }

  /** An array of texts; absent and null are an empty array. */
  texts(key: string): string[] {
    return this.optionalArray(key).map(({ value, path }) => {
      if (typeof value === 'string') return value;
      if (typeof value === 'number') return String(value);
      throw malformed(path, 'text');
    });
  }

  /** A member whose name is compared without case and surrounding blanks, for vendors that drift; its real name or undefined. */
  nameLike(key: string): string | undefined {
    const wanted = key.toLowerCase();
    return this.keys().find((name) => name.trim().toLowerCase() === wanted);
  }

  #get(key: string): unknown {
    return Object.hasOwn(this.value, key) ? (this.value[key] ?? undefined) : undefined;
  }

  #at(key: string): string {
    return /^[A-Za-z_@][\w@]*$/.test(key) ? `${this.path}.${key}` : `${this.path}[${JSON.stringify(key)}]`;
  }

  #refuse(key: string, wanted: string): never {
    throw malformed(this.#at(key), wanted);
  }
}

/** Reads RFC 3339 text; undefined when it is not one instant. */
export function parseInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text.trim());
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', offset = ''] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const instant = new Date(`${date}T${time}.${milliseconds}${offset === 'z' ? 'Z' : offset}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** MALFORMED_RESPONSE for a path in a vendor's document. The value itself is never shown. */
export function malformed(path: string, wanted: string): GatewayError {
  return new GatewayError('MALFORMED_RESPONSE', `${path} is not ${wanted}`);
}
