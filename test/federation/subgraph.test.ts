import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Kind,
  isObjectType,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { runLine } from '../cli/support.ts';
import { FakeSource } from '../support/fake-source.ts';
import { SUBGRAPH, askSubgraph } from './support.ts';

const PRINTED = readFileSync(join(import.meta.dirname, '..', '..', 'schema', 'subgraph.graphql'), 'utf8');
const standalone = await buildGatewaySchema();

/** The text of a schema without directives and without the given root queries. */
function bare(document: DocumentNode, leaveOut: readonly string[] = []): string[] {
  const stripped = visit(document, {
    Directive: ({ name }) => (['deprecated', 'specifiedBy'].includes(name.value) ? undefined : null),
    SchemaExtension: () => null,
    ObjectTypeDefinition: (type) =>
      type.name.value === 'Query'
        ? { ...type, fields: type.fields?.filter(({ name }) => !leaveOut.includes(name.value)) ?? [] }
        : undefined,
  });
  return stripped.definitions.map((definition) => print(definition));
}

function queries(schema: GraphQLSchema): string[] {
  return Object.keys(schema.getQueryType()?.getFields() ?? {});
}

/** `Type.field` of all fields that carry the directive in the printed subgraph. */
function fieldsWith(directive: string): string[] {
  return parse(PRINTED).definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (definition.fields ?? [])
          .filter(({ directives }) => directives?.some((one) => print(one) === directive))
          .map(({ name }) => `${definition.name.value}.${name.value}`)
      : [],
  );
}

describe('graphql/federation/subgraph', () => {
  it('answers _service with what schema/subgraph.graphql holds, byte for byte; `npm run schema` prints it anew', async () => {
    const { data, errors } = await askSubgraph('{ _service { sdl } }', []);
    expect(errors).toEqual([]);
    expect(data._service.sdl).toBe(PRINTED);
  });

  it('is printed by the command line', async () => {
    const { code, out, err } = await runLine(['schema', '--subgraph']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(`${out}\n`).toBe(PRINTED);
  });

  it('says what the schema by itself says, without node and nodes', () => {
    const own = parse(printSchema(lexicographicSortSchema(standalone)));
    expect(bare(parse(PRINTED))).toEqual(bare(own, ['node', 'nodes']));
  });

  it('serves node, nodes and all else beside what routers ask', () => {
    expect(queries(SUBGRAPH.schema).toSorted()).toEqual([...queries(standalone), '_entities', '_service'].toSorted());
    expect(PRINTED).not.toMatch(/\b_(entities|service|Any|Entity|Service)\b/);
  });

  it('has an entity for everything that has a global id, with the keys of the sketch', () => {
    const node = Object.values(standalone.getTypeMap()).filter(
      (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
    );
    const keys = [...PRINTED.matchAll(/^type (\w+).*?((?: @key\(fields: "[^"]+"\))+) \{$/gm)].map(
      ([, name, directives]) => [name, directives?.trim()],
    );
    expect(keys.map(([name]) => name)).toEqual(node.map(({ name }) => name).toSorted());
    expect(Object.fromEntries(keys)).toEqual({
      BackupJob: '@key(fields: "id") @key(fields: "sourceKey nativeId")',
      BackupOperation: '@key(fields: "id")',
      BackupRun: '@key(fields: "id")',
      ProtectedObject: '@key(fields: "id")',
      VendorSource: '@key(fields: "id")',
    });
    expect(SUBGRAPH.schema.getType('_Entity')?.toConfig()).toMatchObject({
      types: keys.map(([name]) => expect.objectContaining({ name })),
    });
  });

  it('tags what is for operators alone', () => {
    const shown = [
      'CancelBackupPayload',
      'CreateBackupPayload',
      'JobActionPayload',
      'MutationPayload',
      'UpdateSchedulePayload',
    ];
    expect(fieldsWith('@tag(name: "operator")').toSorted()).toEqual(
      [
        'BackupOperation.vendorCall',
        'Query.auditTrail',
        'VendorSource.drift',
        ...shown.map((type) => `${type}.dryRun`),
      ].toSorted(),
    );
    const carriers = Object.values(standalone.getTypeMap())
      .filter((type) => isObjectType(type))
      .flatMap((type) =>
        Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })),
      );
    const raw = carriers.filter(({ field }) =>
      /^(VendorCall|SourceDrift|AuditEntryConnection|JSON)!?$/.test(String(field.type)),
    );
    expect(
      raw
        .map(({ name }) => name)
        .filter((name) => name !== 'VendorCall.body' && !fieldsWith('@tag(name: "operator")').includes(name)),
    ).toEqual([]);
  });

  it('still refuses two members where one is wanted, though composers are not told', async () => {
    expect(PRINTED).not.toContain('@oneOf');
    const { data, errors } = await askSubgraph(
      'mutation ($input: CreateBackupInput!) { createBackup(input: $input) { userErrors { code } } }',
      [new FakeSource({ key: 'src' })],
      {
        variables: {
          input: {
            source: 'src',
            idempotencyKey: 'k1',
            target: {
              sailpoint: { name: 'a' },
              veeam: { name: 'b', organizationId: 'o', repositoryId: 'r' },
            },
          },
        },
      },
    );
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
  });

  it('keeps the resolvers and texts of the schema', () => {
    for (const type of Object.values(SUBGRAPH.schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('_')) continue;
      const before = standalone.getType(type.name);
      expect(type.description).toBe(before?.description);
      for (const field of Object.values(type.getFields())) {
        if (field.name.startsWith('_')) continue;
        const same = isObjectType(before) ? before.getFields()[field.name] : undefined;
        expect(typeof field.resolve, `${type.name}.${field.name}`).toBe(typeof same?.resolve);
      }
    }
  });
});
