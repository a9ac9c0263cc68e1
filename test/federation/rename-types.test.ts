import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { buildGatewaySubgraph } from '../../src/graphql/federation/gateway-subgraph.ts';
import { printed, runLine, start } from '../cli/support.ts';
import { sampleJob } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { SUBGRAPH, askSubgraph } from './support.ts';

const NAMES = {
  Label: 'BackupLabel',
  Severity: 'BackupSeverity',
  VendorUserError: 'BackupVendorError',
  UserError: 'BackupUserError',
  VeeamJobDetails: 'M365JobDetails',
};

describe('graphql/federation/rename-types', () => {
  it('calls types otherwise wherever they are used, and changes nothing else', async () => {
    const { sdl } = await buildGatewaySubgraph(NAMES);
    const expected = SUBGRAPH.sdl.replace(/"""[\s\S]*?"""|\b\w+\b/g, (word) =>
      Object.hasOwn(NAMES, word) ? NAMES[word as keyof typeof NAMES] : word,
    );
    const sorted = (text: string): string[] => text.split('\n').toSorted();
    // Types and members of unions stand in the order of their names.
    const comparable = (text: string): string[] =>
      sorted(
        text.replace(/^union .*$/gm, (union) =>
          union
            .split(/[ |=]+/)
            .toSorted()
            .join(' '),
        ),
      );
    expect(comparable(sdl)).toEqual(comparable(expected));
    expect(sdl).toMatch(/labels: \[BackupLabel!\]!/);
    expect(sdl).not.toMatch(/\[Label!\]|: Severity\b/);
  });

  it('answers with the new names in interfaces and unions, and takes them in fragments', async () => {
    const { schema } = await buildGatewaySubgraph(NAMES);
    const failure = new GatewayError('NETWORK', 'Source "down" cannot be reached.', { sourceKey: 'down' });
    const sources = [
      new FakeSource({
        key: 'src',
        labels: [{ name: 'site', value: 'hq' }],
        jobs: [
          sampleJob({
            details: { type: 'VeeamJobDetails', backupType: 'SelectedItems', organizationId: 'o', repositoryId: 'r' },
          }),
        ],
      }),
      new FakeSource({ key: 'down', failure }),
    ];
    const read = await askSubgraph(
      '{ _entities(representations: [{ __typename: "BackupJob", sourceKey: "src", nativeId: "j1" }]) { ... on BackupJob { details { __typename ... on M365JobDetails { backupType } } source { labels { __typename name } } } } }',
      sources,
      { schema },
    );
    expect(read.errors).toEqual([]);
    expect(read.data._entities[0]).toEqual({
      details: { __typename: 'M365JobDetails', backupType: 'SelectedItems' },
      source: { labels: [{ __typename: 'BackupLabel', name: 'site' }] },
    });
    const write = await askSubgraph(
      'mutation { startBackup(input: { job: "gid://backup/BackupJob/down/j1", idempotencyKey: "k" }) { userErrors { __typename ... on BackupVendorError { error { kind } } } } }',
      sources,
      { schema },
    );
    expect(write.errors).toEqual([]);
    expect(write.data.startBackup.userErrors).toEqual([
      { __typename: 'BackupVendorError', error: { kind: 'NETWORK' } },
    ]);
  });

  it('leaves other schemas of the process as they are', async () => {
    await buildGatewaySubgraph({ Label: 'Renamed' });
    expect((await buildGatewaySchema()).getType('Label')).toBeDefined();
    expect((await buildGatewaySubgraph()).sdl).toBe(SUBGRAPH.sdl);
  });

  it.each([
    [{ Lable: 'X' }, 'the schema has no type "Lable"'],
    [{ __Type: 'X' }, 'the schema has no type "__Type"'],
    [{ BackupJob: 'Job' }, '"BackupJob" keeps its name'],
    [{ DateTime: 'Instant' }, '"DateTime" keeps its name'],
    [{ Query: 'Root' }, '"Query" keeps its name'],
    [{ PageInfo: 'Page' }, '"PageInfo" keeps its name'],
    [{ Label: 'Period' }, 'there is a type "Period" already'],
    [{ Label: 'X', Period: 'X' }, 'there is a type "X" already'],
    [{ Label: '' }, '"" cannot be the name of a type'],
    [{ Label: 'a-b' }, '"a-b" cannot be the name of a type'],
    [{ Label: '_Any' }, '"_Any" cannot be the name of a type'],
  ])('refuses %j', async (names, message) => {
    await expect(buildGatewaySubgraph(names)).rejects.toThrow(message);
  });

  it('lets two types change their names with each other', async () => {
    const { schema } = await buildGatewaySubgraph({ Label: 'Period', Period: 'Label' });
    expect(schema.getType('Label')?.toConfig()).toMatchObject({ fields: { from: {}, to: {} } });
  });
});

describe('cli: --rename', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backupgraph-'));
  const config = join(folder, 'backupgraph.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      version: 1,
      server: { port: 0 },
      management: { port: 0 },
      sources: [
        { key: 'vc', vendor: 'vcenter', name: 'vCenter', baseUrl: 'http://127.0.0.1:9', username: 'u', password: 'p' },
      ],
    }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints the schema and the subgraph with other names', async () => {
    for (const kind of [[], ['--subgraph']]) {
      const { code, out } = await runLine([
        'schema',
        ...kind,
        '--rename',
        'Label=BackupLabel',
        '--rename',
        'Period=Span',
      ]);
      expect(code).toBe(0);
      expect(out).toMatch(/^type BackupLabel \{$/m);
      expect(out).toMatch(/^type Span \{$/m);
      expect(out).not.toMatch(/^type (Label|Period) /m);
    }
  });

  it('serves what it prints', async () => {
    const serving = start(['serve', '--config', config, '--rename', 'Label=BackupLabel']);
    await printed(serving, '"listening"');
    const url = /"url":"([^"]+)"/.exec(serving.err())?.[1] ?? expect.fail('no address');
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    const { data } = (await response.json()) as { data: { _service: { sdl: string } } };
    serving.stop();
    await serving.ended;
    const { out } = await runLine(['schema', '--subgraph', '--rename', 'Label=BackupLabel']);
    expect(data._service.sdl).toBe(`${out}\n`);
  });

  it('serves nothing when a name cannot be given', async () => {
    const { code, err } = await runLine(['serve', '--config', config, '--rename', 'Label=Period']);
    expect(code).toBe(2);
    expect(err).toContain('backupgraph: there is a type "Period" already');
  });
});
