import { Field, ID, InterfaceType } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { NodeType } from '../../domain/native-id.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { OperationView } from '../backup-operation/backup-operation.type.ts';
import type { GatewaySource } from '../context.ts';

/** Anything that `node` and `nodes` hand to GraphQL. */
export type NodeValue = GatewaySource | BackupJob | BackupRun | ProtectedObject | OperationView;

/** Domain values carry no type name; each has a member that no other has. */
export function nodeTypeOf(value: NodeValue): NodeType {
  if ('reader' in value) return 'VendorSource';
  if ('requestedAt' in value) return 'BackupOperation';
  if ('jobNativeId' in value) return 'BackupRun';
  return 'protects' in value ? 'BackupJob' : 'ProtectedObject';
}

export const NODE_ID_TEXT = "Global id: stable, readable and safe in a URL. It says type, source and the vendor's key.";

@InterfaceType('Node', {
  description: 'Anything that the gateway can fetch again by its global id.',
  resolveType: nodeTypeOf,
})
export abstract class NodeInterface {
  @Field(() => ID, { description: NODE_ID_TEXT })
  readonly id!: string;
}
