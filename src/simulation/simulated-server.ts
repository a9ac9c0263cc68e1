import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulationClock } from './clock.ts';
import { FaultPlan, type Fault } from './faults.ts';

/** How a simulator is started. Everything has a default, and equal options give equal data. */
export interface SimulatorOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly seed?: number;
  /** How many jobs (Barracuda: backup sets) the vendor has: 0 to 5,000. */
  readonly jobs?: number;
  /** Added before each answer. */
  readonly latencyMs?: number;
  readonly clock?: SimulationClock;
  /** The vendor's versions and styles, such as `{ apiVersion: 'v8' }`; each simulator documents its own. */
  readonly variant?: Readonly<Record<string, string>>;
}

/** One request as a vendor's handler sees it. */
export interface SimulatedRequest {
  readonly method: string;
  /** Path as sent, without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** True when the fault `endless-paging` is in force for this request. */
  readonly endlessPaging: boolean;
}

/** `body` is text (with a content type), bytes, or something that is sent as JSON; undefined sends none. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A vendor's behaviour. `unauthorized` and `throttled` give the vendor's own form of 401 and 429 for the faults of that name. */
export interface SimulatedVendor {
  handle(request: SimulatedRequest): SimulatedResponse | Promise<SimulatedResponse>;
  unauthorized(): SimulatedResponse;
  throttled(): SimulatedResponse;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly status: number | undefined;
}

/** A simulator that listens on 127.0.0.1. */
export interface RunningSimulator {
  /** Origin, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The options in force, defaults filled in. */
  readonly options: Required<SimulatorOptions>;
  readonly clock: SimulationClock;
  /** What a client needs to log in, by the vendor's own names. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Requests received so far, oldest first. */
  requests(): readonly RecordedRequest[];
  forgetRequests(): void;
  fault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

/** The options with their defaults; `variant` names every setting of the vendor with its default. */
export function completeOptions(
  options: SimulatorOptions,
  variant: Readonly<Record<string, string>>,
): Required<SimulatorOptions> {
  for (const name of Object.keys(options.variant ?? {})) {
    if (!(name in variant))
      throw new TypeError(`unknown variant "${name}"; known are ${Object.keys(variant).join(', ')}`);
  }
  return {
    port: options.port ?? 0,
    seed: options.seed ?? 1,
    jobs: options.jobs ?? 12,
    latencyMs: options.latencyMs ?? 0,
    clock: options.clock ?? new SimulationClock(),
    variant: { ...variant, ...options.variant },
  };
}

/**
 * Serves a vendor over real HTTP, with faults on command.
 *
 * Other processes steer it under `/_simulator`: `GET requests`, `POST faults` (one fault as JSON), `DELETE faults`,
 * `POST advance` (`{"seconds": n}`).
 */
export async function startSimulatedServer(
  vendor: SimulatedVendor,
  options: Required<SimulatorOptions>,
  credentials: Readonly<Record<string, string>>,
): Promise<RunningSimulator> {
  const plan = new FaultPlan();
  const recorded: { method: string; url: string; status: number | undefined }[] = [];
  const sockets = new Set<Socket>();
  const control = { plan, recorded, clock: options.clock };
  const server = createServer((incoming, outgoing) => {
    serve(vendor, options, control, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    options,
    clock: options.clock,
    credentials,
    requests: () => [...recorded],
    forgetRequests: () => void recorded.splice(0),
    fault: (fault) => plan.add(fault),
    clearFaults: () => plan.clear(),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Control {
  readonly plan: FaultPlan;
  readonly recorded: { method: string; url: string; status: number | undefined }[];
  readonly clock: SimulationClock;
}

async function serve(
  vendor: SimulatedVendor,
  options: Required<SimulatorOptions>,
  control: Control,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const target = incoming.url ?? '/';
  const method = incoming.method ?? 'GET';
  const body = await readAll(incoming);
  if (target.startsWith('/_simulator/')) return answer(outgoing, steer(control, method, target, body));
  const record: Control['recorded'][number] = { method, url: target, status: undefined };
  control.recorded.push(record);
  if (control.recorded.length > MAX_RECORDED) control.recorded.shift();
  const fault = control.plan.next(method, target);
  if (options.latencyMs > 0) await sleep(options.latencyMs);
  const [path = '/', query = ''] = target.split('?', 2);
  const request = {
    method,
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body,
    endlessPaging: fault?.kind === 'endless-paging',
  };
  if (fault !== undefined && fault.kind !== 'endless-paging')
    return misbehave(vendor, fault, request, outgoing, options.clock);
  const response = await vendor.handle(request);
  record.status = response.status;
  answer(outgoing, response, options.clock);
}

const MAX_RECORDED = 100_000;

async function misbehave(
  vendor: SimulatedVendor,
  fault: Fault,
  request: SimulatedRequest,
  outgoing: ServerResponse,
  clock: SimulationClock,
): Promise<void> {
  switch (fault.kind) {
    case 'refuse':
      return void outgoing.destroy();
    case 'stall':
      return;
    case 'unauthorized':
      return answer(outgoing, vendor.unauthorized());
    case 'throttle': {
      const response = vendor.throttled();
      const headers = { ...response.headers, ...retryAfter(fault, fault.retryAfterSeconds ?? 1, clock) };
      return answer(outgoing, { ...response, headers }, clock);
    }
    case 'server-error':
      return answer(
        outgoing,
        {
          status: fault.status ?? 503,
          headers: { 'content-type': 'text/html', ...retryAfter(fault, fault.retryAfterSeconds, clock) },
          body: '<html><body>down</body></html>',
        },
        clock,
      );
    case 'lose-answer':
      await vendor.handle(request);
      return void outgoing.destroy();
    case 'late-server-error':
      await vendor.handle(request);
      return answer(
        outgoing,
        {
          status: fault.status ?? 502,
          headers: { 'content-type': 'text/html' },
          body: '<html><body>bad gateway</body></html>',
        },
        clock,
      );
    case 'redirect':
      return answer(outgoing, { status: 302, headers: { location: fault.location ?? 'http://127.0.0.1:9/' } });
    case 'html':
      return answer(outgoing, {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>Sign in</h1></body></html>',
      });
    case 'empty':
      return answer(outgoing, { status: 200 });
    case 'oversized':
      return answer(outgoing, {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: `"${'x'.repeat(40 * 1024 * 1024)}"`,
      });
    default:
      return spoil(fault, await vendor.handle(request), outgoing);
  }
}

function retryAfter(fault: Fault, seconds: number | undefined, clock: SimulationClock): Record<string, string> {
  if (seconds === undefined) return {};
  // An HTTP date has no fractions: rounded up, so that it is not before its time.
  const date = new Date(Math.ceil(clock.now().getTime() / 1000 + seconds) * 1000);
  return { 'retry-after': fault.retryAfterAsDate === true ? date.toUTCString() : String(seconds) };
}

/** Faults that begin with the right answer. */
async function spoil(fault: Fault, response: SimulatedResponse, outgoing: ServerResponse): Promise<void> {
  const { text, headers } = serialise(response);
  const half = text.slice(0, Math.ceil(text.length / 2));
  switch (fault.kind) {
    case 'bad-json':
      return answer(outgoing, { ...response, headers: { 'content-type': 'application/json' }, body: `${half}"]]` });
    case 'bad-xml': {
      const cut = text.lastIndexOf('</');
      return answer(outgoing, {
        ...response,
        headers: { 'content-type': 'application/xml' },
        body: text.slice(0, Math.max(cut, 1)),
      });
    }
    case 'truncate':
      outgoing.writeHead(response.status, {
        ...headers,
        'content-length': Buffer.byteLength(text) + 1,
        connection: 'close',
      });
      outgoing.write(text);
      return void outgoing.socket?.end();
    case 'no-last-chunk':
      outgoing.writeHead(response.status, { ...headers, 'transfer-encoding': 'chunked', connection: 'close' });
      outgoing.write(text);
      return void outgoing.socket?.end();
    case 'never-ends':
      outgoing.writeHead(response.status, headers);
      outgoing.write(text);
      while (!outgoing.destroyed) {
        outgoing.write(' '.repeat(1024));
        await sleep(10);
      }
      return;
    case 'huge-headers':
      outgoing.writeHead(response.status, { ...headers, 'x-filler': 'x'.repeat(64 * 1024) });
      return void outgoing.end(text);
    case 'wrong-charset': {
      const [type = 'text/plain'] = (headers['content-type'] ?? '').split(';');
      outgoing.writeHead(response.status, { ...headers, 'content-type': `${type}; charset=utf-8` });
      return void outgoing.end(Buffer.concat([Buffer.from(text), Buffer.from([0xe4, 0xf6, 0xfc])]));
    }
    case 'drip':
      outgoing.writeHead(response.status, headers);
      for (const char of text) {
        if (outgoing.destroyed) return;
        outgoing.write(char);
        await sleep(1000);
      }
      return void outgoing.end();
    default:
      outgoing.writeHead(response.status, { ...headers, 'content-length': Buffer.byteLength(text) });
      outgoing.write(half);
      if (fault.kind === 'reset-mid-body') setTimeout(() => outgoing.socket?.resetAndDestroy(), 20);
  }
}

function steer({ plan, recorded, clock }: Control, method: string, target: string, body: string): SimulatedResponse {
  const action = `${method} ${target.slice('/_simulator/'.length)}`;
  try {
    switch (action) {
      case 'GET requests':
        return { status: 200, body: recorded };
      case 'POST faults':
        plan.add(JSON.parse(body) as Fault);
        return { status: 204 };
      case 'DELETE faults':
        plan.clear();
        return { status: 204 };
      case 'POST advance':
        clock.advance(Number((JSON.parse(body) as { seconds?: unknown }).seconds));
        return { status: 200, body: { now: clock.now().toISOString() } };
      default:
        return { status: 404, body: { message: 'known are GET requests, POST faults, DELETE faults, POST advance' } };
    }
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : 'unreadable' } };
  }
}

function answer(outgoing: ServerResponse, response: SimulatedResponse, clock?: SimulationClock): void {
  if (outgoing.destroyed) return;
  const { text, headers } = serialise(response);
  outgoing.writeHead(response.status, {
    ...(clock === undefined ? {} : { date: clock.now().toUTCString() }),
    ...headers,
  });
  outgoing.end(response.body instanceof Uint8Array ? response.body : text);
}

function serialise({ body, headers }: SimulatedResponse): { text: string; headers: Record<string, string> } {
  if (body === undefined) return { text: '', headers: { ...headers } };
  if (typeof body === 'string' && headers?.['content-type'] !== undefined)
    return { text: body, headers: { ...headers } };
  return { text: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8', ...headers } };
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
