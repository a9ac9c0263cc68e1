import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { ArgsDictionary } from 'type-graphql';
import { formatIsoDuration } from '../../domain/duration.ts';
import { GatewayError } from '../../domain/errors.ts';
import { objectFits, runFits } from '../../domain/filters.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { HealthChange, RpoChange, RunChange } from '../../live/live-hub.ts';
import { BackupJobFilterInput, jobFilter } from '../backup-job/backup-job.input.ts';
import { BackupRunFilterInput, runFilter } from '../backup-run/backup-run.input.ts';
import type { GatewaySource, Listening, OperationContext } from '../context.ts';
import { sourceKeyOf } from '../filters.ts';
import { ProtectedObjectFilterInput, objectFilter } from '../protected-object/protected-object.input.ts';
import { ProtectedObjectType } from '../protected-object/protected-object.type.ts';
import { ReadOptionsInput, readChoice } from '../read-options.input.ts';
import { DurationScalar } from '../scalars.ts';
import { VendorSourceType } from '../source/source.type.ts';
import { sourceSnapshots, type SourceSnapshot } from './source-snapshots.ts';
import { BackupRunChangeType, SourceSnapshotType } from './subscription.type.ts';

/** What `subscribe` is given. */
interface Asked {
  readonly args: ArgsDictionary;
  readonly context: OperationContext;
}

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => BackupRunChangeType, {
    subscribe: ({ args, context }: Asked) => listenToRuns(args, context),
    description:
      'Runs whose status, progress or end has changed and that fit the filter as they are now. Those under way come first. One poller a source serves all who listen, and none runs while nobody does.',
  })
  backupRunChanged(
    @Root() change: RunChange,
    @Arg('filter', () => BackupRunFilterInput, {
      nullable: true,
      description: 'Which runs; all when left out. Sources that cannot have any are not asked.',
    })
    _filter: BackupRunFilterInput | undefined,
    @Ctx() context: OperationContext,
  ): RunChange {
    // What is read below the run is at least as fresh as the run.
    const maxAgeMs = Math.max(0, context.startedAt.getTime() - change.run.observedAt.getTime());
    context.remember([change.run], { maxAgeMs });
    return change;
  }

  @Subscription(() => VendorSourceType, {
    subscribe: ({ args, context }: Asked) => listenToHealth(args, context),
    description:
      'Sources whose health turned from one state to another, found by whatever call was made. Each source comes once as it stands at first.',
  })
  sourceHealthChanged(
    @Root() change: HealthChange,
    @Arg('sources', () => [ID], {
      nullable: true,
      description: 'Only these sources: their global ids or keys; all when left out.',
    })
    _sources: string[] | undefined,
    @Ctx() context: OperationContext,
  ): GatewaySource {
    return context.source(change.sourceKey, 'sources');
  }

  @Subscription(() => ProtectedObjectType, {
    subscribe: ({ args, context }: Asked) => listenToVerdicts(args, context),
    description:
      'Protected objects whose verdict turned, each that fits once as it stands at first. UNKNOWN is told too: of a source that cannot be read nothing is known, and no green may stay on a screen.',
  })
  rpoChanged(
    @Root() change: RpoChange,
    @Arg('filter', () => ProtectedObjectFilterInput, {
      nullable: true,
      description:
        'Which objects; all when left out. Verdicts in it hold for the object as it is now: `rpo: [BREACHED]` is not told that one is well again.',
    })
    _filter: ProtectedObjectFilterInput | undefined,
    @Ctx() context: OperationContext,
  ): ProtectedObject {
    // A value of its own, since what is remembered of it belongs to this operation.
    const object = { ...change.object };
    context.remember([object], { maxAgeMs: Math.max(0, context.startedAt.getTime() - change.observedAt.getTime()) });
    context.rememberVerdict(object, change.rpo);
    return object;
  }

  @Subscription(() => SourceSnapshotType, {
    subscribe: ({ args, context }: Asked) => snapshots(args, context),
    description:
      'One event for each source as it answers, the quickest first; then it is complete. For pages that show what they have without waiting for the slowest source.',
  })
  sourceSnapshots(
    @Root() snapshot: SourceSnapshot,
    @Arg('filter', () => BackupJobFilterInput, { nullable: true, description: 'Which jobs; all when left out.' })
    _filter: BackupJobFilterInput | undefined,
    @Arg('read', () => ReadOptionsInput, { nullable: true, description: 'How hard to try.' })
    _read: ReadOptionsInput | undefined,
    @Ctx() context: OperationContext,
  ): SourceSnapshot {
    context.remember(snapshot.jobs, snapshot.choice);
    return snapshot;
  }
}

@Resolver(() => BackupRunChangeType)
export class BackupRunChangeResolver {
  @FieldResolver(() => DurationScalar, {
    description: 'How far apart looks at the source are now: what changes is told that much later at most.',
  })
  pollInterval(@Root() change: RunChange): string {
    return formatIsoDuration(change.pollIntervalMs / 1000);
  }
}

/** The arguments are as GraphQL gives them: null and left out mean the same. */
function listenToRuns(args: ArgsDictionary, context: OperationContext): AsyncIterable<RunChange> {
  const { hub, onTooSlow } = listening(context);
  const filter = runFilter((args['filter'] as BackupRunFilterInput | null) ?? undefined, context);
  const sourceKeys = context
    .select(filter)
    .map(({ key }) => key)
    .filter((key) => filter.jobs?.some(({ sourceKey }) => sourceKey === key) ?? true);
  return hub.runs({ sourceKeys, fits: (run) => runFits(run, filter), onTooSlow });
}

function listenToHealth(args: ArgsDictionary, context: OperationContext): AsyncIterable<HealthChange> {
  const { hub, onTooSlow } = listening(context);
  const given = (args['sources'] as readonly string[] | null) ?? undefined;
  const sources = given?.map((id) => sourceKeyOf(id, context, 'sources'));
  return hub.health({ sourceKeys: context.select({ sources }).map(({ key }) => key), onTooSlow });
}

function listenToVerdicts(args: ArgsDictionary, context: OperationContext): AsyncIterable<RpoChange> {
  const { hub, onTooSlow } = listening(context);
  const input = (args['filter'] as ProtectedObjectFilterInput | null) ?? undefined;
  const filter = objectFilter(input, context);
  const verdicts = input?.rpo ?? undefined;
  return hub.rpo({
    sourceKeys: context.select(filter).map(({ key }) => key),
    fits: (object, verdict) => objectFits(object, filter) && (verdicts?.includes(verdict) ?? true),
    onTooSlow,
  });
}

function snapshots(args: ArgsDictionary, context: OperationContext): AsyncIterable<SourceSnapshot> {
  const filter = jobFilter((args['filter'] as BackupJobFilterInput | null) ?? undefined, context);
  const choice = readChoice((args['read'] as ReadOptionsInput | null) ?? undefined);
  return sourceSnapshots(context, filter, choice);
}

function listening({ listening: given }: OperationContext): Listening {
  if (given !== undefined) return given;
  throw new GatewayError('UNSUPPORTED', 'Subscriptions are served as event streams and over WebSocket only.');
}
