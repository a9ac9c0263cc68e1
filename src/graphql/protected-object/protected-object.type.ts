import { Directive, Field, ObjectType } from 'type-graphql';
import type { ProtectedObject, ProtectedObjectKind } from '../../domain/protected-object.ts';
import { connectionType } from '../connection.type.ts';
import { ProtectedObjectKindEnum } from '../enums.ts';
import { NodeInterface } from '../node/node.type.ts';

@Directive('@key(fields: "id")')
@ObjectType('ProtectedObject', {
  implements: NodeInterface,
  description:
    "The thing whose loss would hurt: a tenant's configuration, an appliance, an organisation's mailboxes, a computer's backup set.",
})
export class ProtectedObjectType extends NodeInterface implements Omit<ProtectedObject, 'sourceKey' | 'nativeId'> {
  @Field(() => String, { description: 'Its name, for people.' })
  readonly name!: string;

  @Field(() => ProtectedObjectKindEnum, { description: 'What sort of thing it is.' })
  readonly kind!: ProtectedObjectKind;
}

export const ProtectedObjectConnectionType = connectionType<ProtectedObject>(
  'ProtectedObject',
  () => ProtectedObjectType,
  { row: 'protected object', rows: 'protected objects' },
);
