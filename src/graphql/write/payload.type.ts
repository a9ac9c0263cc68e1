import { Directive, Field, InterfaceType, ObjectType } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { VendorCall } from '../../domain/backup-operation.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { WriteVerb } from '../../domain/write-request.ts';
import type { WriteAnswer } from '../../writing/write-ask.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { jobOf, runOf } from '../backup-operation/about.ts';
import { BackupOperationType, VendorCallType, type OperationView } from '../backup-operation/backup-operation.type.ts';
import { BackupRunType } from '../backup-run/backup-run.type.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { UserErrorInterface, UserErrorValue } from './user-error.type.ts';

/** What a write answers. Job and run are read when they are asked for, after it. */
export class WritePayload {
  readonly operation: OperationView | undefined;
  readonly dryRun: VendorCall | undefined;
  readonly userErrors: readonly UserErrorValue[];
  readonly #context: OperationContext;

  constructor(answer: WriteAnswer, source: GatewaySource, verb: WriteVerb, context: OperationContext) {
    const { operation, replayed, dryRun, refusals } = answer;
    this.operation = operation === undefined ? undefined : { ...operation, replayed };
    this.dryRun = dryRun;
    this.userErrors = refusals.map((refusal) => new UserErrorValue(refusal, source, verb, context));
    this.#context = context;
  }

  get job(): Promise<BackupJob | undefined> | undefined {
    return this.operation === undefined ? undefined : jobOf(this.operation, this.#context);
  }

  get run(): Promise<BackupRun | undefined> | undefined {
    return this.operation === undefined ? undefined : runOf(this.operation, this.#context);
  }
}

@InterfaceType('MutationPayload', {
  description: 'What every write answers. It was done when `operation.state` is CONFIRMED.',
})
export abstract class MutationPayloadInterface {
  @Field(() => BackupOperationType, {
    nullable: true,
    description: 'The record of the write; null when it was refused before there was one, and after a dry run.',
  })
  readonly operation!: OperationView | undefined;

  @Directive('@tag(name: "operator")')
  @Field(() => VendorCallType, { nullable: true, description: 'What would be sent; after a dry run only.' })
  readonly dryRun!: VendorCall | undefined;

  @Field(() => [UserErrorInterface], {
    description: 'Why it was not done, or is not known to have been done; empty when it was, or when it is still open.',
  })
  readonly userErrors!: readonly UserErrorValue[];
}

const JOB_TEXT = 'The job as it is now; null when there is none.';
const RUN_TEXT = 'The run as it is now; null when there is none, or when the vendor does not tell which one it is.';

@ObjectType('CreateBackupPayload', {
  implements: MutationPayloadInterface,
  description: 'What became of `createBackup`.',
})
export class CreateBackupPayloadType extends MutationPayloadInterface {
  @Field(() => BackupJobType, { nullable: true, description: JOB_TEXT })
  readonly job!: BackupJob | undefined;

  @Field(() => BackupRunType, { nullable: true, description: RUN_TEXT })
  readonly run!: BackupRun | undefined;
}

@ObjectType('JobActionPayload', {
  implements: MutationPayloadInterface,
  description: 'What became of something done with a job.',
})
export class JobActionPayloadType extends MutationPayloadInterface {
  @Field(() => BackupJobType, { nullable: true, description: JOB_TEXT })
  readonly job!: BackupJob | undefined;

  @Field(() => BackupRunType, { nullable: true, description: RUN_TEXT })
  readonly run!: BackupRun | undefined;
}

@ObjectType('CancelBackupPayload', {
  implements: MutationPayloadInterface,
  description: 'What became of `cancelBackup`.',
})
export class CancelBackupPayloadType extends MutationPayloadInterface {
  @Field(() => BackupRunType, {
    nullable: true,
    description: 'The run as it is now: it may still be stopping, or have ended before it could be stopped.',
  })
  readonly run!: BackupRun | undefined;
}

@ObjectType('UpdateSchedulePayload', {
  implements: MutationPayloadInterface,
  description: 'What became of `updateSchedule`.',
})
export class UpdateSchedulePayloadType extends MutationPayloadInterface {
  @Field(() => BackupJobType, { nullable: true, description: JOB_TEXT })
  readonly job!: BackupJob | undefined;
}
