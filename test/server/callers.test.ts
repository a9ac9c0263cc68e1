import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { createApolloServer } from '../../src/server/apollo.ts';
import { Callers, type CallerConfig } from '../../src/server/callers.ts';
import { openExplorer } from '../../src/server/explorer.ts';
import { createGraphqlServer } from '../../src/server/http.ts';
import { createLogger } from '../../src/server/log.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { sampleJob } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { writeService } from '../support/run-operation.ts';

const ADMIN_KEY = 'admin-key-0123456789abcdef';
const READER_KEY = 'reader-key-0123456789abcdef';
const CONFIGURED: readonly CallerConfig[] = [
  { name: 'ops', role: 'ADMIN', key: new Secret(ADMIN_KEY) },
  { name: 'dashboard', role: 'READ', key: new Secret(READER_KEY) },
];

describe('server/callers', () => {
  const callers = new Callers(CONFIGURED);

  it.each([
    ['a bearer token', { authorization: `Bearer ${ADMIN_KEY}` }, 'ops'],
    ['a bearer token with another case and more spaces', { authorization: `bEARER   ${READER_KEY} ` }, 'dashboard'],
    ['the header x-api-key', { 'x-api-key': READER_KEY }, 'dashboard'],
    ['x-api-key beside another scheme', { authorization: 'Basic abc', 'x-api-key': ADMIN_KEY }, 'ops'],
    ['nothing', {}, undefined],
    ['an empty key', { 'x-api-key': '' }, undefined],
    ['a part of a key', { 'x-api-key': ADMIN_KEY.slice(0, -1) }, undefined],
    ['a key and more', { 'x-api-key': `${ADMIN_KEY}0` }, undefined],
    ['a key in another case', { 'x-api-key': ADMIN_KEY.toUpperCase() }, undefined],
    ['a key without its scheme', { authorization: ADMIN_KEY }, undefined],
    ['two keys in one header', { 'x-api-key': `${READER_KEY}, ${ADMIN_KEY}` }, undefined],
    ['a wrong bearer token beside a good key', { authorization: 'Bearer x', 'x-api-key': ADMIN_KEY }, undefined],
  ])('knows a caller by %s, or not', (_name, headers, name) => {
    expect(callers.identify(headers)?.name).toBe(name);
  });

  it('gives the role with the name', () => {
    expect(callers.identify({ 'x-api-key': READER_KEY })).toEqual({ name: 'dashboard', role: 'READ' });
  });

  it('keeps no key', () => {
    expect(inspect(callers, { depth: 10, showHidden: true })).not.toContain(ADMIN_KEY);
    expect(JSON.stringify(callers)).not.toContain(ADMIN_KEY);
  });

  it('takes everybody for the local administrator when none are configured', () => {
    const none = new Callers([]);
    expect([none.areConfigured, none.identify({})]).toEqual([false, { name: 'local', role: 'ADMIN' }]);
  });
});

describe('server/http with callers', () => {
  const lines: string[] = [];
  let server: Server;
  let url: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backupgraph-'));
    writeFileSync(join(folder, 'index.html'), '<title>explorer</title>');
    const sources = [new FakeSource({ key: 's', jobs: [sampleJob({ sourceKey: 's' })] })];
    const log = createLogger({ write: (line) => void lines.push(line) });
    const schema = await buildGatewaySchema();
    const apollo = createApolloServer({ schema, log, metrics: new Metrics(sources), introspection: true });
    await apollo.start();
    server = createGraphqlServer({
      apollo,
      sources,
      writes: writeService(sources),
      callers: new Callers(CONFIGURED),
      explorer: await openExplorer(folder, '/graphql'),
      path: '/graphql',
      log,
      now: () => new Date(),
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
    server.close();
    server.closeAllConnections();
  });

  function post(headers: Record<string, string>, query = 'query Named { sources { key } }'): Promise<Response> {
    return fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  }

  it('answers a caller with a key, and names the caller in the log', async () => {
    const response = await post({ authorization: `Bearer ${READER_KEY}`, 'x-request-id': 'with-key' });
    expect(await response.json()).toEqual({ data: { sources: [{ key: 's' }] } });
    const line = lines.find((text) => text.includes('with-key'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ msg: 'operation', caller: 'dashboard', operation: 'Named' });
    expect(lines.join('')).not.toContain(READER_KEY);
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer hunter2-hunter2-hunter2-hunter2' }],
    ['a wrong x-api-key', { 'x-api-key': 'hunter2-hunter2-hunter2-hunter2' }],
  ])('refuses %s in the form that GraphQL clients read', async (_name, headers) => {
    const response = await post(headers);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      errors: [{ message: expect.stringContaining('API key'), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(`${text}${lines.join('')}`).not.toContain('hunter2');
  });

  it('gives out the page of the explorer without a key, and no data', async () => {
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([200, '<title>explorer</title>']);
    const query = `${url}?query={__typename}`;
    const asked = await fetch(query, { headers: { accept: 'text/html', 'apollo-require-preflight': 'yes' } });
    expect(asked.status).toBe(401);
    const known = await fetch(query, { headers: { 'x-api-key': READER_KEY, 'apollo-require-preflight': 'yes' } });
    expect(await known.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('answers under any host name to a caller with a key', async () => {
    const statuses = await Promise.all(
      [{ 'x-api-key': ADMIN_KEY }, {}].map(
        (key) =>
          new Promise<number | undefined>((resolve, reject) => {
            const headers = { host: 'backups.example.com', 'content-type': 'application/json', ...key };
            const request = httpRequest(url, { method: 'POST', headers }, (response) => {
              response.resume();
              resolve(response.statusCode);
            });
            request.on('error', reject);
            request.end(JSON.stringify({ query: '{ __typename }' }));
          }),
      ),
    );
    expect(statuses).toEqual([200, 401]);
  });

  it('tells a caller what its role allows', async () => {
    const query = '{ source(key: "s") { capabilities { operation supported reason } } }';
    const told = async (key: string): Promise<unknown> => {
      const body = (await (await post({ 'x-api-key': key }, query)).json()) as {
        data: { source: { capabilities: { operation: string; supported: boolean; reason: string | null }[] } };
      };
      return body.data.source.capabilities
        .filter(({ operation }) => ['START', 'DELETE'].includes(operation))
        .map(({ supported, reason }) => [supported, reason]);
    };
    expect(await told(READER_KEY)).toEqual([
      [false, 'NOT_PERMITTED'],
      [false, 'NOT_PERMITTED'],
    ]);
    expect(await told(ADMIN_KEY)).toEqual([
      [true, null],
      [true, null],
    ]);
  });
});
