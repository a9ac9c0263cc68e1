import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, type GraphQLNamedType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildGatewaySchema, printGatewaySchema } from '../src/graphql/build-schema.ts';

const schema = await buildGatewaySchema();
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const BUILT_IN = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

/** Every part of a type that a frontend reads: the type, its fields, their arguments, its values. */
function partsOf(type: GraphQLNamedType): { readonly name: string; readonly description: string | null | undefined }[] {
  const parts: { name: string; description: string | null | undefined }[] = [
    { name: type.name, description: type.description },
  ];
  if (isEnumType(type))
    parts.push(
      ...type.getValues().map((value) => ({ name: `${type.name}.${value.name}`, description: value.description })),
    );
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      parts.push({ name: `${type.name}.${field.name}`, description: field.description });
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      parts.push({ name: `${type.name}.${field.name}`, description: field.description });
      parts.push(
        ...field.args.map(({ name, description }) => ({ name: `${type.name}.${field.name}(${name})`, description })),
      );
    }
  }
  return parts;
}

describe('schema', () => {
  it('is what schema/schema.graphql says; `npm run schema` prints it anew', () => {
    const printed = readFileSync(join(import.meta.dirname, '..', 'schema', 'schema.graphql'), 'utf8');
    expect(printGatewaySchema(schema)).toBe(printed);
  });

  it('describes every type, field, argument and value', () => {
    const bare = types
      .filter(({ name }) => !BUILT_IN.has(name))
      .flatMap(partsOf)
      .filter(({ description }) => (description ?? '').trim().length < 8);
    expect(bare.map(({ name }) => name)).toEqual([]);
    expect(types.flatMap(partsOf).length).toBeGreaterThan(300);
  });

  it('has no secret in any output type, and no field of a vendor document', () => {
    const names = types.filter((type) => isObjectType(type)).flatMap((type) => Object.keys(type.getFields()));
    expect(names.filter((name) => /password|secret|token|_/i.test(name))).toEqual([]);
  });
});
