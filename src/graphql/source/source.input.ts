import { Field, ID, InputType } from 'type-graphql';
import { VendorEnum } from '../enums.ts';

@InputType('LabelInput', { description: 'A label to be carried; without a value any value of that name fits.' })
export class LabelInput {
  @Field(() => String, { description: 'What the label tells, such as `site`.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'What it is to be; any when left out.' })
  readonly value?: string;
}

/** The conditions on sources that all filters share. */
@InputType()
export class SourceFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Only these sources: their global ids or keys.' })
  readonly sources?: readonly string[];

  @Field(() => [VendorEnum], { nullable: true, description: 'Only sources of these vendors.' })
  readonly vendors?: readonly string[];

  @Field(() => [LabelInput], { nullable: true, description: 'Only sources that carry all these labels.' })
  readonly labels?: readonly LabelInput[];
}
