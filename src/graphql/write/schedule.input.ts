import { Field, ID, InputType, Int } from 'type-graphql';
import type { VCenterDay, VeeamDay, VeeamPeriod } from '../../domain/write-request.ts';
import { VCenterDayEnum, VeeamDayEnum, VeeamPeriodEnum } from '../enums.ts';
import { DateTimeScalar, DurationScalar, TimeZoneScalar } from '../scalars.ts';
import { DRY_RUN_TEXT, KEY_TEXT, WAIT_TEXT } from './job-action.input.ts';

@InputType('VeeamDailyInput', { description: 'Once on each of these days.' })
export class VeeamDailyInput {
  @Field(() => VeeamDayEnum, { description: 'On which days.' })
  readonly day!: VeeamDay;

  @Field(() => String, { description: 'Time of day on the clock of the server, as `HH:MM` or `HH:MM:SS`.' })
  readonly time!: string;
}

@InputType('WindowIntervalInput', { description: 'A stretch of allowed hours.' })
export class WindowIntervalInput {
  @Field(() => VeeamDayEnum, { description: 'On which days it begins.' })
  readonly day!: VeeamDay;

  @Field(() => Int, { description: 'First allowed hour, 0 to 23.' })
  readonly fromHour!: number;

  @Field(() => Int, {
    description: 'The hour at which it ends, 1 to 24. One that is not behind `fromHour` lies on the next day.',
  })
  readonly toHour!: number;
}

@InputType('BackupWindowInput', {
  description: 'The hours of a week in which runs may happen: exactly one of `hours` and `intervals`.',
})
export class BackupWindowInput {
  @Field(() => [Boolean], { nullable: true, description: '168 hours, Sunday 00:00 first; true is allowed.' })
  readonly hours?: readonly boolean[] | null;

  @Field(() => [WindowIntervalInput], { nullable: true, description: 'The allowed stretches.' })
  readonly intervals?: readonly WindowIntervalInput[] | null;

  @Field(() => Int, { description: "Minutes by which the grid is ahead of UTC, as the vendor's `minuteOffset`." })
  readonly utcOffsetMinutes!: number;
}

@InputType('RetryPolicyInput', { description: 'What the vendor is to do after a failure.' })
export class RetryPolicyInput {
  @Field(() => Int, { description: 'How many times it tries again, 1 to 777.' })
  readonly attempts!: number;

  @Field(() => Int, { description: 'Minutes between the tries, 1 to 999.' })
  readonly intervalMinutes!: number;
}

@InputType('VeeamScheduleInput', {
  description: 'A schedule of Veeam: `daily` or `periodically`, not both. What is left out stays as it is.',
})
export class VeeamScheduleInput {
  @Field(() => VeeamDailyInput, { nullable: true, description: 'At a time of day.' })
  readonly daily?: VeeamDailyInput | null;

  @Field(() => VeeamPeriodEnum, { nullable: true, description: 'Again and again.' })
  readonly periodically?: VeeamPeriod | null;

  @Field(() => BackupWindowInput, { nullable: true, description: 'When runs may happen at all.' })
  readonly window?: BackupWindowInput | null;

  @Field(() => RetryPolicyInput, { nullable: true, description: 'What happens after a failure.' })
  readonly retry?: RetryPolicyInput | null;
}

@InputType('VCenterScheduleInput', { description: 'A schedule of vCenter. What is left out stays as it is.' })
export class VCenterScheduleInput {
  @Field(() => Boolean, { nullable: true, description: 'Whether the appliance runs by it.' })
  readonly enabled?: boolean | null;

  @Field(() => [VCenterDayEnum], { nullable: true, description: 'On which days; an empty list means every day.' })
  readonly days?: readonly VCenterDay[] | null;

  @Field(() => Int, { nullable: true, description: 'Hour on the clock of the appliance, 0 to 23.' })
  readonly hour?: number | null;

  @Field(() => Int, { nullable: true, description: 'Minute, 0 to 59.' })
  readonly minute?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many backups are kept.' })
  readonly keep?: number | null;
}

@InputType('SailPointScheduleInput', {
  description: 'When a scheduled action of SailPoint begins. What is left out stays as it is.',
})
export class SailPointScheduleInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'The first start.' })
  readonly startAt?: Date | null;

  @Field(() => String, { nullable: true, description: "Repetition, in the vendor's own cron dialect." })
  readonly cron?: string | null;

  @Field(() => TimeZoneScalar, { nullable: true, description: 'Zone of the repetition.' })
  readonly timeZone?: string | null;
}

@InputType('ScheduleInput', { description: 'How a schedule is to be: exactly one section, that of the vendor.' })
export class ScheduleInput {
  @Field(() => VeeamScheduleInput, { nullable: true, description: 'For Veeam Backup for Microsoft 365.' })
  readonly veeam?: VeeamScheduleInput | null;

  @Field(() => VCenterScheduleInput, { nullable: true, description: 'For vCenter.' })
  readonly vcenter?: VCenterScheduleInput | null;

  @Field(() => SailPointScheduleInput, { nullable: true, description: 'For SailPoint.' })
  readonly sailpoint?: SailPointScheduleInput | null;
}

@InputType('UpdateScheduleInput', { description: 'A schedule that is to be changed.' })
export class UpdateScheduleInput {
  @Field(() => ID, { description: 'Global id of the job.' })
  readonly job!: string;

  @Field(() => ScheduleInput, { description: 'How it is to be.' })
  readonly schedule!: ScheduleInput;

  @Field(() => String, { description: KEY_TEXT })
  readonly idempotencyKey!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "The job's `observedAt` when its schedule was read: the change is refused when the schedule is not known to be the same still.",
  })
  readonly ifUnchangedSince?: Date | null;

  @Field(() => DurationScalar, { nullable: true, description: WAIT_TEXT })
  readonly wait?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: DRY_RUN_TEXT })
  readonly dryRun?: boolean | null;
}
