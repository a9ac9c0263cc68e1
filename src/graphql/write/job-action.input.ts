import { Field, ID, InputType } from 'type-graphql';
import { DurationScalar } from '../scalars.ts';

export const KEY_TEXT =
  'Yours to choose, 1 to 255 visible ASCII characters, such as a UUID: asking again with the same key and content gives the same operation and never a second one.';
export const WAIT_TEXT =
  'Longest wait for the outcome, up to five minutes; 30 seconds when left out. The operation goes on all the same: ask `backupOperation` for it.';
export const DRY_RUN_TEXT = 'Only checks, and shows the vendor call in `dryRun` without sending it.';

@InputType('JobActionInput', { description: 'What is to be done with a job.' })
export class JobActionInput {
  @Field(() => ID, { description: 'Global id of the job.' })
  readonly job!: string;

  @Field(() => String, { description: KEY_TEXT })
  readonly idempotencyKey!: string;

  @Field(() => DurationScalar, { nullable: true, description: WAIT_TEXT })
  readonly wait?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: DRY_RUN_TEXT })
  readonly dryRun?: boolean | null;
}

@InputType('CancelBackupInput', { description: 'What is to be stopped: a run, or whatever a job is running.' })
export class CancelBackupInput {
  @Field(() => ID, { nullable: true, description: 'Global id of the run; leave out `job` then.' })
  readonly run?: string | null;

  @Field(() => ID, { nullable: true, description: 'Global id of the job; leave out `run` then.' })
  readonly job?: string | null;

  @Field(() => String, { nullable: true, description: KEY_TEXT })
  readonly idempotencyKey?: string | null;

  @Field(() => DurationScalar, { nullable: true, description: WAIT_TEXT })
  readonly wait?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: DRY_RUN_TEXT })
  readonly dryRun?: boolean | null;
}
