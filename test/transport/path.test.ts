import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { pathSegment, queryText } from '../../src/transport/path.ts';

describe('transport/path', () => {
  it.each([
    'a',
    '0107',
    '../x',
    'a/b',
    '%2f',
    '%2e%2e',
    'a?b=c',
    'a#b',
    'a\\b',
    'ü',
    ' ',
    ';x',
    '..a',
    '@host',
    '//host',
  ])('makes one segment of %s', (key) => {
    const url = new URL(`http://vendor.example/api/jobs/${pathSegment(key)}/runs`);
    expect([url.host, url.search, url.hash]).toEqual(['vendor.example', '', '']);
    const segments = url.pathname.split('/');
    expect(segments).toHaveLength(5);
    expect(decodeURIComponent(segments[3] ?? '')).toBe(key);
  });

  it.each(['', '.', '..', '...', 'a\u0000b', 'a\r\nx: y', 'a\u007f', '\ud800', 'a\udfff'])(
    'refuses %j as the name of nothing',
    (key) => {
      expect(() => pathSegment(key)).toThrow(GatewayError);
      expect(() => pathSegment(key)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    },
  );

  it('writes queries that end where they end', () => {
    expect(queryText({ a: 'x&y=z#', b: ['1', '2'], c: undefined, d: 0 })).toBe('?a=x%26y%3Dz%23&b=1&b=2&d=0');
    expect(queryText({ c: undefined })).toBe('');
  });
});
