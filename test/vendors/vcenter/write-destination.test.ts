import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/domain/secret.ts';
import { LOCATION_TYPES } from '../../../src/vendors/vcenter/settings.ts';
import {
  configuredDestination,
  inlineDestination,
  readLocation,
} from '../../../src/vendors/vcenter/write-destination.ts';
import type { Refusals } from '../../../src/vendors/vcenter/write-rules.ts';

const ALLOWED = ['Store.lab.test', '10.0.0.9', '[fd00::9]', 'fd00::a'];
const SETTINGS = {
  destinations: [
    { name: 'nas', type: 'SFTP' as const, location: 'sftp://nas.lab.test/vc', password: new Secret('geheim') },
  ],
  inlineDestinations: { allowHosts: ALLOWED },
  secrets: { nas: new Secret('geheim') },
};

function rules(
  change: Record<string, unknown>,
  settings: Parameters<typeof inlineDestination>[1] = SETTINGS,
): string[] {
  const refusals: Refusals = [];
  const plain = { type: 'SFTP', location: 'sftp://store.lab.test/vc', user: undefined, password: undefined };
  const made = inlineDestination({ kind: 'inline', ...plain, ...change }, settings, refusals);
  expect(made === undefined).toBe(refusals.length > 0);
  for (const { message } of refusals) expect(message).not.toMatch(/evil|geheim/);
  return refusals.map(({ code, field, rule }) => `${code} ${(field ?? []).join('.')} ${rule}`);
}

const FORM = 'INVALID_VALUE destination.inline.location location-form';
const CREDENTIALS = 'INVALID_VALUE destination.inline.location location-credentials';
const HOST = 'NOT_PERMITTED destination.inline.location location-host';
const SCHEME = 'INVALID_VALUE destination.inline.location location-scheme';

describe('vendors/vcenter/write-destination', () => {
  it.each(LOCATION_TYPES)('takes type %s to an allowed host, with its scheme and without one', (type) => {
    expect(rules({ type, location: `${type.toLowerCase()}://store.lab.test/vc` })).toEqual([]);
    expect(rules({ type, location: 'store.lab.test/vc' })).toEqual([]);
  });

  it.each([
    'sftp://STORE.lab.TEST/vc',
    'SFTP://store.lab.test/vc',
    'sftp://store.lab.test',
    'sftp://store.lab.test:2222/vc/',
    'sftp://store.lab.test//abs/~bkp/A+b_c%20d,e=f',
    'sftp://10.0.0.9/vc',
    'sftp://[fd00::9]/vc',
    'sftp://[FD00::9]:22/vc',
    'sftp://[fd00::a]/vc',
    'store.lab.test',
  ])('takes %s', (location) => {
    expect(rules({ location })).toEqual([]);
  });

  it.each([
    'sftp://evil.test/vc',
    'sftp://store.lab.test.evil.test/vc',
    'sftp://evil-store.lab.test/vc',
    'sftp://lab.test/vc',
    'sftp://10.0.0.90/vc',
    'sftp://0x0a000009/vc',
    'sftp://167772169/vc',
    'sftp://10.9/vc',
    'sftp://[fd00:0::9]/vc',
    'sftp://[::ffff:10.0.0.9]/vc',
    'evil.test/store.lab.test',
    'sftp/store.lab.test',
  ])('refuses the host of %s', (location) => {
    expect(rules({ location })).toEqual([HOST]);
  });

  it.each([
    'sftp://bkp:geheim@store.lab.test/vc',
    'sftp://store.lab.test@evil.test/vc',
    'sftp://store.lab.test:22@evil.test/vc',
    'sftp://store.lab.test/vc@evil.test/x',
    'store.lab.test@evil.test/vc',
    'sftp://evil.test\\@store.lab.test/vc',
  ])('refuses %s, which holds or hides a user', (location) => {
    expect(rules({ location })).toEqual([CREDENTIALS]);
  });

  it.each([
    '',
    '/',
    '/vc',
    '//store.lab.test/vc',
    'sftp:/store.lab.test/vc',
    'sftp:store.lab.test/vc',
    'sftp:///vc',
    'sftp:////store.lab.test/vc',
    'sftp://store.lab.test:/vc',
    'sftp://store.lab.test:0/vc',
    'sftp://store.lab.test:65536/vc',
    'sftp://store.lab.test:22x/vc',
    'store.lab.test:22/vc',
    'store.lab.test:/export/vc',
    'sftp://store.lab.test./vc',
    'sftp://fd00::9/vc',
    'sftp://[fd00::9%25eth0]/vc',
    'sftp://[fd00::9]evil.test/vc',
    'sftp://store%2elab%2etest/vc',
    'sftp://evil.test%2f.store.lab.test/vc',
    '\\\\store.lab.test\\vc',
    'smb:\\\\store.lab.test\\vc',
    'sftp://store.lab.test\\.evil.test/vc',
    'sftp://store.lab.test/vc?host=evil.test',
    'sftp://evil.test#store.lab.test/vc',
    'sftp://store.lab.test/vc/../..',
    'sftp://store.lab.test/./vc',
    'sftp://store.lab.test/%2e%2E/vc',
    'sftp://store.lab.test/vc%2f..',
    'sftp://store.lab.test/vc%00',
    'sftp://store.lab.test/vc%0d%0aX',
    'sftp://store.lab.test/vc%252e',
    'sftp://store.lab.test/vc%40evil.test',
    'sftp://store.lab.test/a b',
    'sftp://store.lab.test/vc\n',
    'sftp://store.lab.test/$(id)',
    "sftp://store.lab.test/';id;'",
    'sftp://store.lab.test/`id`',
    'sftp://store.lab.test/büro',
    'sftp://ſtore.lab.test/vc',
    ' sftp://store.lab.test/vc',
    'sftp://store.lab.test/%zz',
    'sftp://sftp://store.lab.test/vc',
  ])('refuses %j as a location', (location) => {
    expect(rules({ location })).toEqual([FORM]);
  });

  it('refuses a scheme that is not the one of the type, and a type that nobody has', () => {
    expect(rules({ type: 'FTP' })).toEqual([SCHEME]);
    expect(rules({ location: 'javascript://store.lab.test/vc' })).toEqual([SCHEME]);
    expect(rules({ type: 'sftp' })).toEqual(['INVALID_VALUE destination.inline.type location-type']);
    expect(rules({ type: 'S3' })).toEqual(['INVALID_VALUE destination.inline.type location-type']);
  });

  it('takes nothing that is written out unless hosts are allowed, and says all that is wrong together', () => {
    const { inlineDestinations: _hosts, ...closed } = SETTINGS;
    expect(rules({}, closed)).toEqual(['NOT_PERMITTED destination.inline inline-destination']);
    const password = { value: undefined, ref: undefined };
    expect(rules({ type: 'NFS', user: 'a\nb', location: 'sftp://evil.test', password })).toEqual([
      SCHEME,
      HOST,
      'EXACTLY_ONE_REQUIRED destination.inline.password secret-choice',
      'INVALID_VALUE destination.inline.user location-user-form',
    ]);
  });

  it('wants a user beside a password, and finds a named one', () => {
    const password = { value: undefined, ref: 'nas' };
    expect(rules({ password })).toEqual(['MISSING_VALUE destination.inline.user location-user']);
    expect(rules({ password, user: '' })).toEqual(['INVALID_VALUE destination.inline.user location-user-form']);
    expect(rules({ password, user: 'bkp' })).toEqual([]);
    expect(rules({ password: { value: undefined, ref: 'x' }, user: 'bkp' })).toEqual([
      'NOT_FOUND destination.inline.password.ref secret-name',
    ]);
  });

  it('finds a configured destination by its whole name, and shows none of the others', () => {
    const refusals: Refusals = [];
    expect(configuredDestination('nas', SETTINGS, refusals)).toBe(SETTINGS.destinations[0]);
    expect(configuredDestination('NAS', SETTINGS, refusals)).toBeUndefined();
    expect(refusals).toEqual([
      {
        code: 'NOT_FOUND',
        field: ['destination', 'configured'],
        rule: 'destination-name',
        message: 'The configuration of this source has no destination of that name.',
      },
    ]);
  });

  it('answers long nonsense at once', () => {
    const began = performance.now();
    for (const text of [
      '/a'.repeat(100_000),
      `a${'.a'.repeat(100_000)}!`,
      '%2'.repeat(100_000),
      `${'a'.repeat(200_000)}:`,
    ])
      expect(readLocation(`sftp://a${text}\u0000`)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
