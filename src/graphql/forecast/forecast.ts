import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { clockWarnings } from '../../domain/clock-warnings.ts';
import { formatIsoDuration } from '../../domain/duration.ts';
import { GatewayError } from '../../domain/errors.ts';
import {
  areEnough,
  expectedDurationSeconds,
  mergeUpcoming,
  upcomingOfAll,
  type ForecastJob,
  type UpcomingRun,
} from '../../domain/forecast.ts';
import { scheduleConflicts, type ScheduleConflict } from '../../domain/schedule-conflicts.ts';
import type { Period } from '../../domain/status-report.ts';
import { DAY_MS } from '../../domain/time-units.ts';
import { swallowedRuns } from '../../domain/window-compliance.ts';
import { readSource } from '../aggregate.ts';
import { jobFilter, type BackupJobFilterInput } from '../backup-job/backup-job.input.ts';
import type { GatewaySource, OperationContext, ReadChoice } from '../context.ts';
import { jobTestOf } from '../job-selection.ts';
import { milliseconds } from '../read-options.input.ts';
import { MAX_DAYS } from './forecast.args.ts';
import type { Forecast, JobClockWarning, SwallowedRun } from './forecast.type.ts';

/** So many conflicts, swallowed runs or warnings are told of at most, and so many runs are looked at for them. */
const MOST = 500;
const MOST_RUNS = 50_000;
/** How far back kept runs tell how long a job takes. */
const MEASURED_DAYS = 30;

/** Reads what a forecast is worked out from: the jobs, and how long their runs take. @throws INVALID_INPUT naming the argument. */
export async function readForecast(
  context: OperationContext,
  stretch: { readonly from?: Date | null | undefined; readonly to?: Date | null | undefined },
  filterInput: BackupJobFilterInput | undefined,
  choice: ReadChoice,
): Promise<Forecast> {
  const from = stretch.from ?? context.startedAt;
  const period = { from, to: stretch.to ?? new Date(from.getTime() + DAY_MS) };
  if (lengthOf(period) <= 0 || lengthOf(period) > MAX_DAYS * DAY_MS) {
    const message = `Argument "to" is to be later than the beginning, and at most ${MAX_DAYS} days.`;
    throw new GatewayError('INVALID_INPUT', message, { argument: 'to' });
  }
  const filter = jobFilter(filterInput, context);
  const readings = await Promise.all(
    context.select(filter).map((source) =>
      readSource<ForecastJob>(context, source, choice, async (reader, call) => {
        const jobs = await reader.listJobs(call);
        const fits = await jobTestOf(context, source.key, filter, choice);
        const wanted = jobs.rows.filter((job) => job.schedule !== undefined && fits(job));
        const runs = await reader.readRunsOfJobs(
          wanted.map(({ nativeId }) => nativeId),
          {},
          call,
        );
        context.remember(wanted, choice);
        const problems = [...jobs.problems];
        const told = wanted.map((job) => {
          const history = runs.get(job.nativeId);
          if (history instanceof GatewayError) problems.push(history);
          return { job, known: history === undefined || history instanceof GatewayError ? [] : history.rows };
        });
        const kept = await keptByJob(source, told, context.startedAt);
        const rows = told.map(({ job, known }) => {
          const expectedSeconds = expectedDurationSeconds([...known, ...(kept.get(job.nativeId) ?? [])]);
          return { job, expectedSeconds };
        });
        return { rows, problems };
      }),
    ),
  );
  const sources = readings.map((reading) => reading.result(reading.rows.length));
  return {
    period,
    complete: sources.length > 0 && sources.every(({ outcome }) => outcome === 'OK'),
    sources,
    jobs: readings.flatMap(({ rows }) => rows),
  };
}

/** Runs that only the gateway still knows, where the vendor tells too few to say how long a job takes. */
async function keptByJob(
  { history }: GatewaySource,
  told: readonly { readonly job: BackupJob; readonly known: readonly BackupRun[] }[],
  now: Date,
): Promise<ReadonlyMap<string | undefined, readonly BackupRun[]>> {
  if (history === undefined || told.every(({ known }) => areEnough(known))) return new Map();
  const from = new Date(now.getTime() - MEASURED_DAYS * DAY_MS);
  const kept = await history.runs({ from, told: told.flatMap(({ known }) => known) });
  return Map.groupBy(kept, ({ jobNativeId }) => jobNativeId);
}

export function runsOf({ jobs, period }: Forecast, first: number): UpcomingRun[] {
  return mergeUpcoming(jobs, { ...period, first });
}

export function conflictsOf(
  { jobs, period }: Forecast,
  context: OperationContext,
  args: { readonly sharedLabelName?: string | null | undefined; readonly minimum?: string | null | undefined },
): ScheduleConflict[] {
  const minimumMs = milliseconds(args.minimum, 'minimum') ?? 0;
  const runs = upcomingOfAll(jobs, period).take(MOST_RUNS);
  const found = scheduleConflicts(runs, {
    labelsOf: (job) => context.source(job.sourceKey, 'id').labels,
    sharedLabelName: args.sharedLabelName ?? undefined,
    first: MOST_RUNS,
  });
  return found.filter(({ overlap }) => lengthOf(overlap) >= minimumMs).slice(0, MOST);
}

function lengthOf({ from, to }: Period): number {
  return to.getTime() - from.getTime();
}

export function swallowedOf({ jobs, period }: Forecast): SwallowedRun[] {
  const coming = upcomingOfAll(jobs, period).take(MOST_RUNS);
  const windowed = coming.map((run) => ({ ...run, window: run.job.schedule?.window }));
  return [...swallowedRuns(windowed).take(MOST)].map(({ run, swallow }) => {
    const { reason, opensAt, closesAt, missingSeconds } = swallow;
    const missing = missingSeconds === undefined ? undefined : formatIsoDuration(missingSeconds);
    return { run, reason, opensAt, closesAt, missing };
  });
}

export function clockWarningsOf({ jobs, period }: Forecast): JobClockWarning[] {
  return jobs
    .flatMap(({ job }) =>
      job.schedule === undefined || job.enabled === false
        ? []
        : clockWarnings(job.schedule, period).map((warning) => ({ ...warning, job })),
    )
    .toSorted((a, b) => a.expectedAt.getTime() - b.expectedAt.getTime())
    .slice(0, MOST);
}
