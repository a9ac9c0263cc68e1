import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun, RunCondition, RunMessage, Severity } from '../../domain/backup-run.ts';
import { formatIsoDuration } from '../../domain/duration.ts';
import { encodeGlobalId } from '../../domain/native-id.ts';
import type { Capability, Operation } from '../../domain/source.ts';
import { LEAST_STALL_SECONDS, stallReading, stalledCondition } from '../../domain/stalled.ts';
import { SECOND_MS } from '../../domain/time-units.ts';
import { windowCompliance, type WindowCompliance } from '../../domain/window-compliance.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { WindowComplianceType } from '../backup-window/backup-window.type.ts';
import { capabilityList } from '../capabilities.ts';
import type { Connection } from '../connection.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { NODE_ID_TEXT } from '../node/node.type.ts';
import { OperationEnum } from '../enums.ts';
import { found, refOf } from '../filters.ts';
import { NOTHING_CAN_BE_DONE, runOrKept } from './kept-run.ts';
import { listRuns } from '../lists.ts';
import { pageOf } from '../page.args.ts';
import { readChoice } from '../read-options.input.ts';
import { BigIntScalar, DurationScalar } from '../scalars.ts';
import { CapabilityType, VendorSourceType } from '../source/source.type.ts';
import { BackupRunsArgs } from './backup-run.args.ts';
import { BackupRunConnectionType, BackupRunType, RunMessageType } from './backup-run.type.ts';

@Resolver(() => BackupRunType)
export class BackupRunResolver {
  @Query(() => BackupRunConnectionType, {
    description:
      'Runs of all sources, newest first. A source that fails costs only its own rows; `sources` says what became of each.',
  })
  backupRuns(
    @Args(() => BackupRunsArgs) args: BackupRunsArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<BackupRun>> {
    return listRuns(context, { ...args, ...pageOf(args), choice: readChoice(args.read) });
  }

  @Query(() => BackupRunType, {
    nullable: true,
    description:
      'One run, also one that its vendor does not know any more and the gateway has kept. Null beside an error when it does not exist or could not be read.',
  })
  async backupRun(
    @Arg('id', () => ID, { description: 'Global id of the run.' }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<BackupRun> {
    return found(await runOrKept(refOf(id, 'BackupRun', context, 'id'), context), 'run', 'id');
  }

  @FieldResolver(() => ID, { description: NODE_ID_TEXT })
  id(@Root() run: BackupRun): string {
    return encodeGlobalId('BackupRun', run.sourceKey, run.nativeId);
  }

  @FieldResolver()
  fromHistory(@Root() run: BackupRun): boolean {
    return run.fromHistory === true;
  }

  @FieldResolver(() => VendorSourceType, { description: 'Where it was read.' })
  source(@Root() run: BackupRun, @Ctx() context: OperationContext): GatewaySource {
    return context.source(run.sourceKey, 'id');
  }

  @FieldResolver(() => BackupJobType, {
    nullable: true,
    description: 'The job it belongs to; null when the vendor ties it to none that still exists, or beside an error.',
  })
  async job(@Root() run: BackupRun, @Ctx() context: OperationContext): Promise<BackupJob | undefined> {
    if (run.jobNativeId === undefined) return undefined;
    return context.loadersOf(run).job.load({ sourceKey: run.sourceKey, nativeId: run.jobNativeId });
  }

  @FieldResolver(() => DurationScalar, {
    nullable: true,
    description: 'How long it took, or has taken where the vendor tells.',
  })
  duration(@Root() run: BackupRun): string | undefined {
    return run.durationSeconds === undefined ? undefined : formatIsoDuration(run.durationSeconds);
  }

  @FieldResolver()
  async conditions(@Root() run: BackupRun, @Ctx() context: OperationContext): Promise<readonly RunCondition[]> {
    // Only what has been under way for long can be stalled; its history is read for that.
    if (run.jobNativeId === undefined || !mayBeStalled(run, context.startedAt)) return run.conditions;
    const history = await context
      .loadersOf(run)
      .runsOfJob.load({ sourceKey: run.sourceKey, nativeId: run.jobNativeId })
      .catch(() => undefined);
    const { clockSkewSeconds } = context.source(run.sourceKey, 'id').health();
    const reading = stallReading(run, history?.rows ?? [], { now: context.startedAt, clockSkewSeconds });
    const stalled = stalledCondition(reading);
    return stalled === undefined ? run.conditions : [...run.conditions, stalled];
  }

  @FieldResolver(() => [RunMessageType], {
    nullable: true,
    description: 'What it logged; null beside an error when that could not be read, and of a run from history.',
  })
  messages(@Root() run: BackupRun, @Ctx() context: OperationContext): Promise<readonly RunMessage[] | undefined> {
    return messagesOf(run, context);
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'Errors that were logged; null when the vendor does not count them.',
  })
  errorCount(@Root() run: BackupRun, @Ctx() context: OperationContext): Promise<number | undefined> {
    return countOf(run, run.errorCount, 'ERROR', context);
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'Warnings that were logged; null when the vendor does not count them.',
  })
  warningCount(@Root() run: BackupRun, @Ctx() context: OperationContext): Promise<number | undefined> {
    return countOf(run, run.warningCount, 'WARNING', context);
  }

  @FieldResolver(() => WindowComplianceType, {
    nullable: true,
    description: "How it stood to its job's backup window; null beside an error when the job could not be read.",
  })
  async windowCompliance(@Root() run: BackupRun, @Ctx() context: OperationContext): Promise<WindowCompliance> {
    return windowCompliance((await this.job(run, context))?.schedule?.window, run);
  }

  @FieldResolver(() => [CapabilityType], { description: 'What can be done with it in its present state.' })
  capabilities(
    @Root() run: BackupRun,
    @Arg('operations', () => [OperationEnum], { nullable: true, description: 'Only these; all when left out.' })
    operations: Operation[] | undefined,
    @Ctx() context: OperationContext,
  ): Capability[] {
    const source = context.source(run.sourceKey, 'id');
    const readings = run.fromHistory ? NOTHING_CAN_BE_DONE : source.reader.runCapabilities(run);
    return capabilityList(readings, operations ?? undefined, source, context);
  }
}

function mayBeStalled({ status, startedAt }: BackupRun, now: Date): boolean {
  const isUnderWay = status === 'RUNNING' || status === 'CANCELING';
  return (
    isUnderWay && startedAt !== undefined && now.getTime() - startedAt.getTime() > (LEAST_STALL_SECONDS * SECOND_MS) / 2
  );
}

async function messagesOf(run: BackupRun, context: OperationContext): Promise<readonly RunMessage[] | undefined> {
  if (run.fromHistory) return undefined;
  return run.messages === 'NOT_TOLD' ? context.loadersOf(run).messages.load(run) : run.messages;
}

/** The vendor's own count, or the lines of that severity where the log is a call of its own and tells severities. */
async function countOf(
  run: BackupRun,
  told: number | undefined,
  severity: Severity,
  context: OperationContext,
): Promise<number | undefined> {
  if (told !== undefined || run.messages !== 'NOT_TOLD' || run.fromHistory) return told;
  const messages = await messagesOf(run, context);
  if (messages === undefined || messages.some((message) => message.severity === undefined)) return undefined;
  return messages.filter((message) => message.severity === severity).length;
}
