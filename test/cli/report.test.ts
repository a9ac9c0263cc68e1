import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfig, startDemoSimulators, type DemoSimulators } from '../../src/cli/demo.ts';
import { parseConfig } from '../../src/server/config.ts';
import { startGateway, type Gateway } from '../../src/server/create-gateway.ts';
import { vendorBySlug } from '../../src/vendors/registry.ts';
import { silentLog } from '../support/silent-log.ts';
import { runLine } from './support.ts';

let simulators: DemoSimulators;
let all: Gateway;
let whole: Gateway;

beforeAll(async () => {
  simulators = await startDemoSimulators();
  const config = demoConfig(simulators, { port: 0, managementPort: 0 });
  all = await startGateway({ config, log: silentLog });
  const sources = config.sources.filter(({ key }) => key === 'isc');
  whole = await startGateway({ config: { ...config, sources }, log: silentLog });
}, 30_000);

afterAll(async () => {
  await Promise.all([all.close(), whole.close()]);
  await simulators.close();
});

describe('cli/report', () => {
  it('prints the worst first, says what is missing, and ends with 1', async () => {
    const { code, out, err } = await runLine(['report', '--url', all.url]);
    expect([code, err]).toEqual([1, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^status +object +source +job +failed in a row +rpo +due by +last good copy$/);
    expect(lines[1]).toMatch(/^FAILED /);
    expect(out).toMatch(/^objectives: .*\d+ breached/m);
    expect(out).toMatch(/^last 24 hours: .*\d+ FAILED/m);
    expect(out).toMatch(/^vc-branch: FAILED \((NETWORK|CIRCUIT_OPEN)\)$/m);
    expect(out).toMatch(/^m365-lab: (TIMED_OUT|FAILED)/m);
    expect(out).toMatch(/^\d+ bad, not complete$/m);
    expect(out).not.toContain('\u001b');
  });

  it('ends with 1 when something was never backed up, though nothing has failed', async () => {
    const vcenter = vendorBySlug('vcenter') ?? expect.fail('no such vendor');
    const empty = await vcenter.simulate({ seed: 1, jobs: 0 });
    const sources = [{ key: 'vc', vendor: 'vcenter', rpo: '26h', ...vcenter.simulatorSettings(empty) }];
    const ports = { server: { port: 0 }, management: { port: 0 }, store: { url: 'sqlite::memory:' } };
    const text = JSON.stringify({ version: 1, ...ports, sources });
    const { config } = parseConfig(text, { file: 'test', environment: {}, readFile: () => '' });
    const gateway = await startGateway({ config, log: silentLog });
    try {
      const { code, out } = await runLine(['report', '--url', gateway.url], { colours: true });
      expect(out).toMatch(/\u001b\[31mNONE .*NEVER_PROTECTED/);
      expect(out).toContain('1 bad');
      expect(code).toBe(1);
    } finally {
      await gateway.close();
      await empty.close();
    }
  });

  it('has colours for people alone', async () => {
    const { out } = await runLine(['report', '--url', all.url], { colours: true });
    expect(out).toContain('\u001b[31mFAILED');
    expect(out).toContain('\u001b[32mSUCCEEDED');
  });

  it('says when nobody answers, and when the gateway refuses', async () => {
    const { code, err } = await runLine(['report', '--url', 'http://127.0.0.1:9/graphql']);
    expect([code, err]).toEqual([1, 'backupgraph: http://127.0.0.1:9/graphql does not answer']);
  });
});

describe('cli/upcoming', () => {
  it('prints the coming runs in order, and what is missing', async () => {
    const { code, out } = await runLine(['upcoming', '--url', all.url]);
    expect(code).toBe(1);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^at +job +source +takes +window +basis$/);
    const instants = lines.filter((line) => /^20\d\d-/.test(line)).map((line) => line.slice(0, 24));
    expect(instants.length).toBeGreaterThan(20);
    expect(instants).toEqual(instants.toSorted());
    expect(out).toMatch(/^vc-branch: FAILED \((NETWORK|CIRCUIT_OPEN)\)$/m);
  });

  it('ends with 0 when all is told and nothing goes wrong', async () => {
    const { code, out } = await runLine(['upcoming', '--url', whole.url, '--hours', '168']);
    expect([code, out.includes('COMPUTED')]).toEqual([0, true]);
  });

  it.each(['0', '3000', 'x'])('refuses %s hours', async (hours) => {
    const { code, err } = await runLine(['upcoming', '--hours', hours]);
    expect([code, err]).toEqual([2, expect.stringContaining('--hours must be a whole number')]);
  });
});
