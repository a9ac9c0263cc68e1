import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { GatewayError } from '../domain/errors.ts';

/**
 * An error as callers see it: a code, and what they can act on.
 *
 * Anything that is not a `GatewayError` or GraphQL's own refusal is masked; `report` is told about it. The server adds the request id.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: (cause: unknown) => void,
): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (cause instanceof GatewayError && cause.code !== 'INTERNAL')
    return { ...located(formatted), message: cause.message, extensions: extensionsOf(cause) };
  const refused =
    error instanceof GraphQLError && (cause === undefined || cause === null || cause instanceof GraphQLError);
  const code = formatted.extensions?.['code'];
  if (refused && typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR')
    return { ...located(formatted), extensions: { code } };
  report(cause ?? error);
  return {
    ...located(formatted),
    message: 'Something went wrong inside the gateway.',
    extensions: { code: 'INTERNAL', retryable: false },
  };
}

function located({ message, locations, path }: GraphQLFormattedError): GraphQLFormattedError {
  return { message, ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
}

function extensionsOf(error: GatewayError): Record<string, unknown> {
  return {
    code: error.code,
    ...(error.sourceKey === undefined ? {} : { serviceName: error.sourceKey }),
    ...(error.argument === undefined ? {} : { argument: error.argument }),
    retryable: error.retryable,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter.toISOString() }),
  };
}
