import { parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { checkCost } from '../../src/server/limits.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { readCall } from '../support/read-call.ts';
import { writeService } from '../support/run-operation.ts';
import { connectSimulated } from '../support/simulated-source.ts';
import { askSubgraph, entities } from './support.ts';

const jobs = (sourceKey: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    sampleJob({ sourceKey, nativeId: `j${index}`, name: `${sourceKey} job ${index}` }),
  );
const byBoth = (sourceKey: string, nativeId: string) => ({ __typename: 'BackupJob', sourceKey, nativeId });
const byId = (type: string, sourceKey: string, nativeId: string) => ({
  __typename: type,
  id: `gid://backup/${type}/${sourceKey}/${nativeId}`,
});

describe('graphql/federation/entities', () => {
  it('reads 60 jobs of one source with one call, by either key, in the order of the router', async () => {
    const source = new FakeSource({ key: 'src', jobs: jobs('src', 60) });
    const wanted = Array.from({ length: 60 }, (_, index) => (index * 7) % 60);
    const { data, errors } = await entities(
      [source],
      wanted.map((n) => (n % 2 === 0 ? byBoth('src', `j${n}`) : byId('BackupJob', 'src', `j${n}`))),
      '... on BackupJob { id sourceKey nativeId name }',
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(
      wanted.map((n) => ({
        __typename: 'BackupJob',
        id: `gid://backup/BackupJob/src/j${n}`,
        sourceKey: 'src',
        nativeId: `j${n}`,
        name: `src job ${n}`,
      })),
    );
    expect(source.reads).toEqual([`readJobs ${wanted.map((n) => `j${n}`).join(' ')}`]);
  });

  it('asks a vendor with a list of its jobs one question for 60 of them', async () => {
    const connected = await connectSimulated('veeam-m365', { jobs: 60 }, {}, { cache: { maxAge: '0s' } });
    try {
      const { rows } = await connected.source.listJobs(readCall());
      connected.simulator.forgetRequests();
      const { data, errors } = await entities(
        [connected.gateway],
        rows.map(({ nativeId }) => byBoth('veeam-m365', nativeId)),
        '... on BackupJob { name }',
      );
      expect(errors).toEqual([]);
      expect(data._entities).toEqual(rows.map(({ name }) => ({ __typename: 'BackupJob', name })));
      expect(rows).toHaveLength(60);
      expect(connected.simulator.requests().map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`)).toEqual([
        'GET /v3/Jobs',
      ]);
    } finally {
      await connected.close();
    }
  });

  it('reads a job once that a router names twice, by both keys', async () => {
    const source = new FakeSource({ key: 'src', jobs: jobs('src', 1) });
    const { data } = await entities(
      [source],
      [byBoth('src', 'j0'), byId('BackupJob', 'src', 'j0')],
      '... on BackupJob { name }',
    );
    expect(data._entities).toEqual([
      { __typename: 'BackupJob', name: 'src job 0' },
      { __typename: 'BackupJob', name: 'src job 0' },
    ]);
    expect(source.reads).toEqual(['readJobs j0']);
  });

  it('makes one call for each type and source of a mixed request', async () => {
    const object = {
      sourceKey: 'a',
      nativeId: 'o1',
      kind: 'APPLIANCE' as const,
      name: 'Appliance',
    };
    const a = new FakeSource({
      key: 'a',
      jobs: jobs('a', 2),
      runs: [sampleRun({ sourceKey: 'a', nativeId: 'r1' }), sampleRun({ sourceKey: 'a', nativeId: 'r2' })],
      objects: [object],
    });
    const b = new FakeSource({ key: 'b', jobs: jobs('b', 1) });
    const { data, errors } = await entities(
      [a, b],
      [
        byBoth('a', 'j0'),
        byId('BackupRun', 'a', 'r2'),
        byBoth('b', 'j0'),
        { __typename: 'VendorSource', id: 'gid://backup/VendorSource/b' },
        byId('ProtectedObject', 'a', 'o1'),
        byId('BackupRun', 'a', 'r1'),
        byBoth('a', 'j1'),
      ],
      '... on BackupJob { label: name } ... on BackupRun { id } ... on VendorSource { key } ... on ProtectedObject { kind }',
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { __typename: 'BackupJob', label: 'a job 0' },
      { __typename: 'BackupRun', id: 'gid://backup/BackupRun/a/r2' },
      { __typename: 'BackupJob', label: 'b job 0' },
      { __typename: 'VendorSource', key: 'b' },
      { __typename: 'ProtectedObject', kind: 'APPLIANCE' },
      { __typename: 'BackupRun', id: 'gid://backup/BackupRun/a/r1' },
      { __typename: 'BackupJob', label: 'a job 1' },
    ]);
    expect(a.reads.toSorted()).toEqual(['readJobs j0 j1', 'readProtectedObjects o1', 'readRuns r2 r1']);
    expect(b.reads).toEqual(['readJobs j0']);
  });

  it('reads operations with one look into the store', async () => {
    const source = new FakeSource({
      key: 'src',
      jobs: jobs('src', 1),
      prepare: () => ({
        vendorCall: { method: 'POST', path: '/start', body: null },
        mark: null,
        send: async () => ({ outcome: 'DONE', jobNativeId: 'j0' }),
      }),
    });
    const writes = writeService([source]);
    const ids: string[] = [];
    for (const key of ['k1', 'k2', 'k3']) {
      const { data } = await askSubgraph(
        'mutation ($input: JobActionInput!) { startBackup(input: $input) { operation { id } } }',
        [source],
        { writes, variables: { input: { job: 'gid://backup/BackupJob/src/j0', idempotencyKey: key } } },
      );
      ids.push(data.startBackup.operation.id);
    }
    const looks = vi.spyOn(writes, 'readOperations');
    const { data, errors } = await entities(
      [source],
      ids.map((id) => ({ __typename: 'BackupOperation', id })),
      '... on BackupOperation { id state idempotencyKey }',
      { writes },
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(
      ids.map((id, index) => ({
        __typename: 'BackupOperation',
        id,
        state: 'CONFIRMED',
        idempotencyKey: `k${index + 1}`,
      })),
    );
    expect(looks.mock.calls).toHaveLength(1);
  });

  it.each<[string, unknown, string, string]>([
    ['an unknown job', byBoth('src', 'gone'), 'NOT_FOUND', 'does not have'],
    ['an unknown source', byBoth('nowhere', 'j0'), 'NOT_FOUND', 'source that is not configured'],
    ['an unknown source in an id', byId('BackupJob', 'nowhere', 'j0'), 'NOT_FOUND', 'source that is not configured'],
    [
      'the id of another type',
      { __typename: 'BackupJob', id: 'gid://backup/BackupRun/src/r1' },
      'INVALID_INPUT',
      'a BackupJob is wanted',
    ],
    [
      "another subgraph's id",
      { __typename: 'BackupJob', id: 'gid://shop/Order/1' },
      'INVALID_INPUT',
      'not a global id',
    ],
    ['a source key with a path in it', byBoth('src/j0', 'x'), 'INVALID_INPUT', 'holds no key of BackupJob'],
    ['an empty native id', byBoth('src', ''), 'INVALID_INPUT', 'does not fit its type'],
    ['a native id that is not encoded as it should be', byBoth('src', '%6a0'), 'INVALID_INPUT', 'percent-encoded'],
    ['half a key', { __typename: 'BackupJob', sourceKey: 'src' }, 'INVALID_INPUT', 'holds no key of BackupJob'],
    ['an id that is a number', { __typename: 'BackupRun', id: 7 }, 'INVALID_INPUT', 'holds no key of BackupRun'],
    [
      "a run by the job's second key",
      { __typename: 'BackupRun', sourceKey: 'src', nativeId: 'r1' },
      'INVALID_INPUT',
      'holds no key of BackupRun',
    ],
    ['a type without a key', { __typename: 'Label', id: '1' }, 'INVALID_INPUT', 'names no entity'],
    ['a name that every object has', { __typename: 'constructor' }, 'INVALID_INPUT', 'names no entity'],
    ['no type', { id: 'gid://backup/BackupJob/src/j0' }, 'INVALID_INPUT', 'names no entity'],
    ['text', 'hunter2', 'INVALID_INPUT', 'is not an object'],
    ['a list', [byBoth('src', 'j0')], 'INVALID_INPUT', 'is not an object'],
  ])('answers %s with null and one coded error, the others whole', async (_what, bad, code, message) => {
    const source = new FakeSource({ key: 'src', jobs: jobs('src', 2) });
    const { data, errors, unexpected } = await entities(
      [source],
      [byBoth('src', 'j0'), bad, byBoth('src', 'j1')],
      '... on BackupJob { name }',
    );
    expect(data._entities).toEqual([
      { __typename: 'BackupJob', name: 'src job 0' },
      null,
      { __typename: 'BackupJob', name: 'src job 1' },
    ]);
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['_entities', 1],
        message: expect.stringContaining(message),
        extensions: { code, argument: 'representations', retryable: false },
      }),
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/hunter2|gid:\/\/shop|nowhere|gone/);
    expect(unexpected).toEqual([]);
  });

  it('costs a router only the entities of the source that is down', async () => {
    const failure = new GatewayError('NETWORK', 'Source "down" cannot be reached.', { sourceKey: 'down' });
    const up = new FakeSource({ key: 'up', jobs: jobs('up', 1) });
    const down = new FakeSource({ key: 'down', failure });
    const { data, errors } = await entities(
      [up, down],
      [byBoth('down', 'j0'), byBoth('up', 'j0'), byBoth('down', 'j1')],
      '... on BackupJob { name }',
    );
    expect(data._entities).toEqual([null, { __typename: 'BackupJob', name: 'up job 0' }, null]);
    expect(errors.map(({ path, extensions }) => ({ path, ...extensions }))).toEqual([
      { path: ['_entities', 0], code: 'NETWORK', serviceName: 'down', retryable: true },
      { path: ['_entities', 2], code: 'NETWORK', serviceName: 'down', retryable: true },
    ]);
    expect(down.reads).toEqual(['readJobs j0 j1']);
  });

  it.each([
    ['from a variable', '$representations'],
    ['written out', undefined],
  ])('counts the cost of an operation by its representations %s', (_how, argument) => {
    const check = (count: number) => () => {
      const given = Array.from({ length: count }, () => byBoth('src', 'j0'));
      const list = argument ?? `[${'{ __typename: "BackupJob" }'.repeat(count)}]`;
      const document = parse(
        `query { _entities(representations: ${list}) { ... on BackupJob { runs(first: 500) { nodes { id status } } } } }`,
      );
      const operation = document.definitions[0] as OperationDefinitionNode;
      checkCost(document, operation, { representations: given });
    };
    // 1501 fields for each job.
    expect(check(666)).not.toThrow();
    expect(check(667)).toThrow(/too many rows and fields/);
  });
});
