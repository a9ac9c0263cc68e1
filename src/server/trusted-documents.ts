import { createHash } from 'node:crypto';

/** Texts of operations by their ids, `sha256:` and the hexadecimal hash of the text: what codegen writes as its manifest. */
export type DocumentManifest = ReadonlyMap<string, string>;

/** A problem of a manifest, for whoever configured it. */
export interface ManifestProblem {
  readonly problem: string;
}

/** Reads a manifest: one JSON object of texts by id. Each id has to be the hash of its text. */
export function parseManifest(text: string): DocumentManifest | ManifestProblem {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return { problem: 'is not a JSON object of texts by id' };
  const entries = Object.entries(parsed);
  if (entries.length === 0) return { problem: 'holds no document' };
  const manifest = new Map<string, string>();
  for (const [id, document] of entries) {
    if (typeof document !== 'string' || idOf(document) !== fullId(id))
      return { problem: `holds an entry whose id is not the SHA-256 hash of its text: ${id.slice(0, 80)}` };
    manifest.set(fullId(id), document);
  }
  return manifest;
}

/** What a request says of its document. */
export interface NamedDocument {
  readonly query?: unknown;
  /** As in the draft of GraphQL over HTTP on persisted documents. */
  readonly documentId?: unknown;
  /** Apollo and urql send `persistedQuery: { sha256Hash }` here. */
  readonly extensions?: unknown;
}

/** The text to be carried out, or why there is none. */
export type FoundDocument =
  { readonly query: string } | { readonly refusal: { readonly code: string; readonly message: string } };

/** The documents that callers may name by id, and, where nothing else is taken, all that they may ask. */
export class TrustedDocuments {
  readonly #manifest: DocumentManifest;
  readonly #only: boolean;

  constructor({ manifest, only }: { readonly manifest: DocumentManifest; readonly only: boolean }) {
    this.#manifest = manifest;
    this.#only = only;
  }

  /** Undefined when the request names no document of the manifest and may be carried out as it is. */
  find(request: unknown): FoundDocument | undefined {
    const asked: NamedDocument = typeof request === 'object' && request !== null ? request : {};
    const id = namedId(asked);
    const named = id === undefined ? undefined : this.#manifest.get(id);
    const text = typeof asked.query === 'string' ? asked.query : '';
    if (named !== undefined && text !== '' && idOf(text) !== id)
      return refusal('PERSISTED_QUERY_MISMATCH', 'The text is another one than that of the id; send one of the two.');
    if (named !== undefined) return { query: named };
    if (text === '' && id !== undefined && (this.#only || asked.documentId !== undefined))
      return refusal('PERSISTED_QUERY_NOT_FOUND', 'No trusted document has this id.');
    if (!this.#only || this.#manifest.has(idOf(text))) return undefined;
    return refusal('UNTRUSTED_DOCUMENT', 'Only trusted documents are carried out here, and this is none of them.');
  }
}

/** The document that a request by GET names in its address. */
export function namedIn(parameters: URLSearchParams): NamedDocument {
  let extensions: unknown;
  try {
    extensions = JSON.parse(parameters.get('extensions') ?? 'null');
  } catch {
    // What is wrong with them is told by whoever carries the operation out.
  }
  return { query: parameters.get('query'), documentId: parameters.get('documentId') ?? undefined, extensions };
}

/** A request body with the text in the place of its name. */
export function withText(body: unknown, query: string): Record<string, unknown> {
  const { documentId: _, extensions, ...rest } = body as Record<string, unknown>;
  const { persistedQuery: __, ...others } = (extensions ?? {}) as Record<string, unknown>;
  return { ...rest, query, ...(Object.keys(others).length === 0 ? {} : { extensions: others }) };
}

/** The same of an address. */
export function searchWithText(parameters: URLSearchParams, query: string): string {
  parameters.delete('documentId');
  parameters.delete('extensions');
  parameters.set('query', query);
  return `?${parameters}`;
}

function refusal(code: string, message: string): FoundDocument {
  return { refusal: { code, message } };
}

function namedId({ documentId, extensions }: NamedDocument): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as {
    readonly persistedQuery?: { readonly sha256Hash?: unknown } | null;
  };
  const id = documentId ?? persistedQuery?.sha256Hash;
  return typeof id === 'string' ? fullId(id) : undefined;
}

/** Some write the hash alone. */
function fullId(id: string): string {
  const hash = id.replace(/^sha256:/i, '').toLowerCase();
  return `sha256:${hash}`;
}

function idOf(text: string): string {
  return fullId(createHash('sha256').update(text).digest('hex'));
}
