import type { SimulatedResponse } from '../../simulation/simulated-server.ts';

export type Format = 'json' | 'xml';

/** Members in the order in which both formats write them; undefined leaves a member out. */
export type Row = Readonly<Record<string, string | number | null | undefined | readonly string[]>>;

export interface Link {
  readonly rel: string;
  /** Path and query; the vendor's own host is put before it. */
  readonly path: string;
  readonly title?: string;
}

export interface Listing {
  /** Name of a row's element in XML. */
  readonly element: string;
  readonly page: number;
  readonly pageSize: number;
  /** Rows over all pages. */
  readonly count: number;
  readonly links: readonly Link[];
  readonly rows: readonly Row[];
}

/** How XML is written. `mismatched`: the closing tag of a condition type is the one of the printed sample. */
export interface XmlStyle {
  readonly mismatched: boolean;
}

const ORIGIN = 'https://api.intronis.com';

export function listAnswer(listing: Listing, format: Format, style: XmlStyle): SimulatedResponse {
  const { page, pageSize, count, links, rows } = listing;
  if (format === 'json')
    return json(200, { page, page_size: pageSize, count, links: links.map(linkMembers), list: rows });
  const head = `page="${page}" page_size="${pageSize}" count="${count}"`;
  if (rows.length === 0 && links.length === 0) return xml(200, `<list ${head}/>`);
  const inner = [...links.map(linkElement), ...rows.map((row) => element(listing.element, row, style))];
  return xml(200, `<list ${head}>\n${inner.join('\n')}\n</list>`);
}

export function singleAnswer(name: string, row: Row, links: readonly Link[], format: Format): SimulatedResponse {
  if (format === 'json') return json(200, { ...row, ...(links.length > 0 ? { links: links.map(linkMembers) } : {}) });
  const inner = memberElements(row, { mismatched: false }) + links.map(linkElement).join('');
  return xml(200, `<${name}>${inner}</${name}>`);
}

/** The vendor's pages show no error body; this form is ours. */
export function errorAnswer(status: number, message: string, format: Format): SimulatedResponse {
  if (format === 'json') return json(status, { code: status, message });
  return xml(status, `<error><code>${status}</code><message>${escape(message)}</message></error>`);
}

export function json(status: number, body: unknown): SimulatedResponse {
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function xml(status: number, body: string): SimulatedResponse {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
  return { status, headers: { 'content-type': 'application/xml' }, body: text };
}

function linkMembers({ rel, path, title }: Link): object {
  return { ...(title === undefined ? {} : { title }), rel, href: ORIGIN + path };
}

function linkElement({ rel, path, title }: Link): string {
  const titled = title === undefined ? '' : ` title="${escape(title)}"`;
  return `<link${titled} rel="${rel}" href="${escape(ORIGIN + path)}"/>`;
}

function element(name: string, row: Row, style: XmlStyle): string {
  return `<${name}>${memberElements(row, style)}</${name}>`;
}

/** JSON's list `condition_types` is one element `condition_type` for each value; null is an empty element. */
function memberElements(row: Row, style: XmlStyle): string {
  return Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      if (Array.isArray(value)) return value.map((type) => typeElement(String(type), style)).join('');
      const text = value === null || value === '' ? '' : escape(String(value));
      return text === '' ? `<${name}/>` : `<${name}>${text}</${name}>`;
    })
    .join('');
}

function typeElement(type: string, { mismatched }: XmlStyle): string {
  return `<condition_type>${type}</condition_type${mismatched ? 's' : ''}>`;
}

/** Letters beyond ASCII go out as they are up to U+00DF and as decimal references above, so that readers meet both. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll(/[\u{e0}-\u{ffff}]/gu, (letter) => `&#${letter.codePointAt(0)};`);
}
