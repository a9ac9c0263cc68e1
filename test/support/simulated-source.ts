import type { GatewaySource } from '../../src/graphql/context.ts';
import { parseConfig, type GatewayConfig, type SourceConfig } from '../../src/server/config.ts';
import { openSource } from '../../src/server/sources.ts';
import type { RunningSimulator, SimulatorOptions } from '../../src/simulation/simulated-server.ts';
import type { BackupSource } from '../../src/vendors/contract.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';

/** A simulator with a source that is connected to it as the configuration would. */
export interface ConnectedSimulator {
  readonly simulator: RunningSimulator;
  readonly config: SourceConfig;
  readonly gateway: GatewaySource;
  readonly source: BackupSource;
  close(): Promise<void>;
}

/** A configuration in plain values, checked as a file would be. */
export function configOf(sources: readonly Record<string, unknown>[]): GatewayConfig {
  const text = JSON.stringify({
    version: 1,
    server: { port: 0 },
    management: { port: 0 },
    store: { url: 'sqlite::memory:' },
    sources,
  });
  const readFile = (path: string): string => {
    throw new Error(`no file is read in tests: ${path}`);
  };
  return parseConfig(text, { file: 'test.yaml', environment: {}, readFile }).config;
}

/** Starts a vendor's simulator and connects a source named after the vendor to it. */
export async function connectSimulated(
  slug: string,
  options: SimulatorOptions,
  settings: Readonly<Record<string, unknown>>,
  common: Readonly<Record<string, unknown>> = { limits: { timeout: '5s', requestsPerSecond: 5_000 } },
): Promise<ConnectedSimulator> {
  const vendor = vendorBySlug(slug);
  if (vendor === undefined) throw new Error(`no vendor ${slug}`);
  const simulator = await vendor.simulate(options);
  const entry = { key: slug, vendor: slug, ...common, ...vendor.simulatorSettings(simulator), ...settings };
  const [config] = configOf([entry]).sources;
  if (config === undefined) throw new Error('the configuration lost its source');
  const opened = openSource(config);
  return {
    simulator,
    config,
    gateway: opened.gateway,
    source: opened.gateway.reader,
    close: async () => {
      await opened.close();
      await simulator.close();
    },
  };
}
