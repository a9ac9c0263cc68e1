import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SOURCE_ERROR_KINDS } from '../src/domain/errors.ts';
import { startGateway, type Gateway } from '../src/server/create-gateway.ts';
import type { Fault } from '../src/simulation/faults.ts';
import type { RunningSimulator } from '../src/simulation/simulated-server.ts';
import { VENDORS } from '../src/vendors/registry.ts';
import { configOf } from './support/simulated-source.ts';
import { silentLog } from './support/silent-log.ts';
import { startRawServer, type RawServer } from './transport/raw-server.ts';

const TIMEOUT_MS = 500;
const simulators = new Map<string, RunningSimulator>();
const troubles: unknown[] = [];
const onTrouble = (trouble: unknown): void => void troubles.push(trouble);
/** The source that is made to fail; the others are one of each other vendor. */
const SICK = 'veeam-m365';
/** A source that never answers. */
let raw: RawServer;
let gateway: Gateway;

const limits = { timeout: `${TIMEOUT_MS}ms`, requestsPerSecond: 5_000 };
const cache = { maxAge: '0s' };

beforeAll(async () => {
  process.on('unhandledRejection', onTrouble).on('warning', onTrouble);
  const sources: Record<string, unknown>[] = [];
  for (const vendor of VENDORS) {
    const simulator = await vendor.simulate({ jobs: 12 });
    simulators.set(vendor.slug, simulator);
    const settings = vendor.simulatorSettings(simulator);
    sources.push({ ...settings, key: vendor.slug, vendor: vendor.slug, limits, cache });
  }
  raw = await startRawServer(() => undefined);
  sources.push({
    key: 'raw',
    vendor: 'vcenter',
    baseUrl: raw.url,
    style: 'api',
    username: 'operator',
    password: 'hunter2',
    limits,
    cache,
  });
  gateway = await startGateway({ config: configOf(sources), log: silentLog });
});

afterEach(() => {
  for (const simulator of simulators.values()) simulator.clearFaults();
  expect(troubles.splice(0)).toEqual([]);
});

afterAll(async () => {
  await gateway.close();
  await raw.close();
  for (const simulator of simulators.values()) await simulator.close();
  process.off('unhandledRejection', onTrouble).off('warning', onTrouble);
});

interface SourceAnswer {
  readonly source: { readonly key: string };
  readonly outcome: string;
  readonly count: number;
  readonly attempts: number;
  readonly error: { readonly kind: string; readonly message: string } | null;
}

interface JobsAnswer {
  readonly nodes: readonly { readonly id: string; readonly source: { readonly key: string } }[];
  readonly sources: readonly SourceAnswer[];
}

async function ask<T>(query: string): Promise<{ data: T; text: string; tookMs: number; status: number }> {
  const began = performance.now();
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  const { data } = JSON.parse(text) as { data: T };
  return { data, text, tookMs: performance.now() - began, status: response.status };
}

const jobsQuery = (keys: readonly string[], patience = ''): string => `{
  backupJobs(first: 100, filter: { sources: ${JSON.stringify(keys)} } ${patience}) {
    nodes { id source { key } } sources { source { key } outcome count attempts error { kind message } } } }`;

async function jobs(keys: readonly string[]): Promise<JobsAnswer & { text: string; tookMs: number; status: number }> {
  const { data, ...rest } = await ask<{ backupJobs: JobsAnswer }>(jobsQuery(keys));
  return { ...data.backupJobs, ...rest };
}

const sick = (): RunningSimulator => simulators.get(SICK) as RunningSimulator;
const outcomeOf = ({ sources }: JobsAnswer, key: string): SourceAnswer | undefined =>
  sources.find(({ source }) => source.key === key);

/** Waits until the source serves, and how long that took. */
async function recovery(): Promise<number> {
  const began = performance.now();
  await expect
    .poll(async () => outcomeOf(await jobs([SICK]), SICK)?.outcome, { timeout: 15_000, interval: 100 })
    .toBe('OK');
  return performance.now() - began;
}

const FAULTS: readonly Fault[] = [
  { kind: 'refuse' },
  { kind: 'stall' },
  { kind: 'never-ends' },
  { kind: 'oversized' },
  { kind: 'server-error' },
  { kind: 'throttle', retryAfterSeconds: 1 },
  { kind: 'no-last-chunk' },
  { kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' },
];

describe('reliability', () => {
  const others = VENDORS.map(({ slug }) => slug).filter((slug) => slug !== SICK);

  it.each(FAULTS)(
    'answers in time with all rows of the others and says what is missing, while one source has the fault $kind; then serves it again',
    async (fault) => {
      const keys = [SICK, ...others];
      const healthy = await jobs(keys);
      expect(healthy.sources.map(({ outcome }) => outcome)).toEqual(keys.map(() => 'OK'));
      sick().fault(fault);
      const [ill, cheap] = await Promise.all([
        jobs(keys),
        ask<{ sources: unknown[] }>('{ sources { key health { state } } }'),
      ]);
      expect([ill.status, cheap.status]).toEqual([200, 200]);
      expect(ill.tookMs).toBeLessThan(TIMEOUT_MS + 1_000);
      expect(cheap.tookMs).toBeLessThan(250);
      const missing = outcomeOf(ill, SICK);
      expect(['FAILED', 'TIMED_OUT']).toContain(missing?.outcome);
      expect(SOURCE_ERROR_KINDS).toContain(missing?.error?.kind);
      const rowsOf = ({ nodes }: JobsAnswer): string[] =>
        nodes.filter(({ source }) => source.key !== SICK).map(({ id }) => id);
      expect(rowsOf(ill)).toEqual(rowsOf(healthy));
      expect(rowsOf(ill)).toHaveLength(ill.nodes.length);
      expect(ill.text).not.toMatch(/down<|Sign in|ECONN|UND_ERR_\w+ at|node_modules|hunter2|Bearer/);
      sick().clearFaults();
      expect(await recovery()).toBeLessThan(15_000);
    },
  );

  it('calls a dead source at most every second read, answers at once meanwhile, and serves it again within 15 s', async () => {
    await recovery();
    sick().forgetRequests();
    sick().fault({ kind: 'refuse' });
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => jobs([SICK])));
      for (const answer of answers) expect(outcomeOf(answer, SICK)?.outcome).toBe('FAILED');
      times.push(...answers.map(({ tookMs }) => tookMs));
    }
    expect(sick().requests().length).toBeLessThanOrEqual(100);
    expect(times.toSorted((a, b) => a - b)[100]).toBeLessThan(50);
    sick().clearFaults();
    expect(await recovery()).toBeLessThan(15_000);
  });

  it('closes the upstream request within a second after the only caller has gone', async () => {
    const caller = request(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    caller.on('error', () => undefined);
    caller.end(JSON.stringify({ query: jobsQuery(['raw'], 'read: { patience: "PT30S" }') }));
    await expect.poll(() => raw.connections(), { interval: 10 }).toBe(1);
    caller.destroy();
    // Sooner than the time limit of the source would do it.
    await expect.poll(() => raw.connections(), { timeout: TIMEOUT_MS - 200, interval: 10 }).toBe(0);
    const { data } = await ask<{ source: { health: unknown } }>(
      '{ source(key: "raw") { health { consecutiveFailures lastError { kind } } } }',
    );
    expect(data.source.health).toEqual({ consecutiveFailures: 0, lastError: null });
  });

  it('keeps to the concurrency of a source that stalls under 100 callers, and serves the others meanwhile', async () => {
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, raw.connections())), 5);
    const waiting = Array.from({ length: 100 }, () => jobs(['raw', 'vcenter']));
    const well = await jobs(['barracuda-intronis', 'vcenter']);
    expect(well.sources.map(({ outcome }) => outcome)).toEqual(['OK', 'OK']);
    expect(well.tookMs).toBeLessThan(TIMEOUT_MS);
    for (const answer of await Promise.all(waiting)) {
      expect(answer.tookMs).toBeLessThan(TIMEOUT_MS + 1_000);
      expect(outcomeOf(answer, 'vcenter')?.outcome).toBe('OK');
      expect(['FAILED', 'TIMED_OUT']).toContain(outcomeOf(answer, 'raw')?.outcome);
    }
    clearInterval(watch);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4);
    await expect.poll(() => raw.connections(), { timeout: 1_000 }).toBe(0);
  });
});
