import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { Secret } from '../../src/domain/secret.ts';
import { CLOSE_CODES, WEBSOCKET_LIMITS } from '../../src/server/websocket.ts';
import { RUNNING } from '../live/scripted-source.ts';
import { BareSocket, allOf, openLab, refusedHandshake, subscribe, type StreamLab } from '../live/stream-lab.ts';
import { sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';

const KEY = 'reader-key-0123456789abcdef';
const CALLERS = [{ name: 'dashboard', role: 'READ', key: new Secret(KEY) }] as const;
const HEALTH = 'subscription { sourceHealthChanged { key } }';
const SSE = { accept: 'text/event-stream', 'content-type': 'application/json' };

let lab: StreamLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

async function open(callers: readonly (typeof CALLERS)[number][] = []): Promise<string> {
  lab = await openLab([new FakeSource({ key: 's' })], { callers });
  return lab.url;
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { ...SSE, ...headers }, body: text });
}

/** A request with headers that `fetch` would set itself. */
function ask(url: string, headers: Record<string, string>, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: body === undefined ? 'GET' : 'POST', headers }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

describe('server/websocket protocol', () => {
  it.each([[[]], [['graphql-ws']]])('closes a connection that offers the protocols %j', async (protocols) => {
    const { closed } = new BareSocket(await open(), { protocols });
    // The client itself gives up when it offered some and none of them is taken.
    expect((await closed).code).toBe(protocols.length === 0 ? 4406 : 1006);
    await new BareSocket(lab?.url ?? '', { protocols: ['graphql-ws', 'graphql-transport-ws'] }).init();
  });

  it.each([
    ['a second connection_init', [{ type: 'connection_init' }, { type: 'connection_init' }], 4429],
    ['a subscription before connection_init', [{ type: 'subscribe', id: '1', payload: { query: HEALTH } }], 4401],
    ['text that is no JSON', ['{'], 4400],
    ['a message of no kind', [{ type: 'start' }], 4400],
    [
      'a subscription without a query',
      [{ type: 'connection_init' }, { type: 'subscribe', id: '1', payload: {} }],
      4400,
    ],
    [
      'an id that is in use',
      [
        { type: 'connection_init' },
        { type: 'subscribe', id: '1', payload: { query: HEALTH } },
        { type: 'subscribe', id: '1', payload: { query: HEALTH } },
      ],
      4409,
    ],
    [
      'a message over the limit',
      [`{"type":"ping","payload":{"x":"${'x'.repeat(WEBSOCKET_LIMITS.messageBytes)}"}}`],
      1009,
    ],
  ])('closes a connection on %s', async (_name, messages, code) => {
    const socket = await new BareSocket(await open()).open();
    socket.send(messages[0]);
    if (messages.length > 1) await socket.next();
    for (const message of messages.slice(1)) socket.send(message);
    expect((await socket.closed).code).toBe(code);
    await vi.waitUntil(() => lab?.hub.counts().listeners === 0);
  });

  it('closes a connection on a binary message', async () => {
    const socket = await new BareSocket(await open()).open();
    socket.socket.send(Buffer.from('{"type":"connection_init"}'));
    expect((await socket.closed).code).toBe(CLOSE_CODES.notText);
  });

  it('closes a connection that is never initialised', async () => {
    const began = performance.now();
    const socket = await new BareSocket(await open()).open();
    expect((await socket.closed).code).toBe(4408);
    expect(performance.now() - began).toBeGreaterThan(WEBSOCKET_LIMITS.initMs - 100);
  });

  it('answers a ping of the protocol', async () => {
    const socket = await new BareSocket(await open()).init();
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { n: 1 } });
    socket.socket.close();
  });

  it('ends one operation on complete and leaves the others', async () => {
    const socket = await new BareSocket(await open()).init();
    for (const id of ['1', '2']) {
      socket.send({ type: 'subscribe', id, payload: { query: HEALTH } });
      expect(await socket.next()).toMatchObject({ type: 'next', id });
    }
    expect(lab?.hub.counts().listeners).toBe(2);
    socket.send({ type: 'complete', id: '1' });
    await vi.waitUntil(() => lab?.hub.counts().listeners === 1);
    socket.socket.terminate();
    await vi.waitUntil(() => lab?.hub.counts().listeners === 0);
  });

  it('carries a hundred operations and refuses the next, without closing', async () => {
    const socket = await new BareSocket(await open()).init();
    for (let id = 1; id <= WEBSOCKET_LIMITS.operations; id += 1) {
      socket.send({ type: 'subscribe', id: String(id), payload: { query: HEALTH } });
      await socket.next();
    }
    socket.send({ type: 'subscribe', id: 'over', payload: { query: HEALTH } });
    expect(await socket.next()).toMatchObject({
      type: 'error',
      id: 'over',
      payload: [{ extensions: { code: 'TOO_MANY_STREAMS' } }],
    });
    expect(lab?.hub.counts().listeners).toBe(WEBSOCKET_LIMITS.operations);
    socket.socket.terminate();
  });

  it.each([
    ['another host', { host: 'evil.example' }, 421],
    ['a page of another machine', { origin: 'https://evil.example' }, 403],
    ['a page without an origin of its own', { origin: 'null' }, 403],
    ['a page of this machine', { origin: 'http://localhost:5173' }, 101],
    ['a page of this machine by IPv6', { origin: 'http://[::1]:5173' }, 101],
    ['a program', {}, 101],
  ])('answers a handshake of %s without callers', async (_name, headers, status) => {
    expect(await refusedHandshake(await open(), headers)).toBe(status);
  });

  it('answers a handshake on another path with 404, and leaves other upgrades alone', async () => {
    const url = await open();
    expect(await refusedHandshake(url.replace('/graphql', '/other'), {})).toBe(404);
    const headers = { connection: 'upgrade', upgrade: 'h2c', 'content-type': 'application/json' };
    const response = await ask(url, headers, JSON.stringify({ query: '{ __typename }' }));
    response.resume();
    expect(response.statusCode).toBe(200);
  });
});

describe('server/websocket with callers', () => {
  let url: string;
  beforeEach(async () => {
    url = await open(CALLERS);
  });

  it.each([
    ['a wrong key', { authorization: 'Bearer wrong' }, 401],
    ['a known key', { authorization: `Bearer ${KEY}` }, 101],
    ['a known key in x-api-key', { 'x-api-key': KEY }, 101],
    ['no key, which may still come', {}, 101],
    ['a page of another machine with a key', { 'x-api-key': KEY, origin: 'https://app.example' }, 101],
  ])('answers a handshake with %s', async (_name, headers, status) => {
    expect(await refusedHandshake(url, headers)).toBe(status);
  });

  it.each([
    ['in the handshake', { authorization: `Bearer ${KEY}` }, undefined],
    ['in connection_init', {}, { authorization: `Bearer ${KEY}` }],
    ['in connection_init in another case', {}, { Authorization: `Bearer ${KEY}` }],
  ])('knows a caller by the key %s', async (_name, headers, payload) => {
    const socket = await new BareSocket(url, { headers }).init(payload);
    socket.send({ type: 'subscribe', id: '1', payload: { query: HEALTH } });
    expect(await socket.next()).toMatchObject({ type: 'next' });
    expect(lab?.lines.join('')).toContain('"caller":"dashboard"');
    socket.socket.close();
  });

  it.each([
    ['without a key', undefined],
    ['with a wrong key', { authorization: 'Bearer wrong' }],
    ['with a key that is no text', { authorization: [KEY] }],
  ])('closes a connection %s', async (_name, payload) => {
    const socket = await new BareSocket(url).open();
    socket.send({ type: 'connection_init', payload });
    expect((await socket.closed).code).toBe(4403);
  });

  it('lets a caller do what its role allows, and no more', async () => {
    const mutation = 'mutation { cancelBackup(input: { run: "gid://backup/BackupRun/s/r" }) { userErrors { code } } }';
    const asked = subscribe('WebSocket', url, { query: mutation }, { authorization: `Bearer ${KEY}` });
    expect(await allOf(asked)).toEqual([{ data: { cancelBackup: { userErrors: [{ code: 'NOT_PERMITTED' }] } } }]);
  });
});

describe('server/event-stream', () => {
  it('is an event stream with a request id, begins at once and says what event it is', async () => {
    const url = await open();
    const response = await post(url, { query: '{ __typename }' }, { 'x-request-id': 'abc-1' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-request-id': 'abc-1',
      'cache-control': expect.stringContaining('no-cache'),
    });
    expect(await response.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata: \n\n',
    );
  });

  it('takes a subscription in the address, as a browser sends it', async () => {
    const query = 'query ($k: String) { source(key: $k) { key } }';
    const search = new URLSearchParams({ query, variables: '{"k":"s"}' });
    const response = await fetch(`${await open()}?${search}`, { headers: { accept: 'text/event-stream' } });
    expect(await response.text()).toContain('data: {"data":{"source":{"key":"s"}}}');
  });

  it('takes no mutation in the address', async () => {
    const query = 'mutation { cancelBackup(input: { run: "x" }) { userErrors { code } } }';
    const search = new URLSearchParams({ query });
    const response = await fetch(`${await open()}?${search}`, { headers: { accept: 'text/event-stream' } });
    expect(await response.text()).toContain('"code":"BAD_REQUEST"');
  });

  it.each([
    ['no JSON', '{', {}, 400],
    ['a batch', [{ query: '{ __typename }' }], {}, 400],
    ['no query', {}, {}, 400],
    ['a form', 'query=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a page of another machine', { query: HEALTH }, { origin: 'https://evil.example' }, 403],
    ['a compressed body', { query: HEALTH }, { 'content-encoding': 'gzip' }, 415],
  ])('refuses %s before there is a stream', async (_name, body, headers, status) => {
    expect((await post(await open(), body, headers)).status).toBe(status);
  });

  it('needs a key as queries do', async () => {
    const url = await open(CALLERS);
    expect((await post(url, { query: '{ __typename }' })).status).toBe(401);
    const answered = await post(url, { query: '{ __typename }' }, { authorization: `Bearer ${KEY}` });
    expect(await answered.text()).toContain('"Query"');
  });

  it('answers in JSON who prefers that', async () => {
    const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
    const response = await post(await open(), { query: '{ __typename }' }, { accept });
    expect(response.headers.get('content-type')).toContain('json');
  });

  it.each([
    'application/json, text/event-stream;q=0.5',
    'text/event-stream; charset=utf-8, application/json',
    'multipart/mixed, text/event-stream',
  ])('answers a subscription to who accepts %j', async (accept) => {
    const response = await post(
      await open(),
      { query: 'subscription { sourceSnapshots { remainingSources } }' },
      { accept },
    );
    expect(await response.text()).toContain('data: {"data":{"sourceSnapshots":{"remainingSources":0}}}');
  });

  it('refuses a subscription by plain HTTP, and says how to ask', async () => {
    const response = await post(await open(), { query: HEALTH }, { accept: 'application/json' });
    expect(response.status).toBe(406);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('text/event-stream'), extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});

describe('server/subscriptions at the end', () => {
  it('tells listeners that the gateway stops, so that they ask again', async () => {
    const url = await open();
    const socket = await new BareSocket(url).init();
    socket.send({ type: 'subscribe', id: '1', payload: { query: HEALTH } });
    await socket.next();
    const response = await post(url, { query: HEALTH });
    const began = performance.now();
    await lab?.close();
    lab = undefined;
    expect(performance.now() - began).toBeLessThan(WEBSOCKET_LIMITS.closeMs);
    expect(await socket.closed).toEqual({ code: CLOSE_CODES.goingAway, reason: 'Going away' });
    const text = await response.text();
    expect(text).toContain(': the gateway stops');
    expect(text).not.toContain('event: complete');
  });

  it('takes no new connections while it stops', async () => {
    const url = await open();
    lab?.eventStreams.close();
    await lab?.webSockets.close();
    expect(await refusedHandshake(url, {})).toBe(503);
    expect((await post(url, { query: HEALTH })).status).toBe(503);
  });

  it('cuts a connection that does not answer the closing', async () => {
    const socket = await new BareSocket(await open()).init();
    const { _socket: stream } = socket.socket as unknown as { _socket: { pause(): void; resume(): void } };
    stream.pause();
    await lab?.webSockets.close();
    stream.resume();
    await socket.closed;
  });
});

describe('server/subscriptions with a slow reader', () => {
  const CHANGES = { query: 'subscription { backupRunChanged { run { requestedBy } } }' };

  /** A source with runs that are long to tell and change at every look. */
  function busySource(): FakeSource {
    const runs: BackupRun[] = [];
    const source = new FakeSource({ key: 's', runs });
    const { listRuns } = source.reader;
    let looks = 0;
    source.reader.listRuns = (query, call) => {
      looks += 1;
      const requestedBy = 'x'.repeat(1024 * 1024);
      for (let index = 0; index < 10; index += 1) {
        const values = { ...RUNNING, progressPercent: looks % 100, requestedBy };
        runs[index] = sampleRun({ sourceKey: 's', nativeId: `r${index}`, ...values });
      }
      return listRuns(query, call);
    };
    return source;
  }

  it('ends a WebSocket with a code of its own', async () => {
    lab = await openLab([busySource()], { maxPending: 5, patienceMs: 200 });
    const socket = await new BareSocket(lab.url).init();
    const { _socket: stream } = socket.socket as unknown as { _socket: { pause(): void; resume(): void } };
    stream.pause();
    socket.send({ type: 'subscribe', id: '1', payload: CHANGES });
    await vi.waitUntil(() => lab?.lines.join('').includes('listener too slow'), { timeout: 10_000 });
    stream.resume();
    expect(await socket.closed).toEqual({ code: CLOSE_CODES.tooSlow, reason: 'Too slow' });
    await vi.waitUntil(() => lab?.hub.counts().listeners === 0 && lab.operations.size === 0);
  });

  it('ends an event stream', async () => {
    lab = await openLab([busySource()], { maxPending: 5, patienceMs: 200 });
    const response = await ask(lab.url, SSE, JSON.stringify(CHANGES));
    await vi.waitUntil(() => lab?.lines.join('').includes('listener too slow'), { timeout: 10_000 });
    const ended = new Promise((resolve) => response.once('close', resolve));
    response.on('error', () => undefined).resume();
    await ended;
    expect(response.complete).toBe(false);
    await vi.waitUntil(() => lab?.hub.counts().listeners === 0 && lab.operations.size === 0);
  });
});
