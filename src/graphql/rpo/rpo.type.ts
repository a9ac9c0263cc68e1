import { Field, Int, ObjectType } from 'type-graphql';
import { formatIsoDuration } from '../../domain/duration.ts';
import type { MissedRuns } from '../../domain/missed-runs.ts';
import type { RpoReason, RpoStatus, RpoTotals, RpoVerdict } from '../../domain/rpo.ts';
import { SECOND_MS } from '../../domain/time-units.ts';
import { RpoReasonEnum, RpoVerdictEnum } from '../enums.ts';
import { DateTimeScalar, DurationScalar } from '../scalars.ts';

@ObjectType('RpoStatus', { description: 'How an object stands to its recovery point objective, over all its jobs.' })
export class RpoStatusType {
  @Field(() => RpoVerdictEnum, { description: 'The verdict.' })
  readonly verdict!: RpoVerdict;

  @Field(() => RpoReasonEnum, { description: 'Why the verdict is what it is.' })
  readonly reason!: RpoReason;

  @Field(() => DurationScalar, {
    nullable: true,
    description: 'The longest time without a good copy; null when none is configured and none follows from a schedule.',
  })
  readonly target!: string | undefined;

  @Field(() => Boolean, {
    description: 'True when the target follows from the longest gap of the schedules, with some grace.',
  })
  readonly derived!: boolean;

  @Field(() => DurationScalar, {
    nullable: true,
    description:
      'Age of the newest good copy, from when it was begun; null when there is none, or when a fresher one may be unseen.',
  })
  readonly achieved!: string | undefined;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it will break, or broke; null where that is not known.',
  })
  readonly dueBy!: Date | undefined;
}

@ObjectType('RpoTotals', { description: 'How many protected objects stand how to their objectives.' })
export class RpoTotalsType implements RpoTotals {
  @Field(() => Int, { description: 'Objects whose newest copy is young enough.' })
  readonly met!: number;

  @Field(() => Int, { description: 'Objects that will break soon.' })
  readonly atRisk!: number;

  @Field(() => Int, { description: 'Objects whose newest copy is too old.' })
  readonly breached!: number;

  @Field(() => Int, { description: 'Objects without any good copy.' })
  readonly neverProtected!: number;

  @Field(() => Int, { description: 'Objects of which it cannot be told.' })
  readonly unknown!: number;
}

@ObjectType('MissedRun', { description: 'A due instant at which nothing began.' })
export class MissedRunType {
  @Field(() => DateTimeScalar, { description: 'When a run was due.' })
  readonly dueAt!: Date;

  @Field(() => DurationScalar, { description: 'Nothing began from so long before to so long after.' })
  readonly tolerance!: string;
}

@ObjectType('MissedRuns', {
  description: 'Due instants at which nothing began, worked out from schedule and history.',
})
export class MissedRunsType {
  @Field(() => Int, { description: 'How many due instants could be judged.' })
  readonly judged!: number;

  @Field(() => [MissedRunType], { description: 'Those that were missed, in order.' })
  readonly missed!: readonly MissedRunType[];
}

/** A verdict as an answer shows it. */
export function rpoView({ verdict, reason, targetMs, derived, achievedMs, dueBy }: RpoStatus): RpoStatusType {
  return { verdict, reason, target: durationText(targetMs), derived, achieved: durationText(achievedMs), dueBy };
}

export function missedView({ judged, missed }: MissedRuns): MissedRunsType {
  return {
    judged,
    missed: missed.map(({ dueAt, toleranceMs }) => ({ dueAt, tolerance: formatIsoDuration(toleranceMs / SECOND_MS) })),
  };
}

function durationText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatIsoDuration(ms / SECOND_MS);
}
