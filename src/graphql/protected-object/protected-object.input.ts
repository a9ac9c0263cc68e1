import { Field, InputType } from 'type-graphql';
import type { ObjectFilter } from '../../domain/filters.ts';
import type { RpoVerdict } from '../../domain/rpo.ts';
import type { OperationContext } from '../context.ts';
import { RpoVerdictEnum } from '../enums.ts';
import { sourceFilter } from '../filters.ts';
import { SourceFilterInput } from '../source/source.input.ts';

@InputType('ProtectedObjectFilter', {
  description:
    'Which protected objects are wanted; every condition that is given must hold, and an empty list holds for nothing.',
})
export class ProtectedObjectFilterInput extends SourceFilterInput {
  @Field(() => String, { nullable: true, description: 'Only objects whose name contains this text, without case.' })
  readonly search?: string;

  @Field(() => [RpoVerdictEnum], {
    nullable: true,
    description: 'Only objects that stand so to their recovery point objective; the history is read for that.',
  })
  readonly rpo?: readonly RpoVerdict[] | null;
}

/** The filter as the domain knows it. @throws INVALID_INPUT or NOT_FOUND naming the argument. */
export function objectFilter(input: ProtectedObjectFilterInput | undefined, context: OperationContext): ObjectFilter {
  return { ...sourceFilter(input, context), search: input?.search ?? undefined };
}
