import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { UpcomingRun } from '../../domain/forecast.ts';
import type { ScheduleConflict } from '../../domain/schedule-conflicts.ts';
import type { BackupJob } from '../../domain/backup-job.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { checkPageSize } from '../connection.ts';
import type { OperationContext } from '../context.ts';
import { readChoice } from '../read-options.input.ts';
import { UpcomingRunType } from '../schedule/schedule.type.ts';
import { ConflictArgs, DEFAULT_FIRST, ForecastArgs, ScheduleConflictsArgs, UpcomingRunsArgs } from './forecast.args.ts';
import { clockWarningsOf, conflictsOf, readForecast, runsOf, swallowedOf } from './forecast.ts';
import {
  ClockWarningType,
  ForecastType,
  ScheduleConflictType,
  SwallowedRunType,
  type Forecast,
  type JobClockWarning,
  type SwallowedRun,
} from './forecast.type.ts';

@Resolver(() => ForecastType)
export class ForecastResolver {
  @Query(() => ForecastType, {
    description:
      "What is to come over all sources: runs, runs that get into each other's way, runs that a window will swallow. A source that fails is missing, and `complete` is false.",
  })
  forecast(@Args(() => ForecastArgs) args: ForecastArgs, @Ctx() context: OperationContext): Promise<Forecast> {
    return readForecast(context, args, args.filter, readChoice(args.read));
  }

  @Query(() => [UpcomingRunType], {
    description:
      'The coming runs over all sources, in order. Says nothing of sources that could not be read: `forecast` does.',
  })
  async upcomingRuns(
    @Args(() => UpcomingRunsArgs) args: UpcomingRunsArgs,
    @Ctx() context: OperationContext,
  ): Promise<UpcomingRun[]> {
    const first = checkPageSize(args.first ?? DEFAULT_FIRST);
    return runsOf(await readForecast(context, args, args.filter, {}), first);
  }

  @Query(() => [ScheduleConflictType], {
    description:
      'Coming runs that will be at work at the same time and share a label. Says nothing of sources that could not be read: `forecast` does.',
  })
  async scheduleConflicts(
    @Args(() => ScheduleConflictsArgs) args: ScheduleConflictsArgs,
    @Ctx() context: OperationContext,
  ): Promise<ScheduleConflict[]> {
    return conflictsOf(await readForecast(context, args, undefined, {}), context, args);
  }

  @FieldResolver(() => [UpcomingRunType], { description: 'The coming runs, in order.' })
  runs(
    @Root() forecast: Forecast,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_FIRST, description: 'How many, 0 to 500.' })
    first: number | null,
  ): UpcomingRun[] {
    return runsOf(forecast, checkPageSize(first ?? DEFAULT_FIRST));
  }

  @FieldResolver(() => [ScheduleConflictType], {
    description: 'Runs that will be at work at the same time and share a label, the earliest 500.',
  })
  conflicts(
    @Root() forecast: Forecast,
    @Args(() => ConflictArgs) args: ConflictArgs,
    @Ctx() context: OperationContext,
  ): ScheduleConflict[] {
    return conflictsOf(forecast, context, args);
  }

  @FieldResolver(() => [SwallowedRunType], {
    description: 'Runs that their backup windows will not let happen, or not to their end, the earliest 500.',
  })
  swallowed(@Root() forecast: Forecast): SwallowedRun[] {
    return swallowedOf(forecast);
  }

  @FieldResolver(() => [ClockWarningType], {
    description: 'Runs that are due while the clock is moved for summer time, the earliest 500.',
  })
  clockWarnings(@Root() forecast: Forecast): JobClockWarning[] {
    return clockWarningsOf(forecast);
  }
}

@Resolver(() => ClockWarningType)
export class ClockWarningResolver {
  @FieldResolver(() => BackupJobType, { description: 'The job that is due.' })
  job(@Root() { job }: JobClockWarning): BackupJob {
    return job;
  }
}
