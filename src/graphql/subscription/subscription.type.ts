import { Field, Int, ObjectType } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import type { RunChange } from '../../live/live-hub.ts';
import type { SourceResult } from '../aggregate.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { BackupRunType } from '../backup-run/backup-run.type.ts';
import { BackupStatusEnum } from '../enums.ts';
import { DateTimeScalar } from '../scalars.ts';
import { SourceResultType } from '../source/source.type.ts';
import type { SourceSnapshot } from './source-snapshots.ts';

@ObjectType('BackupRunChange', { description: 'A run that is not as it was when its source was last looked at.' })
export class BackupRunChangeType implements Omit<RunChange, 'pollIntervalMs'> {
  @Field(() => BackupRunType, { description: 'The run as it is now.' })
  readonly run!: BackupRun;

  @Field(() => BackupStatusEnum, {
    nullable: true,
    description:
      'Its status before; null for a run that is told for the first time. Equal to the status now when only the progress has changed, or when it is told anew after its source could not be read.',
  })
  readonly previousStatus!: BackupStatus | undefined;

  @Field(() => DateTimeScalar, { description: 'When the gateway saw it.' })
  readonly observedAt!: Date;
}

@ObjectType('SourceSnapshot', { description: 'The jobs of one source, told as soon as it has answered.' })
export class SourceSnapshotType implements Omit<SourceSnapshot, 'choice'> {
  @Field(() => SourceResultType, { description: 'What became of the source.' })
  readonly result!: SourceResult;

  @Field(() => [BackupJobType], { description: 'Its jobs that fit the filter; none when it could not be read.' })
  readonly jobs!: readonly BackupJob[];

  @Field(() => Int, { description: 'How many sources are still to answer; 0 in the last event.' })
  readonly remainingSources!: number;
}
