import { describe, expect, it } from 'vitest';
import type { SailPointBackupDetails } from '../../../src/domain/backup-job.ts';
import type { Recurrence } from '../../../src/domain/schedule.ts';
import { OPERATIONS, type Operation } from '../../../src/domain/source.ts';
import { CAPABILITIES, jobCapabilities, runCapabilities } from '../../../src/vendors/sailpoint/capabilities.ts';
import type { CapabilityReading } from '../../../src/vendors/contract.ts';
import { sampleJob, sampleRun } from '../../support/domain-samples.ts';

const now = new Date('2026-05-21T10:00:00Z');

function details(userCanDelete: boolean | undefined): SailPointBackupDetails {
  return {
    type: 'SailPointBackupDetails',
    tenant: undefined,
    backupType: 'MANUAL',
    fileExists: true,
    userCanDelete,
    isPartial: false,
    hydrationStatus: undefined,
    cloudStorageStatus: undefined,
  };
}

function ofAction(recurrence: Recurrence): Readonly<Record<Operation, CapabilityReading>> {
  const schedule = {
    enabled: undefined,
    recurrence,
    zone: undefined,
    startsAt: undefined,
    retry: undefined,
    window: undefined,
  };
  return jobCapabilities(sampleJob({ nativeId: 'action/a1', schedule }), now);
}

function ofRecord(userCanDelete: boolean | undefined): Readonly<Record<Operation, CapabilityReading>> {
  return jobCapabilities(sampleJob({ nativeId: 'backup/b1', kind: 'ONE_OFF', details: details(userCanDelete) }), now);
}

function supported(readings: Readonly<Record<Operation, CapabilityReading>>): Operation[] {
  return OPERATIONS.filter((operation) => readings[operation].supported);
}

describe('vendors/sailpoint/capabilities', () => {
  it('says what the vendor offers', () => {
    expect(supported(CAPABILITIES)).toEqual([
      'CREATE',
      'CANCEL',
      'UPDATE_SCHEDULE',
      'DELETE',
      'READ_RUN_HISTORY',
      'READ_SCHEDULE',
    ]);
  });

  it('explains every refusal', () => {
    const all = [CAPABILITIES, ofAction({ form: 'MANUAL' }), ofAction({ form: 'ONCE', at: now }), ofRecord(false)];
    for (const reading of all.flatMap((readings) => OPERATIONS.map((operation) => readings[operation]))) {
      if (!reading.supported)
        expect(reading).toMatchObject({
          reason: expect.any(String),
          explanation: expect.stringMatching(/^[A-Z].{20,}\.$/),
        });
    }
  });

  it('withdraws a one-off that lies ahead, and not one whose start has passed', () => {
    expect(ofAction({ form: 'ONCE', at: new Date(now.getTime() + 1) }).CANCEL).toEqual({ supported: true });
    expect(ofAction({ form: 'ONCE', at: now }).CANCEL).toMatchObject({ supported: false, reason: 'WRONG_STATE' });
  });

  it.each([
    { form: 'CRON', expression: '0 3 * * *' },
    { form: 'UNKNOWN', raw: '' },
  ] as const)('changes and deletes a scheduled action of the form $form, and cannot cancel it', (recurrence) => {
    const readings = ofAction(recurrence);
    expect(supported(readings)).toEqual(['CREATE', 'UPDATE_SCHEDULE', 'DELETE', 'READ_SCHEDULE']);
    expect(readings.CANCEL).toMatchObject({ reason: 'NOT_OFFERED_BY_VENDOR' });
    expect(readings.READ_RUN_HISTORY).toMatchObject({ reason: 'NOT_OFFERED_BY_VENDOR' });
  });

  it.each([
    [true, true],
    [undefined, true],
    [false, false],
  ])('lets a record be deleted accordingly when userCanDelete is %s', (userCanDelete, allowed) => {
    const run = runCapabilities(sampleRun({ details: details(userCanDelete) }));
    for (const { DELETE: reading } of [ofRecord(userCanDelete), run]) {
      expect(reading).toMatchObject(allowed ? { supported: true } : { supported: false, reason: 'NOT_PERMITTED' });
    }
  });

  it.each(['QUEUED', 'RUNNING'] as const)('does not delete a record that is %s', (status) => {
    const run = runCapabilities(sampleRun({ details: details(true), status }));
    const job = jobCapabilities(sampleJob({ nativeId: 'backup/b1', details: details(true), status }), now);
    for (const { DELETE: reading } of [run, job]) {
      expect(reading).toMatchObject({ supported: false, reason: 'WRONG_STATE' });
    }
  });

  it('names what serves instead, and nothing that is not supported', () => {
    expect(CAPABILITIES.START).toMatchObject({ alternatives: ['CREATE'] });
    expect(ofAction({ form: 'CRON', expression: '0 3 * * *' }).CANCEL).toMatchObject({ alternatives: ['DELETE'] });
    expect(ofRecord(true).CANCEL).toMatchObject({ alternatives: [] });
    for (const readings of [CAPABILITIES, ofAction({ form: 'CRON', expression: '0 3 * * *' }), ofRecord(true)]) {
      for (const reading of Object.values(readings)) {
        const alternatives = reading.supported ? [] : (reading.alternatives ?? []);
        expect(alternatives.filter((one) => !readings[one].supported)).toEqual([]);
      }
    }
  });

  it.each(['CANCEL', 'RETRY', 'START', 'UPDATE_SCHEDULE', 'READ_SCHEDULE', 'READ_LOGS'] as const)(
    'does not offer %s for a record',
    (operation) => {
      const run = runCapabilities(sampleRun({ details: details(true), status: 'RUNNING' }));
      for (const readings of [ofRecord(true), run]) {
        expect(readings[operation]).toMatchObject({ supported: false, reason: 'NOT_OFFERED_BY_VENDOR' });
      }
    },
  );
});
