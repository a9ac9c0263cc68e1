import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { WriteService } from '../../src/writing/write-service.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';
import { readCall } from '../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../support/simulated-source.ts';
import { backupToMake } from './backup-to-make.ts';

let folder: string;
let at: ConnectedSimulator;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-kill-'));
  at = await connectSimulated('sailpoint', { variant: { rateLimit: 'no' } }, {});
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await at.close();
  rmSync(folder, { recursive: true });
});

/** Lets another process ask for the backup, and kills it when the simulator has seen this request. */
async function killAfter(method: string, path: string): Promise<void> {
  const { simulator } = at;
  const entry = { key: 'sailpoint', vendor: 'sailpoint', ...vendorBySlug('sailpoint')?.simulatorSettings(simulator) };
  const script = join(import.meta.dirname, 'gateway-to-kill.ts');
  child = spawn(process.execPath, [script, join(folder, 'store.db'), JSON.stringify(entry)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await vi.waitUntil(
    () => simulator.requests().some((request) => request.method === method && request.url.includes(path)),
    { timeout: 20_000, interval: 10 },
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  simulator.clearFaults();
}

function restart(): WriteService {
  const log = { info: () => undefined, error: () => undefined };
  const store = openStore(`sqlite:${join(folder, 'store.db')}`);
  return new WriteService({ store, sources: [at.gateway], log, keepMs: 1e9, looksMs: [0, 5], laterLooksMs: [] });
}

async function made(): Promise<number> {
  const { rows } = await at.source.listJobs(readCall());
  return rows.filter(({ name }) => name === 'survives a kill').length;
}

describe('a gateway that is killed', () => {
  it('in the middle of a call knows the operation afterwards, finds its effect, and does not make it again', async () => {
    at.simulator.fault({ kind: 'stall-body', method: 'POST', path: 'scheduled-actions' });
    await killAfter('POST', 'scheduled-actions');
    const service = restart();
    const [operation] = (await service.listOperations({}, 10, undefined)).rows;
    expect(operation).toMatchObject({ state: 'SENT', idempotencyKey: 'kill-1', requestedBy: 'tester' });
    await service.resume();
    await vi.waitFor(async () => {
      const now = (await service.readOperations([operation?.id ?? ''])).get(operation?.id ?? '');
      expect(now).toMatchObject({ state: 'CONFIRMED', jobNativeId: expect.stringMatching(/^action\//) });
    });
    const again = await service.submit(backupToMake(at.gateway));
    expect(again).toMatchObject({ replayed: true, operation: { id: operation?.id, state: 'CONFIRMED' } });
    expect(await made()).toBe(1);
    await service.close();
  }, 30_000);

  it('before the call has sent nothing, says so, and takes the key again', async () => {
    at.simulator.fault({ kind: 'stall', method: 'GET' });
    await killAfter('GET', 'scheduled-actions');
    const service = restart();
    await service.resume();
    expect((await service.listOperations({}, 10, undefined)).rows).toMatchObject([{ state: 'FAILED' }]);
    expect(await made()).toBe(0);
    expect(await service.submit(backupToMake(at.gateway))).toMatchObject({
      replayed: false,
      operation: { state: 'CONFIRMED' },
    });
    expect(await made()).toBe(1);
    await service.close();
  }, 30_000);
});
