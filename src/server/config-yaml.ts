import {
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
} from 'yaml';

/** Where in a value something stands: keys and list positions from the top. */
export type ConfigPath = readonly (string | number)[];

/** Line and column, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Position {
  readonly message: string;
}

/** A YAML document as plain values, with the places where its parts are written. */
export interface YamlFile {
  readonly value: unknown;
  /** What is not YAML; the value is of no use then. */
  readonly problems: readonly YamlProblem[];
  /** Where the value at this path begins; of a path that is not there, where the nearest thing above it begins. */
  positionOf(path: ConfigPath): Position;
  /** Where the key at the end of this path stands. */
  positionOfKey(path: ConfigPath): Position;
}

/**
 * Reads YAML 1.2 (JSON is YAML too).
 *
 * The parser's own messages quote the text, secrets included, so its codes are put into our words.
 */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const at = (offset: number): Position => positionAt(lines, offset);
  const problems = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    ...at(pos[0]),
    message: YAML_WORDS[code] ?? 'is not valid YAML',
  }));
  problems.push(...unresolvedAliases(document, at));
  return {
    value: problems.length === 0 ? plainValue(document, problems) : undefined,
    problems,
    positionOf: (path) => at(offsetsOf(document, path).value),
    positionOfKey: (path) => at(offsetsOf(document, path).key),
  };
}

const YAML_WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'an unquoted text begins with "*": put it into quotes',
  ALIAS_PROPS: 'an unquoted text begins with "*": put it into quotes',
  BAD_DQ_ESCAPE: 'a text in double quotes holds a backslash that escapes nothing: write it twice, or use single quotes',
  BAD_INDENT: 'is not indented like its neighbours, or lacks its closing bracket',
  BAD_SCALAR_START: 'an unquoted text begins with a character that YAML keeps for itself: put it into quotes',
  BLOCK_AS_IMPLICIT_KEY: 'holds a second ": " on one line: put the text into quotes',
  DUPLICATE_KEY: 'the key stands here twice',
  MISSING_CHAR: 'a bracket, brace, comma, colon or quote is missing',
  MULTILINE_IMPLICIT_KEY: 'a key is not followed by ":" on its line',
  MULTIPLE_DOCS: 'a second document begins; the file must hold one',
  NON_STRING_KEY: 'the key is not text',
  TAB_AS_INDENT: 'is indented with tabs; YAML wants spaces',
  TAG_RESOLVE_FAILED: 'an unquoted text begins with "!": put it into quotes',
  UNEXPECTED_TOKEN: 'is not expected here',
};

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function unresolvedAliases(document: Document, at: (offset: number) => Position): YamlProblem[] {
  const found: YamlProblem[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      found.push({ ...at(alias.range?.[0] ?? 0), message: 'an unquoted text begins with "*": put it into quotes' });
    },
  });
  return found;
}

/** The document's value; one that repeats itself without end is a problem. */
function plainValue(document: Document, problems: YamlProblem[]): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    problems.push({ line: 1, column: 1, message: 'repeats too much by aliases' });
    return undefined;
  }
}

/** Walks down as far as the path goes. */
function offsetsOf(document: Document, path: ConfigPath): { readonly value: number; readonly key: number } {
  let node: unknown = document.contents;
  let value = startOf(node) ?? 0;
  let key = value;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) break;
      key = startOf(pair.key) ?? value;
      next = pair.value;
    } else if (isSeq(node)) {
      next = node.items[Number(part)];
      key = startOf(next) ?? value;
    }
    if (next === undefined) break;
    value = startOf(next) ?? key;
    node = next;
  }
  return { value, key };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
