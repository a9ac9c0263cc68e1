import { describe, expect, it } from 'vitest';
import {
  VEEAM_DAYS,
  VEEAM_PERIODS,
  type VeeamScheduleRequest,
  type WindowRequest,
} from '../../../src/domain/write-request.ts';
import { gridOf } from '../../../src/vendors/veeam-m365/write-window.ts';
import { scheduleRefusals } from '../../../src/vendors/veeam-m365/write-rules.ts';
import { desk, schedule, update, VERSIONS } from './write-lab.ts';

/** The rules that a schedule breaks, with the place of each. */
function broken(given: Partial<VeeamScheduleRequest>): readonly string[] {
  return scheduleRefusals(schedule(given)).map(({ field = [], rule }) => `${field.join('.')}: ${rule}`);
}

const at = (time: string) => ({ daily: { day: 'EVERYDAY' as const, time } });
const window = (given: Partial<WindowRequest>): { readonly window: WindowRequest } => ({
  window: { hours: undefined, intervals: undefined, utcOffsetMinutes: 0, ...given },
});
const stretch = (fromHour: number, toHour: number) => window({ intervals: [{ day: 'MONDAY', fromHour, toHour }] });

const HUGE = 2 ** 31 - 1;

describe('vendors/veeam-m365/write-rules', () => {
  it.each(['00:00', '23:59', '09:30:00', '23:59:59'])('takes %s for a time of day', (time) => {
    expect(broken(at(time))).toEqual([]);
  });

  it.each(['', '9:30', '24:00', '23:60', '23:59:60', '12:00:00.0', '12:00\n', ' 12:00', '1200', '12:00Z'])(
    'does not take %j for a time of day',
    (time) => {
      expect(broken(at(time))).toEqual(['daily.time: time-of-day']);
    },
  );

  it.each([
    [1, 1, []],
    [777, 999, []],
    [0, 999, ['retry.attempts: retry-attempts']],
    [778, 1, ['retry.attempts: retry-attempts']],
    [1, 0, ['retry.intervalMinutes: retry-interval']],
    [1.5, 1000, ['retry.attempts: retry-attempts', 'retry.intervalMinutes: retry-interval']],
  ])('judges %d tries every %d minutes', (attempts, intervalMinutes, expected) => {
    expect(broken({ retry: { attempts, intervalMinutes } })).toEqual(expected);
  });

  it.each([
    [0, 24, []],
    [23, 1, []],
    [5, 5, []],
    [-1, 5, ['window.intervals.0.fromHour: window-from-hour']],
    [24, 5, ['window.intervals.0.fromHour: window-from-hour']],
    [5, 0, ['window.intervals.0.toHour: window-to-hour']],
    [0, HUGE, ['window.intervals.0.toHour: window-to-hour']],
  ])('judges the hours %d to %d', (fromHour, toHour, expected) => {
    expect(broken(stretch(fromHour, toHour))).toEqual(expected);
  });

  it.each([
    [167, ['window.hours: window-hours']],
    [168, []],
    [169, ['window.hours: window-hours']],
  ])('judges a window of %d hours', (length, expected) => {
    expect(broken(window({ hours: Array<boolean>(length).fill(true) }))).toEqual(expected);
  });

  it('wants a window that is told in one way, opens, and lies on this earth', () => {
    const hours = Array<boolean>(168).fill(true);
    expect(broken(window({}))).toEqual(['window: hours-or-intervals']);
    expect(broken(window({ hours, intervals: [] }))).toEqual(['window: hours-or-intervals']);
    expect(broken(window({ intervals: [] }))).toEqual(['window: window-open']);
    expect(broken(window({ hours: Array<boolean>(168).fill(false) }))).toEqual(['window: window-open']);
    expect(broken(window({ hours, utcOffsetMinutes: 841 }))).toEqual(['window.utcOffsetMinutes: window-offset']);
    expect(broken(window({ hours, utcOffsetMinutes: -840 }))).toEqual([]);
  });

  it('refuses an endless interval at once, and before any call', async () => {
    const one = await desk('v8');
    const request = await one.createRequest({
      schedule: schedule({ periodically: 'HOURS_1', ...stretch(0, HUGE) }),
    });
    one.simulator.forgetRequests();
    const startedAt = performance.now();
    expect(await one.refusals(request)).toMatchObject([
      { field: ['schedule', 'window', 'intervals', '0', 'toHour'], rule: 'window-to-hour' },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(one.simulator.requests()).toEqual([]);
  });
});

describe('vendors/veeam-m365/write-window', () => {
  const openHours = (intervals: NonNullable<WindowRequest['intervals']>): readonly number[] =>
    gridOf({ hours: undefined, intervals, utcOffsetMinutes: 0 }).flatMap((isOpen, hour) => (isOpen ? [hour] : []));

  it.each([
    ['SUNDAY', [0]],
    ['MONDAY', [1]],
    ['TUESDAY', [2]],
    ['WEDNESDAY', [3]],
    ['THURSDAY', [4]],
    ['FRIDAY', [5]],
    ['SATURDAY', [6]],
    ['EVERYDAY', [0, 1, 2, 3, 4, 5, 6]],
    ['WORKDAYS', [1, 2, 3, 4, 5]],
    ['WEEKENDS', [0, 6]],
  ] as const)('counts %s from Sunday', (day, days) => {
    expect(openHours([{ day, fromHour: 3, toHour: 4 }])).toEqual(days.map((one) => one * 24 + 3));
  });

  it('runs past midnight, and past the end of the week', () => {
    expect(openHours([{ day: 'SATURDAY', fromHour: 22, toHour: 2 }])).toEqual([0, 1, 166, 167]);
    expect(openHours([{ day: 'SUNDAY', fromHour: 5, toHour: 5 }])).toHaveLength(24);
    expect(openHours([{ day: 'EVERYDAY', fromHour: 0, toHour: 24 }])).toHaveLength(168);
  });
});

describe.each(VERSIONS)('vendors/veeam-m365/write-policy in %s', (version) => {
  it('sets every day and period that there is', async () => {
    const one = await desk(version);
    const job = await one.idle();
    for (const day of VEEAM_DAYS) {
      const request = update(job, { daily: { day, time: '04:07' } });
      const prepared = await one.prepare(request);
      expect((await prepared.send(AbortSignal.timeout(5_000))).outcome).toBe('DONE');
      const recurrence = (await one.findJob(job.nativeId))?.schedule?.recurrence;
      expect(recurrence).toMatchObject({ form: 'WEEKLY', days: DAYS[day], at: { hour: 4, minute: 7, second: 0 } });
      expect(await one.settle(request, prepared)).toEqual({ jobNativeId: job.nativeId });
    }
    for (const period of VEEAM_PERIODS) {
      const request = update(job, { periodically: period });
      const prepared = await one.prepare(request);
      expect((await prepared.send(AbortSignal.timeout(5_000))).outcome).toBe('DONE');
      const [unit, count] = period.split('_');
      const everyMinutes = Number(count) * (unit === 'HOURS' ? 60 : 1);
      const recurrence = (await one.findJob(job.nativeId))?.schedule?.recurrence;
      expect(recurrence).toMatchObject({ form: 'INTERVAL', everyMinutes });
      expect(await one.settle(request, prepared)).toEqual({ jobNativeId: job.nativeId });
    }
  });

  it('changes the schedule of each job and leaves all else of it as it was', async () => {
    const one = await desk(version);
    const retry = { attempts: 7, intervalMinutes: 70 };
    for (const before of await one.jobs()) {
      const { nativeId } = before;
      expect([nativeId, (await one.write(update(before, { retry }))).outcome]).toEqual([nativeId, 'DONE']);
      const after = await one.findJob(nativeId);
      expect(after?.schedule).toEqual({ ...before.schedule, retry: { enabled: true, ...retry } });
      expect([after?.name, after?.description, after?.enabled, after?.kind, after?.details]).toEqual([
        before.name,
        before.description,
        before.enabled,
        before.kind,
        before.details,
      ]);
    }
  });

  it('writes the offset of a window as it is given', async () => {
    const one = await desk(version);
    const hours = Array.from({ length: 168 }, (_, hour) => hour % 5 !== 0);
    const job = await one.idle();
    expect((await one.write(update(job, window({ hours, utcOffsetMinutes: -345 })))).outcome).toBe('DONE');
    expect((await one.findJob(job.nativeId))?.schedule?.window).toEqual({
      enabled: true,
      semantics: 'MUST_FINISH_INSIDE',
      hours,
      utcOffsetMinutes: -345,
    });
  });
});

const DAYS: Readonly<Record<(typeof VEEAM_DAYS)[number], readonly number[]>> = {
  SUNDAY: [0],
  MONDAY: [1],
  TUESDAY: [2],
  WEDNESDAY: [3],
  THURSDAY: [4],
  FRIDAY: [5],
  SATURDAY: [6],
  EVERYDAY: [0, 1, 2, 3, 4, 5, 6],
  WORKDAYS: [1, 2, 3, 4, 5],
  WEEKENDS: [0, 6],
};
