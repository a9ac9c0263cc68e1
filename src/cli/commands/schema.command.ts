import { TypeNamesError, type TypeNames } from '../../graphql/federation/type-names.ts';
import { UsageError, type Command } from '../command.ts';
import { keyValues } from '../options.ts';
import { RENAME_OPTION } from '../start-gateway.ts';

export const schema: Command = {
  name: 'schema',
  summary: 'Prints the GraphQL schema, or the JSON Schema of the configuration',
  positionals: [],
  options: {
    config: { type: 'boolean', help: 'The JSON Schema of the configuration file, for editors' },
    subgraph: { type: 'boolean', help: 'The schema as a subgraph, for composing a supergraph' },
    rename: RENAME_OPTION,
  },
  notes: [],
  async run(input, io) {
    const typeNames = keyValues('--rename', input.list('rename'));
    if (input.isSet('config')) {
      if (input.isSet('subgraph')) throw new UsageError('--config and --subgraph exclude each other');
      if (input.list('rename').length > 0) throw new UsageError('--config and --rename exclude each other');
    }
    const isConfig = input.isSet('config');
    io.out((isConfig ? await printConfigSchema() : await printSchema(input.isSet('subgraph'), typeNames)).trimEnd());
    return 0;
  },
};

async function printConfigSchema(): Promise<string> {
  const { printConfigJsonSchema } = await import('../../server/config.ts');
  return printConfigJsonSchema();
}

async function printSchema(isSubgraph: boolean, typeNames: TypeNames): Promise<string> {
  const { buildGatewaySubgraph } = await import('../../graphql/federation/gateway-subgraph.ts');
  const { buildGatewaySchema, printGatewaySchema } = await import('../../graphql/build-schema.ts');
  try {
    if (isSubgraph) return (await buildGatewaySubgraph(typeNames)).sdl;
    return printGatewaySchema(await buildGatewaySchema(typeNames));
  } catch (error) {
    throw error instanceof TypeNamesError ? new UsageError(error.message) : error;
  }
}
