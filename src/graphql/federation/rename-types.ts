import {
  GraphQLSchema,
  isAbstractType,
  isIntrospectionType,
  isScalarType,
  type GraphQLAbstractType,
  type GraphQLNamedType,
} from 'graphql';
import { isEntity } from './print-subgraph.ts';
import { TypeNamesError, type TypeNames } from './type-names.ts';

/**
 * The schema with other names for some of its types, for supergraphs in which another team uses the same ones.
 *
 * The given schema is used up: its types belong to the new one.
 * @throws TypeNamesError
 */
export function renameTypes(schema: GraphQLSchema, typeNames: TypeNames): GraphQLSchema {
  const names = new Map(Object.entries(typeNames));
  if (names.size === 0) return schema;
  checkNames(schema, names);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) renameResolved(type, names);
    type.name = names.get(type.name) ?? type.name;
  }
  return new GraphQLSchema(schema.toConfig());
}

function checkNames(schema: GraphQLSchema, names: ReadonlyMap<string, string>): void {
  const types = schema.getTypeMap();
  const taken = new Set(Object.keys(types).filter((name) => !names.has(name)));
  for (const [name, wanted] of names) {
    const type = types[name];
    if (type === undefined || isIntrospectionType(type)) throw new TypeNamesError(`the schema has no type "${name}"`);
    if (isShared(type, schema))
      throw new TypeNamesError(`"${name}" keeps its name, because supergraphs know it under that name`);
    if (!/^[A-Za-z]\w{0,63}$/.test(wanted)) throw new TypeNamesError(`"${wanted}" cannot be the name of a type`);
    if (taken.has(wanted)) throw new TypeNamesError(`there is a type "${wanted}" already`);
    taken.add(wanted);
  }
}

/** Entities are referred to by their names, scalars are merged, and roots and Relay's types mean the same everywhere. */
function isShared(type: GraphQLNamedType, schema: GraphQLSchema): boolean {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return isEntity(type) || isScalarType(type) || roots.includes(type) || ['Node', 'PageInfo'].includes(type.name);
}

/** Interfaces and unions tell the type of a value by its old name. */
function renameResolved(type: GraphQLAbstractType, names: ReadonlyMap<string, string>): void {
  const { resolveType } = type;
  if (resolveType === undefined || resolveType === null) return;
  type.resolveType = async (...value) => {
    const name = await resolveType(...value);
    return name === undefined ? undefined : (names.get(name) ?? name);
  };
}
