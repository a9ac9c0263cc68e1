import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');

export interface ExampleOperation {
  /** Such as `01-all-jobs`. */
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** The operations that the explorer shows in tabs, in their order there. */
export const ALL_EXAMPLES = examplesIn(join(EXAMPLES, 'operations'));

/** The subscriptions that the explorer shows behind them. */
export const EXAMPLE_SUBSCRIPTIONS = examplesIn(join(EXAMPLES, 'subscriptions'));

/** Those that only read, and can be asked of any gateway. */
export const EXAMPLE_OPERATIONS = ALL_EXAMPLES.filter(({ query }) => !isMutation(query));

/** Those that change something, for the demo. */
export const EXAMPLE_WRITES = ALL_EXAMPLES.filter(({ query }) => isMutation(query));

function isMutation(query: string): boolean {
  return /^mutation\b/m.test(query);
}

function examplesIn(folder: string): readonly ExampleOperation[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.toSorted().map((file) => {
    const name = file.replace(/\.graphql$/, '');
    const variables = join(folder, `${name}.variables.json`);
    return {
      name,
      query: readFileSync(join(folder, file), 'utf8'),
      variables: existsSync(variables) ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>) : {},
    };
  });
}
