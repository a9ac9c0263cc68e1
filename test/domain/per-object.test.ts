import { describe, expect, it } from 'vitest';
import { perObject } from '../../src/domain/per-object.ts';

describe('domain/per-object', () => {
  it('works out each object once, also when nothing comes of it, and equal objects apart', () => {
    const asked: number[] = [];
    const half = perObject(({ number }: { readonly number: number }) => {
      asked.push(number);
      return number % 2 === 0 ? number / 2 : undefined;
    });
    const [four, three] = [{ number: 4 }, { number: 3 }];
    expect([half(four), half(four), half(three), half(three), half({ number: 4 })]).toEqual([
      2,
      2,
      undefined,
      undefined,
      2,
    ]);
    expect(asked).toEqual([4, 3, 4]);
  });
});
