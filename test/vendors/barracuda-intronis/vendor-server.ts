import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface VendorRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface VendorAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as is, anything else as JSON. */
  readonly body?: unknown;
}

export type Handler = (request: VendorRequest) => VendorAnswer | undefined;

/** A vendor made for one test: gives tokens, and answers as the handler says, 404 where it says nothing. */
export interface VendorServer {
  readonly url: string;
  readonly requests: VendorRequest[];
  /** Paths and queries of all requests but logins since the last call of this. */
  taken(): string[];
  handle: Handler;
  close(): Promise<void>;
}

export async function vendorServer(handle: Handler = () => undefined): Promise<VendorServer> {
  const requests: VendorRequest[] = [];
  let from = 0;
  const vendor = {
    requests,
    handle,
    taken: () => {
      const urls = requests.slice(from).filter(({ url }) => url !== '/oauth2/token');
      from = requests.length;
      return urls.map(({ url }) => url);
    },
  };
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body };
    requests.push(request);
    const answer = vendor.handle(request) ?? fallback(request);
    outgoing.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    outgoing.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(vendor, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

function fallback({ url }: VendorRequest): VendorAnswer {
  if (url === '/oauth2/token') return { body: { access_token: 'token-1', expires_in: '3600' } };
  return { status: 404, body: { message: 'no such thing here' } };
}

/** Answers by path without the query; a function may look at the request. */
export function routes(
  table: Readonly<Record<string, VendorAnswer | ((request: VendorRequest) => VendorAnswer)>>,
): Handler {
  return (request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const answer = Object.hasOwn(table, path) ? table[path] : undefined;
    return typeof answer === 'function' ? answer(request) : answer;
  };
}

/** A list document. */
export function list(rows: readonly unknown[], members: Readonly<Record<string, unknown>> = {}): VendorAnswer {
  return { body: { page: 1, page_size: 100, count: rows.length, links: [], ...members, list: rows } };
}

/** A row of a status report. */
export function reportRow(computer: string, set: string, members: Readonly<Record<string, unknown>> = {}) {
  return {
    report_date: '2026-11-20T07:00:00-05:00',
    username: 'oak_clinic',
    computer_id: computer,
    computer_name: `Computer ${computer}`,
    backupset_name: set,
    local_start: '2026-11-20T02:00:00-05:00',
    local_end: '2026-11-20T03:00:00-05:00',
    condition_status: 'COMPLETED',
    condition_types: ['COMPLETED'],
    errors: 0,
    warnings: 0,
    ...members,
  };
}

/** A row of the action history. */
export function actionRow(computer: string, set: string, members: Readonly<Record<string, unknown>> = {}) {
  return {
    action_id: 1,
    username: 'oak_clinic',
    computer_id: computer,
    type: 'BACKUP',
    backupset_name: set,
    plugin: 'FILE',
    status: 'SUCCESS',
    local_start: '2026-11-20T02:00:00-05:00',
    local_end: '2026-11-20T03:00:00-05:00',
    total_files: 10,
    processed_files: 10,
    bytes: 1000,
    condition_status: 'COMPLETED',
    condition_types: ['COMPLETED'],
    errors: 0,
    warnings: 0,
    ...members,
  };
}
