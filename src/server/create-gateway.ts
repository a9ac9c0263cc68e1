import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildGatewaySubgraph } from '../graphql/federation/gateway-subgraph.ts';
import type { TypeNames } from '../graphql/federation/type-names.ts';
import { openStore } from '../store/open-store.ts';
import { WriteService } from '../writing/write-service.ts';
import { createApolloServer } from './apollo.ts';
import { Callers } from './callers.ts';
import type { GatewayConfig } from './config.ts';
import { openExplorer } from './explorer.ts';
import { createGraphqlServer } from './http.ts';
import type { Logger } from './log.ts';
import { createManagementServer } from './management.ts';
import { Metrics } from './metrics.ts';
import { openSource } from './sources.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly log: Logger;
  /** The demo shows its schema to everybody; else introspection is for callers, who hold a key or are on this machine. */
  readonly demo?: boolean;
  /** Other names for types, for a supergraph in which theirs are taken. */
  readonly typeNames?: TypeNames;
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
export async function startGateway({ config, log, typeNames }: GatewayOptions): Promise<Gateway> {
  const { schema } = await buildGatewaySubgraph(typeNames);
  const opened = config.sources.map((source) => openSource(source, { log }));
  const sources = opened.map(({ gateway }) => gateway);
  const writes = new WriteService({
    store: openStore(config.store.url),
    sources,
    log,
    keepMs: config.store.keepOperationsMs,
  });
  await writes.resume();
  const metrics = new Metrics(sources);
  const apollo = createApolloServer({ schema, log, metrics, introspection: true });
  await apollo.start();
  const explorer = await openExplorer(fileURLToPath(new URL('../explorer', import.meta.url)), config.server.path);
  let ready = true;
  const server = createGraphqlServer({
    apollo,
    sources,
    writes,
    callers: new Callers(config.callers),
    explorer,
    path: config.server.path,
    log,
    now: () => new Date(),
  });
  const management = createManagementServer(() => ready, metrics);
  const closeSources = async (): Promise<void> => {
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
      await drain(server);
      await closeSources();
      await drain(management);
    },
  };
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
