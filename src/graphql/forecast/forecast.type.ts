import { Field, Int, ObjectType } from 'type-graphql';
import type { ClockWarning, ClockWarningKind } from '../../domain/clock-warnings.ts';
import type { ForecastJob, UpcomingRun } from '../../domain/forecast.ts';
import type { Label } from '../../domain/source.ts';
import type { ScheduleConflict } from '../../domain/schedule-conflicts.ts';
import type { Period } from '../../domain/status-report.ts';
import type { SwallowReason } from '../../domain/window-compliance.ts';
import type { SourceResult } from '../aggregate.ts';
import { ClockWarningKindEnum, SwallowReasonEnum } from '../enums.ts';
import { DateTimeScalar, DurationScalar } from '../scalars.ts';
import { UpcomingRunType } from '../schedule/schedule.type.ts';
import { LabelType, SourceResultType } from '../source/source.type.ts';
import { PeriodType } from '../status-report/status-report.type.ts';

/** A forecast with the jobs that its lists are worked out from. */
export interface Forecast {
  readonly period: Period;
  readonly complete: boolean;
  readonly sources: readonly SourceResult[];
  readonly jobs: readonly ForecastJob[];
}

@ObjectType('ScheduleConflict', {
  description:
    'Coming runs of two or more jobs that will be at work at the same time and share a label, such as their storage.',
})
export class ScheduleConflictType implements ScheduleConflict {
  @Field(() => [UpcomingRunType], { description: 'All that are at work at some time of the overlap, in order.' })
  readonly runs!: readonly UpcomingRun[];

  @Field(() => PeriodType, { description: 'The unbroken stretch in which at least two are at work.' })
  readonly overlap!: Period;

  @Field(() => LabelType, { nullable: true, description: 'What they share.' })
  readonly sharedLabel!: Label;

  @Field(() => Boolean, {
    description: 'True when all durations are known from history; false when one is taken to be 15 minutes.',
  })
  readonly confident!: boolean;
}

/** A run that its window will swallow. */
export interface SwallowedRun {
  readonly run: UpcomingRun;
  readonly reason: SwallowReason;
  readonly opensAt: Date | undefined;
  readonly closesAt: Date | undefined;
  readonly missing: string | undefined;
}

@ObjectType('SwallowedRun', {
  description: 'A coming run that its backup window will not let happen, or not to its end.',
})
export class SwallowedRunType implements SwallowedRun {
  @Field(() => UpcomingRunType, { description: 'The run.' })
  readonly run!: UpcomingRun;

  @Field(() => SwallowReasonEnum, { description: 'Why it will be swallowed.' })
  readonly reason!: SwallowReason;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'STARTS_OUTSIDE: when the window opens next; null when it never does.',
  })
  readonly opensAt!: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'CUT_AT_CLOSING: when the window closes on the run.' })
  readonly closesAt!: Date | undefined;

  @Field(() => DurationScalar, {
    nullable: true,
    description: 'CUT_AT_CLOSING: how much of its expected duration is left then.',
  })
  readonly missing!: string | undefined;
}

/** A warning with the run that it is about. */
export type JobClockWarning = ClockWarning & { readonly job: UpcomingRun['job'] };

@ObjectType('ClockWarning', {
  description:
    'A run that is due while the clock is moved. No vendor tells what it does then, so somebody may want to look.',
})
export class ClockWarningType implements ClockWarning {
  @Field(() => ClockWarningKindEnum, { description: 'Whether the time is skipped or shown twice.' })
  readonly kind!: ClockWarningKind;

  @Field(() => DateTimeScalar, { description: 'When the clock is moved.' })
  readonly changeAt!: Date;

  @Field(() => Int, { description: 'How far, in minutes; ahead is positive.' })
  readonly shiftMinutes!: number;

  @Field(() => String, {
    description: 'The time on the clock that is skipped or shown twice, such as `2026-03-29 02:30`.',
  })
  readonly dueAt!: string;

  @Field(() => DateTimeScalar, { description: 'When the run is expected.' })
  readonly expectedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it may happen instead.' })
  readonly possiblyAt!: Date;

  @Field(() => Boolean, {
    description: 'True when it is pushed into another run of its schedule, so that one is expected instead of two.',
  })
  readonly meetsAnother!: boolean;

  @Field(() => String, { description: 'All of this in a sentence.' })
  readonly explanation!: string;
}

@ObjectType('Forecast', { description: 'What is to come in a stretch of time, over all sources.' })
export class ForecastType implements Omit<Forecast, 'jobs'> {
  @Field(() => PeriodType, { description: 'The stretch.' })
  readonly period!: Period;

  @Field(() => Boolean, { description: 'Whether every source that was asked is in it.' })
  readonly complete!: boolean;

  @Field(() => [SourceResultType], { description: 'What became of each source that was asked; `count` is its jobs.' })
  readonly sources!: readonly SourceResult[];
}
