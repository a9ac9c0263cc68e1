import { describe, expect, it } from 'vitest';
import type { UpcomingRun } from '../../src/domain/forecast.ts';
import { DEFAULT_ASSUMED_MS, scheduleConflicts, type ConflictOptions } from '../../src/domain/schedule-conflicts.ts';
import type { Label } from '../../src/domain/source.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob } from '../support/domain-samples.ts';

const MINUTE = 60_000;
const MIDNIGHT = Date.UTC(2026, 5, 4);
const NAS: Label = { name: 'storage', value: 'nas-1' };

/** A run of a job that begins so many minutes after midnight. */
function run(nativeId: string, minute: number, lastsMinutes?: number, sourceKey = 'src'): UpcomingRun {
  return {
    job: sampleJob({ sourceKey, nativeId }),
    at: new Date(MIDNIGHT + minute * MINUTE),
    basis: 'COMPUTED',
    insideWindow: undefined,
    expectedSeconds: lastsMinutes === undefined ? undefined : lastsMinutes * 60,
  };
}

function conflicts(runs: readonly UpcomingRun[], options: Partial<ConflictOptions> = {}): string[] {
  return scheduleConflicts(runs, { labelsOf: () => [NAS], first: 100, ...options }).map((conflict) => {
    const minute = (at: Date): number => (at.getTime() - MIDNIGHT) / MINUTE;
    const names = conflict.runs.map(({ job }) => job.nativeId).join('');
    const { from, to } = conflict.overlap;
    return `${names} ${minute(from)}-${minute(to)} ${conflict.sharedLabel.value}${conflict.confident ? '' : '?'}`;
  });
}

describe('domain/schedule-conflicts', () => {
  it.each([
    ['two that meet', [run('a', 0, 30), run('b', 20, 30)], ['ab 20-30 nas-1']],
    ['one within the other', [run('a', 0, 60), run('b', 20, 10)], ['ab 20-30 nas-1']],
    ['two that begin together', [run('b', 0, 10), run('a', 0, 20)], ['ab 0-10 nas-1']],
    ['three in one stretch', [run('a', 0, 30), run('b', 10, 10), run('c', 15, 30)], ['abc 10-30 nas-1']],
    ['two stretches', [run('a', 0, 60), run('b', 5, 5), run('c', 30, 5)], ['ab 5-10 nas-1', 'ac 30-35 nas-1']],
    ['a chain', [run('a', 0, 10), run('b', 5, 15), run('c', 15, 15)], ['ab 5-10 nas-1', 'bc 15-20 nas-1']],
    ['two that only touch', [run('a', 0, 10), run('b', 10, 10)], []],
    ['two apart', [run('a', 0, 10), run('b', 20, 10)], []],
    ['one alone', [run('a', 0, 10)], []],
    ['one that takes no time', [run('a', 0, 10), run('b', 5, 0)], []],
    ['none', [], []],
    ['jobs of one id at two sources', [run('a', 0, 10), run('a', 5, 10, 'other')], ['aa 5-10 nas-1']],
  ])('finds who fights among %s', (_, runs, expected) => {
    expect(conflicts(runs)).toEqual(expected);
    expect(conflicts(runs.toReversed())).toEqual(expected);
  });

  it('assumes a quarter of an hour without history, and is not confident then', () => {
    expect(DEFAULT_ASSUMED_MS).toBe(15 * MINUTE);
    expect(conflicts([run('a', 0), run('b', 14, 30)])).toEqual(['ab 14-15 nas-1?']);
    expect(conflicts([run('a', 0), run('b', 15, 30)])).toEqual([]);
    expect(conflicts([run('a', 0), run('b', 15, 30)], { assumedMs: 20 * MINUTE })).toEqual(['ab 15-20 nas-1?']);
    expect(conflicts([run('a', 0), run('b', 0)], { assumedMs: 0 })).toEqual([]);
  });

  it('does not stretch a known duration to the assumed one', () => {
    expect(conflicts([run('a', 0, 5), run('b', 10, 30)])).toEqual([]);
  });

  it('sees no fight of a job with itself, and leaves out what is due while it is at work', () => {
    const paced = [0, 5, 10, 15, 20].map((minute) => run('a', minute, 12));
    expect(conflicts(paced)).toEqual([]);
    expect(conflicts([...paced, run('b', 13, 1), run('c', 16, 1)])).toEqual(['ac 16-17 nas-1']);
  });

  it('keeps to runs that share name and value of a label', () => {
    const labels: Readonly<Record<string, readonly Label[]>> = {
      one: [NAS, { name: 'site', value: 'berlin' }],
      two: [
        { name: 'storage', value: 'nas-2' },
        { name: 'site', value: 'berlin' },
      ],
      three: [NAS, NAS],
      four: [{ name: 'site', value: 'nas-1' }],
    };
    const runs = Object.keys(labels).map((source) => run(source.charAt(0) + source.length, 0, 10, source));
    const labelsOf: ConflictOptions['labelsOf'] = ({ sourceKey }) => labels[sourceKey] ?? [];
    expect(conflicts(runs, { labelsOf })).toEqual(['o3t3 0-10 berlin', 'o3t5 0-10 nas-1']);
    expect(conflicts(runs, { labelsOf, sharedLabelName: 'storage' })).toEqual(['o3t5 0-10 nas-1']);
    expect(conflicts(runs, { labelsOf, sharedLabelName: 'customer' })).toEqual([]);
  });

  it('gives the earliest ones when there are more than asked for', () => {
    const runs = [run('a', 0, 300), run('b', 100, 1), run('c', 50, 1), run('d', 200, 1)];
    expect(conflicts(runs, { first: 2 })).toEqual(['ac 50-51 nas-1', 'ab 100-101 nas-1']);
    expect(conflicts(runs, { first: 0 })).toEqual([]);
  });

  it('says the same as looking at each minute, for 300 generated nights', () => {
    const random = new SeededRandom(4_711);
    for (let round = 0; round < 300; round += 1) {
      const runs = Array.from({ length: random.integer(2, 12) }, (_, index) =>
        run(`${index}`, random.integer(0, 120), random.integer(1, 40)),
      );
      const atWork = (minute: number): UpcomingRun[] =>
        runs.filter(({ at, expectedSeconds = 0 }) => {
          const begin = (at.getTime() - MIDNIGHT) / MINUTE;
          return begin <= minute && minute < begin + expectedSeconds / 60;
        });
      const found = scheduleConflicts(runs, { labelsOf: () => [NAS], first: 100 });
      for (let minute = 0; minute < 170; minute += 1) {
        const at = MIDNIGHT + minute * MINUTE;
        const here = found.filter(({ overlap }) => overlap.from.getTime() <= at && at < overlap.to.getTime());
        const busy = atWork(minute);
        expect(here).toHaveLength(busy.length >= 2 ? 1 : 0);
        if (busy.length >= 2) expect(here[0]?.runs).toEqual(expect.arrayContaining(busy));
      }
    }
  });

  it('takes 20,000 runs on one label in under two seconds, and does not answer in pairs', () => {
    const runs = Array.from({ length: 20_000 }, (_, index) => run(`${index % 500}`, Math.floor(index / 10), 7));
    const started = performance.now();
    const found = scheduleConflicts(runs, { labelsOf: () => [NAS], first: 100_000 });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(found.reduce((sum, { runs: meeting }) => sum + meeting.length, 0)).toBeLessThanOrEqual(40_000);
  });
});
