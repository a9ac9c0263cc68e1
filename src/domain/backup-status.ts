/** The one status vocabulary of jobs and runs; equal to the GraphQL enum BackupStatus. */
export const BACKUP_STATUSES = [
  'QUEUED',
  'RUNNING',
  'CANCELING',
  'SUCCEEDED',
  'WARNING',
  'FAILED',
  'CANCELED',
  'MISSED',
  'NONE',
  'UNKNOWN',
] as const;
export type BackupStatus = (typeof BACKUP_STATUSES)[number];

/**
 * A vendor's status word, read.
 *
 * `raw` is exactly what the vendor said, so that a reader can see what an UNKNOWN was; undefined when it said nothing.
 */
export interface StatusReading {
  readonly status: BackupStatus;
  readonly raw: string | undefined;
}

/**
 * How much a status needs a person's eye, worst first: 0 is worst.
 *
 * UNKNOWN stands right behind what has surely gone wrong, never among what is good.
 */
export function statusSeverityRank(status: BackupStatus): number {
  return SEVERITY_ORDER.indexOf(status);
}

const SEVERITY_ORDER: readonly BackupStatus[] = [
  'FAILED',
  'MISSED',
  'UNKNOWN',
  'CANCELED',
  'NONE',
  'WARNING',
  'CANCELING',
  'RUNNING',
  'QUEUED',
  'SUCCEEDED',
];

/** Whether a run in this status may still change by itself. */
export function isActive(status: BackupStatus): boolean {
  return status === 'QUEUED' || status === 'RUNNING' || status === 'CANCELING';
}
