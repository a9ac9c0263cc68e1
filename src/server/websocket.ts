import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, parse, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { handleProtocols, makeServer, type Context } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Caller } from '../domain/caller.ts';
import type { Callers } from './callers.ts';
import type { Logger } from './log.ts';
import { hostIsLoopback, originIsLoopback } from './loopback.ts';
import type { Opened, StreamedOperations } from './streamed-operations.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Close codes beside those of the graphql-transport-ws protocol. */
export const CLOSE_CODES = {
  /** The gateway stops. */
  goingAway: 1001,
  /** A message is not text. */
  notText: 1003,
  /** The listener took events too slowly. Not 4408: that is the protocol's own, for an initialisation that does not come. */
  tooSlow: 4508,
} as const;

/** What one connection may cost. */
export const WEBSOCKET_LIMITS = {
  messageBytes: 64 * 1024,
  initMs: 3_000,
  operations: 100,
  keepAliveMs: 12_000,
  connections: 10_000,
  /** Answers that the other end has not read, in bytes. */
  unreadBytes: 1024 * 1024,
  /** How long a closing handshake may take. */
  closeMs: 2_000,
} as const;

export interface WebSocketDoorOptions {
  readonly operations: StreamedOperations;
  readonly callers: Callers;
  readonly path: string;
  readonly log: Logger;
  /** Documents that callers name by id; left out, there are none. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
}

interface Extra {
  readonly socket: WebSocket;
  readonly gone: AbortSignal;
  /** Who asks; known from the handshake or from `connection_init`. */
  caller: Caller | undefined;
}

type Connection = Context<Record<string, unknown>, Extra>;

/** Serves operations over WebSocket, in the protocol graphql-transport-ws, on the path of GraphQL. */
export class WebSocketDoor {
  readonly #options: WebSocketDoorOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: WEBSOCKET_LIMITS.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  readonly #protocol;
  /** Open connections, and whether each has shown itself since it was last asked to. */
  readonly #sockets = new Map<WebSocket, boolean>();
  #keepAlive: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(options: WebSocketDoorOptions) {
    this.#options = options;
    this.#protocol = protocolOf(options);
  }

  /** Takes the connections of a server that ask for WebSocket. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Tells everybody that the gateway stops, and ends what does not go by itself. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#sockets.keys()].map((socket) => end(socket, CLOSE_CODES.goingAway, 'Going away')));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return refuse(socket, refusal);
    const caller = this.#options.callers.identify(request.headers);
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(webSocket, caller));
  }

  /** HTTP status with which a handshake is refused. Without a key it is not: browsers send theirs in `connection_init`. */
  #refusal({ url = '/', headers }: IncomingMessage): number | undefined {
    const { callers, path } = this.#options;
    if (this.#isClosing || this.#sockets.size >= WEBSOCKET_LIMITS.connections) return 503;
    if (!callers.areConfigured && !hostIsLoopback(headers.host)) return 421;
    // No web page may read what is open to this machine.
    if (!callers.areConfigured && !originIsLoopback(headers.origin)) return 403;
    if (url.split('?', 1)[0] !== path) return 404;
    if (headers.upgrade?.toLowerCase() !== 'websocket') return 400;
    const hasKey = headers.authorization !== undefined || headers['x-api-key'] !== undefined;
    return hasKey && callers.identify(headers) === undefined ? 401 : undefined;
  }

  #welcome(socket: WebSocket, caller: Caller | undefined): void {
    const gone = new AbortController();
    setMaxListeners(0, gone.signal);
    this.#sockets.set(socket, true);
    this.#keepAlive ??= setInterval(() => this.#checkAlive(), WEBSOCKET_LIMITS.keepAliveMs);
    // Faults of the connection, such as a message that is too long; the closing that follows them is what counts.
    socket.on('error', (error) => this.#options.log.debug({ err: error }, 'websocket'));
    socket.on('pong', () => this.#sockets.set(socket, true));
    const closed = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => void end(socket, code ?? 1000, reason ?? ''),
        onMessage: (take) => {
          socket.on('message', (data: Buffer, isBinary: boolean) => {
            if (isBinary) return void end(socket, CLOSE_CODES.notText, 'Send text');
            if (socket.bufferedAmount > WEBSOCKET_LIMITS.unreadBytes) return socket.terminate();
            take(data.toString('utf8')).catch((error: unknown) => {
              this.#options.log.error({ err: error }, 'websocket message failed');
              void end(socket, 4500, 'Internal server error');
            });
          });
        },
      },
      { socket, gone: gone.signal, caller },
    );
    socket.once('close', (code, reason) => {
      gone.abort();
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) {
        clearInterval(this.#keepAlive);
        this.#keepAlive = undefined;
      }
      closed(code, reason.toString()).catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'websocket close failed');
      });
    });
  }

  #checkAlive(): void {
    for (const [socket, isAlive] of this.#sockets) {
      if (!isAlive) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        this.#sockets.set(socket, false);
        socket.ping();
      }
    }
  }
}

/** The protocol over the gateway's own operations. */
function protocolOf({ operations, callers, log, trustedDocuments }: WebSocketDoorOptions) {
  /** Refusals in the words of the gateway, by the list that stands in for them in the protocol. */
  const refusals = new WeakMap<object, readonly GraphQLFormattedError[]>();
  const refuseOperation = (errors: readonly GraphQLFormattedError[]): readonly GraphQLError[] => {
    const standIns = errors.map(({ message }) => new GraphQLError(message));
    refusals.set(standIns, errors);
    return standIns;
  };
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: WEBSOCKET_LIMITS.initMs,
    onConnect: ({ extra, connectionParams }: Connection) => {
      extra.caller ??= callers.identify(headersIn(connectionParams ?? {}));
      return extra.caller !== undefined;
    },
    onSubscribe: async ({ extra, subscriptions }: Connection, _id, payload) => {
      const requestId = randomUUID();
      const { caller } = extra;
      if (caller === undefined) throw new Error('an operation came before its connection was acknowledged');
      if (Object.keys(subscriptions).length > WEBSOCKET_LIMITS.operations) {
        const message = `A connection carries at most ${WEBSOCKET_LIMITS.operations} operations at once.`;
        return refuseOperation([{ message, extensions: { code: 'TOO_MANY_STREAMS', requestId } }]);
      }
      const onTooSlow = (): void => {
        log.warn({ requestId, caller: caller.name }, 'listener too slow');
        void end(extra.socket, CLOSE_CODES.tooSlow, 'Too slow');
      };
      const found = trustedDocuments?.find(payload);
      if (found !== undefined && 'refusal' in found) {
        const { message, code } = found.refusal;
        return refuseOperation([{ message, extensions: { code, requestId } }]);
      }
      const { query, variables, operationName } = { ...payload, ...found };
      const opened = await operations.open(
        { query, variables: variables ?? undefined, operationName: operationName ?? undefined },
        { caller, requestId, mayWrite: true, onTooSlow },
        extra.gone,
      );
      if (opened.kind === 'REFUSED') return refuseOperation(opened.errors);
      return { schema: NO_SCHEMA, document: opened.kind === 'STREAM' ? A_SUBSCRIPTION : A_QUERY, contextValue: opened };
    },
    subscribe: ({ contextValue }) => (contextValue as Extract<Opened, { kind: 'STREAM' }>).results as never,
    execute: ({ contextValue }) => (contextValue as Extract<Opened, { kind: 'ANSWERED' }>).result as never,
    // The answers are as they are to be sent already.
    onNext: (_context, _id, _payload, _args, result) => result as never,
    onError: (_context, _id, _payload, errors) => refusals.get(errors) as never,
  });
}

/** What has passed needs no schema and no text any more; the protocol only looks at what kind of operation it is. */
const NO_SCHEMA = undefined as unknown as GraphQLSchema;
const A_QUERY = parse('query { x }');
const A_SUBSCRIPTION = parse('subscription { x }');

/** The headers that name a caller, as members of `connection_init`, in any case. */
function headersIn(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const named = Object.entries(params).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(
    named.filter((entry): entry is [string, string] => CALLER_HEADERS.has(entry[0]) && typeof entry[1] === 'string'),
  );
}

const CALLER_HEADERS: ReadonlySet<string> = new Set(['authorization', 'x-api-key']);

/** Resolves when the text has left, or cannot any more. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(text, () => resolve()));
}

/** Closes a connection; one that does not take part in that is cut. */
function end(socket: WebSocket, code: number, reason: string): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), WEBSOCKET_LIMITS.closeMs);
    socket.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(code, reason);
  });
}

function refuse(socket: Duplex, status: number): void {
  const authenticate = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : '';
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${authenticate}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
