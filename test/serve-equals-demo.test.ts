import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfig, startDemoSimulators, type DemoSimulators } from '../src/cli/demo.ts';
import { startGateway, type Gateway } from '../src/server/create-gateway.ts';
import type { RunningSimulator } from '../src/simulation/simulated-server.ts';
import { printed, start, type Running } from './cli/support.ts';
import { EXAMPLE_OPERATIONS } from './support/example-operations.ts';
import { silentLog } from './support/silent-log.ts';
import { stable } from './support/stable.ts';
import { StandingClock } from './support/standing-clock.ts';

/** The same systems once as the demo wires them, and once as separately started simulators behind a configuration file. */
let demoSimulators: DemoSimulators;
let demo: Gateway;
const simulators: RunningSimulator[] = [];
let serve: Running;
let serveUrl: string;
let folder: string;

beforeAll(async () => {
  // Simulators go on living: on one clock that stands still, both sets tell the same.
  const clock = new StandingClock(new Date().toISOString());
  demoSimulators = await startDemoSimulators(clock);
  const config = demoConfig(demoSimulators, { port: 0, managementPort: 0 });
  const up = config.sources.filter(({ key }) => key !== 'vc-branch' && key !== 'm365-lab');
  demo = await startGateway({ config: { ...config, sources: up }, log: silentLog });

  const sources = await Promise.all(
    up.map(async ({ key, vendor, name, labels, timeZone }) => {
      const original = demoSimulators.bySource.get(key);
      if (original === undefined) throw new Error(`no simulator for ${key}`);
      const { seed, jobs, variant } = original.options;
      const simulator = await vendor.simulate({ seed, jobs, variant, clock });
      simulators.push(simulator);
      const entry = {
        key,
        vendor: vendor.slug,
        name,
        timeZone,
        labels: Object.fromEntries(labels.map((label) => [label.name, label.value])),
      };
      return { ...entry, ...vendor.simulatorSettings(simulator) };
    }),
  );
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-'));
  const file = join(folder, 'backupgraph.yaml');
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify({ version: 1, store: { url: 'sqlite::memory:' }, sources }));
  serve = start(['serve', '--config', file, '--port', '0', '--management-port', '0']);
  await printed(serve, 'listening');
  serveUrl = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(serve.err())?.[0] ?? '';
}, 30_000);

afterAll(async () => {
  serve.stop();
  await serve.ended;
  await demo.close();
  await Promise.all([...simulators.map((simulator) => simulator.close()), demoSimulators.close()]);
  rmSync(folder, { recursive: true });
});

async function ask(url: string, query: string, variables: Record<string, unknown>): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

describe('serve --config', () => {
  it.each(EXAMPLE_OPERATIONS)('answers $name as the demo does', async ({ query, variables }) => {
    const [fromServe, fromDemo] = [await ask(serveUrl, query, variables), await ask(demo.url, query, variables)];
    expect(fromDemo).not.toHaveProperty('errors');
    expect(stable(fromServe)).toEqual(stable(fromDemo));
  });
});
