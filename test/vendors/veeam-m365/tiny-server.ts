import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '../../../src/domain/secret.ts';
import type { BackupSource } from '../../../src/vendors/contract.ts';
import { veeamM365 } from '../../../src/vendors/veeam-m365/index.ts';
import type { VeeamSettings } from '../../../src/vendors/veeam-m365/settings.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';
import { payload } from './payload.ts';

export interface Asked {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A status with a body, or a body alone; text is sent as HTML, all else as JSON, undefined as nothing. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface TinyServer {
  readonly url: string;
  /** Requests so far, the token endpoint left out. */
  calls(): string[];
  readonly asked: Asked[];
  /** Bodies of the requests to the token endpoint. */
  logins(): string[];
  close(): Promise<void>;
}

/** Serves what `answer` says; a request to the token endpoint that it says nothing about gets a token. */
export async function serve(answer: (asked: Asked) => Answer | undefined): Promise<TinyServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      asked.push(one);
      const fallback = isLogin(one)
        ? { status: 200, body: payload('v3-token-from-the-documentation') }
        : { status: 404 };
      const { status, body } = answer(one) ?? fallback;
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json; charset=utf-8' });
      response.end(isText ? body : body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    calls: () => asked.filter((one) => !isLogin(one)).map(({ method, url }) => `${method} ${url}`),
    logins: () => asked.filter(isLogin).map(({ body }) => body),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function isLogin({ method, url }: Asked): boolean {
  return method === 'POST' && /^\/v\d\/token$/i.test(url);
}

/** A source at an address, with the drift and the HTTP that it was given. */
export function connect(baseUrl: string, apiVersion: VeeamSettings['apiVersion'] = 'v3') {
  const environment = sourceEnvironment('m365');
  const settings: VeeamSettings = {
    key: 'm365',
    name: 'M365',
    timeZone: undefined,
    baseUrl,
    apiVersion,
    username: 'LAB\\svc-gateway',
    password: new Secret('p&ss+word'),
  };
  const source: BackupSource = veeamM365.connect(settings, environment);
  return { source, environment };
}
