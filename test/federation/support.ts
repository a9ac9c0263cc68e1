import { buildGatewaySubgraph } from '../../src/graphql/federation/gateway-subgraph.ts';
import type { GatewaySource } from '../../src/graphql/context.ts';
import { runOperation, type Answer } from '../support/run-operation.ts';

export const SUBGRAPH = await buildGatewaySubgraph();

type Options = NonNullable<Parameters<typeof runOperation>[2]>;

/** Runs an operation as a router sends it. */
export function askSubgraph(query: string, sources: readonly GatewaySource[], options: Options = {}): Promise<Answer> {
  return runOperation(query, sources, { schema: SUBGRAPH.schema, ...options });
}

/** Asks for entities; `fields` is written as for a fragment. */
export function entities(
  sources: readonly GatewaySource[],
  representations: readonly unknown[],
  fields: string,
  options: Options = {},
): Promise<Answer> {
  return askSubgraph(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ${fields} } }`,
    sources,
    { ...options, variables: { representations } },
  );
}
