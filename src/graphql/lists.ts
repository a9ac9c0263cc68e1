import type { BackupJob } from '../domain/backup-job.ts';
import type { BackupRun } from '../domain/backup-run.ts';
import { objectFits, runFits, type RunFilter } from '../domain/filters.ts';
import { jobOrder, objectOrder, runOrder } from '../domain/orders.ts';
import type { ProtectedObject } from '../domain/protected-object.ts';
import { readSource, type SourceReading } from './aggregate.ts';
import { jobFilter, type BackupJobFilterInput, type BackupJobOrderInput } from './backup-job/backup-job.input.ts';
import { runFilter, type BackupRunFilterInput, type BackupRunOrderInput } from './backup-run/backup-run.input.ts';
import { checkPage, connect, type Connection, type PageArguments } from './connection.ts';
import type { GatewaySource, OperationContext, ReadChoice } from './context.ts';
import { selectedJobs } from './job-selection.ts';
import { objectFilter, type ProtectedObjectFilterInput } from './protected-object/protected-object.input.ts';

/** The lists over sources. `within` narrows a list to one source; the filter narrows it further. */
interface ListArguments<Filter> extends PageArguments {
  readonly filter?: Filter | undefined;
  readonly choice: ReadChoice;
  readonly within?: GatewaySource | undefined;
}

export async function listJobs(
  context: OperationContext,
  args: ListArguments<BackupJobFilterInput> & { readonly orderBy?: BackupJobOrderInput | undefined },
): Promise<Connection<BackupJob>> {
  const filter = jobFilter(args.filter, context);
  const { field, direction } = args.orderBy ?? { field: 'NAME', direction: 'ASC' };
  const list = ['jobs', args.within?.key, filter, field, direction];
  checkPage(args, list);
  const readings = await Promise.all(
    chosen(context.select(filter), args.within).map(({ key }) => selectedJobs(context, key, filter, args.choice)),
  );
  return connect(readings, () => true, jobOrder(field, direction), list, args);
}

export async function listRuns(
  context: OperationContext,
  args: ListArguments<BackupRunFilterInput> & { readonly orderBy?: BackupRunOrderInput | undefined },
): Promise<Connection<BackupRun>> {
  const filter = runFilter(args.filter, context);
  const { field, direction } = args.orderBy ?? { field: 'STARTED_AT', direction: 'DESC' };
  const list = ['runs', args.within?.key, filter, field, direction];
  checkPage(args, list);
  const { startedAfter, startedBefore } = filter;
  const readings = await Promise.all(
    chosen(context.select(filter), args.within)
      .filter(({ key }) => filter.jobs?.some(({ sourceKey }) => sourceKey === key) ?? true)
      .map((source) =>
        filter.includeHistory
          ? readWithHistory(context, source, filter, args.choice)
          : readSource(context, source, args.choice, (reader, call) =>
              reader.listRuns({ startedAfter, startedBefore }, call),
            ),
      ),
  );
  return connect(readings, (run) => runFits(run, filter), runOrder(field, direction), list, args);
}

/** All that the vendor tells, whatever the filter: what is missing in a list that was narrowed may be there all the same. */
async function readWithHistory(
  context: OperationContext,
  source: GatewaySource,
  { startedAfter: from, startedBefore: to }: RunFilter,
  choice: ReadChoice,
): Promise<SourceReading<BackupRun>> {
  return readSource(context, source, choice, async (reader, call) => {
    const { rows, problems } = await reader.listRuns({}, call);
    const kept = (await source.history?.runs({ from, to, told: rows })) ?? [];
    return { rows: [...rows, ...kept], problems };
  });
}

/** Runs of one job: the same page as a list over its source, but read for all jobs of the operation together. */
export async function listRunsOfJob(
  context: OperationContext,
  job: BackupJob,
  args: ListArguments<BackupRunFilterInput>,
): Promise<Connection<BackupRun>> {
  const filter = runFilter(args.filter, context);
  const list = ['runsOfJob', job.sourceKey, job.nativeId, filter];
  checkPage(args, list);
  const loaders = context.loaders(args.choice);
  const reading = await readSource(context, context.source(job.sourceKey, 'id'), args.choice, async () => {
    const { rows, problems } = (await loaders.runsOfJob.load(job)) ?? { rows: [], problems: [] };
    return {
      rows: filter.includeHistory ? [...rows, ...(await keptOfJob(context, job, rows, filter))] : rows,
      problems,
    };
  });
  return connect([reading], (run) => runFits(run, filter), runOrder('STARTED_AT', 'DESC'), list, args);
}

async function keptOfJob(
  context: OperationContext,
  { sourceKey, nativeId }: BackupJob,
  told: readonly BackupRun[],
  { startedAfter: from, startedBefore: to }: RunFilter,
): Promise<readonly BackupRun[]> {
  const kept = (await context.source(sourceKey, 'id').history?.runs({ from, to, told })) ?? [];
  return kept.filter(({ jobNativeId }) => jobNativeId === nativeId);
}

export async function listObjects(
  context: OperationContext,
  args: ListArguments<ProtectedObjectFilterInput>,
): Promise<Connection<ProtectedObject>> {
  const filter = objectFilter(args.filter, context);
  const verdicts = args.filter?.rpo ?? undefined;
  const list = ['objects', filter, verdicts];
  checkPage(args, list);
  const sources = context.select(filter);
  const read = (source: GatewaySource): Promise<SourceReading<ProtectedObject>> =>
    readSource(context, source, args.choice, (reader, call) => reader.listProtectedObjects(call));
  if (verdicts === undefined) {
    const readings = await Promise.all(sources.map(read));
    return connect(readings, (object) => objectFits(object, filter), objectOrder, list, args);
  }
  // A verdict takes the history; an object of a source that cannot be read is in no list, and the source says why.
  const { assessment } = context.loaders(args.choice);
  const assessed = await Promise.all(sources.map(({ key }) => assessment.load(key)));
  const readings = assessed.map(({ reading, assessment: known }) => ({
    ...reading,
    rows: reading.rows.flatMap(({ objects }) =>
      objects.filter(({ nativeId }) => verdicts.includes(known.rpo(nativeId).verdict)),
    ),
  }));
  return connect(readings, (object) => objectFits(object, filter), objectOrder, list, args);
}

/** Jobs that protect one object. */
export async function listJobsOfObject(
  context: OperationContext,
  object: ProtectedObject,
  args: PageArguments,
): Promise<Connection<BackupJob>> {
  const list = ['jobsOfObject', object.sourceKey, object.nativeId];
  checkPage(args, list);
  const reading = await context.loadersOf(object).jobsOfSource.load(object.sourceKey);
  return connect([reading], (job) => job.protects?.nativeId === object.nativeId, jobOrder('NAME', 'ASC'), list, args);
}

function chosen(sources: readonly GatewaySource[], within: GatewaySource | undefined): readonly GatewaySource[] {
  return within === undefined ? sources : sources.filter(({ key }) => key === within.key);
}
