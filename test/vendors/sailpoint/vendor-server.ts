import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as this server got it. */
export interface Received {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, everything else as JSON. */
  readonly body?: unknown;
}

/** A server that answers by method and path; what is not routed answers 418, so that a test sees it. */
export interface VendorServer {
  readonly url: string;
  readonly received: Received[];
  /** The paths asked for, without logins. */
  paths(): string[];
  logins(): Received[];
  route(path: string, reply: Reply | ((request: Received) => Reply | 'hang')): void;
  close(): Promise<void>;
}

export async function startVendorServer(): Promise<VendorServer> {
  const received: Received[] = [];
  const routes = new Map<string, (request: Received) => Reply | 'hang'>();
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing, received, routes));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    paths: () => received.filter(({ method }) => method === 'GET').map(({ url }) => url),
    logins: () => received.filter(({ url }) => url.startsWith('/oauth/token')),
    route: (path, reply) => void routes.set(path, typeof reply === 'function' ? reply : () => reply),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  received: Received[],
  routes: ReadonlyMap<string, (request: Received) => Reply | 'hang'>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = incoming;
  const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
  received.push(request);
  const reply = routes.get(url.split('?')[0] ?? '')?.(request) ?? { status: 418 };
  if (reply === 'hang') return;
  outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
  outgoing.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? null));
}
