import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import { decodeGlobalId, type GlobalId } from '../../domain/native-id.ts';
import { readOperation } from '../backup-operation/about.ts';
import { runOrKept } from '../backup-run/kept-run.ts';
import type { OperationContext } from '../context.ts';
import { found } from '../filters.ts';
import { NodeInterface, type NodeValue } from './node.type.ts';

const MAX_NODES = 100;

@Resolver()
export class NodeResolver {
  @Query(() => NodeInterface, {
    nullable: true,
    description: 'One thing by its global id. Null beside an error when it does not exist or could not be read.',
  })
  async node(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<NodeValue> {
    return found(await fetchNode(id, context, 'id'), 'thing', 'id');
  }

  @Query(() => [NodeInterface], {
    nullable: 'items',
    description: `Up to ${MAX_NODES} things by their global ids, in the order of the ids; null, beside an error, for each that could not be read.`,
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Global ids.' }) ids: string[],
    @Ctx() context: OperationContext,
  ): (Promise<NodeValue> | NodeValue)[] {
    if (ids.length > MAX_NODES) {
      throw new GatewayError('INVALID_INPUT', `Argument "ids" may hold up to ${MAX_NODES} ids.`, { argument: 'ids' });
    }
    return ids.map(async (id) => found(await fetchNode(id, context, 'ids'), 'thing', 'ids'));
  }
}

async function fetchNode(id: string, context: OperationContext, argument: string): Promise<NodeValue | undefined> {
  return readNode(decodeGlobalId(id, argument), context, argument);
}

/** What an id names, through the loaders; undefined when the source does not have it. @throws NOT_FOUND naming the argument */
export async function readNode(
  { type, sourceKey, nativeId }: GlobalId,
  context: OperationContext,
  argument: string,
): Promise<NodeValue | undefined> {
  const source = context.source(sourceKey, argument);
  const loaders = context.loaders();
  const ref = { sourceKey, nativeId };
  switch (type) {
    case 'VendorSource':
      return source;
    case 'BackupJob':
      return loaders.job.load(ref);
    case 'BackupRun':
      return runOrKept(ref, context);
    case 'ProtectedObject':
      return loaders.object.load(ref);
    case 'BackupOperation':
      return readOperation(context, sourceKey, nativeId);
  }
}
