import type { Severity } from '../../domain/backup-run.ts';
import type { StatusReading } from '../../domain/backup-status.ts';

/**
 * Reads `lastStatus` of a job.
 *
 * `Stopped` stands both for a run that somebody stopped and for a job that never ran, which only `lastRun` tells apart.
 */
export function mapJobStatus(raw: string | undefined, hasRun: boolean): StatusReading {
  const reading = mapSessionStatus(raw);
  return reading.status === 'CANCELED' && !hasRun ? { status: 'NONE', raw } : reading;
}

/** Reads `status` of a session. The vendor's documents print words in both cases, so case does not count. */
export function mapSessionStatus(raw: string | undefined): StatusReading {
  switch (raw?.toLowerCase()) {
    case 'queued':
      return { status: 'QUEUED', raw };
    case 'running':
      return { status: 'RUNNING', raw };
    case 'success':
      return { status: 'SUCCEEDED', raw };
    case 'warning':
      return { status: 'WARNING', raw };
    case 'failed':
      return { status: 'FAILED', raw };
    case 'stopped':
      return { status: 'CANCELED', raw };
    // The proxy cannot be reached, the job is not set up, or it is being upgraded: how its backups fare is not said.
    case 'disconnected':
    case 'notconfigured':
    case 'updating':
    default:
      return { status: 'UNKNOWN', raw };
  }
}

/** Whether a status word is one that the vendor documents, whatever it means. */
export function isKnownStatus(raw: string): boolean {
  return KNOWN_STATUSES.has(raw.toLowerCase());
}

const KNOWN_STATUSES: ReadonlySet<string> = new Set([
  'queued',
  'running',
  'success',
  'warning',
  'failed',
  'stopped',
  'disconnected',
  'notconfigured',
  'updating',
]);

/** Reads the word that a log item begins with, or its type; undefined for a word that is none of them. */
export function mapSeverity(word: string | undefined): Severity | undefined {
  switch (word?.toLowerCase()) {
    case 'success':
    case 'running':
      return 'INFO';
    // A step that was stopped has not done its work.
    case 'stop':
    case 'warning':
      return 'WARNING';
    case 'error':
    case 'failed':
      return 'ERROR';
    default:
      return undefined;
  }
}
