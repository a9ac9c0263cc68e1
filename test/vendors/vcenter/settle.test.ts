import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { chunksOf, isMissing, mapBounded, settled, throwIfAllFailed } from '../../../src/vendors/vcenter/settle.ts';

describe('vendors/vcenter/settle', () => {
  it('keeps at most four pieces of work under way, and the order of the items', async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapBounded(
      Array.from({ length: 20 }, (_, index) => index),
      async (item) => {
        underWay += 1;
        most = Math.max(most, underWay);
        for (let turn = 0; turn < 20 - item; turn += 1) await Promise.resolve();
        underWay -= 1;
        return item * 2;
      },
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index * 2));
    expect(most).toBe(4);
    expect(await mapBounded([], async () => 1)).toEqual([]);
  });

  it('cuts a list into pieces', () => {
    expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunksOf([], 2)).toEqual([]);
  });

  it('gives the failure of the vendor as a value, and throws all else', async () => {
    const fault = new GatewayError('VENDOR_FAULT', 'x');
    expect(await settled(Promise.resolve(1))).toBe(1);
    expect(await settled(Promise.reject(fault))).toBe(fault);
    const gone = new GatewayError('CANCELLED_BY_CALLER', 'x');
    await expect(settled(Promise.reject(gone))).rejects.toBe(gone);
    await expect(settled(Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
  });

  it('throws only when there is nothing but failures', () => {
    const fault = new GatewayError('VENDOR_FAULT', 'x');
    expect(() => throwIfAllFailed([fault, fault])).toThrow(fault);
    expect(() => throwIfAllFailed([fault, 1])).not.toThrow();
    expect(() => throwIfAllFailed([undefined, fault])).not.toThrow();
    expect(() => throwIfAllFailed([])).not.toThrow();
  });

  it('tells what is missing from what failed', () => {
    expect(isMissing(new GatewayError('NOT_FOUND', 'x'))).toBe(true);
    expect(isMissing(new GatewayError('NETWORK', 'x'))).toBe(false);
    expect(isMissing({ code: 'NOT_FOUND' })).toBe(false);
  });
});
