import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/domain/errors.ts';
import {
  completeOptions,
  startSimulatedServer,
  type RunningSimulator,
  type SimulatedRequest,
  type SimulatedResponse,
} from '../../src/simulation/simulated-server.ts';
import { decodeJson } from '../../src/transport/decode.ts';
import { Session } from '../../src/transport/session.ts';
import type { SourceHttp, SourceHttpOptions } from '../../src/transport/source-http.ts';
import { readCall, type ReadCallOptions } from '../support/read-call.ts';
import { startRawServer } from './raw-server.ts';
import { failure, openHttp } from './support.ts';

let simulator: RunningSimulator;
let http: SourceHttp;
let handle: (request: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>;
/** How far the gateway's clock is ahead of the real one. */
let aheadMs: number;
const troubles: unknown[] = [];
const onTrouble = (trouble: unknown): void => void troubles.push(trouble);

const now = (): number => Date.now() + aheadMs;

beforeEach(async () => {
  process.on('unhandledRejection', onTrouble).on('warning', onTrouble);
  aheadMs = 0;
  handle = ({ path }) => ({ status: 200, body: { path } });
  const vendor = {
    handle: (request: SimulatedRequest) => handle(request),
    unauthorized: () => ({ status: 401, body: {} }),
    throttled: () => ({ status: 429, body: {} }),
  };
  simulator = await startSimulatedServer(vendor, completeOptions({}, {}), {});
  http = openHttp(simulator.url, {}, { now });
});

afterEach(async () => {
  await http.close();
  await simulator.close();
  process.off('unhandledRejection', onTrouble).off('warning', onTrouble);
  expect(troubles.splice(0)).toEqual([]);
});

async function reopen(limits: Partial<SourceHttpOptions['limits']>, url = simulator.url): Promise<void> {
  await http.close();
  http = openHttp(url, limits, { now });
}

function read(path: string, options: ReadCallOptions = {}, session?: Session): Promise<unknown> {
  const call = readCall(options);
  const ahead = { ...call, deadlineAt: call.deadlineAt + aheadMs, freshSince: call.freshSince + aheadMs };
  return http.read({ path, decode: decodeJson, session }, ahead).then(({ value }) => value);
}

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`);
const codesOf = async (reads: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.all(reads.map(failure))).map(({ code }) => code);

describe('transport/source-http: a dead source', () => {
  it.each(['refuse', 'server-error'] as const)(
    'is asked no more than every second time under 200 reads at once (%s)',
    async (kind) => {
      simulator.fault({ kind });
      const codes = await codesOf(paths(200).map((path) => read(path)));
      expect(simulator.requests().length).toBeLessThanOrEqual(20);
      expect(codes.filter((code) => code === 'CIRCUIT_OPEN').length).toBeGreaterThan(180);
    },
  );

  it('is refused in less than 50 ms, and probed by one request at a time', async () => {
    simulator.fault({ kind: 'refuse' });
    for (const path of paths(3)) await failure(read(path));
    simulator.forgetRequests();
    const began = performance.now();
    await codesOf(paths(20).map((path) => read(path)));
    expect(performance.now() - began).toBeLessThan(50);
    expect(simulator.requests()).toEqual([]);
    aheadMs += 3_000;
    expect(http.health().circuit).toBe('HALF_OPEN');
    const codes = await codesOf(paths(20).map((path) => read(path)));
    expect(simulator.requests()).toHaveLength(1);
    expect(codes.toSorted().slice(-2)).toEqual(['CIRCUIT_OPEN', 'NETWORK']);
  });

  it('is served again, all reads of it, as soon as a probe succeeds', async () => {
    simulator.fault({ kind: 'refuse' });
    for (const path of paths(3)) await failure(read(path));
    simulator.clearFaults();
    aheadMs += 3_000;
    expect(await Promise.all(paths(20).map((path) => read(path)))).toEqual(paths(20).map((path) => ({ path })));
    expect(http.health()).toMatchObject({ state: 'UP', circuit: 'CLOSED' });
  });

  it('is found out when it stalls for as long as callers wait, and one who leaves early proves nothing', async () => {
    await reopen({ timeoutMs: 200 });
    simulator.fault({ kind: 'stall' });
    await codesOf(paths(12).map((path) => read(path, { deadlineMs: 20 })));
    expect(http.health()).toMatchObject({ circuit: 'CLOSED', consecutiveFailures: 0 });
    await codesOf(paths(4).map((path) => read(path, { deadlineMs: 190 })));
    await expect.poll(() => http.health().circuit).toBe('OPEN');
    expect(http.health().lastError?.code).toBe('TIMEOUT');
  });

  it('gets at most its concurrency of requests from 100 callers while it stalls, and frees them all', async () => {
    const raw = await startRawServer(() => undefined);
    await reopen({ timeoutMs: 1_000 }, raw.url);
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, raw.connections())), 5);
    const codes = await codesOf(paths(100).map((path) => read(path, { deadlineMs: 950 })));
    clearInterval(watch);
    expect(codes.filter((code) => code === 'TIMEOUT').length).toBeGreaterThanOrEqual(4);
    expect(new Set([...codes, 'TIMEOUT', 'CIRCUIT_OPEN']).size).toBe(2);
    expect(most).toBe(4);
    await expect.poll(() => raw.connections(), { timeout: 1_000 }).toBe(0);
    // Those that took the place of the first ones to leave, before the third time-out opened the breaker.
    expect(raw.requests.length).toBeLessThanOrEqual(8);
    await raw.close();
  });
});

describe('transport/source-http: bodies without end', () => {
  it('are cut before they take 150 MB, with all its concurrency in use', async () => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const raw = await startRawServer((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more);
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
      more();
    });
    await reopen({ timeoutMs: 5_000, maxBodyBytes: 32 * 1024 * 1024 }, raw.url);
    const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
    const before = used();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, used())), 2);
    const errors = await Promise.all(paths(8).map((path) => failure(read(path))));
    clearInterval(watch);
    for (const { code, message } of errors) expect(`${code} ${message}`).toMatch(/^MALFORMED_RESPONSE.*longer than/);
    expect((most - before) / 2 ** 20).toBeLessThan(150);
    await raw.close();
  });
});

describe('transport/source-http: repeats', () => {
  it('are at most a tenth of the reads', async () => {
    let count = 0;
    handle = ({ path }) => ((count += 1) % 3 === 0 ? { status: 503, body: {} } : { status: 200, body: { path } });
    const outcomes = await Promise.all(paths(200).map((path) => read(path).catch(({ code }: GatewayError) => code)));
    expect(simulator.requests().length).toBeGreaterThan(200);
    expect(simulator.requests().length).toBeLessThanOrEqual(220);
    expect(outcomes).toContain('VENDOR_FAULT');
  });

  it('are not made when decoding fails in an unforeseen way, which is the answer and not the network', async () => {
    const error = await failure(
      http.read({ path: '/a', decode: (): number => (undefined as unknown as { x: number }).x }, readCall()),
    );
    expect([error.code, error.sourceKey]).toEqual(['MALFORMED_RESPONSE', 'src']);
    expect(error.message).not.toContain('undefined');
    expect(simulator.requests()).toHaveLength(1);
  });
});

describe('transport/source-http: pauses that the vendor asks for', () => {
  it.each([
    ['429', { kind: 'throttle', retryAfterSeconds: 1 }],
    ['429 with a date', { kind: 'throttle', retryAfterSeconds: 1, retryAfterAsDate: true }],
    ['503', { kind: 'server-error', retryAfterSeconds: 1 }],
  ] as const)('are kept to before the read is repeated (%s)', async (_, fault) => {
    // The vendor's clock is hours off, and its dates count all the same.
    simulator.clock.advance(-7_200);
    simulator.fault({ ...fault, times: 1 });
    const began = performance.now();
    expect(await read('/a')).toEqual({ path: '/a' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(900);
    expect(performance.now() - began).toBeLessThan(3_500);
    expect(simulator.requests()).toHaveLength(2);
  });

  it('are told at once to all who do not wait that long, those in the queue included', async () => {
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 60 });
    const began = performance.now();
    const errors = await Promise.all(paths(100).map((path) => failure(read(path))));
    expect(performance.now() - began).toBeLessThan(500);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['THROTTLED']));
    for (const { retryAfter } of errors) expect(retryAfter?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    expect(simulator.requests().length).toBeLessThanOrEqual(4);
  });

  it('are told at once to an impatient caller who asks for what a patient one is waiting for', async () => {
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 1, times: 1 });
    const patient = read('/a');
    await expect.poll(() => http.health().throttledUntil).toBeDefined();
    const began = performance.now();
    expect((await failure(read('/a', { deadlineMs: 300 }))).code).toBe('THROTTLED');
    expect(performance.now() - began).toBeLessThan(200);
    expect(await patient).toEqual({ path: '/a' });
  });

  it('end after an hour at the latest', async () => {
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 999_999_999, times: 1 });
    await failure(read('/a'));
    aheadMs += 3_600_001;
    expect(await read('/a')).toEqual({ path: '/a' });
  });

  it('are the longest one asked for', async () => {
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 60, times: 1 });
    simulator.fault({ kind: 'throttle', retryAfterSeconds: 20, times: 1 });
    await codesOf([read('/a'), read('/b')]);
    expect(http.health().throttledUntil?.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });
});

describe('transport/source-http: logins', () => {
  let logins: number;
  let session: Session;

  beforeEach(() => {
    logins = 0;
    session = new Session({
      sourceKey: 'src',
      now,
      login: async (signal) => {
        logins += 1;
        return {
          headers: decodeJson(await http.send({ method: 'POST', path: '/login' }, signal)) as Record<string, string>,
          expiresAt: undefined,
        };
      },
    });
  });

  it('pause for a second, not for minutes, after 50 parallel reads met 401 twice; and the source recovers', async () => {
    handle = ({ path }) => (path === '/login' ? { status: 200, body: {} } : { status: 401, body: {} });
    const codes = await codesOf(paths(50).map((path) => read(path, {}, session)));
    expect(new Set(codes)).toEqual(new Set(['AUTHENTICATION']));
    expect(logins).toBe(2);
    handle = ({ path }) => ({ status: 200, body: path === '/login' ? {} : { path } });
    expect((await failure(read('/a', {}, session))).code).toBe('AUTHENTICATION');
    aheadMs += 1_000;
    expect(await read('/a', {}, session)).toEqual({ path: '/a' });
    expect(logins).toBe(3);
  });

  it('that hang end at the deadline, and the next read starts a new one', async () => {
    await reopen({ timeoutMs: 300 });
    simulator.fault({ kind: 'stall', path: '/login', times: 1 });
    expect(new Set(await codesOf(paths(2).map((path) => read(path, { deadlineMs: 250 }, session))))).toEqual(
      new Set(['TIMEOUT']),
    );
    expect(await read('/a', {}, session)).toEqual({ path: '/a' });
    expect(logins).toBe(2);
  });
});

describe('transport/source-http: what is told of a source', () => {
  it.each([
    'server-error',
    'unauthorized',
    'html',
    'bad-json',
    'truncate',
    'wrong-charset',
    'huge-headers',
    'no-last-chunk',
  ] as const)('is DOWN, and never a success, when it answers %s to everything', async (kind) => {
    simulator.fault({ kind });
    for (const path of paths(3)) await failure(read(path));
    expect(http.health()).toMatchObject({ state: 'DOWN', lastSuccessAt: undefined });
    simulator.clearFaults();
    aheadMs += 3_000;
    await read('/a');
    expect(http.health()).toMatchObject({ state: 'UP', consecutiveFailures: 0 });
  });

  it('is nothing bad when one thing is missing or forbidden', async () => {
    await read('/a');
    handle = ({ path }) => ({ status: path === '/b' ? 404 : 403, body: {} });
    expect(await codesOf([read('/b'), read('/c'), read('/d'), read('/e')])).toEqual([
      'NOT_FOUND',
      'PERMISSION',
      'PERMISSION',
      'PERMISSION',
    ]);
    expect(http.health()).toMatchObject({ state: 'UP', consecutiveFailures: 0 });
  });

  it('computes no instant from a clock that is hours off', async () => {
    simulator.clock.advance(-5 * 3_600);
    const reading = await http.read({ path: '/a', decode: decodeJson }, readCall());
    expect(Math.abs(reading.fetchedAt.getTime() - Date.now())).toBeLessThan(2_000);
    expect(http.health().clockSkewSeconds).toBeLessThan(-17_990);
  });
});

describe('transport/source-http: shared and kept answers', () => {
  it('from before a write are neither joined nor kept after it', async () => {
    const before = Promise.withResolvers<SimulatedResponse>();
    handle = () => before.promise;
    const old = read('/a');
    await expect.poll(() => simulator.requests().length).toBe(1);
    handle = () => ({ status: 200, body: 'new' });
    http.clear();
    const fresh = read('/a');
    await expect.poll(() => simulator.requests().length).toBe(2);
    expect(await fresh).toBe('new');
    before.resolve({ status: 200, body: 'old' });
    expect(await old).toBe('old');
    expect(await read('/a', { freshSince: 0 })).toBe('new');
  });

  it('serve the patient one when the impatient one, who came first, has left', async () => {
    await reopen({ timeoutMs: 5_000 });
    const later = Promise.withResolvers<SimulatedResponse>();
    handle = () => later.promise;
    const impatient = failure(read('/a', { deadlineMs: 30 }));
    const patient = read('/a');
    expect((await impatient).code).toBe('TIMEOUT');
    later.resolve({ status: 200, body: 'late' });
    expect(await patient).toBe('late');
    expect(simulator.requests()).toHaveLength(1);
  });

  it('leave no timer and no listener behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    simulator.fault({ kind: 'refuse', times: 2 });
    await Promise.all(paths(100).map((path) => read(path)));
    simulator.fault({ kind: 'stall' });
    await codesOf(paths(20).map((path) => read(path, { deadlineMs: 50 })));
    await expect.poll(timers, { timeout: 500 }).toBeLessThanOrEqual(before + 1);
  });

  it('fail with TIMEOUT by any signal that runs out', async () => {
    simulator.fault({ kind: 'stall' });
    expect((await failure(read('/a', { signal: AbortSignal.timeout(30) }))).code).toBe('TIMEOUT');
    expect((await failure(http.send({ method: 'POST', path: '/b' }, AbortSignal.timeout(30)))).code).toBe('TIMEOUT');
    expect((await failure(read('/a', { signal: AbortSignal.timeout(0) }))).code).toBe('TIMEOUT');
  });
});
