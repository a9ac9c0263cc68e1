/** The gateway of `bench/report.ts`, in a process of its own; tells its address, and what it has used whenever it is asked. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseConfig } from '../dist/server/config.js';
import { startGateway } from '../dist/server/create-gateway.js';
import { createLogger } from '../dist/server/log.js';

export interface GatewayUsage {
  readonly url?: string;
  /** Since the process began. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  /** In the heap and beside it; after the garbage is gone when it was asked to be. */
  readonly usedBytes: number;
}

const [text = ''] = process.argv.slice(2);
const { config } = parseConfig(text, { file: 'bench', environment: {}, readFile: String });
const gateway = await startGateway({ config, log: createLogger({ level: 'warn', format: 'text' }) });

process.on('message', (command: 'usage' | 'collect' | 'end') => {
  if (command === 'end') return void gateway.close().then(() => process.exit());
  if (command === 'collect') return void collect().then(() => process.send?.(usage()));
  process.send?.(usage());
});
// When the bench fails, nobody is left to end this process.
process.on('disconnect', () => process.exit());
process.send?.({ url: gateway.url, ...usage() });

/** What is written behind, and what only the end of something else sets free, takes some turns. */
async function collect(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await pause(500);
    globalThis.gc?.();
  }
}

function usage(): GatewayUsage {
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { cpuMs: (user + system) / 1_000, residentBytes: rss, usedBytes: heapUsed + external };
}
