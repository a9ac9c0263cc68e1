import { afterEach, describe, expect, it } from 'vitest';
import { SOURCE_ERROR_KINDS } from '../src/domain/errors.ts';
import type { FaultKind } from '../src/simulation/faults.ts';
import { openSource } from '../src/server/sources.ts';
import { VENDORS } from '../src/vendors/registry.ts';
import { runOperation, type Answer } from './support/run-operation.ts';
import { connectSimulated, type ConnectedSimulator } from './support/simulated-source.ts';

const QUERY = `{
  backupJobs(first: 5) { nodes { id status lastRun { status messages { text } } protects { name } } sources { outcome count error { kind } } }
  statusReport { complete sources { outcome error { kind } } }
}`;

const KINDS: readonly FaultKind[] = [
  'refuse',
  'reset-mid-body',
  'truncate',
  'html',
  'bad-json',
  'server-error',
  'unauthorized',
  'redirect',
];

let connected: ConnectedSimulator | undefined;

afterEach(async () => {
  await connected?.close();
  connected = undefined;
});

/** An answer is fine when it is whole, or when what is missing is said with a listed code. */
function expectHonest({ data, errors, unexpected }: Answer): void {
  expect(unexpected).toEqual([]);
  for (const { extensions } of errors) expect(SOURCE_ERROR_KINDS).toContain(extensions['code']);
  const lists = [data.backupJobs.sources, data.statusReport.sources].flat() as {
    outcome: string;
    count?: number;
    error: { kind: string } | null;
  }[];
  for (const { outcome, error } of lists) {
    if (outcome === 'OK') expect(error).toBeNull();
    else expect(SOURCE_ERROR_KINDS).toContain(error?.kind);
  }
  const everyOk = lists.every(({ outcome }) => outcome === 'OK');
  expect(data.statusReport.complete).toBe(
    data.statusReport.sources.every(({ outcome }: { outcome: string }) => outcome === 'OK'),
  );
  if (everyOk && errors.length === 0) expect(data.backupJobs.nodes.length).toBeGreaterThan(0);
  if (data.backupJobs.sources[0].outcome === 'FAILED') expect(data.backupJobs.nodes).toEqual([]);
}

describe.each(VENDORS.map(({ slug }) => ({ slug })))('faults: $slug', ({ slug }) => {
  it.each(KINDS)(
    'meets %s at the first request, the second, … and answers data or a listed code each time',
    async (kind) => {
      connected = await connectSimulated(slug, {}, {});
      const { simulator, config } = connected;
      for (const times of [1, Infinity]) {
        for (let after = 0; ; after += 1) {
          simulator.clearFaults();
          simulator.forgetRequests();
          simulator.fault({ kind, after, times });
          const opened = openSource(config);
          const answer = await runOperation(QUERY, [opened.gateway]);
          const requests = simulator.requests().length;
          await opened.close();
          expectHonest(answer);
          if (requests <= after) break;
          expect(after).toBeLessThan(60);
        }
      }
    },
  );
});
