import { describe, expect, it } from 'vitest';
import { settings } from '../../../src/vendors/barracuda-intronis/settings.ts';

const least = {
  baseUrl: 'https://api.intronis.com/',
  tokenUrl: 'https://auth.intronis.com/oauth2/token',
  clientId: { env: 'BI_ID' },
  clientSecret: { file: '/run/secrets/bi' },
  accounts: [{ username: 'elm_school' }],
};

function messages(change: object): string[] {
  const result = settings.safeParse({ ...least, ...change });
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('vendors/barracuda-intronis/settings', () => {
  it('fills in the format and no conditions', () => {
    expect(settings.parse(least)).toMatchObject({
      baseUrl: 'https://api.intronis.com',
      format: 'json',
      conditions: {},
      clientId: { from: 'env', value: 'BI_ID' },
    });
  });

  it('takes computers, conditions and XML', () => {
    const given = {
      format: 'xml',
      accounts: [{ username: 'oak_clinic', computers: ['0107', '007'] }],
      conditions: { MISSED: 'failed', SOME_NEW_WORD: 'completed' },
    };
    expect(settings.parse({ ...least, ...given })).toMatchObject(given);
  });

  it('refuses a computer id that has lost its quotes, and says so', () => {
    expect(messages({ accounts: [{ username: 'a', computers: [107] }] })).toEqual([
      'accounts.0.computers.0: a computer id is text: write it in quotes, such as "0107"',
    ]);
  });

  it.each([
    [{ accounts: [] }],
    [{ accounts: [{ username: 'a' }, { username: 'a' }] }],
    [{ accounts: [{ username: 'a', computers: [] }] }],
    [{ accounts: [{ username: 'a', computers: ['1', '1'] }] }],
    [{ accounts: [{ username: 'a', colour: 1 }] }],
    [{ conditions: { missed: 'failed' } }],
    [{ conditions: { COMPLETED: 'failed' } }],
    [{ conditions: { MISSED: 'green' } }],
    [{ format: 'yaml' }],
    [{ baseUrl: 'api.intronis.com' }],
    [{ colour: 1 }],
  ])('refuses %j', (change) => {
    expect(messages(change)).toHaveLength(1);
  });
});
