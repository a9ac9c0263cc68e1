import type { BackupJob } from './backup-job.ts';
import type { BackupRun } from './backup-run.ts';
import { statusSeverityRank } from './backup-status.ts';
import type { Order, Position } from './page.ts';
import type { ProtectedObject } from './protected-object.ts';

export const BACKUP_JOB_ORDER_FIELDS = ['NAME', 'STATUS', 'LAST_RUN', 'NEXT_RUN', 'SOURCE'] as const;
export type BackupJobOrderField = (typeof BACKUP_JOB_ORDER_FIELDS)[number];

export const BACKUP_RUN_ORDER_FIELDS = ['STARTED_AT', 'ENDED_AT', 'STATUS'] as const;
export type BackupRunOrderField = (typeof BACKUP_RUN_ORDER_FIELDS)[number];

export const ORDER_DIRECTIONS = ['ASC', 'DESC'] as const;
export type OrderDirection = (typeof ORDER_DIRECTIONS)[number];

/** Ties are broken by source and native id, so that every order is total. Status goes by severity, worst first when ascending. */
export function jobOrder(field: BackupJobOrderField, direction: OrderDirection): Order<BackupJob> {
  return { descending: direction === 'DESC', position: (job) => ({ value: jobValue(job, field), tie: tieOf(job) }) };
}

export function runOrder(field: BackupRunOrderField, direction: OrderDirection): Order<BackupRun> {
  return { descending: direction === 'DESC', position: (run) => ({ value: runValue(run, field), tie: tieOf(run) }) };
}

export const objectOrder: Order<ProtectedObject> = {
  descending: false,
  position: (object) => ({ value: object.name.toLowerCase(), tie: tieOf(object) }),
};

function jobValue(job: BackupJob, field: BackupJobOrderField): Position['value'] {
  switch (field) {
    case 'NAME':
      return job.name?.toLowerCase() ?? null;
    case 'STATUS':
      return statusSeverityRank(job.status);
    case 'LAST_RUN':
      return job.lastRunAt?.getTime() ?? null;
    case 'NEXT_RUN':
      return job.nextRunAt?.getTime() ?? null;
    case 'SOURCE':
      return job.sourceKey;
  }
}

function runValue(run: BackupRun, field: BackupRunOrderField): Position['value'] {
  switch (field) {
    case 'STARTED_AT':
      return run.startedAt?.getTime() ?? null;
    case 'ENDED_AT':
      return run.endedAt?.getTime() ?? null;
    case 'STATUS':
      return statusSeverityRank(run.status);
  }
}

function tieOf({ sourceKey, nativeId }: { readonly sourceKey: string; readonly nativeId: string }): string {
  return `${sourceKey}/${nativeId}`;
}
