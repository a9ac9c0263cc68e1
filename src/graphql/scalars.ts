import { GraphQLScalarType } from 'graphql';
import { GraphQLBigInt, GraphQLDateTimeISO, GraphQLISO8601Duration, GraphQLTimeZone } from 'graphql-scalars';

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

export const TimeZoneScalar = new GraphQLScalarType({
  ...GraphQLTimeZone.toConfig(),
  name: 'TimeZone',
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
