import { DirectiveLocation } from 'graphql';

/**
 * Whether a message of the engine holds nothing of an input but names.
 *
 * With the names between its quotes taken out, a message of that kind is one of a list that is known in advance. A message with a
 * value in it never is: what stands outside of quotes is compared letter by letter, and between quotes only names pass.
 */
export function holdsNamesOnly(message: string): boolean {
  const skeleton = message.replace(/"([^"]*)"/g, (quoted, inner: string) => (NAME.test(inner) ? '""' : quoted));
  const plain = skeleton.replace(SUGGESTIONS, '');
  return SKELETONS.has(plain) || PATTERNS.some((pattern) => pattern.test(plain));
}

/** A name of a document or a schema that is short enough to be repeated. */
export function isShownName(text: string): boolean {
  return /^[_A-Za-z]\w{0,63}$/.test(text);
}

/** `name`, `$name`, `@name`, `Type.field`, `[Type!]!` or `field { ... }` */
const NAME = /^[$@]?\[{0,3}[_A-Za-z]\w{0,63}(?:[!\]]{0,7}|\.[_A-Za-z]\w{0,63}| \{ \.\.\. \})$/;

/** The question at the end; what it suggests are names of the schema. */
const SUGGESTIONS = / Did you mean (?:to use an inline fragment on )?""(?:, "")*(?:,? or "")?\?$/;

const SKELETONS: ReadonlySet<string> = new Set([
  'Anonymous operation recursively requests too many selections.',
  'Argument "" of non-null type "" must not be null.',
  'Argument "" of required type "" was not provided.',
  'Argument "" of required type "" was provided the variable "" which was not provided a runtime value.',
  'Cannot query field "" on type "".',
  'Directive "" argument "" of type "" is required, but it was not provided.',
  'Exactly one key must be specified for OneOf type "".',
  'Expected type "" to be an object.',
  'Field "" argument "" of type "" is required, but it was not provided.',
  'Field "" is not defined by type "".',
  'Field "" must be non-null.',
  'Field "" must not have a selection since type "" has no subfields.',
  'Field "" of required type "" was not provided.',
  'Field "" of type "" must have a selection of subfields.',
  'Field "" of type "" must have at least one field selected.',
  'Fragment "" cannot be spread here as objects of type "" can never be of type "".',
  'Fragment "" cannot condition on non composite type "".',
  'Fragment "" is never used.',
  'Fragment cannot be spread here as objects of type "" can never be of type "".',
  'Fragment cannot condition on non composite type "".',
  'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema or __type. To enable introspection, pass introspection: true to ApolloServer in production',
  'Maximum introspection depth exceeded',
  'OneOf Input Object "" must specify exactly one key.',
  'Operation "" recursively requests too many selections.',
  'The "" definition is not executable.',
  'The directive "" can only be used once at this location.',
  'The schema definition is not executable.',
  'The schema has no operations of the kind mutation.',
  'The schema has no operations of the kind subscription.',
  'There can be only one argument named "".',
  'There can be only one fragment named "".',
  'There can be only one input field named "".',
  'There can be only one operation named "".',
  'There can be only one variable named "".',
  'This anonymous operation must be the only defined operation.',
  'Too many validation errors, error limit reached. Validation aborted.',
  'Unknown argument "" on directive "".',
  'Unknown argument "" on field "".',
  'Unknown directive "".',
  'Unknown fragment "".',
  'Unknown type "".',
  'Variable "" cannot be non-input type "".',
  'Variable "" is never used in operation "".',
  'Variable "" is never used.',
  'Variable "" is not defined by operation "".',
  'Variable "" is not defined.',
  'Variable "" is of type "" but must be non-nullable to be used for OneOf Input Object "".',
  'Variable "" of non-null type "" must not be null.',
  'Variable "" of required type "" was not provided.',
  'Variable "" of type "" used in position expecting type "".',
]);

const CONFLICT_WORDS =
  '""|,|and|are|different|fields|they|have|differing|arguments|return|conflicting|types|subfields|conflict|because';

const PATTERNS: readonly RegExp[] = [
  new RegExp(`^Directive "" may not be used on (?:${Object.values(DirectiveLocation).join('|')})\\.$`),
  /^Cannot spread fragment "" within itself(?: via ""(?:, "")*)?\.$/,
  new RegExp(
    `^Fields "" conflict because (?:${CONFLICT_WORDS})(?: (?:${CONFLICT_WORDS}))*\\. Use different aliases on the fields to fetch both if this was intentional\\.$`,
  ),
];
