import type { WriteRefusal } from '../../domain/backup-operation.ts';
import type { VeeamScheduleRequest, WindowRequest } from '../../domain/write-request.ts';
import { gridOf, HOURS_OF_WEEK } from './write-window.ts';

/** Every stated rule that a schedule breaks; paths begin with `path`. */
export function scheduleRefusals(schedule: VeeamScheduleRequest, path: readonly string[] = []): WriteRefusal[] {
  const { daily, periodically, window, retry } = schedule;
  const refusals: WriteRefusal[] = [];
  const refuse = (field: readonly string[], rule: string, message: string): void => {
    refusals.push({ code: 'INVALID_VALUE', message, field: [...path, ...field], rule });
  };
  if (daily !== undefined && periodically !== undefined) {
    const message = 'A schedule of Veeam is daily or periodic, not both.';
    refusals.push({ code: 'EXACTLY_ONE_REQUIRED', message, field: [...path, 'daily'], rule: 'daily-or-periodically' });
  }
  if (daily !== undefined && !TIME_OF_DAY.test(daily.time))
    refuse(['daily', 'time'], 'time-of-day', 'A time of day is HH:MM or HH:MM:SS, 00:00 to 23:59:59.');
  if (retry !== undefined && !isWhole(retry.attempts, 1, 777))
    refuse(['retry', 'attempts'], 'retry-attempts', 'Veeam tries again 1 to 777 times.');
  if (retry !== undefined && !isWhole(retry.intervalMinutes, 1, 999))
    refuse(['retry', 'intervalMinutes'], 'retry-interval', 'Veeam waits 1 to 999 minutes between tries.');
  if (window !== undefined) refusals.push(...windowRefusals(window, [...path, 'window']));
  return refusals;
}

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/;

function windowRefusals(window: WindowRequest, path: readonly string[]): WriteRefusal[] {
  const { hours, intervals, utcOffsetMinutes } = window;
  const refusals: WriteRefusal[] = [];
  const refuse = (field: readonly string[], rule: string, message: string): void => {
    refusals.push({ code: 'INVALID_VALUE', message, field: [...path, ...field], rule });
  };
  if ((hours === undefined) === (intervals === undefined)) {
    const message = 'A window is told by its hours or by its intervals, and not by both.';
    refusals.push({ code: 'EXACTLY_ONE_REQUIRED', message, field: path, rule: 'hours-or-intervals' });
    return refusals;
  }
  if (hours !== undefined && hours.length !== HOURS_OF_WEEK)
    refuse(['hours'], 'window-hours', 'A window has 168 hours, Sunday 00:00 first.');
  for (const [index, { fromHour, toHour }] of (intervals ?? []).entries()) {
    if (!isWhole(fromHour, 0, 23))
      refuse(['intervals', String(index), 'fromHour'], 'window-from-hour', 'An interval begins at hour 0 to 23.');
    if (!isWhole(toHour, 1, 24))
      refuse(['intervals', String(index), 'toHour'], 'window-to-hour', 'An interval ends at hour 1 to 24.');
  }
  if (!isWhole(utcOffsetMinutes, -14 * 60, 14 * 60))
    refuse(['utcOffsetMinutes'], 'window-offset', 'An offset is within 14 hours of UTC.');
  if (refusals.length === 0 && !gridOf(window).includes(true))
    refuse([], 'window-open', 'A window that is never open lets nothing run.');
  return refusals;
}

function isWhole(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
