import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import type { WriteContent } from '../../writing/write-ask.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { refOf, sourceKeyOf } from '../filters.ts';
import { milliseconds } from '../read-options.input.ts';
import { createTarget, scheduleTarget } from './content.ts';
import { CreateBackupInput } from './create-backup.input.ts';
import { CancelBackupInput, JobActionInput } from './job-action.input.ts';
import {
  CancelBackupPayloadType,
  CreateBackupPayloadType,
  JobActionPayloadType,
  UpdateSchedulePayloadType,
  WritePayload,
} from './payload.type.ts';
import { UpdateScheduleInput } from './schedule.input.ts';

const INPUT = { description: 'What is asked for.' };

@Resolver()
export class WriteResolver {
  @Mutation(() => CreateBackupPayloadType, {
    description:
      'Makes a new backup or job, in exactly one section for the vendor of the source. Needs the role operate.',
  })
  createBackup(
    @Arg('input', () => CreateBackupInput, INPUT) input: CreateBackupInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    const source = context.source(sourceKeyOf(input.source, context, 'input.source'), 'input.source');
    return submit(context, source, { verb: 'CREATE', target: createTarget(input.target, source.key) }, input);
  }

  @Mutation(() => JobActionPayloadType, { description: 'Runs an existing job now. Needs the role operate.' })
  startBackup(
    @Arg('input', () => JobActionInput, INPUT) input: JobActionInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    return jobAction('START', input, context);
  }

  @Mutation(() => CancelBackupPayloadType, {
    description: 'Asks the vendor to stop a run; never deletes what is there. Needs the role operate.',
  })
  cancelBackup(
    @Arg('input', () => CancelBackupInput, INPUT) input: CancelBackupInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    const run = isGiven(input.run) ? refOf(input.run, 'BackupRun', context, 'input.run') : undefined;
    const job = isGiven(input.job) ? refOf(input.job, 'BackupJob', context, 'input.job') : undefined;
    const sourceKey = (run ?? job)?.sourceKey;
    if (sourceKey === undefined || (run !== undefined && job !== undefined && job.sourceKey !== run.sourceKey))
      throw new GatewayError('INVALID_INPUT', 'Give exactly one of "input.run" and "input.job".', {
        argument: 'input.run',
      });
    const content = { verb: 'CANCEL' as const, jobNativeId: job?.nativeId, runNativeId: run?.nativeId };
    return submit(context, context.source(sourceKey, 'input.run'), content, input);
  }

  @Mutation(() => JobActionPayloadType, {
    description: "Runs a failed job again, with the vendor's own retry where it has one. Needs the role operate.",
  })
  retryBackup(
    @Arg('input', () => JobActionInput, INPUT) input: JobActionInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    return jobAction('RETRY', input, context);
  }

  @Mutation(() => JobActionPayloadType, { description: 'Lets a job run by its schedule again. Needs the role admin.' })
  enableBackupJob(
    @Arg('input', () => JobActionInput, INPUT) input: JobActionInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    return jobAction('ENABLE', input, context);
  }

  @Mutation(() => JobActionPayloadType, {
    description: 'Keeps a job from running by its schedule. Needs the role admin.',
  })
  disableBackupJob(
    @Arg('input', () => JobActionInput, INPUT) input: JobActionInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    return jobAction('DISABLE', input, context);
  }

  @Mutation(() => UpdateSchedulePayloadType, {
    description: 'Changes when a job runs; what is left out stays as it is. Needs the role admin.',
  })
  updateSchedule(
    @Arg('input', () => UpdateScheduleInput, INPUT) input: UpdateScheduleInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    const { sourceKey, nativeId } = refOf(input.job, 'BackupJob', context, 'input.job');
    const content: WriteContent = {
      verb: 'UPDATE_SCHEDULE',
      jobNativeId: nativeId,
      schedule: scheduleTarget(input.schedule),
      ifUnchangedSince: input.ifUnchangedSince ?? undefined,
    };
    return submit(context, context.source(sourceKey, 'input.job'), content, input);
  }

  @Mutation(() => JobActionPayloadType, {
    description: 'Removes a definition or a stored backup, where the vendor has such a call. Needs the role admin.',
  })
  deleteBackup(
    @Arg('input', () => JobActionInput, INPUT) input: JobActionInput,
    @Ctx() context: OperationContext,
  ): Promise<WritePayload> {
    return jobAction('DELETE', input, context);
  }
}

function jobAction(
  verb: 'START' | 'RETRY' | 'ENABLE' | 'DISABLE' | 'DELETE',
  input: JobActionInput,
  context: OperationContext,
): Promise<WritePayload> {
  const { sourceKey, nativeId } = refOf(input.job, 'BackupJob', context, 'input.job');
  return submit(context, context.source(sourceKey, 'input.job'), { verb, jobNativeId: nativeId }, input);
}

async function submit(
  context: OperationContext,
  source: GatewaySource,
  content: WriteContent,
  input: { readonly idempotencyKey?: string | null; readonly wait?: string | null; readonly dryRun?: boolean | null },
): Promise<WritePayload> {
  const waitMs = milliseconds(input.wait, 'input.wait');
  if (waitMs !== undefined && waitMs > MAX_WAIT_MS)
    throw new GatewayError('INVALID_INPUT', 'Argument "input.wait" is to be at most five minutes.', {
      argument: 'input.wait',
    });
  const answer = await context.writes.submit({
    caller: context.caller,
    source,
    content,
    idempotencyKey: input.idempotencyKey ?? undefined,
    dryRun: input.dryRun ?? false,
    waitMs,
  });
  // What follows shows the state after the write.
  context.readAnew();
  return new WritePayload(answer, source, content.verb, context);
}

const MAX_WAIT_MS = 5 * 60_000;

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
