import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { type BackupWindow, closedMs, isOpenAt } from '../../src/domain/backup-window.ts';
import {
  WINDOW_VERDICTS,
  comingCompliance,
  swallowOf,
  swallowedRuns,
  windowCompliance,
} from '../../src/domain/window-compliance.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleRun } from '../support/domain-samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Open each day from 20:00 to 06:00 UTC. */
function nightly(more: Partial<BackupWindow> = {}): BackupWindow {
  const hours = Array.from({ length: 168 }, (_, hour) => hour % 24 < 6 || hour % 24 >= 20);
  return { enabled: true, semantics: 'MUST_FINISH_INSIDE', hours, utcOffsetMinutes: 0, ...more };
}

const ALWAYS = nightly({ hours: Array.from({ length: 168 }, () => true) });
const NEVER = nightly({ hours: Array.from({ length: 168 }, () => false) });

/** `21:00-05:00` on the night of Wednesday, 3 June 2026; the end may be left out. */
function runOf(times: string, more: Partial<BackupRun> = {}): BackupRun {
  const [start, end] = times.split('-');
  const startedAt = new Date(`2026-06-03T${start}Z`);
  const endsOn = (end ?? '') < (start ?? '') ? '2026-06-04' : '2026-06-03';
  const endedAt = end === undefined ? undefined : new Date(`${endsOn}T${end}Z`);
  return sampleRun({ startedAt, endedAt, durationSeconds: undefined, ...more });
}

function told(window: BackupWindow | undefined, run: BackupRun): string {
  const { verdict, outsideSeconds } = windowCompliance(window, run);
  return outsideSeconds === undefined ? verdict : `${verdict} ${outsideSeconds}`;
}

describe('domain/window-compliance', () => {
  it('knows five verdicts', () => {
    expect(WINDOW_VERDICTS).toEqual(['INSIDE', 'STARTED_OUTSIDE', 'RAN_OVER', 'NO_WINDOW', 'UNKNOWN']);
  });

  it.each([
    ['21:00-23:00', 'INSIDE', 'INSIDE', 'INSIDE'],
    ['20:00-06:00', 'INSIDE', 'INSIDE', 'INSIDE'],
    ['21:00-06:00:00.001', 'RAN_OVER 0.001', 'INSIDE', 'UNKNOWN'],
    ['21:00-07:30', 'RAN_OVER 5400', 'INSIDE', 'UNKNOWN'],
    ['19:59:59.999-21:00', 'STARTED_OUTSIDE 0.001', 'STARTED_OUTSIDE 0.001', 'STARTED_OUTSIDE 0.001'],
    ['12:00-13:00', 'STARTED_OUTSIDE 3600', 'STARTED_OUTSIDE 3600', 'STARTED_OUTSIDE 3600'],
    ['06:00-05:00', 'STARTED_OUTSIDE 50400', 'STARTED_OUTSIDE 50400', 'STARTED_OUTSIDE 50400'],
    ['19:00-07:00', 'STARTED_OUTSIDE 7200', 'STARTED_OUTSIDE 7200', 'STARTED_OUTSIDE 7200'],
  ])(
    'judges %s as %s when it must finish, %s when it may start, %s when that is unknown',
    (times, must, may, unknown) => {
      expect(told(nightly(), runOf(times))).toBe(must);
      expect(told(nightly({ semantics: 'MAY_START_INSIDE' }), runOf(times))).toBe(may);
      expect(told(nightly({ semantics: 'UNKNOWN' }), runOf(times))).toBe(unknown);
    },
  );

  it('finds a window that closed and opened again while the run went on', () => {
    const twoDays = sampleRun({ startedAt: new Date('2026-06-03T21:00Z'), endedAt: new Date('2026-06-05T01:00Z') });
    expect(told(nightly(), twoDays)).toBe('RAN_OVER 50400');
  });

  it('tells no window apart from one that is switched off only by its semantics', () => {
    const run = runOf('12:00-13:00');
    expect(windowCompliance(undefined, run)).toEqual({
      verdict: 'NO_WINDOW',
      outsideSeconds: undefined,
      semantics: 'UNKNOWN',
    });
    expect(windowCompliance(nightly({ enabled: false }), run)).toEqual({
      verdict: 'NO_WINDOW',
      outsideSeconds: undefined,
      semantics: 'MUST_FINISH_INSIDE',
    });
  });

  it.each([
    ['without a beginning', nightly(), sampleRun({ startedAt: undefined })],
    ['with a grid cut short', nightly({ hours: [true] }), runOf('21:00-23:00')],
    ['that has ended nobody knows when', nightly(), runOf('21:00')],
    ['that ended before it began', nightly(), runOf('21:00-23:00', { endedAt: new Date('2026-06-03T20:00Z') })],
    [
      'under way and still inside',
      nightly(),
      runOf('21:00', { status: 'RUNNING', observedAt: new Date('2026-06-03T22:00Z') }),
    ],
    ['that is still to begin', nightly(), sampleRun({ status: 'QUEUED', startedAt: undefined })],
  ])('does not judge a run %s', (_, window, run) => {
    expect(told(window, run)).toBe('UNKNOWN');
  });

  it('judges a run under way as soon as the verdict is certain', () => {
    const late = { status: 'RUNNING', observedAt: new Date('2026-06-04T06:10Z') } as const;
    expect(told(nightly(), runOf('21:00', late))).toBe('RAN_OVER 600');
    expect(told(nightly(), runOf('12:00', { ...late, observedAt: new Date('2026-06-03T12:30Z') }))).toBe(
      'STARTED_OUTSIDE 1800',
    );
    expect(told(nightly({ semantics: 'MAY_START_INSIDE' }), runOf('21:00', late))).toBe('INSIDE');
    expect(told(ALWAYS, runOf('21:00', late))).toBe('INSIDE');
  });

  it('takes the duration where the vendor tells no end', () => {
    expect(told(nightly(), runOf('21:00', { durationSeconds: 9 * 3600 }))).toBe('INSIDE');
    expect(told(nightly(), runOf('21:00', { durationSeconds: 9 * 3600 + 60 }))).toBe('RAN_OVER 60');
  });

  it('says that a beginning was outside also when no end is known', () => {
    expect(told(nightly(), runOf('12:00'))).toBe('STARTED_OUTSIDE');
    expect(told(NEVER, runOf('12:00'))).toBe('STARTED_OUTSIDE');
  });

  it('follows the reading of the offset', () => {
    const run = runOf('16:00-17:00');
    expect(told(nightly({ utcOffsetMinutes: 330 }), run)).toBe('INSIDE');
    expect(told(nightly({ utcOffsetMinutes: 330, minuteOffsetReading: 'GRID_IS_UTC' }), run)).toBe(
      'STARTED_OUTSIDE 3600',
    );
  });

  it.each([
    ['21:00', 3600, 'INSIDE'],
    ['21:00', 9 * 3600, 'INSIDE'],
    ['21:00', 10 * 3600, 'RAN_OVER'],
    ['21:00', undefined, 'UNKNOWN'],
    ['12:00', undefined, 'STARTED_OUTSIDE'],
  ])('expects of a run at %s of %s seconds: %s', (time, seconds, verdict) => {
    const at = new Date(`2026-06-03T${time}Z`);
    expect(comingCompliance(nightly(), at, seconds).verdict).toBe(verdict);
    expect(comingCompliance(nightly({ enabled: false }), at, seconds).verdict).toBe('NO_WINDOW');
  });

  it('swallows a run that is due in closed hours, and tells when the window opens', () => {
    const at = new Date('2026-06-03T12:00Z');
    for (const semantics of ['MUST_FINISH_INSIDE', 'MAY_START_INSIDE', 'UNKNOWN'] as const) {
      expect(swallowOf({ at, window: nightly({ semantics }), expectedSeconds: undefined })).toEqual({
        reason: 'STARTS_OUTSIDE',
        closesAt: undefined,
        opensAt: new Date('2026-06-03T20:00Z'),
        missingSeconds: undefined,
      });
    }
    expect(swallowOf({ at, window: NEVER, expectedSeconds: 1 })).toMatchObject({ opensAt: undefined });
  });

  it('swallows the rest of a run that must finish inside and will not, and tells how much is missing', () => {
    const at = new Date('2026-06-04T05:00Z');
    expect(swallowOf({ at, window: nightly(), expectedSeconds: 5400 })).toEqual({
      reason: 'CUT_AT_CLOSING',
      closesAt: new Date('2026-06-04T06:00Z'),
      opensAt: undefined,
      missingSeconds: 1800,
    });
  });

  it.each([
    ['it ends inside', nightly(), 3600],
    ['it need not end inside', nightly({ semantics: 'MAY_START_INSIDE' }), 36_000],
    ['nobody knows whether it must end inside', nightly({ semantics: 'UNKNOWN' }), 36_000],
    ['nobody knows how long it takes', nightly(), undefined],
    ['there is no window', undefined, 36_000],
    ['the window is switched off', nightly({ enabled: false }), 36_000],
    ['the window is always open', ALWAYS, 36_000],
  ])('swallows nothing when %s', (_, window, expectedSeconds) => {
    expect(swallowOf({ at: new Date('2026-06-04T05:00Z'), window, expectedSeconds })).toBeUndefined();
  });

  it('picks the swallowed runs in their order', () => {
    const runs = ['05:00', '12:00', '21:00', '19:59'].map((time) => ({
      name: time,
      at: new Date(`2026-06-03T${time}Z`),
      window: nightly(),
      expectedSeconds: 7200,
    }));
    const found = [...swallowedRuns(runs)].map(({ run, swallow }) => `${run.name} ${swallow.reason}`);
    expect(found).toEqual(['05:00 CUT_AT_CLOSING', '12:00 STARTS_OUTSIDE', '19:59 STARTS_OUTSIDE']);
  });

  it('agrees with a count of closed minutes, for 500 generated windows and runs', () => {
    const random = new SeededRandom(2_006_036);
    const seen = new Set<string>();
    for (let round = 0; round < 500; round += 1) {
      const share = random.pick([0.02, 0.5, 0.9, 0.99]);
      const window = nightly({
        hours: Array.from({ length: 168 }, () => random.next() < share),
        semantics: random.pick(['MUST_FINISH_INSIDE', 'MAY_START_INSIDE', 'UNKNOWN']),
        utcOffsetMinutes: random.integer(-840, 840),
        minuteOffsetReading: random.pick(['GRID_IS_LOCAL', 'GRID_IS_UTC', undefined]),
      });
      const startMs = Date.UTC(2026, 0, 1) + random.integer(0, 500_000) * MINUTE;
      const minutes = random.pick([random.integer(0, 60), random.integer(0, 600), random.integer(0, 30_000)]);
      const run = sampleRun({ startedAt: new Date(startMs), endedAt: new Date(startMs + minutes * MINUTE) });
      let closed = 0;
      for (let minute = 0; minute < minutes; minute += 1) {
        if (!isOpenAt(window, new Date(startMs + minute * MINUTE))) closed += 1;
      }
      const started = isOpenAt(window, new Date(startMs));
      const { verdict, outsideSeconds } = windowCompliance(window, run);
      seen.add(verdict);
      expect(closedMs(window, new Date(startMs), new Date(startMs + minutes * MINUTE))).toBe(closed * MINUTE);
      if (!started) expect([verdict, outsideSeconds]).toEqual(['STARTED_OUTSIDE', closed * 60]);
      else if (closed === 0 || window.semantics === 'MAY_START_INSIDE') expect(verdict).toBe('INSIDE');
      else if (window.semantics === 'UNKNOWN') expect(verdict).toBe('UNKNOWN');
      else expect([verdict, outsideSeconds]).toEqual(['RAN_OVER', closed * 60]);
    }
    expect([...seen].toSorted()).toEqual(['INSIDE', 'RAN_OVER', 'STARTED_OUTSIDE', 'UNKNOWN']);
  });

  it('measures a run of a thousand years at once', () => {
    const started = performance.now();
    const until = new Date(Date.UTC(3026, 0, 1));
    expect(closedMs(NEVER, new Date(Date.UTC(2026, 0, 1)), until)).toBe(until.getTime() - Date.UTC(2026, 0, 1));
    expect(performance.now() - started).toBeLessThan(100);
    expect(closedMs(nightly(), new Date(HOUR), new Date(0))).toBe(0);
  });
});
