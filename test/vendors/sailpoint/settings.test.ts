import { describe, expect, it } from 'vitest';
import { settings } from '../../../src/vendors/sailpoint/settings.ts';
import { SecretSetting } from '../../../src/vendors/setting-kinds.ts';

const entry = { baseUrl: 'https://acme.api.identitynow.com/', clientId: { env: 'SP_ID' }, clientSecret: 'plain' };

describe('vendors/sailpoint/settings', () => {
  it('takes v1 when no prefix is given, and both forms of secrets', () => {
    expect(settings.parse(entry)).toEqual({
      baseUrl: 'https://acme.api.identitynow.com',
      apiPrefix: 'v1',
      clientId: new SecretSetting('env', 'SP_ID'),
      clientSecret: new SecretSetting('text', 'plain'),
    });
  });

  it.each(['v1', 'v2024', 'v2025', 'v2026'])('knows the prefix %s', (apiPrefix) => {
    expect(settings.parse({ ...entry, apiPrefix }).apiPrefix).toBe(apiPrefix);
  });

  it.each([
    ['another prefix', { apiPrefix: 'v3' }],
    ['an unknown key', { tenant: 'acme' }],
    ['no secret', { clientSecret: '' }],
    ['an address with a password', { baseUrl: 'https://a:b@acme.api.identitynow.com' }],
    ['no address', { baseUrl: undefined }],
  ])('refuses %s', (_, change) => {
    expect(settings.safeParse({ ...entry, ...change }).success).toBe(false);
  });
});
