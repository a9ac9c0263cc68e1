/**
 * A supergraph of two subgraphs: BackupGraph and another team's inventory, behind Hive Gateway.
 *
 *   npm run example:federation                                   over the demo
 *   node examples/federation/start.ts http://127.0.0.1:4000/graphql   over a gateway that is running
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startInventory } from './inventory.ts';
import { compose, startRouter } from './supergraph.ts';

const CROSSING = `{ services { nodes { name owner backupJobs { name status lastRun { startedAt } } } } }`;
const BACK = `{ backupJobs(first: 60) { nodes { name status service { name owner } } } }`;

const { values, positionals } = parseArgs({ options: { port: { type: 'string' } }, allowPositionals: true });
const demo = positionals[0] === undefined ? await startDemo() : undefined;
const backup = positionals[0] ?? demo?.url ?? '';
const inventory = await startInventory();
const supergraph = await compose([
  { name: 'backup', url: backup },
  { name: 'inventory', url: inventory.url },
]);
const router = await startRouter(supergraph, Number(values.port ?? 4400));

process.stdout.write(`
  supergraph  ${router.url}
  subgraphs   backup     ${backup}
              inventory  ${inventory.url}

From the business to its backups:
${curl(CROSSING)}

From the backups to the business:
${curl(BACK)}

Ctrl-C stops it.
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stop());
}

async function stop(): Promise<void> {
  await router.close();
  inventory.server.close();
  inventory.server.closeAllConnections();
  demo?.stop();
}

/** Four simulated vendors and BackupGraph over them, in a process of their own. */
async function startDemo(): Promise<{ readonly url: string; stop(): void }> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'demo', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  // Whatever ends this process: the demo goes with it.
  process.once('exit', () => void child.kill());
  const ended = once(child, 'exit').then(() => undefined);
  const url = await Promise.race([addressIn(child.stdout), ended]);
  if (url === undefined) throw new Error('the demo did not start; npm run build builds it');
  child.stdout.resume();
  return { url, stop: () => void child.kill() };
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const url = /GraphQL +(http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}

function curl(query: string): string {
  return `curl -s ${router.url} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
}
