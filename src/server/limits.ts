import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What one operation may ask for. */
export const OPERATION_LIMITS = {
  /** Fields inside fields. */
  depth: 15,
  /** Fields of the root. */
  rootFields: 20,
  /** Fields with another name. */
  aliases: 200,
  /** Directives on one field. */
  directives: 50,
  /** Fields in all, with fragments written out and each list counted with its page size. */
  cost: 1_000_000,
} as const;

/**
 * Refuses an operation that asks for too much, before anything is read.
 *
 * Fragments are measured once each, so that fragments which spread each other cost nothing to refuse.
 * @throws GraphQLError with the code OPERATION_TOO_LARGE
 */
export function checkOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Size>();
  const size = measure(operation.selectionSet);
  refuseOver('fields inside fields', size.depth, OPERATION_LIMITS.depth);
  refuseOver('root fields', size.fields, OPERATION_LIMITS.rootFields);
  refuseOver('aliases', size.aliases, OPERATION_LIMITS.aliases);
  refuseOver('directives on a field', size.directives, OPERATION_LIMITS.directives);
  refuseOver('rows and fields', size.cost, OPERATION_LIMITS.cost);

  function measure(selections: SelectionSetNode): Size {
    const total: Size = { depth: 0, fields: 0, aliases: 0, directives: 0, cost: 0 };
    for (const selection of selections.selections) {
      const part =
        selection.kind === Kind.FIELD
          ? measureField(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : measureFragment(selection.name.value);
      total.depth = Math.max(total.depth, part.depth);
      total.fields += part.fields;
      total.aliases += part.aliases;
      total.directives = Math.max(total.directives, part.directives);
      total.cost += part.cost;
    }
    return total;
  }

  function measureField(field: FieldNode): Size {
    const inner = field.selectionSet === undefined ? EMPTY : measure(field.selectionSet);
    return {
      depth: inner.depth + 1,
      fields: 1,
      aliases: inner.aliases + (field.alias === undefined ? 0 : 1),
      directives: Math.max(inner.directives, field.directives?.length ?? 0),
      cost: 1 + inner.cost * rowsOf(field, variables),
    };
  }

  function measureFragment(name: string): Size {
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
  fields: number;
  aliases: number;
  directives: number;
  cost: number;
}

const EMPTY: Readonly<Size> = { depth: 0, fields: 0, aliases: 0, directives: 0, cost: 0 };

/** How many rows a field may give: its page size where it is a list with one. */
function rowsOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const value = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (value === undefined) return isConnection(field) ? DEFAULT_PAGE_SIZE : 1;
  if (value.kind === Kind.INT) return Math.max(1, Number(value.value));
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'number' ? Math.max(1, given) : DEFAULT_PAGE_SIZE;
}

const DEFAULT_PAGE_SIZE = 20;

function isConnection(field: FieldNode): boolean {
  return (
    field.selectionSet?.selections.some(
      (inner) => inner.kind === Kind.FIELD && (inner.name.value === 'nodes' || inner.name.value === 'edges'),
    ) ?? false
  );
}

function refuseOver(what: string, asked: number, allowed: number): void {
  if (asked <= allowed) return;
  throw new GraphQLError(`The operation asks for too many ${what}: at most ${allowed}.`, {
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });
}
