import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, type ConfigContext, type GatewayConfig } from '../../src/server/config.ts';

const DAY_MS = 24 * 3_600_000;

const KEYS = {
  OPS_KEY: 'ops-hunter2-0123456789abcdef',
  SAME_KEY: 'ops-hunter2-0123456789abcdef',
  SHORT_KEY: 'hunter2',
  ODD_KEY: 'hunter2 hunter2 hunter2 hunter2',
};

function context(changes: Partial<ConfigContext> = {}): ConfigContext {
  return {
    file: '/etc/bg/backupgraph.yaml',
    environment: { SP_ID: 'a', SP_SECRET: 'b', ...KEYS },
    readFile: (path) => {
      if (path === '/run/secrets/dashboard') return 'dashboard-hunter2-0123456789\n';
      throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    },
    ...changes,
  };
}

/** A file with one source; the lines that are added begin at line 8. */
function file(...lines: string[]): string {
  return [
    'version: 1',
    'sources:',
    '  - key: isc',
    '    vendor: sailpoint',
    '    baseUrl: https://acme.api.identitynow.com',
    '    clientId: { env: SP_ID }',
    '    clientSecret: { env: SP_SECRET }',
    ...lines,
  ].join('\n');
}

function parse(
  text: string,
  changes: Partial<ConfigContext> = {},
): { config: GatewayConfig; warnings: readonly string[] } {
  return parseConfig(text, context(changes));
}

/** Each problem as `line:column path: message`; none of them may hold a key. */
function problems(text: string, changes: Partial<ConfigContext> = {}): string[] {
  try {
    parse(text, changes);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain('hunter2');
    return error.problems.map(({ path, line, column, message }) => `${line}:${column} ${path}: ${message}`);
  }
}

const OPS = '  - { name: ops, key: { env: OPS_KEY }, role: admin }';

describe('server/config: callers', () => {
  it('reads names, roles and keys from the environment and from files, and shows no key', () => {
    const { config, warnings } = parse(
      file('callers:', OPS, '  - { name: dashboard.1, key: { file: /run/secrets/dashboard }, role: read }'),
    );
    expect(warnings).toEqual([]);
    expect(config.callers.map(({ name, role, key }) => [name, role, key.reveal()])).toEqual([
      ['ops', 'ADMIN', KEYS.OPS_KEY],
      ['dashboard.1', 'READ', 'dashboard-hunter2-0123456789'],
    ]);
    expect(`${inspect(config, { depth: 10 })}${JSON.stringify(config.callers)}`).not.toContain('hunter2');
  });

  it('has none when the file names none', () => {
    expect(parse(file()).config.callers).toEqual([]);
  });

  it('refuses a key that is written out, whatever it looks like', () => {
    const text = file('callers:', '  - { name: ops, key: hunter2-hunter2-hunter2-hunter2, role: admin }');
    expect(problems(text)).toEqual([
      '9:23 callers[0].key: must be { env: NAME } or { file: PATH }: a key is never written out here',
    ]);
    expect(problems(file('callers:', '  - { name: ops, key: 123456789012345678901234, role: admin }'))).toEqual([
      expect.stringContaining('9:23 callers[0].key: must be { env: NAME }'),
    ]);
  });

  it.each([
    [
      'a name with a space',
      '  - { name: a b, key: { env: OPS_KEY }, role: admin }',
      '9:13 callers[0].name: must be 1 to 63',
    ],
    [
      'a role that there is not',
      '  - { name: a, key: { env: OPS_KEY }, role: root }',
      '9:45 callers[0].role: must be read, operate or admin',
    ],
    ['no key', '  - { name: a, role: admin }', '9:5 callers[0].key: is missing'],
    [
      'a variable that is not set',
      '  - { name: a, key: { env: NONE }, role: read }',
      '9:28 callers[0].key.env: the environment variable NONE is not set',
    ],
    [
      'a file that is not there',
      '  - { name: a, key: { file: no }, role: read }',
      '9:29 callers[0].key.file: the file no cannot be read',
    ],
    [
      'a key that is too short',
      '  - { name: a, key: { env: SHORT_KEY }, role: read }',
      '9:21 callers[0].key: must be a key of 24 characters at least',
    ],
    [
      'a key that fits into no header',
      '  - { name: a, key: { env: ODD_KEY }, role: read }',
      '9:21 callers[0].key: must be a key of letters',
    ],
    [
      'an unknown member',
      '  - { name: a, key: { env: OPS_KEY }, role: read, roles: [] }',
      '9:51 callers[0].roles: is not a known key',
    ],
  ])('refuses %s', (_name, line, problem) => {
    expect(problems(file('callers:', line))).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses an empty list, which would open the gateway by accident', () => {
    expect(problems(file('callers: []'))).toEqual(['8:10 callers: is empty; leave it out to serve this machine only']);
  });

  it('refuses names and keys that stand twice, and says where, also beside other problems', () => {
    const again = '  - { name: ops, key: { env: SAME_KEY }, role: read }';
    const expected = [
      expect.stringContaining('10:13 callers[1].name: is the name of callers[0] too'),
      expect.stringContaining('10:23 callers[1].key: is the key of callers[0] too'),
    ];
    expect(problems(file('callers:', OPS, again))).toEqual(expected);
    expect(problems(file('callers:', OPS, again, 'server: { port: x }'))).toEqual([
      ...expected,
      expect.stringContaining('11:17 server.port:'),
    ]);
  });
});

describe('server/config: addresses with callers', () => {
  it('may be open to others, which is said to be plain text', () => {
    const { config, warnings } = parse(
      file('server: { host: 0.0.0.0 }', 'management: { host: 10.0.0.5 }', 'callers:', OPS),
    );
    expect([config.server.host, config.management.host]).toEqual(['0.0.0.0', '10.0.0.5']);
    expect(warnings).toEqual([expect.stringMatching(/:8:17 server\.host: .*plain text.*TLS/)]);
  });

  it('are refused by what is wrong with them, and not for want of callers, when the callers have problems', () => {
    const broken = '  - { name: ops, key: { env: NONE }, role: admin }';
    expect(problems(file('server: { host: 0.0.0.0 }', 'callers:', broken))).toEqual([
      expect.stringContaining('callers[0].key.env'),
    ]);
  });

  it('must be one at all', () => {
    expect(problems(file('server: { host: "" }', 'callers:', OPS))).toEqual([
      '8:17 server.host: must be an address or a host name, without a port',
    ]);
    expect(problems(file('callers:', OPS), { overrides: { host: '0.0.0.0:80 ' } })).toEqual([
      'undefined:undefined --host: must be an address or a host name, without a port',
    ]);
  });

  it('of the file do not count when a flag leads over them', () => {
    const text = file('server: { host: 0.0.0.0 }');
    expect(problems(text)).toEqual([expect.stringContaining('8:17 server.host: must be a loopback address')]);
    expect(parse(text, { overrides: { host: '127.0.0.1' } }).config.server.host).toBe('127.0.0.1');
  });
});

describe('server/config: store', () => {
  it.each([
    ['store: { keepOperations: 1h }', 3_600_000],
    ['store: { keepOperations: 3650d }', 3_650 * 24 * 3_600_000],
    ['', 30 * 24 * 3_600_000],
  ])('keeps operations as long as it is told: %s', (line, keepOperationsMs) => {
    expect(parse(file(line)).config.store).toEqual({
      url: 'sqlite:./backupgraph.db',
      keepOperationsMs,
      runHistoryMs: 90 * DAY_MS,
    });
  });

  it.each(['59m', '3651d', '30'])('refuses to keep operations for %s', (value) => {
    expect(problems(file(`store: { keepOperations: ${value} }`))).toEqual([
      expect.stringContaining('8:26 store.keepOperations: must be'),
    ]);
  });

  it('keeps its retention when the environment names another store', () => {
    const environment = { ...context().environment, BACKUPGRAPH_STORE_URL: 'sqlite::memory:' };
    const { config } = parse(file('store: { keepOperations: 2d }'), { environment });
    expect(config.store).toEqual({
      url: 'sqlite::memory:',
      keepOperationsMs: 2 * DAY_MS,
      runHistoryMs: 90 * DAY_MS,
    });
  });

  it.each([
    ['0s', 0],
    ['12h', DAY_MS / 2],
    ['3650d', 3_650 * DAY_MS],
  ])('keeps runs as long as it is told: %s', (text, runHistoryMs) => {
    expect(parse(file(`store: { runHistory: ${text} }`)).config.store).toMatchObject({ runHistoryMs });
  });

  it.each(['0', 'off', '3651d'])('refuses to keep runs for %s', (value) => {
    expect(problems(file(`store: { runHistory: ${value} }`))).toEqual([
      expect.stringContaining('8:22 store.runHistory: must be'),
    ]);
  });
});
