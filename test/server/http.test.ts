import { connect } from 'node:net';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { createApolloServer } from '../../src/server/apollo.ts';
import { Callers } from '../../src/server/callers.ts';
import { createGraphqlServer } from '../../src/server/http.ts';
import { createLogger } from '../../src/server/log.ts';
import { createManagementServer } from '../../src/server/management.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { sampleJob } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { writeService } from '../support/run-operation.ts';

const slow = new FakeSource({ key: 'slow', stalls: true, defaults: { patienceMs: 60_000 } });
const sources = [new FakeSource({ key: 's', jobs: [sampleJob({ sourceKey: 's' })] })];
let graphql: Server;
let management: Server;
const lines: string[] = [];
let ready = true;
let url: string;
let managementUrl: string;

beforeAll(async () => {
  const metrics = new Metrics(sources);
  const log = createLogger({ write: (line) => void lines.push(line) });
  const apollo = createApolloServer({
    schema: await buildGatewaySchema(),
    log,
    metrics,
    introspection: true,
  });
  await apollo.start();
  graphql = createGraphqlServer({
    apollo,
    sources: [...sources, slow],
    writes: writeService(sources),
    callers: new Callers([]),
    explorer: undefined,
    path: '/graphql',
    log,
    now: () => new Date(),
  });
  management = createManagementServer(() => ready, metrics);
  url = `${await listen(graphql)}/graphql`;
  managementUrl = await listen(management);
});

afterAll(() => {
  for (const server of [graphql, management]) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function post(
  query: string,
  extra: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, ...extra }),
  });
}

describe('server/http', () => {
  for (const audit of serverAudits({ url: () => url, fetchFn: fetch })) {
    it(`GraphQL over HTTP ${audit.id}: ${audit.name}`, async () => {
      const result = await audit.fn();
      // Warnings are for the SHOULDs of the specification that we leave out knowingly; errors and notices of MUSTs fail.
      expect(result.status, JSON.stringify(result)).not.toBe('error');
    });
  }

  it('answers an operation and names the request', async () => {
    const response = await post(
      '{ backupJobs(filter: { sources: ["s"] }) { nodes { name } } }',
      {},
      { 'x-request-id': 'abc-1' },
    );
    expect(response.headers.get('x-request-id')).toBe('abc-1');
    expect(await response.json()).toEqual({ data: { backupJobs: { nodes: [{ name: 'Job 1' }] } } });
  });

  it('writes one line for each operation, without what it asked or answered', async () => {
    await post('query Named { source(key: "hunter2") { name } }', {}, { 'x-request-id': 'logged-1' });
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find(({ requestId }) => requestId === 'logged-1');
    expect(line).toMatchObject({ level: 'info', msg: 'operation', operation: 'Named', errorCodes: ['NOT_FOUND'] });
    expect(line?.['durationMs']).toBeGreaterThanOrEqual(0);
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('puts the request id into every error, and replaces one that is not harmless', async () => {
    const response = await post('{ source(key: "none") { name } }', {}, { 'x-request-id': 'a b<script>' });
    const requestId = response.headers.get('x-request-id');
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    expect(await response.json()).toMatchObject({
      data: { source: null },
      errors: [{ extensions: { code: 'NOT_FOUND', argument: 'key', requestId } }],
    });
  });

  it.each([
    ['another path', () => fetch(url.replace('/graphql', '/other')), 404],
    ['another method', () => fetch(url, { method: 'PUT' }), 405],
    ['a form', () => fetch(url, { method: 'POST', body: new URLSearchParams({ query: '{ __typename }' }) }), 415],
    ['plain text', () => fetch(url, { method: 'POST', body: '{"query":"{ __typename }"}' }), 415],
    ['a compressed body', () => post('{ __typename }', {}, { 'content-encoding': 'gzip' }), 415],
    [
      'a body that is no JSON',
      () => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }),
      400,
    ],
    ['a body over 1 MB', () => post(`{ __typename } #${'x'.repeat(1024 * 1024)}`), 413],
    [
      'a batch',
      () =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '[{"query":"{ __typename }"}]',
        }),
      400,
    ],
    [
      'a GET that a browser form could send',
      () => fetch(`${url}?query={__typename}`, { headers: { accept: '*/*' } }),
      400,
    ],
  ])('refuses %s', async (_name, request, status) => {
    expect((await request()).status).toBe(status);
  });

  it.each([
    ['depth', `{ ${'backupJobs { nodes { lastRun { job { '.repeat(5)} id ${'} } } }'.repeat(5)} }`],
    [
      'writes in one operation',
      'mutation { a: cancelBackup(input: { run: "x" }) { run { id } } b: cancelBackup(input: { run: "y" }) { run { id } } }',
    ],
    ['root fields', `{ ${Array.from({ length: 21 }, (_, index) => `a${index}: __typename`).join(' ')} }`],
    ['aliases', `{ sources { ${Array.from({ length: 201 }, (_, index) => `a${index}: key`).join(' ')} } }`],
    [
      'rows',
      '{ backupJobs(first: 500) { nodes { runs(first: 500) { nodes { job { runs(first: 500) { nodes { id } } } } } } } }',
    ],
    ['fragments that spread each other', fragmentBomb()],
    ['fields that overlap', `{ sources { ${'name '.repeat(5_001)} } }`],
    ['fields nested thousands deep', `${'{ a '.repeat(2_400)}${'}'.repeat(2_400)}`],
    ['tokens', `{ ${'__typename '.repeat(10_001)} }`],
  ])('refuses an operation with too many %s, quickly and before any read', async (_name, query) => {
    const before = sources[0]?.reads.length;
    const began = performance.now();
    const response = await post(query);
    expect(response.status).toBe(400);
    expect(performance.now() - began).toBeLessThan(2_000);
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toMatch(/OPERATION_TOO_LARGE|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED/);
    expect(sources[0]?.reads.length).toBe(before);
  });

  it.each(['mutation { x }', 'subscription { x }'])('refuses %s, which the schema does not have', async (query) => {
    const response = await post(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });

  it.each([
    ['a body over 1 MB', {}, `{ __typename } #${'x'.repeat(1024 * 1024)}`],
    ['a compressed body', { 'content-encoding': 'gzip' }, '{ __typename }'],
    ['another media type', { 'content-type': 'text/plain' }, '{ __typename }'],
  ])('refuses %s in the form that GraphQL clients read', async (_name, headers, query) => {
    const response = await post(query, {}, headers);
    expect(await response.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it.each([
    ['localhost', 200],
    ['LOCALHOST:4000', 200],
    ['127.0.0.9:80', 200],
    ['[::1]:4000', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example:4000', 421],
    ['localhost.evil.example', 421],
  ])(
    'answers a request for the host %j with %i, so that no web page can pose as this machine',
    async (host, status) => {
      const answered = await new Promise<number | undefined>((resolve, reject) => {
        const options = { method: 'POST', headers: { host, 'content-type': 'application/json' } };
        const request = httpRequest(url, options, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', reject);
        request.end(JSON.stringify({ query: '{ __typename }' }));
      });
      expect(answered).toBe(status);
    },
  );

  it('stops reading when the caller hangs up', async () => {
    const before = slow.calls.length;
    const caller = new AbortController();
    const answer = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ backupJobs(filter: { sources: ["slow"] }) { totalCount } }' }),
      signal: caller.signal,
    }).catch(() => undefined);
    await expect.poll(() => slow.calls.length).toBe(before + 1);
    caller.abort();
    await answer;
    await expect.poll(() => slow.calls[before]?.signal.aborted).toBe(true);
  });

  it('survives a caller who sends half a request, and does not call it a fault', async () => {
    const { port } = graphql.address() as AddressInfo;
    const closed = new Promise((resolve) => graphql.once('connection', (peer) => peer.once('close', resolve)));
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) =>
      socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{"que', () => resolve()),
    );
    socket.destroy();
    await closed;
    expect((await post('{ __typename }')).status).toBe(200);
    expect(lines.filter((line) => line.includes('request failed'))).toEqual([]);
  });
});

describe('server/management', () => {
  it('is live, ready while it takes operations, and counts them', async () => {
    expect((await fetch(`${managementUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${managementUrl}/readyz`)).status).toBe(200);
    ready = false;
    expect((await fetch(`${managementUrl}/readyz`)).status).toBe(503);
    ready = true;
    await post('{ __typename }');
    const text = await (await fetch(`${managementUrl}/metrics`)).text();
    expect(text).toMatch(/backupgraph_operations_total\{outcome="ok"\} [1-9]/);
    expect(text).toContain('backupgraph_source_state{source="s",vendor="VCENTER"}');
    expect((await fetch(`${managementUrl}/other`)).status).toBe(404);
    const refused = await fetch(`${managementUrl}/livez`, { method: 'POST' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

/** 40 fragments, each spreading the next twice: two to the fortieth fields when written out. */
function fragmentBomb(): string {
  const fragments = Array.from(
    { length: 40 },
    (_, index) => `fragment f${index} on VendorSource { ...f${index + 1} ...f${index + 1} }`,
  );
  return `{ sources { ...f0 } } ${fragments.join(' ')} fragment f40 on VendorSource { key name }`;
}
