import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startGateway, type Gateway } from '../../src/server/create-gateway.ts';
import type { RunningSimulator } from '../../src/simulation/simulated-server.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';
import { subscribe, type Subscribed, type Told } from '../live/stream-lab.ts';
import { silentLog } from '../support/silent-log.ts';
import { configOf } from '../support/simulated-source.ts';
import { StandingClock } from '../support/standing-clock.ts';

const QUERY = `subscription ($source: ID!) {
  backupRunChanged(filter: { sources: [$source] }) { previousStatus run { id status } }
}`;

const simulators = new Map<string, RunningSimulator>();
let gateway: Gateway;

beforeAll(async () => {
  const sources: Record<string, unknown>[] = [];
  for (const slug of ['veeam-m365', 'vcenter']) {
    const vendor = vendorBySlug(slug);
    if (vendor === undefined) throw new Error(`no vendor ${slug}`);
    const simulator = await vendor.simulate({ clock: new StandingClock(new Date().toISOString()) });
    simulators.set(slug, simulator);
    const limits = { timeout: '2s', requestsPerSecond: 5_000 };
    sources.push({ ...vendor.simulatorSettings(simulator), key: slug, vendor: slug, limits });
  }
  const pace = { fastMs: 100, slowMs: 150, longestMs: 300 };
  gateway = await startGateway({ config: configOf(sources), log: silentLog, pace });
});

afterAll(async () => {
  await gateway.close();
  for (const simulator of simulators.values()) await simulator.close();
});

function simulatorOf(slug: string): RunningSimulator {
  const simulator = simulators.get(slug);
  if (simulator === undefined) throw new Error(`no simulator ${slug}`);
  return simulator;
}

async function ask(query: string): Promise<Told> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Told;
}

interface Change {
  readonly previousStatus: string | null;
  readonly run: { readonly id: string; readonly status: string };
}

async function nextChange(changes: Subscribed): Promise<Change> {
  const told = await changes.next();
  if (told === 'DONE') throw new Error('the subscription ended');
  expect(told.errors).toBeUndefined();
  return told.data.backupRunChanged as Change;
}

/** The next change that fits. */
async function changeOf(changes: Subscribed, fits: (change: Change) => boolean): Promise<Change> {
  for (;;) {
    const change = await nextChange(changes);
    if (fits(change)) return change;
  }
}

const isOver = ({ run }: Change): boolean => ['SUCCEEDED', 'WARNING', 'FAILED', 'CANCELED'].includes(run.status);

/** Runs that are under way, by the ordinary query. */
async function underWay(source: string): Promise<string[]> {
  const { data } = await ask(
    `{ backupRuns(first: 500, filter: { sources: ["${source}"], statuses: [RUNNING, QUEUED, CANCELING] }) { nodes { id } } }`,
  );
  return (data.backupRuns.nodes as { id: string }[]).map(({ id }) => id);
}

/** Sets a backup going where none is. */
async function begin(source: string): Promise<void> {
  if ((await underWay(source)).length > 0) return;
  const { data } = await ask(
    `{ backupJobs(first: 500, filter: { sources: ["${source}"], kinds: [RECURRING] }) { nodes { id capabilities(operations: [START]) { supported } } } }`,
  );
  const jobs = data.backupJobs.nodes as { id: string; capabilities: { supported: boolean }[] }[];
  const job = jobs.find(({ capabilities }) => capabilities[0]?.supported === true);
  const key = `start-${source}-${performance.now()}`;
  const started = await ask(
    `mutation { startBackup(input: { job: "${job?.id}", idempotencyKey: "${key}" }) { userErrors { message } } }`,
  );
  expect(started.data.startBackup.userErrors).toEqual([]);
}

describe.each(['veeam-m365', 'vcenter'])('server/subscriptions over the simulator of %s', (slug) => {
  const variables = { source: slug };

  it('tells what is under way, and the cancelling of it by somebody else', async () => {
    await begin(slug);
    const expected = await underWay(slug);
    const changes = subscribe('WebSocket', gateway.url, { query: QUERY, variables });
    const first = await nextChange(changes);
    expect(first.previousStatus).toBeNull();
    expect(expected).toContain(first.run.id);
    const { data } = await ask(
      `mutation { cancelBackup(input: { run: "${first.run.id}" }) { userErrors { message } } }`,
    );
    expect(data.cancelBackup.userErrors).toEqual([]);
    simulatorOf(slug).clock.advance(120);
    expect(await changeOf(changes, (change) => change.run.id === first.run.id && isOver(change))).toMatchObject({
      // The appliance has no word of its own for a backup that was stopped.
      run: { status: slug === 'vcenter' ? 'FAILED' : 'CANCELED' },
    });
    await changes.leave();
  });

  it('survives that the vendor restarts while runs end, and tells how they ended', async () => {
    await begin(slug);
    const simulator = simulatorOf(slug);
    const changes = subscribe('SSE', gateway.url, { query: QUERY, variables });
    const { run } = await nextChange(changes);
    simulator.fault({ kind: 'refuse' });
    const health = subscribe('SSE', gateway.url, {
      query: `subscription { sourceHealthChanged(sources: ["${slug}"]) { health { state } } }`,
    });
    const states = async (wanted: string): Promise<void> => {
      for (;;) {
        const told = await health.next();
        if (told === 'DONE' || told.data.sourceHealthChanged.health.state === wanted) return;
      }
    };
    await states('DOWN');
    simulator.clock.advance(3_600);
    simulator.clearFaults();
    await states('UP');
    const over = await changeOf(changes, (change) => change.run.id === run.id && isOver(change));
    expect(over.previousStatus).not.toBeNull();
    await Promise.all([changes.leave(), health.leave()]);
  });

  it('survives that its token ends', async () => {
    const simulator = simulatorOf(slug);
    const changes = subscribe('SSE', gateway.url, { query: QUERY, variables });
    const waiting = nextChange(changes);
    simulator.forgetRequests();
    await vi.waitUntil(() => simulator.requests().length > 2, { timeout: 5_000 });
    simulator.fault({ kind: 'unauthorized', times: 1 });
    simulator.clock.advance(7_200);
    await begin(slug);
    const { run } = await waiting;
    expect(run.id).toContain(`/${slug}/`);
    await changes.leave();
  });

  it('makes no call while nobody listens', async () => {
    const metrics = async (): Promise<string> => (await fetch(`${gateway.managementUrl}/metrics`)).text();
    await vi.waitUntil(async () => /^backupgraph_listeners 0$/m.test(await metrics()), { timeout: 5_000 });
    expect(await metrics()).toMatch(/^backupgraph_pollers 0$/m);
  });
});
