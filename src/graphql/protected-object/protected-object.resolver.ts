import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import { compareNewestFirst, leftRestorableCopy, type BackupRun } from '../../domain/backup-run.ts';
import { encodeGlobalId } from '../../domain/native-id.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import { BackupJobConnectionType } from '../backup-job/backup-job.type.ts';
import { BackupRunType } from '../backup-run/backup-run.type.ts';
import type { Connection } from '../connection.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { NODE_ID_TEXT } from '../node/node.type.ts';
import { listJobsOfObject, listObjects } from '../lists.ts';
import { PageArgs, pageOf } from '../page.args.ts';
import { ReadOptionsInput, readChoice } from '../read-options.input.ts';
import { RpoStatusType, rpoView } from '../rpo/rpo.type.ts';
import { VendorSourceType } from '../source/source.type.ts';
import { ProtectedObjectFilterInput } from './protected-object.input.ts';
import { ProtectedObjectConnectionType, ProtectedObjectType } from './protected-object.type.ts';

@ArgsType()
class ProtectedObjectsArgs extends PageArgs {
  @Field(() => ProtectedObjectFilterInput, { nullable: true, description: 'Which objects; all when left out.' })
  readonly filter?: ProtectedObjectFilterInput;

  @Field(() => ReadOptionsInput, { nullable: true, description: 'How hard to try.' })
  readonly read?: ReadOptionsInput;
}

@Resolver(() => ProtectedObjectType)
export class ProtectedObjectResolver {
  @Query(() => ProtectedObjectConnectionType, { description: 'What is protected, over all sources, by name.' })
  protectedObjects(
    @Args(() => ProtectedObjectsArgs) args: ProtectedObjectsArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<ProtectedObject>> {
    return listObjects(context, { ...args, ...pageOf(args), choice: readChoice(args.read) });
  }

  @FieldResolver(() => ID, { description: NODE_ID_TEXT })
  id(@Root() object: ProtectedObject): string {
    return encodeGlobalId('ProtectedObject', object.sourceKey, object.nativeId);
  }

  @FieldResolver(() => VendorSourceType, { description: 'Where it was read.' })
  source(@Root() object: ProtectedObject, @Ctx() context: OperationContext): GatewaySource {
    return context.source(object.sourceKey, 'id');
  }

  @FieldResolver(() => BackupRunType, {
    nullable: true,
    description:
      'The newest run over all its jobs that left something restorable, among those that the vendor still knows; null beside an error when a job could not be read.',
  })
  async lastSuccess(@Root() object: ProtectedObject, @Ctx() context: OperationContext): Promise<BackupRun | undefined> {
    const loaders = context.loadersOf(object);
    const reading = await loaders.jobsOfSource.load(object.sourceKey);
    if (reading.failure !== undefined) throw reading.failure;
    const jobs = reading.rows.filter(({ protects }) => protects?.nativeId === object.nativeId);
    const runs = await Promise.all(jobs.map((job) => loaders.runsOfJob.load(job)));
    return runs
      .flatMap((answer) => answer?.rows ?? [])
      .filter(leftRestorableCopy)
      .toSorted(compareNewestFirst)[0];
  }

  @FieldResolver(() => RpoStatusType, {
    nullable: true,
    description:
      'How it stands to its recovery point objective, over all its jobs. UNKNOWN, and never good, when its source could not be read.',
  })
  async rpo(@Root() object: ProtectedObject, @Ctx() context: OperationContext): Promise<RpoStatusType> {
    const told = context.verdictOf(object);
    if (told !== undefined) return rpoView(told);
    const { assessment } = await context.loadersOf(object).assessment.load(object.sourceKey);
    return rpoView(assessment.rpo(object.nativeId));
  }

  @FieldResolver(() => BackupJobConnectionType, { description: 'The jobs that protect it, by name.' })
  jobs(
    @Root() object: ProtectedObject,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<BackupJob>> {
    return listJobsOfObject(context, object, pageOf(args));
  }
}
