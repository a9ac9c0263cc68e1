import { Directive, Field, Int, ObjectType } from 'type-graphql';
import type {
  BackupRun,
  BackupRunDetails,
  RunCondition,
  RunConditionKind,
  RunMessage,
  RunTrigger,
  Severity,
} from '../../domain/backup-run.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import { connectionType } from '../connection.type.ts';
import { BackupRunDetailsUnion } from '../details.type.ts';
import { BackupStatusEnum, RunConditionKindEnum, RunTriggerEnum, SeverityEnum } from '../enums.ts';
import { NodeInterface } from '../node/node.type.ts';
import { BigIntScalar, DateTimeScalar } from '../scalars.ts';

@ObjectType('RunCondition', { description: 'Something notable about a run, in one vocabulary.' })
export class RunConditionType implements RunCondition {
  @Field(() => RunConditionKindEnum, { description: 'What it is.' })
  readonly kind!: RunConditionKind;

  @Field(() => String, { nullable: true, description: "The vendor's word; null when it was worked out." })
  readonly nativeKind!: string | undefined;

  @Field(() => SeverityEnum, { description: 'How much it matters.' })
  readonly severity!: Severity;
}

@ObjectType('RunMessage', { description: 'One line of what a run logged.' })
export class RunMessageType implements RunMessage {
  @Field(() => String, { nullable: true, description: "The vendor's id of the message or of its wording." })
  readonly id!: string | undefined;

  @Field(() => String, { description: "The text, in the vendor's language." })
  readonly text!: string;

  @Field(() => [String], { description: 'What was put into the text.' })
  readonly args!: readonly string[];

  @Field(() => SeverityEnum, {
    nullable: true,
    description: 'How much it matters; null when the vendor does not tell.',
  })
  readonly severity!: Severity | undefined;
}

type Computed =
  'sourceKey' | 'nativeId' | 'jobNativeId' | 'durationSeconds' | 'messages' | 'errorCount' | 'warningCount';

@Directive('@key(fields: "id")')
@ObjectType('BackupRun', {
  implements: NodeInterface,
  description: 'One execution of a job. Figures that the vendor does not tell are null, never 0.',
})
export class BackupRunType extends NodeInterface implements Omit<BackupRun, Computed> {
  @Field(() => BackupStatusEnum, { description: 'What became of it.' })
  readonly status!: BackupStatus;

  @Field(() => String, { nullable: true, description: 'Exactly what the vendor said.' })
  readonly nativeStatus!: string | undefined;

  @Field(() => RunTriggerEnum, {
    nullable: true,
    description: 'What set it going; null when the vendor does not tell.',
  })
  readonly trigger!: RunTrigger | undefined;

  @Field(() => String, { nullable: true, description: 'Person or account that asked for it, when told.' })
  readonly requestedBy!: string | undefined;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was accepted, where the vendor tells that apart from the beginning.',
  })
  readonly queuedAt!: Date | undefined;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it began; null when it has not, or the vendor does not tell.',
  })
  readonly startedAt!: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it runs.' })
  readonly endedAt!: Date | undefined;

  @Field(() => Int, { nullable: true, description: "0 to 100, the vendor's own figure." })
  readonly progressPercent!: number | undefined;

  @Field(() => [RunConditionType], {
    description: 'What is notable beside the status; `status` alone tells whether it went well.',
  })
  readonly conditions!: readonly RunCondition[];

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Objects, items or files handled, as the vendor counts them.',
  })
  readonly objectCount!: number | undefined;

  @Field(() => BigIntScalar, { nullable: true, description: 'Bytes moved, as the vendor counts them.' })
  readonly bytes!: bigint | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when it left something restorable; null when the vendor does not say.',
  })
  readonly restorable!: boolean | undefined;

  @Field(() => BackupRunDetailsUnion, { nullable: true, description: 'What only this vendor tells.' })
  readonly details!: BackupRunDetails | undefined;

  @Field(() => Boolean, {
    description:
      'True when the vendor does not tell it any more, and this is what the gateway has kept of it: how it stood when it was last seen, UNKNOWN when that was under way. It tells what has been, and proves no copy: the vendor may have deleted what it made.',
  })
  readonly fromHistory!: true | undefined;

  @Field(() => DateTimeScalar, { description: 'When the vendor was asked.' })
  readonly observedAt!: Date;
}

export const BackupRunConnectionType = connectionType<BackupRun>('BackupRun', () => BackupRunType, {
  row: 'run',
  rows: 'runs',
});
