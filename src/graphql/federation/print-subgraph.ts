import {
  Kind,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  specifiedDirectives,
  type ConstDirectiveNode,
  type DefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';

/** The oldest version that has all we use. Composers refuse versions that are newer than they are. */
const FEDERATION = 'https://specs.apollo.dev/federation/v2.4';

/**
 * The schema as text for composers: with the federation directives, without the root queries that are to be left out.
 *
 * graphql's own printer knows no directives but its own. Those of the schema, object types, interfaces and their fields are taken from the
 * syntax nodes that these carry and imported by `@link`. `@oneOf` is taken out, because composers refuse it; it is enforced all the same.
 */
export function printSubgraph(schema: GraphQLSchema, leaveOut: readonly string[]): string {
  const { definitions, ...document } = parse(printSchema(lexicographicSortSchema(schema)));
  const complete = definitions.map((definition) => withDirectives(definition, schema, leaveOut));
  const { definitions: link } = parse(
    `extend schema @link(url: "${FEDERATION}", import: [${imports(schema).join(', ')}])`,
  );
  // What the schema as a whole carries, such as `@composeDirective`, cannot stand anywhere else.
  const carried = directivesOf(schema);
  const own: readonly DefinitionNode[] =
    carried.length === 0 ? [] : [{ kind: Kind.SCHEMA_EXTENSION, directives: carried }];
  return `${print({ ...document, definitions: [...link, ...own, ...complete] })}\n`;
}

/** Whether other subgraphs may refer to values of the type: whether it has a key. */
export function isEntity(type: GraphQLNamedType): boolean {
  return isObjectType(type) && directivesOf(type).some(({ name }) => name.value === 'key');
}

function withDirectives(
  definition: DefinitionNode,
  schema: GraphQLSchema,
  leaveOut: readonly string[],
): DefinitionNode {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return objectWithDirectives(definition, schema, leaveOut);
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return { ...definition, directives: [] };
    default:
      return definition;
  }
}

function objectWithDirectives<Definition extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(
  definition: Definition,
  schema: GraphQLSchema,
  leaveOut: readonly string[],
): Definition {
  const type = schema.getType(definition.name.value);
  if (!isObjectType(type) && !isInterfaceType(type)) return definition;
  const isQuery = type === schema.getQueryType();
  const fields = type.getFields();
  return {
    ...definition,
    directives: directivesOf(type),
    fields: definition.fields
      ?.filter(({ name }) => !isQuery || !leaveOut.includes(name.value))
      .map((field) => ({
        ...field,
        directives: [...(field.directives ?? []), ...directivesOf(fields[field.name.value])],
      })),
  };
}

/** Anything of a schema that carries the syntax nodes of its directives. */
interface Carrier {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined;
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] }[];
}

/** What graphql's printer leaves out. */
function directivesOf(carrier: Carrier | undefined): readonly ConstDirectiveNode[] {
  const nodes = [carrier?.astNode, ...(carrier?.extensionASTNodes ?? [])];
  return nodes.flatMap((node) => node?.directives?.filter(({ name }) => !GRAPHQLS_OWN.has(name.value)) ?? []);
}

const GRAPHQLS_OWN: ReadonlySet<string> = new Set(specifiedDirectives.map(({ name }) => name));

/** The directives in use, as `@link` takes them: those that the schema does not define itself. */
function imports(schema: GraphQLSchema): string[] {
  const carriers = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .flatMap((type): Carrier[] => [type, ...Object.values(type.getFields())]);
  const names = new Set([schema, ...carriers].flatMap(directivesOf).map(({ name }) => name.value));
  names.delete('link');
  const own = new Set(
    schema
      .getDirectives()
      .filter((directive) => !isSpecifiedDirective(directive))
      .map(({ name }) => name),
  );
  return [...names]
    .filter((name) => !own.has(name))
    .toSorted()
    .map((name) => `"@${name}"`);
}
