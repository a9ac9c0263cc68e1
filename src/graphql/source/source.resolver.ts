import { Arg, Args, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { GatewayError } from '../../domain/errors.ts';
import { encodeGlobalId } from '../../domain/native-id.ts';
import type { Capability, SourceDrift } from '../../domain/source.ts';
import { JobsOfSourceArgs } from '../backup-job/backup-job.args.ts';
import { BackupJobConnectionType } from '../backup-job/backup-job.type.ts';
import { BackupRunsOfJobArgs } from '../backup-run/backup-run.args.ts';
import { BackupRunConnectionType } from '../backup-run/backup-run.type.ts';
import { sourceErrorValue } from '../aggregate.ts';
import { capabilityList } from '../capabilities.ts';
import type { Connection } from '../connection.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { NODE_ID_TEXT } from '../node/node.type.ts';
import { VendorEnum } from '../enums.ts';
import { sourceFilter, sourceKeyOf } from '../filters.ts';
import { listJobs, listRuns } from '../lists.ts';
import { pageOf } from '../page.args.ts';
import { LabelInput } from './source.input.ts';
import { CapabilityType, SourceDriftType, SourceErrorType, SourceHealthType, VendorSourceType } from './source.type.ts';

@Resolver(() => VendorSourceType)
export class VendorSourceResolver {
  @Query(() => [VendorSourceType], {
    description: 'The configured sources, in the order of the configuration. Makes no vendor call.',
  })
  sources(
    @Arg('vendors', () => [VendorEnum], { nullable: true, description: 'Only of these vendors.' })
    vendors: string[] | undefined,
    @Arg('labels', () => [LabelInput], { nullable: true, description: 'Only those that carry all these labels.' })
    labels: LabelInput[] | undefined,
    @Ctx() context: OperationContext,
  ): GatewaySource[] {
    const wanted = { ...(vendors === undefined ? {} : { vendors }), ...(labels === undefined ? {} : { labels }) };
    return [...context.select(sourceFilter(wanted, context))];
  }

  @Query(() => VendorSourceType, {
    nullable: true,
    description: 'One source, by global id or by key. Makes no vendor call.',
  })
  source(
    @Arg('id', () => ID, { nullable: true, description: 'Global id; leave out `key` then.' }) id: string | undefined,
    @Arg('key', () => String, { nullable: true, description: "The operator's key; leave out `id` then." })
    key: string | undefined,
    @Ctx() context: OperationContext,
  ): GatewaySource {
    if ((id ?? undefined) === undefined && key !== undefined && key !== null) return context.source(key, 'key');
    if (id !== undefined && id !== null && (key ?? undefined) === undefined)
      return context.source(sourceKeyOf(id, context, 'id'), 'id');
    throw new GatewayError('INVALID_INPUT', 'Give exactly one of the arguments "id" and "key".', { argument: 'id' });
  }

  @FieldResolver(() => ID, { description: NODE_ID_TEXT })
  id(@Root() source: GatewaySource): string {
    return encodeGlobalId('VendorSource', source.key);
  }

  @FieldResolver(() => [CapabilityType], {
    description: 'What this endpoint can and cannot do, known before anyone tries.',
  })
  capabilities(@Root() source: GatewaySource, @Ctx() context: OperationContext): Capability[] {
    return capabilityList(source.capabilities, undefined, source, context);
  }

  @FieldResolver(() => SourceHealthType, { description: 'How it has been answering. Makes no vendor call.' })
  health(@Root() source: GatewaySource): SourceHealthType {
    const health = source.health();
    return { ...health, lastError: sourceErrorValue(health.lastError) };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'API version or style, as configured or as the vendor has told so far.',
  })
  apiVersion(@Root() source: GatewaySource): string | undefined {
    return source.reader.apiVersion();
  }

  @FieldResolver(() => BackupJobConnectionType, { nullable: true, description: 'The jobs of this source alone.' })
  jobs(
    @Root() source: GatewaySource,
    @Args(() => JobsOfSourceArgs) args: JobsOfSourceArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<BackupJob>> {
    return listJobs(context, { ...args, ...pageOf(args), choice: {}, within: source });
  }

  @FieldResolver(() => BackupRunConnectionType, {
    nullable: true,
    description: 'The runs of this source alone, newest first.',
  })
  runs(
    @Root() source: GatewaySource,
    @Args(() => BackupRunsOfJobArgs) args: BackupRunsOfJobArgs,
    @Ctx() context: OperationContext,
  ): Promise<Connection<BackupRun>> {
    return listRuns(context, { ...args, ...pageOf(args), choice: {}, within: source });
  }

  @Directive('@tag(name: "operator")')
  @FieldResolver(() => SourceDriftType, {
    description: 'Names and values that this vendor sent and the gateway does not know.',
  })
  drift(@Root() source: GatewaySource): SourceDrift {
    return source.drift();
  }
}

@Resolver(() => SourceErrorType)
export class SourceErrorResolver {
  @FieldResolver(() => ID, { description: "Ties the answer to the gateway's logs." })
  requestId(@Ctx() context: OperationContext): string {
    return context.requestId;
  }
}
