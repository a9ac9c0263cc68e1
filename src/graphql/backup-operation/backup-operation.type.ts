import { Directive, Field, ObjectType } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type {
  AuditEntry,
  BackupOperation,
  JsonValue,
  OperationState,
  UserErrorCode,
  VendorCall,
} from '../../domain/backup-operation.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { Operation } from '../../domain/source.ts';
import type { SourceErrorValue } from '../aggregate.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { BackupRunType } from '../backup-run/backup-run.type.ts';
import { pageType } from '../connection.type.ts';
import type { GatewaySource } from '../context.ts';
import { OperationEnum, OperationStateEnum, UserErrorCodeEnum } from '../enums.ts';
import { NodeInterface } from '../node/node.type.ts';
import { DateTimeScalar, JsonScalar } from '../scalars.ts';
import { SourceErrorType, VendorSourceType } from '../source/source.type.ts';

/** An operation as one answer shows it. */
export interface OperationView extends BackupOperation {
  /** Whether the answer repeats an earlier one. */
  readonly replayed: boolean;
}

@ObjectType('VendorCall', { description: 'A call to a vendor, with every secret replaced by `[secret]`.' })
export class VendorCallType implements VendorCall {
  @Field(() => String, { description: 'HTTP method.' })
  readonly method!: string;

  @Field(() => String, { description: "Path and query below the source's address." })
  readonly path!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'The body; null when there is none.' })
  readonly body!: JsonValue;
}

@Directive('@key(fields: "id")')
@ObjectType('BackupOperation', {
  implements: NodeInterface,
  description: 'What became of a write; can be asked for again by its id, also after the gateway was restarted.',
})
export class BackupOperationType extends NodeInterface {
  @Field(() => OperationEnum, { description: 'What was asked for.' })
  readonly operation!: Operation;

  @Field(() => OperationStateEnum, { description: 'How far it has come.' })
  readonly state!: OperationState;

  @Field(() => String, { nullable: true, description: "The caller's key; null when none was given." })
  readonly idempotencyKey!: string | undefined;

  @Field(() => Boolean, { description: 'True when this answer repeats an earlier one.' })
  readonly replayed!: boolean;

  @Field(() => String, { nullable: true, description: 'Name of the caller.' })
  readonly requestedBy!: string | undefined;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  readonly requestedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its outcome was written down; null while it is open.',
  })
  readonly settledAt!: Date | undefined;

  @Field(() => VendorSourceType, { description: 'Where it is to be done.' })
  readonly source!: GatewaySource;

  @Field(() => BackupJobType, {
    nullable: true,
    description: 'The job that it made or is about, as it is now; null when there is none, or none any more.',
  })
  readonly job!: BackupJob | undefined;

  @Field(() => BackupRunType, {
    nullable: true,
    description: 'The run that it set going or is about, as it is now; null when there is none.',
  })
  readonly run!: BackupRun | undefined;

  @Field(() => SourceErrorType, {
    nullable: true,
    description: 'How the call to the vendor failed; null when it did not.',
  })
  readonly error!: SourceErrorValue | undefined;

  @Directive('@tag(name: "operator")')
  @Field(() => VendorCallType, { nullable: true, description: 'What was sent; null when nothing was.' })
  readonly vendorCall!: VendorCall | undefined;
}

@ObjectType('AuditEntry', { description: 'One attempt to write, whatever became of it. Never holds a secret.' })
export class AuditEntryType {
  @Field(() => DateTimeScalar, { description: 'When it was tried.' })
  readonly at!: Date;

  @Field(() => String, { description: 'Name of the caller.' })
  readonly caller!: string;

  @Field(() => OperationEnum, { description: 'What was asked for.' })
  readonly operation!: Operation;

  @Field(() => String, { description: 'Key of the source.' })
  readonly sourceKey!: string;

  @Field(() => String, { nullable: true, description: 'Global id of the job that it was about or came to.' })
  readonly job!: string | undefined;

  @Field(() => String, { nullable: true, description: 'Global id of the run that it was about or came to.' })
  readonly run!: string | undefined;

  @Field(() => String, { nullable: true, description: "The caller's key." })
  readonly idempotencyKey!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Global id of the operation; null when it was refused before there was one.',
  })
  readonly backupOperation!: string | undefined;

  @Field(() => String, {
    description:
      'The state that the operation came to; REFUSED when there is no operation; REPLAYED when an earlier one was shown.',
  })
  readonly outcome!: AuditEntry['outcome'];

  @Field(() => UserErrorCodeEnum, { nullable: true, description: 'Why it was not done.' })
  readonly code!: UserErrorCode | undefined;
}

@ObjectType('BackupOperationConnection', { description: 'A page of operations.' })
export class BackupOperationConnectionType extends pageType<OperationView>(
  'BackupOperation',
  () => BackupOperationType,
  'operation',
) {}

@ObjectType('AuditEntryConnection', { description: 'A page of the audit trail.' })
export class AuditEntryConnectionType extends pageType<AuditEntryType>(
  'AuditEntry',
  () => AuditEntryType,
  'audit entry',
) {}
