import { describe, expect, it } from 'vitest';
import { decodeGlobalId, decodeNativeId, encodeGlobalId, encodeNativeId } from '../../src/domain/native-id.ts';

describe('domain/native-id', () => {
  it.each([
    [['a']],
    [['oak_clinic', '0107', 'C: drive']],
    [['ümläut', 'sl/ash', '100%']],
    [['..']],
    [['.', "it's (fine)*!"]],
    [['?#&=+ \u0001']],
  ])('gives %j back', (parts) => {
    const nativeId = encodeNativeId(parts);
    expect(nativeId).toMatch(/^[\w.~%/-]+$/);
    expect(decodeNativeId(nativeId)).toEqual(parts);
    expect(decodeGlobalId(encodeGlobalId('BackupJob', 'src-1', nativeId), 'id')).toEqual({
      type: 'BackupJob',
      sourceKey: 'src-1',
      nativeId,
    });
  });

  it('never lets a part become a path step', () => {
    expect(encodeNativeId(['..', '.'])).toBe('%2E%2E/%2E');
  });

  it.each([
    ['', 'does not begin'],
    ['gid://other/BackupJob/a/b', 'does not begin'],
    ['gid://backup/Nothing/a/b', 'no known type'],
    ['gid://backup/BackupJob/A!/b', 'no source'],
    ['gid://backup/BackupJob/a', 'does not fit'],
    ['gid://backup/VendorSource/a/b', 'does not fit'],
    ['gid://backup/BackupJob/a/b//c', 'percent-encoded'],
    ['gid://backup/BackupJob/a/%zz', 'percent-encoded'],
    ['gid://backup/BackupJob/a/%61', 'percent-encoded'],
    ['gid://backup/BackupJob/a/..', 'percent-encoded'],
    [`gid://backup/BackupJob/a/${'x'.repeat(3000)}`, 'longer'],
  ])('refuses %j, naming the argument and not the id', (id, why) => {
    expect(() => decodeGlobalId(id, 'job')).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT', argument: 'job', message: expect.stringContaining(why) }),
    );
  });

  it('refuses an id of another type', () => {
    expect(() => decodeGlobalId('gid://backup/BackupRun/a/b', 'id', 'BackupJob')).toThrowError(/names a BackupRun/);
  });
});
