import { describe, expect, it } from 'vitest';
import type { BackupWindow } from '../../src/domain/backup-window.ts';
import { longestGapMs } from '../../src/domain/longest-gap.ts';
import { runsAfter } from '../../src/domain/next-runs.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { DAY, LORD_HOWE, MINUTE, NEW_YORK, UTC, cron, every, generateRule, scheduleOf, weekly } from './time-oracle.ts';

const FROM = new Date('2026-11-20T12:00:00Z');
const HOUR = 60 * MINUTE;

function gapHours(...schedules: readonly Schedule[]): number | undefined {
  const gapMs = longestGapMs(schedules, FROM);
  return gapMs === undefined ? undefined : gapMs / HOUR;
}

function windowOf(isOpen: (hourOfWeek: number) => boolean, more: Partial<BackupWindow> = {}): BackupWindow {
  const hours = Array.from({ length: 168 }, (_, hour) => isOpen(hour));
  return { enabled: true, semantics: 'MUST_FINISH_INSIDE', hours, utcOffsetMinutes: 0, ...more };
}

describe('domain/longest-gap', () => {
  it.each([
    ['each day', weekly('21:00'), 24],
    ['workdays, over the weekend', weekly('21:00', [1, 2, 3, 4, 5]), 72],
    ['one day of the week', weekly('02:30', [3]), 168],
    ['two days of the week', weekly('02:30', [1, 2]), 144],
    ['each 15 minutes', every(15), 0.25],
    ['each 50 minutes, which is cut at midnight', every(50), 50 / 60],
    ['each 7 hours, with three hours left at midnight', every(420), 7],
    ['an interval that does not divide the day, far into the hour', every(420, 59), 7],
    ['office hours by cron', cron('0 9-17 * * 1-5'), 64],
    ['the first of the month', cron('0 3 1 * *'), 31 * 24],
    ['the 31st of the month', cron('0 3 31 * *'), 61 * 24],
    ['once a year, leap years too', cron('0 3 1 7 *'), 366 * 24],
    ['the 29th of February', cron('0 3 29 2 *'), 1461 * 24],
    ['days that no week has', weekly('21:00', []), undefined],
    ['cron that nobody can read with certainty', cron('@daily'), undefined],
    ['a single instant', { form: 'ONCE', at: new Date('2026-11-21T00:00:00Z') } as const, undefined],
    ['by hand', { form: 'MANUAL' } as const, undefined],
    ['a form that is not known', { form: 'UNKNOWN', raw: 'x' } as const, undefined],
  ])('measures %s', (_, recurrence, hours) => {
    expect(gapHours(scheduleOf(recurrence))).toBe(hours);
  });

  it('counts the runs of all schedules together, each in its zone', () => {
    const workdays = scheduleOf(weekly('21:00', [1, 2, 3, 4, 5]), { zone: UTC });
    const saturday = scheduleOf(weekly('21:00', [6]), { zone: UTC });
    expect(gapHours(workdays, saturday)).toBe(48);
    // 21:00 in New York is 02:00 UTC.
    expect(gapHours(scheduleOf(weekly('21:00'), { zone: UTC }), scheduleOf(weekly('21:00'), { zone: NEW_YORK }))).toBe(
      19,
    );
  });

  it('needs no zone, and keeps schedules of unknown zones apart from the others', () => {
    const unknown = { zone: undefined };
    expect(gapHours(scheduleOf(weekly('21:00'), unknown))).toBe(24);
    expect(gapHours(scheduleOf(weekly('21:00'), unknown), scheduleOf(weekly('09:00'), unknown))).toBe(12);
    expect(gapHours(scheduleOf(weekly('21:00'), unknown), scheduleOf(weekly('09:00'), { zone: UTC }))).toBe(24);
    expect(gapHours(scheduleOf(every(60), unknown), scheduleOf(weekly('09:00'), { zone: UTC }))).toBe(1);
  });

  it('leaves out what is switched off or has not begun', () => {
    const daily = scheduleOf(weekly('21:00'));
    expect(gapHours(daily, scheduleOf(every(60), { enabled: false }))).toBe(24);
    expect(gapHours(daily, scheduleOf(every(60), { startsAt: new Date('2026-11-21T00:00:00Z') }))).toBe(24);
    expect(gapHours(daily, scheduleOf(every(60), { startsAt: FROM }))).toBe(1);
    expect(gapHours()).toBeUndefined();
  });

  it('does not count runs that the window swallows', () => {
    const nights = windowOf((hour) => hour % 24 < 6);
    const hourly = (window: BackupWindow, zone: Schedule['zone'] = UTC): Schedule =>
      scheduleOf(every(60), { zone, window });
    expect(gapHours(hourly(nights))).toBe(19);
    expect(gapHours(hourly({ ...nights, enabled: false }))).toBe(1);
    expect(gapHours(hourly(windowOf((hour) => hour >= 24)))).toBe(25);
    expect(
      gapHours(
        hourly(
          windowOf(() => true),
          undefined,
        ),
      ),
    ).toBe(1);
  });

  it('does not believe a window that swallows all, nor lays one over an unknown clock', () => {
    const mornings = windowOf((hour) => hour % 24 < 6);
    expect(gapHours(scheduleOf(weekly('21:00'), { zone: UTC, window: mornings }))).toBe(24);
    expect(gapHours(scheduleOf(weekly('21:00'), { zone: undefined, window: mornings }))).toBeUndefined();
  });

  it('does not take a change of the clock for a gap', () => {
    const beforeChange = new Date('2026-10-20T00:00:00Z');
    expect(longestGapMs([scheduleOf(weekly('02:30'))], beforeChange)).toBe(24 * HOUR);
    expect(longestGapMs([scheduleOf(weekly('02:15'), { zone: LORD_HOWE })], beforeChange)).toBe(24 * HOUR);
  });

  it('finds what following the runs one by one finds, for generated pairs of schedules', () => {
    const random = new SeededRandom(4711);
    for (let round = 0; round < 80; round += 1) {
      const schedules = Array.from({ length: random.integer(1, 2) }, () =>
        scheduleOf(generateRule(random).recurrence, { zone: { utcOffsetMinutes: random.integer(-12, 14) * 60 } }),
      );
      const from = new Date(FROM.getTime() + random.integer(0, 700) * DAY + random.integer(0, 1439) * MINUTE);
      expect(longestGapMs(schedules, from), JSON.stringify(schedules)).toBe(slowGap(schedules, from));
    }
  });
});

function slowGap(schedules: readonly Schedule[], from: Date): number {
  // A year and a month: cron in these cases names no month.
  const untilMs = from.getTime() + 400 * DAY;
  const due = new Set<number>();
  for (const schedule of schedules) {
    for (const at of runsAfter(schedule, new Date(from.getTime() - 1))) {
      if (at.getTime() >= untilMs) break;
      due.add(at.getTime());
    }
  }
  const inOrder = [...due].toSorted((a, b) => a - b);
  let longest = 0;
  for (const [index, ms] of inOrder.entries()) longest = Math.max(longest, ms - (inOrder[index - 1] ?? ms));
  return longest;
}
