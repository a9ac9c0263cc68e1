import { createHash } from 'node:crypto';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfig, startDemoSimulators, type DemoSimulators } from '../../src/cli/demo.ts';
import { createClient } from '../../src/client/index.ts';
import { startGateway, type Gateway } from '../../src/server/create-gateway.ts';
import { TrustedDocuments, parseManifest, type DocumentManifest } from '../../src/server/trusted-documents.ts';
import { AllJobsDocument } from '../../examples/clients/generated/graphql.ts';
import { subscribe } from '../live/stream-lab.ts';
import { silentLog } from '../support/silent-log.ts';

const idLeftByCodegen = (document: object): string =>
  (document as { readonly __meta__: { readonly hash: string } }).__meta__.hash;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const SOURCES = '{ sources { key } }';
const RUNS = 'subscription { sourceSnapshots { remainingSources } }';

function manifestOf(...texts: readonly string[]): DocumentManifest {
  const parsed = parseManifest(
    JSON.stringify(Object.fromEntries(texts.map((text) => [`sha256:${hashOf(text)}`, text]))),
  );
  return 'problem' in parsed ? expect.fail(parsed.problem) : parsed;
}

describe('server/trusted-documents: manifest', () => {
  it('has the texts by the hash of each, with and without the name of the algorithm', () => {
    expect([...manifestOf(SOURCES)]).toEqual([[`sha256:${hashOf(SOURCES)}`, SOURCES]]);
    expect(parseManifest(JSON.stringify({ [hashOf(SOURCES).toUpperCase()]: SOURCES }))).toEqual(manifestOf(SOURCES));
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'is not a JSON object of texts by id'],
    ['{}', 'holds no document'],
    [
      `{"${hashOf(SOURCES)}":"{ __typename }"}`,
      `holds an entry whose id is not the SHA-256 hash of its text: ${hashOf(SOURCES)}`,
    ],
    ['{"a":1}', 'holds an entry whose id is not the SHA-256 hash of its text: a'],
  ])('refuses %s', (text, problem) => {
    expect(parseManifest(text)).toEqual({ problem });
  });
});

describe('server/trusted-documents: find', () => {
  const id = hashOf(SOURCES);
  const also = new TrustedDocuments({ manifest: manifestOf(SOURCES), only: false });
  const only = new TrustedDocuments({ manifest: manifestOf(SOURCES), only: true });
  const codeOf = (found: ReturnType<TrustedDocuments['find']>): string | undefined =>
    found !== undefined && 'refusal' in found ? found.refusal.code : undefined;

  it.each([
    [{ documentId: `sha256:${id}` }],
    [{ documentId: id }],
    [{ query: '', extensions: { persistedQuery: { version: 1, sha256Hash: id } } }],
    [{ query: SOURCES, documentId: id }],
  ])('takes the text of the manifest for %j', (asked) => {
    expect([also.find(asked), only.find(asked)]).toEqual([{ query: SOURCES }, { query: SOURCES }]);
  });

  it('refuses a text beside the id of another', () => {
    const asked = { query: '{ __typename }', documentId: id };
    const codes = [also, only].map((documents) => codeOf(documents.find(asked)));
    expect(codes).toEqual(['PERSISTED_QUERY_MISMATCH', 'PERSISTED_QUERY_MISMATCH']);
  });

  it('takes a text that is in the manifest', () => {
    expect([also.find({ query: SOURCES }), only.find({ query: SOURCES })]).toEqual([undefined, undefined]);
  });

  it('refuses an id that it does not know', () => {
    const asked = { documentId: `sha256:${hashOf('x')}` };
    expect([also, only].map((documents) => codeOf(documents.find(asked)))).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
  });

  it.each([
    [{ query: '{ __typename }' }],
    [{ query: ` ${SOURCES}` }],
    [{ query: '{ __typename }', documentId: hashOf('{ __typename }') }],
    [{}],
    [null],
    [[{ query: SOURCES }]],
    ['text'],
  ])('where only trusted documents are taken, refuses %j', (asked) => {
    expect(codeOf(only.find(asked))).toBe('UNTRUSTED_DOCUMENT');
    expect(also.find(asked)).toBeUndefined();
  });
});

describe('server/trusted-documents: a gateway that takes nothing else', () => {
  let simulators: DemoSimulators;
  let gateway: Gateway;

  beforeAll(async () => {
    simulators = await startDemoSimulators();
    const config = demoConfig(simulators, { port: 0, managementPort: 0 });
    const sources = config.sources.filter(({ key }) => key === 'vc-hq');
    const examples = await import('../../examples/clients/generated/persisted-documents.json', {
      with: { type: 'json' },
    });
    const manifest = new Map([...manifestOf(...Object.values(examples.default)), ...manifestOf(SOURCES, RUNS)]);
    gateway = await startGateway({
      config: { ...config, sources, trustedDocuments: { manifest, only: true } },
      log: silentLog,
    });
  }, 30_000);

  afterAll(async () => {
    await gateway.close();
    await simulators.close();
  });

  const post = async (body: unknown, accept = 'application/json'): Promise<{ status: number; text: string }> => {
    const headers = { 'content-type': 'application/json', accept };
    const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const get = async (parameters: Record<string, string>): Promise<{ status: number; text: string }> => {
    const headers = { accept: 'application/json', 'apollo-require-preflight': 'yes' };
    const response = await fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, { headers });
    return { status: response.status, text: await response.text() };
  };

  it('carries out what is in the manifest, by POST, GET, event stream and WebSocket', async () => {
    const answer = '{"data":{"sources":[{"key":"vc-hq"}]}}\n';
    expect(await post({ documentId: `sha256:${hashOf(SOURCES)}` })).toEqual({ status: 200, text: answer });
    expect(await get({ documentId: hashOf(SOURCES) })).toEqual({ status: 200, text: answer });
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hashOf(SOURCES) } });
    expect(await get({ extensions })).toEqual({ status: 200, text: answer });
    expect((await post({ documentId: hashOf(RUNS) }, 'text/event-stream')).text).toContain('"remainingSources":0');
    const told = subscribe('WebSocket', gateway.url, { query: RUNS });
    expect(await told.next()).toEqual({ data: { sourceSnapshots: { remainingSources: 0 } } });
    await told.leave();
    const named = subscribe('WebSocket', gateway.url, { query: '', documentId: hashOf(RUNS) });
    expect(await named.next()).toEqual({ data: { sourceSnapshots: { remainingSources: 0 } } });
    await named.leave();
    const apollo = new ApolloClient({
      link: new PersistedQueryLink({ generateHash: idLeftByCodegen }).concat(new HttpLink({ uri: gateway.url })),
      cache: new InMemoryCache(),
    });
    const { data } = await apollo.query({ query: AllJobsDocument });
    expect(data?.backupJobs.nodes.length).toBeGreaterThan(0);
    const client = createClient({ url: gateway.url, trustedDocuments: true });
    expect((await client.request(AllJobsDocument)).backupJobs.nodes.length).toBeGreaterThan(0);
  });

  it.each(['{ sources { name } }', '{ __schema { queryType { name } } }', '{ _service { sdl } }', ''])(
    'carries nothing else out: %s',
    async (query) => {
      for (const { status, text } of [await post({ query }), await get({ query })]) {
        expect(status).toBe(400);
        expect(JSON.parse(text).errors[0].extensions.code).toBe('UNTRUSTED_DOCUMENT');
      }
      const stream = await post({ query }, 'text/event-stream');
      expect(stream.text).toContain('UNTRUSTED_DOCUMENT');
      const told = subscribe('WebSocket', gateway.url, { query });
      expect(await told.next().catch((errors: unknown) => ({ errors }))).toMatchObject({
        errors: [{ extensions: { code: 'UNTRUSTED_DOCUMENT' } }],
      });
    },
  );

  it('is not talked into another text by a second one beside the trusted one', async () => {
    const other = '{ sources { name } }';
    const headers = { 'apollo-require-preflight': 'yes' };
    for (const query of [
      [
        ['query', SOURCES],
        ['query', other],
      ],
      [
        ['query', other],
        ['query', SOURCES],
      ],
      [
        ['query', other],
        ['documentId', hashOf(SOURCES)],
      ],
    ]) {
      const text = await (await fetch(`${gateway.url}?${new URLSearchParams(query)}`, { headers })).text();
      expect(text).not.toContain('"name"');
    }
    const response = await fetch(`${gateway.url}?${new URLSearchParams({ query: other })}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SOURCES }),
    });
    expect(await response.json()).toEqual({ data: { sources: [{ key: 'vc-hq' }] } });
  });
});
