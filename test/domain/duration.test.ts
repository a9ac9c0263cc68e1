import { describe, expect, it } from 'vitest';
import { formatIsoDuration, parseIsoDuration, parseShortDuration } from '../../src/domain/duration.ts';
import { SeededRandom } from '../../src/simulation/random.ts';

const HOUR = 3_600_000;

describe('domain/duration', () => {
  it.each([
    ['PT0S', 0],
    ['PT15S', 15_000],
    ['PT1H10M42S', 4_242_000],
    ['PT90M', 90 * 60_000],
    ['PT24H', 24 * HOUR],
    ['P1D', 24 * HOUR],
    ['P1DT12H', 36 * HOUR],
    ['P2W', 14 * 24 * HOUR],
    ['P1W1D', 8 * 24 * HOUR],
    ['PT0.25S', 250],
    ['PT0,25S', 250],
    ['PT1.5H', 1.5 * HOUR],
    ['P0.5D', 12 * HOUR],
    ['PT0.0004S', 0],
    ['PT007S', 7_000],
  ])('reads %s', (text, ms) => {
    expect(parseIsoDuration(text)).toBe(ms);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1',
    'PT5',
    '5S',
    'T5S',
    'P5S',
    'P1DT',
    'PT1M1H',
    'PT1H1H',
    'P1Y',
    'P1M',
    'P1Y2DT3H',
    '-PT5S',
    '+PT5S',
    'PT-5S',
    'pt5s',
    ' PT5S',
    'PT5S ',
    'PT1.5H3M',
    'PT.5S',
    'PT5.S',
    'PT1e3S',
    `PT${'9'.repeat(30)}H`,
  ])('refuses "%s"', (text) => {
    expect(parseIsoDuration(text)).toBeUndefined();
  });

  it.each([
    [0, 'PT0S'],
    [0.0004, 'PT0S'],
    [-0.0004, 'PT0S'],
    [0.5, 'PT0.5S'],
    [1.0015, 'PT1.002S'],
    [59.9996, 'PT1M'],
    [60, 'PT1M'],
    [3_600, 'PT1H'],
    [3_600.25, 'PT1H0.25S'],
    [4_242, 'PT1H10M42S'],
    [90_000, 'PT25H'],
    [-4_242, '-PT1H10M42S'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatIsoDuration(seconds)).toBe(text);
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses to write %d seconds', (seconds) => {
    expect(() => formatIsoDuration(seconds)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('reads back what it writes, to the millisecond', () => {
    const random = new SeededRandom(42);
    for (let round = 0; round < 2_000; round += 1) {
      const ms = random.integer(0, 10 ** random.integer(1, 11));
      expect(parseIsoDuration(formatIsoDuration(ms / 1000))).toBe(ms);
    }
  });

  it.each([
    ['250ms', 250],
    ['15s', 15_000],
    ['5m', 300_000],
    ['24h', 24 * HOUR],
    ['7d', 7 * 24 * HOUR],
    ['0s', 0],
  ])('reads the configuration value %s', (text, ms) => {
    expect(parseShortDuration(text)).toBe(ms);
  });

  it.each(['', '15', 's', '1.5h', '-5m', '5 m', ' 5m', '5M', '5min', '1h30m', '2w', 'PT5M', `${'9'.repeat(30)}d`])(
    'refuses the configuration value "%s"',
    (text) => {
      expect(parseShortDuration(text)).toBeUndefined();
    },
  );
});
