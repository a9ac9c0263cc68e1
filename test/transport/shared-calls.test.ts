import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SharedCalls, type Work } from '../../src/transport/shared-calls.ts';

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
const warnings: Error[] = [];
const onWarning = (warning: Error): void => void warnings.push(warning);

beforeEach(() => {
  process.on('unhandledRejection', onUnhandled);
  process.on('warning', onWarning);
});

afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
  process.off('warning', onWarning);
  expect([unhandled, warnings]).toEqual([[], []]);
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('transport/shared-calls', () => {
  it('tells the work the latest deadline of those who wait, whoever came first', async () => {
    const calls = new SharedCalls<number>();
    const done = Promise.withResolvers<number>();
    let work: Work | undefined;
    const start = (started: Work): Promise<number> => {
      work = started;
      return done.promise;
    };
    const never = new AbortController().signal;
    const short = calls.join('a', never, 1_000, start);
    const long = calls.join('a', never, 5_000, () => Promise.reject(new Error('not started')));
    await turn();
    expect(work?.latestDeadlineAt()).toBe(5_000);
    done.resolve(7);
    expect(await Promise.all([short, long])).toEqual([7, 7]);
  });

  it('goes on for the patient when the impatient one, who came first, has left', async () => {
    const calls = new SharedCalls<number>();
    const done = Promise.withResolvers<number>();
    const impatient = new AbortController();
    let work: Work | undefined;
    const first = calls.join('a', impatient.signal, 1, (started) => {
      work = started;
      return done.promise;
    });
    const second = calls.join('a', new AbortController().signal, 2, () => Promise.reject(new Error('not started')));
    await turn();
    impatient.abort('deadline');
    await expect(first).rejects.toBe('deadline');
    expect(work?.signal.aborted).toBe(false);
    done.resolve(7);
    expect(await second).toBe(7);
  });

  it('aborts work that nobody waits for, lets it fail unheard, and starts anew for the next one', async () => {
    const calls = new SharedCalls<number>();
    const leaver = new AbortController();
    const left = calls.join(
      'a',
      leaver.signal,
      1,
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await turn();
    leaver.abort('gone');
    await expect(left).rejects.toBe('gone');
    await turn();
    expect(await calls.join('a', new AbortController().signal, 1, async () => 8)).toBe(8);
  });

  it('leaves nothing behind at the signal of a long operation', async () => {
    const calls = new SharedCalls<number>();
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => ((listeners += 1), add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => ((listeners -= 1), remove(...args));
    const joined = Array.from({ length: 100 }, (_, index) => calls.join(`${index % 7}`, signal, 1, async () => index));
    await Promise.all(joined);
    expect(listeners).toBe(0);
  });
});
