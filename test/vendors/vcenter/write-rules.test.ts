import { describe, expect, it } from 'vitest';
import type { Recurrence } from '../../../src/domain/schedule.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { VCenterScheduleRequest } from '../../../src/domain/write-request.ts';
import {
  checkBackupPassword,
  partsOf,
  scheduleChange,
  secretOf,
  type Refusals,
} from '../../../src/vendors/vcenter/write-rules.ts';

const FIELD = ['backupPassword'];

function rulesBroken(password: string): (string | undefined)[] {
  const refusals: Refusals = [];
  checkBackupPassword(new Secret(password), FIELD, refusals);
  expect(refusals.every(({ field }) => field === FIELD)).toBe(true);
  if (password !== '') expect(JSON.stringify(refusals)).not.toContain(password);
  return refusals.map(({ rule }) => rule?.replace('backup-password-', ''));
}

function change(wanted: Partial<VCenterScheduleRequest>, present?: Recurrence) {
  const refusals: Refusals = [];
  const none = { enabled: undefined, days: undefined, hour: undefined, minute: undefined, keep: undefined };
  const made = scheduleChange({ ...none, ...wanted }, present, refusals);
  return made ?? refusals.map(({ code, field, rule }) => `${code} ${(field ?? []).join('.')} ${rule}`);
}

const WEEKLY: Recurrence = { form: 'WEEKLY', days: [0, 2, 6], at: { hour: 3, minute: 15, second: 0 } };

describe('vendors/vcenter/write-rules', () => {
  it.each([
    ['Abcdef1!', []],
    ['Abcdefghijklmnopq12!', []],
    ['~}|{`_^]\\[aA1', []],
    ['Abcde1!', ['length']],
    ['Abcdefghijklmnopqr12!', ['length']],
    ['abcdef1!', ['upper']],
    ['ABCDEF1!', ['lower']],
    ['Abcdefg!', ['digit']],
    ['Abcdefg1', ['special']],
    ['Abcdef1! x', ['characters']],
    ['Abcdef12 ', ['special', 'characters']],
    ['Äbcdef1!', ['upper', 'characters']],
    ['Abcdef1!\u0000', ['characters']],
    ['Abcdef1!\u007f', ['characters']],
    ['', ['length', 'upper', 'lower', 'digit', 'special']],
    ['ééé', ['length', 'upper', 'lower', 'digit', 'special', 'characters']],
  ])('reports every rule that the backup password %j breaks', (password, rules) => {
    expect(rulesBroken(password)).toEqual(rules);
  });

  it('takes a secret that is written out or named, and refuses both, neither and an unknown name', () => {
    const secrets = { enc: new Secret('x') };
    const read = (value: Secret | undefined, ref: string | undefined) => {
      const refusals: Refusals = [];
      const secret = secretOf({ value, ref }, FIELD, secrets, refusals);
      return secret?.reveal() ?? refusals.map(({ code, field, rule }) => ({ code, field, rule }));
    };
    expect(read(new Secret('y'), undefined)).toBe('y');
    expect(read(undefined, 'enc')).toBe('x');
    const choice = { code: 'EXACTLY_ONE_REQUIRED', field: FIELD, rule: 'secret-choice' };
    expect(read(undefined, undefined)).toEqual([choice]);
    expect(read(new Secret('y'), 'enc')).toEqual([choice]);
    for (const name of ['other', 'toString', '__proto__', ''])
      expect(read(undefined, name)).toEqual([{ code: 'NOT_FOUND', field: [...FIELD, 'ref'], rule: 'secret-name' }]);
    expect(secretOf(undefined, FIELD, secrets, [])).toBeUndefined();
  });

  it('takes the parts that the appliance selects by default, and refuses unknown and repeated ones', () => {
    const known = [
      { id: 'common', selected_by_default: true },
      { id: 'seat', selected_by_default: false },
    ];
    const refusals: Refusals = [];
    expect(partsOf(undefined, known, refusals)).toEqual(['common']);
    expect(partsOf([], known, refusals)).toEqual([]);
    expect(partsOf(['seat', 'common'], known, refusals)).toEqual(['seat', 'common']);
    expect(refusals).toEqual([]);
    partsOf(['seat', 'tape', 'seat', 'Common'], known, refusals);
    expect(refusals.map(({ code, field, rule }) => [code, field, rule])).toEqual([
      ['INVALID_VALUE', ['parts', '1'], 'part-unknown'],
      ['INVALID_VALUE', ['parts', '2'], 'part-repeated'],
      ['INVALID_VALUE', ['parts', '3'], 'part-unknown'],
    ]);
    expect(JSON.stringify(refusals)).not.toMatch(/tape|Common/);
  });

  it('fills up the recurrence from the schedule as it is', () => {
    const kept = ['TUESDAY', 'SATURDAY', 'SUNDAY'];
    const recurrence = (wanted: Partial<VCenterScheduleRequest>) =>
      (change(wanted, WEEKLY) as { recurrence: unknown }).recurrence;
    expect(recurrence({ hour: 5 })).toEqual({ hour: 5, minute: 15, days: kept });
    expect(recurrence({ minute: 0 })).toEqual({ hour: 3, minute: 0, days: kept });
    expect(recurrence({ days: ['SUNDAY', 'MONDAY'] })).toEqual({ hour: 3, minute: 15, days: ['MONDAY', 'SUNDAY'] });
    expect(recurrence({ days: [] })).toMatchObject({ days: { length: 7 } });
    expect(recurrence({ keep: 3 })).toBeNull();
    expect(change({ enabled: false, keep: 1 }, WEEKLY)).toEqual({ enable: false, recurrence: null, keep: 1 });
  });

  it.each([
    [{}, ['MISSING_VALUE  schedule-change']],
    [{ hour: 24 }, ['INVALID_VALUE hour schedule-hour']],
    [{ hour: 2.5 }, ['INVALID_VALUE hour schedule-hour']],
    [{ minute: 60 }, ['INVALID_VALUE minute schedule-minute']],
    [{ keep: 0 }, ['INVALID_VALUE keep schedule-keep']],
    [{ days: ['MONDAY', 'MONDAY'] as const }, ['INVALID_VALUE days.1 schedule-day-repeated']],
    [{ days: ['HOLIDAY' as 'MONDAY'] }, ['INVALID_VALUE days.0 schedule-day']],
    [
      { hour: -1, minute: -1, keep: -1, days: ['MONDAY', 'MONDAY'] as const },
      [
        'INVALID_VALUE hour schedule-hour',
        'INVALID_VALUE minute schedule-minute',
        'INVALID_VALUE keep schedule-keep',
        'INVALID_VALUE days.1 schedule-day-repeated',
      ],
    ],
  ])('refuses the change %j, all reasons together', (wanted, broken) => {
    expect(change(wanted, WEEKLY)).toEqual(broken);
  });

  it.each([undefined, { form: 'MANUAL' }, { form: 'UNKNOWN', raw: '25:00' }] as const)(
    'wants time and days where there is no recurrence to take them from: %j',
    (present) => {
      expect(change({ hour: 3 }, present)).toEqual([
        'MISSING_VALUE minute schedule-minute-missing',
        'MISSING_VALUE days schedule-days-missing',
      ]);
      expect(change({ hour: 3, minute: 0, days: [] }, present)).toMatchObject({ recurrence: { hour: 3, minute: 0 } });
    },
  );
});
