import { ArgsType, Field, Int } from 'type-graphql';
import { MAX_PAGE_SIZE } from './connection.ts';

const DEFAULT_PAGE_SIZE = 20;

/** The arguments that every list has. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many rows, 0 to ${MAX_PAGE_SIZE}.`,
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Rows behind this cursor, which must come from the same list with the same filter and order.',
  })
  readonly after?: string | null;
}

/** Page arguments without GraphQL's nulls. */
export function pageOf(
  args: Pick<PageArgs, 'first' | 'after'>,
  defaultFirst = DEFAULT_PAGE_SIZE,
): { readonly first: number; readonly after: string | undefined } {
  return { first: args.first ?? defaultFirst, after: args.after ?? undefined };
}
