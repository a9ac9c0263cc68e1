import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { SourceHealth } from '../../src/domain/source.ts';
import { openStores, type Stores } from '../../src/store/open-store.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { chronicleOf, remembered, runOperation } from '../support/run-operation.ts';

const CHANGES = `query ($since: String, $first: Int) { changes(since: $since, first: $first) {
  contiguous next
  changes {
    __typename
    ... on BackupRunChange { previousStatus observedAt pollInterval run { id status fromHistory job { name } } }
    ... on RpoChange { previousVerdict verdict object { name rpo { verdict } } }
    ... on SourceHealthChange { previousState state source { key health { state } } }
  }
} }`;

interface Told {
  readonly __typename: string;
  readonly run?: { readonly id: string; readonly status: string };
  readonly previousStatus?: string | null;
  readonly previousVerdict?: string | null;
  readonly previousState?: string | null;
  readonly verdict?: string;
  readonly state?: string;
  readonly source?: { readonly key: string };
  readonly object?: { readonly name: string };
}

function inWords(told: Told): string {
  const { run, previousStatus, previousVerdict, verdict, previousState, state, source, object } = told;
  if (run !== undefined) return `${run.id.split('/').at(-1)}: ${previousStatus} > ${run.status}`;
  if (object !== undefined) return `${object.name}: ${previousVerdict} > ${verdict}`;
  return `${source?.key}: ${previousState} > ${state}`;
}

/** A gateway over two sources that a test changes as it goes. */
function stage(stores: Stores = openStores('sqlite::memory:')) {
  const time = { now: new Date('2026-11-20T12:00:00Z') };
  const now = (): Date => time.now;
  const chronicle = chronicleOf(now, { store: stores.history });
  const lives = ['one', 'two'].map((key) => ({
    key,
    jobs: [sampleJob({ sourceKey: key })],
    objects: [{ sourceKey: key, nativeId: 'o1', name: `Object of ${key}`, kind: 'APPLIANCE' as const }],
    runs: [sampleRun({ sourceKey: key, nativeId: 'first', startedAt: new Date('2026-11-20T01:00:00Z') })],
    rpoMs: 24 * 3_600_000,
    health: { state: 'UP' } as Partial<SourceHealth>,
  }));
  const fakes = lives.map((live) => new FakeSource(live));
  const sources = remembered(chronicle, fakes, now);
  const ask = (since: string | null, first = 100) =>
    runOperation(CHANGES, sources, { variables: { since, first }, now, chronicle });
  const start = async (): Promise<string> => (await ask(null)).data.changes.next as string;
  const told = async (since: string): Promise<string[]> => {
    const { data, errors } = await ask(since);
    expect([errors, data.changes.contiguous]).toEqual([[], true]);
    return (data.changes.changes as Told[]).map(inWords);
  };
  /** Some minutes later. */
  const later = (minutes: number): void => void (time.now = new Date(time.now.getTime() + minutes * 60_000));
  const set = (index: number, nativeId: string, values: Partial<BackupRun>): void => {
    const { key = '', runs = [] } = lives[index] ?? {};
    const known = runs.findIndex((run) => run.nativeId === nativeId);
    const before = known < 0 ? sampleRun({ sourceKey: key, nativeId, startedAt: time.now }) : runs[known];
    const run = { ...(before as BackupRun), ...values, observedAt: time.now };
    if (known < 0) runs.push(run);
    else runs[known] = run;
  };
  const breaks = (index: number): void => {
    const failure = new GatewayError('NETWORK', 'gone', { sourceKey: lives[index]?.key });
    Object.assign(lives[index] ?? {}, { failure, health: { state: 'DOWN' } });
  };
  return { ask, start, told, later, set, breaks, chronicle, sources, fakes, time, stores };
}

const RUNNING = { status: 'RUNNING', endedAt: undefined, durationSeconds: undefined } as const;

describe('graphql: changes', () => {
  it('starts with nothing, and misses nothing for a client that does no more than ask again', async () => {
    const { ask, told, later, set } = stage();
    const begun = await ask(null);
    expect(begun.data.changes).toEqual({ changes: [], contiguous: true, next: expect.any(String) as string });
    const since = begun.data.changes.next as string;
    expect(await told(since)).toEqual([]);
    later(1);
    set(0, 'second', RUNNING);
    expect(await told(since)).toEqual(['second: null > RUNNING']);
    later(1);
    set(0, 'second', { status: 'FAILED' });
    expect(await told(since)).toEqual(['second: null > RUNNING', 'second: RUNNING > FAILED']);
  });

  it('gives a run as it was then, with how far apart looks are, and what is read below it', async () => {
    const { ask, start, later, set, told } = stage();
    const since = await start();
    later(1);
    set(0, 'second', RUNNING);
    await told(since);
    later(1);
    set(0, 'second', { status: 'SUCCEEDED' });
    const { data, errors } = await ask(since, 1);
    expect(errors).toEqual([]);
    expect(data.changes.changes).toEqual([
      {
        __typename: 'BackupRunChange',
        previousStatus: null,
        observedAt: '2026-11-20T12:01:00.000Z',
        pollInterval: 'PT1M',
        run: { id: 'gid://backup/BackupRun/one/second', status: 'RUNNING', fromHistory: false, job: { name: 'Job 1' } },
      },
    ]);
  });

  it('tells a verdict that turns by the passing of time alone, and back', async () => {
    const { start, told, later, set, time } = stage();
    const since = await start();
    later(14 * 60);
    const turned = ['Object of one: MET > BREACHED', 'Object of two: MET > BREACHED'];
    expect((await told(since)).toSorted()).toEqual(turned);
    set(1, 'second', { startedAt: time.now, endedAt: time.now });
    later(1);
    expect((await told(since)).slice(2)).toEqual(['second: null > SUCCEEDED', 'Object of two: BREACHED > MET']);
  });

  it('tells that a source is down, that nothing is known of what it protects, and what happened elsewhere', async () => {
    const { start, told, later, set, breaks, ask } = stage();
    const since = await start();
    later(1);
    breaks(0);
    set(1, 'second', RUNNING);
    expect((await told(since)).toSorted()).toEqual([
      'Object of one: MET > UNKNOWN',
      'one: UP > DOWN',
      'second: null > RUNNING',
    ]);
    const { data } = await ask(since);
    expect(data.changes.changes).toContainEqual({
      __typename: 'SourceHealthChange',
      previousState: 'UP',
      state: 'DOWN',
      source: { key: 'one', health: { state: 'DOWN' } },
    });
  });

  it('costs no news of others when the gateway itself fails over a source', async () => {
    const { start, told, later, set, fakes } = stage();
    const since = await start();
    later(1);
    set(1, 'second', RUNNING);
    Object.assign(fakes[0]?.reader ?? {}, { listJobs: () => Promise.reject(new TypeError('a fault')) });
    expect(await told(since)).toContain('second: null > RUNNING');
  });

  it('gives each of many callers at once each change once, and writes nothing twice', async () => {
    const { start, later, set, ask, told } = stage();
    const since = await start();
    later(1);
    for (const index of [0, 1]) set(index, 'second', RUNNING);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(since)));
    for (const { data } of answers) {
      expect((data.changes.changes as Told[]).map(inWords)).toEqual([
        'second: null > RUNNING',
        'second: null > RUNNING',
      ]);
    }
    expect((await told(since)).length).toBe(2);
  });

  it('pages, and says nothing twice', async () => {
    const { start, later, set, ask } = stage();
    let since = await start();
    later(1);
    for (let index = 0; index < 5; index += 1) set(0, `r${index}`, RUNNING);
    const pages: string[][] = [];
    for (let index = 0; index < 4; index += 1) {
      const { data } = await ask(since, 2);
      pages.push((data.changes.changes as Told[]).map(inWords));
      since = data.changes.next as string;
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
    expect(new Set(pages.flat()).size).toBe(5);
  });

  it('compares with the store after a restart, so that nothing that turned meanwhile is missed', async () => {
    const first = stage();
    first.set(0, 'under-way', RUNNING);
    const since = await first.start();
    await first.chronicle.close();
    const second = stage(first.stores);
    second.later(120);
    second.set(0, 'under-way', { startedAt: new Date('2026-11-20T12:00:00Z'), status: 'SUCCEEDED' });
    second.set(0, 'meanwhile', { startedAt: new Date('2026-11-20T13:00:00Z'), status: 'FAILED' });
    second.breaks(1);
    expect((await second.told(since)).toSorted()).toEqual([
      'Object of two: MET > UNKNOWN',
      'meanwhile: null > FAILED',
      'two: UP > DOWN',
      'under-way: RUNNING > SUCCEEDED',
    ]);
  });

  it('says of a cursor of another store that the caller must read afresh', async () => {
    const other = await stage().start();
    const { ask, start, later, set, told } = stage();
    const own = await start();
    later(1);
    set(0, 'second', RUNNING);
    await told(own);
    const { data, errors } = await ask(other);
    expect(errors).toEqual([]);
    expect(data.changes.contiguous).toBe(false);
    expect((data.changes.changes as Told[]).map(inWords)).toEqual(['second: null > RUNNING']);
    expect(await told(data.changes.next as string)).toEqual([]);
  });

  it.each([['""'], ['"x"'], ['"Y2hhbmdlcyAxIDE"']])('refuses the cursor %s, naming the argument', async (since) => {
    const { sources, chronicle, fakes } = stage();
    const { data, errors } = await runOperation(`{ changes(since: ${since}) { next } }`, sources, { chronicle });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'since' } }]);
    expect(fakes.flatMap(({ reads }) => reads)).toEqual([]);
  });

  it.each([-1, 0, 501])('refuses a page of %d', async (first) => {
    const { errors } = await stage().ask(null, first);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'first' } }]);
  });

  it('says so when the gateway keeps none, or its store fails', async () => {
    const { sources } = stage();
    const none = await runOperation('{ changes { next } }', sources, { chronicle: undefined });
    expect(none.errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
    const broken = stage();
    await broken.stores.operations.close();
    const { errors, unexpected } = await broken.ask(null);
    expect([errors.map(({ extensions }) => extensions['code']), unexpected]).toEqual([['STORE_UNAVAILABLE'], []]);
  });
});
