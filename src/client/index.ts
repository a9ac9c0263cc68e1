/** A client of one gateway, for browsers and Node. */
import { print, type DocumentNode } from 'graphql';
import { BackupGraphError, answerErrors, ownError, type AnswerError } from './errors.ts';
import { eventsOf } from './event-stream.ts';

export { BackupGraphError, type AnswerError } from './errors.ts';

/** A document that knows its result and its variables: `TypedDocumentNode`, as codegen writes it. */
export interface TypedDocument<Result, Variables> extends DocumentNode {
  __apiType?: (variables: Variables) => Result;
}

export interface ClientOptions {
  /** Where GraphQL is served, such as `https://backups.example.com/graphql`. */
  readonly url: string;
  /** An API key. Not in a page that others can open: whoever opens it has the key then. */
  readonly key?: string | undefined;
  /** More headers, or what gives them; it is asked before each request. */
  readonly headers?: HeaderSource | undefined;
  /** Sends the ids of documents that codegen knows in its manifest instead of their texts, for a gateway with trusted documents. */
  readonly trustedDocuments?: boolean | undefined;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch | undefined;
}

type HeaderMap = Readonly<Record<string, string>>;
type HeaderSource = HeaderMap | (() => HeaderMap | Promise<HeaderMap>);

export interface CallOptions {
  /** Ends the request or the subscription; what was waited for throws the reason of the signal, as `fetch` does. */
  readonly signal?: AbortSignal | undefined;
}

/** One event of a subscription. */
export interface SubscriptionEvent<Result> {
  readonly data: Result;
  /** Why fields of `data` are null; mostly empty. */
  readonly errors: readonly AnswerError[];
}

/** Variables may be left out when none is required. */
export type Rest<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables | undefined, options?: CallOptions]
    : [variables: Variables, options?: CallOptions];

export interface BackupGraphClient {
  /**
   * Carries out a query or a mutation. What became of each source stands in the answer itself (`sources`); `userErrors` of a mutation are
   * data as well.
   *
   * @throws BackupGraphError when the answer holds any error, or there is none; what could be read is in its `data`.
   */
  request<Result = unknown, Variables = Record<string, unknown>>(
    document: string | TypedDocument<Result, Variables>,
    ...rest: Rest<Variables>
  ): Promise<Result>;

  /**
   * Listens to a subscription by server-sent events. The connection is opened when the first event is asked for, and ended by leaving the
   * loop, by `return()` or by the signal. It is not opened again when it breaks off: subscribe anew then, and the state is told anew.
   *
   * @throws BackupGraphError from the loop, when the subscription is refused, or with `CONNECTION_LOST` when it breaks off.
   */
  subscribe<Result = unknown, Variables = Record<string, unknown>>(
    document: string | TypedDocument<Result, Variables>,
    ...rest: Rest<Variables>
  ): AsyncIterableIterator<SubscriptionEvent<Result>>;
}

export function createClient(options: ClientOptions): BackupGraphClient {
  return {
    async request<Result, Variables>(document: string | TypedDocument<Result, Variables>, ...rest: Rest<Variables>) {
      const [variables, { signal } = {}] = rest;
      const response = await send(options, JSON_ANSWER, { document, variables, signal });
      const { data, errors } = parseAnswer(await connected(signal, () => response.text()), response);
      if (errors.length > 0) throw new BackupGraphError(errors, { status: response.status, data });
      return data as Result; // The document says so, and the gateway checked the document.
    },
    subscribe<Result, Variables>(document: string | TypedDocument<Result, Variables>, ...rest: Rest<Variables>) {
      const [variables, { signal } = {}] = rest;
      const left = new AbortController();
      const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
      const events = listen(options, { document, variables, signal: either }, left.signal);
      return {
        next: () => events.next() as Promise<IteratorResult<SubscriptionEvent<Result>>>,
        // A generator alone would wait for the next event before it ends.
        return: () => {
          left.abort();
          return events.return() as Promise<IteratorResult<SubscriptionEvent<Result>>>;
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}

const JSON_ANSWER = 'application/graphql-response+json, application/json';

interface Call {
  readonly document: string | DocumentNode;
  readonly variables: unknown;
  readonly signal: AbortSignal | undefined;
}

interface Answer {
  readonly data: unknown;
  readonly errors: readonly AnswerError[];
}

async function send(options: ClientOptions, accept: string, { document, variables, signal }: Call): Promise<Response> {
  const { url, key, headers, fetch: ask = fetch } = options;
  const given = typeof headers === 'function' ? await headers() : headers;
  const operation = options.trustedDocuments === true ? trustedIdOf(document) : undefined;
  const body = JSON.stringify({ ...(operation ?? { query: textOf(document) }), variables });
  const own = {
    accept,
    'content-type': 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return connected(signal, () =>
    ask(url, { method: 'POST', headers: { ...own, ...given }, body, ...(signal === undefined ? {} : { signal }) }),
  );
}

function textOf(document: string | DocumentNode): string {
  return typeof document === 'string' ? document : print(document);
}

/** The id under which a document stands in the manifest; codegen leaves it in the document. */
function trustedIdOf(document: string | DocumentNode): { readonly documentId: string } | undefined {
  if (typeof document === 'string') return undefined;
  const { __meta__: meta } = document as { readonly __meta__?: { readonly hash?: unknown } };
  return typeof meta?.hash === 'string' ? { documentId: meta.hash } : undefined;
}

/** What a step over the network gives. Whoever ended it gets their own reason; everything else is a lost connection. */
async function connected<T>(signal: AbortSignal | undefined, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    throw ownError('CONNECTION_LOST', 'The gateway could not be reached, or the connection broke off.', { cause });
  }
}

function parseAnswer(text: string, response: Response): Answer {
  const { status } = response;
  const requestId = response.headers.get('x-request-id') ?? undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw ownError('BAD_ANSWER', `The answer with HTTP status ${status} is not JSON.`, { status, requestId, cause });
  }
  const { data, errors } = (answer ?? {}) as { readonly data?: unknown; readonly errors?: unknown };
  const found = Array.isArray(errors) ? answerErrors(errors, requestId) : [];
  const isRead = typeof data === 'object' && data !== null;
  if (found.length === 0 && (!isRead || !response.ok))
    throw ownError('BAD_ANSWER', `The answer with HTTP status ${status} is no GraphQL result.`, { status, requestId });
  return { data: isRead ? data : undefined, errors: found };
}

async function* listen(
  options: ClientOptions,
  call: Call,
  left: AbortSignal,
): AsyncGenerator<SubscriptionEvent<unknown>, void, undefined> {
  try {
    const response = await send(options, 'text/event-stream', call);
    const { status } = response;
    if (response.body === null || !/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
      const { errors } = parseAnswer(await connected(call.signal, () => response.text()), response);
      if (errors.length > 0) throw new BackupGraphError(errors, { status });
      throw ownError('BAD_ANSWER', `The answer with HTTP status ${status} is no event stream.`, { status });
    }
    const events = eventsOf(response.body);
    try {
      for (;;) {
        const { done, value } = await connected(call.signal, () => events.next());
        if (done === true)
          throw ownError('CONNECTION_LOST', 'The event stream ended before it was complete.', { status });
        if (value.event === 'complete') return;
        if (value.event !== 'next') continue;
        const { data, errors } = parseAnswer(value.data, response);
        // Without data the operation was refused, or has failed for good.
        if (data === undefined) throw new BackupGraphError(errors, { status });
        yield { data, errors };
      }
    } finally {
      await events.return();
    }
  } catch (error) {
    if (!left.aborted) throw error;
  }
}
