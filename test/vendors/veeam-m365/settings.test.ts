import { describe, expect, it } from 'vitest';
import { SecretSetting } from '../../../src/vendors/setting-kinds.ts';
import { settings } from '../../../src/vendors/veeam-m365/settings.ts';

const ENTRY = { baseUrl: 'https://veeam.example.com:4443/', username: 'LAB\\svc', password: { env: 'VEEAM_PASSWORD' } };

describe('vendors/veeam-m365/settings', () => {
  it('takes v3 when no version is given', () => {
    expect(settings.parse(ENTRY)).toEqual({
      baseUrl: 'https://veeam.example.com:4443',
      apiVersion: 'v3',
      username: 'LAB\\svc',
      password: new SecretSetting('env', 'VEEAM_PASSWORD'),
    });
  });

  it.each([
    ['an unknown version', { apiVersion: 'v9' }],
    ['a version in the address', { baseUrl: 'https://veeam.example.com:4443/v7' }],
    ['no user', { username: '' }],
    ['no password', { password: undefined }],
    ['an unknown key', { domain: 'LAB' }],
  ])('refuses %s', (_name, changes) => {
    expect(settings.safeParse({ ...ENTRY, ...changes }).success).toBe(false);
  });
});
