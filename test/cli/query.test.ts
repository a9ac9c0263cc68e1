import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLine } from './support.ts';

/** Answers every operation with what the test says, and keeps what was asked. */
let server: Server;
let url: string;
let answer: { status: number; text: string };
let asked: unknown;
let headers: IncomingHttpHeaders;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-'));
  server = createServer((request, response) => {
    let body = '';
    headers = request.headers;
    if (request.url === '/moved') return void response.writeHead(307, { location: '/graphql' }).end();
    request.on('data', (chunk: Buffer) => (body += String(chunk)));
    request.on('end', () => {
      asked = body === '' ? request.url : JSON.parse(body);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  server.close();
  server.closeAllConnections();
});

function answers(body: unknown, status = 200): void {
  answer = { status, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

const JOBS = {
  backupJobs: {
    nodes: [
      { name: 'Mail', status: 'SUCCEEDED', source: { key: 'm365' }, lastRun: { status: 'SUCCEEDED' }, conditions: [] },
      {
        name: 'Files\u001b[31m of\nHQ',
        status: 'FAILED',
        source: { key: 'vc' },
        lastRun: null,
        conditions: [
          { kind: 'MISSED', severity: 'ERROR' },
          { kind: 'OTHER', severity: null },
        ],
      },
    ],
    totalCount: 7,
    sources: [
      { source: { key: 'm365' }, outcome: 'OK', count: 1, error: null },
      { source: { key: 'vc-branch' }, outcome: 'FAILED', count: 0, error: { kind: 'NETWORK', message: 'refused' } },
    ],
  },
};

describe('cli/query', () => {
  it('sends the operation of a file with its variables', async () => {
    writeFileSync(join(folder, 'q.graphql'), 'query Q($a: Int) { x(a: $a) }');
    writeFileSync(join(folder, 'v.json'), '{"a": 1}');
    answers({ data: { x: 2 } });
    const ran = await runLine([
      'query',
      join(folder, 'q.graphql'),
      '--variables',
      join(folder, 'v.json'),
      '--url',
      url,
    ]);
    expect(asked).toEqual({ query: 'query Q($a: Int) { x(a: $a) }', variables: { a: 1 } });
    expect(ran).toEqual({ code: 0, out: 'x\n2', err: '' });
  });

  it('takes the operation from the standard input', async () => {
    answers({ data: { __typename: 'Query' } });
    await runLine(['query', '-', '--url', url], { input: '{ __typename }' });
    expect(asked).toEqual({ query: '{ __typename }' });
  });

  it('shows the rows of the first list and what became of each source', async () => {
    answers({ data: JOBS });
    const { code, out } = await runLine(['query', '-', '--url', url], { input: '{ x }' });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'name              status     source.key  lastRun.status  conditions',
      'Mail              SUCCEEDED  m365        SUCCEEDED       -',
      'Files [31m of HQ  FAILED     vc          -               MISSED/ERROR, OTHER/-',
      '',
      '7 in all',
      '',
      'sources:',
      '  source.key  outcome  count  error.kind  error.message',
      '  m365        OK       1      -           -',
      '  vc-branch   FAILED   0      NETWORK     refused',
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ['edges', { jobs: { edges: [{ cursor: 'x', node: { name: 'a' } }] } }, ['name', 'a']],
    [
      'a list further down, with the sources above it',
      { report: { complete: false, entries: { nodes: [{ status: 'FAILED' }] }, sources: [{ outcome: 'OK' }] } },
      ['status', 'FAILED', '', 'sources:', '  outcome', '  OK'],
    ],
    [
      'a plain list',
      { sources: [{ key: 'a', labels: [{ name: 'site', value: 'hq' }] }] },
      ['key  labels', 'a    site/hq'],
    ],
    ['one object', { source: { key: 'a', name: 'A' } }, ['key  name', 'a    A']],
    ['an empty list', { jobs: { nodes: [] } }, ['no rows']],
    ['nothing', null, ['no rows']],
  ])('finds the rows in %s', async (_name, data, lines) => {
    answers({ data });
    expect((await runLine(['query', '-', '--url', url], { input: '{ x }' })).out.split('\n')).toEqual(lines);
  });

  it('prints the whole answer as JSON', async () => {
    answers({ data: JOBS, extensions: { a: 1 } });
    const { out } = await runLine(['query', '-', '--url', url, '--format', 'json'], { input: '{ x }' });
    expect(JSON.parse(out)).toEqual({ data: JOBS, extensions: { a: 1 } });
  });

  it('ends with 1 when there are errors, and still shows the rows', async () => {
    answers({
      data: { job: null, jobs: { nodes: [{ name: 'a' }] } },
      errors: [{ message: 'No such\u0007 job.', path: ['job', 0], extensions: { code: 'NOT_FOUND' } }],
    });
    expect(await runLine(['query', '-', '--url', url], { input: '{ x }' })).toEqual({
      code: 1,
      out: 'name\na',
      err: 'NOT_FOUND: No such  job. (at job.0)',
    });
  });

  it('shows the errors of an operation that was refused, and does not call that no rows', async () => {
    answers({ errors: [{ message: 'Syntax Error' }] }, 400);
    expect(await runLine(['query', '-', '--url', url], { input: '{' })).toEqual({
      code: 1,
      out: '',
      err: 'Syntax Error',
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '<html>', /does not answer in JSON/],
    ['something else', '{"status":"live"}', /does not answer like a GraphQL server/],
    ['a list', '[]', /does not answer like a GraphQL server/],
  ])('says so when the address answers %s', async (_name, body, message) => {
    answers(body);
    const { code, err } = await runLine(['query', '-', '--url', url], { input: '{ x }' });
    expect({ code, lines: err.split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(err).toMatch(message);
  });

  it('says so when nobody answers, or a file is not there or not JSON', async () => {
    expect(await runLine(['query', '-', '--url', 'http://127.0.0.1:9/graphql'])).toMatchObject({
      code: 1,
      err: 'backupgraph: http://127.0.0.1:9/graphql does not answer',
    });
    expect(await runLine(['query', join(folder, 'none')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no such file'),
    });
    writeFileSync(join(folder, 'bad.json'), 'hunter2');
    expect(await runLine(['query', '-', '--variables', join(folder, 'bad.json')])).toMatchObject({
      code: 1,
      err: `backupgraph: ${join(folder, 'bad.json')} is not JSON`,
    });
  });
});

describe('cli/query: variables and keys', () => {
  const KEY = 'key-hunter2-0123456789abcdef';

  it('takes the variables from the standard input', async () => {
    const file = join(folder, 'm.graphql');
    writeFileSync(file, 'mutation M($p: Secret) { x(p: $p) }');
    answers({ data: { x: 1 } });
    const ran = await runLine(['query', file, '--variables', '-', '--url', url], { input: '{"p": "hunter2"}' });
    expect(asked).toEqual({ query: 'mutation M($p: Secret) { x(p: $p) }', variables: { p: 'hunter2' } });
    expect(ran).toEqual({ code: 0, out: 'x\n1', err: '' });
    expect(await runLine(['query', file, '--variables', '-', '--url', url], { input: 'hunter2' })).toEqual({
      code: 1,
      out: '',
      err: 'backupgraph: the standard input is not JSON',
    });
  });

  it('refuses to take operation and variables from one standard input', async () => {
    expect(await runLine(['query', '-', '--variables', '-', '--url', url])).toMatchObject({
      code: 2,
      err: expect.stringContaining('FILE and --variables cannot both be -'),
    });
  });

  it('sends the key of the environment, and none when there is none', async () => {
    answers({ data: { x: 1 } });
    const environment = { BACKUPGRAPH_API_KEY: KEY };
    const ran = await runLine(['query', '-', '--url', url], { input: '{ x }', environment });
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(ran)).not.toContain('hunter2');
    await runLine(['query', '-', '--url', url], { input: '{ x }' });
    expect(headers.authorization).toBeUndefined();
  });

  it('follows nobody who sends it elsewhere', async () => {
    const environment = { BACKUPGRAPH_API_KEY: KEY };
    asked = undefined;
    const moved = url.replace('/graphql', '/moved');
    expect(await runLine(['query', '-', '--url', moved], { input: '{ x }', environment })).toMatchObject({
      code: 1,
      err: `backupgraph: ${moved} does not answer`,
    });
    expect(asked).toBeUndefined();
  });

  it('names the variable when the key cannot be sent, and not the key', async () => {
    const environment = { BACKUPGRAPH_API_KEY: 'hunter2\n' };
    const { code, err } = await runLine(['query', '-', '--url', url], { input: '{ x }', environment });
    expect(code).toBe(1);
    expect(err).toMatch(/^backupgraph: BACKUPGRAPH_API_KEY is not a key/);
    expect(err).not.toContain('hunter2');
  });

  it('says which key is missing when the gateway wants one', async () => {
    answers({ errors: [{ message: 'A known API key is needed.', extensions: { code: 'UNAUTHENTICATED' } }] }, 401);
    expect(await runLine(['query', '-', '--url', url], { input: '{ x }' })).toEqual({
      code: 1,
      out: '',
      err: 'UNAUTHENTICATED: A known API key is needed.',
    });
  });
});

describe('cli/query: writes', () => {
  const done = {
    startBackup: { operation: { id: 'b3A', state: 'CONFIRMED' }, run: { status: 'RUNNING' }, userErrors: [] },
  };

  it('shows what a write answered as one row, and ends with 0', async () => {
    answers({ data: done });
    expect(await runLine(['query', '-', '--url', url], { input: 'mutation { x }' })).toEqual({
      code: 0,
      out: 'operation.id  operation.state  run.status\nb3A           CONFIRMED        RUNNING',
      err: '',
    });
  });

  it('ends with 1 for each refusal, says where it lies, and still shows the operation', async () => {
    const userErrors = [
      { code: 'INVALID_INPUT', message: 'The name is\u001b too long.', field: ['target', 'sailpoint', 'name'] },
      { code: 'WRONG_STATE', message: 'It does not run.', field: null },
    ];
    answers({ data: { createBackup: { operation: { id: 'b3A', state: 'REJECTED' }, run: null, userErrors } } });
    expect(await runLine(['query', '-', '--url', url], { input: 'mutation { x }' })).toEqual({
      code: 1,
      out: 'operation.id  operation.state  run\nb3A           REJECTED         -',
      err: 'INVALID_INPUT: The name is  too long. (at input.target.sailpoint.name)\nWRONG_STATE: It does not run.',
    });
  });

  it('has no table where only errors were asked for', async () => {
    answers({ data: { a: { userErrors: [{ __typename: 'InputUserError' }] }, b: { userErrors: [] } } });
    expect(await runLine(['query', '-', '--url', url], { input: 'mutation { x }' })).toEqual({
      code: 1,
      out: '',
      err: 'refused',
    });
  });

  it('prints the whole answer as JSON with the same exit code', async () => {
    const data = { a: { userErrors: [{ code: 'WRONG_STATE' }] } };
    answers({ data });
    const { code, out } = await runLine(['query', '-', '--url', url, '--format', 'json'], { input: 'mutation { x }' });
    expect({ code, out: JSON.parse(out) }).toEqual({ code: 1, out: { data } });
  });
});

describe('cli/healthcheck', () => {
  it('ends with 0 when the gateway is ready, with 1 when it is not or is not there', async () => {
    answers('{}', 200);
    expect(await runLine(['healthcheck', '--url', url])).toEqual({ code: 0, out: 'ready', err: '' });
    answers('{}', 503);
    expect(await runLine(['healthcheck', '--url', url])).toEqual({
      code: 1,
      out: '',
      err: `backupgraph: ${url} answers 503`,
    });
    expect(await runLine(['healthcheck', '--url', 'http://127.0.0.1:9/readyz'])).toMatchObject({ code: 1 });
  });

  it('asks the management port of the environment', async () => {
    answers('{}', 200);
    const environment = { BACKUPGRAPH_MANAGEMENT_PORT: String((server.address() as AddressInfo).port) };
    expect((await runLine(['healthcheck'], { environment })).code).toBe(0);
    expect(asked).toBe('/readyz');
  });

  it.each([
    ['BACKUPGRAPH_MANAGEMENT_PORT', 'abc'],
    ['BACKUPGRAPH_MANAGEMENT_PORT', '1/x'],
    ['BACKUPGRAPH_MANAGEMENT_HOST', 'a b'],
    ['BACKUPGRAPH_MANAGEMENT_HOST', '1:2'],
  ])('names %s when it is %s', async (name, value) => {
    const { code, err } = await runLine(['healthcheck'], { environment: { [name]: value } });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`backupgraph: ${name} must be `) });
  });
});
