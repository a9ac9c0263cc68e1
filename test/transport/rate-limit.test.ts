import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/transport/rate-limit.ts';
import { ManualClock } from './support.ts';

const never = new AbortController().signal;

describe('transport/rate-limit', () => {
  it('lets a burst pass and spaces what follows', async () => {
    const limit = new RateLimit(20, Date.now);
    const began = performance.now();
    await Promise.all(Array.from({ length: 30 }, () => limit.take(never)));
    const tookMs = performance.now() - began;
    expect(tookMs).toBeGreaterThan(450);
    expect(tookMs).toBeLessThan(1_500);
  });

  it('leaves no gap behind for requests that were given up', async () => {
    const limit = new RateLimit(2, Date.now);
    await limit.take(never);
    await limit.take(never);
    const gone = new AbortController();
    const given = Array.from({ length: 50 }, () => limit.take(gone.signal).catch(() => 'given up'));
    gone.abort();
    expect(new Set(await Promise.all(given))).toEqual(new Set(['given up']));
    const began = performance.now();
    await limit.take(never);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('goes on when the clock is set back', async () => {
    const clock = new ManualClock();
    const limit = new RateLimit(100, () => clock.now() + performance.now());
    await limit.take(never);
    clock.advance(-3_600_000);
    const began = performance.now();
    for (let index = 0; index < 3; index += 1) await limit.take(never);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
