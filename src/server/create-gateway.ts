import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildGatewaySubgraph } from '../graphql/federation/gateway-subgraph.ts';
import type { TypeNames } from '../graphql/federation/type-names.ts';
import { Chronicle } from '../history/chronicle.ts';
import { openStores } from '../store/open-store.ts';
import { WriteService } from '../writing/write-service.ts';
import { LiveHub } from '../live/live-hub.ts';
import type { SourceVerdicts } from '../live/verdict-watch.ts';
import type { LivePace } from '../live/live-pace.ts';
import { createApolloServer } from './apollo.ts';
import { Callers } from './callers.ts';
import type { GatewayConfig } from './config.ts';
import { openExplorer } from './explorer.ts';
import { EventStreams } from './event-stream.ts';
import { createGraphqlServer } from './http.ts';
import type { Logger } from './log.ts';
import { createManagementServer } from './management.ts';
import { Metrics } from './metrics.ts';
import { openSource } from './sources.ts';
import { StreamedOperations } from './streamed-operations.ts';
import { SubscriptionCallbacks } from './subscription-callbacks.ts';
import { TrustedDocuments } from './trusted-documents.ts';
import { lookAtVerdicts } from './verdict-looks.ts';
import { WebSocketDoor } from './websocket.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly log: Logger;
  /** The demo shows its schema to everybody; else introspection is for callers, who hold a key or are on this machine. */
  readonly demo?: boolean;
  /** Other names for types, for a supergraph in which theirs are taken. */
  readonly typeNames?: TypeNames;
  /** How often sources are looked at while somebody listens to them. */
  readonly pace?: Partial<LivePace>;
}

export interface Gateway {
  /** Where GraphQL is served, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Where `/livez`, `/readyz` and `/metrics` are served. */
  readonly managementUrl: string;
  /** Takes no new operations, lets those in flight end for a while, then ends sessions at the vendors and all connections. */
  close(): Promise<void>;
}

/** How long operations in flight may take to end when the gateway stops, in milliseconds. */
const DRAIN_MS = 5_000;

/** Puts the gateway together and starts it. @throws when an address is taken, and TypeNamesError */
export async function startGateway({ config, log, typeNames, pace }: GatewayOptions): Promise<Gateway> {
  const { schema } = await buildGatewaySubgraph(typeNames);
  const { operations: store, history } = openStores(config.store.url);
  const chronicle = new Chronicle({
    store: history,
    log,
    keepMs: config.store.runHistoryMs,
    pollIntervalMs: (key) => hub.pollIntervalMs(key),
  });
  const opened = config.sources.map((source) =>
    openSource(source, {
      log,
      chronicle,
      onStateChange: () => hub.stateChanged(source.key),
      onWrite: () => hub.written(source.key),
    }),
  );
  const sources = opened.map(({ gateway }) => gateway);
  const onFault = (error: unknown): void => log.error({ err: error }, 'look at a source failed');
  const assess = (sourceKey: string, signal: AbortSignal): Promise<SourceVerdicts> =>
    lookAtVerdicts({ sources, writes, chronicle, now }, sourceKey, signal);
  const hub = new LiveHub({ sources, pace, assess, onFault });
  const writes = new WriteService({
    store,
    sources,
    log,
    keepMs: config.store.keepOperationsMs,
  });
  await writes.resume();
  const metrics = new Metrics(sources, hub);
  const apollo = createApolloServer({ schema, log, metrics, introspection: true });
  await apollo.start();
  const explorer = await openExplorer(fileURLToPath(new URL('../explorer', import.meta.url)), config.server.path);
  let ready = true;
  const callers = new Callers(config.callers);
  const { path } = config.server;
  const operations = new StreamedOperations({ apollo, schema, sources, writes, chronicle, hub, log, now });
  const eventStreams = new EventStreams(operations, log);
  const trustedDocuments =
    config.trustedDocuments === undefined ? undefined : new TrustedDocuments(config.trustedDocuments);
  const webSockets = new WebSocketDoor({ operations, callers, path, log, trustedDocuments });
  const { subscriptionCallbacks: prefixes } = config.server;
  const callbacks = prefixes.length === 0 ? undefined : new SubscriptionCallbacks({ operations, prefixes, log });
  await callbacks?.start();
  const server = createGraphqlServer({
    apollo,
    sources,
    writes,
    chronicle,
    callers,
    explorer,
    eventStreams,
    callbacks,
    webSockets,
    trustedDocuments,
    path,
    log,
    now,
  });
  const management = createManagementServer(() => ready, metrics);
  const closeSources = async (): Promise<void> => {
    await chronicle.close();
    await writes.close();
    await Promise.all(opened.map((source) => source.close()));
    await apollo.stop();
  };
  try {
    await listen(server, config.server.host, config.server.port);
    await listen(management, config.management.host, config.management.port);
    if (config.callers.length === 0) log.info({}, 'no callers are configured: open to this machine, and to no other');
  } catch (error) {
    server.close();
    await closeSources();
    throw error;
  }
  return {
    url: `${addressOf(server)}${config.server.path}`,
    managementUrl: addressOf(management),
    close: async () => {
      ready = false;
      const drained = drain(server);
      eventStreams.close();
      await Promise.all([webSockets.close(), callbacks?.close()]);
      hub.close();
      await drained;
      await closeSources();
      await drain(management);
    },
  };
}

function now(): Date {
  return new Date();
}

/** Closes a server: idle connections at once, busy ones when they are done or the time is up. */
async function drain(server: Server): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(force);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
