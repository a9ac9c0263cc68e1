import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { BoardDocument, LiveRunsDocument } from '../../clients/generated/graphql.ts';
import { onceFor, showBoard, showChange, showProblem } from '../page.ts';

// Subscriptions come as server-sent events on the same path: urql takes them without another package.
const client = new Client({
  url: new URL('/graphql', location.origin).href,
  exchanges: [cacheExchange, fetchExchange],
  fetchSubscriptions: true,
  preferGetMethod: false,
});

async function readBoard(): Promise<void> {
  const { data, error } = await client.query(BoardDocument, {}, { requestPolicy: 'network-only' });
  // A field that could not be read is null beside an error; the rest is worth showing.
  if (data !== undefined) showBoard(data.statusReport);
  if (error !== undefined) showProblem(error);
}

const boardIsOld = onceFor(() => void readBoard());

function listen(): void {
  client.subscription(LiveRunsDocument, {}).subscribe(({ data, error, hasNext }) => {
    if (data !== undefined) {
      showChange(data.backupRunChanged);
      boardIsOld();
    }
    if (error !== undefined) showProblem(error);
    // The connection broke off. What is under way is told anew.
    if (hasNext === false) setTimeout(listen, 1_000);
  });
}

void readBoard();
setInterval(() => void readBoard(), 60_000);
listen();
