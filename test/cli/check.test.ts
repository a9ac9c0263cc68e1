import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../../src/simulation/simulated-server.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';
import { runLine } from './support.ts';

let folder: string;
const simulators: RunningSimulator[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
});

function write(sources: readonly unknown[]): string {
  const file = join(folder, 'backupgraph.yaml');
  writeFileSync(file, JSON.stringify({ version: 1, sources }, undefined, 1));
  return file;
}

/** A simulator with the configuration entry that reaches it. */
async function simulated(
  key: string,
  vendor: string,
): Promise<{ simulator: RunningSimulator; entry: Record<string, unknown> }> {
  const definition = vendorBySlug(vendor) ?? expect.fail(`no vendor ${vendor}`);
  const simulator = await definition.simulate({});
  simulators.push(simulator);
  return { simulator, entry: { key, vendor, ...definition.simulatorSettings(simulator) } };
}

describe('cli/check', () => {
  it('says that a configuration is good, and what it warns of, and calls nobody', async () => {
    const { simulator, entry } = await simulated('vc', 'vcenter');
    const file = write([entry]);
    const { code, out, err } = await runLine(['check', '--config', file]);
    expect({ code, out }).toEqual({ code: 0, out: `${file}: good, 1 source` });
    expect(err).toMatch(/^warning: .*backupgraph\.yaml:\d+:\d+ sources\[0\]\.password: is written out in the file/);
    expect(err).not.toContain(simulator.credentials['password']);
    expect(simulator.requests()).toEqual([]);
  });

  it('prints a line for each problem, with its place', async () => {
    const file = write([{ key: 'A', vendor: 'vcenter', password: { env: 'NONE' } }]);
    const { code, out, err } = await runLine(['check', '--config', file]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const lines = err.split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^backupgraph: .*backupgraph\.yaml:\d+:\d+ sources\[0\]/);
  });

  it('finds the configuration by the environment, and by its usual name', async () => {
    const file = write([(await simulated('vc', 'vcenter')).entry]);
    expect((await runLine(['check'], { environment: { BACKUPGRAPH_CONFIG: file } })).code).toBe(0);
    expect(await runLine(['check'])).toMatchObject({
      code: 1,
      err: 'backupgraph: backupgraph.yaml cannot be read: there is no such file; name one with --config',
    });
  });

  it('logs in to each source with --live, and says how each did', async () => {
    const vcenter = await simulated('vc-hq', 'vcenter');
    const veeam = await simulated('m365', 'veeam-m365');
    const slow = await simulated('slow', 'veeam-m365');
    slow.simulator.fault({ kind: 'stall' });
    const file = write([
      vcenter.entry,
      { ...veeam.entry, password: 'wrong-hunter2' },
      { ...slow.entry, limits: { timeout: '200ms' } },
      { ...vcenter.entry, key: 'down', baseUrl: 'http://127.0.0.1:9' },
    ]);
    const { code, out, err } = await runLine(['check', '--live', '--config', file]);
    expect(code).toBe(1);
    const lines = out.split('\n').slice(1).toSorted();
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^down {3}vcenter {2}NETWORK {2}\S/);
    expect(lines[1]).toMatch(/^m365 {3}veeam-m365 {2}AUTHENTICATION {2}\S/);
    expect(lines[2]).toMatch(/^slow {3}veeam-m365 {2}TIMEOUT {2}Source "slow" did not answer within 200 ms/);
    expect(lines[3]).toMatch(/^vc-hq {2}vcenter {2}ok {2}\d+ ms/);
    expect(out + err).not.toContain('hunter2');
  });

  it('ends with 0 when every source answers', async () => {
    const entries = [await simulated('vc-hq', 'vcenter'), await simulated('msp', 'barracuda-intronis')].map(
      ({ entry }) => entry,
    );
    expect((await runLine(['check', '--live', '--config', write(entries)])).code).toBe(0);
  });
});
