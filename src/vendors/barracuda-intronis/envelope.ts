import { decodeJson, decodeXml, type HttpResponse } from '../../transport/decode.ts';
import { malformed, readArray, readObject, type Element } from '../../transport/reader.ts';
import { repairConditionTypes } from './repair.ts';

/** Format that the API is asked to answer in. */
export type Format = 'json' | 'xml';

/**
 * A page of rows, the same from JSON and from XML.
 *
 * Rows have the member names of the JSON form without blanks around them; `condition_types` is an array of texts. `count` is the
 * number of rows over all pages, where told.
 */
export interface Envelope {
  readonly rows: readonly Element[];
  readonly count: number | undefined;
  readonly pageSize: number | undefined;
  readonly hasNext: boolean;
}

/**
 * Reads a list document.
 *
 * @throws MALFORMED_RESPONSE when it is not a list.
 */
export function readEnvelope(response: HttpResponse, format: Format): Envelope {
  return format === 'json' ? fromJson(decodeJson(response)) : fromXml(decodeXmlDocument(response));
}

/** Reads the document of a single thing: an object, or a root element named after it. */
export function readResource(response: HttpResponse, format: Format, root: string): void {
  if (format === 'json') readObject(decodeJson(response));
  else if (!Object.hasOwn(readObject(decodeXmlDocument(response)).value, root)) throw malformed('$', `<${root}>`);
}

/** Element names that are lists however many there are. */
const LISTS: ReadonlySet<string> = new Set([
  'backup_status',
  'action',
  'usage',
  'link',
  'condition_type',
  'condition_types',
]);

function decodeXmlDocument(response: HttpResponse): unknown {
  return decodeXml(response, { lists: LISTS, repair: repairConditionTypes });
}

function fromJson(body: unknown): Envelope {
  const envelope = readObject(trimKeys(body));
  const links = envelope.value['links'];
  return {
    rows: envelope.array('list').map(({ value, path }) => ({ value: rowFromJson(value), path })),
    count: envelope.optionalInteger('count'),
    pageSize: envelope.optionalInteger('page_size'),
    hasNext: Array.isArray(links) && links.some((link) => relOf(trimKeys(link), 'rel') === 'next'),
  };
}

function fromXml(document: unknown): Envelope {
  const { value } = readObject(document);
  if (!Object.hasOwn(value, 'list')) throw malformed('$', 'a <list>');
  // An element without attributes and children is the empty text.
  const root = readObject(value['list'] === '' ? {} : value['list'], '$.list');
  const links = root.value['link'];
  return {
    rows: readArray(rowsOfXml(root.value), '$.list').map((row) => ({ ...row, value: rowFromXml(row.value) })),
    count: root.optionalInteger('@count'),
    pageSize: root.optionalInteger('@page_size'),
    hasNext: Array.isArray(links) && links.some((link) => relOf(link, '@rel') === 'next'),
  };
}

function relOf(link: unknown, name: string): unknown {
  return typeof link === 'object' && link !== null ? (link as Record<string, unknown>)[name] : undefined;
}

/** The vendor prints keys with a blank at the end; where both spellings stand, the clean one counts. */
function trimKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  const clean = new Set(entries.map(([key]) => key));
  return Object.fromEntries(
    entries
      .filter(([key]) => key === key.trim() || !clean.has(key.trim()))
      .map(([key, member]) => [key.trim(), member]),
  );
}

function rowFromJson(value: unknown): unknown {
  const row = trimKeys(value);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const { condition_type: single, condition_types: types, ...others } = row as Record<string, unknown>;
  const told = types ?? single;
  if (told === undefined || told === null) return others;
  return { ...others, condition_types: typeof told === 'string' ? [told] : told };
}

/** The rows of a list: every child that is no link, whatever its name, because not every report's element name is documented. */
function rowsOfXml(root: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(root)
    .filter(([name]) => !name.startsWith('@') && name !== '#text' && name !== 'link' && name !== 'links')
    .flatMap(([, rows]) => rows);
}

function rowFromXml(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const row: Record<string, unknown> = {};
  const types: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (name === 'condition_type' || name === 'condition_types') types.push(...textsIn(member));
    else if (!name.startsWith('@') && name !== '#text' && name !== 'link') row[name] = textOf(member);
  }
  return types.length === 0 ? row : { ...row, condition_types: types };
}

/** The texts of repeated elements, also of ones nested in them. */
function textsIn(member: unknown): string[] {
  if (typeof member === 'string') return [member];
  if (Array.isArray(member)) return member.flatMap(textsIn);
  if (typeof member !== 'object' || member === null) return [];
  return Object.entries(member).flatMap(([name, inner]) => (name.startsWith('@') ? [] : textsIn(inner)));
}

/** An element with attributes parses to an object; its text is what counts. */
function textOf(member: unknown): unknown {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
  const names = Object.keys(member);
  if ('#text' in member) return member['#text'];
  return names.every((name) => name.startsWith('@')) ? '' : member;
}
