import { describe, expect, it } from 'vitest';
import {
  mapDay,
  mapDetailsOutcome,
  mapDetailsStatus,
  mapJobState,
  mapType,
} from '../../../src/vendors/vcenter/status.ts';

describe('vendors/vcenter/status', () => {
  it.each([
    ['NONE', 'QUEUED'],
    ['INPROGRESS', 'RUNNING'],
    ['SUCCEEDED', 'SUCCEEDED'],
    ['FAILED', 'FAILED'],
    ['IN_PROGRESS', 'UNKNOWN'],
    ['RUNNING', 'UNKNOWN'],
    ['succeeded', 'UNKNOWN'],
    ['CANCELED', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('reads the job state %s as %s and keeps the word', (raw, status) => {
    expect(mapJobState(raw)).toEqual({ status, raw });
  });

  it.each([
    ['PENDING', 'QUEUED'],
    ['BLOCKED', 'QUEUED'],
    ['RUNNING', 'RUNNING'],
    ['SUCCEEDED', 'SUCCEEDED'],
    ['FAILED', 'FAILED'],
    ['INPROGRESS', 'UNKNOWN'],
    ['Succeeded', 'UNKNOWN'],
    ['CANCELED', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('reads the details status %s as %s and keeps the word', (raw, status) => {
    expect(mapDetailsStatus(raw)).toEqual({ status, raw });
  });

  it.each([
    ['SUCCEEDED', 'WARNING'],
    ['FAILED', 'FAILED'],
    ['RUNNING', 'RUNNING'],
    ['PAUSED', 'UNKNOWN'],
  ])('reads the details status %s beside an error as %s', (raw, status) => {
    expect(mapDetailsOutcome({ status: raw, error: ['disk full'] })).toEqual({ status, raw });
    expect(mapDetailsOutcome({ status: raw, error: [] })).toEqual(mapDetailsStatus(raw));
  });

  it.each([
    ['SCHEDULED', 'SCHEDULED'],
    ['MANUAL', 'MANUAL'],
    ['REPAIR', undefined],
    [undefined, undefined],
  ])('reads the type %s as %s', (raw, type) => {
    expect(mapType(raw)).toBe(type);
  });

  it.each([
    ['SUNDAY', 0],
    ['MONDAY', 1],
    ['TUESDAY', 2],
    ['WEDNESDAY', 3],
    ['THURSDAY', 4],
    ['FRIDAY', 5],
    ['SATURDAY', 6],
    ['HOLIDAY', undefined],
    ['monday', undefined],
  ])('reads the day %s as %s', (raw, day) => {
    expect(mapDay(raw)).toBe(day);
  });
});
