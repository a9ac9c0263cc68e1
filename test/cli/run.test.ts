import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/run.ts';
import { runLine } from './support.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'src', 'cli', 'main.ts');
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly engines: { readonly node: string };
};

describe('cli/run', () => {
  it('has the commands of the documentation', () => {
    expect(COMMANDS.map(({ name }) => name)).toEqual([
      'serve',
      'demo',
      'simulate',
      'check',
      'schema',
      'query',
      'report',
      'upcoming',
      'healthcheck',
    ]);
  });

  it.each(['--help', '-h', 'help'])('lists every command for %s', async (flag) => {
    const { code, out } = await runLine([flag]);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS)
      expect(out).toMatch(new RegExp(`^  ${name}.*  ${summary.slice(0, 20)}`, 'm'));
  });

  it.each(COMMANDS.map(({ name }) => name))('tells every option of %s, wherever --help stands', async (name) => {
    const { code, out, err } = await runLine([name, 'x', '--help']);
    const command = COMMANDS.find((one) => one.name === name);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: backupgraph ${name}`);
    for (const option of Object.keys(command?.options ?? {})) expect(out).toMatch(new RegExp(`^  --${option}\\b`, 'm'));
  });

  it('prints the version of the package', async () => {
    expect(await runLine(['--version'])).toEqual({ code: 0, out: PACKAGE.version, err: '' });
  });

  it.each<[string[], string]>([
    [['sreve'], '"sreve" is not a command; did you mean "serve"?'],
    [['frobnicate'], '"frobnicate" is not a command'],
    [['serve', '--prot', '1'], '--prot is not a known option; did you mean "--port"?'],
    [['serve', '-p', '1'], '-p is not a known option'],
    [['serve', '--port'], '--port needs a value'],
    [['serve', '--port', '--host'], '--port needs a value'],
    [['check', '--live=yes'], '--live does not take an argument'],
    [['serve', 'now'], '"now" is not expected'],
    [['query'], 'FILE is missing'],
    [['query', 'a', 'b'], '"b" is not expected'],
    [['query', '-', '--format', 'xml'], '--format must be table or json'],
    [['query', '-', '--url', 'ftp://x'], '--url must be an http or https URL'],
    [['query', '-', '--url', 'http://me:hunter2@127.0.0.1/'], '--url must not hold a user or password'],
    [['schema', '--subgraph', '--config'], '--config and --subgraph exclude each other'],
    [['schema', '--subgraph', '--rename', 'Label'], '--rename must be KEY=VALUE'],
    [['schema', '--rename', 'Lable=Tag'], 'the schema has no type "Lable"'],
    [['serve', '--rename', 'Label'], '--rename must be KEY=VALUE'],
    [
      ['simulate', 'commvault'],
      '"commvault" is not a vendor; known are sailpoint, vcenter, veeam-m365, barracuda-intronis',
    ],
    [['simulate', 'vcenter', '--port', '65536'], '--port must be a whole number, 0 to 65535'],
    [['simulate', 'vcenter', '--jobs', 'many'], '--jobs must be a whole number, 0 to 5000'],
    [
      ['simulate', 'vcenter', '--latency', '2'],
      '--latency must be a duration of a minute at most, such as 250ms or 2s',
    ],
    [['simulate', 'vcenter', '--variant', 'release'], '--variant must be KEY=VALUE'],
    [['simulate', 'vcenter', '--variant', 'colour=red'], 'unknown variant "colour"; known are release'],
    [['simulate', 'vcenter', '--fault', '{'], '--fault must be JSON, such as {"kind":"stall"}'],
    [['simulate', 'vcenter', '--fault', '"stall"'], '--fault must be a JSON object with a "kind"'],
    [['simulate', 'vcenter', '--fault', '{"kind":"fire"}'], 'unknown fault kind; known are refuse,'],
    [['demo', '--log-level', 'loud'], 'the log level must be one of debug, info, warn, error, silent'],
  ])('refuses %j with exit code 2 and one clear line', async (args, message) => {
    const { code, out, err } = await runLine(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const [first, hint, ...more] = err.split('\n');
    expect(first?.startsWith(`backupgraph: ${message}`), first).toBe(true);
    expect(hint).toMatch(/^backupgraph: see backupgraph (\w+ )?--help$/);
    expect(more).toEqual([]);
    expect(err).not.toContain('hunter2');
  });

  it('prints the help to whoever types nothing, as an error', async () => {
    const { code, out } = await runLine([]);
    expect(code).toBe(2);
    expect(out).toContain('Usage: backupgraph COMMAND');
  });

  it('shows where an error comes from only when asked', async () => {
    const plain = await runLine(['serve', '--config', '/none.yaml']);
    expect(plain).toEqual({ code: 1, out: '', err: 'backupgraph: /none.yaml cannot be read: there is no such file' });
    const debug = await runLine(['serve', '--config', '/none.yaml'], { environment: { BACKUPGRAPH_DEBUG: '1' } });
    expect(debug.err).toMatch(/\n\s+at .*load-config/);
  });
});

describe('cli/main', () => {
  it('names the wanted Node, that of the package, to an old one', async () => {
    const old = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { node: '20.19.1' } })")}`;
    const failed = await promisify(execFile)(process.execPath, ['--import', old, MAIN, '--version']).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('this is 20.19.1') });
    const wanted = PACKAGE.engines.node.replace('>=', '');
    expect((failed as { stderr: string }).stderr).toMatch(
      new RegExp(`^backupgraph: Node ${wanted.replace('.', '\\.')} or later is needed`, 'm'),
    );
  });

  it('imports nothing before it has looked at the version', () => {
    expect(readFileSync(MAIN, 'utf8')).not.toMatch(/^import /m);
    expect(readFileSync(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops cleanly on %s', async (signal) => {
    const child = spawn(process.execPath, [MAIN, 'simulate', 'vcenter'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('is quiet when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [MAIN, 'schema', '--config'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let written = '';
    child.stderr.on('data', (chunk: Buffer) => (written += String(chunk)));
    const [code] = (await once(child, 'exit')) as [number | null];
    expect({ code, written }).toEqual({ code: 0, written: '' });
  });
});
