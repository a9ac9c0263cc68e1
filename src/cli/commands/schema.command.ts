import { UsageError, type Command } from '../command.ts';

export const schema: Command = {
  name: 'schema',
  summary: 'Prints the GraphQL schema, or the JSON Schema of the configuration',
  positionals: [],
  options: {
    config: { type: 'boolean', help: 'The JSON Schema of the configuration file, for editors' },
    subgraph: { type: 'boolean', help: 'The schema as a subgraph; not available in this version' },
  },
  notes: [],
  async run(input, io) {
    if (input.isSet('subgraph')) {
      if (input.isSet('config')) throw new UsageError('--config and --subgraph exclude each other');
      throw new UsageError('--subgraph comes with federation, which this version does not have');
    }
    io.out((input.isSet('config') ? await printConfigSchema() : await printSchema()).trimEnd());
    return 0;
  },
};

async function printConfigSchema(): Promise<string> {
  const { printConfigJsonSchema } = await import('../../server/config.ts');
  return printConfigJsonSchema();
}

async function printSchema(): Promise<string> {
  const { buildGatewaySchema, printGatewaySchema } = await import('../../graphql/build-schema.ts');
  return printGatewaySchema(await buildGatewaySchema());
}
