import { describe, expect, it } from 'vitest';
import { cronFitsDay, parseCron } from '../../src/domain/cron.ts';
import { calendarDayOf } from '../../src/domain/zone.ts';

const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

describe('domain/cron', () => {
  it('reads five fields from the minute to the day of the week', () => {
    expect(parseCron('30 2 * * 1-5')).toEqual({
      fieldCount: 5,
      seconds: [0],
      minutes: [30],
      hours: [2],
      daysOfMonth: undefined,
      months: ALL_MONTHS,
      daysOfWeek: [1, 2, 3, 4, 5],
      years: undefined,
    });
  });

  it('reads six fields from the second on, and seven with the year last', () => {
    expect(parseCron('15 30 2 * * *')).toMatchObject({ fieldCount: 6, seconds: [15], minutes: [30], hours: [2] });
    expect(parseCron('0 30 2 1 JAN ? 2026-2028')).toMatchObject({
      fieldCount: 7,
      daysOfMonth: [1],
      months: [1],
      daysOfWeek: undefined,
      years: [2026, 2027, 2028],
    });
    expect(parseCron('0 30 2 * * * *')).toMatchObject({ fieldCount: 7, years: undefined });
  });

  it.each([
    ['*/15 * * * *', { minutes: [0, 15, 30, 45] }],
    ['5-20/5 * * * *', { minutes: [5, 10, 15, 20] }],
    ['0 8,20 * * *', { hours: [8, 20] }],
    ['0 20,8,8 * * *', { hours: [8, 20] }],
    ['0 0-3,22-23 * * *', { hours: [0, 1, 2, 3, 22, 23] }],
    ['05 04 * * *', { minutes: [5], hours: [4] }],
    ['0 0 */10 * *', { daysOfMonth: [1, 11, 21, 31], daysOfWeek: undefined }],
    ['0 0 1 */3 *', { months: [1, 4, 7, 10] }],
    ['0 0 1 jan,Jul *', { months: [1, 7] }],
    ['0 0 * * mon-fri', { daysOfWeek: [1, 2, 3, 4, 5] }],
    ['0 0 * * 0', { daysOfWeek: [0] }],
    ['0 0 * * 7', { daysOfWeek: [0] }],
    ['0 0 * * 5-7', { daysOfWeek: [0, 5, 6] }],
    ['0 0 * * 0-7', { daysOfWeek: [0, 1, 2, 3, 4, 5, 6] }],
    ['0 0 * * */2', { daysOfWeek: [0, 2, 4, 6] }],
    ['0 0 13 * 5', { daysOfMonth: [13], daysOfWeek: [5] }],
    ['  0\t2  * * *  ', { minutes: [0], hours: [2] }],
    ['0 2 ? * MON', { daysOfMonth: undefined, daysOfWeek: [1] }],
    ['0 30 2 * * MON-FRI', { daysOfWeek: [1, 2, 3, 4, 5] }],
    ['0 5/15 * * * *', { minutes: [5, 20, 35, 50] }],
    ['0 0/30 8-10 * * ?', { minutes: [0, 30], hours: [8, 9, 10] }],
    ['0 30 2 ? * SUN', { daysOfWeek: [0] }],
    ['0 30 2 ? * 1', { daysOfWeek: [0] }],
    ['0 30 2 ? * 7', { daysOfWeek: [6] }],
    ['0 30 2 ? * 2-6', { daysOfWeek: [1, 2, 3, 4, 5] }],
    ['0 30 2 ? * FRI-MON', { daysOfWeek: [0, 1, 5, 6] }],
    ['0 30 2 ? * MON/2', { daysOfWeek: [1, 3, 5] }],
    ['0 0 22-2 * * ?', { hours: [0, 1, 2, 22, 23] }],
    ['0 0 2 ? NOV-FEB 2', { months: [1, 2, 11, 12], daysOfWeek: [1] }],
    ['0 0 2 1/10 * ?', { daysOfMonth: [1, 11, 21, 31] }],
    ['0 0 2 L * ?', { daysOfMonth: [-1], daysOfWeek: undefined }],
    ['0 0 2 l 2 ? 2028', { daysOfMonth: [-1], months: [2], years: [2028] }],
    ['0 0 2 * * ? 2030/2', { years: expect.arrayContaining([2030, 2032, 2098]) }],
  ])('reads %s', (text, fields) => {
    expect(parseCron(text)).toMatchObject(fields);
  });

  it.each([
    ['nothing', ''],
    ['four fields', '0 2 * *'],
    ['eight fields', '0 0 2 * * ? 2026 x'],
    ['a macro', '@daily'],
    ['the last day without ?', '0 0 2 L * *'],
    ['the last day in five fields', '0 2 L * ?'],
    ['the last day beside a day of the week', '0 0 2 L * MON'],
    ['the last day in a list', '0 0 2 1,L * ?'],
    ['the last day but two', '0 0 2 L-2 * ?'],
    ['the last working day', '0 0 2 LW * ?'],
    ['the last day of the week', '0 0 2 ? * L'],
    ['the nearest working day', '0 0 2 15W * ?'],
    ['the last Friday', '0 0 2 ? * 6L'],
    ['the third Friday', '0 0 2 ? * 6#3'],
    ['a hash of a job', 'H 2 * * *'],
    ['a number as day of the week in six fields', '0 30 2 * * 1'],
    ['a range of such numbers', '0 30 2 * * 1-5'],
    ['a number as day of the week in seven fields', '0 30 2 * * 1 2026'],
    ['a number as day of the week beside ? in five fields', '30 2 ? * 1'],
    ['both days in six fields', '0 30 2 13 * FRI'],
    ['both days with ? in the hour', '0 30 ? 13 * FRI'],
    ['two question marks', '0 30 2 ? * ?'],
    ['a question mark as minute', '? 2 * * *'],
    ['a stepped star beside the other day', '0 0 */2 * 1'],
    ['a day of the week that allows all beside a day of the month', '0 0 13 * 0-6'],
    ['an open step in five fields', '5/15 * * * *'],
    ['a range over the end in five fields', '0 22-2 * * *'],
    ['a week that begins on Saturday in five fields', '0 2 * * SAT-SUN'],
    ['a range over the end with a step', '0 0 22-4/2 * * ?'],
    ['minute 60', '60 2 * * *'],
    ['hour 24', '0 24 * * *'],
    ['day 0', '0 2 0 * *'],
    ['day 32', '0 2 32 * *'],
    ['month 13', '0 2 * 13 *'],
    ['day of the week 8', '0 2 * * 8'],
    ['day of the week 0 in Quartz', '0 0 2 ? * 0'],
    ['a step of 0', '*/0 * * * *'],
    ['a step beyond the field', '*/90 * * * *'],
    ['a year before 1970', '0 0 2 * * ? 1969'],
    ['a year of two digits', '0 0 2 * * ? 26'],
    ['a stepped star of years', '0 0 2 * * ? */2'],
    ['years first, as another vendor has it', '0 2 * * ? 2026'],
    ['minutes first with ?, as another vendor has it', '15 12 * * ? *'],
    ['a star in a list', '*,5 * * * *'],
    ['an empty item', '1,,2 * * * *'],
    ['a range without an end', '1- * * * *'],
    ['two dashes', '1-5-9 * * * *'],
    ['a negative number', '-5 * * * *'],
    ['a fraction', '1.5 * * * *'],
    ['a long name', '0 2 * * MONDAY'],
    ['a zone in front', 'TZ=UTC 0 2 * * *'],
    ['a minute of four digits', '0030 2 * * *'],
    ['a text without end', `${'0,'.repeat(500)}0 2 * * *`],
  ])('does not read %s', (_, text) => {
    expect(parseCron(text)).toBeUndefined();
  });

  it('lets either day do when five fields give both', () => {
    const fields = parseCron('0 0 13 * 5');
    const fits = (date: string): boolean =>
      fields !== undefined && cronFitsDay(fields, calendarDayOf(Date.parse(date)));
    expect(fits('2026-02-13')).toBe(true);
    expect(fits('2026-02-20')).toBe(true);
    expect(fits('2026-04-13')).toBe(true);
    expect(fits('2026-04-14')).toBe(false);
  });

  it('knows the last day of each month', () => {
    const fields = parseCron('0 0 2 L * ?');
    const fits = (date: string): boolean =>
      fields !== undefined && cronFitsDay(fields, calendarDayOf(Date.parse(date)));
    const last = ['2026-01-31', '2026-02-28', '2028-02-29', '2100-02-28', '2026-04-30', '2026-12-31'];
    expect(last.filter((date) => !fits(date))).toEqual([]);
    expect(['2026-01-30', '2028-02-28', '2026-05-30', '2026-05-01'].filter(fits)).toEqual([]);
  });

  it('keeps to the month and the year', () => {
    const fields = parseCron('0 0 2 1 3 ? 2027');
    const fits = (date: string): boolean =>
      fields !== undefined && cronFitsDay(fields, calendarDayOf(Date.parse(date)));
    expect(fits('2027-03-01')).toBe(true);
    expect(fits('2026-03-01')).toBe(false);
    expect(fits('2027-04-01')).toBe(false);
    expect(fits('2027-03-02')).toBe(false);
  });
});
