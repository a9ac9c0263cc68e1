import { describe, expect, it } from 'vitest';
import type { BackupStatus } from '../../../src/domain/backup-status.ts';
import {
  isRestorable,
  mapConditions,
  mapOffsiteCopy,
  mapOutcome,
  mapStatus,
  mapTrigger,
  type OutcomeData,
} from '../../../src/vendors/sailpoint/status.ts';

function outcome(overrides: Partial<OutcomeData>): OutcomeData {
  return {
    type: 'BACKUP',
    status: 'COMPLETE',
    fileExists: true,
    isPartial: false,
    cloudStorageStatus: 'SYNCED',
    ...overrides,
  };
}

describe('vendors/sailpoint/status', () => {
  const words: readonly (readonly [string | undefined, BackupStatus])[] = [
    ['NOT_STARTED', 'QUEUED'],
    ['IN_PROGRESS', 'RUNNING'],
    ['COMPLETE', 'SUCCEEDED'],
    ['CANCELLED', 'CANCELED'],
    ['FAILED', 'FAILED'],
    ['complete', 'UNKNOWN'],
    ['ARCHIVED', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ];
  it.each(words)('reads the status %s as %s and keeps the word', (raw, status) => {
    expect(mapStatus(raw)).toEqual({ status, raw });
    expect(mapOutcome(outcome({ status: raw }))).toEqual({ status, raw });
  });

  it('calls a complete backup without a stored file failed, not restorable, and says why', () => {
    const data = outcome({ fileExists: false });
    expect(mapOutcome(data)).toEqual({ status: 'FAILED', raw: 'COMPLETE' });
    expect(isRestorable(data)).toBe(false);
    expect(mapConditions(data)).toEqual([{ kind: 'NO_FILE_STORED', nativeKind: undefined, severity: 'ERROR' }]);
  });

  it('takes a file as stored when the vendor does not say', () => {
    const data = outcome({ fileExists: undefined });
    expect(mapOutcome(data).status).toBe('SUCCEEDED');
    expect(isRestorable(data)).toBe(true);
    expect(mapConditions(data)).toEqual([]);
  });

  it('does not miss a file while the backup runs', () => {
    const data = outcome({ status: 'IN_PROGRESS', fileExists: false });
    expect(mapOutcome(data).status).toBe('RUNNING');
    expect(mapConditions(data)).toEqual([]);
    expect(isRestorable(data)).toBeUndefined();
  });

  it('warns of a failed copy to the customer storage and still calls the backup restorable', () => {
    const data = outcome({ cloudStorageStatus: 'SYNC_FAILED' });
    expect(mapOutcome(data)).toEqual({ status: 'WARNING', raw: 'COMPLETE' });
    expect(isRestorable(data)).toBe(true);
    expect(mapConditions(data)).toEqual([
      { kind: 'OFFSITE_COPY_FAILED', nativeKind: 'SYNC_FAILED', severity: 'WARNING' },
    ]);
  });

  it('never lifts a backup without a file to a warning', () => {
    const data = outcome({ fileExists: false, cloudStorageStatus: 'SYNC_FAILED' });
    expect(mapOutcome(data).status).toBe('FAILED');
    expect(mapConditions(data).map(({ kind }) => kind)).toEqual(['NO_FILE_STORED']);
  });

  it.each([
    [undefined, undefined],
    ['SYNCED', undefined],
    ['NOT_SYNCED', { kind: 'OFFSITE_COPY_PENDING', nativeKind: 'NOT_SYNCED', severity: 'INFO' }],
    ['SYNC_FAILED', { kind: 'OFFSITE_COPY_FAILED', nativeKind: 'SYNC_FAILED', severity: 'WARNING' }],
    ['MELTED', { kind: 'UNMAPPED', nativeKind: 'MELTED', severity: 'WARNING' }],
  ])('reads the storage status %s as %j', (word, condition) => {
    expect(mapOffsiteCopy(word)).toEqual(condition);
  });

  it('does not call a backup whose copy fares in an unknown way a plain success', () => {
    const data = outcome({ cloudStorageStatus: 'MELTED' });
    expect(mapOutcome(data)).toEqual({ status: 'WARNING', raw: 'COMPLETE' });
    expect(isRestorable(data)).toBe(true);
    expect(mapConditions(data).map(({ kind }) => kind)).toEqual(['UNMAPPED']);
  });

  it('leaves a backup that is not copied yet a success, with a note', () => {
    const data = outcome({ cloudStorageStatus: 'NOT_SYNCED' });
    expect(mapOutcome(data).status).toBe('SUCCEEDED');
    expect(mapConditions(data).map(({ kind }) => kind)).toEqual(['OFFSITE_COPY_PENDING']);
  });

  it.each(['FAILED', 'CANCELLED'])('speaks of no pending copy of a backup that is %s', (status) => {
    const conditions = mapConditions(outcome({ status, cloudStorageStatus: 'NOT_SYNCED' }));
    expect(conditions.map(({ kind }) => kind)).not.toContain('OFFSITE_COPY_PENDING');
  });

  it('notes partial coverage and leaves the status alone', () => {
    const data = outcome({ isPartial: true });
    expect(mapOutcome(data).status).toBe('SUCCEEDED');
    expect(mapConditions(data)).toEqual([{ kind: 'PARTIAL_COVERAGE', nativeKind: undefined, severity: 'INFO' }]);
  });

  it('says of failed and cancelled backups that they are so, and that nothing can be restored', () => {
    const failed = outcome({ status: 'FAILED' });
    const cancelled = outcome({ status: 'CANCELLED' });
    expect(mapConditions(failed)).toEqual([{ kind: 'ERRORS', nativeKind: 'FAILED', severity: 'ERROR' }]);
    expect(mapConditions(cancelled)).toEqual([{ kind: 'CANCELED', nativeKind: 'CANCELLED', severity: 'WARNING' }]);
    expect(isRestorable(failed)).toBe(false);
    expect(isRestorable(cancelled)).toBe(false);
  });

  it.each(['NOT_STARTED', 'IN_PROGRESS', 'ARCHIVED', undefined])('does not say whether %s is restorable', (status) => {
    expect(isRestorable(outcome({ status }))).toBeUndefined();
  });

  it('calls a record that is no backup unknown, however complete it is', () => {
    const data = outcome({ type: 'CREATE_DRAFT' });
    expect(mapOutcome(data)).toEqual({ status: 'UNKNOWN', raw: 'COMPLETE' });
    expect(isRestorable(data)).toBeUndefined();
    expect(mapOutcome(outcome({ type: undefined })).status).toBe('SUCCEEDED');
  });

  it.each([
    ['MANUAL', 'MANUAL'],
    ['AUTOMATED', 'AUTOMATIC'],
    ['AUTOMATED_DRAFT', 'AUTOMATIC'],
    ['UPLOADED', 'UPLOADED'],
    ['SCHEDULED', undefined],
    [undefined, undefined],
  ])('reads the origin %s as %s', (word, trigger) => {
    expect(mapTrigger(word)).toBe(trigger);
  });
});
