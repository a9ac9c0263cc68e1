import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { Secret } from '../../src/domain/secret.ts';
import { CallbackAddresses } from '../../src/server/callback-addresses.ts';
import { startGateway } from '../../src/server/create-gateway.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';
import { RUNNING } from '../live/scripted-source.ts';
import { openLab, type StreamLab, type Told } from '../live/stream-lab.ts';
import { OBSERVED_AT, sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeRouter } from '../support/fake-router.ts';
import { FakeSource } from '../support/fake-source.ts';
import { silentLog } from '../support/silent-log.ts';
import { configOf } from '../support/simulated-source.ts';

const CHANGES = 'subscription { backupRunChanged { previousStatus run { status job { name } } } }';

let router: FakeRouter;
let lab: StreamLab;
let runs: BackupRun[];
let source: FakeSource;

beforeEach(async () => {
  router = await new FakeRouter().start();
  runs = [sampleRun({ sourceKey: 's', ...RUNNING })];
  source = new FakeSource({ key: 's', jobs: [sampleJob({ sourceKey: 's', name: 'Nightly' })], runs });
});

afterEach(async () => {
  await lab?.close();
  await router.stop();
});

async function open(options: Parameters<typeof openLab>[1] = {}): Promise<void> {
  lab = await openLab([source], { prefixes: [`${router.origin}/callback`], ...options });
}

interface Answer extends Told {
  readonly status: number;
}

/** Sends a subscription as a router does. */
async function ask(
  subscription: unknown,
  asked: { readonly query?: string; readonly headers?: Record<string, string>; readonly url?: string } = {},
): Promise<Answer> {
  const response = await fetch(asked.url ?? lab.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json;callbackSpec=1.0', ...asked.headers },
    body: JSON.stringify({ query: asked.query ?? CHANGES, extensions: { subscription } }),
  });
  return { status: response.status, ...((await response.json()) as Told) };
}

async function nothingIsLeft(): Promise<void> {
  const isIdle = (): boolean =>
    [lab.hub.counts().listeners, lab.operations.size, lab.callbacks?.size].every((n) => n === 0);
  await vi.waitUntil(isIdle, { timeout: 10_000 });
  expect(lab.hub.counts().pollers).toBe(0);
}

describe('server/subscription-callbacks', () => {
  it('asks the router first, then sends it each change with its id and verifier', async () => {
    await open();
    const registration = router.register();
    expect(await ask(registration)).toEqual({ status: 200, data: null });
    const { subscriptionId: id, verifier } = registration;
    expect(router.messages[0]).toMatchObject({ kind: 'subscription', action: 'check', id, verifier });
    expect(await router.next('next')).toMatchObject({
      kind: 'subscription',
      action: 'next',
      id,
      verifier,
      payload: {
        data: { backupRunChanged: { previousStatus: null, run: { status: 'RUNNING', job: { name: 'Nightly' } } } },
      },
    });
    runs[0] = sampleRun({ sourceKey: 's', status: 'FAILED' });
    const { payload } = await router.next('next');
    expect(payload).toMatchObject({
      data: { backupRunChanged: { previousStatus: 'RUNNING', run: { status: 'FAILED' } } },
    });
    expect(new Set(router.messages.map(({ headers }) => headers['subscription-protocol']))).toEqual(
      new Set(['callback/1.0']),
    );
  });

  it('takes the names that the protocol had first', async () => {
    await open();
    const { callbackUrl, subscriptionId, verifier } = router.register();
    const asked = { callback_url: callbackUrl, subscription_id: subscriptionId, verifier };
    expect(await ask(asked)).toEqual({ status: 200, data: null });
    expect((await router.next('next')).id).toBe(subscriptionId);
  });

  it('completes a subscription that ends by itself', async () => {
    await open();
    const { subscriptionId, ...registration } = router.register();
    await ask({ subscriptionId, ...registration }, { query: 'subscription { sourceSnapshots { remainingSources } }' });
    expect((await router.next('next')).payload).toEqual({ data: { sourceSnapshots: { remainingSources: 0 } } });
    expect((await router.next('complete')).errors).toBeUndefined();
    expect(router.isOpen(subscriptionId)).toBe(false);
    await nothingIsLeft();
  });

  it('reads anew for each event', async () => {
    await open();
    await ask(router.register());
    await router.next('next');
    runs[0] = sampleRun({ sourceKey: 's', status: 'SUCCEEDED' });
    await router.next('next');
    const ofJobs = source.reads.flatMap(
      (read, index) => (read.startsWith('readJobs') ? source.calls[index] : []) ?? [],
    );
    expect(ofJobs.map(({ freshSince }) => freshSince)).toEqual(Array(2).fill(OBSERVED_AT.getTime()));
  });

  it('masks errors in events, and logs them', async () => {
    source.reader.readJobs = async () => {
      throw new TypeError('hunter2');
    };
    await open();
    await ask(router.register());
    const { payload } = await router.next('next');
    expect(payload).toMatchObject({
      data: { backupRunChanged: { run: { status: 'RUNNING', job: null } } },
      errors: [{ message: 'Something went wrong inside the gateway.', extensions: { code: 'INTERNAL' } }],
    });
    expect(JSON.stringify(payload)).not.toContain('hunter2');
    expect(lab.lines.join('')).toContain('hunter2');
  });

  it('answers queries with the same extension as any other', async () => {
    await open();
    const answer = await ask(router.register(), { query: '{ backupRuns(first: 1) { nodes { status } } }' });
    expect(answer).toEqual({ status: 200, data: { backupRuns: { nodes: [{ status: 'RUNNING' }] } } });
    expect(router.requests).toBe(0);
  });

  it('is refused like any subscription by plain HTTP where no prefix is configured', async () => {
    lab = await openLab([source]);
    expect(await ask(router.register())).toMatchObject({
      status: 406,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(router.requests).toBe(0);
  });
});

describe('server/subscription-callbacks: what is refused before anything is sent', () => {
  it.each([
    ['another port', (url: URL) => url.href.replace(url.port, '1')],
    ['another host', (url: URL) => url.href.replace('127.0.0.1', '127.0.0.2')],
    ['another scheme', (url: URL) => url.href.replace('http:', 'https:')],
    ['no http', () => 'file:///etc/passwd'],
    ['a user', (url: URL) => url.href.replace('://', '://user@')],
    ['a password', (url: URL) => url.href.replace('://', '://user:password@')],
    ['the prefix as user', (url: URL) => `http://${url.host}@evil.test${url.pathname}`],
    ['the prefix as a longer host', (url: URL) => `http://${url.host}.evil.test${url.pathname}`],
    ['a path that leaves the prefix', (url: URL) => url.href.replace('/callback/', '/callback/../admin/')],
    ['the same, encoded', (url: URL) => url.href.replace('/callback/', '/callback/%2e%2e/admin/')],
    ['the same, with the slash encoded', (url: URL) => url.href.replace('/callback/', '/callback/..%2fadmin/')],
    ['a segment that only begins like it', (url: URL) => url.href.replace('/callback/', '/callbacks/')],
    ['a query', (url: URL) => `${url.href}?a=b`],
    ['no URL', () => '//x y'],
  ])('refuses an address with %s', async (_what, change) => {
    await open();
    const registration = router.register();
    const callbackUrl = change(new URL(String(registration['callbackUrl'])));
    const answer = await ask({ ...registration, callbackUrl });
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'CALLBACK_REFUSED' } }] });
    expect(JSON.stringify(answer)).not.toContain(callbackUrl);
    expect([router.requests, source.reads]).toEqual([0, []]);
    await nothingIsLeft();
  });

  it.each([
    ['no verifier', { verifier: undefined }],
    ['an id that is no text', { subscriptionId: 7 }],
    ['an id without end', { subscriptionId: 'x'.repeat(2_000) }],
    ['heartbeats without a pause', { heartbeatIntervalMs: 1 }],
    ['heartbeats backwards', { heartbeatIntervalMs: -1 }],
    ['heartbeats that are no number', { heartbeatIntervalMs: '5000' }],
  ])('refuses %s', async (_what, changes) => {
    await open();
    expect(await ask({ ...router.register(), ...changes })).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(router.requests).toBe(0);
  });

  it('refuses an address that has a subscription already', async () => {
    await open();
    const registration = router.register();
    const both = await Promise.all([ask(registration), ask(registration)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    await router.next('next');
    expect(lab.callbacks?.size).toBe(1);
  });

  it('refuses an operation that is wrong or too large, in the words of all others', async () => {
    await open();
    const wrong = await ask(router.register(), { query: 'subscription { noSuchField }' });
    expect(wrong).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    const fields = Array.from({ length: 300 }, (_, index) => `a${index}: observedAt`).join(' ');
    const large = await ask(router.register(), { query: `subscription { backupRunChanged { ${fields} } }` });
    expect(large).toMatchObject({ status: 400, errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] });
    expect(router.requests).toBe(0);
    await nothingIsLeft();
  });

  it('needs a key where callers are configured', async () => {
    const key = 'k'.repeat(24);
    await open({ callers: [{ name: 'router', role: 'READ', key: new Secret(key) }] });
    expect((await ask(router.register())).status).toBe(401);
    expect(router.requests).toBe(0);
    expect((await ask(router.register(), { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });
});

describe('server/subscription-callbacks: a router that does not answer as it should', () => {
  it.each([
    ['does not know the subscription', 404],
    ['does not know the verifier', 401],
    ['says that it is elsewhere', 307],
    ['says that it has moved', 301],
  ])('subscribes nothing when it %s', async (_what, status) => {
    const elsewhere = await new FakeRouter().start();
    router.answer = () => status;
    router.location = `${elsewhere.origin}/callback/x`;
    await open();
    const answer = await ask(router.register());
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'CALLBACK_FAILED' } }] });
    expect(JSON.stringify(answer)).not.toContain(String(status));
    expect([router.requests, elsewhere.requests]).toEqual([1, 0]);
    await nothingIsLeft();
    await elsewhere.stop();
  });

  it('subscribes nothing when nobody is there', async () => {
    await open();
    const registration = router.register();
    await router.stop();
    expect(await ask(registration)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'CALLBACK_FAILED' } }],
    });
    await nothingIsLeft();
    router = await new FakeRouter().start();
  });

  it('tries again when it fails for a moment', async () => {
    await open();
    let failures = 2;
    router.answer = () => (failures-- > 0 ? 503 : undefined);
    expect((await ask(router.register())).status).toBe(200);
    expect((await router.next('next')).payload).toMatchObject({ data: expect.anything() });
  });

  it('stops when it is told of an event and does not know the subscription any more', async () => {
    await open();
    const registration = router.register();
    await ask(registration);
    await router.next('next');
    router.drop(registration.subscriptionId);
    runs[0] = sampleRun({ sourceKey: 's', status: 'FAILED' });
    await nothingIsLeft();
    expect(router.messages.at(-1)?.action).toBe('next');
  });

  it.each([
    ['asked for', 1_000],
    ['asked for by itself, or none', 0],
  ])('hears heartbeats as they are %s', async (_what, heartbeatIntervalMs) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await open();
      await ask(router.register({ heartbeatIntervalMs }));
      await router.next('next');
      for (const round of [1, 2]) {
        vi.advanceTimersByTime(heartbeatIntervalMs === 0 ? 60_000 : heartbeatIntervalMs);
        await vi.waitUntil(() => router.messages.filter(({ action }) => action === 'check').length === 1 + round);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('stops when a heartbeat finds that it does not know the subscription any more', async () => {
    await open();
    const registration = router.register({ heartbeatIntervalMs: 1_000 });
    await ask(registration);
    await router.next('next');
    router.drop(registration.subscriptionId);
    await nothingIsLeft();
    expect(router.messages.at(-1)?.action).toBe('check');
  });

  it('stops when it has gone for five heartbeats', async () => {
    await open();
    await ask(router.register({ heartbeatIntervalMs: 1_000 }));
    await router.next('next');
    await router.stop();
    await nothingIsLeft();
    router = await new FakeRouter().start();
  }, 20_000);

  it('is given up when it takes events too slowly', async () => {
    const { listRuns } = source.reader;
    let looks = 0;
    source.reader.listRuns = (query, call) => {
      looks += 1;
      for (let index = 0; index < 10; index += 1)
        runs[index] = sampleRun({ sourceKey: 's', nativeId: `r${index}`, ...RUNNING, progressPercent: looks % 100 });
      return listRuns(query, call);
    };
    await open({ maxPending: 5, patienceMs: 200 });
    router.answer = ({ action }) => (action === 'next' ? 'NEVER' : undefined);
    await ask(router.register());
    await vi.waitUntil(() => lab.lines.join('').includes('listener too slow'), { timeout: 10_000 });
    expect([lab.hub.counts(), lab.operations.size]).toEqual([{ listeners: 0, pollers: 0 }, 0]);
    router.answer = undefined;
    expect((await router.next('complete')).errors).toMatchObject([{ extensions: { code: 'TOO_SLOW' } }]);
    await nothingIsLeft();
  }, 20_000);
});

describe('server/subscription-callbacks at the end', () => {
  it('tells the router that the gateway stops, and takes nothing more', async () => {
    await open();
    const registration = router.register();
    await ask(registration);
    await router.next('next');
    await lab.callbacks?.close();
    expect(router.messages.at(-1)).toMatchObject({
      action: 'complete',
      errors: [{ message: 'The gateway stops.', extensions: { code: 'GATEWAY_STOPS' } }],
    });
    expect(router.isOpen(registration.subscriptionId)).toBe(false);
    await nothingIsLeft();
    expect((await ask(router.register())).status).toBe(503);
  });

  it('does not wait for a router that never answers', async () => {
    await open();
    await ask(router.register());
    await router.next('next');
    router.answer = () => 'NEVER';
    const began = performance.now();
    await lab.callbacks?.close();
    expect(performance.now() - began).toBeLessThan(6_000);
    await nothingIsLeft();
  }, 10_000);
});

describe('server/callback-addresses', () => {
  it.each([
    ['http://router:4000/callback', 'http://router:4000/callback/1', true],
    ['http://router:4000/callback/', 'http://router:4000/callback/1', true],
    ['http://router:4000/callback', 'http://router:4000/callback', true],
    ['http://router:4000/callback', 'HTTP://ROUTER:4000/x/../callback/1', true],
    ['http://router', 'http://router:80/any/path', true],
    ['http://router:4000/callback', 'http://router:4000/callback//1', false],
    ['http://router:4000/callback', 'http://router:4000/callback-2/1', false],
    ['http://router:4000/callback', 'http://router:4000\\@evil.test/callback/1', false],
    ['http://router:4000/callback', 'http://router:4000/callback/1#x', false],
    ['http://router:4000/callback', `http://router:4000/callback/${'1'.repeat(3_000)}`, false],
  ])('of the prefix %s, %s is covered: %s', (prefix, address, isCovered) => {
    expect(new CallbackAddresses([prefix]).covered(address) !== undefined).toBe(isCovered);
  });

  it('gives the address as it was compared, and none without prefixes', () => {
    const address = 'HTTP://Router:80/x/./../callback/1';
    expect(new CallbackAddresses(['http://router/callback']).covered(address)).toBe('http://router/callback/1');
    expect(new CallbackAddresses([]).covered(address)).toBeUndefined();
  });
});

describe('server/subscription-callbacks over the simulator of vcenter', () => {
  it('sends what is under way and how it ends, counts as a listener, and stops with the gateway', async () => {
    const vendor = vendorBySlug('vcenter');
    if (vendor === undefined) throw new Error('no vendor');
    const simulator = await vendor.simulate({});
    const limits = { timeout: '2s', requestsPerSecond: 5_000 };
    const config = configOf([{ ...vendor.simulatorSettings(simulator), key: 'vc', vendor: 'vcenter', limits }]);
    const server = { ...config.server, subscriptionCallbacks: [router.origin] };
    const pace = { fastMs: 50, slowMs: 100 };
    const gateway = await startGateway({ config: { ...config, server }, log: silentLog, pace });
    const query = (text: string): Promise<Answer> => ask(undefined, { url: gateway.url, query: text });
    const told = await query('{ backupJobs(first: 100, filter: { kinds: [RECURRING] }) { nodes { id } } }');
    await ask(router.register(), {
      url: gateway.url,
      query: 'subscription { backupRunChanged { run { id status } } }',
    });
    await query(
      `mutation { startBackup(input: { job: "${told.data.backupJobs.nodes[0].id}", idempotencyKey: "callbacks-1" }) { userErrors { code } } }`,
    );
    const { run } = (await router.next('next')).payload.data.backupRunChanged;
    const metrics = await (await fetch(`${gateway.managementUrl}/metrics`)).text();
    expect(metrics).toMatch(/^backupgraph_listeners 1$/m);
    simulator.clock.advance(3_600);
    for (;;) {
      const change = (await router.next('next')).payload.data.backupRunChanged;
      if (change.run.id === run.id && ['SUCCEEDED', 'WARNING', 'FAILED'].includes(change.run.status)) break;
    }
    await gateway.close();
    await simulator.close();
    expect(router.messages.at(-1)?.action).toBe('complete');
  }, 20_000);
});
