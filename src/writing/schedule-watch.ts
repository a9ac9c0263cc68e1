import type { BackupJob } from '../domain/backup-job.ts';

/**
 * Remembers since when each schedule has looked as it does, so that a change by somebody else is noticed before it is written over.
 *
 * Vendors tell no version of a schedule; what callers were shown stands in for one.
 */
export class ScheduleWatch {
  readonly #seen = new Map<string, { readonly text: string; readonly since: number }>();

  /** Takes note of a schedule that somebody is shown. */
  saw(job: BackupJob): void {
    const key = keyOf(job);
    const text = textOf(job);
    const known = this.#seen.get(key);
    // Set anew so that the one that was not seen for the longest time is the first.
    this.#seen.delete(key);
    this.#seen.set(key, known?.text === text ? known : { text, since: job.observedAt.getTime() });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MAX_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
  }

  /** Whether the schedule is known to be the one that was shown at that instant. */
  isUnchangedSince(job: BackupJob, instant: Date): boolean {
    const known = this.#seen.get(keyOf(job));
    return known !== undefined && known.text === textOf(job) && known.since <= instant.getTime();
  }
}

const MAX_REMEMBERED = 20_000;

function keyOf({ sourceKey, nativeId }: BackupJob): string {
  return `${sourceKey} ${nativeId}`;
}

function textOf({ schedule, enabled }: BackupJob): string {
  return JSON.stringify([schedule, enabled]);
}
