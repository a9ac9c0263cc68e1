import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../src/simulation/simulated-server.ts';
import { openSource, type OpenedSource } from '../src/server/sources.ts';
import { vendorBySlug } from '../src/vendors/registry.ts';
import { EXAMPLE_OPERATIONS } from './support/example-operations.ts';
import { runOperation } from './support/run-operation.ts';
import { configOf } from './support/simulated-source.ts';
import { stable } from './support/stable.ts';

const barracuda = vendorBySlug('barracuda-intronis');

describe.each([
  { name: 'as documented', variant: {} },
  { name: 'with the mismatched tag of the sample', variant: { malformedSample: 'yes' } },
  { name: 'with the account report', variant: { accountReport: 'yes' } },
  { name: 'without history', variant: { actionHistory: 'no' } },
])('JSON equals XML: $name', ({ variant }) => {
  let simulator: RunningSimulator;
  const opened: Record<string, OpenedSource> = {};

  beforeAll(async () => {
    if (barracuda === undefined) throw new Error('the vendor is not registered');
    simulator = await barracuda.simulate({ jobs: 25, variant });
    for (const format of ['json', 'xml']) {
      // The same key, so that ids are the same too.
      const entry = {
        key: 'm365',
        vendor: 'barracuda-intronis',
        ...barracuda.simulatorSettings(simulator),
        format,
        limits: { timeout: '10s' },
      };
      const [config] = configOf([entry]).sources;
      if (config === undefined) throw new Error('the configuration lost its source');
      opened[format] = openSource(config);
    }
  });

  afterAll(async () => {
    await Promise.all(Object.values(opened).map((source) => source.close()));
    await simulator.close();
  });

  it.each(EXAMPLE_OPERATIONS)('$name answers the same', async ({ query, variables }) => {
    const now = new Date();
    const answers = await Promise.all(
      ['json', 'xml'].map((format) => {
        const source = opened[format]?.gateway;
        return runOperation(query, source === undefined ? [] : [source], { variables, now: () => now });
      }),
    );
    expect(answers[0]?.errors).toEqual([]);
    // The one about operations asks no source.
    if (!query.includes('backupOperations')) expect(JSON.stringify(answers[0]?.data).length).toBeGreaterThan(60);
    expect(stable(answers[1])).toEqual(stable(answers[0]));
  });
});
