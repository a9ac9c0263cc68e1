import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'examples', 'operations');

export interface ExampleOperation {
  /** Such as `01-all-jobs`. */
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** The operations that the explorer shows in tabs, in their order there. */
export const ALL_EXAMPLES: readonly ExampleOperation[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.graphql'))
  .toSorted()
  .map((file) => {
    const name = file.replace(/\.graphql$/, '');
    const variables = join(FOLDER, `${name}.variables.json`);
    return {
      name,
      query: readFileSync(join(FOLDER, file), 'utf8'),
      variables: existsSync(variables) ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>) : {},
    };
  });

/** Those that only read, and can be asked of any gateway. */
export const EXAMPLE_OPERATIONS = ALL_EXAMPLES.filter(({ query }) => !isMutation(query));

/** Those that change something, for the demo. */
export const EXAMPLE_WRITES = ALL_EXAMPLES.filter(({ query }) => isMutation(query));

function isMutation(query: string): boolean {
  return /^mutation\b/m.test(query);
}
