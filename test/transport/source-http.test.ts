import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import {
  completeOptions,
  startSimulatedServer,
  type RunningSimulator,
  type SimulatedRequest,
  type SimulatedResponse,
} from '../../src/simulation/simulated-server.ts';
import { decodeJson } from '../../src/transport/decode.ts';
import { CallTally, type ReadCall } from '../../src/transport/read-call.ts';
import { Session } from '../../src/transport/session.ts';
import { SourceHttp, type SourceHttpOptions } from '../../src/transport/source-http.ts';

let simulator: RunningSimulator;
let http: SourceHttp;
let handle: (request: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>;

beforeEach(async () => {
  handle = ({ path }) => ({ status: 200, body: { path } });
  const vendor = {
    handle: (request: SimulatedRequest) => handle(request),
    unauthorized: () => ({ status: 401, body: { error: 'expired' } }),
    throttled: () => ({ status: 429, body: {} }),
  };
  simulator = await startSimulatedServer(vendor, completeOptions({}, {}), {});
  http = open();
});

afterEach(async () => {
  await http.close();
  await simulator.close();
});

function open(limits: Partial<SourceHttpOptions['limits']> = {}, url = simulator.url): SourceHttp {
  return new SourceHttp({
    sourceKey: 'src',
    baseUrls: [url],
    tls: { rejectUnauthorized: true },
    limits: { concurrency: 4, timeoutMs: 1_000, requestsPerSecond: undefined, maxBodyBytes: 1024 * 1024, ...limits },
  });
}

function call(overrides: Partial<ReadCall> = {}): ReadCall {
  const now = Date.now();
  return {
    signal: AbortSignal.timeout(10_000),
    deadlineAt: now + 10_000,
    freshSince: now,
    staleSince: undefined,
    tally: new CallTally(),
    ...overrides,
  };
}

function read(path: string, options: ReadCall = call(), session?: Session): Promise<unknown> {
  return http.read({ path, decode: decodeJson, session }, options).then(({ value }) => value);
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

describe('transport/source-http', () => {
  it('makes equal reads in flight one call', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => read('/a')));
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ path: '/a' })));
    expect(simulator.requests()).toHaveLength(1);
  });

  it('serves a kept answer that is fresh enough, and calls again for a fresher one', async () => {
    await read('/a');
    const tally = new CallTally();
    await read('/a', call({ freshSince: Date.now() - 5_000, tally }));
    expect(simulator.requests()).toHaveLength(1);
    expect(tally.attempts).toBe(0);
    await read('/a', call({ freshSince: Date.now() + 1 }));
    expect(simulator.requests()).toHaveLength(2);
  });

  it('forgets kept answers when told to', async () => {
    await read('/a');
    http.clear();
    await read('/a', call({ freshSince: 0 }));
    expect(simulator.requests()).toHaveLength(2);
  });

  it('repeats a read after a fault and counts the attempts', async () => {
    simulator.fault({ kind: 'server-error', times: 2 });
    const tally = new CallTally();
    expect(await read('/a', call({ tally }))).toEqual({ path: '/a' });
    expect(tally.attempts).toBe(3);
  });

  it.each([
    ['refuse', 'NETWORK', 3],
    ['reset-mid-body', 'NETWORK', 3],
    ['server-error', 'VENDOR_FAULT', 3],
    ['empty', 'MALFORMED_RESPONSE', 3],
    ['truncate', 'MALFORMED_RESPONSE', 1],
    ['bad-json', 'MALFORMED_RESPONSE', 1],
    ['html', 'MALFORMED_RESPONSE', 1],
    ['redirect', 'MALFORMED_RESPONSE', 1],
    ['oversized', 'MALFORMED_RESPONSE', 1],
    ['unauthorized', 'AUTHENTICATION', 1],
  ] as const)('answers the fault %s with %s after %i attempts', async (kind, code, attempts) => {
    simulator.fault({ kind });
    const error = await failure(read('/a'));
    expect([error.code, error.sourceKey]).toEqual([code, 'src']);
    expect(simulator.requests()).toHaveLength(attempts);
    expect(error.message).not.toMatch(/down|Sign in|expired/);
  });

  it.each(['stall', 'stall-body', 'drip'] as const)('gives up at the time limit under the fault %s', async (kind) => {
    await http.close();
    http = open({ timeoutMs: 150 });
    simulator.fault({ kind });
    expect((await failure(read('/a'))).code).toBe('TIMEOUT');
    expect(simulator.requests()).toHaveLength(1);
  });

  it('says NETWORK for a closed port', async () => {
    await http.close();
    http = open({}, 'http://127.0.0.1:9');
    expect((await failure(read('/a'))).code).toBe('NETWORK');
  });

  it('obeys Retry-After within the patience', async () => {
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 1, times: 1 });
    const began = Date.now();
    expect(await read('/a')).toEqual({ path: '/a' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(900);
  });

  it('answers THROTTLED at once when the pause is longer than the patience, and asks nothing meanwhile', async () => {
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 60, times: 1 });
    const error = await failure(read('/a'));
    expect(error.code).toBe('THROTTLED');
    expect(error.retryAfter?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    expect((await failure(read('/b'))).code).toBe('THROTTLED');
    expect(simulator.requests()).toHaveLength(1);
  });

  it('lets one caller leave without disturbing the other, and cancels when all have left', async () => {
    const open: (() => void)[] = [];
    handle = ({ path }) => new Promise((resolve) => open.push(() => resolve({ status: 200, body: { path } })));
    const leaver = new AbortController();
    const left = failure(read('/a', call({ signal: leaver.signal })));
    const stayed = read('/a');
    await expect.poll(() => open.length).toBe(1);
    leaver.abort(new GatewayError('CANCELLED_BY_CALLER', 'gone'));
    expect((await left).code).toBe('CANCELLED_BY_CALLER');
    open[0]?.();
    expect(await stayed).toEqual({ path: '/a' });

    const alone = new AbortController();
    handle = () => new Promise(() => undefined);
    const cancelled = failure(read('/b', call({ signal: alone.signal })));
    await expect.poll(() => simulator.requests().length).toBe(2);
    alone.abort(new GatewayError('CANCELLED_BY_CALLER', 'gone'));
    await cancelled;
    handle = ({ path }) => ({ status: 200, body: { path } });
    expect(await read('/b')).toEqual({ path: '/b' });
  });

  it('opens the breaker on a dead source: later reads fail at once, without a call', async () => {
    simulator.fault({ kind: 'refuse' });
    for (let index = 0; index < 3; index += 1) await failure(read(`/${index}`));
    const before = simulator.requests().length;
    const began = Date.now();
    expect((await failure(read('/x'))).code).toBe('CIRCUIT_OPEN');
    expect(Date.now() - began).toBeLessThan(200);
    expect(simulator.requests()).toHaveLength(before);
    expect(http.health()).toMatchObject({ state: 'DOWN', circuit: 'OPEN' });
  });

  it('serves a kept answer when the source fails and the caller allows it, and says why', async () => {
    await read('/a');
    simulator.fault({ kind: 'refuse', times: 3 });
    const tally = new CallTally();
    expect(await read('/a', call({ freshSince: Date.now() + 1, staleSince: 0, tally }))).toEqual({ path: '/a' });
    expect(tally.staleBecause).toMatchObject({ code: 'NETWORK' });
    simulator.clearFaults();
    simulator.fault({ kind: 'html' });
    expect((await failure(read('/a', call({ freshSince: Date.now() + 1 })))).code).toBe('MALFORMED_RESPONSE');
  });

  it('renews the login once for 50 parallel reads that meet 401', async () => {
    let logins = 0;
    const session = new Session({
      sourceKey: 'src',
      now: Date.now,
      login: async () => {
        logins += 1;
        return { headers: { authorization: `token ${logins}` }, expiresAt: undefined };
      },
    });
    handle = ({ headers, path }) =>
      headers.authorization === 'token 2' ? { status: 200, body: { path } } : { status: 401, body: {} };
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    expect(await Promise.all(paths.map((path) => read(path, call(), session)))).toEqual(
      paths.map((path) => ({ path })),
    );
    expect(logins).toBe(2);
  });

  it('gives up after one renewal when 401 stays, and does not log in again at once', async () => {
    let logins = 0;
    const session = new Session({
      sourceKey: 'src',
      now: Date.now,
      login: async () => {
        logins += 1;
        return { headers: {}, expiresAt: undefined };
      },
    });
    handle = () => ({ status: 401, body: {} });
    expect((await failure(read('/a', call(), session))).code).toBe('AUTHENTICATION');
    expect((await failure(read('/b', call(), session))).code).toBe('AUTHENTICATION');
    expect(logins).toBe(2);
  });

  it('understands a compressed answer and refuses a cut one', async () => {
    const packed = gzipSync(JSON.stringify({ big: 'x'.repeat(1000) }));
    const raw = (bytes: Buffer): void => {
      handle = () => ({
        status: 200,
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: bytes,
      });
    };
    raw(packed);
    expect(await read('/a')).toEqual({ big: 'x'.repeat(1000) });
    raw(packed.subarray(0, packed.length - 12));
    expect((await failure(read('/b'))).code).toBe('MALFORMED_RESPONSE');
  });

  it('never asks a host that the source was not opened with', async () => {
    const error = await failure(http.read({ base: 'http://127.0.0.1:1', path: '/a', decode: decodeJson }, call()));
    expect(error.code).toBe('INTERNAL');
    expect(simulator.requests()).toHaveLength(0);
  });

  it('keeps to its concurrency', async () => {
    let running = 0;
    let most = 0;
    handle = async ({ path }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { status: 200, body: { path } };
    };
    await Promise.all(Array.from({ length: 30 }, (_, index) => read(`/${index}`)));
    expect(most).toBeLessThanOrEqual(4);
  });

  it('reports the vendor clock, and no difference where the header cannot tell one', async () => {
    await read('/a');
    expect(http.health().clockSkewSeconds).toBe(0);
    simulator.clock.advance(3600);
    await read('/b');
    expect(http.health().clockSkewSeconds).toBeGreaterThan(3590);
    expect(http.health().clockSkewSeconds).toBeLessThan(3610);
  });
});
