import { Directive, Field, ObjectType } from 'type-graphql';
import type { BackupJob, BackupJobDetails, BackupJobKind } from '../../domain/backup-job.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import { connectionType } from '../connection.type.ts';
import { BackupJobDetailsUnion } from '../details.type.ts';
import { BackupJobKindEnum, BackupStatusEnum } from '../enums.ts';
import { NodeInterface } from '../node/node.type.ts';
import { DateTimeScalar } from '../scalars.ts';

type Computed = 'protects' | 'lastRun' | 'lastRunAt' | 'schedule';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "sourceKey nativeId")')
@ObjectType('BackupJob', {
  implements: NodeInterface,
  description: 'What the vendor calls a job: a recurring definition, a backup set, or a one-off.',
})
export class BackupJobType extends NodeInterface implements Omit<BackupJob, Computed> {
  @Field(() => String, { description: 'Key of the source; with `nativeId` a second key of the job.' })
  readonly sourceKey!: string;

  @Field(() => String, { description: "The vendor's key: its parts percent-encoded and joined by `/`." })
  readonly nativeId!: string;

  @Field(() => BackupJobKindEnum, { description: 'What sort of job it is.' })
  readonly kind!: BackupJobKind;

  @Field(() => String, { nullable: true, description: "The vendor's name for it; null when it has none." })
  readonly name!: string | undefined;

  @Field(() => String, { nullable: true, description: "The vendor's description; null when it has none." })
  readonly description!: string | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the vendor runs it; null where the vendor has no such switch.',
  })
  readonly enabled!: boolean | undefined;

  @Field(() => BackupStatusEnum, {
    description: 'Status of the newest run, or of the job where the vendor knows nothing finer.',
  })
  readonly status!: BackupStatus;

  @Field(() => String, { nullable: true, description: 'Exactly what the vendor said.' })
  readonly nativeStatus!: string | undefined;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "The vendor's announced next run; null when it announces none. See `schedule.upcoming` for what is worked out.",
  })
  readonly nextRunAt!: Date | undefined;

  @Field(() => BackupJobDetailsUnion, { nullable: true, description: 'What only this vendor tells.' })
  readonly details!: BackupJobDetails | undefined;

  @Field(() => DateTimeScalar, { description: 'When the vendor was asked.' })
  readonly observedAt!: Date;
}

export const BackupJobConnectionType = connectionType<BackupJob>('BackupJob', () => BackupJobType, {
  row: 'job',
  rows: 'jobs',
});
