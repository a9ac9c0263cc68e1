import type { BackupJob } from '../../domain/backup-job.ts';
import type { JobFilter } from '../../domain/filters.ts';
import type { SourceResult } from '../aggregate.ts';
import type { OperationContext, ReadChoice } from '../context.ts';
import { selectedJobs } from '../job-selection.ts';

/** The jobs of one source that has answered, or has not in time. */
export interface SourceSnapshot {
  readonly result: SourceResult;
  readonly jobs: readonly BackupJob[];
  readonly remainingSources: number;
  /** What the jobs were read with, for what is read below them. */
  readonly choice: ReadChoice;
}

/** One snapshot for each source that the filter leaves, in the order in which they answer; then it is done. */
export async function* sourceSnapshots(
  context: OperationContext,
  filter: JobFilter,
  choice: ReadChoice,
): AsyncGenerator<SourceSnapshot, void> {
  const pending = new Map(context.select(filter).map(({ key }) => [key, selectedJobs(context, key, filter, choice)]));
  while (pending.size > 0) {
    const reading = await Promise.race(pending.values());
    pending.delete(reading.source.key);
    const { rows: jobs } = reading;
    yield { result: reading.result(jobs.length), jobs, remainingSources: pending.size, choice };
  }
}
