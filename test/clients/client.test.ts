import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { AllJobsDocument, OneSourceDocument, type AllJobsQuery } from '../../examples/clients/generated/graphql.ts';
import { BackupGraphError, createClient } from '../../src/client/index.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { Secret } from '../../src/domain/secret.ts';
import { openLab, type StreamLab } from '../live/stream-lab.ts';
import { RUNNING } from '../live/scripted-source.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';

const KEY = 'client-test-key-0123456789ab';

let lab: StreamLab | undefined;
let other: Server | undefined;
afterEach(async () => {
  await lab?.close();
  other?.closeAllConnections();
  other?.close();
  lab = undefined;
  other = undefined;
});

/** A server that answers as the test says, whatever the protocol says. */
async function answering(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  other = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const told: T[] = [];
  for await (const event of events) told.push(event);
  return told;
}

async function failure(promise: Promise<unknown>): Promise<BackupGraphError> {
  const error = await promise.then(
    () => expect.fail('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackupGraphError)) throw error;
  return error;
}

describe('client: request', () => {
  const jobs = [sampleJob({ sourceKey: 'a', name: 'Nightly' })];

  it('gives the data in the types of the document, with what became of each source', async () => {
    const dead = new FakeSource({ key: 'b', failure: new GatewayError('NETWORK', 'cannot be reached') });
    lab = await openLab([new FakeSource({ key: 'a', jobs }), dead]);
    const data = await createClient({ url: lab.url }).request(AllJobsDocument);
    expectTypeOf(data).toEqualTypeOf<AllJobsQuery>();
    expect(data.backupJobs.nodes.map(({ name }) => name)).toEqual(['Nightly']);
    expect(data.backupJobs.sources.map(({ outcome }) => outcome)).toEqual(['OK', 'FAILED']);
  });

  it('wants variables where the document does, and takes plain text', async () => {
    lab = await openLab([new FakeSource({ key: 'a', jobs })]);
    const client = createClient({ url: lab.url });
    // @ts-expect-error -- the document needs a key
    const without = await failure(client.request(OneSourceDocument));
    expect(without.code).toBe('BAD_USER_INPUT');
    expect((await client.request(OneSourceDocument, { key: 'a' })).source?.name).toBe('Source a');
    expect(await client.request('query ($key: String) { source(key: $key) { key } }', { key: 'a' })).toEqual({
      source: { key: 'a' },
    });
  });

  it('throws what the gateway tells, beside what could be read', async () => {
    const stuck = new FakeSource({ key: 'a', jobs });
    const gone = new GatewayError('NETWORK', 'cannot be reached', { sourceKey: 'a' });
    Object.assign(stuck.reader, { readRunsOfJobs: () => Promise.reject(gone) });
    lab = await openLab([stuck]);
    const error = await failure(
      createClient({ url: lab.url }).request(
        '{ backupJobs { nodes { name runs { totalCount } lastSuccess { id } } } }',
      ),
    );
    expect(error).toMatchObject({
      code: 'NETWORK',
      status: 200,
      data: { backupJobs: { nodes: [{ name: 'Nightly', lastSuccess: null }] } },
      errors: [
        {
          path: ['backupJobs', 'nodes', 0, 'lastSuccess'],
          extensions: { serviceName: 'a', retryable: true },
          requestId: expect.stringMatching(/^[\w-]{36}$/),
        },
      ],
    });
    expect(error.has('NETWORK')).toBe(true);
    expect(error.message).toContain('cannot be reached');
  });

  it('sends the key, asks for headers each time, and tells a refused key', async () => {
    const callers = [{ name: 'page', role: 'READ' as const, key: new Secret(KEY) }];
    lab = await openLab([new FakeSource({ key: 'a', jobs })], { callers });
    const { url } = lab;
    expect(await createClient({ url, key: KEY }).request('{ __typename }')).toEqual({ __typename: 'Query' });
    const headers = vi.fn(async () => ({ 'x-api-key': KEY }));
    const client = createClient({ url, headers });
    await client.request('{ __typename }');
    await client.request('{ __typename }');
    expect(headers).toHaveBeenCalledTimes(2);
    const refused = await failure(createClient({ url, key: 'another' }).request('{ __typename }'));
    expect([refused.code, refused.status]).toEqual(['UNAUTHENTICATED', 401]);
  });

  it('ends with the reason of the signal', async () => {
    lab = await openLab([new FakeSource({ key: 'a', stalls: true })]);
    const signal = AbortSignal.timeout(50);
    const asked = createClient({ url: lab.url }).request(AllJobsDocument, {}, { signal });
    await expect(asked).rejects.toThrow('aborted due to timeout');
    await expect(
      createClient({ url: lab.url }).request(AllJobsDocument, {}, { signal: AbortSignal.abort(new Error('no more')) }),
    ).rejects.toThrow('no more');
  });

  it('tells a connection that is lost from an answer that is none', async () => {
    const url = await answering((_, response) => response.writeHead(502).end('<html>'));
    expect(await failure(createClient({ url }).request('{ a }'))).toMatchObject({ code: 'BAD_ANSWER', status: 502 });
    other?.close();
    other?.closeAllConnections();
    expect(await failure(createClient({ url }).request('{ a }'))).toMatchObject({
      code: 'CONNECTION_LOST',
      status: undefined,
    });
    const empty = await answering((_, response) => response.end('{}'));
    expect(await failure(createClient({ url: empty }).request('{ a }'))).toMatchObject({ code: 'BAD_ANSWER' });
    const cut = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"data":', () => response.destroy());
    });
    expect((await failure(createClient({ url: cut }).request('{ a }'))).code).toBe('CONNECTION_LOST');
  });

  it('sends the id that codegen left in the document to a gateway with trusted documents', async () => {
    let sent = '';
    const url = await answering((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => (sent += text));
      request.on('end', () => response.end('{"data":{"backupJobs":null}}'));
    });
    await createClient({ url, trustedDocuments: true }).request(AllJobsDocument);
    expect(JSON.parse(sent)).toEqual({ documentId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  });
});

describe('client: subscribe', () => {
  const CHANGES = 'subscription { backupRunChanged { previousStatus run { status } } }';

  it('tells events until the loop is left, and lets the gateway forget the listener', async () => {
    const runs = [{ ...sampleRun({ sourceKey: 'a', nativeId: 'r', startedAt: new Date() }), ...RUNNING }];
    lab = await openLab([new FakeSource({ key: 'a', jobs: [sampleJob({ sourceKey: 'a' })], runs })]);
    const told: unknown[] = [];
    for await (const { data, errors } of createClient({ url: lab.url }).subscribe(CHANGES)) {
      told.push(data, errors);
      break;
    }
    expect(told).toEqual([{ backupRunChanged: { previousStatus: null, run: { status: 'RUNNING' } } }, []]);
    await vi.waitUntil(() => lab?.hub.counts().listeners === 0);
  });

  it('ends by itself when all has been told', async () => {
    lab = await openLab([new FakeSource({ key: 'a', jobs: [sampleJob({ sourceKey: 'a' })] })]);
    const told = await all(
      createClient({ url: lab.url }).subscribe('subscription { sourceSnapshots { remainingSources } }'),
    );
    expect(told).toEqual([{ data: { sourceSnapshots: { remainingSources: 0 } }, errors: [] }]);
  });

  it('throws the refusal of an operation, and of a key', async () => {
    const callers = [{ name: 'page', role: 'READ' as const, key: new Secret(KEY) }];
    lab = await openLab([new FakeSource({ key: 'a' })], { callers });
    const { url } = lab;
    const refused = await failure(createClient({ url, key: KEY }).subscribe('subscription { nothing }').next());
    expect(refused.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const unknown = await failure(createClient({ url, key: 'another' }).subscribe(CHANGES).next());
    expect([unknown.code, unknown.status]).toEqual(['UNAUTHENTICATED', 401]);
  });

  it('ends while it waits, by its signal and by return', async () => {
    lab = await openLab([new FakeSource({ key: 'a' })]);
    const client = createClient({ url: lab.url });
    const end = new AbortController();
    const waiting = client.subscribe(CHANGES, {}, { signal: end.signal }).next();
    await vi.waitUntil(() => lab?.hub.counts().listeners === 1);
    end.abort(new Error('page left'));
    await expect(waiting).rejects.toThrow('page left');
    const events = client.subscribe(CHANGES);
    const next = events.next();
    await vi.waitUntil(() => lab?.hub.counts().listeners === 1);
    await events.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    await vi.waitUntil(() => lab?.hub.counts().listeners === 0);
  });

  it('reads a stream that is cut anywhere, with comments, any line ends and data over several lines', async () => {
    const text =
      ':\n\nevent: next\r\ndata: {"data":{"a":\r\ndata: "\u00fc€𝄞"}}\r\n\r\n: ping\r\revent:next\rdata:{"data":{"a":2}}\r\revent: other\ndata: x\n\nid: 7\nretry: 5\nevent: next\ndata: {"data":{"a":null},"errors":[{"message":"m","path":["a"],"extensions":{"code":"NETWORK"}}]}\n\nevent: complete\ndata: \n\n';
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const url = await answering((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const send = (from: number): void => {
          if (from >= bytes.length) return void response.end();
          response.write(bytes.subarray(from, from + size), () => send(from + size));
        };
        send(0);
      });
      const told = await all(createClient({ url }).subscribe('subscription { a }'));
      expect(told.map(({ data }) => data)).toEqual([{ a: 'ü€𝄞' }, { a: 2 }, { a: null }]);
      expect(told[2]?.errors).toMatchObject([{ code: 'NETWORK', path: ['a'] }]);
      other?.closeAllConnections();
      other?.close();
    }
  });

  it('tells a stream that breaks off from one that is complete', async () => {
    for (const rest of ['', 'event: next\ndata: {"data":{"a":2}}\n']) {
      const url = await answering((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`event: next\ndata: {"data":{"a":1}}\n\n${rest}`);
      });
      const events = createClient({ url }).subscribe('subscription { a }');
      expect(await events.next()).toMatchObject({ value: { data: { a: 1 } } });
      expect((await failure(events.next())).code).toBe('CONNECTION_LOST');
      expect(await events.next()).toEqual({ done: true, value: undefined });
      other?.close();
    }
    const html = await answering((_, response) => response.end('<html>'));
    expect((await failure(createClient({ url: html }).subscribe('subscription { a }').next())).code).toBe('BAD_ANSWER');
  });
});
