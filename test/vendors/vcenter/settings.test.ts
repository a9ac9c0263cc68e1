import { describe, expect, it } from 'vitest';
import { SecretSetting } from '../../../src/vendors/setting-kinds.ts';
import { LOCATION_TYPES, settings } from '../../../src/vendors/vcenter/settings.ts';

const MINIMAL = { baseUrl: 'https://vc.lab.test/', username: 'svc@vsphere.local', password: { env: 'VC' } };

function withDestination(destination: Record<string, unknown>) {
  return settings.safeParse({
    ...MINIMAL,
    destinations: [{ name: 'nas', type: 'SFTP', location: 'sftp://nas.lab.test/vc', ...destination }],
  });
}

function problems(result: ReturnType<typeof settings.safeParse>): string[] {
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('vendors/vcenter/settings', () => {
  it('needs an address, a name and a password, and finds out the style by itself', () => {
    expect(settings.parse(MINIMAL)).toEqual({
      baseUrl: 'https://vc.lab.test',
      style: 'auto',
      username: 'svc@vsphere.local',
      password: new SecretSetting('env', 'VC'),
      destinations: [],
      secrets: {},
    });
    expect(problems(settings.safeParse({}))).toHaveLength(3);
  });

  it('keeps named destinations and the hosts that callers may write out', () => {
    const parsed = settings.parse({
      ...MINIMAL,
      destinations: [{ name: 'nas', type: 'NFS', location: 'nfs://nas.lab.test/vc', user: 'bkp', password: 'geheim' }],
      inlineDestinations: { allowHosts: ['NAS.lab.test', '10.0.0.9', '[fe80::1]'] },
    });
    expect(parsed.destinations).toEqual([
      {
        name: 'nas',
        type: 'NFS',
        location: 'nfs://nas.lab.test/vc',
        user: 'bkp',
        password: new SecretSetting('text', 'geheim'),
      },
    ]);
    expect(parsed.inlineDestinations).toEqual({ allowHosts: ['nas.lab.test', '10.0.0.9', '[fe80::1]'] });
  });

  it('keeps secrets by name', () => {
    const parsed = settings.parse({ ...MINIMAL, secrets: { nas: { env: 'NAS' }, 'enc-1': 'geheim' } });
    expect(parsed.secrets).toEqual({
      nas: new SecretSetting('env', 'NAS'),
      'enc-1': new SecretSetting('text', 'geheim'),
    });
  });

  it.each(LOCATION_TYPES)('takes a destination of type %s', (type) => {
    expect(withDestination({ type, location: `${type.toLowerCase()}://nas.lab.test/vc` }).success).toBe(true);
    expect(withDestination({ type, location: 'nas.lab.test/vc' }).success).toBe(true);
  });

  it.each([
    [{ location: 'sftp://bkp:x@nas.lab.test/vc' }, 'destinations.0.location: must not hold a user or password'],
    [{ location: 'ftp://nas.lab.test/vc' }, 'destinations.0.location: has a scheme that is not the one of its type'],
    [{ password: 'x' }, 'destinations.0.user: is missing beside the password'],
    [{ type: 'S3' }, 'destinations.0.type'],
    [{ colour: 'red' }, 'Unrecognized key'],
  ])('refuses a destination with %j', (destination, problem) => {
    expect(problems(withDestination(destination)).join('\n')).toContain(problem);
  });

  it('refuses two destinations of one name', () => {
    const one = { name: 'nas', type: 'SFTP', location: 'sftp://nas.lab.test/vc' };
    expect(problems(settings.safeParse({ ...MINIMAL, destinations: [one, one] }))).toEqual([
      'destinations: names a destination twice',
    ]);
  });

  it.each([
    [{ style: 'soap' }],
    [{ username: 'a:b' }],
    [{ username: 'a\nb' }],
    [{ baseUrl: 'https://a:b@vc.lab.test' }],
    [{ inlineDestinations: { allowHosts: [] } }],
    [{ inlineDestinations: { allowHosts: ['sftp://nas.lab.test'] } }],
    [{ secrets: { 'a b': 'x' } }],
    [{ secrets: { nas: '' } }],
    [{ secrets: ['x'] }],
    [{ apiVersion: '8' }],
  ])('refuses %j', (change) => {
    expect(settings.safeParse({ ...MINIMAL, ...change }).success).toBe(false);
  });
});
