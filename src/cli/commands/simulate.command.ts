import type { Fault } from '../../simulation/faults.ts';
import type { RunningSimulator, SimulatorOptions } from '../../simulation/simulated-server.ts';
import type { VendorDefinition } from '../../vendors/contract.ts';
import { VENDORS, vendorBySlug } from '../../vendors/registry.ts';
import { CommandError, UsageError, stopped, type Command } from '../command.ts';
import { duration, keyValues, wholeNumber } from '../options.ts';
import { addressFault } from '../start-gateway.ts';

const SLUGS = VENDORS.map(({ slug }) => slug);

export const simulate: Command = {
  name: 'simulate',
  summary: 'Runs one simulated vendor, with faults on command',
  positionals: ['VENDOR'],
  options: {
    port: { type: 'string', value: 'PORT', help: 'Default: a free one' },
    seed: { type: 'string', value: 'NUMBER', help: 'Equal seeds give equal data; default 1' },
    jobs: { type: 'string', value: 'NUMBER', help: 'How many jobs it has, 0 to 5000; default 12' },
    latency: { type: 'string', value: 'DURATION', help: 'Added before each answer, such as 250ms' },
    variant: {
      type: 'string',
      multiple: true,
      value: 'KEY=VALUE',
      help: "One of the vendor's versions or styles; repeatable",
    },
    fault: { type: 'string', multiple: true, value: 'JSON', help: 'A fault from the start on; repeatable' },
  },
  notes: [
    `VENDOR is one of ${SLUGS.join(', ')}.`,
    'A fault is such as {"kind":"throttle","path":"/jobs","times":3,"retryAfterSeconds":2}.',
    'While it runs: GET /_simulator/requests, POST and DELETE /_simulator/faults, POST /_simulator/advance {"seconds":60}.',
  ],
  async run(input, io) {
    const slug = input.positionals[0] ?? '';
    const vendor = vendorBySlug(slug);
    if (vendor === undefined) throw new UsageError(`"${slug}" is not a vendor; known are ${SLUGS.join(', ')}`);
    const faults = input.list('fault').map(readFault);
    const options = {
      port: wholeNumber('--port', input.text('port'), 0, 65_535) ?? 0,
      seed: wholeNumber('--seed', input.text('seed'), 0, 2 ** 32 - 1) ?? 1,
      jobs: wholeNumber('--jobs', input.text('jobs'), 0, 5_000) ?? 12,
      latencyMs: duration('--latency', input.text('latency')) ?? 0,
      variant: keyValues('--variant', input.list('variant')),
    };
    const stop = io.catchStop();
    const simulator = await start(vendor, options, faults);
    for (const line of description(vendor, simulator)) io.out(line);
    await stopped(stop);
    await simulator.close();
    return 0;
  },
};

async function start(
  vendor: VendorDefinition,
  options: SimulatorOptions,
  faults: readonly Fault[],
): Promise<RunningSimulator> {
  let simulator: RunningSimulator | undefined;
  try {
    simulator = await vendor.simulate(options);
    for (const fault of faults) simulator.fault(fault);
    return simulator;
  } catch (error) {
    await simulator?.close();
    const { code } = addressFault(error);
    if (code !== undefined)
      throw new CommandError(`the port ${options.port} of 127.0.0.1 ${code}; choose another with --port`);
    // Variants and faults that the simulator does not know.
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function readFault(text: string): Fault {
  let fault: unknown;
  try {
    fault = JSON.parse(text);
  } catch {
    throw new UsageError('--fault must be JSON, such as {"kind":"stall"}');
  }
  if (typeof fault !== 'object' || fault === null || !('kind' in fault))
    throw new UsageError('--fault must be a JSON object with a "kind"');
  // The simulator refuses kinds that it does not know.
  return fault as Fault;
}

/** Address, credentials, and the entry that a configuration needs; JSON values are YAML too. */
function description(vendor: VendorDefinition, simulator: RunningSimulator): string[] {
  const entry = { key: vendor.slug, vendor: vendor.slug, ...vendor.simulatorSettings(simulator) };
  return [
    `simulated ${vendor.title}`,
    `url: ${simulator.url}`,
    ...Object.entries(simulator.credentials).map(([name, value]) => `${name}: ${value}`),
    '',
    'entry for the configuration:',
    ...Object.entries(entry).map(
      ([name, value], index) => `  ${index === 0 ? '-' : ' '} ${name}: ${JSON.stringify(value)}`,
    ),
  ];
}
