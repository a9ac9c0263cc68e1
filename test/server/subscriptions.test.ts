import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { SourceHealth } from '../../src/domain/source.ts';
import { RUNNING } from '../live/scripted-source.ts';
import { allOf, openLab, subscribe, type StreamLab, type Transport } from '../live/stream-lab.ts';
import { OBSERVED_AT, sampleJob, sampleRun } from '../support/domain-samples.ts';
import { EXAMPLE_SUBSCRIPTIONS } from '../support/example-operations.ts';
import { FakeSource } from '../support/fake-source.ts';

const CHANGES = `subscription ($filter: BackupRunFilter) {
  backupRunChanged(filter: $filter) { previousStatus observedAt pollInterval run { status progressPercent job { name } } }
}`;

let lab: StreamLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

/** A source whose runs the test changes in place. */
function liveSource(key = 's', health?: Partial<SourceHealth>) {
  const runs: BackupRun[] = [];
  const jobs = [sampleJob({ sourceKey: key, name: 'Nightly' })];
  const objects = [{ sourceKey: key, nativeId: 'o1', name: 'Mailboxes', kind: 'M365_ORGANIZATION' as const }];
  const source = new FakeSource({ key, jobs, runs, objects, ...(health === undefined ? {} : { health }) });
  const set = (nativeId: string, values: Partial<BackupRun> = {}): void => {
    const index = runs.findIndex((run) => run.nativeId === nativeId);
    const run = { ...sampleRun({ sourceKey: key, nativeId, startedAt: new Date() }), ...values };
    if (index < 0) runs.push(run);
    else runs[index] = run;
  };
  return { source, set };
}

describe.each<Transport>(['SSE', 'WebSocket'])('server/subscriptions over %s', (transport) => {
  it('tells what is under way first, then each change, with fields that take a read of their own', async () => {
    const { source, set } = liveSource();
    set('a', RUNNING);
    set('done');
    lab = await openLab([source]);
    const changes = subscribe(transport, lab.url, { query: CHANGES });
    expect(await changes.next()).toEqual({
      data: {
        backupRunChanged: {
          previousStatus: null,
          observedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          pollInterval: 'PT0.02S',
          run: { status: 'RUNNING', progressPercent: 10, job: { name: 'Nightly' } },
        },
      },
    });
    set('a', { ...RUNNING, progressPercent: 60 });
    expect(await changes.next()).toMatchObject({
      data: { backupRunChanged: { previousStatus: 'RUNNING', run: { progressPercent: 60 } } },
    });
    set('a', { status: 'FAILED' });
    expect(await changes.next()).toMatchObject({
      data: { backupRunChanged: { previousStatus: 'RUNNING', pollInterval: 'PT0.04S', run: { status: 'FAILED' } } },
    });
    await changes.leave();
  });

  it('reads anew for each event, nothing older than the event', async () => {
    const { source, set } = liveSource();
    set('a', RUNNING);
    lab = await openLab([source]);
    const changes = subscribe(transport, lab.url, { query: CHANGES });
    await changes.next();
    set('a', { status: 'SUCCEEDED' });
    await changes.next();
    const ofJobs = source.reads.flatMap(
      (read, index) => (read.startsWith('readJobs') ? source.calls[index] : []) ?? [],
    );
    expect(ofJobs.map(({ freshSince }) => freshSince)).toEqual(Array(2).fill(OBSERVED_AT.getTime()));
    await changes.leave();
  });

  it('tells only what fits the filter, and asks no source that cannot have any', async () => {
    const one = liveSource('one');
    const two = liveSource('two');
    one.set('a', RUNNING);
    one.set('b', { ...RUNNING, status: 'QUEUED' });
    lab = await openLab([one.source, two.source]);
    const changes = subscribe(transport, lab.url, {
      query: CHANGES,
      variables: { filter: { sources: ['one'], statuses: ['QUEUED', 'FAILED'] } },
    });
    expect(await changes.next()).toMatchObject({ data: { backupRunChanged: { run: { status: 'QUEUED' } } } });
    one.set('a', { status: 'FAILED' });
    expect(await changes.next()).toMatchObject({
      data: { backupRunChanged: { previousStatus: 'RUNNING', run: { status: 'FAILED' } } },
    });
    expect(two.source.reads).toEqual([]);
    await changes.leave();
  });

  it('stops looking at the source when the listener leaves', async () => {
    const { source } = liveSource();
    lab = await openLab([source]);
    const changes = subscribe(transport, lab.url, { query: CHANGES });
    const waiting = changes.next();
    await vi.waitUntil(() => source.reads.length > 2);
    await changes.leave();
    await waiting;
    await vi.waitUntil(() => lab?.hub.counts().pollers === 0);
    expect([lab.hub.counts(), lab.operations.size]).toEqual([{ listeners: 0, pollers: 0 }, 0]);
  });

  it('makes as many looks for twenty listeners as for one', async () => {
    const { source, set } = liveSource();
    set('a', RUNNING);
    lab = await openLab([source]);
    const { url } = lab;
    const query = 'subscription { backupRunChanged { run { progressPercent } } }';
    const listeners = Array.from({ length: 20 }, () => subscribe(transport, url, { query }));
    await Promise.all(listeners.map((listener) => listener.next()));
    const before = source.reads.length;
    set('a', { ...RUNNING, progressPercent: 99 });
    const told = await Promise.all(listeners.map((listener) => listener.next()));
    expect(told.map((one) => one !== 'DONE' && one.data.backupRunChanged.run.progressPercent)).toEqual(
      Array(20).fill(99),
    );
    expect(source.reads.length - before).toBeLessThan(10);
    await Promise.all(listeners.map((listener) => listener.leave()));
  });

  it('tells the health of each source, then each turn of it', async () => {
    const health: { state: SourceHealth['state'] } = { state: 'UP' };
    const { source } = liveSource('s', health);
    lab = await openLab([source]);
    const query = 'subscription { sourceHealthChanged(sources: ["s"]) { key health { state } } }';
    const turns = subscribe(transport, lab.url, { query });
    expect(await turns.next()).toEqual({ data: { sourceHealthChanged: { key: 's', health: { state: 'UP' } } } });
    Object.assign(source, { health: () => ({ ...FakeSource.prototype.health.call(source), state: 'DOWN' }) });
    lab.hub.stateChanged('s');
    expect(await turns.next()).toMatchObject({ data: { sourceHealthChanged: { health: { state: 'DOWN' } } } });
    await turns.leave();
  });

  it.each(EXAMPLE_SUBSCRIPTIONS)('answers the example $name', async ({ query }) => {
    const { source, set } = liveSource();
    set('a', RUNNING);
    lab = await openLab([source]);
    const events = subscribe(transport, lab.url, { query });
    const first = await events.next();
    expect(first).toEqual({ data: expect.anything() });
    expect(JSON.stringify(first)).toContain('"key":"s"');
    await events.leave();
  });

  it('tells the jobs of each source as it answers, counts down and completes', async () => {
    const good = new FakeSource({ key: 'good', jobs: [sampleJob({ sourceKey: 'good', name: 'Nightly' })] });
    const slow = new FakeSource({ key: 'slow', stalls: true, defaults: { patienceMs: 60 } });
    const dead = new FakeSource({ key: 'dead', failure: new GatewayError('NETWORK', 'cannot be reached') });
    lab = await openLab([slow, dead, good]);
    const query = `subscription { sourceSnapshots(filter: { search: "night" }) {
      result { source { key } outcome count error { kind } } jobs { name runs(first: 1) { totalCount } } remainingSources } }`;
    const told = await allOf(subscribe(transport, lab.url, { query }));
    const snapshots = told.map(({ data }) => data.sourceSnapshots);
    expect(snapshots.map(({ remainingSources }) => remainingSources)).toEqual([2, 1, 0]);
    expect(
      snapshots
        .slice(0, 2)
        .map(({ result }) => result.source.key)
        .toSorted(),
    ).toEqual(['dead', 'good']);
    expect(snapshots.at(-1)).toMatchObject({ result: { source: { key: 'slow' }, outcome: 'TIMED_OUT' }, jobs: [] });
    expect(snapshots.find(({ result }) => result.source.key === 'good')).toMatchObject({
      result: { outcome: 'OK', count: 1, error: null },
      jobs: [{ name: 'Nightly', runs: { totalCount: 0 } }],
    });
  });

  it('ends the reads of a snapshot when the listener leaves', async () => {
    const slow = new FakeSource({ key: 'slow', stalls: true, defaults: { patienceMs: 60_000 } });
    lab = await openLab([slow]);
    const query = 'subscription { sourceSnapshots { remainingSources } }';
    const told = subscribe(transport, lab.url, { query });
    const waiting = told.next();
    await vi.waitUntil(() => slow.calls.length === 1);
    await told.leave();
    await waiting;
    await vi.waitUntil(() => slow.calls[0]?.signal.aborted === true);
  });

  it('carries out queries and mutations too', async () => {
    const { source } = liveSource();
    lab = await openLab([source]);
    const query = '{ backupJobs { nodes { name } } }';
    expect(await allOf(subscribe(transport, lab.url, { query }))).toEqual([
      { data: { backupJobs: { nodes: [{ name: 'Nightly' }] } } },
    ]);
    const mutation =
      'mutation { cancelBackup(input: { run: "gid://backup/BackupRun/s/none" }) { userErrors { code } } }';
    expect(await allOf(subscribe(transport, lab.url, { query: mutation }))).toEqual([
      { data: { cancelBackup: { userErrors: [{ code: 'NOT_FOUND' }] } } },
    ]);
  });

  it('tells a failed field beside the data, in the words of all answers, with a request id', async () => {
    const failure = new GatewayError('NETWORK', 'cannot be reached', { sourceKey: 's' });
    const { source, set } = liveSource();
    set('a', RUNNING);
    source.reader.readJobs = async () => {
      throw failure;
    };
    lab = await openLab([source]);
    const changes = subscribe(transport, lab.url, { query: CHANGES });
    expect(await changes.next()).toMatchObject({
      data: { backupRunChanged: { run: { status: 'RUNNING', job: null } } },
      errors: [
        {
          message: 'cannot be reached',
          path: ['backupRunChanged', 'run', 'job'],
          extensions: { code: 'NETWORK', serviceName: 's', retryable: true, requestId: expect.any(String) },
        },
      ],
    });
    await changes.leave();
  });

  it('masks and logs what nobody foresaw', async () => {
    const { source, set } = liveSource();
    set('a', RUNNING);
    source.reader.readJobs = async () => {
      throw new TypeError('hunter2');
    };
    lab = await openLab([source]);
    const changes = subscribe(transport, lab.url, { query: CHANGES });
    const told = JSON.stringify(await changes.next());
    expect(told).toContain('INTERNAL');
    expect(told).not.toContain('hunter2');
    expect(lab.lines.join('')).toContain('unexpected failure');
    await changes.leave();
  });
});

/** What a refused operation is answered over both transports; the clients throw it over WebSocket. */
async function refusalOf(transport: Transport, url: string, query: string, variables = {}): Promise<unknown> {
  try {
    const [first] = await allOf(subscribe(transport, url, { query, variables }));
    return first?.errors;
  } catch (errors) {
    return errors;
  }
}

describe.each<Transport>(['SSE', 'WebSocket'])('server/subscriptions refuses over %s', (transport) => {
  it.each([
    ['text that is no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', 'subscription { none }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two root fields',
      'subscription { sourceHealthChanged { key } sourceSnapshots { remainingSources } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable of another type',
      'subscription ($f: BackupRunFilter) { backupRunChanged(filter: $f) { observedAt } }',
      'BAD_USER_INPUT',
    ],
    ['a source that is not configured', 'subscription { sourceHealthChanged(sources: ["x"]) { key } }', 'NOT_FOUND'],
    [
      'a job id that is none',
      'subscription { backupRunChanged(filter: { jobs: ["x"] }) { observedAt } }',
      'INVALID_INPUT',
    ],
    [
      'patience without end',
      'subscription { sourceSnapshots(read: { patience: "PT2H" }) { remainingSources } }',
      'INVALID_INPUT',
    ],
    [
      'too deep',
      `subscription { sourceHealthChanged ${'{ jobs { nodes { source '.repeat(6)}{ key }${' } } }'.repeat(6)} }`,
      'OPERATION_TOO_LARGE',
    ],
    [
      'too many rows',
      'subscription { sourceSnapshots { jobs { runs(first: 500) { nodes { job { runs(first: 500) { nodes { id } } } } } } } }',
      'OPERATION_TOO_LARGE',
    ],
  ])('%s', async (_name, query, code) => {
    const { source } = liveSource();
    lab = await openLab([source]);
    const errors = await refusalOf(transport, lab.url, query, { f: 7 });
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.any(String), extensions: expect.objectContaining({ code }) }),
    ]);
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ requestId: expect.any(String) }) }),
    ]);
    expect([source.reads, lab.hub.counts().listeners, lab.operations.size]).toEqual([[], 0, 0]);
  });
});
