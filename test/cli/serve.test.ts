import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../../src/simulation/simulated-server.ts';
import { vcenter } from '../../src/vendors/vcenter/index.ts';
import { printed, runLine, start } from './support.ts';

let folder: string;
let simulator: RunningSimulator;
let file: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-'));
  file = join(folder, 'backupgraph.yaml');
  simulator = await vcenter.simulate({});
  const entry = { key: 'vc', vendor: 'vcenter', ...vcenter.simulatorSettings(simulator) };
  writeFileSync(file, JSON.stringify({ version: 1, server: { port: 0 }, management: { port: 0 }, sources: [entry] }));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await simulator.close();
});

interface Event {
  readonly level: string;
  readonly msg: string;
  readonly url?: string;
  readonly managementUrl?: string;
}

function events(err: string): Event[] {
  return err.split('\n').map((line) => JSON.parse(line) as Event);
}

const OPEN = 'no callers are configured: open to this machine, and to no other';

describe('cli/serve', () => {
  it('serves what the file says, and stops cleanly when it is told to', async () => {
    const serving = start(['serve', '--config', file]);
    await printed(serving, 'listening');
    const begun = events(serving.err());
    expect(begun.find(({ level }) => level === 'warn')).toMatchObject({ msg: 'configuration warning' });
    expect(begun).toContainEqual(expect.objectContaining({ level: 'info', msg: OPEN }));
    const listening = begun.find(({ msg }) => msg === 'listening');
    expect(listening).toMatchObject({
      level: 'info',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/),
      sources: 1,
    });
    const { url = '', managementUrl = '' } = listening ?? {};

    const asked = await runLine(['query', '-', '--url', url], {
      input: '{ backupJobs { nodes { name } sources { source { key } outcome } } }',
    });
    expect(asked).toMatchObject({ code: 0, err: '' });
    expect(asked.out).toMatch(/ {2}vc +OK/);
    expect((await runLine(['healthcheck', '--url', `${managementUrl}/readyz`])).code).toBe(0);

    serving.stop();
    const { code, out, err } = await serving.ended;
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const told = events(err).map(({ msg }) => msg);
    expect(told.filter((msg) => msg !== 'configuration warning')).toEqual([
      OPEN,
      'listening',
      'source state',
      'operation',
      'stopping',
      'stopped',
    ]);
    expect(err).not.toContain(simulator.credentials['password']);
    expect((await runLine(['query', '-', '--url', url])).code).toBe(1);
  });

  it('asks for a key when callers are configured', async () => {
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const callers = [{ name: 'ops', key: { env: 'OPS_KEY' }, role: 'operate' }];
    writeFileSync(file, JSON.stringify({ ...config, callers, server: { port: 0 } }));
    const OPS_KEY = 'ops-hunter2-0123456789abcdef';
    expect((await runLine(['check', '--config', file], { environment: { OPS_KEY } })).out).toMatch(
      /1 source, 1 caller$/,
    );
    const serving = start(['serve', '--config', file], { environment: { OPS_KEY } });
    await printed(serving, 'listening');
    const listening = events(serving.err()).find(({ msg }) => msg === 'listening');
    const { url = '' } = listening ?? {};
    const input = '{ sources { key } }';
    expect(await runLine(['query', '-', '--url', url], { input })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^UNAUTHENTICATED: /),
    });
    const environment = { BACKUPGRAPH_API_KEY: OPS_KEY };
    expect(await runLine(['query', '-', '--url', url], { input, environment })).toEqual({
      code: 0,
      out: 'key\nvc',
      err: '',
    });
    serving.stop();
    const { err } = await serving.ended;
    expect(events(err)).toContainEqual(expect.objectContaining({ msg: 'operation', caller: 'ops' }));
    expect(err).not.toContain(OPEN);
    expect(err).not.toContain('hunter2');
  });

  it('takes its log level from the flag before the environment', async () => {
    const serving = start(['serve', '--config', file, '--log-level', 'info'], {
      environment: { BACKUPGRAPH_LOG_LEVEL: 'silent' },
    });
    await printed(serving, 'listening');
    serving.stop();
    await serving.ended;
    const silent = start(['serve', '--config', file], { environment: { BACKUPGRAPH_LOG_LEVEL: 'silent' } });
    silent.stop();
    expect(await silent.ended).toEqual({ code: 0, out: '', err: '' });
  });

  it('says which port is taken and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    try {
      expect(await runLine(['serve', '--config', file, '--port', port, '--log-level', 'error'])).toEqual({
        code: 1,
        out: '',
        err: `backupgraph: the port ${port} of 127.0.0.1 is taken; choose another with --port`,
      });
      expect(await runLine(['serve', '--config', file, '--management-port', port, '--log-level', 'error'])).toEqual({
        code: 1,
        out: '',
        err: `backupgraph: the management port ${port} of 127.0.0.1 is taken; choose another with --management-port`,
      });
      expect(await runLine(['simulate', 'vcenter', '--port', port])).toMatchObject({
        code: 1,
        err: `backupgraph: the port ${port} of 127.0.0.1 is taken; choose another with --port`,
      });
    } finally {
      other.close();
    }
  });

  it('refuses to be reached from outside', async () => {
    const { code, err } = await runLine(['serve', '--config', file, '--host', '0.0.0.0']);
    expect(code).toBe(1);
    expect(err).toMatch(/^backupgraph: --host: must be a loopback address .* as long as no callers are configured/);
  });
});

describe('cli/schema', () => {
  it('prints the schema', async () => {
    const { code, out } = await runLine(['schema']);
    expect(code).toBe(0);
    expect(out).toMatch(/^type Query \{$/m);
    expect(out.endsWith('}')).toBe(true);
  });

  it('prints the JSON Schema of the configuration', async () => {
    const { code, out } = await runLine(['schema', '--config']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ title: 'BackupGraph configuration' });
  });
});

describe('cli/simulate', () => {
  it('prints address, credentials and an entry that works', async () => {
    const simulating = start([
      'simulate',
      'vcenter',
      '--seed',
      '7',
      '--jobs',
      '3',
      '--latency',
      '1ms',
      '--variant',
      'release=8.0',
      '--fault',
      '{"kind":"throttle","times":1,"path":"/none"}',
    ]);
    await printed(simulating, 'entry for the configuration');
    const [head = '', entry = ''] = simulating.out().split('entry for the configuration:\n');
    expect(head).toMatch(
      /^simulated VMware vCenter appliance\nurl: http:\/\/127\.0\.0\.1:\d+\nusername: .+\npassword: .+\n\n$/,
    );
    writeFileSync(file, `version: 1\nsources:\n${entry}\n`);
    expect((await runLine(['check', '--live', '--config', file])).code).toBe(0);
    simulating.stop();
    expect((await simulating.ended).code).toBe(0);
    expect((await runLine(['check', '--live', '--config', file])).code).toBe(1);
  });
});
