import { ArgsType, Field } from 'type-graphql';
import { PageArgs } from '../page.args.ts';
import { ReadOptionsInput } from '../read-options.input.ts';
import { BackupRunFilterInput, BackupRunOrderInput } from './backup-run.input.ts';

@ArgsType()
export class BackupRunsOfJobArgs extends PageArgs {
  @Field(() => BackupRunFilterInput, { nullable: true, description: 'Which runs; all when left out.' })
  readonly filter?: BackupRunFilterInput;
}

@ArgsType()
export class BackupRunsArgs extends BackupRunsOfJobArgs {
  @Field(() => BackupRunOrderInput, { nullable: true, description: 'The order; newest first when left out.' })
  readonly orderBy?: BackupRunOrderInput;

  @Field(() => ReadOptionsInput, { nullable: true, description: 'How hard to try.' })
  readonly read?: ReadOptionsInput;
}
