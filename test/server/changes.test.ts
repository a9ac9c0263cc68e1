import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type Gateway } from '../../src/server/create-gateway.ts';
import type { RunningSimulator } from '../../src/simulation/simulated-server.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';
import { subscribe, type Told } from '../live/stream-lab.ts';
import { silentLog } from '../support/silent-log.ts';
import { configOf } from '../support/simulated-source.ts';
import { StandingClock } from '../support/standing-clock.ts';

const CHANGES = `query ($since: String) { changes(since: $since, first: 500) { contiguous next changes {
  __typename
  ... on BackupRunChange { previousStatus run { id status source { key } } }
  ... on RpoChange { previousVerdict verdict object { source { key } } }
  ... on SourceHealthChange { previousState state source { key } }
} } }`;

interface Change {
  readonly __typename: string;
  readonly previousStatus?: string | null;
  readonly run?: { readonly id: string; readonly status: string };
  readonly verdict?: string;
  readonly state?: string;
  readonly source?: { readonly key: string };
  readonly object?: { readonly source: { readonly key: string } };
}

/** Two vendors that go on living on clocks of their own, and a folder for the store. */
const simulators = new Map<string, RunningSimulator>();
const SLUGS = ['veeam-m365', 'vcenter'];
let folder: string;
const open: Gateway[] = [];

beforeAll(async () => {
  for (const slug of SLUGS) {
    const simulator = await vendorBySlug(slug)?.simulate({ clock: new StandingClock(new Date().toISOString()) });
    if (simulator !== undefined) simulators.set(slug, simulator);
  }
});
afterAll(() => Promise.all([...simulators.values()].map((simulator) => simulator.close())));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-changes-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
  rmSync(folder, { recursive: true });
  for (const simulator of simulators.values()) simulator.clearFaults();
});

/** A gateway on the file of this test; nothing that it reads is used twice. */
async function start(): Promise<Gateway> {
  const sources = SLUGS.map((slug) => ({
    ...vendorBySlug(slug)?.simulatorSettings(simulatorOf(slug)),
    key: slug,
    vendor: slug,
    limits: { timeout: '2s', requestsPerSecond: 5_000 },
    cache: { maxAge: '0s' },
    rpo: '366d',
  }));
  const config = configOf(sources);
  const store = { ...config.store, url: `sqlite:${join(folder, 'store.db')}` };
  const pace = { fastMs: 100, slowMs: 150, longestMs: 300 };
  const gateway = await startGateway({ config: { ...config, store }, log: silentLog, pace });
  open.push(gateway);
  return gateway;
}

async function stop(gateway: Gateway): Promise<void> {
  open.splice(open.indexOf(gateway), 1);
  await gateway.close();
}

function simulatorOf(slug: string): RunningSimulator {
  const simulator = simulators.get(slug);
  if (simulator === undefined) throw new Error(`no simulator ${slug}`);
  return simulator;
}

async function ask(gateway: Gateway, query: string, variables: Record<string, unknown> = {}): Promise<Told> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const told = (await response.json()) as Told;
  expect(told.errors).toBeUndefined();
  return told;
}

async function changes(gateway: Gateway, since: string | null) {
  const page = (await ask(gateway, CHANGES, { since })).data.changes;
  expect(page.contiguous).toBe(true);
  return { next: page.next as string, changes: page.changes as Change[] };
}

/** Sets a backup going at the vendor, behind the gateway's back as far as its lists go. */
async function begin(gateway: Gateway): Promise<string> {
  const { data } = await ask(
    gateway,
    '{ backupJobs(first: 500, filter: { sources: ["veeam-m365"], kinds: [RECURRING] }) { nodes { id capabilities(operations: [START]) { supported } } } }',
  );
  const jobs = data.backupJobs.nodes as { id: string; capabilities: { supported: boolean }[] }[];
  const job = jobs.find(({ capabilities }) => capabilities[0]?.supported === true)?.id;
  const started = await ask(
    gateway,
    `mutation { startBackup(input: { job: "${job}", idempotencyKey: "start-${performance.now()}" }) { run { id } userErrors { message } } }`,
  );
  return started.data.startBackup.run.id as string;
}

describe('server: changes over simulators', () => {
  it('tells the next gateway on the same file what turned while none was running', async () => {
    const first = await start();
    const { next } = await changes(first, null);
    const id = await begin(first);
    const seen = await changes(first, next);
    expect(seen.changes.filter(({ run }) => run?.id === id)).toMatchObject([{ previousStatus: null }]);
    const before = seen.changes.find(({ run }) => run?.id === id)?.run?.status;
    await stop(first);

    simulatorOf('veeam-m365').clock.advance(6 * 3_600);
    simulatorOf('vcenter').fault({ kind: 'refuse' });
    const second = await start();
    const later = await changes(second, seen.next);
    const ended = later.changes.filter(({ run }) => run?.id === id);
    expect(ended).toMatchObject([{ previousStatus: before }]);
    expect(['SUCCEEDED', 'WARNING', 'FAILED']).toContain(ended[0]?.run?.status);
    const ofVcenter = later.changes.filter(({ source, object }) => (source ?? object?.source)?.key === 'vcenter');
    expect(ofVcenter.map(({ state, verdict }) => state ?? verdict).toSorted()).toEqual(
      expect.arrayContaining(['UNKNOWN', expect.stringMatching(/^(DOWN|DEGRADED)$/) as string]),
    );
    const again = await changes(second, later.next);
    expect(again.changes.filter(({ run }) => run !== undefined)).toEqual([]);
  });

  it('gives two callers at once the same changes, each once', async () => {
    const gateway = await start();
    const { next } = await changes(gateway, null);
    const id = await begin(gateway);
    const answers = await Promise.all([changes(gateway, next), changes(gateway, next)]);
    for (const answer of answers) expect(answer.changes.filter(({ run }) => run?.id === id).length).toBe(1);
    expect((await changes(gateway, next)).changes.filter(({ run }) => run?.id === id).length).toBe(1);
  });

  it('keeps what a vendor forgets, through a restart, for lists that ask for it', async () => {
    const first = await start();
    const count = async (gateway: Gateway, history: boolean): Promise<number> => {
      const filter = `{ sources: ["veeam-m365"], includeHistory: ${history} }`;
      return (await ask(gateway, `{ backupRuns(filter: ${filter}) { totalCount } }`)).data.backupRuns.totalCount;
    };
    const told = await count(first, false);
    await stop(first);
    const second = await start();
    expect([await count(second, true), told > 0]).toEqual([told, true]);
  });
});

describe.each(['SSE', 'WebSocket'] as const)('server: rpoChanged by %s', (transport) => {
  it('tells each object as it stands, and UNKNOWN when its source goes down, and the truth when it is back', async () => {
    const gateway = await start();
    const { next: since } = await changes(gateway, null);
    const query =
      'subscription { rpoChanged(filter: { sources: ["vcenter"] }) { name rpo { verdict reason } source { key } } }';
    const events = subscribe(transport, gateway.url, { query });
    const next = async () => {
      const told = await events.next();
      if (told === 'DONE') throw new Error('the subscription ended');
      expect(told.errors).toBeUndefined();
      return told.data.rpoChanged as { rpo: { verdict: string; reason: string }; source: { key: string } };
    };
    const { data } = await ask(
      gateway,
      '{ protectedObjects(filter: { sources: ["vcenter"] }) { nodes { rpo { verdict } } } }',
    );
    const { verdict } = data.protectedObjects.nodes[0].rpo as { verdict: string };
    expect(await next()).toMatchObject({ rpo: { verdict }, source: { key: 'vcenter' } });
    expect(verdict).not.toBe('UNKNOWN');
    simulatorOf('vcenter').fault({ kind: 'refuse' });
    expect((await next()).rpo).toEqual({ verdict: 'UNKNOWN', reason: 'HISTORY_UNREADABLE' });
    simulatorOf('vcenter').clearFaults();
    expect((await next()).rpo.verdict).toBe(verdict);
    await events.leave();
    const metrics = async (): Promise<string> => (await fetch(`${gateway.managementUrl}/metrics`)).text();
    await vi.waitUntil(async () => /^backupgraph_pollers 0$/m.test(await metrics()), { timeout: 5_000 });
    const { changes: recorded } = await changes(gateway, since);
    expect(recorded.flatMap(({ verdict: is }) => is ?? [])).toEqual(['UNKNOWN', verdict]);
  });
});
