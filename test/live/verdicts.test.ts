import { describe, expect, it } from 'vitest';
import type { ProtectedObject } from '../../src/domain/protected-object.ts';
import type { RpoStatus, RpoVerdict } from '../../src/domain/rpo.ts';
import { LiveHub } from '../../src/live/live-hub.ts';
import type { ObjectVerdict, SourceVerdicts } from '../../src/live/verdict-watch.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { RUNNING, ScriptedSource } from './scripted-source.ts';

const PACE = { fastMs: 5_000, slowMs: 60_000, longestMs: 300_000 };

function verdict(nativeId: string, is: RpoVerdict, sourceKey = 'src'): ObjectVerdict {
  const object: ProtectedObject = { sourceKey, nativeId, name: `Object ${nativeId}`, kind: 'APPLIANCE' };
  const nothing = { achievedMs: undefined, dueBy: undefined, newestCopy: undefined };
  const rpo: RpoStatus = { verdict: is, reason: 'COPY_IN_TIME', targetMs: 1_000, derived: false, ...nothing };
  return { object, rpo };
}

function stage(...keys: string[]) {
  const clock = new FakeClock();
  const sources = (keys.length === 0 ? ['src'] : keys).map((key) => new ScriptedSource(key));
  const [source] = sources as [ScriptedSource];
  const faults: unknown[] = [];
  const tooSlow: string[] = [];
  const assessed: string[] = [];
  const signals: AbortSignal[] = [];
  /** What is found of each source from now on. */
  const found = new Map<string, SourceVerdicts>(
    sources.map(({ key }) => [key, { verdicts: [verdict('a', 'MET', key)], nextAt: undefined }]),
  );
  const control: { fault?: Error; waits?: Promise<void> } = {};
  const assess = async (key: string, signal: AbortSignal): Promise<SourceVerdicts> => {
    assessed.push(`${key} ${(clock.now() - Date.parse('2026-11-20T08:00:00Z')) / 1_000}`);
    signals.push(signal);
    await control.waits;
    if (control.fault !== undefined) throw control.fault;
    return found.get(key) ?? { verdicts: undefined, nextAt: undefined };
  };
  const onFault = (error: unknown): void => void faults.push(error);
  const hub = new LiveHub({ sources, clock, pace: PACE, maxPending: 5, assess, onFault });
  const listen = (fits: (object: ProtectedObject, is: RpoVerdict) => boolean = () => true) => {
    const told: string[] = [];
    const sourceKeys = sources.map(({ key }) => key);
    const queue = hub.rpo({ sourceKeys, fits, onTooSlow: () => tooSlow.push('rpo listener') });
    void (async () => {
      for await (const { object, rpo } of queue) told.push(`${object.sourceKey} ${object.nativeId} ${rpo.verdict}`);
      told.push('DONE');
    })();
    return { told, leave: () => queue.return(), queue };
  };
  const finds = (...verdicts: ObjectVerdict[]): void => void found.set('src', { verdicts, nextAt: undefined });
  return { clock, hub, source, sources, found, finds, control, assessed, signals, faults, tooSlow, listen };
}

describe('live/verdict-watch', () => {
  it('works nothing out while nobody listens for verdicts', async () => {
    const { clock, hub, source, assessed } = stage();
    const queue = hub.runs({ sourceKeys: ['src'], fits: () => true, onTooSlow: () => undefined });
    source.set('a', RUNNING);
    await clock.pass(600_000);
    expect(assessed).toEqual([]);
    await queue.return();
  });

  it('tells each object that fits as it stands first, then whenever its verdict turns', async () => {
    const { clock, finds, listen } = stage();
    finds(verdict('a', 'MET'), verdict('b', 'BREACHED'));
    const { told } = listen();
    const broken = listen((_object, is) => is === 'BREACHED');
    await clock.pass(0);
    expect([told, broken.told]).toEqual([['src a MET', 'src b BREACHED'], ['src b BREACHED']]);
    finds(verdict('a', 'BREACHED'), verdict('b', 'BREACHED'), verdict('c', 'NEVER_PROTECTED'));
    await clock.pass(60_000);
    expect(told.slice(2)).toEqual(['src a BREACHED', 'src c NEVER_PROTECTED']);
    expect(broken.told.slice(1)).toEqual(['src a BREACHED']);
  });

  it('tells a listener who comes later how all stands, without working it out again', async () => {
    const { clock, listen, assessed } = stage();
    listen();
    await clock.pass(0);
    const { told } = listen();
    await settled();
    expect([told, assessed]).toEqual([['src a MET'], ['src 0']]);
  });

  it('works it out once for a thousand listeners, and tells all', async () => {
    const { clock, finds, listen, assessed, source } = stage();
    const listeners = Array.from({ length: 1_000 }, () => listen());
    await clock.pass(0);
    finds(verdict('a', 'AT_RISK'));
    await clock.pass(60_000);
    expect(assessed).toEqual(['src 0', 'src 60']);
    expect(source.reads.length).toBe(2);
    expect(listeners.every(({ told }) => told.join() === 'src a MET,src a AT_RISK')).toBe(true);
  });

  it('works it out after a look that showed a run begin or end, and not for its progress', async () => {
    const { clock, hub, source, listen, assessed } = stage();
    listen();
    await clock.pass(10_000);
    source.set('r', RUNNING);
    hub.written('src');
    await clock.pass(0);
    expect(assessed).toEqual(['src 0', 'src 10']);
    source.set('r', { progressPercent: 50 });
    await clock.pass(5_000);
    expect(assessed.length).toBe(2);
    source.set('r', { status: 'SUCCEEDED', endedAt: new Date('2026-11-20T08:00:18Z') });
    await clock.pass(5_000);
    expect(assessed.slice(2)).toEqual(['src 20']);
  });

  it('works it out when the next verdict turns by time alone, and once a slow interval at the latest', async () => {
    const { clock, found, listen, assessed } = stage();
    found.set('src', { verdicts: [verdict('a', 'MET')], nextAt: new Date('2026-11-20T08:00:20Z') });
    const { told } = listen();
    await clock.pass(0);
    found.set('src', { verdicts: [verdict('a', 'AT_RISK')], nextAt: new Date('2026-11-21T08:00:00Z') });
    await clock.pass(20_001);
    expect(told).toEqual(['src a MET', 'src a AT_RISK']);
    await clock.pass(60_000);
    expect(assessed).toEqual(['src 0', 'src 20.001', 'src 80.001']);
  });

  it('tells UNKNOWN of all that it knows when the source cannot be read, at once when its health turns, and the truth when it is back', async () => {
    const { clock, hub, source, found, finds, listen } = stage();
    finds(verdict('a', 'MET'), verdict('b', 'UNKNOWN'));
    source.state = 'UP';
    hub.stateChanged('src');
    const { told } = listen();
    await clock.pass(2_000);
    found.set('src', { verdicts: undefined, nextAt: undefined });
    source.state = 'DOWN';
    hub.stateChanged('src');
    await clock.pass(0);
    expect(told.slice(2)).toEqual(['src a UNKNOWN']);
    finds(verdict('a', 'MET'), verdict('b', 'MET'));
    await clock.pass(2_000);
    source.state = 'UP';
    hub.stateChanged('src');
    await clock.pass(0);
    expect(told.slice(3)).toEqual(['src a MET', 'src b MET']);
  });

  it('tells UNKNOWN once of an object that is not told any more', async () => {
    const { clock, finds, listen } = stage();
    finds(verdict('a', 'MET'), verdict('b', 'MET'));
    const { told } = listen();
    await clock.pass(0);
    finds(verdict('b', 'MET'));
    await clock.pass(200_000);
    expect(told.slice(2)).toEqual(['src a UNKNOWN']);
  });

  it('tells UNKNOWN, and says so, when the gateway itself fails over it, and goes on', async () => {
    const { clock, control, listen, faults, finds } = stage();
    const { told } = listen();
    await clock.pass(0);
    control.fault = new TypeError('a fault');
    await clock.pass(60_000);
    expect([told.slice(1), faults.length]).toEqual([['src a UNKNOWN'], 1]);
    delete control.fault;
    finds(verdict('a', 'MET'));
    await clock.pass(60_000);
    expect(told.slice(2)).toEqual(['src a MET']);
  });

  it('works once more behind an assessment during which something happened, and no more than once a second', async () => {
    const { clock, hub, source, control, listen, assessed } = stage();
    let go = (): void => undefined;
    control.waits = new Promise((resolve) => (go = resolve));
    listen();
    await clock.pass(0);
    for (const state of ['DEGRADED', 'DOWN', 'UP'] as const) {
      source.state = state;
      hub.stateChanged('src');
    }
    go();
    await clock.pass(999);
    expect(assessed).toEqual(['src 0']);
    await clock.pass(1);
    expect(assessed).toEqual(['src 0', 'src 1']);
  });

  it('ends with the last listener: what is at work is given up, no timer is left', async () => {
    const { clock, hub, control, listen, signals } = stage();
    control.waits = new Promise(() => undefined);
    const one = listen();
    const two = listen();
    await clock.pass(0);
    await one.leave();
    expect(hub.counts()).toEqual({ listeners: 1, pollers: 1 });
    await two.leave();
    expect([hub.counts(), clock.timers, signals.map(({ aborted }) => aborted)]).toEqual([
      { listeners: 0, pollers: 0 },
      0,
      [true],
    ]);
    await clock.pass(600_000);
    expect(signals.length).toBe(1);
  });

  it('gives up a listener who does not take what is told, and keeps the newest verdict for a slow one', async () => {
    const { clock, finds, hub, tooSlow } = stage();
    const queue = hub.rpo({ sourceKeys: ['src'], fits: () => true, onTooSlow: () => tooSlow.push('gone') });
    await clock.pass(0);
    finds(verdict('a', 'BREACHED'));
    await clock.pass(60_000);
    expect(queue.size).toBe(1);
    expect((await queue.next()).value?.rpo.verdict).toBe('BREACHED');
    finds(...['b', 'c', 'd', 'e', 'f', 'g'].map((id) => verdict(id, 'MET')));
    await clock.pass(120_000);
    expect([tooSlow, hub.counts().listeners]).toEqual([['gone'], 0]);
  });
});
