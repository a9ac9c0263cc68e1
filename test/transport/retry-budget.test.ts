import { describe, expect, it } from 'vitest';
import { RetryBudget, backoffMs } from '../../src/transport/retry-budget.ts';
import { ManualClock } from './support.ts';

describe('transport/retry-budget', () => {
  it('gives a tenth of the reads of the last minute as repeats', () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock.now);
    let repeats = 0;
    for (let index = 0; index < 600; index += 1) {
      clock.advance(100);
      budget.earn();
      if (budget.spend()) repeats += 1;
    }
    expect(repeats).toBe(60);
  });

  it('has a few repeats where reads are few, and new ones a minute later', () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock.now);
    const spendAll = (): number => Array.from({ length: 20 }, () => budget.spend()).filter(Boolean).length;
    budget.earn();
    expect(spendAll()).toBe(5);
    clock.advance(30_000);
    expect(spendAll()).toBe(0);
    clock.advance(36_000);
    expect(spendAll()).toBe(5);
  });

  it('pauses longer before each repeat, at random', () => {
    expect([1, 2, 3].map((attempt) => backoffMs(attempt, () => 1))).toEqual([200, 400, 800]);
    expect(backoffMs(3, () => 0)).toBe(0);
  });
});
