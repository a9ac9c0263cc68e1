import { ArgsType, Field, Int } from 'type-graphql';
import { BackupJobFilterInput } from '../backup-job/backup-job.input.ts';
import { ReadOptionsInput } from '../read-options.input.ts';
import { DateTimeScalar, DurationScalar } from '../scalars.ts';

/** Longest stretch that is looked at, in days. */
export const MAX_DAYS = 92;

@ArgsType()
class StretchArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Its beginning; now when left out.' })
  readonly from?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: `Its end, which is no longer part of it, at most ${MAX_DAYS} days later; 24 hours later when left out.`,
  })
  readonly to?: Date | null;
}

@ArgsType()
export class ForecastArgs extends StretchArgs {
  @Field(() => BackupJobFilterInput, { nullable: true, description: 'Only these jobs; all when left out.' })
  readonly filter?: BackupJobFilterInput;

  @Field(() => ReadOptionsInput, { nullable: true, description: 'How hard to try.' })
  readonly read?: ReadOptionsInput;
}

export const DEFAULT_FIRST = 100;

@ArgsType()
export class UpcomingRunsArgs extends StretchArgs {
  @Field(() => Int, { nullable: true, defaultValue: DEFAULT_FIRST, description: 'How many, 0 to 500.' })
  readonly first?: number | null;

  @Field(() => BackupJobFilterInput, { nullable: true, description: 'Only these jobs; all when left out.' })
  readonly filter?: BackupJobFilterInput;
}

@ArgsType()
export class ConflictArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only what shares a label of this name, such as `storage`; any label when left out.',
  })
  readonly sharedLabelName?: string | null;

  @Field(() => DurationScalar, { nullable: true, description: 'Leaves out overlaps that are shorter.' })
  readonly minimum?: string | null;
}

@ArgsType()
export class ScheduleConflictsArgs extends StretchArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only what shares a label of this name, such as `storage`; any label when left out.',
  })
  readonly sharedLabelName?: string | null;

  @Field(() => DurationScalar, { nullable: true, description: 'Leaves out overlaps that are shorter.' })
  readonly minimum?: string | null;
}
