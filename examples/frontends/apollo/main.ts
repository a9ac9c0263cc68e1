import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { BoardDocument, LiveRunsDocument } from '../../clients/generated/graphql.ts';
import { onceFor, showBoard, showChange, showProblem } from '../page.ts';

// Queries go by HTTP, subscriptions over one WebSocket on the same path.
const url = new URL('/graphql', location.origin).href;
const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(createClient({ url: url.replace(/^http/, 'ws'), retryAttempts: Infinity })),
    new HttpLink({ uri: url }),
  ),
  // Ids are global, so the cache needs no more than this. A report is one value, and replaced as a whole.
  cache: new InMemoryCache(),
});

// A field that could not be read is null beside an error; the rest is worth showing.
const board = client.watchQuery({ query: BoardDocument, pollInterval: 60_000, errorPolicy: 'all' });
board.subscribe(({ data, dataState, error }) => {
  if (dataState === 'complete') showBoard(data.statusReport);
  if (error !== undefined) showProblem(error);
});

const boardIsOld = onceFor(() => void board.refetch().catch(showProblem));

client.subscribe({ query: LiveRunsDocument }).subscribe({
  next: ({ data, error }) => {
    if (error !== undefined) showProblem(error);
    if (data === null || data === undefined) return;
    showChange(data.backupRunChanged);
    boardIsOld();
  },
  error: showProblem,
});
