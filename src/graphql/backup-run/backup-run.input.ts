import { Field, ID, InputType } from 'type-graphql';
import type { RunConditionKind } from '../../domain/backup-run.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import type { RunFilter } from '../../domain/filters.ts';
import type { BackupRunOrderField, OrderDirection } from '../../domain/orders.ts';
import type { OperationContext } from '../context.ts';
import { BackupRunOrderFieldEnum, BackupStatusEnum, OrderDirectionEnum, RunConditionKindEnum } from '../enums.ts';
import { refOf, sourceFilter } from '../filters.ts';
import { DateTimeScalar } from '../scalars.ts';
import { SourceFilterInput } from '../source/source.input.ts';

@InputType('BackupRunFilter', {
  description: 'Which runs are wanted; every condition that is given must hold, and an empty list holds for nothing.',
})
export class BackupRunFilterInput extends SourceFilterInput {
  @Field(() => [ID], {
    nullable: true,
    description: 'Only runs of these jobs (global ids); sources without any of them are not asked.',
  })
  readonly jobs?: readonly string[];

  @Field(() => [BackupStatusEnum], { nullable: true, description: 'Only runs in one of these states.' })
  readonly statuses?: readonly BackupStatus[];

  @Field(() => [RunConditionKindEnum], { nullable: true, description: 'Only runs with one of these conditions.' })
  readonly conditions?: readonly RunConditionKind[];

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only runs that began at or after this instant.' })
  readonly startedAfter?: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only runs that began before this instant.' })
  readonly startedBefore?: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Only runs whose id, requester or messages (where they come with the run) contain this text, without case.',
  })
  readonly search?: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Also runs that their vendor does not tell any more and the gateway has kept; they have `fromHistory: true`. Subscriptions tell of none. A source that cannot be read gives none.',
  })
  readonly includeHistory?: boolean | null;
}

@InputType('BackupRunOrder', { description: 'How runs are ordered.' })
export class BackupRunOrderInput {
  @Field(() => BackupRunOrderFieldEnum, { description: 'What they are ordered by.' })
  readonly field!: BackupRunOrderField;

  @Field(() => OrderDirectionEnum, { defaultValue: 'DESC', description: 'Which end comes first.' })
  readonly direction!: OrderDirection;
}

/** The filter as the domain knows it. @throws INVALID_INPUT or NOT_FOUND naming the argument. */
export function runFilter(input: BackupRunFilterInput | undefined, context: OperationContext): RunFilter {
  return {
    ...sourceFilter(input, context),
    jobs: input?.jobs?.map((id) => refOf(id, 'BackupJob', context, 'filter.jobs')),
    statuses: input?.statuses ?? undefined,
    conditions: input?.conditions ?? undefined,
    startedAfter: input?.startedAfter ?? undefined,
    startedBefore: input?.startedBefore ?? undefined,
    search: input?.search ?? undefined,
    includeHistory: input?.includeHistory === true ? true : undefined,
  };
}
