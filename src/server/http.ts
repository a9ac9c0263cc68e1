import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import { GatewayError } from '../domain/errors.ts';
import { OperationContext, type GatewaySource } from '../graphql/context.ts';
import type { Chronicle } from '../history/chronicle.ts';
import type { Caller } from '../domain/caller.ts';
import type { WriteService } from '../writing/write-service.ts';
import { callbackIn } from './callback-registration.ts';
import type { Callers } from './callers.ts';
import { isSubscription, wantsEventStream, type EventStreams } from './event-stream.ts';
import { isExport, serveExport } from './exports.ts';
import type { Explorer } from './explorer.ts';
import { ShapeCheck } from './limits.ts';
import type { Logger } from './log.ts';
import { hostIsLoopback, originIsLoopback } from './loopback.ts';
import type { OperationRequest } from './streamed-operations.ts';
import type { SubscriptionCallbacks } from './subscription-callbacks.ts';
import { namedIn, searchWithText, withText, type TrustedDocuments } from './trusted-documents.ts';
import type { WebSocketDoor } from './websocket.ts';

export interface GraphqlHttpOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly sources: readonly GatewaySource[];
  readonly writes: WriteService;
  readonly chronicle?: Chronicle | undefined;
  readonly callers: Callers;
  readonly explorer: Explorer | undefined;
  /** Answers callers who accept `text/event-stream`; left out, nobody is answered so. */
  readonly eventStreams?: EventStreams | undefined;
  /** Sends the events of subscriptions to routers that ask for callbacks; left out, none are sent. */
  readonly callbacks?: SubscriptionCallbacks | undefined;
  /** Answers on the same path over WebSocket. */
  readonly webSockets?: WebSocketDoor | undefined;
  /** Documents that callers name by id; left out, there are none. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
  readonly path: string;
  readonly log: Logger;
  readonly now: () => Date;
}

const MAX_BODY_BYTES = 1024 * 1024;
/** Bounds on slow callers, in milliseconds; Node's own defaults leave them a minute and five. */
const SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000,
};

/** Every other offer to upgrade is left alone, as by a server without WebSocket. */
const UPGRADE_OPTIONS = {
  shouldUpgradeCallback: ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket',
};

/** The server that callers talk to: GraphQL over HTTP, event streams and WebSocket on one path, and the explorer for browsers on the same. */
export function createGraphqlServer(options: GraphqlHttpOptions): Server {
  const shapes = new ShapeCheck();
  const { webSockets } = options;
  const serverOptions = { ...SERVER_OPTIONS, ...(webSockets === undefined ? {} : UPGRADE_OPTIONS) };
  const server = createServer(serverOptions, (request, response) => {
    answer({ ...options, shapes }, request, response).catch((error: unknown) => {
      if (hungUp(error, request)) return response.destroy();
      options.log.error({ err: error }, 'request failed');
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: 'INTERNAL' });
    });
  });
  webSockets?.attach(server);
  return server;
}

/** Whether the caller went away in the middle of its request: no fault of the gateway. */
function hungUp(error: unknown, request: IncomingMessage): boolean {
  return !request.complete && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

async function answer(
  options: GraphqlHttpOptions & { readonly shapes: ShapeCheck },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A key is proof enough; without keys, it has to be this machine that asks.
  if (!options.callers.areConfigured && !hostIsLoopback(request.headers.host))
    return refuse(response, 421, 'The Host header does not name this machine.');
  const url = request.url ?? '/';
  const [path = '/', query] = url.split('?', 2);
  if (options.explorer !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
    if (path === '/') return redirect(response, options.path);
    if (await options.explorer.serve(path, wantsPage(request, query), response)) return;
  }
  if (isExport(path)) return answerExport(options, path, query ?? '', request, response);
  if (path !== options.path)
    return send(response, 404, { error: 'NOT_FOUND', message: `GraphQL is served at ${options.path}` });
  if (request.method !== 'GET' && request.method !== 'POST') {
    response.setHeader('allow', 'GET, POST');
    return send(response, 405, { error: 'METHOD_NOT_ALLOWED' });
  }
  const caller = options.callers.identify(request.headers);
  if (caller === undefined) return refuseUnknown(response);
  if (request.headers['content-encoding'] !== undefined)
    return refuse(response, 415, 'Send the operation without content-encoding.');
  const body = await readBody(request);
  if (body === undefined) return refuse(response, 413, `The request body is over ${MAX_BODY_BYTES} bytes.`);
  await execute({ ...options, caller }, request, response, query === undefined ? '' : `?${query}`, body);
}

/** A file with the same filters as the queries, streamed. */
async function answerExport(
  { sources, writes, callers, now }: GraphqlHttpOptions,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const caller = callers.identifyForFile(request.headers);
  if (caller === undefined) return refuseUnknown(response, ['Bearer', 'Basic realm="BackupGraph"']);
  if (request.method !== 'GET') {
    response.setHeader('allow', 'GET');
    return send(response, 405, { error: 'METHOD_NOT_ALLOWED' });
  }
  const requestId = requestIdOf(request);
  response.setHeader('x-request-id', requestId);
  const context = new OperationContext({ sources, caller, writes, signal: goneSignal(response), now, requestId });
  try {
    await serveExport(path, new URLSearchParams(query), context, response);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'INTERNAL' || response.headersSent) throw error;
    const { code, message, argument } = error;
    send(response, 400, { errors: [{ message, extensions: { code, argument, requestId } }] });
  } finally {
    context.dispose();
  }
}

/** Aborted when the caller goes before the answer has ended. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) gone.abort();
  });
  return gone.signal;
}

function refuseUnknown(response: ServerResponse, ways: string | readonly string[] = 'Bearer'): void {
  response.setHeader('www-authenticate', ways);
  refuse(response, 401, NO_KEY, 'UNAUTHENTICATED');
}

const NO_KEY = 'A known API key is needed, as "Authorization: Bearer" or as "x-api-key".';

async function execute(
  {
    apollo,
    sources,
    writes,
    chronicle,
    caller,
    now,
    shapes,
    eventStreams,
    callbacks,
    callers,
    trustedDocuments,
  }: GraphqlHttpOptions & { readonly shapes: ShapeCheck; readonly caller: Caller },
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  text: string,
): Promise<void> {
  const method = request.method ?? 'GET';
  let body: unknown;
  if (method === 'POST') {
    if (!/^application\/(graphql-response\+)?json\b/i.test(request.headers['content-type'] ?? ''))
      return refuse(response, 415, 'Send the operation as application/json.');
    try {
      body = JSON.parse(text);
    } catch {
      return refuse(response, 400, 'The request body is not JSON.');
    }
  }
  const requestId = requestIdOf(request);
  const found = trustedDocuments?.find(method === 'POST' ? body : namedIn(new URLSearchParams(search)));
  if (found !== undefined && 'refusal' in found) {
    response.setHeader('x-request-id', requestId);
    const { message, code } = found.refusal;
    return send(response, 400, { errors: [{ message, extensions: { code, requestId } }] });
  }
  if (found !== undefined) {
    if (method === 'POST') body = withText(body, found.query);
    else search = searchWithText(new URLSearchParams(search), found.query);
  }
  const operation = operationOf(method, body, search);
  const callback = callbackIn(body);
  if (callbacks !== undefined && callback !== undefined && operation !== undefined && method === 'POST') {
    if (isSubscription(operation.query, operation.operationName)) {
      const answered = await callbacks.answer(operation, callback, { caller, requestId });
      response.setHeader('x-request-id', requestId);
      return send(response, answered.status, answered.body);
    }
  }
  const { accept, origin } = request.headers;
  if (eventStreams !== undefined && wantsEventStream(accept, operation ?? NO_OPERATION)) {
    // No web page may read what is open to this machine.
    if (!callers.areConfigured && !originIsLoopback(origin))
      return refuse(response, 403, 'The Origin header names a page of another machine.');
    if (eventStreams.isFull) return refuse(response, 503, 'No more event streams are taken.', 'TOO_MANY_STREAMS');
    if (operation === undefined) return refuse(response, 400, 'The request is not a GraphQL operation.');
    return eventStreams.answer(operation, response, { caller, requestId, mayWrite: method === 'POST' });
  }
  const refusal = shapes.refusal(queryOf(body, search));
  if (refusal !== undefined) {
    response.setHeader('x-request-id', requestId);
    const { message, extensions } = refusal;
    return send(response, 400, { errors: [{ message, extensions: { code: extensions['code'], requestId } }] });
  }
  const signal = goneSignal(response);
  let context: OperationContext | undefined;
  try {
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headersOf(request), search, body },
      context: async () => {
        context = new OperationContext({ sources, caller, writes, chronicle, signal, now, requestId });
        return context;
      },
    });
    if (response.destroyed) return;
    response.statusCode = result.status ?? 200;
    for (const [name, value] of result.headers) response.setHeader(name, value);
    response.setHeader('x-request-id', requestId);
    if (result.body.kind === 'complete') {
      response.end(result.body.string);
      return;
    }
    for await (const chunk of result.body.asyncIterator) response.write(chunk);
    response.end();
  } finally {
    context?.dispose();
  }
}

const NO_OPERATION: OperationRequest = { query: '' };

/** The operation, from the body or, with GET, from the address; undefined when it is not one. */
function operationOf(method: string, body: unknown, search: string): OperationRequest | undefined {
  const given = method === 'POST' ? body : fromAddress(new URLSearchParams(search));
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const { query, variables, operationName } = given as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string') return undefined;
  if (typeof (operationName ?? '') !== 'string') return undefined;
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) return undefined;
  return {
    query,
    variables: (variables as Record<string, unknown> | null) ?? undefined,
    operationName: (operationName as string | null) ?? undefined,
  };
}

function fromAddress(given: URLSearchParams): Record<string, unknown> | undefined {
  const variables = given.get('variables');
  try {
    const parsed: unknown = variables === null ? undefined : JSON.parse(variables);
    return { query: given.get('query'), variables: parsed, operationName: given.get('operationName') };
  } catch {
    return undefined;
  }
}

/** The text of the operation, from the body or, with GET, from the address; empty when there is none. */
function queryOf(body: unknown, search: string): string {
  const query =
    typeof body === 'object' && body !== null && 'query' in body
      ? body.query
      : new URLSearchParams(search).get('query');
  return typeof query === 'string' ? query : '';
}

/** A browser that opens the address wants the page; a program that asks by GET sends a query. */
function wantsPage(request: IncomingMessage, query: string | undefined): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('text/html') && !new URLSearchParams(query).has('query');
}

/** The caller's own request id where it is harmless, else a new one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** The whole body; undefined when it is longer than allowed. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/** Refuses a request that never becomes an operation, in the form that GraphQL clients read. */
function refuse(response: ServerResponse, status: number, message: string, code = 'BAD_REQUEST'): void {
  send(response, status, { errors: [{ message, extensions: { code } }] });
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location });
  response.end();
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(JSON.stringify(body));
}
