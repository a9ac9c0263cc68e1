import { describe, expect, it } from 'vitest';
import type { BackupWindow } from '../../src/domain/backup-window.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { UPCOMING_BASES, agreesWithVendor, upcomingInstants } from '../../src/domain/upcoming.ts';
import { UTC, cron, every, scheduleOf, weekly } from './time-oracle.ts';

const NOW = new Date('2026-06-03T12:00:00Z');
const DAILY = scheduleOf(weekly('02:30'), { zone: UTC });

function upcoming(schedule: Schedule | undefined, announced: string | undefined, count = 3): string[] {
  const at = announced === undefined ? undefined : new Date(announced);
  return upcomingInstants(schedule, at, NOW, count).map((run) => `${run.at.toISOString().slice(0, 19)} ${run.basis}`);
}

function inside(schedule: Schedule): (boolean | undefined)[] {
  const announced = new Date('2026-06-04T02:30:00Z');
  return upcomingInstants(schedule, announced, NOW, 3).map(({ insideWindow }) => insideWindow);
}

function agrees(schedule: Schedule | undefined, announced: string | undefined, now: Date = NOW): boolean | undefined {
  return agreesWithVendor(schedule, announced === undefined ? undefined : new Date(announced), now);
}

describe('domain/upcoming', () => {
  it('names both bases', () => {
    expect(UPCOMING_BASES).toEqual(['VENDOR_ANNOUNCED', 'COMPUTED']);
  });

  it('lets the announced run lead and the computed ones follow, none twice', () => {
    expect(upcoming(DAILY, '2026-06-04T02:30:00Z')).toEqual([
      '2026-06-04T02:30:00 VENDOR_ANNOUNCED',
      '2026-06-05T02:30:00 COMPUTED',
      '2026-06-06T02:30:00 COMPUTED',
    ]);
  });

  it.each(['2026-06-04T02:29:59.900Z', '2026-06-04T02:30:00.400Z', '2026-06-04T02:29:10Z'])(
    'takes the computed run within a minute of %s for the same',
    (announced) => {
      expect(upcoming(DAILY, announced, 2)[1]).toBe('2026-06-05T02:30:00 COMPUTED');
    },
  );

  it('keeps a computed run a minute or more after the announced one', () => {
    const minutely = scheduleOf(every(1), { zone: UTC });
    expect(upcoming(minutely, '2026-06-03T12:05:00Z', 2)).toEqual([
      '2026-06-03T12:05:00 VENDOR_ANNOUNCED',
      '2026-06-03T12:06:00 COMPUTED',
    ]);
  });

  it('leaves out what is computed before the announced run', () => {
    expect(upcoming(DAILY, '2026-06-07T10:00:00Z', 2)).toEqual([
      '2026-06-07T10:00:00 VENDOR_ANNOUNCED',
      '2026-06-08T02:30:00 COMPUTED',
    ]);
  });

  it.each(['2026-06-03T11:00:00Z', NOW.toISOString()])('leaves out %s, announced but not ahead', (announced) => {
    expect(upcoming(DAILY, announced, 1)).toEqual(['2026-06-04T02:30:00 COMPUTED']);
  });

  it('has the announced run alone when nothing can be computed', () => {
    const expected = ['2026-06-04T02:30:00 VENDOR_ANNOUNCED'];
    expect(upcoming(undefined, '2026-06-04T02:30:00Z')).toEqual(expected);
    expect(upcoming({ ...DAILY, zone: undefined }, '2026-06-04T02:30:00Z')).toEqual(expected);
    expect(upcoming(scheduleOf({ form: 'MANUAL' }), '2026-06-04T02:30:00Z')).toEqual(expected);
  });

  it('is empty when nothing is known, nothing is asked for, or the schedule is switched off', () => {
    expect(upcoming(undefined, undefined)).toEqual([]);
    expect(upcoming(DAILY, '2026-06-04T02:30:00Z', 0)).toEqual([]);
    expect(upcoming({ ...DAILY, enabled: false }, '2026-06-04T02:30:00Z')).toEqual([]);
  });

  it('gives the announced run alone when one is asked for', () => {
    expect(upcoming(DAILY, '2026-06-04T02:30:00Z', 1)).toEqual(['2026-06-04T02:30:00 VENDOR_ANNOUNCED']);
  });

  it('tells whether the window is open then', () => {
    const hours = Array.from({ length: 168 }, (_, hour) => Math.floor(hour / 24) !== 5);
    const window: BackupWindow = { enabled: true, semantics: 'MAY_START_INSIDE', hours, utcOffsetMinutes: 0 };
    expect(inside({ ...DAILY, window })).toEqual([true, false, true]);
    expect(inside({ ...DAILY, window: { ...window, enabled: false } })).toEqual([true, true, true]);
    expect(inside(DAILY)).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['is the next run', '2026-06-04T02:30:00Z', true],
    ['is a later run', '2026-06-09T02:30:00Z', true],
    ['is a run that is over', '2026-06-01T02:30:00Z', true],
    ['is a minute early', '2026-06-04T02:29:00Z', true],
    ['is a minute late', '2026-06-04T02:31:00Z', true],
    ['is more than a minute early', '2026-06-04T02:28:59Z', false],
    ['is more than a minute late', '2026-06-04T02:31:01Z', false],
    ['is at another hour', '2026-06-04T03:30:00Z', false],
  ])('answers when the announced instant %s', (_, announced, expected) => {
    expect(agrees(DAILY, announced)).toBe(expected);
  });

  it.each([
    ['no schedule', undefined, '2026-06-04T02:30:00Z'],
    ['nothing announced', DAILY, undefined],
    ['no zone', { ...DAILY, zone: undefined }, '2026-06-04T02:30:00Z'],
    ['a schedule that is switched off', { ...DAILY, enabled: false }, '2026-06-04T02:30:00Z'],
    ['cron that cannot be read', scheduleOf(cron('0 30 2 15W * ?')), '2026-06-04T02:30:00Z'],
    ['a job started by hand', scheduleOf({ form: 'MANUAL' }), '2026-06-04T02:30:00Z'],
    ['a single instant that is over', scheduleOf({ form: 'ONCE', at: new Date('2026-06-01') }), '2026-06-04T02:30:00Z'],
  ] satisfies [string, Schedule | undefined, string | undefined][])(
    'does not judge with %s',
    (_, schedule, announced) => {
      expect(agrees(schedule, announced)).toBeUndefined();
    },
  );

  it('disagrees when a single instant is still ahead and another one is announced', () => {
    const once = scheduleOf({ form: 'ONCE', at: new Date('2026-06-04T02:30:00Z') });
    expect(agrees(once, '2026-06-04T02:30:00Z')).toBe(true);
    expect(agrees(once, '2026-06-05T02:30:00Z')).toBe(false);
  });

  it('disagrees with a run before the schedule begins', () => {
    expect(agrees({ ...DAILY, startsAt: new Date('2026-06-05T00:00:00Z') }, '2026-06-04T02:30:00Z')).toBe(false);
  });

  it.each(['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Bangkok', 'Pacific/Auckland', 'Pacific/Kiritimati'])(
    'finds the vendor’s own sample at odds with itself in the zone %s',
    (timeZone) => {
      // Veeam's sample of a job: daily on Friday at 19:00, next run Friday 02:00 in UTC, which is Thursday where it is 19:00.
      const sample = scheduleOf(weekly('19:00:00', [5]), { zone: { timeZone } });
      expect(agrees(sample, '2017-06-02T02:00:00Z', new Date('2017-05-30T12:20:00Z'))).toBe(false);
    },
  );

  it('agrees with that sample once its day is read as Thursday at seven hours behind UTC', () => {
    const sample = scheduleOf(weekly('19:00:00', [4]), { zone: { utcOffsetMinutes: -420 } });
    expect(agrees(sample, '2017-06-02T02:00:00Z', new Date('2017-05-30T12:20:00Z'))).toBe(true);
  });
});
