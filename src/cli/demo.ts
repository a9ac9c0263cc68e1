import type { SimulationClock } from '../simulation/clock.ts';
import type { RunningSimulator } from '../simulation/simulated-server.ts';
import { parseConfig, type GatewayConfig } from '../server/config.ts';
import { vendorBySlug } from '../vendors/registry.ts';

/** One simulated system of the demo, with what its configuration adds to what the simulator says. */
interface DemoSource {
  readonly key: string;
  readonly vendor: string;
  readonly seed: number;
  readonly variant?: Readonly<Record<string, string>>;
  /** Never answers a read. */
  readonly stalls?: boolean;
  readonly entry: Readonly<Record<string, unknown>>;
}

const SIMULATED: readonly DemoSource[] = [
  {
    key: 'm365',
    vendor: 'veeam-m365',
    seed: 1,
    variant: { apiVersion: 'v8' },
    entry: {
      name: 'Microsoft 365, all companies',
      labels: { site: 'hq', customer: 'internal', storage: 'object-store-1' },
      timeZone: 'Europe/Berlin',
    },
  },
  {
    key: 'm365-legacy',
    vendor: 'veeam-m365',
    seed: 2,
    variant: { apiVersion: 'v3' },
    entry: {
      name: 'Microsoft 365 of the company we bought',
      labels: { site: 'branch', customer: 'internal', storage: 'nas-2' },
      timeZone: 'Europe/Berlin',
    },
  },
  {
    key: 'vc-hq',
    vendor: 'vcenter',
    seed: 3,
    entry: {
      name: 'vCenter headquarters',
      labels: { site: 'hq', customer: 'internal', storage: 'nas-1' },
      timeZone: 'Europe/Berlin',
    },
  },
  {
    key: 'isc',
    vendor: 'sailpoint',
    seed: 4,
    entry: {
      name: 'Identity Security Cloud',
      labels: { site: 'cloud', customer: 'internal' },
      timeZone: 'Europe/London',
    },
  },
  {
    key: 'msp',
    vendor: 'barracuda-intronis',
    seed: 5,
    entry: {
      name: 'Customers with Intronis',
      labels: { site: 'cloud', customer: 'several', storage: 'intronis-cloud' },
      timeZone: 'America/New_York',
    },
  },
  {
    key: 'm365-lab',
    vendor: 'veeam-m365',
    seed: 6,
    stalls: true,
    entry: {
      name: 'Laboratory, too slow to answer',
      labels: { site: 'lab', customer: 'internal', storage: 'nas-2' },
      timeZone: 'Europe/Berlin',
      limits: { timeout: '1500ms' },
    },
  },
];

/** Nothing listens on the discard port of a machine, so this source is down. */
const DOWN = {
  key: 'vc-branch',
  vendor: 'vcenter',
  name: 'vCenter branch office, down',
  labels: { site: 'branch', customer: 'internal', storage: 'nas-2' },
  timeZone: 'Europe/Berlin',
  baseUrl: 'http://127.0.0.1:9',
  username: 'svc-backup@vsphere.local',
  password: 'demo',
};

/** The simulators of the demo by the key of their source. */
export interface DemoSimulators {
  readonly bySource: ReadonlyMap<string, RunningSimulator>;
  close(): Promise<void>;
}

/**
 * Starts every simulator of the demo on a free port of 127.0.0.1; when one cannot be started, none is left running.
 *
 * @param clock shared by all of them; each runs with real time when left out.
 */
export async function startDemoSimulators(clock?: SimulationClock): Promise<DemoSimulators> {
  const bySource = new Map<string, RunningSimulator>();
  const close = async (): Promise<void> => {
    await Promise.all([...bySource.values()].map((simulator) => simulator.close()));
  };
  const starts = SIMULATED.map(async ({ key, vendor: slug, seed, variant = {}, stalls }) => {
    const simulator = await demoVendor(slug).simulate({ seed, variant, ...(clock === undefined ? {} : { clock }) });
    if (stalls === true) simulator.fault({ kind: 'stall' });
    bySource.set(key, simulator);
  });
  const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return { bySource, close };
}

/** The demo's configuration: what a file with the same sources would give. */
export function demoConfig(
  { bySource }: DemoSimulators,
  addresses: { readonly port: number; readonly managementPort: number },
): GatewayConfig {
  const simulated = SIMULATED.map(({ key, vendor, entry }) => {
    const simulator = bySource.get(key);
    if (simulator === undefined) throw new Error(`the demo has no simulator for ${key}`);
    return { key, vendor, ...entry, ...demoVendor(vendor).simulatorSettings(simulator) };
  });
  const text = JSON.stringify({
    version: 1,
    server: { port: addresses.port },
    management: { port: addresses.managementPort },
    store: { url: 'sqlite::memory:' },
    sources: [...simulated.slice(0, 3), DOWN, ...simulated.slice(3)],
  });
  return parseConfig(text, { file: 'demo', environment: {}, readFile: readNothing }).config;
}

function readNothing(path: string): string {
  throw new Error(`the demo names no file, and not ${path}`);
}

function demoVendor(slug: string): NonNullable<ReturnType<typeof vendorBySlug>> {
  const vendor = vendorBySlug(slug);
  if (vendor === undefined) throw new Error(`the demo has no vendor ${slug}`);
  return vendor;
}
