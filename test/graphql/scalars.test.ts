import { GraphQLObjectType, GraphQLInputObjectType, GraphQLList, GraphQLSchema, GraphQLString, graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { SecretScalar } from '../../src/graphql/scalars.ts';

const received: unknown[] = [];
const box = new GraphQLInputObjectType({
  name: 'Box',
  fields: { one: { type: SecretScalar }, many: { type: new GraphQLList(SecretScalar) } },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      take: {
        type: GraphQLString,
        args: { secret: { type: SecretScalar }, box: { type: box } },
        resolve: (_source, args: Record<string, unknown>) => {
          received.push(args);
          return 'taken';
        },
      },
      give: { type: SecretScalar, resolve: () => new Secret('hunter2') },
    },
  }),
});

async function ask(source: string, variableValues: Record<string, unknown> = {}) {
  received.length = 0;
  const { data, errors = [] } = await graphql({ schema, source, variableValues });
  return { data, messages: errors.map(({ message }) => message), received: [...received] };
}

describe('graphql/scalars: Secret', () => {
  it('takes text from a variable, in every place, and wraps it', async () => {
    const query = 'query ($a: Secret, $b: Box) { take(secret: $a, box: $b) }';
    const answer = await ask(query, { a: 'hunter2', b: { one: 'x'.repeat(4_096), many: ['y'] } });
    expect(answer.messages).toEqual([]);
    const [args] = answer.received as [{ secret: Secret; box: { one: Secret; many: Secret[] } }];
    expect(args.secret).toBeInstanceOf(Secret);
    expect([args.secret.reveal(), args.box.one.reveal().length, args.box.many[0]?.reveal()]).toEqual([
      'hunter2',
      4_096,
      'y',
    ]);
    expect(JSON.stringify(args)).not.toContain('hunter2');
  });

  it('takes a variable inside of a literal, and none at all', async () => {
    expect((await ask('query ($a: Secret) { take(box: { one: $a }) }', { a: 'x' })).data).toEqual({ take: 'taken' });
    expect((await ask('{ take(secret: null) }')).data).toEqual({ take: 'taken' });
  });

  it.each([
    ['{ take(secret: "hunter2") }'],
    ['{ take(secret: """hunter2""") }'],
    ['{ take(secret: hunter2) }'],
    ['{ take(secret: ["hunter2"]) }'],
    ['{ take(secret: { a: "hunter2" }) }'],
    ['{ take(box: { one: "hunter2" }) }'],
    ['{ take(box: { many: ["hunter2"] }) }'],
    ['query ($a: Secret = "hunter2") { take(secret: $a) }'],
    ['query ($a: Box = { one: "hunter2" }) { take(box: $a) }'],
  ])('refuses the literal of %s without repeating it, and says what to do', async (query) => {
    const { messages, received: none } = await ask(query);
    expect(messages).toEqual([expect.stringContaining('from a variable only')]);
    expect(messages.join('')).not.toContain('hunter2');
    expect(none).toEqual([]);
  });

  it.each([[''], ['x'.repeat(4_097)], [1], [true], [['a']], [{ a: 'b' }]])('refuses %j from a variable', (value) => {
    expect(() => SecretScalar.parseValue(value)).toThrow(/^A secret is text of 1 to 4096 characters\.$/);
  });

  it('is never given out', async () => {
    const { data, messages } = await ask('{ give }');
    expect([data, messages]).toEqual([{ give: null }, ['A secret is never given out.']]);
  });
});
