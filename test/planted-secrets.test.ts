import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type Gateway } from '../src/server/create-gateway.ts';
import { parseConfig } from '../src/server/config.ts';
import { createLogger } from '../src/server/log.ts';
import { FAULT_KINDS, type FaultKind } from '../src/simulation/faults.ts';
import type { RunningSimulator } from '../src/simulation/simulated-server.ts';
import { VENDORS } from '../src/vendors/registry.ts';
import { EXAMPLE_OPERATIONS } from './support/example-operations.ts';

/** Planted wherever a secret can be: none may ever be seen again. */
const PLANTED = {
  adminKey: 'planted-admin-key-5d1f09c2',
  readKey: 'planted-reader-key-77aa31e0',
  wrongKey: 'planted-wrong-key-0b9e6c44',
  nas: 'Planted-Nas-Word-81!',
  vault: 'Planted-Vault-9#',
  inline: 'Planted-Inline-3?',
  encryption: 'Planted-Enc-4$x',
  weak: 'planted weak password',
  literal: 'Planted-Literal-6%',
  refused: 'planted-client-secret-that-is-wrong',
};

const folder = mkdtempSync(join(tmpdir(), 'backupgraph-planted-'));
const lines: string[] = [];
const answers: string[] = [];
const simulators = new Map<string, RunningSimulator>();
let gateway: Gateway;

beforeAll(async () => {
  const sources = [];
  for (const vendor of VENDORS) {
    const simulator = await vendor.simulate({ jobs: 6, seed: 3 });
    simulators.set(vendor.slug, simulator);
    const extra =
      vendor.slug === 'vcenter'
        ? {
            destinations: [
              { name: 'nas', type: 'SFTP', location: 'sftp://nas.lab.test/vc', user: 'bkp', password: PLANTED.nas },
            ],
            inlineDestinations: { allowHosts: ['store.lab.test'] },
            secrets: { vault: PLANTED.vault },
          }
        : {};
    const limits = { timeout: '300ms', requestsPerSecond: 5_000 };
    sources.push({ key: vendor.slug, vendor: vendor.slug, limits, ...vendor.simulatorSettings(simulator), ...extra });
  }
  const isc = simulators.get('sailpoint');
  sources.push({
    key: 'refused',
    vendor: 'sailpoint',
    baseUrl: isc?.url,
    clientId: isc?.credentials['clientId'],
    clientSecret: PLANTED.refused,
  });
  const text = JSON.stringify({
    version: 1,
    server: { port: 0 },
    management: { port: 0 },
    store: { url: `sqlite:${join(folder, 'store.db')}` },
    callers: [
      { name: 'ops', role: 'admin', key: { env: 'ADMIN_KEY' } },
      { name: 'board', role: 'read', key: { env: 'READ_KEY' } },
    ],
    sources,
  });
  const { config, warnings } = parseConfig(text, {
    file: 'planted.yaml',
    environment: { ADMIN_KEY: PLANTED.adminKey, READ_KEY: PLANTED.readKey },
    readFile: (path) => expect.fail(`no file is named: ${path}`),
  });
  answers.push(...warnings);
  gateway = await startGateway({ config, log: createLogger({ write: (line) => void lines.push(line) }) });
}, 30_000);

afterAll(async () => {
  await Promise.all([...simulators.values()].map((simulator) => simulator.close()));
  rmSync(folder, { recursive: true });
});

async function ask(query: string, variables: object = {}, key = PLANTED.adminKey): Promise<unknown> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  answers.push(text, JSON.stringify([...response.headers]));
  return JSON.parse(text) as unknown;
}

const PAYLOAD = `{
  operation { id state vendorCall { method path body } error { message nativeCode } userErrors { code message } }
  dryRun { method path body }
  userErrors { code message field ... on InputUserError { rule } ... on VendorUserError { error { message } } }
}`;
const CREATE = `mutation ($input: CreateBackupInput!) { createBackup(input: $input) ${PAYLOAD} }`;
let number = 0;
const input = (vcenter: object, extra: object = {}): object => ({
  input: { source: 'vcenter', idempotencyKey: `planted-${(number += 1)}`, target: { vcenter }, ...extra },
});
const inline = (password: unknown): object => ({
  inline: { type: 'SFTP', location: 'sftp://store.lab.test/vc', user: 'bkp', password },
});

/** All that was said, and all that lies on the disk. */
function everything(): string {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  return [...lines, ...answers, ...files].join('\n');
}

/** The ways in which a text may be written down. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('latin1'),
  ];
}

describe('planted secrets', () => {
  it('are asked for in every way', async () => {
    for (const { query, variables } of EXAMPLE_OPERATIONS) await ask(query, variables);
    await ask(
      '{ sources { key health { lastError { message } } drift { unknownFields unknownValues } capabilities { explanation } } }',
    );
    simulators.get('vcenter')?.clock.advance(6 * 3_600);
    const written = inline({ value: PLANTED.inline });
    // Dry runs, broken rules, references, literals.
    await ask(CREATE, input({ destination: written, backupPassword: { value: PLANTED.encryption } }, { dryRun: true }));
    await ask(CREATE, input({ destination: { configured: 'nas' } }, { dryRun: true }));
    await ask(CREATE, input({ destination: written, backupPassword: { value: PLANTED.weak } }));
    await ask(CREATE, input({ destination: written, backupPassword: { value: PLANTED.encryption, ref: 'vault' } }));
    await ask(CREATE, input({ destination: inline({ ref: 'vault' }), backupPassword: { ref: PLANTED.literal } }));
    await ask(CREATE, input({ destination: inline(PLANTED.literal) }));
    await ask(CREATE, input({ destination: inline({ value: [PLANTED.literal] }) }));
    await ask(CREATE, { input: PLANTED.literal });
    await ask(
      `mutation { createBackup(input: { source: "vcenter", idempotencyKey: "k", target: { vcenter: { destination: { configured: "nas" }, backupPassword: { value: "${PLANTED.literal}" } } } }) ${PAYLOAD} }`,
    );
    await ask(`{ source(key: ${PLANTED.literal}) { key } }`);
    await ask(`{ backupJobs(first: "${PLANTED.literal}") { totalCount } }`);
    // The key that is reused with another secret.
    const reused = input({ destination: written, backupPassword: { value: PLANTED.encryption } });
    const other = structuredClone(reused) as { input: { target: { vcenter: { backupPassword: { value: string } } } } };
    other.input.target.vcenter.backupPassword.value = `${PLANTED.encryption}2`;
    await ask(CREATE, reused);
    await ask(CREATE, other);
    await ask(CREATE, reused);
    // Without a key, with a wrong one, with one that may only read.
    await ask('{ sources { key } }', {}, PLANTED.wrongKey);
    await ask(CREATE, reused, PLANTED.readKey);
    await fetch(gateway.url, {
      headers: { 'x-api-key': PLANTED.wrongKey, 'x-request-id': PLANTED.wrongKey.slice(0, 3) },
    });
    await ask(
      '{ backupOperations(first: 100) { nodes { id vendorCall { body } error { message } userErrors { message } } } }',
    );
    await ask('{ auditTrail(first: 100) { nodes { caller idempotencyKey outcome code } } }');
  }, 60_000);

  const spoiling = FAULT_KINDS.filter((kind) => !['endless-paging', 'oversized', 'drip', 'never-ends'].includes(kind));
  it.each<FaultKind>(spoiling)('are in a request that meets %s', async (kind) => {
    const simulator = simulators.get('vcenter');
    simulator?.clock.advance(6 * 3_600);
    simulator?.fault({ kind, method: 'POST', path: 'backup/job', times: 1 });
    const destination = inline({ value: PLANTED.inline });
    await ask(CREATE, input({ destination, backupPassword: { value: PLANTED.encryption } }, { wait: 'PT0.2S' }));
    simulator?.clearFaults();
    for (const one of simulators.values()) one.fault({ kind, times: 1 });
    await ask(
      '{ backupJobs(read: { maxAge: "PT0S", patience: "PT0.5S" }) { sources { error { message nativeCode } } } }',
    );
    for (const one of simulators.values()) one.clearFaults();
  });

  it('are seen nowhere', async () => {
    const management = await fetch(new URL('/metrics', gateway.managementUrl));
    answers.push(await management.text());
    await gateway.close();
    const text = everything();
    // What was written down is there, so the search would find what should not be.
    for (const sign of [
      'sftp://store.lab.test/vc',
      '[secret]',
      'backup-password-',
      'planted-1',
      'CONFIRMED',
      'backupgraph_',
    ])
      expect(text).toContain(sign);
    const credentials = [...simulators.values()].flatMap((simulator) =>
      Object.entries(simulator.credentials)
        .filter(([name]) => !['username', 'accounts', 'clientId'].includes(name))
        .map(([, value]) => value),
    );
    expect(credentials.length).toBeGreaterThanOrEqual(4);
    const found = [...Object.values(PLANTED), ...credentials].flatMap((secret) =>
      disguises(secret).filter((form) => text.includes(form)),
    );
    expect(found).toEqual([]);
    expect(lines.length).toBeGreaterThan(50);
  }, 30_000);
});
