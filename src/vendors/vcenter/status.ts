import type { RunTrigger } from '../../domain/backup-run.ts';
import type { StatusReading } from '../../domain/backup-status.ts';
import type { Weekday } from '../../domain/schedule.ts';

/** `state` of a backup job asked for by its id. The word for running has no underscore. */
export function mapJobState(raw: string | undefined): StatusReading {
  switch (raw) {
    case 'NONE':
      return { status: 'QUEUED', raw };
    case 'INPROGRESS':
      return { status: 'RUNNING', raw };
    case 'SUCCEEDED':
      return { status: 'SUCCEEDED', raw };
    case 'FAILED':
      return { status: 'FAILED', raw };
    default:
      return { status: 'UNKNOWN', raw };
  }
}

/** `status` of the job details: another vocabulary for the same jobs. Neither has a word for cancelled. */
export function mapDetailsStatus(raw: string | undefined): StatusReading {
  switch (raw) {
    case 'PENDING':
    case 'BLOCKED':
      return { status: 'QUEUED', raw };
    case 'RUNNING':
      return { status: 'RUNNING', raw };
    case 'SUCCEEDED':
      return { status: 'SUCCEEDED', raw };
    case 'FAILED':
      return { status: 'FAILED', raw };
    default:
      return { status: 'UNKNOWN', raw };
  }
}

/** What the job details say about the outcome of a backup. */
export interface DetailsOutcome {
  readonly status: string | undefined;
  /** The texts of the job's error; empty when there is none. */
  readonly error: readonly unknown[];
}

/** The status of the job details, where a success beside an error is no plain one. */
export function mapDetailsOutcome({ status, error }: DetailsOutcome): StatusReading {
  const told = mapDetailsStatus(status);
  return told.status === 'SUCCEEDED' && error.length > 0 ? { status: 'WARNING', raw: told.raw } : told;
}

/** `type` of the job details; undefined when it is told in a word that we do not know, or not at all. */
export function mapType(raw: string | undefined): Extract<RunTrigger, 'SCHEDULED' | 'MANUAL'> | undefined {
  switch (raw) {
    case 'SCHEDULED':
    case 'MANUAL':
      return raw;
    default:
      return undefined;
  }
}

/** A day of a schedule; undefined for a word that no document lists. */
export function mapDay(raw: string): Weekday | undefined {
  switch (raw) {
    case 'SUNDAY':
      return 0;
    case 'MONDAY':
      return 1;
    case 'TUESDAY':
      return 2;
    case 'WEDNESDAY':
      return 3;
    case 'THURSDAY':
      return 4;
    case 'FRIDAY':
      return 5;
    case 'SATURDAY':
      return 6;
    default:
      return undefined;
  }
}
