import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/live/event-queue.ts';
import { FakeClock } from './fake-clock.ts';

function queueOf(maxPending = 3) {
  const clock = new FakeClock();
  const told: string[] = [];
  const queue = new EventQueue<string>({
    maxPending,
    patienceMs: 30_000,
    clock,
    merge: (waiting, newer) => `${waiting}+${newer}`,
    onEnd: () => void told.push('end'),
    onTooSlow: () => void told.push('too slow'),
  });
  return { clock, queue, told };
}

/** Values that wait, as far as there are any. */
async function take(queue: EventQueue<string>, count: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    const { done, value } = await queue.next();
    values.push(done === true ? 'DONE' : value);
  }
  return values;
}

describe('live/event-queue', () => {
  it('gives events in their order, those to come as well', async () => {
    const { queue } = queueOf();
    queue.push('a', 'a1');
    queue.push('b', 'b1');
    expect(await take(queue, 2)).toEqual(['a1', 'b1']);
    const next = queue.next();
    queue.push('c', 'c1');
    expect(await next).toEqual({ done: false, value: 'c1' });
  });

  it('makes one event of what waits and what is newer, in the place of the first', async () => {
    const { queue } = queueOf();
    queue.push('a', 'a1');
    queue.push('b', 'b1');
    queue.push('a', 'a2');
    expect(queue.size).toBe(2);
    expect(await take(queue, 2)).toEqual(['a1+a2', 'b1']);
  });

  it('gives up a reader that stays full, and keeps nothing of it', async () => {
    const { queue, clock, told } = queueOf();
    for (const key of ['a', 'b', 'c']) queue.push(key, key);
    await clock.pass(29_999);
    expect(told).toEqual([]);
    await clock.pass(1);
    expect([told, queue.size, clock.timers]).toEqual([['end', 'too slow'], 0, 0]);
    expect(await take(queue, 1)).toEqual(['DONE']);
  });

  it('spares a reader that takes one in time', async () => {
    const { queue, clock, told } = queueOf();
    for (const key of ['a', 'b', 'c']) queue.push(key, key);
    await clock.pass(20_000);
    await queue.next();
    await clock.pass(60_000);
    expect([told, clock.timers]).toEqual([[], 0]);
  });

  it('drops the oldest over the bound, and gives the reader up once it has taken the rest', async () => {
    const { queue, told } = queueOf();
    for (const key of ['a', 'b', 'c', 'd', 'e']) queue.push(key, key);
    expect(queue.size).toBe(3);
    expect(await take(queue, 3)).toEqual(['c', 'd', 'e']);
    expect(told).toEqual([]);
    expect(await take(queue, 1)).toEqual(['DONE']);
    expect(told).toEqual(['end', 'too slow']);
  });

  it('ends a reader that waits, once, and takes nothing more', async () => {
    const { queue, told } = queueOf();
    const next = queue.next();
    await queue.return();
    await queue.return();
    queue.push('a', 'a');
    expect(await next).toEqual({ done: true, value: undefined });
    expect([told, queue.size]).toEqual([['end'], 0]);
  });
});
