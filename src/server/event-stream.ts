import type { ServerResponse } from 'node:http';
import { OperationTypeNode, getOperationAST, parse } from 'graphql';
import type { Caller } from '../domain/caller.ts';
import { OPERATION_LIMITS } from './limits.ts';
import type { Logger } from './log.ts';
import type { OperationRequest, Opened, Result, StreamedOperations } from './streamed-operations.ts';

/** How often a sign of life is sent, in milliseconds. */
const HEARTBEAT_MS = 12_000;
/** Signs of life that a reader may leave unread before it is given up. */
const MAX_UNREAD_HEARTBEATS = 3;
/** Streams of all callers together. */
const MAX_STREAMS = 10_000;

interface OpenStream {
  readonly response: ServerResponse;
  unreadHeartbeats: number;
}

/**
 * Answers operations as server-sent events, in the distinct connections mode of the GraphQL over SSE protocol: `next` for each result,
 * `complete` at the end, one operation a connection.
 *
 * The next event is taken only when the one before has been passed on, so that what waits is bounded by the listener's queue.
 */
export class EventStreams {
  readonly #operations: StreamedOperations;
  readonly #log: Logger;
  readonly #open = new Set<OpenStream>();
  #heartbeat: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(operations: StreamedOperations, log: Logger) {
    this.#operations = operations;
    this.#log = log;
  }

  get isFull(): boolean {
    return this.#open.size >= MAX_STREAMS || this.#isClosing;
  }

  /** Carries out one operation and ends the response. What is refused is told as an event, too: a browser shows nothing else. */
  async answer(
    request: OperationRequest,
    response: ServerResponse,
    asking: { readonly caller: Caller; readonly requestId: string; readonly mayWrite: boolean },
  ): Promise<void> {
    const gone = new AbortController();
    let opened: Opened | undefined;
    response.once('close', () => {
      gone.abort();
      if (opened?.kind === 'STREAM') void opened.results.return(undefined);
    });
    const onTooSlow = (): void => {
      this.#log.warn({ requestId: asking.requestId, caller: asking.caller.name }, 'listener too slow');
      response.destroy();
    };
    opened = await this.#operations.open(request, { ...asking, onTooSlow }, gone.signal);
    if (response.destroyed) {
      if (opened.kind === 'STREAM') await opened.results.return(undefined);
      return;
    }
    const stream = this.#begin(response, asking.requestId);
    try {
      for await (const result of resultsOf(opened)) await write(response, eventText('next', result));
      // Without `complete`, a client knows that it was cut off and asks again.
      if (!this.#isClosing) await write(response, eventText('complete'));
      response.end();
    } finally {
      this.#forget(stream);
    }
  }

  /** Ends all streams in a way that clients take for a reason to ask again, of somebody else. */
  close(): void {
    this.#isClosing = true;
    for (const { response } of this.#open) response.end(': the gateway stops\n\n');
  }

  #begin(response: ServerResponse, requestId: string): OpenStream {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': requestId,
    });
    // Some browsers take a stream for open only when something has come.
    response.write(':\n\n');
    const stream = { response, unreadHeartbeats: 0 };
    this.#open.add(stream);
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
    return stream;
  }

  #forget(stream: OpenStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  #beat(): void {
    for (const stream of this.#open) {
      const { response } = stream;
      stream.unreadHeartbeats = response.writableNeedDrain ? stream.unreadHeartbeats + 1 : 0;
      if (stream.unreadHeartbeats >= MAX_UNREAD_HEARTBEATS) response.destroy();
      else if (!response.writableNeedDrain && !response.writableEnded) response.write(':\n\n');
    }
  }
}

async function* resultsOf(opened: Opened): AsyncGenerator<Result, void> {
  if (opened.kind === 'REFUSED') yield { errors: opened.errors };
  else if (opened.kind === 'ANSWERED') yield opened.result;
  else yield* opened.results;
}

function eventText(event: 'next' | 'complete', data?: Result): string {
  return `event: ${event}\ndata: ${data === undefined ? '' : JSON.stringify(data)}\n\n`;
}

/** Resolves when more may be written, or nothing can be written any more. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.writableEnded || response.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Whether a caller is to be answered so: it asks for an event stream before anything else, or takes one for a subscription. */
export function wantsEventStream(accept: string | undefined, { query, operationName }: OperationRequest): boolean {
  const place = (accept ?? '').split(',').findIndex((type) => /^\s*text\/event-stream\s*(;|$)/i.test(type));
  return place === 0 || (place > 0 && isSubscription(query, operationName));
}

/** Whether the operation is a subscription; not when it cannot be read. */
export function isSubscription(query: string, operationName: string | undefined): boolean {
  if (!query.includes('subscription')) return false;
  try {
    const document = parse(query, { maxTokens: OPERATION_LIMITS.tokens, noLocation: true });
    return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    // What is wrong with it is told by whoever answers it.
    return false;
  }
}
