import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { GatewayError } from '../domain/errors.ts';
import { documentMessage, syntaxMessage, type LiteralTypes } from './input-errors.ts';
import { holdsNamesOnly } from './known-messages.ts';

/**
 * An error as callers see it: a code, and what they can act on. No message repeats a value of the input.
 *
 * Anything that is not a `GatewayError` or GraphQL's own refusal is masked; `report` is told about it. The server adds the request id.
 * `literals` knows what was expected where, of documents that were validated with its rule.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: (cause: unknown) => void,
  literals?: LiteralTypes,
): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (cause instanceof GatewayError && cause.code !== 'INTERNAL')
    return { ...located(formatted), message: cause.message, extensions: extensionsOf(cause) };
  const refusal = error instanceof GraphQLError ? refusalOf(formatted, error, literals) : undefined;
  if (refusal !== undefined) return refusal;
  report(cause === undefined || cause === null || cause instanceof GraphQLError ? withoutValues(error) : cause);
  return {
    ...located(formatted),
    message: 'Something went wrong inside the gateway.',
    extensions: { code: 'INTERNAL', retryable: false },
  };
}

/** Codes of refusals whose messages are the same for every input. */
const FIXED_MESSAGES: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'OPERATION_TOO_LARGE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Refusals that the server has no code for. */
const PERSISTED_QUERY_FAULTS: ReadonlySet<string> = new Set([
  'Unsupported persisted query version',
  'provided sha does not match query',
]);

/** What GraphQL itself refuses, in words without values; undefined when the fault is not the caller's. */
function refusalOf(
  formatted: GraphQLFormattedError,
  error: GraphQLError,
  literals: LiteralTypes | undefined,
): GraphQLFormattedError | undefined {
  const code = formatted.extensions?.['code'];
  const refused = (message: string, shownCode: unknown = code): GraphQLFormattedError => ({
    ...located(formatted),
    message,
    extensions: { code: shownCode },
  });
  if (FIXED_MESSAGES.has(code)) return refused(error.message);
  switch (code) {
    case 'GRAPHQL_PARSE_FAILED':
      return refused(syntaxMessage(error));
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'BAD_USER_INPUT':
      return refused(documentMessage(error, literals));
    case 'OPERATION_RESOLUTION_FAILURE':
      return refused('The document has no operation that "operationName" names, or several and none is named.');
  }
  if (PERSISTED_QUERY_FAULTS.has(error.message)) return refused(error.message, 'BAD_REQUEST');
  // Found when a field is about to be executed, and not before: a variable that is null where the schema has no null.
  const { originalError: cause } = error;
  const isEngines = cause === undefined || cause === null || cause instanceof GraphQLError;
  if (isEngines && /^Argument "\w+" (?:has invalid value|of (?:required|non-null) type) /.test(error.message))
    return refused(documentMessage(error, literals), 'BAD_USER_INPUT');
  return undefined;
}

/** For the log: the engine's messages quote values of inputs and of answers. */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error;
  const kept =
    holdsNamesOnly(error.message) || /^Cannot return null for non-nullable field [\w.]+\.$/.test(error.message);
  return new Error(kept ? error.message : 'GraphQL could not execute the operation; its message may quote values');
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
