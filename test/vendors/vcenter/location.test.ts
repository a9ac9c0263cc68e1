import { describe, expect, it } from 'vitest';
import { locationType, withoutCredentials, withoutUrlCredentials } from '../../../src/vendors/vcenter/location.ts';

describe('vendors/vcenter/location', () => {
  it.each([
    ['sftp://store.lab.test/vc', 'sftp://store.lab.test/vc'],
    ['sftp://bkp@store.lab.test/vc', 'sftp://store.lab.test/vc'],
    ['sftp://bkp:pa:ss@store.lab.test:2222/vc', 'sftp://store.lab.test:2222/vc'],
    ['sftp://bkp:p@ss@store.lab.test/vc', 'sftp://store.lab.test/vc'],
    ['ftp://bkp:pa/ss@store.lab.test/vc', 'ftp://store.lab.test/vc'],
    ['FTPS://bkp:x@[fe80::1]:990/vc', 'FTPS://[fe80::1]:990/vc'],
    ['https://[fe80::1]/vc@home', 'https://[fe80::1]/vc@home'],
    ['nfs://nas.lab.test/vc@home', 'nfs://nas.lab.test/vc@home'],
    ['nfs://nas.lab.test:2049/vc@home', 'nfs://nas.lab.test:2049/vc@home'],
    ['host/folder', 'host/folder'],
    ['bkp:secret@host/folder', 'host/folder'],
    ['bkp:secret@host\n/folder', 'host\n/folder'],
    ['', ''],
  ])('shows %s as %s', (location, shown) => {
    expect(withoutCredentials(location)).toBe(shown);
  });

  it.each([
    ['ftp://store.lab.test/vc', 'FTP'],
    ['http://store.lab.test/vc', 'HTTP'],
    ['ftps://store.lab.test/vc', 'FTPS'],
    ['https://store.lab.test/vc', 'HTTPS'],
    ['scp://store.lab.test/vc', 'SCP'],
    ['sftp://store.lab.test/vc', 'SFTP'],
    ['nfs://nas/vc', 'NFS'],
    ['SMB://nas/vc', 'SMB'],
    ['cloud://bucket', 'CLOUD'],
    ['host/folder', undefined],
    ['host:/folder', undefined],
  ])('sees in %s the kind %s', (location, type) => {
    expect(locationType(location)).toBe(type);
  });

  it('takes users and passwords out of the URLs of a sentence', () => {
    expect(withoutUrlCredentials('ftp://a:b@x/y and sftp://c:d@z are full, mail me@x')).toBe(
      'ftp://x/y and sftp://z are full, mail me@x',
    );
  });
});
