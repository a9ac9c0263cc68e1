import { afterEach, describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind } from '../../src/simulation/faults.ts';
import { openStore } from '../../src/store/open-store.ts';
import { WriteService } from '../../src/writing/write-service.ts';
import { sailPointWorld, vcenterWorld, veeamWorld, type World } from './once-world.ts';

const WORLDS: readonly (readonly [string, () => Promise<World>])[] = [
  ['veeam-m365 v8', () => veeamWorld('v8')],
  ['vcenter 8.0 api', () => vcenterWorld('8.0', 'api')],
  ['sailpoint v1', () => sailPointWorld('v1')],
];

let world: World | undefined;
afterEach(async () => {
  await world?.connected.close();
  world = undefined;
});

describe.each(WORLDS)('a write to %s', (_name, open) => {
  it.each<FaultKind>(FAULT_KINDS)('is sent once under the fault %s, by whatever layer', async (kind) => {
    world = await open();
    const { connected, target, onCreate } = world;
    const { simulator, gateway } = connected;
    const log = { info: () => undefined, error: () => undefined };
    const options = { store: openStore('sqlite::memory:'), sources: [gateway], log, keepMs: 1e9 };
    const service = new WriteService({ ...options, looksMs: [0, 20], laterLooksMs: [10] });
    const fault = onCreate({ kind, retryAfterSeconds: 1, location: 'http://127.0.0.1:9/' });
    simulator.forgetRequests();
    simulator.fault(fault);
    const ask = {
      caller: { name: 'tester', role: 'ADMIN' as const },
      source: gateway,
      content: { verb: 'CREATE' as const, target: target('again', 1) },
      idempotencyKey: 'again',
      dryRun: false,
      waitMs: undefined,
    };
    const { operation } = await service.submit(ask);
    await service.submit(ask);
    await service.close();
    const sent = simulator
      .requests()
      .filter(({ method, url }) => method === fault.method && url.includes(fault.path ?? '?'));
    expect([kind, operation?.state, sent.length]).toEqual([kind, expect.any(String), 1]);
    simulator.clearFaults();
    expect(await world.count('again')).toBeLessThanOrEqual(1);
  });
});
