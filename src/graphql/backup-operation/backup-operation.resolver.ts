import { Arg, Args, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { GatewayError } from '../../domain/errors.ts';
import { decodeGlobalId, encodeGlobalId } from '../../domain/native-id.ts';
import type { Operation } from '../../domain/source.ts';
import { WRITE_VERBS, type WriteVerb } from '../../domain/write-request.ts';
import type { StoredAuditEntry, StoredPage } from '../../store/operation-store.ts';
import type { SourceErrorValue } from '../aggregate.ts';
import { checkPageSize, decodePlace, placeCursors, type Connection } from '../connection.ts';
import type { GatewaySource, OperationContext } from '../context.ts';
import { found, sourceKeyOf } from '../filters.ts';
import { NODE_ID_TEXT } from '../node/node.type.ts';
import { pageOf } from '../page.args.ts';
import { UserErrorInterface, UserErrorValue, shownError } from '../write/user-error.type.ts';
import { jobOf, readOperation, runOf } from './about.ts';
import { AuditTrailArgs, BackupOperationsArgs } from './backup-operation.input.ts';
import {
  AuditEntryConnectionType,
  BackupOperationConnectionType,
  BackupOperationType,
  type AuditEntryType,
  type OperationView,
} from './backup-operation.type.ts';

type Page<Row> = Omit<Connection<Row>, 'sources'>;

@Resolver(() => BackupOperationType)
export class BackupOperationResolver {
  @Query(() => BackupOperationType, {
    nullable: true,
    description: 'One write by its id. Null beside an error when it is not known, or no longer kept.',
  })
  async backupOperation(
    @Arg('id', () => ID, { description: 'Global id of the operation.' }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<OperationView> {
    const { sourceKey, nativeId } = decodeGlobalId(id, 'id', 'BackupOperation');
    return found(await readOperation(context, sourceKey, nativeId), 'operation', 'id');
  }

  @Query(() => BackupOperationConnectionType, { description: 'The writes that were asked for, newest first.' })
  async backupOperations(
    @Args(() => BackupOperationsArgs) args: BackupOperationsArgs,
    @Ctx() context: OperationContext,
  ): Promise<Page<OperationView>> {
    const filter = args.filter ?? {};
    const query = {
      sourceKeys: filter.sources?.map((id) => sourceKeyOf(id, context, 'filter.sources')),
      requestedBy: filter.requestedBy ?? undefined,
      states: filter.states ?? undefined,
      verbs: writeVerbs(filter.operations),
      requestedAfter: filter.requestedAfter ?? undefined,
      requestedBefore: filter.requestedBefore ?? undefined,
      idempotencyKey: filter.idempotencyKey ?? undefined,
    };
    const { first, after } = pageOf(args);
    const list = ['operations', query];
    const page = await context.writes.listOperations(query, checkPageSize(first) + 1, decodePlace(after, list));
    const rows = page.rows.map((operation) => ({ ...operation, replayed: false }));
    return pageFrom({ ...page, rows }, first, after, list, ({ requestedAt, id }) => ({ at: requestedAt, id }));
  }

  @Directive('@tag(name: "operator")')
  @Query(() => AuditEntryConnectionType, {
    description: 'Every attempt to write, newest first. For callers with the role admin.',
  })
  async auditTrail(
    @Args(() => AuditTrailArgs) args: AuditTrailArgs,
    @Ctx() context: OperationContext,
  ): Promise<Page<AuditEntryType>> {
    if (context.caller.role !== 'ADMIN')
      throw new GatewayError('PERMISSION', 'The audit trail is for callers with the role admin.');
    const filter = args.filter ?? {};
    const query = {
      sourceKeys: filter.sources?.map((id) => sourceKeyOf(id, context, 'filter.sources')),
      callers: filter.callers ?? undefined,
      verbs: writeVerbs(filter.operations),
      after: filter.after ?? undefined,
      before: filter.before ?? undefined,
    };
    const { first, after } = pageOf(args);
    const list = ['audit', query];
    const page = await context.writes.listAudit(query, checkPageSize(first) + 1, decodePlace(after, list));
    const shown = pageFrom(page, first, after, list, ({ at, id }) => ({ at, id }));
    const edges = shown.edges.map(({ cursor, node }) => ({ cursor, node: auditEntry(node) }));
    return { ...shown, edges, nodes: edges.map(({ node }) => node) };
  }

  @FieldResolver(() => ID, { description: NODE_ID_TEXT })
  id(@Root() operation: OperationView): string {
    return encodeGlobalId('BackupOperation', operation.sourceKey, operation.id);
  }

  @FieldResolver()
  operation(@Root() { verb }: OperationView): Operation {
    return verb;
  }

  @FieldResolver()
  source(@Root() { sourceKey }: OperationView, @Ctx() context: OperationContext): GatewaySource {
    return context.source(sourceKey, 'id');
  }

  @FieldResolver()
  job(@Root() operation: OperationView, @Ctx() context: OperationContext): Promise<BackupJob | undefined> {
    return jobOf(operation, context);
  }

  @FieldResolver()
  run(@Root() operation: OperationView, @Ctx() context: OperationContext): Promise<BackupRun | undefined> {
    return runOf(operation, context);
  }

  @FieldResolver()
  error(@Root() { refusals }: OperationView): SourceErrorValue | undefined {
    const error = refusals.find((refusal) => refusal.error !== undefined)?.error;
    return error === undefined ? undefined : shownError(error);
  }

  @FieldResolver(() => [UserErrorInterface], {
    description: 'Why it was not done, or is not known to have been done; empty when it was, or when it is still open.',
  })
  userErrors(
    @Root() { sourceKey, verb, refusals }: OperationView,
    @Ctx() context: OperationContext,
  ): readonly UserErrorValue[] {
    const source = context.source(sourceKey, 'id');
    return refusals.map((refusal) => new UserErrorValue(refusal, source, verb, context));
  }
}

/** Only writes are operations: reading is not recorded. */
function writeVerbs(operations: readonly Operation[] | null | undefined): readonly WriteVerb[] | undefined {
  return operations === null || operations === undefined
    ? undefined
    : WRITE_VERBS.filter((verb) => operations.includes(verb));
}

function auditEntry(entry: StoredAuditEntry): AuditEntryType {
  const { at, caller, verb, sourceKey, jobNativeId, runNativeId, idempotencyKey, operationId, outcome, code } = entry;
  const id = (type: 'BackupJob' | 'BackupRun' | 'BackupOperation', nativeId: string | undefined) =>
    nativeId === undefined ? undefined : encodeGlobalId(type, sourceKey, nativeId);
  return {
    at,
    caller,
    operation: verb,
    sourceKey,
    job: id('BackupJob', jobNativeId),
    run: id('BackupRun', runNativeId),
    idempotencyKey,
    backupOperation: id('BackupOperation', operationId),
    outcome,
    code,
  };
}

/** A page of a list that the store keeps in order; `page` holds one row more where there are more. */
function pageFrom<Row>(
  page: StoredPage<Row>,
  first: number,
  after: string | undefined,
  list: readonly unknown[],
  placeOf: (row: Row) => { readonly at: Date; readonly id: string },
): Page<Row> {
  const cursorOf = placeCursors(list);
  const edges = page.rows.slice(0, first).map((node) => ({ node, cursor: cursorOf(placeOf(node)) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.rows.length > first,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
    totalCount: page.totalCount,
  };
}
