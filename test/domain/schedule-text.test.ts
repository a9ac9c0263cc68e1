import { describe, expect, it } from 'vitest';
import { nextRuns } from '../../src/domain/next-runs.ts';
import { summarise, toCron, toRrule } from '../../src/domain/schedule-text.ts';
import { type Recurrence, type RetryPolicy, type Schedule, intervalMinutesOfDay } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { LORD_HOWE, UTC, cron, every, generateRule, isoTexts, scheduleOf, weekly } from './time-oracle.ts';

const MANUAL: Recurrence = { form: 'MANUAL' };
const UNKNOWN: Recurrence = { form: 'UNKNOWN', raw: 'Sometimes' };
const ONCE: Recurrence = { form: 'ONCE', at: new Date('2026-06-01T00:30:00Z') };

function retry(attempts: number | undefined, intervalMinutes: number | undefined, enabled = true): RetryPolicy {
  return { enabled, attempts, intervalMinutes };
}

describe('domain/schedule-text', () => {
  it.each([
    [weekly('22:45', [1, 2, 3, 4, 5]), 'Mondays to Fridays at 22:45 (Europe/Berlin)'],
    [weekly('02:00', [6, 0]), 'Saturdays and Sundays at 02:00 (Europe/Berlin)'],
    [weekly('19:00', [5]), 'Fridays at 19:00 (Europe/Berlin)'],
    [weekly('09:05:30', [3, 1, 5]), 'Mondays, Wednesdays and Fridays at 09:05:30 (Europe/Berlin)'],
    [weekly('22:00', [1, 2, 3, 6, 0]), 'Mondays to Wednesdays, Saturdays and Sundays at 22:00 (Europe/Berlin)'],
    [weekly('22:00', [5, 6, 0]), 'Fridays to Sundays at 22:00 (Europe/Berlin)'],
    [weekly('00:00'), 'Every day at 00:00 (Europe/Berlin)'],
    [weekly('00:00', []), 'On no day of the week'],
    [every(15), 'Every 15 minutes (Europe/Berlin)'],
    [every(60), 'Every hour (Europe/Berlin)'],
    [every(240, 7), 'Every 4 hours from 00:07 (Europe/Berlin)'],
    [every(90), 'Every 90 minutes (Europe/Berlin)'],
    [every(5, 7), 'Every 5 minutes from 00:02 (Europe/Berlin)'],
    [cron('0 30 2 ? * SUN'), 'Sundays at 02:30 (Europe/Berlin)'],
    [cron('30 2 * * *'), 'Every day at 02:30 (Europe/Berlin)'],
    [cron('30 2 1 * *'), 'On day 1 of every month at 02:30 (Europe/Berlin)'],
    [cron('30 2 1,15 * *'), 'On days 1 and 15 of every month at 02:30 (Europe/Berlin)'],
    [cron('30 2 1-7,15 1,7 *'), 'On days 1 to 7 and 15 of January and July at 02:30 (Europe/Berlin)'],
    [cron('30 2,3 * * *'), 'Every day at 02:30 and 03:30 (Europe/Berlin)'],
    [cron('0,20 2,3 * * 1'), 'Mondays at 02:00, 02:20, 03:00 and 03:20 (Europe/Berlin)'],
    [cron('0,20,40 2,3 * * *'), 'By cron "0,20,40 2,3 * * *" (Europe/Berlin)'],
    [cron('30 2 * 6 *'), 'Every day in June at 02:30 (Europe/Berlin)'],
    [cron('30 2 * 6-8 0'), 'Sundays in June, July and August at 02:30 (Europe/Berlin)'],
    [cron('30 2 13 * 5'), 'By cron "30 2 13 * 5" (Europe/Berlin)'],
    [cron('* * * * *'), 'Every minute (Europe/Berlin)'],
    [cron('*/15 * * * *'), 'Every 15 minutes (Europe/Berlin)'],
    [cron('0 */4 * * *'), 'Every 4 hours (Europe/Berlin)'],
    [cron('30 2,14 * * *'), 'Every 12 hours from 02:30 (Europe/Berlin)'],
    [cron('0 0/7 * * * ?'), 'By cron "0 0/7 * * * ?" (Europe/Berlin)'],
    [cron('30 * * * * *'), 'By cron "30 * * * * *" (Europe/Berlin)'],
    [cron('*/15 * * * 1-5'), 'By cron "*/15 * * * 1-5" (Europe/Berlin)'],
    [cron('0 30 2 L * ?'), 'On the last day of every month at 02:30 (Europe/Berlin)'],
    [cron('0 30 2 L 2 ?'), 'On the last day of February at 02:30 (Europe/Berlin)'],
    [cron('0 30 2 * * ? 2030'), 'By cron "0 30 2 * * ? 2030" (Europe/Berlin)'],
    [cron('0 30 2 LW * ?'), 'By cron text that cannot be read for certain ("0 30 2 LW * ?")'],
    [ONCE, 'Once, at 2026-06-01 02:30 (Europe/Berlin)'],
    [MANUAL, 'Only when started by hand'],
    [UNKNOWN, 'In a form that is not known here ("Sometimes")'],
  ])('says %j in words', (recurrence, text) => {
    expect(summarise(scheduleOf(recurrence))).toBe(text);
  });

  it.each([
    [{ zone: undefined }, 'Every day at 02:30 (time zone not known)'],
    [{ zone: UTC }, 'Every day at 02:30 (UTC)'],
    [{ zone: { utcOffsetMinutes: 345 } }, 'Every day at 02:30 (UTC+05:45)'],
    [{ zone: { utcOffsetMinutes: -210 } }, 'Every day at 02:30 (UTC-03:30)'],
    [{ zone: { timeZone: 'Mars/Phobos' } }, 'Every day at 02:30 (unknown time zone "Mars/Phobos")'],
    [{ zone: { utcOffsetMinutes: 5000 } }, 'Every day at 02:30 (UTC offset out of range)'],
    [{ enabled: false }, 'Switched off: every day at 02:30 (Europe/Berlin)'],
    [{ enabled: undefined }, 'Every day at 02:30 (Europe/Berlin)'],
    [{ retry: retry(3, 10) }, 'Every day at 02:30 (Europe/Berlin), up to 3 retries 10 minutes apart'],
    [{ retry: retry(1, 10) }, 'Every day at 02:30 (Europe/Berlin), up to 1 retry 10 minutes later'],
    [{ retry: retry(2, undefined) }, 'Every day at 02:30 (Europe/Berlin), up to 2 retries'],
    [{ retry: retry(undefined, 1) }, 'Every day at 02:30 (Europe/Berlin), retries 1 minute apart'],
    [{ retry: retry(undefined, undefined) }, 'Every day at 02:30 (Europe/Berlin), with retries'],
    [{ retry: retry(3, 10, false) }, 'Every day at 02:30 (Europe/Berlin)'],
    [{ retry: retry(0, 10) }, 'Every day at 02:30 (Europe/Berlin)'],
    [
      { startsAt: new Date('2026-09-01T00:00:00Z') },
      'Every day at 02:30 (Europe/Berlin), not before 2026-09-01 02:00 (Europe/Berlin)',
    ],
    [
      { startsAt: new Date('2026-09-01T00:00:00Z'), zone: undefined },
      'Every day at 02:30 (time zone not known), not before 2026-09-01 00:00 (UTC)',
    ],
  ] satisfies [Partial<Schedule>, string][])('adds what %j says', (more, text) => {
    expect(summarise(scheduleOf(weekly('02:30'), more))).toBe(text);
  });

  it('keeps the name of a day in capitals when the schedule is switched off', () => {
    expect(summarise(scheduleOf(weekly('02:30', [5]), { enabled: false }))).toBe(
      'Switched off: Fridays at 02:30 (Europe/Berlin)',
    );
  });

  it('tells a single instant in UTC when no zone is known', () => {
    expect(summarise(scheduleOf(ONCE, { zone: undefined }))).toBe('Once, at 2026-06-01 00:30 (UTC)');
  });

  it.each([
    [
      weekly('22:45', [1, 2, 3, 4, 5]),
      'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=22;BYMINUTE=45;BYSECOND=0',
      '45 22 * * 1-5',
    ],
    [weekly('21:05', [6, 0]), 'FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=21;BYMINUTE=5;BYSECOND=0', '5 21 * * 0,6'],
    [weekly('21:05', [2]), 'FREQ=WEEKLY;BYDAY=TU;BYHOUR=21;BYMINUTE=5;BYSECOND=0', '5 21 * * 2'],
    [weekly('21:05', [5, 3, 1, 1]), 'FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=21;BYMINUTE=5;BYSECOND=0', '5 21 * * 1,3,5'],
    [weekly('21:05'), 'FREQ=DAILY;BYHOUR=21;BYMINUTE=5;BYSECOND=0', '5 21 * * *'],
    [weekly('21:05:30'), 'FREQ=DAILY;BYHOUR=21;BYMINUTE=5;BYSECOND=30', undefined],
    [weekly('21:05', []), undefined, undefined],
    [every(1), 'FREQ=MINUTELY;BYSECOND=0', '* * * * *'],
    [every(15), 'FREQ=HOURLY;BYMINUTE=0,15,30,45;BYSECOND=0', '*/15 * * * *'],
    [every(15, 7), 'FREQ=HOURLY;BYMINUTE=7,22,37,52;BYSECOND=0', '7-59/15 * * * *'],
    [every(30), 'FREQ=HOURLY;BYMINUTE=0,30;BYSECOND=0', '0,30 * * * *'],
    [every(60, 5), 'FREQ=HOURLY;BYMINUTE=5;BYSECOND=0', '5 * * * *'],
    [every(240, 7), 'FREQ=DAILY;BYHOUR=0,4,8,12,16,20;BYMINUTE=7;BYSECOND=0', '7 */4 * * *'],
    [every(240, 67), 'FREQ=DAILY;BYHOUR=1,5,9,13,17,21;BYMINUTE=7;BYSECOND=0', '7 1-23/4 * * *'],
    [every(480), 'FREQ=DAILY;BYHOUR=0,8,16;BYMINUTE=0;BYSECOND=0', '0 */8 * * *'],
    [every(720), 'FREQ=DAILY;BYHOUR=0,12;BYMINUTE=0;BYSECOND=0', '0 0,12 * * *'],
    [every(1440, 30), 'FREQ=DAILY;BYHOUR=0;BYMINUTE=30;BYSECOND=0', '30 0 * * *'],
    [every(90), undefined, undefined],
    [every(300), undefined, undefined],
    [every(7), undefined, undefined],
    [every(2880), undefined, undefined],
    [every(0), undefined, undefined],
    [cron(' 30 2 * * 1-5 '), 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=2;BYMINUTE=30;BYSECOND=0', '30 2 * * 1-5'],
    [cron('30 2 1,15 1 *'), 'FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1,15;BYHOUR=2;BYMINUTE=30;BYSECOND=0', '30 2 1,15 1 *'],
    [cron('* 2 * * SUN'), 'FREQ=MINUTELY;BYDAY=SU;BYHOUR=2;BYSECOND=0', '* 2 * * SUN'],
    [cron('30 2 ? * SUN'), 'FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=30;BYSECOND=0', '30 2 * * 0'],
    [cron('0 30 2 ? * SUN'), 'FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=30;BYSECOND=0', '30 2 * * 0'],
    [cron('0 30 2 ? * 2-6 *'), 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=2;BYMINUTE=30;BYSECOND=0', '30 2 * * 1-5'],
    [
      cron('0 5/20 20-23 ? JAN SUN'),
      'FREQ=WEEKLY;BYMONTH=1;BYDAY=SU;BYHOUR=20,21,22,23;BYMINUTE=5,25,45;BYSECOND=0',
      '5-59/20 20-23 * 1 0',
    ],
    [
      cron('0 0 22-2 1/10 * ?'),
      'FREQ=DAILY;BYMONTHDAY=1,11,21,31;BYHOUR=0,1,2,22,23;BYMINUTE=0;BYSECOND=0',
      '0 0-2,22,23 */10 * *',
    ],
    [cron('0 0,10,20 2 * * *'), 'FREQ=DAILY;BYHOUR=2;BYMINUTE=0,10,20;BYSECOND=0', '0,10,20 2 * * *'],
    [cron('10 30 2 * * *'), 'FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=10', undefined],
    [cron('* 0 2 * * *'), 'FREQ=SECONDLY;BYHOUR=2;BYMINUTE=0', undefined],
    [cron('30 2 13 * 5'), undefined, '30 2 13 * 5'],
    [cron('0 30 2 * * ? 2030'), undefined, undefined],
    [cron('0 30 2 L * ?'), 'FREQ=DAILY;BYMONTHDAY=-1;BYHOUR=2;BYMINUTE=30;BYSECOND=0', undefined],
    [cron('0 30 2 LW * ?'), undefined, undefined],
    [ONCE, undefined, undefined],
    [MANUAL, undefined, undefined],
    [UNKNOWN, undefined, undefined],
  ])('writes %j as RRULE %s and as cron %s', (recurrence, rrule, cronText) => {
    expect(toRrule(scheduleOf(recurrence))).toBe(rrule);
    expect(toCron(scheduleOf(recurrence))).toBe(cronText);
  });

  it('writes cron that comes due at the same instants, in 500 generated schedules', () => {
    const random = new SeededRandom(545);
    let written = 0;
    for (let round = 0; round < 500; round += 1) {
      const { recurrence } = generateRule(random);
      const schedule = scheduleOf(recurrence, { zone: LORD_HOWE });
      const text = toCron(schedule);
      if (text === undefined) continue;
      written += 1;
      const after = new Date(random.integer(Date.UTC(2024, 0, 1), Date.UTC(2030, 0, 1)));
      const expected = isoTexts(nextRuns(schedule, after, 20));
      expect(isoTexts(nextRuns({ ...schedule, recurrence: cron(text) }, after, 20)), text).toEqual(expected);
    }
    expect(written).toBeGreaterThan(200);
  });

  it.each([
    [240, 7, [7, 247, 487, 727, 967, 1207]],
    [720, -60, [660, 1380]],
    [1000, 0, [0, 1000]],
    [0, 0, []],
    [-5, 0, []],
    [7.5, 0, []],
  ])('counts every %d minutes with an offset of %d from midnight', (everyMinutes, offsetMinutes, expected) => {
    expect(intervalMinutesOfDay(everyMinutes, offsetMinutes)).toEqual(expected);
  });
});
