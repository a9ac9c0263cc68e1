import { GatewayError } from '../../domain/errors.ts';
import { SOURCE_KEY, decodeGlobalId, encodeGlobalId, type NodeType } from '../../domain/native-id.ts';
import { buildGatewaySchema } from '../build-schema.ts';
import type { OperationContext } from '../context.ts';
import { found } from '../filters.ts';
import { readNode } from '../node/node.resolver.ts';
import { nodeTypeOf, type NodeValue } from '../node/node.type.ts';
import { federate, type Representation, type Subgraph } from './federate.ts';
import type { TypeNames } from './type-names.ts';

const ARGUMENT = 'representations';

/**
 * The gateway's schema as it is served: to its own callers, and to routers as a subgraph.
 *
 * @throws TypeNamesError when a type cannot be called as asked.
 */
export async function buildGatewaySubgraph(names: TypeNames = {}): Promise<Subgraph> {
  return federate<OperationContext>(await buildGatewaySchema(names), {
    readEntity,
    typeOf: (entity) => nodeTypeOf(entity as NodeValue),
    leaveOut: ['node', 'nodes'],
  });
}

/** The entity that a representation names. @throws INVALID_INPUT or NOT_FOUND, or what befell its source */
async function readEntity(
  typeName: string,
  representation: Representation,
  context: OperationContext,
): Promise<NodeValue> {
  // The entities are the nodes: a test holds the two together.
  const id = decodeGlobalId(idOf(typeName, representation), ARGUMENT, typeName as NodeType);
  return found(await readNode(id, context, ARGUMENT), typeName, ARGUMENT);
}

/** The global id, by whichever key is there: a job has two. */
function idOf(typeName: string, { id, sourceKey, nativeId }: Representation): string {
  if (typeof id === 'string') return id;
  if (typeName === 'BackupJob' && typeof sourceKey === 'string' && typeof nativeId === 'string') {
    if (SOURCE_KEY.test(sourceKey)) return encodeGlobalId('BackupJob', sourceKey, nativeId);
  }
  throw new GatewayError('INVALID_INPUT', `An item of argument "${ARGUMENT}" holds no key of ${typeName}.`, {
    argument: ARGUMENT,
  });
}
