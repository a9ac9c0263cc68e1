import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { INVENTORY_SDL, Inventory } from '../../examples/federation/inventory.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { sampleJob } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { SUBGRAPH, askSubgraph } from './support.ts';

/** What a subgraph was sent. */
interface Sent {
  readonly subgraph: 'backup' | 'inventory';
  readonly query: string;
  readonly variables: { readonly representations?: readonly unknown[] };
  readonly authorization: string | null;
}

interface Body {
  readonly data: Record<string, never>;
  readonly errors?: readonly { message: string; path: unknown; extensions: Record<string, unknown> }[];
}

const JOBS = Array.from({ length: 60 }, (_, index) => ({ sourceKey: 'src', nativeId: `j${index}` }));
const OBJECT = 'gid://backup/ProtectedObject/src/o1';
const closing: (() => Promise<void>)[] = [];

/** Hive Gateway over both subgraphs, all in this process; `sent` is what it asked them. */
function stage(sources: readonly FakeSource[], jobs = JOBS) {
  const sent: Sent[] = [];
  const inventory = new Inventory([{ name: 'Mail', owner: 'Platform team', jobs, data: [OBJECT] }]);
  const composed = composeServices([
    { name: 'backup', url: 'http://backup.test/graphql', typeDefs: parse(SUBGRAPH.sdl) },
    { name: 'inventory', url: 'http://inventory.test/graphql', typeDefs: parse(INVENTORY_SDL) },
  ]);
  if (compositionHasErrors(composed)) throw new Error(composed.errors.join('\n'));
  const answer = async (url: string, init: { readonly body?: unknown; readonly headers?: unknown }) => {
    const subgraph = url.includes('inventory') ? 'inventory' : 'backup';
    const { query, variables = {} } = JSON.parse(String(init.body)) as Sent;
    const headers = new Headers(init.headers as Record<string, string>);
    sent.push({ subgraph, query, variables, authorization: headers.get('authorization') });
    if (subgraph === 'inventory') return Response.json(await inventory.answer({ query, variables }));
    const { data, errors } = await askSubgraph(query, sources, { variables });
    return Response.json(errors.length === 0 ? { data } : { data, errors });
  };
  const gateway = createGatewayRuntime({
    supergraph: composed.supergraphSdl,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? undefined }),
    },
    fetchAPI: { fetch: (url, init) => answer(url, init ?? {}) },
  });
  closing.push(async () => gateway[Symbol.asyncDispose]());
  const ask = async (query: string, variables: object = {}): Promise<Body> => {
    const response = await gateway.fetch('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer the-callers-own-key' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Body;
  };
  return { ask, sent };
}

const source = () =>
  new FakeSource({
    key: 'src',
    jobs: JOBS.map((ref, index) => sampleJob({ ...ref, name: `Job ${index}` })),
    objects: [{ sourceKey: 'src', nativeId: 'o1', kind: 'APPLIANCE', name: 'Appliance' }],
  });

describe('federation/behind Hive Gateway', () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it("goes from another team's types to jobs: 60 of them are one request and one vendor call", async () => {
    const backup = source();
    const { ask, sent } = stage([backup]);
    const { data, errors } = await ask('{ services { nodes { name backupJobs { name status source { key } } } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      services: {
        nodes: [
          {
            name: 'Mail',
            backupJobs: JOBS.map((_, index) => ({
              name: `Job ${index}`,
              status: 'SUCCEEDED',
              source: { key: 'src' },
            })),
          },
        ],
      },
    });
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(['inventory', 'backup']);
    expect(sent[1]?.variables.representations).toEqual(JOBS.map((ref) => ({ __typename: 'BackupJob', ...ref })));
    expect(backup.reads).toEqual([`readJobs ${JOBS.map(({ nativeId }) => nativeId).join(' ')}`]);
  });

  it("goes from jobs to another team's types", async () => {
    const { ask, sent } = stage([source()]);
    const { data, errors } = await ask('{ backupJobs(first: 3) { nodes { name service { name owner } } totalCount } }');
    expect(errors).toBeUndefined();
    const service = { name: 'Mail', owner: 'Platform team' };
    expect(data).toEqual({
      backupJobs: { nodes: ['Job 0', 'Job 1', 'Job 10'].map((name) => ({ name, service })), totalCount: 60 },
    });
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(['backup', 'inventory']);
  });

  it('goes there and back in one operation', async () => {
    const { ask, sent } = stage([source()], JOBS.slice(0, 2));
    const { data, errors } = await ask(
      '{ backupJob(id: "gid://backup/BackupJob/src/j1") { name service { owner backupJobs { name } data { kind } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      backupJob: {
        name: 'Job 1',
        service: {
          owner: 'Platform team',
          backupJobs: [{ name: 'Job 0' }, { name: 'Job 1' }],
          data: [{ kind: 'APPLIANCE' }],
        },
      },
    });
    expect(sent.filter(({ subgraph }) => subgraph === 'inventory')).toHaveLength(1);
  });

  it('finds a protected object by its id in both directions', async () => {
    const { ask } = stage([source()]);
    const { data, errors } = await ask(
      '{ services { nodes { data { id name kind } } } protectedObjects { nodes { name services { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      services: { nodes: [{ data: [{ id: OBJECT, name: 'Appliance', kind: 'APPLIANCE' }] }] },
      protectedObjects: { nodes: [{ name: 'Appliance', services: [{ name: 'Mail' }] }] },
    });
  });

  it('answers what one source cannot with null and its code, and all else whole', async () => {
    const failure = new GatewayError('TIMEOUT', 'Source "slow" did not answer within 5000 ms.', { sourceKey: 'slow' });
    const slow = new FakeSource({ key: 'slow', failure });
    const jobs = [
      { sourceKey: 'src', nativeId: 'j0' },
      { sourceKey: 'slow', nativeId: 'j0' },
      { sourceKey: 'src', nativeId: 'j1' },
    ];
    const { ask } = stage([source(), slow], jobs);
    const { data, errors } = await ask('{ services { nodes { backupJobs { nativeId name status } } } }');
    expect(data).toEqual({
      services: {
        nodes: [
          {
            backupJobs: [
              { nativeId: 'j0', name: 'Job 0', status: 'SUCCEEDED' },
              null,
              { nativeId: 'j1', name: 'Job 1', status: 'SUCCEEDED' },
            ],
          },
        ],
      },
    });
    expect(errors?.length).toBeGreaterThan(0);
    for (const { extensions } of errors ?? [])
      expect(extensions).toEqual({ code: 'TIMEOUT', serviceName: 'slow', retryable: true });
  });

  it("sends the caller's own key to both, and nothing else of its own", async () => {
    const { ask, sent } = stage([source()]);
    await ask('{ services { nodes { backupJobs { name } } } }');
    expect(sent.map(({ authorization }) => authorization)).toEqual(Array(2).fill('Bearer the-callers-own-key'));
  });

  it('passes writes on, and the refusal of two members where one is wanted', async () => {
    const { ask } = stage([
      new FakeSource({
        key: 'src',
        prepare: () => ({
          vendorCall: { method: 'POST', path: '/start', body: null },
          mark: null,
          send: async () => ({ outcome: 'DONE', runNativeId: 'r1' }),
        }),
      }),
    ]);
    const create =
      'mutation ($input: CreateBackupInput!) { createBackup(input: $input) { operation { state } userErrors { code } } }';
    const input = { source: 'src', idempotencyKey: 'k', target: { vcenter: { destination: { configured: 'nas' } } } };
    const done = await ask(create, { input });
    expect(done).toEqual({ data: { createBackup: { operation: { state: 'CONFIRMED' }, userErrors: [] } } });
    const both = { ...input, target: { vcenter: { destination: { configured: 'nas', schedule: 'x' } } } };
    const refused = await ask(create, { input: both });
    expect(refused.errors).toHaveLength(1);
    expect(refused.data).toBeNull();
  });
});
