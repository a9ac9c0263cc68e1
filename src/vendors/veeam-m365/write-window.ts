import type { VeeamDay, WindowRequest } from '../../domain/write-request.ts';

export const HOURS_OF_WEEK = 168;

/** 168 hours; an interval that ends at or before its beginning runs into the next day. */
export function gridOf({ hours, intervals = [] }: WindowRequest): readonly boolean[] {
  if (hours !== undefined) return hours;
  const grid = Array.from({ length: HOURS_OF_WEEK }, () => false);
  for (const { day, fromHour, toHour } of intervals) {
    const length = toHour > fromHour ? toHour - fromHour : toHour - fromHour + 24;
    for (const weekday of DAY_NUMBERS[day])
      for (let hour = 0; hour < length; hour += 1) grid[(weekday * 24 + fromHour + hour) % HOURS_OF_WEEK] = true;
  }
  return grid;
}

/** 0 is Sunday. */
const DAY_NUMBERS: Readonly<Record<VeeamDay, readonly number[]>> = {
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
