import { Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import type { SourceResult } from './aggregate.ts';
import type { Connection, PageInfo } from './connection.ts';
import { SourceResultType } from './source/source.type.ts';

@Directive('@shareable')
@ObjectType('PageInfo', { description: 'Where a page lies in its list.' })
export class PageInfoType implements PageInfo {
  @Field(() => Boolean, {
    description:
      'Whether more rows are known behind this page. A source that did not answer may hold more all the same.',
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether rows lie before this page.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  readonly startCursor!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last row, to be given as `after`; null on an empty page.',
  })
  readonly endCursor!: string | undefined;
}

/**
 * The object type `<name>Connection` with its `<name>Edge`, for lists over sources.
 *
 * `row` and `rows` name the rows in the descriptions, such as `job` and `jobs`.
 */
export function connectionType<Row extends object>(
  name: string,
  type: () => ClassType<object>,
  { row, rows }: { readonly row: string; readonly rows: string },
): ClassType<Connection<Row>> {
  const Page = pageType<Row>(name, type, row);

  @ObjectType(`${name}Connection`, { description: `A page of ${rows}.` })
  class ConnectionType extends Page implements Connection<Row> {
    @Field(() => [SourceResultType], {
      description: 'What became of each source that was asked. An answer is whole only when every outcome is OK.',
    })
    readonly sources!: readonly SourceResult[];
  }
  return ConnectionType;
}

/** The part of a connection that says nothing of sources, to be extended by a class with the connection's name. */
export function pageType<Row extends object>(
  name: string,
  type: () => ClassType<object>,
  row: string,
): ClassType<Omit<Connection<Row>, 'sources'>> {
  @ObjectType(`${name}Edge`, { description: `One ${row} in its place in a list.` })
  class Edge {
    @Field(() => String, { description: 'Its place, to be given as `after`.' })
    readonly cursor!: string;

    @Field(type, { description: `The ${row}.` })
    readonly node!: Row;
  }

  @ObjectType()
  class Page implements Omit<Connection<Row>, 'sources'> {
    @Field(() => [Edge], { description: 'The rows with their cursors.' })
    readonly edges!: readonly Edge[];

    @Field(() => [type()], { description: 'The rows without their cursors.' })
    readonly nodes!: readonly Row[];

    @Field(() => PageInfoType, { description: 'Where this page lies in the list.' })
    readonly pageInfo!: PageInfoType;

    @Field(() => Int, {
      nullable: true,
      description:
        'How many rows fit over all pages; null when a source is missing or partial, because then nobody knows.',
    })
    readonly totalCount!: number | undefined;
  }
  return Page;
}
