import type { BackupJob } from '../../domain/backup-job.ts';
import type { JobFilter } from '../../domain/filters.ts';
import type { SourceReading, SourceResult } from '../aggregate.ts';
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
  const arrived: SourceReading<BackupJob>[] = [];
  const pending = new Set<Promise<void>>();
  for (const { key } of context.select(filter)) {
    const one = selectedJobs(context, key, filter, choice).then((reading) => {
      pending.delete(one);
      arrived.push(reading);
    });
    pending.add(one);
  }
  while (pending.size + arrived.length > 0) {
    if (arrived.length === 0) await Promise.race(pending);
    // Several may arrive while one is told.
    const reading = arrived.shift();
    if (reading === undefined) continue;
    const { rows: jobs } = reading;
    const remainingSources = pending.size + arrived.length;
    yield { result: reading.result(jobs.length), jobs, remainingSources, choice };
  }
}
