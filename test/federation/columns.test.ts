import { buildSchema, graphql, isUnionType, parse, print } from 'graphql';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { describe, expect, it } from 'vitest';
import { federate, type Representation } from '../../src/graphql/federation/federate.ts';

/**
 * What the list of subgraph compatibility that Apollo keeps asks of a subgraph library, shown of our federation module with the
 * products of that list. Its column for federated tracing is no matter of the schema, and the gateway has none.
 */
const PRODUCTS = `
  extend schema @link(url: "https://specs.test/lineage/v1.0", import: ["@lineage"]) @composeDirective(name: "@lineage")
  directive @lineage(owner: String!) on OBJECT
  type Query {
    product(id: ID!): Product
    internal: String @inaccessible
    node(id: ID!): Product
  }
  "Something for sale."
  type Product @key(fields: "id") @key(fields: "sku package") @key(fields: "sku variation { id }") {
    id: ID!
    sku: String
    package: String
    variation: Variation
    dimensions: Dimension
    notes: String @tag(name: "internal")
    name: String @override(from: "legacy")
    createdBy: User @provides(fields: "totalProductsCreated")
    unwanted: String @deprecated(reason: "Use name")
  }
  type Variation @lineage(owner: "shop") { id: ID! }
  type Inventory @interfaceObject @key(fields: "id") { id: ID! stored: [Product] }
  type Dimension @shareable { size: String weight: Float unit: String @inaccessible }
  type User @key(fields: "email") {
    email: ID!
    totalProductsCreated: Int @external
    yearsOfEmployment: Int! @external
    averageProductsCreatedPerYear: Int @requires(fields: "totalProductsCreated yearsOfEmployment")
  }
  input Wanted @oneOf { id: ID sku: String }
`;

const PRODUCT = {
  __typename: 'Product',
  id: 'apollo-federation',
  sku: 'federation',
  package: '@apollo/federation',
  variation: { id: 'OSS' },
};

const { schema, sdl } = federate<undefined>(buildSchema(PRODUCTS, { assumeValidSDL: true }), {
  readEntity: (typeName, representation) => (typeName === 'User' ? user(representation) : product(representation)),
  typeOf: (entity) => (entity as { __typename: string }).__typename,
  leaveOut: ['node'],
});

function user({ email, totalProductsCreated, yearsOfEmployment }: Representation) {
  const average = Math.round(Number(totalProductsCreated) / Number(yearsOfEmployment));
  return { __typename: 'User', email, averageProductsCreatedPerYear: average };
}

function product({ id, sku, package: packageName, variation }: Representation) {
  const variationId = (variation as { id?: string } | undefined)?.id;
  const isIt = id === PRODUCT.id || (sku === PRODUCT.sku && (packageName === PRODUCT.package || variationId === 'OSS'));
  return isIt ? PRODUCT : null;
}

async function entity(representation: Representation, fields: string): Promise<unknown> {
  const { data, errors } = await graphql({
    schema,
    source: `query ($r: [_Any!]!) { _entities(representations: $r) { ${fields} } }`,
    variableValues: { r: [representation] },
  });
  expect(errors).toBeUndefined();
  return (data?.['_entities'] as unknown[] | undefined)?.[0];
}

/** The directives of a type or field as the SDL has them, without those of graphql itself. */
function directivesOf(coordinate: string): string[] {
  const [typeName, fieldName] = coordinate.split('.');
  for (const definition of parse(sdl).definitions) {
    if (!('name' in definition) || definition.name?.value !== typeName) continue;
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    const carrier = fieldName === undefined ? definition : fields.find(({ name }) => name.value === fieldName);
    return (carrier?.directives ?? []).map(print);
  }
  throw new Error(`no ${coordinate}`);
}

/** The supergraph of the products and of what the list puts beside them. */
function composed(): string {
  const users = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    type User @key(fields: "email") { email: ID! totalProductsCreated: Int @shareable yearsOfEmployment: Int! }
  `;
  const inventory = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    interface Inventory @key(fields: "id") { id: ID! }
    type Warehouse implements Inventory @key(fields: "id") { id: ID! street: String }
  `;
  const result = composeServices([
    { name: 'products', typeDefs: parse(sdl) },
    { name: 'users', typeDefs: parse(users) },
    { name: 'inventory', typeDefs: parse(inventory) },
  ]);
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}

describe('graphql/federation/columns of the compatibility list', () => {
  it('_service: answers its SDL, and nothing of what routers ask is in it', async () => {
    const { data } = await graphql({ schema, source: '{ _service { sdl } }' });
    expect(data).toEqual({ _service: { sdl } });
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity|_Service/);
  });

  it('_entities: has a union of all entities', () => {
    const union = schema.getType('_Entity');
    expect(isUnionType(union) && union.getTypes().map(({ name }) => name)).toEqual(['Inventory', 'Product', 'User']);
  });

  it('@key (single): finds an entity by one field', async () => {
    expect(await entity({ __typename: 'Product', id: 'apollo-federation' }, '... on Product { sku }')).toEqual({
      sku: 'federation',
    });
  });

  it('@key (multi): finds an entity by two fields', async () => {
    const key = { __typename: 'Product', sku: 'federation', package: '@apollo/federation' };
    expect(await entity(key, '... on Product { id }')).toEqual({ id: 'apollo-federation' });
  });

  it('@key (composite): finds an entity by a field of a field', async () => {
    const key = { __typename: 'Product', sku: 'federation', variation: { id: 'OSS' } };
    expect(await entity(key, '... on Product { id }')).toEqual({ id: 'apollo-federation' });
  });

  it('@key (repeatable): prints every key', () => {
    expect(directivesOf('Product')).toEqual([
      '@key(fields: "id")',
      '@key(fields: "sku package")',
      '@key(fields: "sku variation { id }")',
    ]);
  });

  it('@requires: hands the fields of another subgraph to the one that needs them', async () => {
    const key = { __typename: 'User', email: 'a@b.test', totalProductsCreated: 1337, yearsOfEmployment: 10 };
    expect(await entity(key, '... on User { averageProductsCreatedPerYear }')).toEqual({
      averageProductsCreatedPerYear: 134,
    });
    expect(directivesOf('User.averageProductsCreatedPerYear')).toEqual([
      '@requires(fields: "totalProductsCreated yearsOfEmployment")',
    ]);
    expect(directivesOf('User.yearsOfEmployment')).toEqual(['@external']);
  });

  it.each([
    ['@provides', 'Product.createdBy', '@provides(fields: "totalProductsCreated")'],
    ['@shareable', 'Dimension', '@shareable'],
    ['@tag', 'Product.notes', '@tag(name: "internal")'],
    ['@override', 'Product.name', '@override(from: "legacy")'],
    ['@inaccessible', 'Query.internal', '@inaccessible'],
    ['a directive of its own', 'Variation', '@lineage(owner: "shop")'],
    ['@deprecated', 'Product.unwanted', '@deprecated(reason: "Use name")'],
  ])('%s: is printed where it stands, once', (_column, coordinate, directive) => {
    expect(directivesOf(coordinate)).toEqual([directive]);
  });

  it('@link: names version 2.4 and what is used, and nothing else', () => {
    expect(sdl.split('\n')[0]).toBe(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.4", import: ["@composeDirective", "@external", "@inaccessible", "@interfaceObject", "@key", "@override", "@provides", "@requires", "@shareable", "@tag"])',
    );
  });

  it('@interfaceObject: is printed beside the key', () => {
    expect(directivesOf('Inventory')).toEqual(['@interfaceObject', '@key(fields: "id")']);
  });

  it('@composeDirective: is printed at the schema, with the link that it is about, and reaches the supergraph', () => {
    expect(sdl.split('\n\n')[1]).toBe(
      'extend schema @link(url: "https://specs.test/lineage/v1.0", import: ["@lineage"]) @composeDirective(name: "@lineage")',
    );
    expect(sdl).toContain('directive @lineage(owner: String!) on OBJECT');
    expect(composed()).toMatch(/type Variation\b[^{]*@lineage\(owner: "shop"\)/);
  });

  it('leaves out the queries that are not for supergraphs, and @oneOf', () => {
    expect(sdl).not.toMatch(/node\(|@oneOf/);
    expect(schema.getQueryType()?.getFields()).toHaveProperty('node');
  });

  it('composes with the subgraphs that the list puts beside it', () => {
    expect(composed()).toContain('type Product');
  });

  it('refuses a schema without entities', () => {
    const parts = { readEntity: () => null, typeOf: () => '', leaveOut: [] };
    expect(() => federate(buildSchema('type Query { a: Int }'), parts)).toThrow('without entities');
  });

  it('keeps what fields carry', () => {
    const carrying = buildSchema('type Query { a: A } type A @key(fields: "id") { id: ID! }', { assumeValidSDL: true });
    const field = carrying.getQueryType()?.getFields()['a'] ?? expect.fail('no field');
    field.extensions = { complexity: 7 };
    const made = federate(carrying, { readEntity: () => null, typeOf: () => 'A', leaveOut: [] });
    expect(made.schema.getQueryType()?.getFields()['a']?.extensions).toEqual({ complexity: 7 });
  });
});
