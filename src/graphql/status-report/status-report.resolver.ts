import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import { jobFits, type JobFilter } from '../../domain/filters.ts';
import {
  reportEntries,
  reportOrder,
  runsWithin,
  totalsOf,
  type Period,
  type ReportMaterial,
  type StatusReportEntry,
} from '../../domain/status-report.ts';
import type { BackupSource } from '../../vendors/contract.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { readSource } from '../aggregate.ts';
import { jobFilter } from '../backup-job/backup-job.input.ts';
import { checkPage, connect } from '../connection.ts';
import type { OperationContext } from '../context.ts';
import { pageOf } from '../page.args.ts';
import { readChoice } from '../read-options.input.ts';
import { DEFAULT_ENTRIES, StatusReportArgs, StatusReportEntriesArgs, type PeriodInput } from './status-report.input.ts';
import { StatusReportEntryConnectionType, StatusReportType, type StatusReport } from './status-report.type.ts';

const DEFAULT_PERIOD_MS = 24 * 60 * 60_000;

@Resolver(() => StatusReportType)
export class StatusReportResolver {
  @Query(() => StatusReportType, {
    description:
      'How everything stands, over all sources. A source that fails is missing from the figures, and `complete` is false.',
  })
  async statusReport(
    @Args(() => StatusReportArgs) args: StatusReportArgs,
    @Ctx() context: OperationContext,
  ): Promise<StatusReport> {
    const filter = jobFilter(args.filter, context);
    const period = periodOf(args.period, context.startedAt);
    const choice = readChoice(args.read);
    const readings = await Promise.all(
      context.select(filter).map((source) =>
        readSource(context, source, choice, async (reader, call) => {
          const { material, problems } = await readMaterial(reader, call, filter);
          // A report is read below through the same options as its rows.
          context.remember([...material.objects, ...material.jobs, ...material.runs], choice);
          return { rows: [material], problems };
        }),
      ),
    );
    const sources = readings.map((reading) => reading.result(reading.rows[0]?.objects.length ?? 0));
    const answered = readings.flatMap(({ source, rows: [material] }) =>
      material === undefined ? [] : [{ source, runs: runsWithin(material.runs, period) }],
    );
    const fetched = sources.flatMap(({ fetchedAt }) => (fetchedAt === undefined ? [] : [fetchedAt.getTime()]));
    return {
      generatedAt: context.startedAt,
      asOf: fetched.length === 0 ? undefined : new Date(Math.min(...fetched)),
      complete: sources.length > 0 && sources.every(({ outcome }) => outcome === 'OK'),
      sources,
      period,
      totals: totalsOf(answered.flatMap(({ runs }) => runs)),
      bySource: answered.map(({ source, runs }) => ({ source, totals: totalsOf(runs) })),
      readings,
      question: [filter],
    };
  }

  @FieldResolver(() => StatusReportEntryConnectionType, {
    description: 'One entry for each protected object, worst first: how it stands now, whatever the period.',
  })
  entries(
    @Root() report: StatusReport,
    @Args(() => StatusReportEntriesArgs) args: StatusReportEntriesArgs,
  ): StatusReportEntryConnectionType {
    const { field, direction } = args.orderBy ?? { field: 'SEVERITY', direction: 'ASC' };
    const list = ['entries', ...report.question, field, direction];
    const page = pageOf(args, DEFAULT_ENTRIES);
    checkPage(page, list);
    const readings = report.readings.map((reading) => ({ ...reading, rows: reading.rows.flatMap(reportEntries) }));
    return connect<StatusReportEntry>(readings, () => true, reportOrder(field, direction), list, page);
  }
}

function periodOf(input: PeriodInput | undefined, now: Date): Period {
  const to = input?.to ?? now;
  const from = input?.from ?? new Date(to.getTime() - DEFAULT_PERIOD_MS);
  if (from < to) return { from, to };
  throw new GatewayError('INVALID_INPUT', 'Argument "period" does not end after it begins.', { argument: 'period' });
}

async function readMaterial(
  reader: BackupSource,
  call: ReadCall,
  filter: JobFilter,
): Promise<{ material: ReportMaterial; problems: readonly GatewayError[] }> {
  const [objects, jobs, runs] = await Promise.all([
    reader.listProtectedObjects(call),
    reader.listJobs(call),
    reader.listRuns({}, call),
  ]);
  const problems = [
    ...new Map(
      [...objects.problems, ...jobs.problems, ...runs.problems].map((problem) => [problem.message, problem]),
    ).values(),
  ];
  const wantedJobs = jobs.rows.filter((job) => jobFits(job, filter));
  if (!narrowsJobs(filter)) return { material: { objects: objects.rows, jobs: wantedJobs, runs: runs.rows }, problems };
  const jobIds = new Set(wantedJobs.map(({ nativeId }) => nativeId));
  const objectIds = new Set(wantedJobs.map(({ protects }) => protects?.nativeId));
  return {
    material: {
      objects: objects.rows.filter(({ nativeId }) => objectIds.has(nativeId)),
      jobs: wantedJobs,
      runs: runs.rows.filter(({ jobNativeId }) => jobNativeId !== undefined && jobIds.has(jobNativeId)),
    },
    problems,
  };
}

function narrowsJobs({ kinds, statuses, enabled, search }: JobFilter): boolean {
  return [kinds, statuses, enabled, search].some((condition) => condition !== undefined);
}
