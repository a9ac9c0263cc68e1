import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import { leftRestorableCopy, type BackupRun } from '../../domain/backup-run.ts';
import { encodeGlobalId } from '../../domain/native-id.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { Capability, Operation } from '../../domain/source.ts';
import { BackupRunsOfJobArgs } from '../backup-run/backup-run.args.ts';
import { BackupRunConnectionType, BackupRunType } from '../backup-run/backup-run.type.ts';
import { capabilityList } from '../capabilities.ts';
import type { Connection } from '../connection.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { NODE_ID_TEXT } from '../node/node.type.ts';
import { OperationEnum } from '../enums.ts';
import { found, refOf } from '../filters.ts';
import { listJobs, listRunsOfJob } from '../lists.ts';
import { pageOf } from '../page.args.ts';
import { ProtectedObjectType } from '../protected-object/protected-object.type.ts';
import { readChoice } from '../read-options.input.ts';
import { ScheduleType, type ScheduleView } from '../schedule/schedule.type.ts';
import { MissedRunsType, missedView } from '../rpo/rpo.type.ts';
import { boundedPeriod, PeriodInput, periodOf } from '../status-report/period.input.ts';
import { CapabilityType, VendorSourceType } from '../source/source.type.ts';
import { BackupJobsArgs } from './backup-job.args.ts';
import { BackupJobConnectionType, BackupJobType } from './backup-job.type.ts';

@Resolver(() => BackupJobType)
export class BackupJobResolver {
  @Query(() => BackupJobConnectionType, {
    description:
      'Jobs of all sources. A source that fails costs only its own rows; `sources` says what became of each.',
  })
  backupJobs(
    @Args(() => BackupJobsArgs) args: BackupJobsArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<BackupJob>> {
    return listJobs(context, { ...args, ...pageOf(args), choice: readChoice(args.read) });
  }

  @Query(() => BackupJobType, {
    nullable: true,
    description: 'One job. Null beside an error when it does not exist or could not be read.',
  })
  async backupJob(
    @Arg('id', () => ID, { description: 'Global id of the job.' }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<BackupJob> {
    return found(await context.loaders().job.load(refOf(id, 'BackupJob', context, 'id')), 'job', 'id');
  }

  @FieldResolver(() => ID, { description: NODE_ID_TEXT })
  id(@Root() job: BackupJob): string {
    return encodeGlobalId('BackupJob', job.sourceKey, job.nativeId);
  }

  @FieldResolver(() => VendorSourceType, { description: 'Where it was read.' })
  source(@Root() job: BackupJob, @Ctx() context: OperationContext): GatewaySource {
    return context.source(job.sourceKey, 'id');
  }

  @FieldResolver(() => ProtectedObjectType, {
    nullable: true,
    description: 'What it protects; null when the vendor does not tell, or beside an error when it could not be read.',
  })
  async protects(@Root() job: BackupJob, @Ctx() context: OperationContext): Promise<ProtectedObject | undefined> {
    if (job.protects === undefined) return undefined;
    return context.loadersOf(job).object.load({ sourceKey: job.sourceKey, nativeId: job.protects.nativeId });
  }

  @FieldResolver(() => BackupRunType, {
    nullable: true,
    description: 'The newest run; null when it never ran, or beside an error when it could not be read.',
  })
  async lastRun(@Root() job: BackupJob, @Ctx() context: OperationContext): Promise<BackupRun | undefined> {
    if (job.lastRun !== 'NOT_TOLD') return job.lastRun;
    return (await context.loadersOf(job).runsOfJob.load(job))?.rows[0];
  }

  @FieldResolver(() => BackupRunType, {
    nullable: true,
    description: 'The newest run that left something restorable, among those that the vendor still knows.',
  })
  async lastSuccess(@Root() job: BackupJob, @Ctx() context: OperationContext): Promise<BackupRun | undefined> {
    return (await context.loadersOf(job).runsOfJob.load(job))?.rows.find(leftRestorableCopy);
  }

  @FieldResolver(() => ScheduleType, {
    nullable: true,
    description: 'When it is due; null when the vendor exposes no schedule for it.',
  })
  schedule(@Root() job: BackupJob, @Ctx() context: OperationContext): ScheduleView | undefined {
    context.writes.schedules.saw(job);
    return job.schedule === undefined ? undefined : { ...job.schedule, job };
  }

  @FieldResolver(() => BackupRunConnectionType, { description: 'Its runs, newest first.' })
  runs(
    @Root() job: BackupJob,
    @Args(() => BackupRunsOfJobArgs) args: BackupRunsOfJobArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<BackupRun>> {
    return listRunsOfJob(context, job, { ...args, ...pageOf(args), choice: context.choiceOf(job) });
  }

  @FieldResolver(() => MissedRunsType, {
    nullable: true,
    description:
      'Due instants at which nothing began, worked out from schedule and history; null when that cannot be judged, such as without a known zone or with a history that was not read whole.',
  })
  async missedRuns(
    @Root() job: BackupJob,
    @Arg('period', () => PeriodInput, {
      nullable: true,
      description: 'The last 7 days when left out; at most 400 days.',
    })
    period: PeriodInput | undefined,
    @Ctx() context: OperationContext,
  ): Promise<MissedRunsType | undefined> {
    const wanted = boundedPeriod(periodOf(period, context.startedAt, 7));
    const { assessment, reading } = await context.loadersOf(job).assessment.load(job.sourceKey);
    const missed = assessment.missedOf(job.nativeId, wanted, await context.loadersOf(job).past(reading, wanted));
    return missed && missedView(missed);
  }

  @FieldResolver(() => [CapabilityType], { description: 'What can be done with it in its present state.' })
  capabilities(
    @Root() job: BackupJob,
    @Arg('operations', () => [OperationEnum], { nullable: true, description: 'Only these; all when left out.' })
    operations: Operation[] | undefined,
    @Ctx() context: OperationContext,
  ): Capability[] {
    const source = context.source(job.sourceKey, 'id');
    return capabilityList(source.reader.jobCapabilities(job), operations ?? undefined, source, context);
  }
}
