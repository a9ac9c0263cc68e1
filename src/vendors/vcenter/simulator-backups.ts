import type { FailureName } from './simulator-texts.ts';

export type BackupStatus = 'PENDING' | 'RUNNING' | 'BLOCKED' | 'SUCCEEDED' | 'FAILED';

/** One recovery backup job of the appliance. Instants are milliseconds since 1970. */
export interface Backup {
  readonly id: string;
  readonly number: number;
  readonly type: 'SCHEDULED' | 'MANUAL';
  readonly requestedAt: number;
  /** Waits for a lock rather than in the queue. */
  readonly blocked: boolean;
  /** When it left the queue; undefined while it waits. */
  beganAt: number | undefined;
  /** When it ends or is going to end; undefined while it waits. */
  endsAt: number | undefined;
  /** How long it is going to run. */
  readonly runsForMs: number;
  /** How long all of it would take; longer than it runs when it fails on the way. */
  readonly wholeMs: number;
  /** Why it fails or is going to fail; undefined when it succeeds. */
  failure: FailureName | undefined;
  /** When somebody cancelled it. */
  cancelledAt: number | undefined;
  readonly location: string;
  readonly locationUser: string;
  readonly comment: string;
  readonly parts: readonly string[];
  /** Absent for what the appliance started itself. */
  readonly user: string | undefined;
  /** Bytes in the store once it is complete. */
  readonly sizeBytes: number;
  readonly fastBackup: boolean | undefined;
  /** The appliance's build when it was made. */
  readonly build: number;
}

export function statusOf(backup: Backup, now: number): BackupStatus {
  if (backup.beganAt === undefined || backup.endsAt === undefined) return backup.blocked ? 'BLOCKED' : 'PENDING';
  if (now < backup.endsAt) return 'RUNNING';
  return backup.failure === undefined ? 'SUCCEEDED' : 'FAILED';
}

/** A blocked backup counts from its request, any other from when it left the queue. */
export function startOf(backup: Backup): number | undefined {
  return backup.blocked ? backup.requestedAt : backup.beganAt;
}

/** A place in time for every backup, for sorting and for answers that must have a start. */
export function timeOf(backup: Backup): number {
  return startOf(backup) ?? backup.requestedAt;
}

export function endOf(backup: Backup, now: number): number | undefined {
  return backup.endsAt !== undefined && now >= backup.endsAt ? backup.endsAt : undefined;
}

/** Whole percent; 100 only at the end of a success, and a failure keeps how far it came. */
export function percentOf(backup: Backup, now: number): number {
  const { beganAt, endsAt, wholeMs, failure } = backup;
  if (beganAt === undefined || endsAt === undefined) return 0;
  if (failure === undefined && now >= endsAt) return 100;
  return Math.min(99, Math.floor((100 * (Math.min(now, endsAt) - beganAt)) / wholeMs));
}

/** The last steps cannot be taken back. */
export function isCancelable(backup: Backup, now: number): boolean {
  switch (statusOf(backup, now)) {
    case 'PENDING':
    case 'BLOCKED':
      return true;
    case 'RUNNING':
      return backup.cancelledAt === undefined && percentOf(backup, now) < 90;
    default:
      return false;
  }
}
