import { buildSchema, graphql, isUnionType, parse, print } from 'graphql';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { describe, expect, it } from 'vitest';
import { federate, type Representation } from '../../src/graphql/federation/federate.ts';

/**
 * What the list of subgraph compatibility that Apollo keeps asks of a subgraph library, shown of our federation module with the
 * products of that list. Schema-wide directives (`@composeDirective`) and `@interfaceObject` are not something our module offers.
 */
const PRODUCTS = `
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
  type Variation { id: ID! }
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

describe('graphql/federation/columns of the compatibility list', () => {
  it('_service: answers its SDL, and nothing of what routers ask is in it', async () => {
    const { data } = await graphql({ schema, source: '{ _service { sdl } }' });
    expect(data).toEqual({ _service: { sdl } });
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity|_Service/);
  });

  it('_entities: has a union of all entities', () => {
    const union = schema.getType('_Entity');
    expect(isUnionType(union) && union.getTypes().map(({ name }) => name)).toEqual(['Product', 'User']);
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
    ['@deprecated', 'Product.unwanted', '@deprecated(reason: "Use name")'],
  ])('%s: is printed where it stands, once', (_column, coordinate, directive) => {
    expect(directivesOf(coordinate)).toEqual([directive]);
  });

  it('@link: names version 2.3 and what is used, and nothing else', () => {
    expect(sdl.split('\n')[0]).toBe(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@inaccessible", "@key", "@override", "@provides", "@requires", "@shareable", "@tag"])',
    );
  });

  it('leaves out the queries that are not for supergraphs, and @oneOf', () => {
    expect(sdl).not.toMatch(/node\(|@oneOf/);
    expect(schema.getQueryType()?.getFields()).toHaveProperty('node');
  });

  it('composes with the subgraph that the list puts beside it', () => {
    const users = `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
      type User @key(fields: "email") { email: ID! totalProductsCreated: Int @shareable yearsOfEmployment: Int! }
    `;
    const result = composeServices([
      { name: 'products', typeDefs: parse(sdl) },
      { name: 'users', typeDefs: parse(users) },
    ]);
    expect(compositionHasErrors(result) ? result.errors.map(({ message }) => message) : []).toEqual([]);
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
