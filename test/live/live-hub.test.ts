import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { LiveHub, type RunChange } from '../../src/live/live-hub.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { RUNNING, ScriptedSource } from './scripted-source.ts';

const PACE = { fastMs: 5_000, slowMs: 60_000, longestMs: 300_000 };
const DOWN = new GatewayError('NETWORK', 'cannot be reached', { sourceKey: 'src' });

function stage(...keys: string[]) {
  const clock = new FakeClock();
  const sources = (keys.length === 0 ? ['src'] : keys).map((key) => new ScriptedSource(key));
  const faults: unknown[] = [];
  const tooSlow: string[] = [];
  const hub = new LiveHub({ sources, clock, pace: PACE, maxPending: 5, onFault: (error) => faults.push(error) });
  const [source] = sources as [ScriptedSource];
  const all = sources.map(({ key }) => key);
  /** Listens, and writes down what is told. */
  const listen = (sourceKeys = all, fits: (run: { nativeId: string }) => boolean = () => true) => {
    const told: string[] = [];
    const changes: RunChange[] = [];
    const queue = hub.runs({ sourceKeys, fits, onTooSlow: () => tooSlow.push('run listener') });
    void (async () => {
      for await (const change of queue) {
        changes.push(change);
        told.push(`${change.run.nativeId} ${change.previousStatus} ${change.run.status}`);
      }
      told.push('DONE');
    })();
    return { told, changes, leave: () => queue.return() };
  };
  return { clock, hub, source, sources, faults, tooSlow, listen };
}

describe('live/live-hub', () => {
  it('looks at nothing while nobody listens', async () => {
    const { clock, hub, source } = stage();
    await clock.pass(600_000);
    expect([source.reads, clock.timers, hub.counts()]).toEqual([[], 0, { listeners: 0, pollers: 0 }]);
  });

  it('looks slowly while nothing runs and fast while something does, and says so in the event', async () => {
    const { clock, source, listen } = stage();
    const { told, changes } = listen();
    await clock.pass(0);
    expect(clock.nextInMs).toBe(60_000);
    source.set('a', RUNNING);
    await clock.pass(60_000);
    expect(clock.nextInMs).toBe(5_000);
    source.set('a', { status: 'SUCCEEDED', endedAt: new Date('2026-11-20T08:01:04Z') });
    await clock.pass(5_000);
    expect(clock.nextInMs).toBe(60_000);
    expect(told).toEqual(['a undefined RUNNING', 'a RUNNING SUCCEEDED']);
    expect(changes.map(({ pollIntervalMs }) => pollIntervalMs)).toEqual([5_000, 60_000]);
    expect(changes.map(({ observedAt }) => observedAt.toISOString())).toEqual([
      '2026-11-20T08:01:00.000Z',
      '2026-11-20T08:01:05.000Z',
    ]);
  });

  it.each([
    [0, 54_000],
    [0.999_999, 66_000],
  ])('spreads looks by a tenth: chance %d gives %d ms', async (chance, expected) => {
    const { clock, listen } = stage();
    clock.chance = chance;
    listen();
    await clock.pass(0);
    expect(clock.nextInMs).toBe(expected);
  });

  it('makes one look for a thousand listeners, and tells all', async () => {
    const { clock, hub, source, listen } = stage();
    const listeners = Array.from({ length: 1_000 }, () => listen());
    source.set('a', RUNNING);
    await clock.pass(20_000);
    const alone = stage();
    alone.listen();
    alone.source.set('a', RUNNING);
    await alone.clock.pass(20_000);
    expect(source.reads.length).toBe(alone.source.reads.length);
    expect(listeners.every(({ told }) => told[0] === 'a undefined RUNNING')).toBe(true);
    expect(hub.counts()).toEqual({ listeners: 1_000, pollers: 1 });
  });

  it('tells a listener who comes later what is under way, without another look', async () => {
    const { clock, source, listen } = stage();
    source.set('a', { ...RUNNING, status: 'QUEUED' });
    listen();
    await clock.pass(0);
    const { told } = listen();
    await settled();
    expect([told, source.reads]).toEqual([['a undefined QUEUED'], ['listRuns']]);
  });

  it('tells each listener only of its sources and of what fits', async () => {
    const { clock, sources, listen } = stage('one', 'two');
    const first = listen(['one']);
    const second = listen(['two'], ({ nativeId }) => nativeId === 'wanted');
    sources[0]?.set('a', RUNNING);
    sources[1]?.set('wanted', RUNNING);
    sources[1]?.set('other', RUNNING);
    await clock.pass(0);
    expect([first.told, second.told]).toEqual([['a undefined RUNNING'], ['wanted undefined RUNNING']]);
  });

  it('stops looking when the last listener leaves, and leaves no timer behind', async () => {
    const { clock, hub, source, listen } = stage();
    const listeners = [listen(), listen()];
    await clock.pass(0);
    await listeners[0]?.leave();
    expect(hub.counts()).toEqual({ listeners: 1, pollers: 1 });
    await listeners[1]?.leave();
    expect([hub.counts(), clock.timers]).toEqual([{ listeners: 0, pollers: 0 }, 0]);
    await clock.pass(600_000);
    expect(source.reads).toEqual(['listRuns']);
  });

  it('ends a look that is under way when the last listener leaves', async () => {
    const { clock, source, listen } = stage();
    source.stalls = true;
    const { leave } = listen();
    await clock.pass(0);
    await leave();
    await settled();
    expect([source.calls[0]?.signal.aborted, clock.timers]).toEqual([true, 0]);
  });

  it('survives ten thousand who come and go, with a look a second at most and nothing left behind', async () => {
    const { clock, hub, source } = stage();
    for (let index = 0; index < 10_000; index += 1) {
      const queue = hub.runs({ sourceKeys: ['src'], fits: () => true, onTooSlow: () => undefined });
      await clock.pass(1);
      await queue.return();
    }
    expect(source.reads.length).toBeLessThanOrEqual(11);
    expect([hub.counts(), clock.timers]).toEqual([{ listeners: 0, pollers: 0 }, 0]);
  }, 60_000);

  it('asks less and less often while the source fails, to five minutes, and tells everything anew when it is back', async () => {
    const { clock, source, listen } = stage();
    for (const id of ['still', 'ends', 'quiet']) source.set(id, RUNNING);
    const { told } = listen();
    await clock.pass(0);
    told.length = 0;
    source.failure = DOWN;
    const gaps: (number | undefined)[] = [];
    for (let index = 0; index < 8; index += 1) {
      await clock.pass(clock.nextInMs ?? 0);
      gaps.push(clock.nextInMs);
    }
    expect(gaps).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
    expect(told).toEqual([]);
    source.failure = undefined;
    source.set('ends', { status: 'FAILED', endedAt: new Date('2026-11-20T08:02:00Z') });
    source.set('unseen', { startedAt: new Date('2026-11-20T08:03:00Z'), endedAt: new Date('2026-11-20T08:04:00Z') });
    source.set('fresh', { ...RUNNING, startedAt: new Date('2026-11-20T08:05:00Z') });
    await clock.pass(300_000);
    expect(told.toSorted()).toEqual([
      'ends RUNNING FAILED',
      'fresh undefined RUNNING',
      'quiet RUNNING RUNNING',
      'still RUNNING RUNNING',
      'unseen undefined SUCCEEDED',
    ]);
    expect(clock.nextInMs).toBe(5_000);
  });

  it('asks for a day before an outage, however long it was, on whole hours', async () => {
    const { clock, source, listen } = stage();
    listen();
    await clock.pass(0);
    expect(source.startedAfter.at(-1)?.toISOString()).toBe('2026-11-19T08:00:00.000Z');
    source.failure = DOWN;
    await clock.pass(3 * 24 * 3_600_000 + 1_800_000);
    expect(source.startedAfter.at(-1)?.toISOString()).toBe('2026-11-19T08:00:00.000Z');
    source.failure = undefined;
    await clock.pass(600_000);
    expect(source.startedAfter.at(-1)?.toISOString()).toBe('2026-11-22T08:00:00.000Z');
  });

  it('asks a vendor whose clock is behind for as much more', async () => {
    const { clock, source, listen } = stage();
    source.clockSkewSeconds = -5 * 3_600;
    listen();
    await clock.pass(0);
    expect(source.startedAfter[0]?.toISOString()).toBe('2026-11-19T03:00:00.000Z');
  });

  it('asks for a run by its id when it was under way and the list has it no more', async () => {
    const { clock, source, listen } = stage();
    source.set('a', RUNNING);
    source.set('gone', RUNNING);
    const { told } = listen();
    await clock.pass(0);
    source.unlisted.add('a');
    source.set('a', { status: 'CANCELED' });
    source.runs = source.runs.filter(({ nativeId }) => nativeId !== 'gone');
    await clock.pass(5_000);
    expect(source.reads).toEqual(['listRuns', 'listRuns', 'readRuns a gone']);
    expect(told).toEqual(['a undefined RUNNING', 'gone undefined RUNNING', 'a RUNNING CANCELED']);
    await clock.pass(60_000);
    expect(source.reads.at(-1)).toBe('listRuns');
  });

  it('takes no answer from before the last look, and at first one of the last seconds', async () => {
    const { clock, source, listen } = stage();
    source.set('a', RUNNING);
    listen();
    await clock.pass(5_000);
    const [first, second] = source.calls.map(({ freshSince }) => new Date(freshSince).toISOString());
    expect([first, second]).toEqual(['2026-11-20T07:59:55.000Z', '2026-11-20T08:00:00.001Z']);
    expect(source.calls[1]?.deadlineAt).toBe(Date.parse('2026-11-20T08:00:15Z'));
  });

  it('gives a look up after the time limit of the source', async () => {
    const { clock, source, listen, faults } = stage();
    source.stalls = true;
    listen();
    await clock.pass(10_000);
    expect(source.calls[0]?.signal.reason).toMatchObject({ code: 'TIMEOUT', sourceKey: 'src' });
    expect([clock.nextInMs, faults]).toEqual([120_000, []]);
  });

  it('reports a look that fails by a fault of the gateway, and goes on', async () => {
    const { clock, source, listen, faults } = stage();
    source.failure = new TypeError('a bug');
    listen();
    await clock.pass(0);
    expect(faults).toEqual([source.failure]);
    source.failure = undefined;
    source.set('a', RUNNING);
    const { told } = listen();
    await clock.pass(120_000);
    expect(told).toEqual(['a undefined RUNNING']);
  });

  it('tells the newest state to a reader who was busy, with the status before all that it has missed', async () => {
    const { clock, hub, source } = stage();
    const queue = hub.runs({ sourceKeys: ['src'], fits: () => true, onTooSlow: () => undefined });
    await clock.pass(0);
    source.set('a', { ...RUNNING, status: 'QUEUED' });
    await clock.pass(60_000);
    expect((await queue.next()).value).toMatchObject({ run: { status: 'QUEUED' } });
    source.set('a', RUNNING);
    await clock.pass(5_000);
    source.set('a', { status: 'CANCELING' });
    await clock.pass(5_000);
    expect(queue.size).toBe(1);
    expect((await queue.next()).value).toMatchObject({ previousStatus: 'QUEUED', run: { status: 'CANCELING' } });
  });

  it('gives up a listener who takes nothing, and goes on for the others', async () => {
    const { clock, hub, source, listen, tooSlow } = stage();
    hub.runs({ sourceKeys: ['src'], fits: () => true, onTooSlow: () => void tooSlow.push('sleeper') });
    const { told } = listen();
    for (const id of ['a', 'b', 'c', 'd', 'e']) source.set(id, RUNNING);
    await clock.pass(30_000);
    expect([tooSlow, hub.counts(), told.length]).toEqual([['sleeper'], { listeners: 1, pollers: 1 }, 5]);
  });

  describe('health', () => {
    /** Listens to the health of all, and writes down the state at the time of each event. */
    function watch({ hub, sources }: ReturnType<typeof stage>): string[] {
      const told: string[] = [];
      const queue = hub.health({ sourceKeys: sources.map(({ key }) => key), onTooSlow: () => undefined });
      void (async () => {
        for await (const { sourceKey } of queue)
          told.push(`${sourceKey} ${sources.find(({ key }) => key === sourceKey)?.state}`);
      })();
      return told;
    }

    it('tells each source as it stands, then what calls of others and looks find', async () => {
      const on = stage('one', 'two');
      const told = watch(on);
      const [one, two] = on.sources as [ScriptedSource, ScriptedSource];
      await settled();
      expect(told).toEqual(['one UNKNOWN', 'two UNKNOWN']);
      one.state = 'DOWN';
      on.hub.stateChanged('one');
      two.state = 'UP';
      await on.clock.pass(0);
      expect(told.slice(2)).toEqual(['one DOWN', 'two UP']);
      on.hub.stateChanged('two');
      on.hub.stateChanged('nobody');
      await on.clock.pass(600_000);
      expect(told.length).toBe(4);
    });

    it('makes the cheapest call for health alone, slowly, and reads runs as soon as somebody wants them', async () => {
      const on = stage();
      watch(on);
      on.source.set('a', RUNNING);
      await on.clock.pass(60_000);
      expect(on.source.reads).toEqual(['probe', 'probe']);
      const { told, leave } = on.listen();
      await on.clock.pass(1_000);
      expect(on.source.reads).toEqual(['probe', 'probe', 'listRuns']);
      expect(told).toEqual(['a undefined RUNNING']);
      await leave();
      await on.clock.pass(65_000);
      expect(on.source.reads.slice(3)).toEqual(['probe', 'probe']);
    });

    it('looks at once when calls of others find a source back', async () => {
      const { clock, hub, source, listen } = stage();
      source.failure = DOWN;
      source.state = 'DOWN';
      const { told } = listen();
      await clock.pass(1_000_000);
      source.failure = undefined;
      source.state = 'UP';
      source.set('a', RUNNING);
      hub.stateChanged('src');
      await clock.pass(1_000);
      expect(told).toEqual(['a undefined RUNNING']);
    });
  });

  it('looks at once after a write, whatever is under way, and not at all when nobody listens', async () => {
    const { clock, hub, source, listen } = stage();
    hub.written('src');
    hub.written('nobody');
    await clock.pass(600_000);
    expect(source.reads).toEqual([]);
    const { told } = listen();
    await clock.pass(30_000);
    source.set('a', { ...RUNNING, status: 'QUEUED' });
    hub.written('src');
    await clock.pass(0);
    expect(told).toEqual(['a undefined QUEUED']);
    source.set('a', RUNNING);
    source.stalls = true;
    await clock.pass(5_000);
    source.stalls = false;
    hub.written('src');
    await clock.pass(1_000);
    expect(told).toEqual(['a undefined QUEUED', 'a QUEUED RUNNING']);
  });

  it('ends everything when it closes', async () => {
    const { clock, hub, listen } = stage('one', 'two');
    const { told } = listen();
    hub.health({ sourceKeys: ['one'], onTooSlow: () => undefined });
    await clock.pass(0);
    hub.close();
    await settled();
    expect([told, hub.counts(), clock.timers]).toEqual([['DONE'], { listeners: 0, pollers: 0 }, 0]);
  });
});
