import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server below HTTP: what it writes is what the gateway gets. */
export interface RawServer {
  readonly url: string;
  /** Request lines received so far. */
  readonly requests: string[];
  /** Connections open now. */
  connections(): number;
  close(): Promise<void>;
}

/** Answers each request without a body by `respond`, which is given the request's head; `onData` sees what is no HTTP as well. */
export async function startRawServer(
  respond: (socket: Socket, head: string) => void,
  onData: (socket: Socket) => void = () => undefined,
): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let received = '';
    socket.on('data', (chunk) => {
      onData(socket);
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end);
        received = received.slice(end + 4);
        requests.push(head.split('\r\n', 1)[0] ?? '');
        respond(socket, head);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
