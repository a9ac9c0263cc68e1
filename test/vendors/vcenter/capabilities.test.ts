import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { BACKUP_STATUSES, type BackupStatus } from '../../../src/domain/backup-status.ts';
import { OPERATIONS, type Operation } from '../../../src/domain/source.ts';
import type { CapabilityReading } from '../../../src/vendors/contract.ts';
import {
  jobCapabilities,
  runCapabilities,
  SOURCE_CAPABILITIES,
  type Capabilities,
} from '../../../src/vendors/vcenter/capabilities.ts';

function job(kind: 'RECURRING' | 'ONE_OFF', enabled: boolean | undefined): BackupJob {
  return {
    sourceKey: 'vc',
    nativeId: 'x',
    kind,
    name: undefined,
    description: undefined,
    enabled,
    status: 'NONE',
    nativeStatus: undefined,
    protects: undefined,
    lastRun: undefined,
    lastRunAt: undefined,
    nextRunAt: undefined,
    schedule: undefined,
    details: undefined,
    observedAt: new Date(0),
  };
}

function refusals(capabilities: Capabilities): Partial<Record<Operation, string>> {
  return Object.fromEntries(
    OPERATIONS.flatMap((operation) => {
      const reading = capabilities[operation];
      return reading.supported ? [] : [[operation, reading.reason]];
    }),
  );
}

const state = (status: BackupStatus, cancelable?: boolean) => ({ status, cancelable });

describe('vendors/vcenter/capabilities', () => {
  it('offers everything but a retry', () => {
    expect(refusals(SOURCE_CAPABILITIES)).toEqual({ RETRY: 'NOT_OFFERED_BY_VENDOR' });
  });

  it('has an answer for every operation, and a sentence for every no', () => {
    const all = [
      SOURCE_CAPABILITIES,
      jobCapabilities(job('RECURRING', true), state('RUNNING'), true),
      jobCapabilities(job('ONE_OFF', undefined), state('FAILED'), false),
      runCapabilities(state('FAILED'), false),
    ];
    for (const capabilities of all) {
      expect(Object.keys(capabilities).toSorted()).toEqual([...OPERATIONS].toSorted());
      for (const reading of Object.values(capabilities)) {
        expect(reading.supported || (reading.explanation ?? '').endsWith('.')).toBe(true);
      }
    }
  });

  it('runs, switches, changes and deletes a schedule that rests', () => {
    const disabled = jobCapabilities(job('RECURRING', false), state('SUCCEEDED'), true);
    expect(refusals(disabled)).toEqual({
      RETRY: 'NOT_OFFERED_BY_VENDOR',
      CANCEL: 'WRONG_STATE',
      DISABLE: 'WRONG_STATE',
    });
    const enabled = jobCapabilities(job('RECURRING', true), state('NONE'), true);
    expect(refusals(enabled)).toEqual({ RETRY: 'NOT_OFFERED_BY_VENDOR', CANCEL: 'WRONG_STATE', ENABLE: 'WRONG_STATE' });
  });

  it('cancels and does not start a schedule whose backup is under way', () => {
    const running = jobCapabilities(job('RECURRING', undefined), state('RUNNING', true), true);
    expect(refusals(running)).toEqual({ RETRY: 'NOT_OFFERED_BY_VENDOR', START: 'WRONG_STATE' });
  });

  it('can only be cancelled when it is a manual backup', () => {
    const running = jobCapabilities(job('ONE_OFF', undefined), state('RUNNING'), true);
    const never = 'NOT_OFFERED_BY_VENDOR';
    expect(refusals(running)).toEqual({
      START: never,
      RETRY: never,
      ENABLE: never,
      DISABLE: never,
      UPDATE_SCHEDULE: never,
      DELETE: never,
      READ_SCHEDULE: never,
    });
  });

  it('names what can be asked instead, and on a 6.5 nothing that needs a schedule', () => {
    const alternatives = (reading: CapabilityReading) => (reading.supported ? 'supported' : reading.alternatives);
    const manual = jobCapabilities(job('ONE_OFF', undefined), state('FAILED'), true);
    const old = jobCapabilities(job('ONE_OFF', undefined), state('FAILED'), false);
    expect(alternatives(SOURCE_CAPABILITIES.RETRY)).toEqual(['START', 'CREATE']);
    expect([manual.START, manual.RETRY, manual.DELETE, manual.ENABLE].map(alternatives)).toEqual([
      ['CREATE'],
      ['START', 'CREATE'],
      ['UPDATE_SCHEDULE'],
      undefined,
    ]);
    expect([old.START, old.RETRY, old.DELETE].map(alternatives)).toEqual([['CREATE'], ['CREATE'], undefined]);
    expect(alternatives(runCapabilities(state('FAILED'), false).RETRY)).toEqual(['CREATE']);
    expect(alternatives(runCapabilities(state('FAILED'), true).DELETE)).toEqual(['UPDATE_SCHEDULE']);
    const starts = [undefined, true, false].map(
      (cancelable) => jobCapabilities(job('RECURRING', true), state('RUNNING', cancelable), true).START,
    );
    expect(starts.map(alternatives)).toEqual([['CANCEL'], ['CANCEL'], undefined]);
  });

  it.each(BACKUP_STATUSES)('cancels a run in status %s only while it is under way', (status) => {
    const { CANCEL } = runCapabilities(state(status), true);
    expect(CANCEL.supported).toBe(['QUEUED', 'RUNNING', 'CANCELING'].includes(status));
  });

  it('does not cancel what the appliance says cannot be cancelled', () => {
    expect(runCapabilities(state('RUNNING', false), true).CANCEL).toMatchObject({
      supported: false,
      reason: 'WRONG_STATE',
    });
  });

  it('has no sizes in 6.5, but messages', () => {
    const { READ_SIZES, READ_LOGS, READ_RUN_HISTORY } = runCapabilities(state('FAILED'), false);
    expect([READ_SIZES.supported, READ_LOGS.supported, READ_RUN_HISTORY.supported]).toEqual([false, true, true]);
  });
});
