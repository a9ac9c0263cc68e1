import { graphql, type GraphQLSchema } from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { OperationContext, type GatewaySource } from '../../src/graphql/context.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { openStore } from '../../src/store/open-store.ts';
import { WriteService } from '../../src/writing/write-service.ts';
import { formatError } from '../../src/graphql/errors.ts';

let schema: Promise<GraphQLSchema> | undefined;

/** What an operation answers, with errors as callers see them. */
export interface Answer {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers by name and would only cast otherwise
  readonly data: any;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly unexpected: readonly unknown[];
}

/** Writes to the given sources, kept in memory; looks for lost effects without pausing for long. */
export function writeService(sources: readonly GatewaySource[]): WriteService {
  const log = { info: () => undefined, error: () => undefined };
  const store = openStore('sqlite::memory:');
  return new WriteService({ store, sources, log, keepMs: 60_000, looksMs: [0, 5, 20], laterLooksMs: [] });
}

/** Runs an operation over the given sources, without a server. */
export async function runOperation(
  source: string,
  sources: readonly GatewaySource[],
  options: {
    readonly variables?: Record<string, unknown>;
    readonly signal?: AbortSignal;
    readonly now?: () => Date;
    readonly caller?: Caller;
    readonly writes?: WriteService;
    /** Another schema than that of the gateway by itself. */
    readonly schema?: GraphQLSchema;
  } = {},
): Promise<Answer> {
  schema ??= buildGatewaySchema();
  const contextValue = new OperationContext({
    sources,
    caller: options.caller ?? { name: 'tester', role: 'ADMIN' },
    writes: options.writes ?? writeService(sources),
    signal: options.signal ?? new AbortController().signal,
    now: options.now ?? (() => new Date()),
    requestId: 'request-1',
  });
  try {
    const result = await graphql({
      schema: options.schema ?? (await schema),
      source,
      contextValue,
      variableValues: options.variables,
    });
    const unexpected: unknown[] = [];
    const errors = (result.errors ?? []).map((error) =>
      formatError(error.toJSON(), error, (cause) => unexpected.push(cause)),
    );
    return { data: result.data, errors: errors as Answer['errors'], unexpected };
  } finally {
    contextValue.dispose();
  }
}
