/**
 * The status report at size: what it costs at 500, 5,000, 50,000 and 150,000 runs, warm and cold, and whether memory stays where it is.
 *
 *   npm run bench:report [-- numbers of jobs, thirty runs each, …]
 *
 * The gateway is a process of its own, between this one's vendor and this one's caller. Warm is what the vendor told within `maxAge`,
 * cold asks the vendor for all of it. Each answer is compared with what the plan of the data says. `BENCH_NODE_FLAGS` are given to the
 * gateway's process, such as `--cpu-prof`.
 */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { berlin, datePlus, expectedReport, instantOf, planJobs, ZONE, type PlannedJob } from './report-data.ts';
import type { GatewayUsage } from './report-gateway.ts';
import { serveJobs, type Vendor } from './report-vendor.ts';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [17, 167, 1_667, 5_000];
/** Rounds that are counted, after some that are not. */
const WARM_ROUNDS = 15;
const COLD_ROUNDS = 5;
const WARM_UP = 10;
/** Reports asked for in a row while memory is looked at. */
const REPEATS = 50;

const QUERY = `query Report($from: DateTime!, $read: ReadOptions) {
  statusReport(period: { from: $from }, read: $read) {
    generatedAt
    complete
    totals { counts { status count } successRate }
    bySource { source { key } totals { counts { status count } successRate } }
    byDay(timeZone: "${ZONE}") { date totals { counts { status count } } overdue bytes }
    rpo { met atRisk breached neverProtected unknown }
    entries(first: 50) {
      totalCount
      nodes { object { name } status rpo { verdict reason target achieved dueBy } consecutiveFailures }
    }
  }
}`;

interface Report {
  readonly generatedAt: string;
  readonly complete: boolean;
  readonly totals: Totals;
  readonly bySource: readonly { readonly totals: Totals }[];
  readonly byDay: readonly { date: string; totals: Totals; overdue: number; bytes: string | number | null }[];
  readonly rpo: Readonly<Record<string, number>>;
  readonly entries: {
    readonly totalCount: number;
    readonly nodes: readonly {
      object: { name: string };
      status: string;
      rpo: { verdict: string };
      consecutiveFailures: number | null;
    }[];
  };
}

interface Totals {
  readonly counts: readonly { readonly status: string; readonly count: number }[];
}

/** Wall times in order, and the gateway's CPU time of a round. */
interface Timing {
  readonly sortedMs: readonly number[];
  readonly cpuMs: number;
}

interface Measured {
  readonly runs: number;
  readonly warm: Timing;
  readonly csv: Timing;
  readonly cold: Timing;
  /** In use when the garbage is gone, and resident after all rounds. */
  readonly usedBytes: number;
  readonly residentBytes: number;
  /** What is in use after so many reports more than before, and after as many again. */
  readonly growthBytes: readonly [number, number];
  readonly callsWarm: number;
}

const measured: Measured[] = [];
for (const size of SIZES) measured.push(await measure(size));
print();

async function measure(size: number): Promise<Measured> {
  const jobs = planJobs(size, new Date());
  const vendor = await serveJobs(jobs);
  const { child, url } = await startGateway(vendor);
  const from = new Date(instantOf(datePlus(berlin(Date.now()).date, -30), '00:00:00')).toISOString();
  const ask = async (variables: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: QUERY, variables: { from, ...variables } });
    return (await fetch(url, { method: 'POST', headers, body })).json();
  };
  const askCsv = async (): Promise<string> => (await fetch(new URL('/export/status.csv', url))).text();

  checkReport(await ask({}), jobs);
  checkCsv(await askCsv(), jobs);
  for (let round = 0; round < WARM_UP; round += 1) await ask({});
  vendor.takeCalls();
  const warm = await time(child, WARM_ROUNDS, () => ask({}));
  const csv = await time(child, WARM_ROUNDS, askCsv);
  const callsWarm = vendor.takeCalls();

  const repeat = async (): Promise<number> => {
    for (let round = 0; round < REPEATS; round += 1) checkReport(await ask({}), jobs);
    const { usedBytes } = await tell(child, 'collect');
    return usedBytes;
  };
  const before = (await tell(child, 'collect')).usedBytes;
  const afterOnce = await repeat();
  const growthBytes = [afterOnce - before, (await repeat()) - afterOnce] as const;

  const cold = await time(child, COLD_ROUNDS, async () => {
    const answer = await ask({ read: { maxAge: 'PT0S' } });
    assert.ok(vendor.takeCalls() > 0, 'a cold report asks the vendor');
    return answer;
  });
  checkReport(await ask({ read: { maxAge: 'PT0S' } }), jobs);
  const { residentBytes } = await tell(child, 'usage');
  child.send('end');
  await once(child, 'exit');
  vendor.close();
  const runs = jobs.reduce((sum, job) => sum + job.runs.length, 0);
  return { runs, warm, csv, cold, usedBytes: before, residentBytes, growthBytes, callsWarm };
}

async function startGateway(vendor: Vendor): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const address = { port: 0 };
  const source = {
    key: 'veeam',
    vendor: 'veeam-m365',
    baseUrl: vendor.url,
    apiVersion: 'v8',
    username: 'bench',
    password: 'bench',
    timeZone: ZONE,
    limits: { timeout: '60s' },
    cache: { maxAge: '1h' },
  };
  const config = {
    version: 1,
    server: address,
    management: address,
    store: { url: 'sqlite::memory:' },
    sources: [source],
  };
  const flags = process.env['BENCH_NODE_FLAGS']?.split(' ') ?? [];
  const child = fork(fileURLToPath(new URL('report-gateway.ts', import.meta.url)), [JSON.stringify(config)], {
    execArgv: ['--expose-gc', ...flags],
  });
  const [{ url }] = (await once(child, 'message')) as [GatewayUsage];
  assert.ok(url !== undefined);
  return { child, url };
}

async function tell(child: ChildProcess, command: 'usage' | 'collect'): Promise<GatewayUsage> {
  const answer = once(child, 'message');
  child.send(command);
  const [usage] = (await answer) as [GatewayUsage];
  return usage;
}

async function time(child: ChildProcess, rounds: number, work: () => Promise<unknown>): Promise<Timing> {
  const sortedMs: number[] = [];
  const before = await tell(child, 'usage');
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    sortedMs.push(performance.now() - began);
  }
  const after = await tell(child, 'usage');
  return { sortedMs: sortedMs.toSorted((a, b) => a - b), cpuMs: (after.cpuMs - before.cpuMs) / rounds };
}

function checkReport(answer: unknown, jobs: readonly PlannedJob[]): void {
  const { data, errors } = answer as { readonly data: { readonly statusReport: Report }; readonly errors?: unknown };
  assert.equal(errors, undefined, JSON.stringify(errors));
  const { generatedAt, complete, totals, bySource, byDay, rpo, entries } = data.statusReport;
  const expected = expectedReport(jobs, Date.parse(generatedAt));
  assert.equal(complete, true);
  assert.deepEqual(countsOf(totals), expected.counts);
  assert.deepEqual(
    bySource.map((one) => countsOf(one.totals)),
    [expected.counts],
  );
  for (const { date, totals: ofDay, overdue, bytes } of byDay) {
    const day = expected.days.get(date) ?? { counts: {}, overdue: 0, bytes: undefined };
    const told = { counts: countsOf(ofDay), overdue, bytes: bytes === null ? undefined : BigInt(bytes) };
    assert.deepEqual(told, day, date);
  }
  assert.ok(expected.days.keys().every((date) => byDay.some((day) => day.date === date)));
  const { MET = 0, AT_RISK = 0, BREACHED = 0, NEVER_PROTECTED = 0 } = expected.verdicts;
  const verdicts = { met: MET, atRisk: AT_RISK, breached: BREACHED, neverProtected: NEVER_PROTECTED, unknown: 0 };
  assert.deepEqual(rpo, verdicts);
  assert.equal(entries.totalCount, jobs.length);
  const shown = entries.nodes.map(({ status, rpo: { verdict }, consecutiveFailures }) => {
    return { status, verdict, consecutiveFailures };
  });
  const worst = expected.entries.slice(0, 50).map(({ status, verdict, consecutiveFailures }) => {
    return { status, verdict, consecutiveFailures };
  });
  assert.deepEqual(shown, worst);
}

function countsOf({ counts }: Totals): Record<string, number> {
  return Object.fromEntries(counts.map(({ status, count }) => [status, count]));
}

/** No text of the plan needs quotes. Verdicts hang on the instant, which a file does not tell: they are compared by the report. */
function checkCsv(text: string, jobs: readonly PlannedJob[]): void {
  const [names = [], ...rows] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const [status, failures] = [names.indexOf('status'), names.indexOf('consecutive_failures')];
  const told = rows.map((row) => `${row[status]} ${row[failures]}`);
  const { entries } = expectedReport(jobs, Date.now());
  const planned = entries.map((entry) => `${entry.status} ${entry.consecutiveFailures ?? ''}`);
  assert.deepEqual(told.toSorted(), planned.toSorted());
}

function print(): void {
  const lines = measured.map(({ runs, warm, csv, cold, usedBytes, residentBytes, growthBytes }) =>
    [
      runs.toLocaleString('en'),
      timesOf(warm),
      warm.cpuMs.toFixed(1),
      ((warm.cpuMs * 1_000) / runs).toFixed(2),
      timesOf(csv),
      timesOf(cold),
      cold.cpuMs.toFixed(0),
      (usedBytes / 1024 / 1024).toFixed(0),
      (residentBytes / 1024 / 1024).toFixed(0),
      growthBytes.map((bytes) => (bytes / 1024 / 1024).toFixed(1)).join(' and '),
    ].join(' | '),
  );
  process.stdout.write(`
${availableParallelism()} cores, Node ${process.versions.node}; median (fastest to slowest) of ${WARM_ROUNDS} warm and ${COLD_ROUNDS} cold rounds

| runs | warm ms | CPU ms | CPU µs a run | CSV ms | cold ms | cold CPU ms | MB in use | MB resident | MB more after ${REPEATS} reports, and after ${REPEATS} more |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.map((line) => `| ${line} |`).join('\n')}

`);
  for (const { runs, callsWarm } of measured) {
    if (callsWarm > 0) process.stdout.write(`At ${runs} runs, ${callsWarm} vendor calls were made by warm rounds.\n`);
  }
}

function timesOf({ sortedMs }: Timing): string {
  const [least = 0, most = 0] = [sortedMs[0], sortedMs.at(-1)];
  const median = sortedMs[Math.floor(sortedMs.length / 2)] ?? 0;
  return `${median.toFixed(0)} (${least.toFixed(0)} to ${most.toFixed(0)})`;
}
