import { describe, expect, it } from 'vitest';
import { BodyReader } from '../../src/transport/body.ts';

const MB = 1024 * 1024;
const never = new AbortController().signal;

describe('transport/body', () => {
  it('lets one body at a time grow long, and short ones pass it', async () => {
    const reader = new BodyReader(32 * MB);
    const taken = [0, 0, 0];
    const gate = Promise.withResolvers<void>();
    async function* long(index: number): AsyncGenerator<Buffer> {
      for (let count = 1; count <= 8; count += 1) {
        taken[index] = count;
        yield Buffer.alloc(MB);
        if (index === 0 && count === 6) await gate.promise;
      }
    }
    async function* short(): AsyncGenerator<Buffer> {
      yield Buffer.from('{}');
    }
    const bodies = [0, 1, 2].map((index) => reader.read(long(index), {}, never));
    await expect.poll(() => taken).toEqual([6, 5, 5]);
    expect((await reader.read(short(), {}, never)).toString()).toBe('{}');
    gate.resolve();
    expect((await Promise.all(bodies)).map(({ length }) => length)).toEqual([8 * MB, 8 * MB, 8 * MB]);
  });

  it('gives the turn on when the one whose turn it is, or the next one, is given up', async () => {
    const reader = new BodyReader(32 * MB);
    const [first, second] = [new AbortController(), new AbortController()];
    async function* endless(signal: AbortSignal): AsyncGenerator<Buffer> {
      for (;;) {
        signal.throwIfAborted();
        yield Buffer.alloc(MB);
        await new Promise((resolve) => setImmediate(resolve));
        if (signal === first.signal) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
    }
    async function* long(): AsyncGenerator<Buffer> {
      for (let count = 0; count < 6; count += 1) yield Buffer.alloc(MB);
    }
    const holding = reader.read(endless(first.signal), {}, first.signal).catch(() => 'given up');
    const queued = reader.read(endless(second.signal), {}, second.signal).catch(() => 'given up');
    const third = reader.read(long(), {}, never);
    second.abort(new Error('gone'));
    expect(await queued).toBe('given up');
    first.abort(new Error('gone'));
    expect(await holding).toBe('given up');
    expect((await third).length).toBe(6 * MB);
  });
});
