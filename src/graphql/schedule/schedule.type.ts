import { Field, Int, ObjectType } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupWindow } from '../../domain/backup-window.ts';
import type { RetryPolicy, Schedule } from '../../domain/schedule.ts';
import type { UpcomingBasis, UpcomingInstant } from '../../domain/upcoming.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { BackupWindowType } from '../backup-window/backup-window.type.ts';
import { UpcomingBasisEnum } from '../enums.ts';
import { DateTimeScalar } from '../scalars.ts';

/** A schedule together with its job, which the computed fields need. */
export type ScheduleView = Schedule & { readonly job: BackupJob };

@ObjectType('RetryPolicy', { description: 'What the vendor does after a failure.' })
export class RetryPolicyType implements RetryPolicy {
  @Field(() => Boolean, { description: 'Whether it tries again.' })
  readonly enabled!: boolean;

  @Field(() => Int, { nullable: true, description: 'How many times; null when the vendor does not tell.' })
  readonly attempts!: number | undefined;

  @Field(() => Int, { nullable: true, description: 'Minutes between the tries; null when the vendor does not tell.' })
  readonly intervalMinutes!: number | undefined;
}

/** A coming run; how long it takes may have been worked out with it. */
export type UpcomingRunView = UpcomingInstant & {
  readonly job: BackupJob;
  readonly expectedSeconds?: number | undefined;
};

@ObjectType('UpcomingRun', { description: 'A run that is expected.' })
export class UpcomingRunType implements Omit<UpcomingRunView, 'expectedSeconds'> {
  @Field(() => BackupJobType, { description: 'The job that will run.' })
  readonly job!: BackupJob;

  @Field(() => DateTimeScalar, { description: 'When it is due.' })
  readonly at!: Date;

  @Field(() => UpcomingBasisEnum, { description: 'How that is known.' })
  readonly basis!: UpcomingBasis;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the job's window is open then; null without a window.",
  })
  readonly insideWindow!: boolean | undefined;
}

@ObjectType('Schedule', {
  description: "When a job is due. The vendor's wall clock is read in `timeZone` or `utcOffsetMinutes`.",
})
export class ScheduleType implements Omit<Schedule, 'recurrence' | 'zone' | 'startsAt'> {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the vendor starts runs by it; null when the vendor has no such switch.',
  })
  readonly enabled!: boolean | undefined;

  @Field(() => RetryPolicyType, {
    nullable: true,
    description: 'What happens after a failure; null when the vendor has no such setting.',
  })
  readonly retry!: RetryPolicy | undefined;

  @Field(() => BackupWindowType, {
    nullable: true,
    description: 'The hours in which runs may happen; null when the vendor has none for this job.',
  })
  readonly window!: BackupWindow | undefined;
}
