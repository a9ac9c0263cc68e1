import { GraphQLError, buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { formatError } from '../../src/graphql/errors.ts';
import { LiteralTypes } from '../../src/graphql/input-errors.ts';
import { holdsNamesOnly } from '../../src/graphql/known-messages.ts';

/** What a caller sees of an error, and what is reported of it. */
function formatted(error: GraphQLError, literals?: LiteralTypes) {
  const reported: unknown[] = [];
  const code = error.extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
  const json = { ...error.toJSON(), extensions: { ...error.extensions, code } };
  const shown = formatError(json, error, (cause) => reported.push(cause), literals);
  return { message: shown.message, code: shown.extensions?.['code'], reported: reported.map(String) };
}

describe('graphql/errors', () => {
  it('shows what the gateway says', () => {
    const cause = new GatewayError('NOT_FOUND', 'Not there.');
    expect(formatted(new GraphQLError('x', { originalError: cause }))).toEqual({
      message: 'Not there.',
      code: 'NOT_FOUND',
      reported: [],
    });
  });

  it('masks what is unexpected, and reports it', () => {
    expect(formatted(new GraphQLError('x', { originalError: new TypeError('broken') }))).toEqual({
      message: 'Something went wrong inside the gateway.',
      code: 'INTERNAL',
      reported: ['TypeError: broken'],
    });
  });

  it('reports what the engine says without the values that it quotes', () => {
    const serialised = new GraphQLError('Enum "Vendor" cannot represent value: "hunter2"');
    const located = new GraphQLError(serialised.message, { originalError: serialised, path: ['a'] });
    for (const error of [serialised, located]) {
      const { message, code, reported } = formatted(error);
      expect([message, code]).toEqual(['Something went wrong inside the gateway.', 'INTERNAL']);
      expect(reported).toEqual(['Error: GraphQL could not execute the operation; its message may quote values']);
    }
    expect(formatted(new GraphQLError('Cannot return null for non-nullable field Query.sources.')).reported).toEqual([
      'Error: Cannot return null for non-nullable field Query.sources.',
    ]);
  });

  it('names the type where an argument turns out wrong during execution', () => {
    const schema = buildSchema('type Query { a(n: Int): Int }');
    const document = parse('{ a(n: 1) }');
    const literals = new LiteralTypes();
    expect(validate(schema, document, [literals.rule])).toEqual([]);
    const definition = document.definitions[0];
    const field = definition?.kind === 'OperationDefinition' ? definition.selectionSet.selections[0] : undefined;
    const value = field?.kind === 'Field' ? field.arguments?.[0]?.value : undefined;
    const text = 'Argument "n" has invalid value {a: "hunter2"}.';
    expect(formatted(new GraphQLError(text, { nodes: value ?? null }), literals)).toEqual({
      message: 'Argument "n" is not valid. Expected a value of type "Int".',
      code: 'BAD_USER_INPUT',
      reported: [],
    });
    expect(formatted(new GraphQLError(text)).message).toBe(
      'Argument "n" is not valid. The value does not fit its type.',
    );
  });

  it('gives the place where nothing else can be said', () => {
    const error = new GraphQLError('hunter2', {
      nodes: parse('{\n  a(b: 1) }').definitions[0] ?? null,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(formatted(error).message).toBe('The document is not valid at line 1, column 1.');
  });

  it.each([
    'Variable "$a" got invalid value "hunter2" at "a.b"; hunter2',
    'Value "hunter2" does not exist in "Vendor" enum. Did you mean the enum value "VCENTER"?',
    'Expected value of type "Int", found "hunter2".',
    'Expected value of type "Int", found hunter2. Did you mean "x"?',
  ])('never passes %j on', (message) => {
    for (const code of [
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_USER_INPUT',
      'GRAPHQL_PARSE_FAILED',
      'SOMETHING_ELSE',
      undefined,
    ]) {
      const answer = formatted(new GraphQLError(message, { extensions: { code } }));
      expect(JSON.stringify(answer)).not.toContain('hunter2');
    }
  });
});

describe('graphql/known-messages', () => {
  it.each([
    ['Cannot query field "nme" on type "Source". Did you mean "name", "names", or "key"?', true],
    ['Cannot query field "a" on type "Source". Did you mean to use an inline fragment on "A" or "B"?', true],
    ['Field "a" of type "[A!]!" must have a selection of subfields. Did you mean "a { ... }"?', true],
    ['Unknown argument "a" on field "Query.b".', true],
    ['Directive "@skip" may not be used on QUERY.', true],
    ['Directive "@skip" may not be used on HUNTER2.', false],
    ['Cannot spread fragment "a" within itself via "b", "c".', true],
    ['Cannot query field "a b" on type "Source".', false],
    [`Cannot query field "${'a'.repeat(65)}" on type "Source".`, false],
    ['Cannot query field "a" on type "Source". hunter2', false],
    ['hunter2 Cannot query field "a" on type "Source".', false],
    ['Cannot query field "a" on type "Source". Did you mean "hunter 2"?', false],
    [
      'Fields "a" conflict because hunter2. Use different aliases on the fields to fetch both if this was intentional.',
      false,
    ],
    [
      'Fields "a" conflict because subfields "b" conflict because "c" and "d" are different fields. Use different aliases on the fields to fetch both if this was intentional.',
      true,
    ],
  ])('of %j it is told whether it holds names only: %s', (message, expected) => {
    expect(holdsNamesOnly(message)).toBe(expected);
  });
});
