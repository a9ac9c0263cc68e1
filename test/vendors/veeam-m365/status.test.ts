import { describe, expect, it } from 'vitest';
import { isKnownStatus, mapJobStatus, mapSessionStatus, mapSeverity } from '../../../src/vendors/veeam-m365/status.ts';

describe('vendors/veeam-m365/status', () => {
  it.each([
    ['Queued', 'QUEUED'],
    ['Running', 'RUNNING'],
    ['Success', 'SUCCEEDED'],
    ['success', 'SUCCEEDED'],
    ['Warning', 'WARNING'],
    ['Failed', 'FAILED'],
    ['Stopped', 'CANCELED'],
    ['Disconnected', 'UNKNOWN'],
    ['NotConfigured', 'UNKNOWN'],
    ['Updating', 'UNKNOWN'],
  ])('reads the session status %s as %s and keeps the word', (raw, status) => {
    expect(mapSessionStatus(raw)).toEqual({ status, raw });
    expect(isKnownStatus(raw)).toBe(true);
  });

  it.each(['Frozen', 'Succeeded', '', ' Success'])('keeps the raw word of the unknown status "%s"', (raw) => {
    expect(mapSessionStatus(raw)).toEqual({ status: 'UNKNOWN', raw });
    expect(mapJobStatus(raw, true)).toEqual({ status: 'UNKNOWN', raw });
    expect(isKnownStatus(raw)).toBe(false);
  });

  it('reads a missing status as UNKNOWN without a word', () => {
    expect(mapJobStatus(undefined, false)).toEqual({ status: 'UNKNOWN', raw: undefined });
  });

  it('tells a job that was stopped from one that never ran by its last run', () => {
    expect(mapJobStatus('Stopped', true)).toEqual({ status: 'CANCELED', raw: 'Stopped' });
    expect(mapJobStatus('stopped', false)).toEqual({ status: 'NONE', raw: 'stopped' });
  });

  it.each([
    ['Queued', 'QUEUED'],
    ['Running', 'RUNNING'],
    ['Success', 'SUCCEEDED'],
    ['Warning', 'WARNING'],
    ['Failed', 'FAILED'],
    ['Disconnected', 'UNKNOWN'],
    ['NotConfigured', 'UNKNOWN'],
    ['Updating', 'UNKNOWN'],
  ])('reads the job status %s as %s whether or not it ran', (raw, status) => {
    expect([mapJobStatus(raw, true), mapJobStatus(raw, false)]).toEqual([
      { status, raw },
      { status, raw },
    ]);
  });

  it.each([
    ['Success', 'INFO'],
    ['Running', 'INFO'],
    ['Warning', 'WARNING'],
    ['Stop', 'WARNING'],
    ['Error', 'ERROR'],
    ['Failed', 'ERROR'],
    ['error', 'ERROR'],
    ['Note', undefined],
    [undefined, undefined],
  ])('reads the log word %s as severity %s', (word, severity) => {
    expect(mapSeverity(word)).toBe(severity);
  });
});
