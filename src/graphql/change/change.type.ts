import { Field, ObjectType, createUnionType } from 'type-graphql';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { RpoVerdict } from '../../domain/rpo.ts';
import type { SourceState } from '../../domain/source.ts';
import type { RunChange } from '../../live/live-hub.ts';
import type { GatewaySource } from '../context.ts';
import { RpoVerdictEnum, SourceStateEnum } from '../enums.ts';
import { ProtectedObjectType } from '../protected-object/protected-object.type.ts';
import { DateTimeScalar } from '../scalars.ts';
import { VendorSourceType } from '../source/source.type.ts';
import { BackupRunChangeType } from '../subscription/subscription.type.ts';

@ObjectType('RpoChange', { description: 'A protected object that came to stand otherwise to its objective.' })
export class RpoChangeType {
  @Field(() => ProtectedObjectType, { description: 'The object; `object.rpo` tells how it stands now.' })
  readonly object!: ProtectedObject;

  @Field(() => RpoVerdictEnum, { description: 'How it stood from then on.' })
  readonly verdict!: RpoVerdict;

  @Field(() => RpoVerdictEnum, { nullable: true, description: 'How it stood before; null for an object that was new.' })
  readonly previousVerdict!: RpoVerdict | undefined;

  @Field(() => DateTimeScalar, { description: 'When the gateway saw it.' })
  readonly observedAt!: Date;
}

@ObjectType('SourceHealthChange', { description: 'A source whose health turned.' })
export class SourceHealthChangeType {
  @Field(() => VendorSourceType, { description: 'The source; `source.health` tells how it stands now.' })
  readonly source!: GatewaySource;

  @Field(() => SourceStateEnum, { description: 'How it stood from then on.' })
  readonly state!: SourceState;

  @Field(() => SourceStateEnum, { nullable: true, description: 'How it stood before; null when that is not known.' })
  readonly previousState!: SourceState | undefined;

  @Field(() => DateTimeScalar, { description: 'When the gateway saw it.' })
  readonly observedAt!: Date;
}

export type ChangeValue = RunChange | RpoChangeType | SourceHealthChangeType;

export const ChangeUnion = createUnionType({
  name: 'Change',
  description: 'Something that was not as it had been.',
  types: () => [BackupRunChangeType, RpoChangeType, SourceHealthChangeType] as const,
  resolveType: (value: object) => {
    if ('run' in value) return BackupRunChangeType;
    return 'object' in value ? RpoChangeType : SourceHealthChangeType;
  },
});

/** Changes in the order in which they were seen. */
export interface ChangePage {
  readonly changes: readonly ChangeValue[];
  readonly next: string;
  readonly contiguous: boolean;
}

@ObjectType('ChangePage', { description: 'Changes in the order in which the gateway saw them.' })
export class ChangePageType implements ChangePage {
  @Field(() => [ChangeUnion], {
    description:
      'The changes. A run stands here as it was then; there may be several of one run. Fewer than `first` of them: that is all up to now.',
  })
  readonly changes!: readonly ChangeValue[];

  @Field(() => String, { description: 'What to give as `since` the next time. Opaque.' })
  readonly next!: string;

  @Field(() => Boolean, {
    description:
      'False when changes are missing before the first one here, because the cursor is too old or belongs to another store: read afresh what you show.',
  })
  readonly contiguous!: boolean;
}
