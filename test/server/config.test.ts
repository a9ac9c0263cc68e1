import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConfigError,
  configJsonSchema,
  parseConfig,
  printConfigJsonSchema,
  type ConfigContext,
  type GatewayConfig,
} from '../../src/server/config.ts';
import { Secret } from '../../src/domain/secret.ts';
import { VENDORS } from '../../src/vendors/registry.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const FULL = `
version: 1
server: { host: 127.0.0.2, port: 4100, path: /api/graphql }
management: { port: 4101 }
store: { url: "sqlite::memory:" }
sources:
  - key: vc-hq
    vendor: vcenter
    name: vCenter headquarters
    baseUrl: https://vcenter.example.com/
    username: svc-backup@vsphere.local
    password: { env: VC_PASSWORD }
    timeZone: Europe/Berlin
    labels: { site: hq, storage: nas-1 }
    tls: { caFile: ./vc-ca.pem }
    limits: { concurrency: 2, timeout: 1500ms, requestsPerSecond: 0.5 }
    cache: { maxAge: 15s, staleIfError: 24h }
    rpo: 7d
    destinations:
      - { name: nas, type: SFTP, location: "sftp://nas.example.com/vc", user: bkp, password: { env: NAS_PASSWORD } }
  - key: m365
    vendor: veeam-m365
    baseUrl: https://veeam.example.com:4443
    username: "LAB\\\\svc"
    password: { file: /run/secrets/veeam }
  - key: isc
    vendor: sailpoint
    baseUrl: https://acme.api.identitynow.com
    clientId: { env: SP_ID }
    clientSecret: { env: SP_SECRET }
  - key: msp
    vendor: barracuda-intronis
    baseUrl: https://api.intronis.com
    tokenUrl: https://auth.intronis.com/oauth2/token
    clientId: { env: SP_ID }
    clientSecret: { env: SP_SECRET }
    accounts: [ { username: oak_clinic, computers: ["0107"] }, { username: elm_school } ]
`;

/** A file with one source, to which lines are added. */
function oneSource(...lines: string[]): string {
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

const FILES: Readonly<Record<string, string>> = {
  '/etc/bg/vc-ca.pem': CERTIFICATE,
  '/etc/bg/not-a-certificate.pem': 'hello',
  '/run/secrets/veeam': 'veeam-hunter2\r\n',
  '/run/secrets/empty': '\n',
};

function context(changes: Partial<ConfigContext> = {}): ConfigContext {
  return {
    file: '/etc/bg/backupgraph.yaml',
    environment: {
      VC_PASSWORD: 'vc-hunter2',
      NAS_PASSWORD: 'nas-hunter2',
      SP_ID: 'id-hunter2',
      SP_SECRET: 'sp-hunter2',
      EMPTY: '',
    },
    readFile: (path) => {
      const text = FILES[path];
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return text;
    },
    ...changes,
  };
}

function parse(text: string, changes: Partial<ConfigContext> = {}): GatewayConfig {
  return parseConfig(text, context(changes)).config;
}

/** Each problem as `line:column path: message`. */
function problems(text: string, changes: Partial<ConfigContext> = {}): string[] {
  try {
    parseConfig(text, context(changes));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, line, column, message }) => `${line}:${column} ${path}: ${message}`);
  }
}

describe('server/config', () => {
  it('reads every section and every vendor', () => {
    const { config, warnings } = parseConfig(FULL, context());
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      server: { host: '127.0.0.2', port: 4100, path: '/api/graphql' },
      management: { host: '127.0.0.1', port: 4101 },
      store: { url: 'sqlite::memory:' },
    });
    expect(config.sources.map(({ key, name, vendor }) => [key, name, vendor.id])).toEqual([
      ['vc-hq', 'vCenter headquarters', 'VCENTER'],
      ['m365', 'm365', 'VEEAM_M365'],
      ['isc', 'isc', 'SAILPOINT'],
      ['msp', 'msp', 'BARRACUDA_INTRONIS'],
    ]);
    const { vendor: _, settings, ...vcenter } = config.sources[0] ?? expect.fail('no source');
    expect(vcenter).toEqual({
      key: 'vc-hq',
      name: 'vCenter headquarters',
      labels: [
        { name: 'site', value: 'hq' },
        { name: 'storage', value: 'nas-1' },
      ],
      timeZone: 'Europe/Berlin',
      tls: { ca: CERTIFICATE, rejectUnauthorized: true },
      limits: { concurrency: 2, timeoutMs: 1_500, requestsPerSecond: 0.5, maxBodyBytes: 32 * 1024 * 1024 },
      cache: { maxAgeMs: 15_000, staleIfErrorMs: 24 * 3_600_000 },
      rpoMs: 7 * 24 * 3_600_000,
    });
    expect(settings).toMatchObject({
      key: 'vc-hq',
      name: 'vCenter headquarters',
      timeZone: 'Europe/Berlin',
      baseUrl: 'https://vcenter.example.com',
      style: 'auto',
    });
    expect(Object.keys(settings)).not.toContain('limits');
  });

  it('gives every source its limits: what the file says, the vendor, then ten seconds and five', () => {
    const [, m365, isc] = parse(FULL).sources;
    expect(m365).toMatchObject({
      labels: [],
      timeZone: undefined,
      tls: { ca: undefined, rejectUnauthorized: true },
      limits: { concurrency: 4, timeoutMs: 10_000, requestsPerSecond: undefined },
      cache: { maxAgeMs: 5_000, staleIfErrorMs: undefined },
      rpoMs: undefined,
    });
    expect(isc?.limits.requestsPerSecond).toBe(10);
  });

  it('reads the manifest of trusted documents, and says what is wrong with it', () => {
    const server = (manifest: string): string =>
      `${oneSource()}\nserver: { trustedDocuments: { manifest: ${manifest}, only: true } }`;
    const text = '{ __typename }';
    const id = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const readFile = (path: string): string =>
      path === '/etc/bg/good.json' ? JSON.stringify({ [id]: text }) : JSON.stringify({ 'sha256:0': text });
    const { config } = parseConfig(server('./good.json'), context({ readFile }));
    expect(config.trustedDocuments).toEqual({ manifest: new Map([[id, text]]), only: true });
    expect(problems(server('./bad.json'), { readFile })).toEqual([
      '8:41 server.trustedDocuments.manifest: the file ./bad.json holds an entry whose id is not the SHA-256 hash of its text: sha256:0',
    ]);
    expect(problems(server('./none.json'))).toEqual([
      '8:41 server.trustedDocuments.manifest: the file ./none.json cannot be read: it does not exist',
    ]);
  });

  it("takes a source's own objective, else the shortest of those whose labels it carries", () => {
    const objectives = (...lines: readonly string[]): string =>
      `objectives:\n${lines.map((line) => `  - ${line}`).join('\n')}\n`;
    const text = `${oneSource('    labels: { tier: gold, site: hq }')}\n${objectives(
      '{ labels: { site: hq }, rpo: 26h }',
      '{ labels: { tier: gold, site: hq }, rpo: 4h }',
      '{ labels: { tier: silver }, rpo: 1h }',
    )}`;
    const { config, warnings } = parseConfig(text, context());
    expect(config.sources[0]?.rpoMs).toBe(4 * 3_600_000);
    expect(warnings).toEqual(['/etc/bg/backupgraph.yaml:12:15 objectives[2].labels: fit no source']);
    expect(parse(text.replace('    labels:', '    rpo: 2d\n    labels:')).sources[0]?.rpoMs).toBe(48 * 3_600_000);
    expect(problems(`${oneSource()}\n${objectives('{ labels: {}, rpo: 4h }', '{ labels: { a: b } }')}`)).toEqual([
      '9:15 objectives[0].labels: must name at least one label',
      '10:5 objectives[1].rpo: is missing',
    ]);
  });

  it('uses the addresses of the documentation when the file gives none', () => {
    expect(parse(oneSource())).toMatchObject({
      server: { host: '127.0.0.1', port: 4000, path: '/graphql' },
      management: { host: '127.0.0.1', port: 4001 },
      store: { url: 'sqlite:./backupgraph.db' },
    });
  });

  it('reads secrets from the environment, from files and from the text, nested ones too', () => {
    const { config, warnings } = parseConfig(
      FULL.replace('{ file: /run/secrets/veeam }', '"text-hunter2"').replace(
        '{ env: SP_ID }',
        '{ file: /run/secrets/veeam }',
      ),
      context(),
    );
    const [vcenter, veeam, sailpoint] = config.sources.map(({ settings }) => settings);
    const revealed = [
      vcenter?.['password'],
      (vcenter?.['destinations'] as { password: unknown }[] | undefined)?.[0]?.password,
      veeam?.['password'],
      sailpoint?.['clientId'],
    ];
    expect(revealed.map((secret) => secret instanceof Secret && secret.reveal())).toEqual([
      'vc-hunter2',
      'nas-hunter2',
      'text-hunter2',
      'veeam-hunter2',
    ]);
    expect(warnings).toEqual([
      '/etc/bg/backupgraph.yaml:25:15 sources[1].password: is written out in the file; use { env: NAME } or { file: PATH }',
    ]);
  });

  it('shows no secret when a configuration is printed', () => {
    const { config } = parseConfig(FULL, context());
    expect(JSON.stringify(config)).not.toContain('hunter2');
    const settings = config.sources.map((source) => source.settings);
    expect(inspect(settings, { depth: 20, showHidden: true })).not.toContain('hunter2');
  });

  it('warns of a source whose certificate is not checked', () => {
    const { warnings } = parseConfig(oneSource('    tls: { rejectUnauthorized: false }'), context());
    expect(warnings).toEqual([
      '/etc/bg/backupgraph.yaml:8:32 sources[0].tls.rejectUnauthorized: any certificate is trusted: the source may be an impostor',
    ]);
  });

  it('warns of a password in the address of the store, without showing it', () => {
    const { warnings } = parseConfig(`${oneSource()}\nstore: { url: "postgres://bg:hunter2@db/bg" }`, context());
    expect(warnings).toEqual([
      '/etc/bg/backupgraph.yaml:8:15 store.url: holds a password; set BACKUPGRAPH_STORE_URL instead',
    ]);
  });

  it.each<[string, string, string[]]>([
    ['no source', 'version: 1\nsources: []', ['2:10 sources: must name at least one source']],
    ['another version', oneSource().replace('version: 1', 'version: 2'), ['1:10 version: must be 1']],
    ['a missing version', oneSource().replace('version: 1', ''), ['2:1 version: is missing']],
    [
      'a key that is nearly known',
      `${oneSource()}\nserver: { prot: 1 }`,
      ['8:11 server.prot: is not a known key; did you mean "port"?'],
    ],
    [
      'a key of a source that is nearly known',
      oneSource('    lables: { a: b }'),
      ['8:5 sources[0].lables: is not a known key; did you mean "labels"?'],
    ],
    ['a key that is like none', oneSource('    colour: red'), ['8:5 sources[0].colour: is not a known key']],
    ['a key of another vendor', oneSource('    username: me'), ['8:5 sources[0].username: is not a known key']],
    [
      'a source without its vendor',
      oneSource().replace('    vendor: sailpoint\n', ''),
      ['3:5 sources[0].vendor: is missing; it must be one of sailpoint, vcenter, veeam-m365, barracuda-intronis'],
    ],
    [
      'an unknown vendor, and what can be checked without',
      oneSource('    timeZone: Mars/Base').replace('sailpoint', 'commvault'),
      [
        '4:13 sources[0].vendor: must be one of sailpoint, vcenter, veeam-m365, barracuda-intronis',
        '8:15 sources[0].timeZone: must be an IANA time zone, such as Europe/Berlin',
      ],
    ],
    [
      'a malformed key',
      oneSource().replace('key: isc', 'key: ISC_1'),
      ['3:10 sources[0].key: must be 1 to 63 lower-case letters, digits and hyphens, and not begin with a hyphen'],
    ],
    [
      'a key that is used twice',
      `${oneSource()}\n${oneSource().split('\n').slice(2).join('\n')}`,
      ['8:10 sources[1].key: is the key of sources[0] too'],
    ],
    [
      'a missing key of the vendor',
      oneSource().replace(/.*clientSecret.*/, ''),
      ['3:5 sources[0].clientSecret: is missing'],
    ],
    ['an empty value', oneSource('    name:'), ['8:10 sources[0].name: is empty']],
    [
      'a word that is not in the list',
      oneSource('    apiPrefix: v3'),
      ['8:16 sources[0].apiPrefix: must be v1, v2024, v2025 or v2026'],
    ],
    [
      'an address that is none',
      oneSource().replace('https://acme', 'ftp://acme'),
      ['5:14 sources[0].baseUrl: must be an http or https URL without user, password, query or fragment'],
    ],
    [
      'a number for a text',
      oneSource('    labels: { customer: 42 }'),
      ['8:25 sources[0].labels.customer: must be text: put it into quotes'],
    ],
    [
      'a number for a secret',
      oneSource().replace('{ env: SP_SECRET }', '12345'),
      ['7:19 sources[0].clientSecret: must be text: put it into quotes'],
    ],
    [
      'a duration without unit',
      oneSource('    limits: { timeout: 15 }'),
      ['8:24 sources[0].limits.timeout: must be a duration such as 250ms, 15s, 5m, 24h or 7d'],
    ],
    [
      'a duration with an unknown unit',
      oneSource('    rpo: 2w'),
      ['8:10 sources[0].rpo: must be a duration such as 250ms, 15s, 5m, 24h or 7d'],
    ],
    [
      'a duration out of bounds',
      oneSource('    limits: { timeout: 11m }'),
      ['8:24 sources[0].limits.timeout: must be 1ms to 10m'],
    ],
    [
      'a time limit of nothing',
      oneSource('    limits: { timeout: 0s }'),
      ['8:24 sources[0].limits.timeout: must be 1ms to 10m'],
    ],
    [
      'too little concurrency',
      oneSource('    limits: { concurrency: 0 }'),
      ['8:28 sources[0].limits.concurrency: must be 1 to 100'],
    ],
    [
      'a zone that is an offset',
      oneSource('    timeZone: "+01:00"'),
      ['8:15 sources[0].timeZone: must be an IANA time zone, such as Europe/Berlin'],
    ],
    [
      'a text for a boolean',
      oneSource('    tls: { rejectUnauthorized: "no" }'),
      ['8:32 sources[0].tls.rejectUnauthorized: must be true or false'],
    ],
    [
      'a variable that is not set',
      oneSource().replace('SP_SECRET', 'SP_SECRT'),
      ['7:26 sources[0].clientSecret.env: the environment variable SP_SECRT is not set'],
    ],
    [
      'a variable that is empty',
      oneSource().replace('SP_SECRET', 'EMPTY'),
      ['7:26 sources[0].clientSecret.env: the environment variable EMPTY is empty'],
    ],
    [
      'a secret file that is not there',
      oneSource().replace('env: SP_SECRET', 'file: none'),
      ['7:27 sources[0].clientSecret.file: the file none cannot be read: it does not exist'],
    ],
    [
      'a secret file that is empty',
      oneSource().replace('env: SP_SECRET', 'file: /run/secrets/empty'),
      ['7:27 sources[0].clientSecret.file: the file /run/secrets/empty is empty'],
    ],
    [
      'a certificate file that is not there',
      oneSource('    tls: { caFile: ./none.pem }'),
      ['8:20 sources[0].tls.caFile: the file ./none.pem cannot be read: it does not exist'],
    ],
    [
      'a certificate file without a certificate',
      oneSource('    tls: { caFile: not-a-certificate.pem }'),
      ['8:20 sources[0].tls.caFile: the file not-a-certificate.pem holds no certificate in PEM form'],
    ],
    ['a port that is none', `${oneSource()}\nserver: { port: 65536 }`, ['8:17 server.port: must be 0 to 65535']],
    [
      'one port for two',
      `${oneSource()}\nmanagement: { port: 4000 }`,
      ['8:21 management.port: is the port of the server too'],
    ],
    [
      'a path without a slash',
      `${oneSource()}\nserver: { path: graphql }`,
      ['8:17 server.path: must begin with "/" and hold plain path segments, such as /graphql'],
    ],
    [
      'a store of another kind',
      `${oneSource()}\nstore: { url: "mysql://u:hunter2@db/x" }`,
      ['8:15 store.url: must be sqlite:<file>, sqlite::memory: or postgres://…'],
    ],
    ['a list for a group', `${oneSource()}\nserver: [1]`, ['8:9 server: must be a group of keys']],
    ['a text for the list of sources', 'version: 1\nsources: none', ['2:10 sources: must be a list']],
    [
      'a group of a vendor that contradicts itself',
      FULL.replace('type: SFTP', 'type: NFS'),
      ['20:43 sources[0].destinations[0].location: has a scheme that is not the one of its type'],
    ],
    [
      'a callback address with a user',
      `${oneSource()}\nserver: { subscriptionCallbacks: ['http://router:4000', 'http://me@router'] }`,
      ['8:57 server.subscriptionCallbacks[1]: must be an http or https URL without user, password, query or fragment'],
    ],
    ['an empty file', '', ['1:1 : is empty']],
    ['a file that is a list', '- a\n- b', ['1:1 : must be a group of keys']],
  ])('refuses %s, and says where', (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['a key that stands twice', 'version: 1\nversion: 1', ['2:1 : the key stands here twice']],
    ['tabs', 'version: 1\nserver:\n\tport: 1', ['3:1 : is indented with tabs; YAML wants spaces']],
    [
      'a text with a colon',
      'version: 1\nstore: { url: "x" }\nname: a: b',
      ['3:7 : holds a second ": " on one line: put the text into quotes'],
    ],
    ['two documents', 'version: 1\n---\nversion: 1', ['2:1 : a second document begins; the file must hold one']],
    [
      'an open bracket',
      'version: 1\nsources: [',
      ['2:11 : is not indented like its neighbours, or lacks its closing bracket'],
    ],
  ])('tells line and column of YAML that is none: %s', (_name, text, expected) => {
    expect(problems(text)).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    '*hunter2',
    '!hunter2',
    '&hunter2',
    '@hunter2',
    '`hunter2',
    '%hunter2',
    '"hunter2\\q"',
    "'hunter2",
    '{hunter2}',
    '[hunter2]',
    '{ env: hunter2, hunter2: 1 }',
    '|hunter2',
    '17: hunter2',
    '{ file: { hunter2: 1 } }',
    '- hunter2',
  ])('does not show a secret that is not written as YAML wants it: %s', (written) => {
    const found = problems(oneSource().replace('{ env: SP_SECRET }', written), {
      environment: { SP_ID: 'x', hunter2: 'x' },
    });
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).not.toContain('hunter2');
    expect(found.join('\n')).toMatch(/^7:\d+ /m);
  });

  it('reports all problems at once, in the order of the file, secrets of a wrong entry included', () => {
    const text = FULL.replace('port: 4100', 'port: many')
      .replace('VC_PASSWORD', 'VC_PASWORD')
      .replace('NAS_PASSWORD', 'NAS_PASWORD')
      .replace('vc-ca.pem', 'none.pem')
      .replace('style: auto', 'style: soap')
      .replace('requestsPerSecond: 0.5', 'requestsPerSecond: -1')
      .replace('key: m365', 'key: vc-hq')
      .replace('/run/secrets/veeam', '/run/secrets/none')
      .replace('computers: ["0107"]', 'computers: [107]')
      .replace('elm_school', 'oak_clinic');
    expect(problems(text).map((line) => line.split(' ')[1])).toEqual([
      'server.port:',
      'sources[0].password.env:',
      'sources[0].tls.caFile:',
      'sources[0].limits.requestsPerSecond:',
      'sources[0].destinations[0].password.env:',
      'sources[1].key:',
      'sources[1].password.file:',
      'sources[3].accounts[0].computers[0]:',
    ]);
  });

  it('has a message of one line for each problem, with the file', () => {
    expect(() => parse(oneSource('    colour: red', '    size: 1'))).toThrow(
      '/etc/bg/backupgraph.yaml:8:5 sources[0].colour: is not a known key\n/etc/bg/backupgraph.yaml:9:5 sources[0].size: is not a known key',
    );
  });

  it('follows anchors and aliases, and places problems where they are written', () => {
    expect(problems(`${oneSource('    timeZone: &zone Europe/Berlin', '    name: *zone')}`)).toEqual([]);
    expect(
      problems(
        `${oneSource('    limits: &l { timeout: 1x }', '    name: x')}\n${oneSource('    limits: *l').split('\n').slice(2).join('\n').replace('key: isc', 'key: other')}`,
      ),
    ).toEqual([
      '8:27 sources[0].limits.timeout: must be a duration such as 250ms, 15s, 5m, 24h or 7d',
      '8:27 sources[1].limits.timeout: must be a duration such as 250ms, 15s, 5m, 24h or 7d',
    ]);
  });

  it('refuses a file that multiplies itself', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(10).fill(`*l${index}`).join(', ')}]`,
    );
    expect(problems(['version: 1', 'l0: &l0 x', ...levels].join('\n'))).toEqual(['1:1 : repeats too much by aliases']);
  });
});

describe('server/config: hosts', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('serves on %s', (host) => {
    expect(parse(`${oneSource()}\nserver: { host: "${host}" }\nmanagement: { host: "${host}" }`)).toMatchObject({
      server: { host },
      management: { host },
    });
  });

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.5',
    'gateway.example.com',
    '127.0.0.1.example.com',
    '127.1',
    '::ffff:127.0.0.1',
  ])('refuses "%s" and says why', (host) => {
    const found = problems(`${oneSource()}\nserver: { host: "${host}" }\nmanagement: { host: "${host}" }`);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^8:17 server\.host: .*as long as no callers are configured/);
    expect(found[1]).toMatch(/^9:21 management\.host: .*as long as no callers are configured/);
  });

  it.each([
    [{ overrides: { host: '0.0.0.0' } }, '--host'],
    [{ environment: { SP_ID: 'a', SP_SECRET: 'b', BACKUPGRAPH_HOST: '0.0.0.0' } }, 'BACKUPGRAPH_HOST'],
    [
      { environment: { SP_ID: 'a', SP_SECRET: 'b', BACKUPGRAPH_MANAGEMENT_HOST: '0.0.0.0' } },
      'BACKUPGRAPH_MANAGEMENT_HOST',
    ],
  ])('refuses one from outside the file too: %o', (changes, path) => {
    expect(problems(oneSource(), changes)).toEqual([expect.stringContaining(`${path}: must be a loopback address`)]);
  });
});

describe('server/config: precedence', () => {
  const secrets = { SP_ID: 'a', SP_SECRET: 'b' };
  const file = `${oneSource()}\nserver: { port: 1 }\nmanagement: { port: 2 }\nstore: { url: "sqlite:file.db" }`;

  it('lets the environment lead over the file', () => {
    const environment = {
      ...secrets,
      BACKUPGRAPH_HOST: 'localhost',
      BACKUPGRAPH_PORT: '11',
      BACKUPGRAPH_PATH: '/g',
      BACKUPGRAPH_MANAGEMENT_HOST: '::1',
      BACKUPGRAPH_MANAGEMENT_PORT: '12',
      BACKUPGRAPH_STORE_URL: 'postgres://bg:hunter2@db/bg',
    };
    expect(parse(file, { environment })).toMatchObject({
      server: { host: 'localhost', port: 11, path: '/g' },
      management: { host: '::1', port: 12 },
      store: { url: 'postgres://bg:hunter2@db/bg' },
    });
  });

  it('lets flags lead over the environment', () => {
    const environment = {
      ...secrets,
      BACKUPGRAPH_PORT: '11',
      BACKUPGRAPH_MANAGEMENT_PORT: '12',
      BACKUPGRAPH_HOST: 'nowhere',
    };
    const overrides = { host: '127.0.0.3', port: '0', managementPort: '0' };
    expect(parse(file, { environment, overrides })).toMatchObject({
      server: { host: '127.0.0.3', port: 0 },
      management: { port: 0 },
    });
  });

  it('takes an empty variable for none', () => {
    expect(parse(file, { environment: { ...secrets, BACKUPGRAPH_PORT: '' } }).server.port).toBe(1);
  });

  it.each(['many', '-1', '1.5', '65536', '0x10', ' 1'])('refuses the port "%s"', (port) => {
    const expected = expect.stringMatching(/must be (a whole number, )?0 to 65535/);
    expect(problems(file, { overrides: { port } })).toEqual([expected]);
    expect(problems(file, { environment: { ...secrets, BACKUPGRAPH_MANAGEMENT_PORT: port } })).toEqual([expected]);
  });

  it('refuses a store from the environment without showing it', () => {
    const found = problems(file, { environment: { ...secrets, BACKUPGRAPH_STORE_URL: 'mysql://u:hunter2@db' } });
    expect(found).toEqual([
      'undefined:undefined BACKUPGRAPH_STORE_URL: must be sqlite:<file>, sqlite::memory: or postgres://…',
    ]);
  });

  it('sees that two settings from different places are one port', () => {
    expect(problems(file, { overrides: { port: '2' } })).toEqual([
      '9:21 management.port: is the port of the server too',
    ]);
  });
});

describe('server/config: schema for editors', () => {
  interface Described {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Described>>;
    readonly additionalProperties?: unknown;
    readonly items?: Described;
    readonly oneOf?: readonly Described[];
    readonly anyOf?: readonly Described[];
    readonly type?: string;
  }

  function walk(part: Described, path: string, visit: (part: Described, path: string) => void): void {
    visit(part, path);
    for (const [name, member] of Object.entries(part.properties ?? {})) walk(member, `${path}.${name}`, visit);
    if (part.items !== undefined) walk(part.items, `${path}[]`, visit);
    for (const option of part.oneOf ?? []) walk(option, `${path}|`, visit);
  }

  it('is what schema/config.schema.json holds', () => {
    const written = readFileSync(join(import.meta.dirname, '..', '..', 'schema', 'config.schema.json'), 'utf8');
    expect(JSON.parse(printConfigJsonSchema())).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
    expect(written, 'run npm run schema').toBe(printConfigJsonSchema());
  });

  it('describes every key, refuses unknown ones, and knows every vendor', () => {
    const undescribed: string[] = [];
    const open: string[] = [];
    walk(configJsonSchema() as Described, '', (part, path) => {
      for (const [name, member] of Object.entries(part.properties ?? {})) {
        if (member.description === undefined) undescribed.push(`${path}.${name}`);
      }
      if (part.properties !== undefined && part.additionalProperties !== false) open.push(path);
    });
    expect(undescribed).toEqual([]);
    expect(open).toEqual([]);
    expect(JSON.stringify(configJsonSchema()).match(/"const":"[a-z]+(-\w+)?"/g)).toHaveLength(VENDORS.length);
  });
});
