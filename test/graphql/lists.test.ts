import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { runOperation } from '../support/run-operation.ts';

const jobsOf = (sourceKey: string, ...names: string[]) =>
  names.map((name) => sampleJob({ sourceKey, nativeId: `n-${name}`, name }));

const SOURCES =
  'sources { source { key } outcome count attempts fetchedAt error { kind message retryable requestId } }';

describe('graphql/lists', () => {
  it('gives whole rows of the others when one source fails, one is slow and one is partial', async () => {
    const good = new FakeSource({ key: 'good', jobs: jobsOf('good', 'b', 'a') });
    const dead = new FakeSource({
      key: 'dead',
      failure: new GatewayError('NETWORK', 'cannot be reached', { sourceKey: 'dead' }),
    });
    const slow = new FakeSource({ key: 'slow', stalls: true, defaults: { patienceMs: 50 } });
    const torn = new FakeSource({
      key: 'torn',
      jobs: jobsOf('torn', 'c'),
      problems: [new GatewayError('MALFORMED_RESPONSE', '$[3].id is not text')],
    });
    const { data, errors } = await runOperation(`{ backupJobs { nodes { name } totalCount ${SOURCES} } }`, [
      good,
      dead,
      slow,
      torn,
    ]);
    expect(errors).toEqual([]);
    expect(data.backupJobs.nodes.map((node: { name: string }) => node.name)).toEqual(['a', 'b', 'c']);
    expect(data.backupJobs.totalCount).toBeNull();
    expect(data.backupJobs.sources).toMatchObject([
      {
        source: { key: 'good' },
        outcome: 'OK',
        count: 2,
        attempts: 1,
        fetchedAt: '2026-11-20T08:00:00.000Z',
        error: null,
      },
      {
        source: { key: 'dead' },
        outcome: 'FAILED',
        count: 0,
        fetchedAt: null,
        error: { kind: 'NETWORK', retryable: true, requestId: 'request-1' },
      },
      { source: { key: 'slow' }, outcome: 'TIMED_OUT', count: 0, fetchedAt: null, error: { kind: 'TIMEOUT' } },
      {
        source: { key: 'torn' },
        outcome: 'PARTIAL',
        count: 1,
        error: { kind: 'MALFORMED_RESPONSE', message: '$[3].id is not text' },
      },
    ]);
  });

  it('marks a kept answer STALE, with the failure behind it', async () => {
    const source = new FakeSource({ key: 's', jobs: jobsOf('s', 'a'), stale: new GatewayError('NETWORK', 'gone') });
    const { data } = await runOperation(`{ backupJobs { totalCount ${SOURCES} } }`, [source]);
    expect(data.backupJobs).toMatchObject({
      totalCount: 1,
      sources: [{ outcome: 'STALE', error: { kind: 'NETWORK' } }],
    });
  });

  it('tells the failure behind kept rows when other rows are missing too', async () => {
    const source = new FakeSource({
      key: 'old',
      jobs: jobsOf('old', 'a'),
      stale: new GatewayError('VENDOR_FAULT', 'failed just now'),
      problems: [new GatewayError('NOT_FOUND', 'no such account')],
    });
    const { data } = await runOperation(`{ backupJobs { totalCount ${SOURCES} } }`, [source]);
    expect(data.backupJobs.sources).toMatchObject([
      {
        outcome: 'PARTIAL',
        count: 1,
        error: { kind: 'VENDOR_FAULT', message: expect.stringContaining('failed just now') },
      },
    ]);
  });

  it('reads on from a cursor, and gives the rows of a source that was down when it is back', async () => {
    const first = [
      new FakeSource({ key: 'a', jobs: jobsOf('a', 'a1', 'a2', 'a3') }),
      new FakeSource({ key: 'b', failure: new GatewayError('NETWORK', 'x') }),
    ];
    const query = (after?: string) =>
      `{ backupJobs(first: 2${after === undefined ? '' : `, after: "${after}"`}) { nodes { name } pageInfo { hasNextPage endCursor } } }`;
    const one = await runOperation(query(), first);
    expect(one.data.backupJobs).toMatchObject({
      nodes: [{ name: 'a1' }, { name: 'a2' }],
      pageInfo: { hasNextPage: true },
    });
    const second = [first[0], new FakeSource({ key: 'b', jobs: jobsOf('b', 'a0', 'b1') })] as FakeSource[];
    const two = await runOperation(query(one.data.backupJobs.pageInfo.endCursor as string), second);
    expect(two.data.backupJobs.nodes).toEqual([{ name: 'a0' }, { name: 'a3' }]);
    const three = await runOperation(query(two.data.backupJobs.pageInfo.endCursor as string), second);
    expect(three.data.backupJobs).toMatchObject({ nodes: [{ name: 'b1' }], pageInfo: { hasNextPage: false } });
  });

  it('filters by source, vendor, label, kind, status, switch and text', async () => {
    const one = new FakeSource({
      key: 'one',
      labels: [{ name: 'site', value: 'hq' }],
      jobs: [
        sampleJob({ sourceKey: 'one', name: 'Mail', status: 'FAILED' }),
        sampleJob({ sourceKey: 'one', nativeId: 'j2', name: 'Files', enabled: false }),
      ],
    });
    const two = new FakeSource({
      key: 'two',
      vendor: 'SAILPOINT',
      jobs: [sampleJob({ sourceKey: 'two', name: 'Tenant', kind: 'ONE_OFF', enabled: undefined })],
    });
    const names = async (filter: string): Promise<string[]> => {
      const { data, errors } = await runOperation(`{ backupJobs(filter: ${filter}) { nodes { name } } }`, [one, two]);
      expect(errors).toEqual([]);
      return (data.backupJobs.nodes as { name: string }[]).map(({ name }) => name);
    };
    expect(await names('{ sources: ["one"] }')).toEqual(['Files', 'Mail']);
    expect(await names('{ sources: ["gid://backup/VendorSource/two"] }')).toEqual(['Tenant']);
    expect(await names('{ vendors: [SAILPOINT] }')).toEqual(['Tenant']);
    expect(await names('{ labels: [{ name: "site" }] }')).toEqual(['Files', 'Mail']);
    expect(await names('{ labels: [{ name: "site", value: "branch" }] }')).toEqual([]);
    expect(await names('{ kinds: [ONE_OFF] }')).toEqual(['Tenant']);
    expect(await names('{ statuses: [FAILED] }')).toEqual(['Mail']);
    expect(await names('{ enabled: false }')).toEqual(['Files']);
    expect(await names('{ search: "AI" }')).toEqual(['Mail']);
  });

  it('asks only the sources of the jobs whose runs are wanted', async () => {
    const good = new FakeSource({ key: 'good', runs: [sampleRun({ sourceKey: 'good', jobNativeId: 'n-a' })] });
    const dead = new FakeSource({ key: 'dead', failure: new GatewayError('NETWORK', 'cannot be reached') });
    const query = `{ backupRuns(filter: { jobs: ["gid://backup/BackupJob/good/n-a"] }) { totalCount ${SOURCES} } }`;
    const { data } = await runOperation(query, [good, dead]);
    expect(data.backupRuns).toMatchObject({ totalCount: 1, sources: [{ source: { key: 'good' }, outcome: 'OK' }] });
    expect(dead.reads).toEqual([]);
  });

  it.each(['+02:00', 'IST'])('names the argument when %s is asked for as a zone', async (timeZone) => {
    const hours = Array.from({ length: 168 }, () => true);
    const window = { enabled: true, semantics: 'UNKNOWN', hours, utcOffsetMinutes: 0 } as const;
    const recurrence = { form: 'MANUAL' } as const;
    const rest = { enabled: true, zone: undefined, startsAt: undefined, retry: undefined };
    const jobs = [sampleJob({ sourceKey: 'good', schedule: { ...rest, recurrence, window } })];
    const query = `{ backupJobs { nodes { schedule { window { intervals(timeZone: "${timeZone}") { start } } } } } }`;
    const { errors } = await runOperation(query, [new FakeSource({ key: 'good', jobs })]);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'timeZone' } }]);
  });

  it('gives counts of a run that are beyond 32 bits', async () => {
    const counts = { objectCount: 3_000_000_000, errorCount: 2 ** 31, warningCount: 2 ** 40 };
    const source = new FakeSource({ key: 'good', runs: [sampleRun({ sourceKey: 'good', ...counts })] });
    const query = '{ backupRuns { nodes { objectCount errorCount warningCount } } }';
    const { data, errors } = await runOperation(query, [source]);
    expect({ nodes: data.backupRuns.nodes, errors }).toEqual({ nodes: [counts], errors: [] });
  });

  it('reads the runs of all jobs in one batch a source, and tells newest and newest good one apart', async () => {
    const jobs = jobsOf('s', 'a', 'b', 'c');
    const runs = jobs.flatMap(({ nativeId }) => [
      sampleRun({
        sourceKey: 's',
        nativeId: `${nativeId}-old`,
        jobNativeId: nativeId,
        startedAt: new Date('2026-11-18T00:00:00Z'),
      }),
      sampleRun({
        sourceKey: 's',
        nativeId: `${nativeId}-new`,
        jobNativeId: nativeId,
        status: 'FAILED',
        startedAt: new Date('2026-11-19T00:00:00Z'),
      }),
    ]);
    const source = new FakeSource({ key: 's', jobs, runs });
    const { data } = await runOperation(
      '{ backupJobs { nodes { lastRun { id status } lastSuccess { id } runs(first: 1) { nodes { id } pageInfo { hasNextPage } sources { outcome } } } } }',
      [source],
    );
    expect(source.reads).toEqual(['listJobs', 'readRunsOfJobs n-a n-b n-c']);
    expect(data.backupJobs.nodes[0]).toEqual({
      lastRun: { id: 'gid://backup/BackupRun/s/n-a-new', status: 'FAILED' },
      lastSuccess: { id: 'gid://backup/BackupRun/s/n-a-old' },
      runs: {
        nodes: [{ id: 'gid://backup/BackupRun/s/n-a-new' }],
        pageInfo: { hasNextPage: true },
        sources: [{ outcome: 'OK' }],
      },
    });
  });

  it('reads the jobs, logs and objects of many rows in one batch a source', async () => {
    const jobs = jobsOf('s', 'a', 'b');
    const source = new FakeSource({
      key: 's',
      jobs,
      runs: jobs.map(({ nativeId }) =>
        sampleRun({ sourceKey: 's', nativeId: `r-${nativeId}`, jobNativeId: nativeId, messages: 'NOT_TOLD' }),
      ),
      objects: [{ sourceKey: 's', nativeId: 'o1', name: 'Object', kind: 'APPLIANCE' }],
      messages: { 'r-n-a': [{ id: undefined, text: 'one', args: [], severity: 'ERROR' }] },
    });
    const { data } = await runOperation(
      '{ backupRuns { nodes { errorCount messages { text } job { name protects { name } } } } }',
      [source],
    );
    expect(source.reads).toEqual([
      'listRuns',
      'readMessages r-n-b r-n-a',
      'readJobs n-b n-a',
      'readProtectedObjects o1',
    ]);
    expect(data.backupRuns.nodes).toEqual([
      { errorCount: 0, messages: [], job: { name: 'b', protects: { name: 'Object' } } },
      { errorCount: 1, messages: [{ text: 'one' }], job: { name: 'a', protects: { name: 'Object' } } },
    ]);
  });

  it('reads below a row with the options that the row was read with', async () => {
    const source = new FakeSource({ key: 's', jobs: jobsOf('s', 'a') });
    await runOperation(
      '{ backupJobs(read: { maxAge: "PT1H", patience: "PT2S", allowStale: true }) { nodes { lastRun { id } } } }',
      [source],
      {
        now: () => new Date('2026-11-20T12:00:00Z'),
      },
    );
    expect(source.reads).toEqual(['listJobs', 'readRunsOfJobs n-a']);
    for (const call of source.calls) {
      expect(new Date(call.freshSince).toISOString()).toBe('2026-11-20T11:00:00.000Z');
      expect(new Date(call.deadlineAt).toISOString()).toBe('2026-11-20T12:00:02.000Z');
      expect(call.staleSince).toBeDefined();
    }
  });

  it('stops reading for a caller who has gone', async () => {
    const gone = new AbortController();
    const source = new FakeSource({ key: 's', stalls: true });
    const answer = runOperation(`{ backupJobs { ${SOURCES} } }`, [source], { signal: gone.signal });
    await expect.poll(() => source.calls.length).toBe(1);
    gone.abort();
    expect((await answer).data.backupJobs.sources).toMatchObject([
      { outcome: 'FAILED', error: { kind: 'CANCELLED_BY_CALLER' } },
    ]);
  });

  it.each([
    ['backupJobs(first: -1) { totalCount }', 'INVALID_INPUT', 'first'],
    ['backupJobs(first: 501) { totalCount }', 'INVALID_INPUT', 'first'],
    ['backupJobs(after: "xx") { totalCount }', 'INVALID_INPUT', 'after'],
    ['backupJobs(after: "eyJhIjoxfQ") { totalCount }', 'INVALID_INPUT', 'after'],
    ['backupJobs(filter: { sources: ["nowhere"] }) { totalCount }', 'NOT_FOUND', 'filter.sources'],
    [
      'backupJobs(filter: { sources: ["gid://backup/BackupJob/s/x"] }) { totalCount }',
      'INVALID_INPUT',
      'filter.sources',
    ],
    ['backupRuns(filter: { jobs: ["x"] }) { totalCount }', 'INVALID_INPUT', 'filter.jobs'],
    ['backupRuns(filter: { jobs: ["gid://backup/BackupJob/other/x"] }) { totalCount }', 'NOT_FOUND', 'filter.jobs'],
    ['backupJobs(read: { patience: "PT5M" }) { totalCount }', 'INVALID_INPUT', 'read.patience'],
    ['backupJobs(read: { patience: "PT0S" }) { totalCount }', 'INVALID_INPUT', 'read.patience'],
    ['backupJob(id: "gid://backup/BackupJob/s/unknown") { name }', 'NOT_FOUND', 'id'],
    ['backupJob(id: "gid://backup/BackupJob/other/x") { name }', 'NOT_FOUND', 'id'],
    ['backupJob(id: "gid://backup/BackupRun/s/x") { name }', 'INVALID_INPUT', 'id'],
    ['backupRun(id: "") { status }', 'INVALID_INPUT', 'id'],
    ['node(id: "gid://backup/BackupRun/s/unknown") { id }', 'NOT_FOUND', 'id'],
    ['source(key: "other") { name }', 'NOT_FOUND', 'key'],
    ['source { name }', 'INVALID_INPUT', 'id'],
    ['source(id: "gid://backup/VendorSource/s", key: "s") { name }', 'INVALID_INPUT', 'id'],
    [
      'statusReport(period: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }) { complete }',
      'INVALID_INPUT',
      'period',
    ],
  ])('refuses %s with %s naming %s', async (field, code, argument) => {
    const source = new FakeSource({ key: 's' });
    const { errors, unexpected } = await runOperation(`{ ${field} }`, [source]);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({ code, argument });
    expect(unexpected).toEqual([]);
  });

  it('refuses a cursor of another filter, order or list', async () => {
    const source = new FakeSource({ key: 's', jobs: jobsOf('s', 'a', 'b') });
    const { data } = await runOperation('{ backupJobs(first: 1) { pageInfo { endCursor } } }', [source]);
    const cursor = data.backupJobs.pageInfo.endCursor as string;
    for (const field of [
      `backupJobs(after: "${cursor}", filter: { search: "a" })`,
      `backupJobs(after: "${cursor}", orderBy: { field: STATUS })`,
      `backupJobs(after: "${cursor}", orderBy: { field: NAME, direction: DESC })`,
      `backupRuns(after: "${cursor}")`,
    ]) {
      const { errors } = await runOperation(`{ ${field} { totalCount } }`, [source]);
      expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', argument: 'after' });
    }
  });

  it('masks what is no listed failure, and reports it', async () => {
    const source = new FakeSource({ key: 's', failure: new TypeError('password=hunter2') as unknown as GatewayError });
    const { errors, unexpected } = await runOperation('{ backupJob(id: "gid://backup/BackupJob/s/x") { name } }', [
      source,
    ]);
    expect(errors).toMatchObject([
      { message: 'Something went wrong inside the gateway.', extensions: { code: 'INTERNAL' } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    expect(unexpected).toHaveLength(1);
  });

  it('answers a single object that cannot be read with null and one coded error', async () => {
    const failure = new GatewayError('THROTTLED', 'later', {
      sourceKey: 's',
      retryAfter: new Date('2026-11-20T12:00:00Z'),
    });
    const { data, errors } = await runOperation('{ backupJob(id: "gid://backup/BackupJob/s/x") { name } }', [
      new FakeSource({ key: 's', failure }),
    ]);
    expect(data.backupJob).toBeNull();
    expect(errors).toMatchObject([
      {
        path: ['backupJob'],
        extensions: { code: 'THROTTLED', serviceName: 's', retryable: true, retryAfter: '2026-11-20T12:00:00.000Z' },
      },
    ]);
  });

  it('gives nodes of every type in the order of their ids, each failure beside the others', async () => {
    const source = new FakeSource({
      key: 's',
      jobs: jobsOf('s', 'a'),
      runs: [sampleRun({ sourceKey: 's' })],
      objects: [{ sourceKey: 's', nativeId: 'o1', name: 'Object', kind: 'APPLIANCE' }],
    });
    const ids = ['ProtectedObject/s/o1', 'BackupRun/s/none', 'VendorSource/s', 'BackupJob/s/n-a', 'BackupRun/s/r1'].map(
      (id) => `gid://backup/${id}`,
    );
    const { data, errors } = await runOperation(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on BackupJob { name source { key } } ... on VendorSource { sourceName: name health { state } } } }',
      [source],
      { variables: { ids } },
    );
    expect(data.nodes).toEqual([
      { __typename: 'ProtectedObject', id: ids[0] },
      null,
      { __typename: 'VendorSource', id: ids[2], sourceName: 'Source s', health: { state: 'UNKNOWN' } },
      { __typename: 'BackupJob', id: ids[3], name: 'a', source: { key: 's' } },
      { __typename: 'BackupRun', id: ids[4] },
    ]);
    expect(errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'NOT_FOUND' } }]);
  });
});
