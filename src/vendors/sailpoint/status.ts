import type { RunCondition, RunTrigger } from '../../domain/backup-run.ts';
import type { StatusReading } from '../../domain/backup-status.ts';
import type { BackupWire } from './wire.ts';

/** What a backup record says about its outcome. */
export type OutcomeData = Pick<BackupWire, 'type' | 'status' | 'fileExists' | 'isPartial' | 'cloudStorageStatus'>;

/** The vendor's `status` by itself. */
export function mapStatus(raw: string | undefined): StatusReading {
  switch (raw) {
    case 'NOT_STARTED':
      return { status: 'QUEUED', raw };
    case 'IN_PROGRESS':
      return { status: 'RUNNING', raw };
    case 'COMPLETE':
      return { status: 'SUCCEEDED', raw };
    case 'CANCELLED':
      return { status: 'CANCELED', raw };
    case 'FAILED':
      return { status: 'FAILED', raw };
    default:
      return { status: 'UNKNOWN', raw };
  }
}

/**
 * Outcome of a backup record.
 *
 * COMPLETE counts as success only with a stored file: without one there is nothing to restore, and the run FAILED whatever the
 * word says. A copy to the customer's storage that failed, or fares in a way that nobody knows, leaves a backup all the same: a
 * WARNING. A record that is no BACKUP is UNKNOWN, because its status would be about something else.
 */
export function mapOutcome(data: OutcomeData): StatusReading {
  const told = mapStatus(data.status);
  if (!isBackup(data)) return { status: 'UNKNOWN', raw: told.raw };
  if (told.status !== 'SUCCEEDED') return told;
  if (!hasFile(data)) return { status: 'FAILED', raw: told.raw };
  return mapOffsiteCopy(data.cloudStorageStatus)?.severity === 'WARNING' ? { status: 'WARNING', raw: told.raw } : told;
}

/** True or false when it is sure; undefined while it runs and for words that nobody knows. */
export function isRestorable(data: OutcomeData): boolean | undefined {
  switch (mapOutcome(data).status) {
    case 'SUCCEEDED':
    case 'WARNING':
      return true;
    case 'FAILED':
    case 'CANCELED':
      return false;
    default:
      return undefined;
  }
}

/** What is notable about a backup record. The copy to the customer's storage is told of backups only that there is a file of. */
export function mapConditions(data: OutcomeData): readonly RunCondition[] {
  const conditions: RunCondition[] = [];
  const { status, fileExists, isPartial } = data;
  if (status === 'FAILED') conditions.push({ kind: 'ERRORS', nativeKind: status, severity: 'ERROR' });
  if (status === 'CANCELLED') conditions.push({ kind: 'CANCELED', nativeKind: status, severity: 'WARNING' });
  if (status === 'COMPLETE' && fileExists === false) {
    conditions.push({ kind: 'NO_FILE_STORED', nativeKind: undefined, severity: 'ERROR' });
  }
  if (isPartial === true) conditions.push({ kind: 'PARTIAL_COVERAGE', nativeKind: undefined, severity: 'INFO' });
  const offsite = status === 'COMPLETE' && hasFile(data) ? mapOffsiteCopy(data.cloudStorageStatus) : undefined;
  if (offsite !== undefined) conditions.push(offsite);
  return conditions;
}

/** `cloudStorageStatus`; undefined when there is nothing notable in it. NOT_SYNCED is normal where no storage is set up. */
export function mapOffsiteCopy(nativeKind: string | undefined): RunCondition | undefined {
  switch (nativeKind) {
    case undefined:
    case 'SYNCED':
      return undefined;
    case 'NOT_SYNCED':
      return { kind: 'OFFSITE_COPY_PENDING', nativeKind, severity: 'INFO' };
    case 'SYNC_FAILED':
      return { kind: 'OFFSITE_COPY_FAILED', nativeKind, severity: 'WARNING' };
    default:
      return { kind: 'UNMAPPED', nativeKind, severity: 'WARNING' };
  }
}

/** `backupType`. AUTOMATED_DRAFT stands in the vendor's description of the field, not in its list of words. */
export function mapTrigger(backupType: string | undefined): RunTrigger | undefined {
  switch (backupType) {
    case 'MANUAL':
      return 'MANUAL';
    case 'AUTOMATED':
    case 'AUTOMATED_DRAFT':
      return 'AUTOMATIC';
    case 'UPLOADED':
      return 'UPLOADED';
    default:
      return undefined;
  }
}

/** The vendor's word for the kind of a record; it may be left out, as everything may. */
export function isBackup({ type }: Pick<BackupWire, 'type'>): boolean {
  return type === undefined || type === 'BACKUP';
}

/** A file is stored unless the vendor says that there is none. */
function hasFile({ fileExists }: OutcomeData): boolean {
  return fileExists !== false;
}
