import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { formatIsoDuration } from '../../domain/duration.ts';
import { expectedDurationSeconds } from '../../domain/forecast.ts';
import { summarise, toCron, toRrule } from '../../domain/schedule-text.ts';
import { agreesWithVendor, upcomingInstants } from '../../domain/upcoming.ts';
import { checkPageSize } from '../connection.ts';
import type { OperationContext } from '../context.ts';
import { DateTimeScalar, DurationScalar, TimeZoneScalar } from '../scalars.ts';
import { ScheduleType, UpcomingRunType, type ScheduleView, type UpcomingRunView } from './schedule.type.ts';

const DEFAULT_UPCOMING = 5;
const MAX_UPCOMING = 100;

@Resolver(() => ScheduleType)
export class ScheduleResolver {
  @FieldResolver(() => String, { description: 'The schedule for people, in English.' })
  summary(@Root() schedule: ScheduleView): string {
    return summarise(schedule);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Recurrence rule (RFC 5545); null when it cannot be said that way.',
  })
  rrule(@Root() schedule: ScheduleView): string | undefined {
    return toRrule(schedule);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Five-field cron; null when it cannot be said that way.',
  })
  cron(@Root() schedule: ScheduleView): string | undefined {
    return toCron(schedule);
  }

  @FieldResolver(() => TimeZoneScalar, {
    nullable: true,
    description:
      'Zone that the rule is read in; null when there is a fixed offset, or when neither vendor nor operator told.',
  })
  timeZone(@Root() { zone }: ScheduleView): string | undefined {
    return zone !== undefined && 'timeZone' in zone ? zone.timeZone : undefined;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Fixed offset that the rule is read in, in minutes ahead of UTC; null when there is a zone or none is known.',
  })
  utcOffsetMinutes(@Root() { zone }: ScheduleView): number | undefined {
    return zone !== undefined && 'utcOffsetMinutes' in zone ? zone.utcOffsetMinutes : undefined;
  }

  @FieldResolver(() => [UpcomingRunType], {
    description:
      "The next runs: the vendor's announced one first when it has one, then those worked out. Empty when nothing can be said, such as without a known zone.",
  })
  upcoming(
    @Root() schedule: ScheduleView,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_UPCOMING,
      description: `How many, up to ${MAX_UPCOMING}.`,
    })
    first: number | null,
    @Arg('after', () => DateTimeScalar, { nullable: true, description: 'After this instant; now when left out.' })
    after: Date | undefined,
    @Ctx() context: OperationContext,
  ): UpcomingRunView[] {
    const count = checkPageSize(first ?? DEFAULT_UPCOMING, 'first', MAX_UPCOMING);
    const { job } = schedule;
    return upcomingInstants(schedule, job.nextRunAt, after ?? context.startedAt, count).map((upcoming) => ({
      job,
      ...upcoming,
    }));
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      "False when the vendor's announced next run does not follow from its own schedule; null when either is unknown.",
  })
  agreesWithVendor(@Root() schedule: ScheduleView, @Ctx() context: OperationContext): boolean | undefined {
    return agreesWithVendor(schedule, schedule.job.nextRunAt, context.startedAt);
  }
}

@Resolver(() => UpcomingRunType)
export class UpcomingRunResolver {
  @FieldResolver(() => DurationScalar, {
    nullable: true,
    description: "How long it takes as a rule: the median of the job's newest good runs. Null without history.",
  })
  async expectedDuration(@Root() run: UpcomingRunView, @Ctx() context: OperationContext): Promise<string | undefined> {
    const seconds =
      'expectedSeconds' in run
        ? run.expectedSeconds
        : expectedDurationSeconds((await context.loadersOf(run.job).runsOfJob.load(run.job))?.rows ?? []);
    return seconds === undefined ? undefined : formatIsoDuration(seconds);
  }
}
