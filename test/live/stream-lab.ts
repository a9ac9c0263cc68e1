import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { GraphQLFormattedError } from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import type { GatewaySource } from '../../src/graphql/context.ts';
import { LiveHub, type LiveHubOptions } from '../../src/live/live-hub.ts';
import { createApolloServer } from '../../src/server/apollo.ts';
import { Callers, type CallerConfig } from '../../src/server/callers.ts';
import { EventStreams } from '../../src/server/event-stream.ts';
import type { Explorer } from '../../src/server/explorer.ts';
import { createGraphqlServer } from '../../src/server/http.ts';
import { createLogger } from '../../src/server/log.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { StreamedOperations } from '../../src/server/streamed-operations.ts';
import { SubscriptionCallbacks } from '../../src/server/subscription-callbacks.ts';
import { lookAtVerdicts } from '../../src/server/verdict-looks.ts';
import { WebSocketDoor } from '../../src/server/websocket.ts';
import { writeService } from '../support/run-operation.ts';

/** A server with subscriptions over given sources. */
export interface StreamLab {
  readonly url: string;
  readonly hub: LiveHub;
  readonly operations: StreamedOperations;
  readonly eventStreams: EventStreams;
  readonly webSockets: WebSocketDoor;
  /** There when prefixes are given. */
  readonly callbacks: SubscriptionCallbacks | undefined;
  /** What was logged. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export async function openLab(
  sources: readonly GatewaySource[],
  options: Partial<LiveHubOptions> & {
    readonly callers?: readonly CallerConfig[];
    readonly logs?: boolean;
    readonly explorer?: Explorer | undefined;
    /** URLs under which the callbacks of routers may lie. */
    readonly prefixes?: readonly string[];
  } = {},
): Promise<StreamLab> {
  const lines: string[] = [];
  const log = createLogger({
    level: options.logs === false ? 'silent' : 'debug',
    write: (line) => void lines.push(line),
  });
  const writes = writeService(sources);
  const now = (): Date => new Date();
  const hub = new LiveHub({
    pace: { fastMs: 20, slowMs: 40 },
    assess: (key, signal) => lookAtVerdicts({ sources, writes, now }, key, signal),
    onFault: (error) => log.error({ err: error }, 'look failed'),
    ...options,
    sources,
  });
  const schema = await buildGatewaySchema();
  const metrics = new Metrics(sources, hub);
  const apollo = createApolloServer({ schema, log, metrics, introspection: true });
  await apollo.start();
  const callers = new Callers(options.callers ?? []);
  const operations = new StreamedOperations({ apollo, schema, sources, writes, hub, log, now });
  const eventStreams = new EventStreams(operations, log);
  const webSockets = new WebSocketDoor({ operations, callers, path: '/graphql', log });
  const common = { apollo, sources, writes, callers, explorer: options.explorer, path: '/graphql', log, now };
  const { prefixes } = options;
  const callbacks = prefixes === undefined ? undefined : new SubscriptionCallbacks({ operations, prefixes, log });
  await callbacks?.start();
  const server = createGraphqlServer({ ...common, eventStreams, callbacks, webSockets });
  const url = `${await listen(server)}/graphql`;
  const close = async (): Promise<void> => {
    eventStreams.close();
    await webSockets.close();
    await callbacks?.close();
    hub.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await apollo.stop();
  };
  return { url, hub, operations, eventStreams, webSockets, callbacks, lines, close };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Told {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers by name and would only cast otherwise
  readonly data?: any;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** A subscription that a test reads event by event. */
export interface Subscribed {
  next(): Promise<Told | 'DONE'>;
  leave(): Promise<void>;
}

export interface Asked {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** In the place of the text, where the gateway has trusted documents. */
  readonly documentId?: string;
}

export type Transport = 'SSE' | 'WebSocket';

/** Subscribes with the protocol's own client. */
export function subscribe(
  transport: Transport,
  url: string,
  asked: Asked,
  headers: Record<string, string> = {},
): Subscribed {
  const client =
    transport === 'SSE'
      ? createSseClient({ url, headers, retryAttempts: 0 })
      : createWsClient({
          url: url.replace('http', 'ws'),
          connectionParams: headers,
          webSocketImpl: WebSocket,
          retryAttempts: 0,
        });
  const events = client.iterate(asked) as AsyncIterableIterator<Told>;
  return {
    next: async () => {
      const { done, value } = await events.next();
      return done === true ? 'DONE' : value;
    },
    leave: async () => {
      await events.return?.();
      await client.dispose();
    },
  };
}

/** Every event up to the end. */
export async function allOf(subscribed: Subscribed): Promise<Told[]> {
  const told: Told[] = [];
  for (;;) {
    const next = await subscribed.next();
    if (next === 'DONE') return told;
    told.push(next);
  }
}

/** A bare connection in the protocol, for what its own client never does. */
export class BareSocket {
  readonly socket: WebSocket;
  readonly #messages: string[] = [];
  readonly #waiting: ((message: string) => void)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(url: string, options: { protocols?: string[]; headers?: Record<string, string> } = {}) {
    const { protocols = ['graphql-transport-ws'], headers = {} } = options;
    this.socket = new WebSocket(url.replace('http', 'ws'), protocols, { headers });
    this.socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const reader = this.#waiting.shift();
      if (reader === undefined) this.#messages.push(text);
      else reader(text);
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on('error', () => undefined);
  }

  async open(): Promise<this> {
    await new Promise((resolve) => this.socket.once('open', resolve));
    return this;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async next(): Promise<Record<string, unknown>> {
    const text = this.#messages.shift() ?? (await new Promise<string>((resolve) => this.#waiting.push(resolve)));
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Opens the protocol's own connection. */
  async init(payload?: Record<string, unknown>): Promise<this> {
    await this.open();
    this.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
    await this.next();
    return this;
  }
}

/** Status of a handshake that is refused. */
export function refusedHandshake(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('error', reject);
  });
}
