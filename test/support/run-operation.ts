import { graphql, type GraphQLSchema } from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { OperationContext, type GatewaySource } from '../../src/graphql/context.ts';
import { rememberingReader } from '../../src/history/remembering-reader.ts';
import { Chronicle } from '../../src/history/chronicle.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { openStore, openStores } from '../../src/store/open-store.ts';
import type { BackupSource } from '../../src/vendors/contract.ts';
import { WriteService } from '../../src/writing/write-service.ts';
import type { HistoryStore } from '../../src/store/history-store.ts';
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

/** What a gateway remembers, kept in memory unless a store is given. */
export function chronicleOf(
  now: () => Date,
  options: { readonly store?: HistoryStore; readonly keepMs?: number; readonly errors?: string[] } = {},
): Chronicle {
  const { store = openStores('sqlite::memory:').history, keepMs = 90 * 24 * 3_600_000, errors = [] } = options;
  const log = { error: (_fields: object, message: string) => void errors.push(message) };
  return new Chronicle({ store, keepMs, now, log, pollIntervalMs: () => 60_000 });
}

/** Makes sources tell a chronicle what is read from them, as the server does. Their lists are new ones each time, since a test changes them. */
export function remembered<Source extends GatewaySource>(
  chronicle: Chronicle,
  sources: readonly Source[],
  now: () => Date,
): readonly Source[] {
  return sources.map((source) => {
    const skewSeconds = (): number | undefined => source.health().clockSkewSeconds;
    const { reader } = source;
    const listRuns: BackupSource['listRuns'] = async (query, call) => {
      const { rows, problems } = await reader.listRuns(query, call);
      return { rows: [...rows], problems };
    };
    const options = { chronicle, now: () => now().getTime(), skewSeconds };
    return Object.assign(source, {
      reader: rememberingReader({ ...reader, listRuns }, options),
      history: chronicle.historyOf(source.key),
    });
  });
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
    /** One of its own when left out; undefined: none, and nothing that needs one. */
    readonly chronicle?: Chronicle | undefined;
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
    chronicle: 'chronicle' in options ? options.chronicle : chronicleOf(options.now ?? (() => new Date())),
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
