import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulationClock } from '../src/simulation/clock.ts';
import { openSource } from '../src/server/sources.ts';
import { EXAMPLE_OPERATIONS } from './support/example-operations.ts';
import { runOperation } from './support/run-operation.ts';
import { connectSimulated, type ConnectedSimulator } from './support/simulated-source.ts';

/** The sources that are counted: two ends of Veeam's versions, and one each of the others, all with a minute of kept answers. */
const FLEET = [
  { name: 'veeam v3', slug: 'veeam-m365', key: 'm365', variant: { apiVersion: 'v3' }, jobs: 200 },
  { name: 'veeam v8', slug: 'veeam-m365', key: 'm365-v8', variant: { apiVersion: 'v8' }, jobs: 200 },
  { name: 'vcenter 6.5', slug: 'vcenter', key: 'vc-old', variant: { release: '6.5' }, jobs: 12 },
  { name: 'vcenter 8.0', slug: 'vcenter', key: 'vc', variant: { release: '8.0' }, jobs: 300 },
  { name: 'sailpoint', slug: 'sailpoint', key: 'isc', variant: {}, jobs: 100 },
  { name: 'barracuda', slug: 'barracuda-intronis', key: 'msp', variant: {}, jobs: 12 },
] as const;

const COMMON = { limits: { timeout: '10s', requestsPerSecond: 5_000 }, cache: { maxAge: '1m' } };
const fleet = new Map<string, ConnectedSimulator>();
const table: Record<string, Counts> = {};

beforeAll(async () => {
  for (const { name, slug, key, variant, jobs } of FLEET) {
    // A Wednesday noon: what runs and what has failed is then the same in every run of this test.
    const clock = new SimulationClock(new Date('2026-11-18T12:00:00Z'));
    fleet.set(name, await connectSimulated(slug, { variant, jobs, clock }, {}, { ...COMMON, key }));
  }
});

afterAll(async () => {
  if (process.env['BACKUPGRAPH_PRINT_CALLS'] !== undefined) {
    console.log('Vendor calls by operation and source: cold / warm (logins left out)');
    console.table(table);
  }
  await Promise.all([...fleet.values()].map((one) => one.close()));
});

/** Requests that the vendors have received since the last look, logins left out. */
function callsSince(): Record<string, number> {
  return Object.fromEntries(
    [...fleet].map(([name, { simulator }]) => {
      const calls = simulator.requests().filter(({ url }) => !/token|\/session/i.test(url)).length;
      simulator.forgetRequests();
      return [name, calls];
    }),
  );
}

/** Runs an operation twice over sources that have never been read: the first time cold, the second time warm. */
async function count(name: string, query: string, variables: Record<string, unknown> = {}): Promise<Counts> {
  const opened = [...fleet.values()].map(({ config }) => openSource(config));
  const sources = opened.map(({ gateway }) => gateway);
  callsSince();
  const counts: Counts = {};
  const first = await runOperation(query, sources, { variables });
  expect([first.errors, first.unexpected]).toEqual([[], []]);
  const cold = callsSince();
  const second = await runOperation(query, sources, { variables });
  expect(second.errors).toEqual([]);
  const warm = callsSince();
  await Promise.all(opened.map((source) => source.close()));
  for (const one of FLEET) counts[one.name] = `${cold[one.name]} / ${warm[one.name]}`;
  table[name] = counts;
  return counts;
}

type Counts = Record<string, string>;

/**
 * Calls cold / warm. vCenter 6.5 has no bulk call: its list of ids and one call for each of its 12 backups. Barracuda here has no account report: two
 * accounts, their computers, and a report for each. `08` asks the vendors anew by its own words, and Veeam has one log call for each running session.
 */
const EXPECTED: Record<string, readonly string[]> = {
  '01-all-jobs': ['1 / 0', '1 / 0', '16 / 0', '3 / 0', '3 / 0', '10 / 0'],
  '02-needs-attention': ['2 / 0', '4 / 0', '15 / 0', '2 / 0', '2 / 0', '12 / 0'],
  '03-status-report': ['3 / 0', '3 / 0', '16 / 0', '3 / 0', '3 / 0', '12 / 0'],
  '04-schedules-and-windows': ['2 / 0', '2 / 0', '16 / 0', '3 / 0', '3 / 0', '10 / 0'],
  '05-sources': ['0 / 0', '0 / 0', '0 / 0', '0 / 0', '0 / 0', '0 / 0'],
  '06-protected-objects': ['3 / 0', '3 / 0', '0 / 0', '0 / 0', '3 / 0', '12 / 0'],
  '07-one-source': ['2 / 0', '0 / 0', '0 / 0', '0 / 0', '0 / 0', '0 / 0'],
  '08-running-now': ['8 / 8', '8 / 8', '15 / 13', '3 / 2', '2 / 2', '12 / 8'],
  '09-operations': ['0 / 0', '0 / 0', '0 / 0', '0 / 0', '0 / 0', '0 / 0'],
  '13-tonight': ['3 / 0', '3 / 0', '16 / 0', '3 / 0', '3 / 0', '12 / 0'],
  '14-swallowed-by-windows': ['2 / 0', '2 / 0', '16 / 0', '3 / 0', '3 / 0', '10 / 0'],
  '15-fights-over-storage': ['2 / 0', '2 / 0', '16 / 0', '3 / 0', '3 / 0', '10 / 0'],
  '16-changes': ['3 / 0', '3 / 0', '16 / 0', '3 / 0', '3 / 0', '12 / 0'],
};

describe('vendor calls', () => {
  it.each(EXAMPLE_OPERATIONS)(
    '$name makes exactly the calls that are written down',
    async ({ name, query, variables }) => {
      expect(Object.values(await count(name, query, variables))).toEqual(EXPECTED[name]);
    },
  );

  it('asks for 200 Veeam jobs with schedule, window, last run, runs and object by lists alone', async () => {
    const calls = await count(
      '200 jobs in full',
      '{ backupJobs(first: 400, filter: { vendors: [VEEAM_M365] }) { totalCount nodes { schedule { summary window { allowedHoursPerWeek } } lastRun { status } lastSuccess { startedAt } runs(first: 5) { nodes { status } } protects { name } } } }',
    );
    expect([calls['veeam v3'], calls['veeam v8']]).toEqual(['3 / 0', '3 / 0']);
  });

  it('asks for 100 vCenter runs by id with one details call', async () => {
    const ids = await runIds('vcenter 8.0', 100);
    const calls = await count(
      '100 runs by id',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on BackupRun { status } } }',
      { ids },
    );
    // The second call is the list of schedules, which tells what scheduled runs belong to.
    expect(calls['vcenter 8.0']).toBe('2 / 0');
  });

  it('asks for any number of SailPoint backups by id with one list', async () => {
    const ids = await runIds('sailpoint', 50);
    const calls = await count(
      '50 backups by id',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on BackupRun { status job { name } } } }',
      { ids },
    );
    expect(calls['sailpoint']).toMatch(/^[12] \/ 0$/);
  });

  it('makes one call for many callers who ask the same at once', async () => {
    const opened = [...fleet.values()].map(({ config }) => openSource(config));
    const sources = opened.map(({ gateway }) => gateway);
    callsSince();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        runOperation('{ backupJobs(filter: { vendors: [VEEAM_M365] }) { totalCount } }', sources),
      ),
    );
    const calls = callsSince();
    await Promise.all(opened.map((source) => source.close()));
    expect([calls['veeam v3'], calls['veeam v8']]).toEqual([1, 1]);
  });
});

/** Global ids of the newest runs of one source. */
async function runIds(name: string, first: number): Promise<string[]> {
  const source = fleet.get(name)?.gateway;
  const { data } = await runOperation(
    `{ backupRuns(first: ${first}) { nodes { id } } }`,
    source === undefined ? [] : [source],
  );
  const ids = (data.backupRuns.nodes as { id: string }[]).map(({ id }) => id);
  expect(ids).toHaveLength(first);
  return ids;
}
