import { ApolloServer, HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  GraphQLError,
  OperationTypeNode,
  type FormattedExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { OperationContext } from '../graphql/context.ts';
import { formatError } from '../graphql/errors.ts';
import { LiteralTypes } from '../graphql/input-errors.ts';
import { variableErrors } from '../graphql/variable-errors.ts';
import { OPERATION_LIMITS, checkCost } from './limits.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { StreamContext } from './streamed-operations.ts';

/** Apollo Server with what the gateway wants of it: its own limits, its own errors, nothing that calls out. */
export function createApolloServer(options: {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly introspection: boolean;
}): ApolloServer<OperationContext> {
  const { schema, log, metrics, introspection } = options;
  const literals = new LiteralTypes();
  return new ApolloServer<OperationContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: OPERATION_LIMITS.tokens },
    validationRules: [literals.rule],
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message: string) => log.error({ message }, 'graphql server'),
    },
    formatError: (formatted, error) =>
      formatError(formatted, error, (cause) => log.error({ err: cause }, 'unexpected failure'), literals),
    plugins: [...withoutCallsOut(), operations(schema, metrics, log)],
  });
}

/** Plugins that keep Apollo Server from serving pages and from calling out, whatever the environment says. */
export function withoutCallsOut(): ApolloServerPlugin[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ];
}

/** The engine itself takes an operation of a kind that the schema does not have for a fault of the server. */
function checkKind(schema: GraphQLSchema, kind: OperationTypeNode): void {
  if (schema.getRootType(kind) !== undefined && schema.getRootType(kind) !== null) return;
  throw new GraphQLError(`The schema has no operations of the kind ${kind}.`, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}

function single(status: number, singleResult: FormattedExecutionResult): GraphQLResponse {
  return { http: { status, headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
}

/** Subscriptions need a transport that can answer with a stream, and mutations one that no page can be made to use. */
function checkTransport(kind: OperationTypeNode, context: OperationContext): void {
  if (kind === OperationTypeNode.SUBSCRIPTION && !(context instanceof StreamContext))
    throw badRequest('A subscription is answered over WebSocket, or to a caller who accepts text/event-stream.', 406);
  if (kind === OperationTypeNode.MUTATION && context instanceof StreamContext && !context.mayWrite)
    throw badRequest('A mutation is not taken by GET.', 405);
}

function badRequest(message: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}

/** Checks kind, cost and variables of each operation, counts and logs it, and puts the request id into its errors. */
function operations(schema: GraphQLSchema, metrics: Metrics, log: Logger): ApolloServerPlugin<OperationContext> {
  return {
    requestDidStart: async () => {
      const end = metrics.operationStarted();
      const began = performance.now();
      return {
        didResolveOperation: async ({ document, operation, request, contextValue }) => {
          if (operation === undefined || operation === null) return;
          checkKind(schema, operation.operation);
          checkTransport(operation.operation, contextValue);
          checkCost(document, operation, request.variables ?? {});
        },
        // Here, and not above, because there can be several errors. The types hide that there may be no operation.
        responseForOperation: async ({ operation, request, document, contextValue }) => {
          const asked: OperationDefinitionNode | undefined = operation;
          const errors = asked === undefined ? [] : variableErrors(schema, asked, request.variables ?? {});
          if (errors.length > 0) return single(400, { errors: errors.map((error) => error.toJSON()) });
          if (asked?.operation !== OperationTypeNode.SUBSCRIPTION || !(contextValue instanceof StreamContext))
            return null;
          // It has passed every check; its events are told by whoever asked.
          contextValue.passed.document = document;
          return single(200, { data: null });
        },
        willSendResponse: async ({ response, contextValue: { requestId, caller }, operationName }) => {
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
          for (const error of errors ?? []) {
            Object.assign(error, { extensions: { ...error.extensions, requestId } });
          }
          const errorCodes = [...new Set(errors?.map(({ extensions }) => String(extensions?.['code'])))];
          const durationMs = Math.round(performance.now() - began);
          const operation = operationName ?? undefined;
          log.info({ requestId, caller: caller.name, operation, durationMs, errorCodes }, 'operation');
          end(errorCodes.length > 0 ? 'errors' : 'ok');
        },
      };
    },
  };
}
