/**
 * A thousand event streams and a thousand WebSockets on one gateway: what they cost the vendor, in memory, and in time.
 *
 *   npm run bench:listeners [-- number of listeners of each kind]
 *
 * The listeners live in a process of their own, so that the memory is the gateway's alone.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../dist/server/config.js';
import { startGateway } from '../dist/server/create-gateway.js';
import { createLogger } from '../dist/server/log.js';
import { vendorBySlug } from '../dist/vendors/registry.js';
import type { ListenersCommand, ListenersReport } from './listeners-client.ts';

const EACH = Number(process.argv[2] ?? 1_000);
/** Looks a second, and how long they are counted. */
const FAST_MS = 1_000;
const WINDOW_MS = 15_000;
const ROUNDS = 10;

const vendor = vendorBySlug('vcenter');
if (vendor === undefined || globalThis.gc === undefined) throw new Error('run it by npm run bench:listeners');
const simulator = await vendor.simulate({ seed: 3 });
const source = {
  ...vendor.simulatorSettings(simulator),
  key: 'vc',
  vendor: 'vcenter',
  limits: { requestsPerSecond: 5_000 },
};
const address = { port: 0 };
const text = JSON.stringify({
  version: 1,
  server: address,
  management: address,
  store: { url: 'sqlite::memory:' },
  sources: [source],
});
const { config } = parseConfig(text, { file: 'bench', environment: {}, readFile: String });
const log = createLogger({ level: 'warn', format: 'text' });
const gateway = await startGateway({ config, log, pace: { fastMs: FAST_MS, slowMs: FAST_MS } });
const child = fork(fileURLToPath(new URL('listeners-client.ts', import.meta.url)), [gateway.url]);

// The first listeners load what all need: they are not counted.
await tell(child, { kind: 'open', eventStreams: 20, webSockets: 20 });
await tell(child, { kind: 'close' });

await tell(child, { kind: 'open', eventStreams: 1, webSockets: 0 });
const callsOfOne = await callsInWindow();
await tell(child, { kind: 'close' });

const empty = await memory();
await tell(child, { kind: 'open', eventStreams: EACH, webSockets: 0 });
const withStreams = await memory();
await tell(child, { kind: 'open', eventStreams: 0, webSockets: EACH });
const withAll = await memory();
const callsOfAll = await callsInWindow();

const last: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  // A backup begins, or the one under way gets on or ends.
  await startBackup();
  simulator.clock.advance(30);
  const report = await tell(child, { kind: 'round' });
  last.push(report.lastMs ?? Number.NaN);
}
await tell(child, { kind: 'close' });
const after = await memory();
child.disconnect();
await gateway.close();
await simulator.close();

const kilobytes = (bytes: number): string => `${(bytes / 1024 / EACH).toFixed(1)} kB`;
const perListener = (before: Memory, now: Memory): string =>
  `${kilobytes(now.used - before.used)} (resident ${kilobytes(now.resident - before.resident)}, before packing ${kilobytes(now.unpacked - before.resident)})`;
const ordered = last.toSorted((a, b) => a - b);
process.stdout.write(`
| ${EACH} event streams and ${EACH} WebSockets, one subscription each | |
| --- | --- |
| vendor calls in ${WINDOW_MS / 1000} s, 1 listener | ${callsOfOne} |
| vendor calls in ${WINDOW_MS / 1000} s, ${2 * EACH} listeners | ${callsOfAll} |
| memory of an idle event stream | ${perListener(empty, withStreams)} |
| memory of an idle WebSocket | ${perListener(withStreams, withAll)} |
| left when all have gone | ${((after.used - empty.used) / 1024 / 1024).toFixed(1)} MB |
| from the look to the last of ${2 * EACH} listeners, median of ${ROUNDS} | ${ordered[Math.floor(ROUNDS / 2)]} ms |
| the same, slowest of ${ROUNDS} | ${ordered.at(-1)} ms |
`);

/** Sends a command to the listeners, and waits until they have done it. */
async function tell(listeners: ChildProcess, command: ListenersCommand): Promise<ListenersReport> {
  const done = once(listeners, 'message');
  listeners.send(command);
  const [report] = (await done) as [ListenersReport];
  return report;
}

interface Memory {
  /** In the heap and beside it. */
  readonly used: number;
  readonly resident: number;
  /** Resident while V8 still holds what opening so many at once took: kept for whatever comes next, and no listener's. */
  readonly unpacked: number;
}

/** Bytes in use, read as soon as the garbage is gone. */
async function memory(): Promise<Memory> {
  await collect({ type: 'major', execution: 'sync' });
  const { rss: unpacked } = process.memoryUsage();
  await collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, external, rss: resident } = process.memoryUsage();
  return { used: heapUsed + external, resident, unpacked };
}

async function collect(options: NodeJS.GCOptions): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await pause(200);
    globalThis.gc?.(options);
  }
}

async function callsInWindow(): Promise<number> {
  await pause(2 * FAST_MS);
  simulator.forgetRequests();
  await pause(WINDOW_MS);
  return simulator.requests().length;
}

/** Starts a backup, unless one is under way. */
async function startBackup(): Promise<void> {
  const { backupJobs } = await ask('{ backupJobs(first: 100, filter: { kinds: [RECURRING] }) { nodes { id } } }');
  const [job] = (backupJobs as { nodes: { id: string }[] }).nodes;
  await ask(
    `mutation { startBackup(input: { job: "${job?.id}", idempotencyKey: "${crypto.randomUUID()}" }) { userErrors { code } } }`,
  );
}

async function ask(query: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return ((await response.json()) as { data: Record<string, unknown> }).data;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
