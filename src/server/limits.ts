import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What one operation may ask for. */
export const OPERATION_LIMITS = {
  /** Words and signs of the document. */
  tokens: 10_000,
  /** Fields inside fields. */
  depth: 15,
  /** Fields of the root. */
  rootFields: 20,
  /** The same of a mutation: one write is one request, so that its outcome is not lost among others. */
  mutations: 1,
  /** Fields with another name. */
  aliases: 200,
  /** Directives on one field. */
  directives: 50,
  /** Fields in all, with fragments written out. */
  fields: 5_000,
  /** The same, each list counted with its page size. */
  cost: 1_000_000,
} as const;

/**
 * Refuses documents whose shape is beyond the limits, before they are validated: validation itself takes long for some of them.
 *
 * Texts that have passed are remembered, so that a query that comes again is not parsed for this.
 */
export class ShapeCheck {
  readonly #passed = new Set<string>();

  /** The refusal, with the code OPERATION_TOO_LARGE; undefined when the text may go on, also when it cannot be parsed. */
  refusal(query: string): GraphQLError | undefined {
    if (this.#passed.has(query)) return undefined;
    try {
      checkShape(parse(query, { maxTokens: OPERATION_LIMITS.tokens, noLocation: true }));
    } catch (error) {
      if (error instanceof RangeError) return tooLarge('fields inside fields', OPERATION_LIMITS.depth);
      // What is wrong with its syntax is told by the server that parses it next.
      return error instanceof GraphQLError && error.extensions['code'] === TOO_LARGE ? error : undefined;
    }
    if (query.length > LONGEST_REMEMBERED) return undefined;
    if (this.#passed.size >= MAX_REMEMBERED) this.#passed.clear();
    this.#passed.add(query);
    return undefined;
  }
}

const MAX_REMEMBERED = 1_000;
/** In characters; a longer text may be a comment of a megabyte, and a thousand of them would fill the memory. */
const LONGEST_REMEMBERED = 10_000;
const TOO_LARGE = 'OPERATION_TOO_LARGE';

function checkShape(document: DocumentNode): void {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = sizeOf(document, definition, {});
    refuseOver('fields inside fields', size.depth, OPERATION_LIMITS.depth);
    refuseOver('root fields', size.level, OPERATION_LIMITS.rootFields);
    if (definition.operation === OperationTypeNode.MUTATION)
      refuseOver('writes', size.level, OPERATION_LIMITS.mutations);
    refuseOver('aliases', size.aliases, OPERATION_LIMITS.aliases);
    refuseOver('directives on a field', size.directives, OPERATION_LIMITS.directives);
    refuseOver('fields', size.fields, OPERATION_LIMITS.fields);
  }
}

/**
 * Refuses an operation whose page sizes multiply beyond the limit, before anything is read.
 *
 * @throws GraphQLError with the code OPERATION_TOO_LARGE
 */
export function checkCost(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  refuseOver('rows and fields', sizeOf(document, operation, variables).cost, OPERATION_LIMITS.cost);
}

/** Fragments are measured once each, so that fragments which spread each other cost nothing to refuse. */
function sizeOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Size> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Readonly<Size>>();
  return measure(operation.selectionSet);

  function measure(selections: SelectionSetNode): Readonly<Size> {
    const total: Size = { ...EMPTY };
    for (const selection of selections.selections) {
      const part =
        selection.kind === Kind.FIELD
          ? measureField(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : measureFragment(selection.name.value);
      total.depth = Math.max(total.depth, part.depth);
      total.level += part.level;
      total.fields += part.fields;
      total.aliases += part.aliases;
      total.directives = Math.max(total.directives, part.directives);
      total.cost += part.cost;
    }
    return total;
  }

  function measureField(field: FieldNode): Readonly<Size> {
    const inner = field.selectionSet === undefined ? EMPTY : measure(field.selectionSet);
    return {
      depth: inner.depth + 1,
      level: 1,
      fields: inner.fields + 1,
      aliases: inner.aliases + (field.alias === undefined ? 0 : 1),
      directives: Math.max(inner.directives, field.directives?.length ?? 0),
      cost: 1 + inner.cost * rowsOf(field, variables),
    };
  }

  function measureFragment(name: string): Readonly<Size> {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    measured.set(name, EMPTY);
    const size = fragment === undefined ? EMPTY : measure(fragment.selectionSet);
    measured.set(name, size);
    return size;
  }
}

interface Size {
  depth: number;
  /** Fields of the outermost selection. */
  level: number;
  fields: number;
  aliases: number;
  directives: number;
  cost: number;
}

const EMPTY: Readonly<Size> = { depth: 0, level: 0, fields: 0, aliases: 0, directives: 0, cost: 0 };

/** How many rows a field may give: its page size where it is a list with one. */
function rowsOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  if (field.name.value === '_entities') return representationsOf(field, variables);
  if (field.name.value === 'sourceSnapshots') return ROWS_OF_SNAPSHOT;
  const value = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (value === undefined) return isConnection(field) ? DEFAULT_PAGE_SIZE : isChangePage(field) ? DEFAULT_CHANGES : 1;
  if (value.kind === Kind.INT) return Math.max(1, Number(value.value));
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'number' ? Math.max(1, given) : DEFAULT_PAGE_SIZE;
}

const DEFAULT_PAGE_SIZE = 20;
const DEFAULT_CHANGES = 100;
/** All jobs of a source, which are not paged; as many as the longest page has. */
const ROWS_OF_SNAPSHOT = 500;

/** How many entities a router asks for. */
function representationsOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const value = field.arguments?.[0]?.value;
  if (value?.kind === Kind.LIST) return value.values.length;
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return Array.isArray(given) ? given.length : 1;
}

/** A page of changes asked for without a size; the list in it has the same name. */
function isChangePage({ name, selectionSet }: FieldNode): boolean {
  return name.value === 'changes' && (selectionSet?.selections.some(isChanges) ?? false);
}

function isChanges(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === 'changes';
}

function isConnection(field: FieldNode): boolean {
  return (
    field.selectionSet?.selections.some(
      (inner) => inner.kind === Kind.FIELD && (inner.name.value === 'nodes' || inner.name.value === 'edges'),
    ) ?? false
  );
}

function refuseOver(what: string, asked: number, allowed: number): void {
  if (asked > allowed) throw tooLarge(what, allowed);
}

function tooLarge(what: string, allowed: number): GraphQLError {
  return new GraphQLError(`The operation asks for too many ${what}: at most ${allowed}.`, {
    extensions: { code: TOO_LARGE, http: { status: 400 } },
  });
}
