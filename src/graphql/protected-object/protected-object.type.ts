import { Field, Int, ObjectType } from 'type-graphql';
import type { ProtectedObject, ProtectedObjectKind } from '../../domain/protected-object.ts';
import type { SourceResult } from '../aggregate.ts';
import { CONNECTION_TEXTS, PageInfoType, type Connection } from '../connection.ts';
import { ProtectedObjectKindEnum } from '../enums.ts';
import { NodeInterface } from '../node/node.type.ts';
import { SourceResultType } from '../source/source.type.ts';

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

@ObjectType('ProtectedObjectEdge', { description: 'A protected object in its place in a list.' })
export class ProtectedObjectEdgeType {
  @Field(() => String, { description: 'Its place, to be given as `after`.' })
  readonly cursor!: string;

  @Field(() => ProtectedObjectType, { description: 'The object.' })
  readonly node!: ProtectedObject;
}

@ObjectType('ProtectedObjectConnection', { description: 'A page of protected objects.' })
export class ProtectedObjectConnectionType implements Connection<ProtectedObject> {
  @Field(() => [ProtectedObjectEdgeType], { description: CONNECTION_TEXTS.edges })
  readonly edges!: readonly ProtectedObjectEdgeType[];

  @Field(() => [ProtectedObjectType], { description: CONNECTION_TEXTS.nodes })
  readonly nodes!: readonly ProtectedObject[];

  @Field(() => PageInfoType, { description: CONNECTION_TEXTS.pageInfo })
  readonly pageInfo!: PageInfoType;

  @Field(() => Int, { nullable: true, description: CONNECTION_TEXTS.totalCount })
  readonly totalCount!: number | undefined;

  @Field(() => [SourceResultType], { description: CONNECTION_TEXTS.sources })
  readonly sources!: readonly SourceResult[];
}
