import { Field, InterfaceType, ObjectType } from 'type-graphql';
import type { StoredError, StoredRefusal, UserErrorCode } from '../../domain/backup-operation.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { Operation } from '../../domain/source.ts';
import type { WriteVerb } from '../../domain/write-request.ts';
import type { SourceErrorValue } from '../aggregate.ts';
import { BackupRunType } from '../backup-run/backup-run.type.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { OperationEnum, UserErrorCodeEnum } from '../enums.ts';
import { SourceErrorType, VendorSourceType } from '../source/source.type.ts';

/** A refusal as callers see it. The run that is in the way is read when it is asked for. */
export class UserErrorValue {
  readonly code: UserErrorCode;
  readonly message: string;
  readonly field: readonly string[] | undefined;
  readonly rule: string | undefined;
  readonly alternatives: readonly Operation[];
  readonly error: SourceErrorValue | undefined;
  readonly source: GatewaySource;
  readonly operation: WriteVerb;
  readonly #blockedBy: string | undefined;
  readonly #context: OperationContext;

  constructor(refusal: StoredRefusal, source: GatewaySource, operation: WriteVerb, context: OperationContext) {
    this.code = refusal.code;
    this.message = refusal.message;
    this.field = refusal.field;
    this.rule = refusal.rule;
    this.alternatives = refusal.alternatives ?? [];
    this.error = refusal.error === undefined ? undefined : shownError(refusal.error);
    this.source = source;
    this.operation = operation;
    this.#blockedBy = refusal.blockedByRunNativeId;
    this.#context = context;
  }

  get blockedBy(): Promise<BackupRun | undefined> | undefined {
    if (this.#blockedBy === undefined) return undefined;
    return this.#context.loaders().run.load({ sourceKey: this.source.key, nativeId: this.#blockedBy });
  }
}

/** A kept failure as an answer shows it. */
export function shownError(error: StoredError): SourceErrorValue {
  const { kind, message, httpStatus, nativeCode, retryable } = error;
  return { kind, message, httpStatus, nativeCode, retryable, retryAfter: undefined };
}

const CONFLICTS: ReadonlySet<UserErrorCode> = new Set(['ALREADY_RUNNING', 'WRONG_STATE', 'CHANGED_MEANWHILE']);

function userErrorTypeOf({ code, error }: UserErrorValue): string {
  if (code === 'UNSUPPORTED_OPERATION') return 'UnsupportedOperationError';
  if (CONFLICTS.has(code)) return 'ConflictError';
  return error === undefined ? 'InputUserError' : 'VendorUserError';
}

const MESSAGE_TEXT = 'A sentence for people; never holds a value of the input. Its wording may change: compare `code`.';
const FIELD_TEXT =
  'Path into the input, such as `["target", "vcenter", "backupPassword"]`; null when it is about the whole.';

@InterfaceType('UserError', {
  description:
    'Why a write was not done, or is not known to have been done. Expected, so not among the errors of the answer.',
  resolveType: userErrorTypeOf,
})
export abstract class UserErrorInterface {
  @Field(() => UserErrorCodeEnum, { description: 'What it is.' })
  readonly code!: UserErrorCode;

  @Field(() => String, { description: MESSAGE_TEXT })
  readonly message!: string;

  @Field(() => [String], { nullable: true, description: FIELD_TEXT })
  readonly field!: readonly string[] | undefined;
}

@ObjectType('InputUserError', {
  implements: UserErrorInterface,
  description: 'Something about the input or its caller.',
})
export class InputUserErrorType extends UserErrorInterface {
  @Field(() => String, {
    nullable: true,
    description: 'Which stated rule was broken, such as `backup-password-length`; never the value.',
  })
  readonly rule!: string | undefined;
}

@ObjectType('UnsupportedOperationError', {
  implements: UserErrorInterface,
  description: 'The source cannot do this at all. The vendor was not called.',
})
export class UnsupportedOperationErrorType extends UserErrorInterface {
  @Field(() => OperationEnum, { description: 'What was asked for.' })
  readonly operation!: Operation;

  @Field(() => VendorSourceType, { description: 'The source that cannot do it.' })
  readonly source!: GatewaySource;

  @Field(() => [OperationEnum], { description: 'What could be asked of it instead.' })
  readonly alternatives!: readonly Operation[];
}

@ObjectType('ConflictError', {
  implements: UserErrorInterface,
  description: 'It does not go together with the present state at the vendor.',
})
export class ConflictErrorType extends UserErrorInterface {
  @Field(() => BackupRunType, { nullable: true, description: 'The run that is in the way, where one is known.' })
  readonly blockedBy!: BackupRun | undefined;
}

@ObjectType('VendorUserError', {
  implements: UserErrorInterface,
  description: 'The vendor refused, failed or cannot be reached.',
})
export class VendorUserErrorType extends UserErrorInterface {
  @Field(() => VendorSourceType, { description: 'The source.' })
  readonly source!: GatewaySource;

  @Field(() => SourceErrorType, { description: 'What it answered, or how the call failed.' })
  readonly error!: SourceErrorValue;
}
