import {
  GraphQLError,
  Kind,
  TokenKind,
  getNamedType,
  isEnumType,
  isScalarType,
  isSpecifiedScalarType,
  type ASTNode,
  type GraphQLInputType,
  type ValidationRule,
} from 'graphql';
import { holdsNamesOnly, isShownName } from './known-messages.ts';

/**
 * Remembers which type is expected of each literal of the documents that are validated, so that a message about one can name the type
 * in our own words. Literals are known by identity and forgotten with their document.
 */
export class LiteralTypes {
  readonly #types = new WeakMap<ASTNode, GraphQLInputType>();

  /** Reports nothing. */
  readonly rule: ValidationRule = (context) => ({
    enter: (node) => {
      if (!LITERALS.has(node.kind)) return;
      // At a list, what is in force already is the type of its items.
      const type = node.kind === Kind.LIST ? context.getParentInputType() : context.getInputType();
      if (type !== undefined && type !== null) this.#types.set(node, type);
    },
  });

  expectedAt(node: ASTNode | undefined): GraphQLInputType | undefined {
    return node === undefined ? undefined : this.#types.get(node);
  }
}

const LITERALS: ReadonlySet<string> = new Set([
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.FLOAT,
  Kind.INT,
  Kind.LIST,
  Kind.NULL,
  Kind.OBJECT,
  Kind.STRING,
]);

/** What is wanted, such as `Expected a value of type "Duration". A duration (ISO 8601), such as PT15M.` */
export function expectation(type: GraphQLInputType): string {
  const sentence = `Expected a value of type "${String(type)}"`;
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const names = named.getValues().map(({ name }) => name);
    return names.length > MOST_NAMES ? `${sentence}.` : `${sentence}: one of ${names.join(', ')}.`;
  }
  const description = isScalarType(named) && !isSpecifiedScalarType(named) ? named.description : undefined;
  return typeof description === 'string' ? `${sentence}. ${description}` : `${sentence}.`;
}

const MOST_NAMES = 24;

/**
 * What the engine says about a document, without the values in it.
 *
 * Messages that hold names only are kept; for the others the type that was expected is named, or at least the place.
 */
export function documentMessage(error: GraphQLError, literals: LiteralTypes | undefined): string {
  if (holdsNamesOnly(error.message)) return error.message;
  const expected = literals?.expectedAt(error.nodes?.[0]);
  const argument = /^Argument "(\w+)" has invalid value /.exec(error.message)?.[1];
  if (argument !== undefined && isShownName(argument)) {
    const what = expected === undefined ? 'The value does not fit its type.' : expectation(expected);
    return `Argument "${argument}" is not valid. ${what}`;
  }
  if (expected !== undefined) return expectation(expected);
  return `The document is not valid${place(error)}.`;
}

/** What the engine says about the syntax of a document, without the text that it found. */
export function syntaxMessage(error: GraphQLError): string {
  for (const pattern of SYNTAX_BEGINNINGS) {
    const beginning = pattern.exec(error.message)?.[0];
    if (beginning !== undefined) return beginning.endsWith('.') ? beginning : `${beginning}.`;
  }
  return `Syntax Error${place(error)}.`;
}

const TOKEN = `(?:${Object.values(TokenKind)
  .map((kind) => (/^[\w<>]+$/.test(kind) ? kind : `"${kind.replace(/\W/g, '\\$&')}"`))
  .join('|')})`;

/** What is known to stand at the beginning; nothing behind it is kept. */
const SYNTAX_BEGINNINGS: readonly RegExp[] = [
  new RegExp(`^Syntax Error: Expected (?:${TOKEN}|"[a-z]{1,12}"), found ${TOKEN}(?=[ .])`),
  new RegExp(`^Syntax Error: Unexpected ${TOKEN}(?=[ .])`),
  /^Syntax Error: Unexpected single quote character \('\), did you mean to use a double quote \("\)\?$/,
  /^Syntax Error: Unexpected variable(?= "\$\w+" in constant value\.$)/,
  /^Syntax Error: Unexpected description, (?:descriptions are not supported on shorthand queries|only GraphQL definitions support descriptions)\.$/,
  /^Syntax Error: Unterminated string\.$/,
  /^Syntax Error: Document contains more that \d+ tokens\. Parsing aborted\.$/,
  /^Syntax Error: (?:Unexpected character|Invalid character within String|Invalid character(?: escape sequence)?|Invalid Unicode escape sequence)(?=: )/,
  /^Syntax Error: Invalid number, (?:unexpected digit after 0|expected digit)(?=:| but got: )/,
];

/** ` at line 3, column 14`; empty where that is not known. */
function place({ locations }: GraphQLError): string {
  const first = locations?.[0];
  return first === undefined ? '' : ` at line ${first.line}, column ${first.column}`;
}
