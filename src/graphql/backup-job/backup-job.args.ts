import { ArgsType, Field } from 'type-graphql';
import { PageArgs } from '../page.args.ts';
import { ReadOptionsInput } from '../read-options.input.ts';
import { BackupJobFilterInput, BackupJobOrderInput } from './backup-job.input.ts';

@ArgsType()
export class JobsOfSourceArgs extends PageArgs {
  @Field(() => BackupJobFilterInput, { nullable: true, description: 'Which jobs; all when left out.' })
  readonly filter?: BackupJobFilterInput;
}

@ArgsType()
export class BackupJobsArgs extends JobsOfSourceArgs {
  @Field(() => BackupJobOrderInput, { nullable: true, description: 'The order; by name when left out.' })
  readonly orderBy?: BackupJobOrderInput;

  @Field(() => ReadOptionsInput, { nullable: true, description: 'How hard to try.' })
  readonly read?: ReadOptionsInput;
}
