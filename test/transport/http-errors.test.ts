import { describe, expect, it } from 'vitest';
import { errorFromFailure, errorFromResponse } from '../../src/transport/http-errors.ts';

const HOUR_MS = 3_600_000;
const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from('secret text of the vendor'),
});

function waitMs(headers: Record<string, string>): number | undefined {
  const began = Date.now();
  const { retryAfter } = errorFromResponse(answer(429, headers), 'src');
  return retryAfter === undefined ? undefined : retryAfter.getTime() - began;
}

describe('transport/http-errors', () => {
  it.each([
    [300, 'MALFORMED_RESPONSE'],
    [302, 'MALFORMED_RESPONSE'],
    [400, 'BAD_REQUEST'],
    [401, 'AUTHENTICATION'],
    [403, 'PERMISSION'],
    [404, 'NOT_FOUND'],
    [408, 'VENDOR_FAULT'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [418, 'BAD_REQUEST'],
    [429, 'THROTTLED'],
    [500, 'VENDOR_FAULT'],
    [502, 'VENDOR_FAULT'],
    [503, 'VENDOR_FAULT'],
    [504, 'VENDOR_FAULT'],
    [599, 'VENDOR_FAULT'],
  ])('reads status %i as %s and shows nothing of the body', (status, code) => {
    const error = errorFromResponse(answer(status), 'src');
    expect([error.code, error.httpStatus, error.sourceKey]).toEqual([code, status, 'src']);
    expect(error.message).not.toContain('secret');
  });

  it('reads 503 with Retry-After as THROTTLED', () => {
    expect(errorFromResponse(answer(503, { 'retry-after': '7' }), 'src').code).toBe('THROTTLED');
  });

  it('reads Retry-After in seconds', () => {
    expect(waitMs({ 'retry-after': ' 30 ' })).toBeGreaterThanOrEqual(30_000);
    expect(waitMs({ 'retry-after': '30' })).toBeLessThan(31_000);
    expect(waitMs({ 'retry-after': '0' })).toBeLessThan(1_000);
  });

  it.each([0, -3 * HOUR_MS, 3 * HOUR_MS])(
    "reads Retry-After as a date by the vendor's own clock, which is %i ms off",
    (skewMs) => {
      const vendorNow = Date.now() + skewMs;
      const wait = waitMs({
        date: new Date(vendorNow).toUTCString(),
        'retry-after': new Date(vendorNow + 30_000).toUTCString(),
      });
      expect(wait).toBeGreaterThanOrEqual(29_000);
      expect(wait).toBeLessThanOrEqual(31_000);
    },
  );

  it('reads a date without the vendor telling its clock, and one that is over', () => {
    expect(waitMs({ 'retry-after': new Date(Date.now() + 30_000).toUTCString() })).toBeGreaterThan(28_000);
    expect(waitMs({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' })).toBeLessThan(1_000);
  });

  it.each(['', 'soon', '-5', '1.5', '99999999999', '2030-01-01', 'Xxx, 99 Yyy 2020 00:00:00 GMT'])(
    'makes nothing of Retry-After %j',
    (text) => {
      expect(waitMs({ 'retry-after': text })).toBeUndefined();
    },
  );

  it.each([
    ['ECONNREFUSED', false, 'NETWORK'],
    ['ENOTFOUND', false, 'NETWORK'],
    ['EAI_AGAIN', false, 'NETWORK'],
    ['ECONNRESET', true, 'NETWORK'],
    ['UND_ERR_SOCKET', false, 'NETWORK'],
    ['UND_ERR_SOCKET', true, 'MALFORMED_RESPONSE'],
    ['HPE_INVALID_CONSTANT', false, 'MALFORMED_RESPONSE'],
    ['UND_ERR_HEADERS_OVERFLOW', false, 'MALFORMED_RESPONSE'],
    ['Z_DATA_ERROR', true, 'MALFORMED_RESPONSE'],
    ['UND_ERR_HEADERS_TIMEOUT', false, 'TIMEOUT'],
    ['UND_ERR_BODY_TIMEOUT', true, 'TIMEOUT'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'TLS'],
    ['CERT_HAS_EXPIRED', false, 'TLS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'TLS'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'TLS'],
  ])('reads the failure %s (in the body: %s) as %s', (code, inBody, kind) => {
    const failure = Object.assign(new Error('engine says password'), { code });
    const error = errorFromFailure(new Error('outer', { cause: failure }), 'src', inBody);
    expect([error.code, error.sourceKey]).toEqual([kind, 'src']);
    expect(error.message).not.toMatch(/engine|outer|password/);
  });

  it('tells a deadline from a caller who has gone', () => {
    expect(errorFromFailure(new DOMException('x', 'TimeoutError'), 'src', false).code).toBe('TIMEOUT');
    expect(errorFromFailure(new DOMException('x', 'AbortError'), 'src', false).code).toBe('CANCELLED_BY_CALLER');
  });
});
