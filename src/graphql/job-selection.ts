import type { BackupJob } from '../domain/backup-job.ts';
import { jobFits, type JobFilter } from '../domain/filters.ts';
import type { SourceReading } from './aggregate.ts';
import type { OperationContext, ReadChoice } from './context.ts';
import type { Assessment } from './report-material.ts';

/** The jobs of a source that a filter leaves. When it names verdicts, what became of the source tells of its history as well. */
export async function selectedJobs(
  context: OperationContext,
  sourceKey: string,
  filter: JobFilter,
  choice: ReadChoice,
): Promise<SourceReading<BackupJob>> {
  const loaders = context.loaders(choice);
  if (filter.rpo === undefined) {
    const reading = await loaders.jobsOfSource.load(sourceKey);
    return { ...reading, rows: reading.rows.filter((job) => jobFits(job, filter, noVerdict)) };
  }
  const { reading, assessment } = await loaders.assessment.load(sourceKey);
  const jobs = reading.rows.flatMap(({ jobs: all }) => all);
  return { ...reading, rows: jobs.filter(jobTest(filter, assessment)) };
}

/** Whether a filter leaves a job of this source. @throws why its history could not be read, when the filter names verdicts. */
export async function jobTestOf(
  context: OperationContext,
  sourceKey: string,
  filter: JobFilter,
  choice: ReadChoice,
): Promise<(job: BackupJob) => boolean> {
  if (filter.rpo === undefined) return (job) => jobFits(job, filter, noVerdict);
  const { reading, assessment } = await context.loaders(choice).assessment.load(sourceKey);
  if (reading.failure !== undefined) throw reading.failure;
  return jobTest(filter, assessment);
}

/** Whether a filter leaves a job of the source that was assessed. */
export function jobTest(filter: JobFilter, assessment: Assessment): (job: BackupJob) => boolean {
  return (job) => jobFits(job, filter, (objectNativeId) => assessment.rpo(objectNativeId).verdict);
}

function noVerdict(): never {
  throw new Error('a filter that names no verdict asked for one');
}
