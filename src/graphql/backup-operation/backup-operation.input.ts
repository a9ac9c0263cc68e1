import { ArgsType, Field, ID, InputType } from 'type-graphql';
import type { OperationState } from '../../domain/backup-operation.ts';
import type { Operation } from '../../domain/source.ts';
import { OperationEnum, OperationStateEnum } from '../enums.ts';
import { PageArgs } from '../page.args.ts';
import { DateTimeScalar } from '../scalars.ts';

@InputType('BackupOperationFilter', {
  description: 'Which operations are wanted; every condition that is given must hold.',
})
export class BackupOperationFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Only of these sources, by global id or key.' })
  readonly sources?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'Only those asked for by these callers.' })
  readonly requestedBy?: readonly string[] | null;

  @Field(() => [OperationStateEnum], { nullable: true, description: 'Only in one of these states.' })
  readonly states?: readonly OperationState[] | null;

  @Field(() => [OperationEnum], { nullable: true, description: 'Only of these kinds.' })
  readonly operations?: readonly Operation[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those asked for at or after this instant.' })
  readonly requestedAfter?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those asked for before this instant.' })
  readonly requestedBefore?: Date | null;

  @Field(() => String, { nullable: true, description: 'Only those with this key.' })
  readonly idempotencyKey?: string | null;
}

@ArgsType()
export class BackupOperationsArgs extends PageArgs {
  @Field(() => BackupOperationFilterInput, { nullable: true, description: 'Which operations are wanted.' })
  readonly filter?: BackupOperationFilterInput | null;
}

@InputType('AuditFilter', { description: 'Which audit entries are wanted; every condition that is given must hold.' })
export class AuditFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Only of these sources, by global id or key.' })
  readonly sources?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'Only of these callers.' })
  readonly callers?: readonly string[] | null;

  @Field(() => [OperationEnum], { nullable: true, description: 'Only of these kinds.' })
  readonly operations?: readonly Operation[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only at or after this instant.' })
  readonly after?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only before this instant.' })
  readonly before?: Date | null;
}

@ArgsType()
export class AuditTrailArgs extends PageArgs {
  @Field(() => AuditFilterInput, { nullable: true, description: 'Which entries are wanted.' })
  readonly filter?: AuditFilterInput | null;
}
