import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { decodeChangeCursor, encodeChangeCursor } from '../../src/history/change-cursor.ts';
import type { HistoryStore } from '../../src/store/history-store.ts';
import { openStores } from '../../src/store/open-store.ts';
import { runOfText, runToText } from '../../src/store/run-text.ts';
import { sampleRun } from '../support/domain-samples.ts';
import { chronicleOf } from '../support/run-operation.ts';

const DAY_MS = 24 * 3_600_000;
const at = (text: string): Date => new Date(`2026-11-${text}:00Z`);

function stage(options: { readonly keepMs?: number; readonly store?: HistoryStore } = {}) {
  const store = options.store ?? openStores('sqlite::memory:').history;
  const written: number[] = [];
  const counting: HistoryStore = new Proxy(store, {
    get: (target, name) =>
      name === 'write'
        ? (batch: Parameters<HistoryStore['write']>[0]) => {
            written.push(batch.runs?.length ?? 0);
            return target.write(batch);
          }
        : (Reflect.get(target, name) as () => unknown).bind(target),
  });
  const time = { now: at('20T12:00') };
  const errors: string[] = [];
  const chronicle = chronicleOf(() => time.now, { ...options, store: counting, errors });
  const told = async (rows: readonly BackupRun[], asked = time.now): Promise<void> => {
    chronicle.toldRuns('src', rows, undefined, { askedAtMs: asked.getTime(), isWhole: true });
    await chronicle.settled();
  };
  const kept = async (): Promise<string[]> => {
    const runs = (await chronicle.historyOf('src')?.runs({ told: [] })) ?? [];
    return runs.map(({ nativeId, status }) => `${nativeId} ${status}`).toSorted();
  };
  /** What changed since the beginning, and the cursor behind it. */
  const changes = async (): Promise<string[]> => {
    const storeId = await store.identity();
    const { changes: found } = await chronicle.changesAfter({ storeId, number: 0 }, 500, ['src']);
    return found.map(
      ({ kind, nativeId, previous, content }) =>
        `${kind} ${nativeId} ${previous} ${/"(?:status|verdict|state)":"(\w+)"/.exec(content)?.[1]}`,
    );
  };
  return { chronicle, store, time, errors, written, told, kept, changes };
}

const running = (nativeId: string, start: string): BackupRun =>
  sampleRun({ nativeId, status: 'RUNNING', startedAt: at(start), endedAt: undefined, observedAt: at(start) });

describe('history/chronicle: runs', () => {
  it('keeps each run once, in its newest state, and as UNKNOWN what was last seen under way', async () => {
    const { told, kept } = stage();
    await told([sampleRun({ nativeId: 'a' }), running('b', '20T11:00'), running('c', '20T11:00')]);
    await told([sampleRun({ nativeId: 'b', status: 'FAILED', observedAt: at('20T12:30') })]);
    expect(await kept()).toEqual(['a SUCCEEDED', 'b FAILED', 'c UNKNOWN']);
  });

  it('does not take an older reading for news', async () => {
    const { told, kept, changes } = stage();
    await told([sampleRun({ nativeId: 'a', observedAt: at('20T12:00') })]);
    await told([running('a', '20T11:00')]);
    expect([await kept(), await changes()]).toEqual([['a SUCCEEDED'], []]);
  });

  it('writes nothing for what it has written before, also when another process did', async () => {
    const { store, told, written } = stage();
    const rows = [sampleRun({ nativeId: 'a' }), sampleRun({ nativeId: 'b' })];
    await told(rows);
    await told(rows.map((run) => ({ ...run, observedAt: at('20T13:00') })));
    expect(written.filter((count) => count > 0)).toEqual([2]);
    const second = stage({ store });
    await second.told(rows);
    expect(second.written.filter((count) => count > 0)).toEqual([]);
  });

  it('leaves out what the vendor tells, and what lies outside of the stretch', async () => {
    const { chronicle, told } = stage();
    const rows = ['17', '18', '19'].map((day) => sampleRun({ nativeId: day, startedAt: at(`${day}T01:00`) }));
    await told(rows);
    const question = { from: at('18T01:00'), to: at('20T00:00'), told: rows.slice(2) };
    const runs = await chronicle.historyOf('src')?.runs(question);
    expect(runs?.map(({ nativeId, fromHistory }) => [nativeId, fromHistory])).toEqual([['18', true]]);
    expect(await chronicle.historyOf('other')?.runs({ told: [] })).toEqual([]);
  });

  it('forgets what is older than it is told to keep, and takes nothing older', async () => {
    const { told, kept, time } = stage({ keepMs: 30 * DAY_MS });
    await told([sampleRun({ nativeId: 'old', startedAt: at('01T00:00') }), sampleRun({ nativeId: 'new' })]);
    expect(await kept()).toEqual(['new SUCCEEDED', 'old SUCCEEDED']);
    time.now = new Date(at('20T12:00').getTime() + 15 * DAY_MS);
    await told([sampleRun({ nativeId: 'ancient', startedAt: at('02T00:00') })]);
    expect(await kept()).toEqual(['new SUCCEEDED']);
  });

  it('has no past when none is to be kept, and tells changes all the same', async () => {
    const { chronicle, told, changes } = stage({ keepMs: 0 });
    await told([running('a', '20T11:00')]);
    await told([sampleRun({ nativeId: 'a', status: 'FAILED', observedAt: at('20T12:30') })]);
    expect(chronicle.historyOf('src')).toBeUndefined();
    expect(await changes()).toEqual(['RUN a RUNNING FAILED']);
  });

  it('leaves the event loop free while many runs are written', async () => {
    const { chronicle, kept } = stage();
    const rows = Array.from({ length: 3_000 }, (_, index) => sampleRun({ nativeId: `r${index}` }));
    let turns = 0;
    let isDone = false;
    const tick = (): void => {
      turns += 1;
      if (!isDone) setImmediate(tick);
    };
    setImmediate(tick);
    chronicle.toldRuns('src', rows, undefined);
    await chronicle.settled();
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(10);
    expect((await kept()).length).toBe(3_000);
  });

  it('says once that the store fails, fails no caller, and writes again what it could not write', async () => {
    const { store } = stage();
    let isBroken = true;
    const broken: HistoryStore = new Proxy(store, {
      get: (target, name) =>
        isBroken
          ? () =>
              Promise.reject(new GatewayError('STORE_UNAVAILABLE', 'The store cannot be written: the disk is full.'))
          : (Reflect.get(target, name) as () => unknown).bind(target),
    });
    const { chronicle, errors, told, kept } = stage({ store: broken });
    await told([sampleRun({ nativeId: 'a' })]);
    await told([sampleRun({ nativeId: 'a' })]);
    expect(await chronicle.historyOf('src')?.runs({ told: [] })).toEqual([]);
    expect(errors).toEqual(['history cannot be kept']);
    isBroken = false;
    await told([sampleRun({ nativeId: 'a' })]);
    expect(await kept()).toEqual(['a SUCCEEDED']);
  });

  it('writes what was told before it was closed, and takes nothing after', async () => {
    const { chronicle, kept } = stage();
    chronicle.toldRuns('src', [sampleRun({ nativeId: 'a' })], undefined);
    await chronicle.close();
    chronicle.toldRuns('src', [sampleRun({ nativeId: 'b' })], undefined);
    await chronicle.settled();
    expect(await kept()).toEqual(['a SUCCEEDED']);
  });

  it('gives a run back as it was, but for its log lines', () => {
    const run = sampleRun({
      jobNativeId: undefined,
      bytes: 2n ** 60n,
      queuedAt: at('20T00:59'),
      messages: [{ id: undefined, text: 'a line', args: [], severity: 'INFO' }],
      conditions: [{ kind: 'WARNINGS', nativeKind: 'Warning', severity: 'WARNING' }],
      details: {
        type: 'IntronisReportDetails',
        reportDate: at('20T02:00'),
        localStart: undefined,
        localEnd: undefined,
        conditionTypes: ['X'],
      },
    });
    const text = runToText(run);
    expect(text).not.toContain('a line');
    expect(runOfText(text)).toEqual({ ...run, messages: 'NOT_TOLD' });
    expect('jobNativeId' in runOfText(text)).toBe(true);
  });
});

describe('history/chronicle: changes', () => {
  it('takes what there is at the first look for history, and what begins or turns later for changes', async () => {
    const { told, changes, time } = stage();
    await told([sampleRun({ nativeId: 'old' }), running('under-way', '20T11:00'), running('just-begun', '20T11:59')]);
    expect(await changes()).toEqual([]);
    time.now = at('20T13:00');
    await told([
      sampleRun({ nativeId: 'older', startedAt: at('10T01:00'), endedAt: at('10T02:00') }),
      sampleRun({ nativeId: 'under-way', startedAt: at('20T11:00'), endedAt: at('20T12:30'), observedAt: time.now }),
      running('fresh', '20T12:50'),
    ]);
    expect(await changes()).toEqual(['RUN under-way RUNNING SUCCEEDED', 'RUN fresh undefined RUNNING']);
  });

  it('reads the beginning of a run on the vendor clock, which may be some minutes out', async () => {
    const { chronicle, changes, time } = stage();
    const skew = 3_600;
    chronicle.toldRuns('src', [], skew, { askedAtMs: time.now.getTime(), isWhole: true });
    chronicle.toldRuns('src', [running('before', '20T12:50'), running('after', '20T12:57')], skew);
    await chronicle.settled();
    expect(await changes()).toEqual(['RUN after undefined RUNNING']);
  });

  it('tells states that turn, and neither the first one nor that a source was not called yet', async () => {
    const { chronicle, changes } = stage();
    for (const state of ['UNKNOWN', 'UP', 'UP', 'DEGRADED', 'UNKNOWN', 'DOWN', 'UP'] as const)
      chronicle.toldState('src', state);
    await chronicle.settled();
    expect(await changes()).toEqual(['HEALTH  UP DEGRADED', 'HEALTH  DEGRADED DOWN', 'HEALTH  DOWN UP']);
  });

  it('tells verdicts that turn: UNKNOWN for all that is known when the source cannot be read', async () => {
    const { chronicle, changes } = stage();
    const object = (nativeId: string) =>
      ({ sourceKey: 'src', nativeId, name: nativeId.toUpperCase(), kind: 'APPLIANCE' }) as const;
    const [a, b] = [object('a'), object('b')];
    chronicle.toldVerdicts('src', undefined, at('20T08:00'));
    chronicle.toldVerdicts('src', [{ object: a, verdict: 'MET' }], at('20T09:00'));
    chronicle.toldVerdicts('src', undefined, at('20T10:00'));
    chronicle.toldVerdicts('src', undefined, at('20T11:00'));
    const both = [
      { object: a, verdict: 'BREACHED' },
      { object: b, verdict: 'MET' },
    ] as const;
    chronicle.toldVerdicts('src', both, at('20T12:00'));
    // Worked out before, and told late.
    chronicle.toldVerdicts('src', [{ object: a, verdict: 'MET' }], at('20T11:30'));
    await chronicle.settled();
    chronicle.toldVerdicts('src', [{ object: b, verdict: 'MET' }], at('20T13:00'));
    chronicle.toldVerdicts('src', [{ object: b, verdict: 'MET' }], at('20T14:00'));
    await chronicle.settled();
    expect(await changes()).toEqual([
      'RPO a MET UNKNOWN',
      'RPO a UNKNOWN BREACHED',
      'RPO b undefined MET',
      'RPO a BREACHED UNKNOWN',
    ]);
  });

  it('keeps the newest 20,000, and says of a cursor behind which something is gone that it is not contiguous', async () => {
    const { chronicle, store, told, time } = stage();
    await told([]);
    time.now = at('20T13:00');
    const rows = Array.from({ length: 20_250 }, (_, index) => running(`r${index}`, '20T12:30'));
    await told(rows);
    const storeId = await store.identity();
    const page = await chronicle.changesAfter({ storeId, number: 0 }, 1, ['src']);
    expect([page.contiguous, page.changes[0]?.number]).toEqual([false, 251]);
    const edge = await chronicle.changesAfter({ storeId, number: 250 }, 1, ['src']);
    expect([edge.contiguous, edge.changes[0]?.nativeId]).toEqual([true, 'r250']);
  });

  it('forgets changes after 7 days', async () => {
    const { chronicle, store, told, time } = stage();
    await told([]);
    time.now = at('20T13:00');
    await told([running('a', '20T12:30')]);
    time.now = at('28T13:00');
    await told([running('b', '28T12:30')]);
    const storeId = await store.identity();
    const old = await chronicle.changesAfter({ storeId, number: 0 }, 5, ['src']);
    expect([old.contiguous, old.changes.map(({ nativeId }) => nativeId)]).toEqual([false, ['b']]);
    const fresh = await chronicle.changesAfter({ storeId, number: 1 }, 5, ['src']);
    expect([fresh.contiguous, fresh.changes.map(({ nativeId }) => nativeId)]).toEqual([true, ['b']]);
  });

  it('pages through 10,000 changes completely, each once', async () => {
    const { chronicle, store, told, time } = stage();
    await told([]);
    time.now = at('20T13:00');
    await told(Array.from({ length: 10_000 }, (_, index) => running(`r${index}`, '20T12:30')));
    let cursor = { storeId: await store.identity(), number: 0 };
    const seen = new Set<string>();
    for (;;) {
      const page = await chronicle.changesAfter(cursor, 499, ['src']);
      expect(page.contiguous).toBe(true);
      for (const { nativeId } of page.changes) seen.add(nativeId);
      cursor = decodeChangeCursor(page.next, 'since');
      if (page.changes.length < 499) break;
    }
    expect([seen.size, cursor.number]).toEqual([10_000, 10_000]);
  });

  it('gives of another store, and of one that was set back, what there is from the oldest on', async () => {
    const { chronicle, store, told, time } = stage();
    await told([]);
    time.now = at('20T13:00');
    await told([running('a', '20T12:30')]);
    const storeId = await store.identity();
    for (const cursor of [
      { storeId: '0123456789abcdef', number: 1 },
      { storeId, number: 77 },
    ]) {
      const { contiguous, changes, next } = await chronicle.changesAfter(cursor, 10, ['src']);
      expect([contiguous, changes.length, decodeChangeCursor(next, 'since')]).toEqual([
        false,
        1,
        { storeId, number: 1 },
      ]);
    }
  });

  it('goes past changes of sources that are not asked for', async () => {
    const { chronicle, store } = stage();
    chronicle.toldState('gone', 'UP');
    chronicle.toldState('gone', 'DOWN');
    await chronicle.settled();
    const storeId = await store.identity();
    const { changes, next } = await chronicle.changesAfter({ storeId, number: 0 }, 10, ['src']);
    expect([changes, decodeChangeCursor(next, 'since').number]).toEqual([[], 1]);
  });

  it('refuses what is no cursor, and never repeats it', () => {
    const good = encodeChangeCursor({ storeId: '0123456789abcdef', number: 7 });
    expect(decodeChangeCursor(good, 'since')).toEqual({ storeId: '0123456789abcdef', number: 7 });
    for (const bad of ['', 'x', `${good}=`, `${good}AAAA`, 'hunter2'.repeat(50)]) {
      expect(() => decodeChangeCursor(bad, 'since')).toThrow(
        expect.objectContaining({
          code: 'INVALID_INPUT',
          argument: 'since',
          message: expect.not.stringContaining('hunter2'),
        }),
      );
    }
  });
});
