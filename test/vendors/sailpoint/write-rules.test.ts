import { describe, expect, it } from 'vitest';
import type { SailPointBackupRequest } from '../../../src/domain/write-request.ts';
import { brokenRulesOfCreate, brokenRulesOfUpdate, START_LEAD_MS } from '../../../src/vendors/sailpoint/write-rules.ts';
import { createRequest, desk, inHours, isAction, updateRequest } from './write-support.ts';

const now = new Date('2026-05-21T10:00:00Z');
const ahead = new Date('2026-05-21T12:00:00Z');

function broken(change: Partial<SailPointBackupRequest>): readonly [string, string | undefined, string | undefined][] {
  const { target } = createRequest({ startAt: ahead, ...change });
  if (target.section !== 'sailpoint') throw new Error(target.section);
  return brokenRulesOfCreate(target.backup, now).map(({ code, field, rule }) => [code, field?.join('.'), rule]);
}

describe('vendors/sailpoint/write-rules', () => {
  it('lets a sound action pass', () => {
    expect(broken({})).toEqual([]);
    expect(broken({ startAt: undefined, cron: '0 3 * * *' })).toEqual([]);
    expect(
      broken({
        cron: '0 0 3 ? * MON-FRI *',
        timeZone: 'Europe/Berlin',
        includeTypes: ['ROLE', 'A_TYPE_OF_TOMORROW'],
        includedNames: [{ type: 'ROLE', names: ['Ärztin', 'Ärztin "Nacht"'] }],
      }),
    ).toEqual([]);
    expect(broken({ includedNames: [{ type: 'ROLE', names: ['one'] }] })).toEqual([]);
  });

  it.each([
    ['', 'name-not-blank'],
    ['   ', 'name-not-blank'],
    ['x'.repeat(51), 'name-length'],
    ['😀'.repeat(26), 'name-length'],
    ['two\nlines', 'name-characters'],
    ['half \ud800', 'name-characters'],
  ])('refuses the name %j', (name, rule) => {
    expect(broken({ name })).toEqual([['INVALID_VALUE', 'name', rule]]);
  });

  it('takes a name of just 50 characters', () => {
    expect(broken({ name: 'x'.repeat(50) })).toEqual([]);
    expect(broken({ name: '😀'.repeat(25) })).toEqual([]);
  });

  it('needs a start or a cron text', () => {
    expect(broken({ startAt: undefined })).toEqual([['MISSING_VALUE', 'startAt', 'start-or-cron']]);
    expect(broken({ startAt: undefined, timeZone: 'Europe/Berlin' })).toHaveLength(1);
  });

  it('needs a single start to lie ahead by the allowance, and the first of a repetition not', () => {
    const least = now.getTime() + START_LEAD_MS;
    expect(broken({ startAt: new Date(least) })).toEqual([]);
    expect(broken({ startAt: new Date(least - 1) })).toEqual([['INVALID_VALUE', 'startAt', 'start-ahead']]);
    expect(broken({ startAt: new Date('2020-01-01T00:00:00Z'), cron: '0 3 * * *' })).toEqual([]);
  });

  it.each([new Date(NaN), new Date('+010000-01-01T00:00:00Z'), new Date('1969-12-31T23:59:59Z')])(
    'refuses the start %s, which cannot be written',
    (startAt) => {
      expect(broken({ startAt })).toEqual([['INVALID_VALUE', 'startAt', 'start-instant']]);
      expect(broken({ startAt, cron: '0 3 * * *' })).toEqual([['INVALID_VALUE', 'startAt', 'start-instant']]);
    },
  );

  it.each([
    ['', 'cron-fields'],
    ['@daily', 'cron-fields'],
    ['0 3 * *', 'cron-fields'],
    ['0 0 3 * * * * *', 'cron-fields'],
    ['0 3 * * \u00a0*', 'cron-characters'],
    ['0 3 * * *\t', 'cron-characters'],
    [`0 3 * * ${'1,'.repeat(150)}`, 'cron-length'],
  ])('refuses the cron text %j', (cron, rule) => {
    expect(broken({ cron })).toEqual([['INVALID_VALUE', 'cron', rule]]);
  });

  it.each(['0 3 * * *', '0 30 2 ? * SUN', '0 30 2 ? * SUN *', 'not a cron at all', ' 0  3 * * * '])(
    'leaves the meaning of the cron text %j to the vendor',
    (cron) => {
      expect(broken({ cron })).toEqual([]);
    },
  );

  it.each(['', 'Berlin', '+02:00', 'IST', 'Europe/Berlin '])('refuses the time zone %j', (timeZone) => {
    expect(broken({ timeZone })).toEqual([['INVALID_VALUE', 'timeZone', 'time-zone-known']]);
  });

  it('refuses types and names that say nothing, name by name', () => {
    expect(broken({ includeTypes: [] })).toEqual([['INVALID_VALUE', 'includeTypes', 'include-types-not-empty']]);
    expect(broken({ includeTypes: ['ROLE', ' ', 'A B'] })).toEqual([
      ['INVALID_VALUE', 'includeTypes.1', 'object-type-form'],
      ['INVALID_VALUE', 'includeTypes.2', 'object-type-form'],
    ]);
    expect(
      broken({
        includeTypes: ['ROLE'],
        includedNames: [
          { type: 'ROLE', names: [] },
          { type: 'ROLE', names: ['good', ' ', 'bad\u0000'] },
          { type: 'RULE', names: ['one'] },
        ],
      }),
    ).toEqual([
      ['INVALID_VALUE', 'includedNames.0.names', 'included-names-not-empty'],
      ['INVALID_VALUE', 'includedNames.1.type', 'included-names-type-once'],
      ['INVALID_VALUE', 'includedNames.1.names.1', 'included-name-form'],
      ['INVALID_VALUE', 'includedNames.1.names.2', 'included-name-form'],
      ['INVALID_VALUE', 'includedNames.2.type', 'included-names-type-included'],
    ]);
  });

  it('tells all broken rules at once, by rule and never by value', async () => {
    const { refuse, simulator } = await desk();
    const refusals = await refuse(
      createRequest({
        name: `telltale ${'x'.repeat(50)}`,
        startAt: undefined,
        cron: 'telltale',
        timeZone: 'Telltale/City',
        includeTypes: ['tell tale'],
      }),
    );
    expect(refusals.map(({ rule }) => rule)).toEqual([
      'name-length',
      'cron-fields',
      'time-zone-known',
      'object-type-form',
    ]);
    expect(JSON.stringify(refusals)).not.toMatch(/tell ?tale/i);
    expect(refusals.every(({ message }) => /^[A-Z].+\.$/.test(message))).toBe(true);
    expect(simulator.requests()).toEqual([]);
  });

  it('needs a change of a schedule to change something', () => {
    const nothing = { startAt: undefined, cron: undefined, timeZone: undefined };
    expect(brokenRulesOfUpdate(nothing, true, now)).toMatchObject([
      { code: 'MISSING_VALUE', field: [], rule: 'schedule-change' },
    ]);
    expect(brokenRulesOfUpdate({ ...nothing, timeZone: 'Europe/Berlin' }, false, now)).toEqual([]);
  });

  it.each([
    [false, undefined, ['start-ahead']],
    [true, undefined, []],
    [false, '0 3 * * *', []],
  ])('lets the first start of a repetition lie behind (repeated %s, cron %s)', (isRepeated, cron, rules) => {
    const schedule = { startAt: new Date('2020-01-01T00:00:00Z'), cron, timeZone: undefined };
    expect(brokenRulesOfUpdate(schedule, isRepeated, now).map(({ rule }) => rule)).toEqual(rules);
  });

  it('refuses a bad change without a call', async () => {
    const { refuse, job, simulator } = await desk();
    const once = await job((one) => isAction(one) && one.status === 'QUEUED');
    const nightly = await job(({ name, kind }) => name === 'nightly roles' && kind === 'RECURRING');
    simulator.forgetRequests();
    expect(await refuse(updateRequest(once, { startAt: inHours(-1) }))).toMatchObject([{ rule: 'start-ahead' }]);
    expect(await refuse(updateRequest(nightly, { cron: 'daily', timeZone: 'Mars/Base' }))).toMatchObject([
      { rule: 'cron-fields' },
      { rule: 'time-zone-known' },
    ]);
    expect(await refuse(updateRequest(nightly, {}))).toMatchObject([{ code: 'MISSING_VALUE' }]);
    expect(simulator.requests()).toEqual([]);
  });
});
