import { Field, InputType } from 'type-graphql';
import type { BackupJobKind } from '../../domain/backup-job.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import type { JobFilter } from '../../domain/filters.ts';
import type { BackupJobOrderField, OrderDirection } from '../../domain/orders.ts';
import type { RpoVerdict } from '../../domain/rpo.ts';
import type { OperationContext } from '../context.ts';
import {
  BackupJobKindEnum,
  BackupJobOrderFieldEnum,
  BackupStatusEnum,
  OrderDirectionEnum,
  RpoVerdictEnum,
} from '../enums.ts';
import { sourceFilter } from '../filters.ts';
import { SourceFilterInput } from '../source/source.input.ts';

@InputType('BackupJobFilter', {
  description: 'Which jobs are wanted; every condition that is given must hold, and an empty list holds for nothing.',
})
export class BackupJobFilterInput extends SourceFilterInput {
  @Field(() => [BackupJobKindEnum], { nullable: true, description: 'Only jobs of these sorts.' })
  readonly kinds?: readonly BackupJobKind[];

  @Field(() => [BackupStatusEnum], { nullable: true, description: 'Only jobs in one of these states.' })
  readonly statuses?: readonly BackupStatus[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only jobs that are switched on, or off. Jobs without such a switch fit neither.',
  })
  readonly enabled?: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Only jobs whose name, description or native id contains this text, without case.',
  })
  readonly search?: string;

  @Field(() => [RpoVerdictEnum], {
    nullable: true,
    description:
      'Only jobs that protect an object which stands so to its recovery point objective; the history is read for that, and a source whose history cannot be read says so.',
  })
  readonly rpo?: readonly RpoVerdict[] | null;
}

@InputType('BackupJobOrder', { description: 'How jobs are ordered.' })
export class BackupJobOrderInput {
  @Field(() => BackupJobOrderFieldEnum, { description: 'What they are ordered by.' })
  readonly field!: BackupJobOrderField;

  @Field(() => OrderDirectionEnum, { defaultValue: 'ASC', description: 'Which end comes first.' })
  readonly direction!: OrderDirection;
}

/** The filter as the domain knows it. @throws INVALID_INPUT or NOT_FOUND naming the argument. */
export function jobFilter(input: BackupJobFilterInput | undefined, context: OperationContext): JobFilter {
  return {
    ...sourceFilter(input, context),
    kinds: input?.kinds ?? undefined,
    statuses: input?.statuses ?? undefined,
    enabled: input?.enabled ?? undefined,
    search: input?.search ?? undefined,
    rpo: input?.rpo ?? undefined,
  };
}
