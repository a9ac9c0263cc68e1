import { GraphQLError, GraphQLScalarType } from 'graphql';
import {
  GraphQLBigInt,
  GraphQLDateTimeISO,
  GraphQLISO8601Duration,
  GraphQLJSON,
  GraphQLTimeZone,
} from 'graphql-scalars';
import { Secret } from '../domain/secret.ts';

/** The scalars of the schema: those of graphql-scalars under the names that the schema promises. */
export const DateTimeScalar = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'An instant with offset (RFC 3339), always given in UTC with milliseconds.',
});

export const DurationScalar = new GraphQLScalarType({
  ...GraphQLISO8601Duration.toConfig(),
  name: 'Duration',
  description: 'A duration (ISO 8601), such as `PT15M`.',
});

const timeZone = GraphQLTimeZone.toConfig();

export const TimeZoneScalar = new GraphQLScalarType({
  ...timeZone,
  name: 'TimeZone',
  parseLiteral: (node, variables) => {
    try {
      return timeZone.parseLiteral(node, variables);
    } catch (error) {
      // Without its place, a message about a literal cannot name what was expected there.
      throw new GraphQLError(error instanceof Error ? error.message : 'is not valid', { nodes: node });
    }
  },
  description: 'The name of a time zone (IANA), such as `Europe/Berlin`.',
});

export const BigIntScalar = new GraphQLScalarType({
  ...GraphQLBigInt.toConfig(),
  name: 'BigInt',
  description: 'A whole number beyond 32 bits: a JSON number up to 2^53-1, and text above that.',
  serialize: (value) => {
    const whole = BigInt(value as bigint | number | string);
    return whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(whole)
      : whole.toString();
  },
});

export const JsonScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: 'Any JSON value. Its shape is not part of what this schema promises.',
});

/** Longest secret that is taken, in characters. */
const MAX_SECRET_LENGTH = 4_096;
/** The one message about a value of a variable that is shown as it is: it holds nothing of the value. */
export const SECRET_RULE = `A secret is text of 1 to ${MAX_SECRET_LENGTH} characters.`;

export const SecretScalar = new GraphQLScalarType<Secret, never>({
  name: 'Secret',
  description: 'Write-only text. Accepted from a variable only, refused as a literal, absent from every answer.',
  serialize: () => {
    throw new GraphQLError('A secret is never given out.');
  },
  parseValue: (value) => {
    if (typeof value !== 'string' || value === '' || value.length > MAX_SECRET_LENGTH)
      throw new GraphQLError(SECRET_RULE);
    return new Secret(value);
  },
  parseLiteral: (node) => {
    throw new GraphQLError('A secret is accepted from a variable only, so that it stands in no query text.', {
      nodes: node,
    });
  },
});
