import {
  extendSchema,
  isUnionType,
  parse,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { GatewayError } from '../../domain/errors.ts';
import { isEntity, printSubgraph } from './print-subgraph.ts';

/** What a router sends to name an entity: the type's name and the fields of one of its keys. */
export type Representation = Readonly<Record<string, unknown>>;

export interface SubgraphParts<Context> {
  /**
   * Reads one entity. Called for all representations of a request in one tick, so that loaders make one batch of them.
   *
   * What it throws costs that entity alone: null in its place, beside one error.
   */
  readonly readEntity: (typeName: string, representation: Representation, context: Context) => unknown;
  /** Name of the type of an entity that `readEntity` gave. */
  readonly typeOf: (entity: unknown) => string;
  /** Root queries that belong to this endpoint and to no supergraph, such as `node`. */
  readonly leaveOut: readonly string[];
}

/** A schema that routers can ask. */
export interface Subgraph {
  /** The given schema with `_service` and `_entities`; the root queries that the SDL leaves out are still there. */
  readonly schema: GraphQLSchema;
  /** What `_service { sdl }` answers. */
  readonly sdl: string;
}

/**
 * Makes a subgraph (Apollo Federation 2) of a schema. Its entities are the types with `@key`.
 *
 * The schema is extended and not built again from its text, so that nothing that its fields carry is lost.
 */
export function federate<Context>(schema: GraphQLSchema, parts: SubgraphParts<Context>): Subgraph {
  const sdl = printSubgraph(schema, parts.leaveOut);
  const entities = Object.values(schema.getTypeMap())
    .filter(isEntity)
    .map(({ name }) => name)
    .toSorted();
  if (entities.length === 0) throw new Error('a subgraph without entities is not supported');
  const extended = extendSchema(schema, parse(routerFields(schema, entities)));
  rootField(extended, '_service').resolve = () => ({ sdl });
  rootField(extended, '_entities').resolve = (_root, { representations }, context) =>
    (representations as readonly unknown[]).map(async (given) => {
      const { typeName, representation } = parseRepresentation(given, entities);
      return parts.readEntity(typeName, representation, context as Context);
    });
  entityUnion(extended).resolveType = parts.typeOf;
  return { schema: extended, sdl };
}

function routerFields(schema: GraphQLSchema, entities: readonly string[]): string {
  return `
    "What a router sends to name an entity: \`__typename\` and the fields of one of its keys."
    scalar _Any
    "Everything that other subgraphs may refer to."
    union _Entity = ${entities.join(' | ')}
    "What a supergraph is composed of."
    type _Service {
      "This schema with its federation directives."
      sdl: String!
    }
    extend type ${schema.getQueryType()?.name ?? 'Query'} {
      "The entities that a router names, in its order; null, beside an error, for each that could not be read. For routers."
      _entities(
        "The entities."
        representations: [_Any!]!
      ): [_Entity]!
      "What a supergraph is composed of. For routers."
      _service: _Service!
    }`;
}

function parseRepresentation(
  value: unknown,
  entities: readonly string[],
): { readonly typeName: string; readonly representation: Representation } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('is not an object');
  const representation = value as Representation;
  const typeName = entities.find((name) => name === representation['__typename']);
  if (typeName === undefined) throw refused('names no entity of this subgraph as its "__typename"');
  return { typeName, representation };
}

function refused(why: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `An item of argument "representations" ${why}.`, {
    argument: 'representations',
  });
}

function rootField(schema: GraphQLSchema, name: string): GraphQLField<unknown, unknown> {
  const query: GraphQLObjectType | null | undefined = schema.getQueryType();
  const field = query?.getFields()[name];
  if (field === undefined) throw new Error(`the schema has no query ${name}`);
  return field as GraphQLField<unknown, unknown>;
}

function entityUnion(schema: GraphQLSchema) {
  const union: GraphQLNamedType | undefined = schema.getType('_Entity');
  if (!isUnionType(union)) throw new Error('the schema has no union _Entity');
  return union;
}
