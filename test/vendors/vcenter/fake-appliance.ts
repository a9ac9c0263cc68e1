import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `body` undefined: none; text: as it is; else JSON. `'STALL'` never answers. */
export type Answer =
  { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> } | 'STALL';

/** Answers by `METHOD path`; a function is asked each time. */
export type Routes = Record<string, Answer | ((asked: Asked) => Answer)>;

export interface FakeAppliance {
  readonly url: string;
  readonly asked: Asked[];
  routes: Routes;
  /** `METHOD path?query` of what was asked since the last time. */
  calls(): string[];
  close(): Promise<void>;
}

export const TOKEN = '0f9d00e2';

/** An appliance with /api that answers what the routes say, and 404 as vCenter does for everything else. */
export async function startFakeAppliance(): Promise<FakeAppliance> {
  const asked: Asked[] = [];
  let unread = 0;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const one = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: await text(request),
    };
    asked.push(one);
    const route = fake.routes[`${one.method} ${one.path}`] ?? NOT_THERE;
    const answer = typeof route === 'function' ? route(one) : route;
    if (answer === 'STALL') return;
    const body =
      answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeAppliance = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    routes: {},
    calls: () => {
      const news = asked.slice(unread);
      unread = asked.length;
      return news.map(({ method, path, query }) => `${method} ${path}${query.size > 0 ? `?${query}` : ''}`);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}

const NOT_THERE: Answer = {
  status: 404,
  body: {
    error_type: 'NOT_FOUND',
    messages: [{ id: 'com.vmware.vapi.rest.httpNotFound', default_message: 'x', args: [] }],
  },
};

export const UNAUTHENTICATED = { status: 401, body: { error_type: 'UNAUTHENTICATED', messages: [] } };

export const API_LOGIN: Routes = {
  'GET /api/session': UNAUTHENTICATED,
  'POST /api/session': { status: 201, body: JSON.stringify(TOKEN) },
  'DELETE /api/session': { status: 204 },
};

export const REST_LOGIN: Routes = {
  'POST /rest/com/vmware/cis/session': { status: 200, body: { value: TOKEN } },
  'DELETE /rest/com/vmware/cis/session': { status: 200 },
};
