import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun, RunMessage } from '../../domain/backup-run.ts';
import { isActive } from '../../domain/backup-status.ts';
import { encodeNativeId } from '../../domain/native-id.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import { encodeObjectId } from './ids.ts';
import { mapSchedule, type ServerClock } from './mapper-schedule.ts';
import type { FetchedRow } from './paging.ts';
import { mapJobStatus, mapSessionStatus, mapSeverity } from './status.ts';
import type { JobWire, LogItemWire, OrganizationWire, SessionWire } from './wire.ts';

export interface MapContext extends ServerClock {
  readonly sourceKey: string;
}

export function mapJob({ row, fetchedAt }: FetchedRow<JobWire>, context: MapContext): BackupJob {
  const { sourceKey } = context;
  const { status, raw } = mapJobStatus(row.lastStatus, row.hasRun);
  return {
    sourceKey,
    nativeId: encodeNativeId([row.id]),
    kind: 'RECURRING',
    name: row.name,
    description: row.description,
    enabled: row.isEnabled,
    status,
    nativeStatus: raw,
    protects: mapProtects(row),
    lastRun: 'NOT_TOLD',
    lastRunAt: row.lastRun,
    nextRunAt: row.nextRun,
    schedule: row.schedulePolicy && mapSchedule(row.schedulePolicy, row.isEnabled, context),
    details: {
      type: 'VeeamJobDetails',
      backupType: row.backupType,
      organizationId: row.organizationId,
      repositoryId: row.repositoryId,
    },
    observedAt: fetchedAt,
  };
}

/**
 * What a job protects: its organisation when it takes all of it and names it, else what the job takes, whatever that is. A job
 * whose type is missing or new still protects something, and must not be missing from a report.
 */
function mapProtects({ id, backupType, organizationId }: JobWire): NonNullable<BackupJob['protects']> {
  if (backupType?.toLowerCase() === 'entireorganization' && organizationId !== undefined) {
    return { nativeId: encodeObjectId({ kind: 'organization', id: organizationId }), kind: 'M365_ORGANIZATION' };
  }
  return { nativeId: encodeObjectId({ kind: 'selection', id }), kind: 'M365_SELECTION' };
}

export function mapRun({ row, fetchedAt }: FetchedRow<SessionWire>, { sourceKey }: MapContext): BackupRun {
  const { status, raw } = mapSessionStatus(row.status);
  const startedAt = status === 'QUEUED' ? undefined : row.creationTime;
  const endedAt = isActive(status) ? undefined : row.endTime;
  return {
    sourceKey,
    nativeId: encodeNativeId([row.id]),
    jobNativeId: row.jobId === undefined ? undefined : encodeNativeId([row.jobId]),
    status,
    nativeStatus: raw,
    trigger: undefined,
    requestedBy: undefined,
    queuedAt: status === 'QUEUED' ? row.creationTime : undefined,
    startedAt,
    endedAt,
    durationSeconds: secondsBetween(startedAt, endedAt),
    // The member called progress counts objects.
    progressPercent: undefined,
    conditions: [],
    messages: 'NOT_TOLD',
    errorCount: undefined,
    warningCount: undefined,
    objectCount: row.processedObjects ?? row.progress,
    bytes: row.transferredDataBytes,
    restorable: undefined,
    details: { type: 'VeeamSessionDetails', sessionType: row.jobSessionConfigType },
    observedAt: fetchedAt,
  };
}

function secondsBetween(start: Date | undefined, end: Date | undefined): number | undefined {
  if (start === undefined || end === undefined || end < start) return undefined;
  return (end.getTime() - start.getTime()) / 1000;
}

/** The lines of a log in the vendor's order. */
export function mapMessages(items: readonly LogItemWire[]): RunMessage[] {
  return items.toSorted((a, b) => compareOrder(a.usn, b.usn)).map(mapMessage);
}

function compareOrder(a = Infinity, b = Infinity): number {
  return a === b ? 0 : a - b;
}

function mapMessage({ id, title, type, message }: LogItemWire): RunMessage {
  if (type !== undefined || title === undefined) {
    return { id, text: message ?? title ?? '', args: [], severity: mapSeverity(type) };
  }
  const [, word, rest = ''] = /^\[(\w+)\]\s*(.*)$/s.exec(title) ?? [];
  const severity = mapSeverity(word);
  // A word that is no severity is part of the text.
  return { id, text: severity === undefined ? title : rest, args: [], severity };
}

export function mapOrganization(row: OrganizationWire, { sourceKey }: MapContext): ProtectedObject {
  return {
    sourceKey,
    nativeId: encodeObjectId({ kind: 'organization', id: row.id }),
    name: row.name ?? row.officeName ?? row.id,
    kind: 'M365_ORGANIZATION',
  };
}

/** What a job protects beside a whole organisation has no name of its own: it goes by the job's. */
export function mapSelection(row: JobWire, { sourceKey }: MapContext): ProtectedObject | undefined {
  const protects = mapProtects(row);
  if (protects.kind !== 'M365_SELECTION') return undefined;
  return { sourceKey, nativeId: protects.nativeId, name: row.name ?? row.id, kind: protects.kind };
}
