/** The listeners of `bench/listeners.ts`, in a process of their own; does what it is told by messages. */
import { once } from 'node:events';
import { Agent, request as httpRequest, type ClientRequest } from 'node:http';
import { WebSocket } from 'ws';

export type ListenersCommand =
  /** So many more of each kind; done when all listen. */
  | { readonly kind: 'open'; readonly eventStreams: number; readonly webSockets: number }
  /** Done when a change that was not told before has reached every listener. */
  | { readonly kind: 'round' }
  | { readonly kind: 'close' };

export interface ListenersReport {
  /** From the look that saw the change to the last listener, in milliseconds. */
  readonly lastMs?: number;
}

const [url = ''] = process.argv.slice(2);
const QUERY = 'subscription { backupRunChanged { observedAt previousStatus run { id status } } }';
const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
const streams: ClientRequest[] = [];
const sockets: WebSocket[] = [];
/** Listeners that have heard of a change, by what it is, and the longest way of it. */
const heard = new Map<string, { count: number; lastMs: number }>();
const told = new Set<string>();
let waitForRound: ((report: ListenersReport) => void) | undefined;

process.on('message', (command: ListenersCommand) => {
  void carryOut(command).then((report) => process.send?.(report));
});

async function carryOut(command: ListenersCommand): Promise<ListenersReport> {
  switch (command.kind) {
    case 'open':
      await inChunks(command.eventStreams, openStream);
      await inChunks(command.webSockets, openSocket);
      return {};
    case 'round':
      return new Promise((resolve) => {
        waitForRound = resolve;
        checkRound();
      });
    case 'close':
      for (const stream of streams.splice(0)) stream.destroy();
      for (const socket of sockets.splice(0)) socket.terminate();
      heard.clear();
      return {};
  }
}

async function inChunks(count: number, open: () => Promise<void>): Promise<void> {
  for (let begun = 0; begun < count; begun += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - begun) }, open));
  }
}

async function openStream(): Promise<void> {
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
  const request = httpRequest(url, { method: 'POST', headers, agent });
  request.on('error', () => undefined);
  streams.push(request);
  request.end(JSON.stringify({ query: QUERY }));
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    for (const match of chunk.toString().matchAll(/^data: (\{.*\})$/gm)) hear(match[1] ?? '');
  });
}

async function openSocket(): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
  sockets.push(socket);
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.on('message', (data: Buffer) => {
    const { payload } = JSON.parse(data.toString()) as { payload?: unknown };
    if (payload !== undefined) hear(JSON.stringify(payload));
  });
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: QUERY } }));
}

function hear(text: string): void {
  const now = Date.now();
  const { data } = JSON.parse(text) as { data: { backupRunChanged: Record<string, unknown> } };
  const change = data.backupRunChanged;
  const key = JSON.stringify(change);
  const known = heard.get(key) ?? { count: 0, lastMs: 0 };
  const lastMs = Math.max(known.lastMs, now - Date.parse(String(change['observedAt'])));
  heard.set(key, { count: known.count + 1, lastMs });
  checkRound();
}

function checkRound(): void {
  const whole = [...heard].find(([key, { count }]) => count >= streams.length + sockets.length && !told.has(key));
  if (whole === undefined || waitForRound === undefined) return;
  for (const [key] of heard) told.add(key);
  waitForRound({ lastMs: whole[1].lastMs });
  waitForRound = undefined;
}
