import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { OPERATIONS } from '../../../src/domain/source.ts';
import {
  CAPABILITIES,
  capabilitiesOfJob,
  capabilitiesOfRun,
  type Capabilities,
} from '../../../src/vendors/veeam-m365/capabilities.ts';

function refusals(capabilities: Capabilities): Record<string, string> {
  const refused: Record<string, string> = {};
  for (const operation of OPERATIONS) {
    const reading = capabilities[operation];
    if (reading.supported) continue;
    expect(reading.explanation).toMatch(/^[A-Z].{20,}\.$/);
    refused[operation] = reading.reason ?? '';
  }
  return refused;
}

function ofJob(status: BackupJob['status'], enabled?: boolean) {
  return refusals(capabilitiesOfJob({ status, enabled } as BackupJob));
}

function ofRun(status: BackupRun['status'], jobNativeId?: string) {
  return refusals(capabilitiesOfRun({ status, jobNativeId } as BackupRun));
}

describe('vendors/veeam-m365/capabilities', () => {
  it('offers every operation', () => {
    expect(refusals(CAPABILITIES)).toEqual({});
  });

  it.each([
    ['RUNNING', { START: 'WRONG_STATE', RETRY: 'WRONG_STATE' }],
    ['QUEUED', { START: 'WRONG_STATE', RETRY: 'WRONG_STATE' }],
    ['SUCCEEDED', { CANCEL: 'WRONG_STATE' }],
    ['WARNING', { CANCEL: 'WRONG_STATE' }],
    ['FAILED', { CANCEL: 'WRONG_STATE' }],
    ['CANCELED', { CANCEL: 'WRONG_STATE' }],
    ['NONE', { CANCEL: 'WRONG_STATE', RETRY: 'WRONG_STATE' }],
    ['UNKNOWN', {}],
  ] as const)('answers for a job that is %s', (status, refused) => {
    expect(ofJob(status)).toEqual(refused);
  });

  it('starts a disabled job, and switches only what is not so already', () => {
    expect(ofJob('FAILED', false)).toEqual({ CANCEL: 'WRONG_STATE', DISABLE: 'WRONG_STATE' });
    expect(ofJob('FAILED', true)).toEqual({ CANCEL: 'WRONG_STATE', ENABLE: 'WRONG_STATE' });
  });

  it.each([
    ['RUNNING', { RETRY: 'WRONG_STATE' }],
    ['QUEUED', { RETRY: 'WRONG_STATE' }],
    ['SUCCEEDED', { CANCEL: 'WRONG_STATE', RETRY: 'WRONG_STATE' }],
    ['WARNING', { CANCEL: 'WRONG_STATE' }],
    ['FAILED', { CANCEL: 'WRONG_STATE' }],
    ['CANCELED', { CANCEL: 'WRONG_STATE' }],
    ['UNKNOWN', {}],
  ] as const)('answers for a run that is %s', (status, refused) => {
    expect(ofRun(status, 'job')).toEqual({ ...refused, DELETE: 'NOT_OFFERED_BY_VENDOR' });
  });

  it('stops no run that has ended, also where its state is not known', () => {
    const ended = { status: 'UNKNOWN', jobNativeId: 'job', endedAt: new Date(0) } as BackupRun;
    expect(refusals(capabilitiesOfRun(ended))).toEqual({ CANCEL: 'WRONG_STATE', DELETE: 'NOT_OFFERED_BY_VENDOR' });
  });

  it('names as alternatives what can be done', () => {
    const alternatives = (readings: Capabilities, operation: keyof Capabilities): readonly string[] => {
      const reading = readings[operation];
      if (reading.supported) return expect.fail(`${operation} is supported`);
      const named = reading.alternatives ?? [];
      expect(named.filter((one) => !readings[one].supported)).toEqual([]);
      return named;
    };
    const job = (status: BackupJob['status']) => capabilitiesOfJob({ status } as BackupJob);
    const run = (status: BackupRun['status']) => capabilitiesOfRun({ status, jobNativeId: 'job' } as BackupRun);
    expect(alternatives(job('RUNNING'), 'START')).toEqual(['CANCEL']);
    expect(alternatives(job('QUEUED'), 'RETRY')).toEqual(['CANCEL']);
    expect(alternatives(job('NONE'), 'RETRY')).toEqual(['START']);
    expect(alternatives(job('FAILED'), 'CANCEL')).toEqual([]);
    expect(alternatives(run('RUNNING'), 'RETRY')).toEqual(['CANCEL']);
    expect(alternatives(run('SUCCEEDED'), 'RETRY')).toEqual(['START']);
    expect(alternatives(run('SUCCEEDED'), 'DELETE')).toEqual([]);
  });

  it('cannot stop or repeat a run whose job is not told', () => {
    expect(ofRun('RUNNING')).toEqual({
      CANCEL: 'NOT_OFFERED_BY_VENDOR',
      RETRY: 'NOT_OFFERED_BY_VENDOR',
      DELETE: 'NOT_OFFERED_BY_VENDOR',
    });
  });
});
