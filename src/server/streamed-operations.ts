import type { ApolloServer } from '@apollo/server';
import {
  createSourceEventStream,
  execute,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Caller } from '../domain/caller.ts';
import { OperationContext, type ContextOptions, type GatewaySource } from '../graphql/context.ts';
import type { Chronicle } from '../history/chronicle.ts';
import { formatError } from '../graphql/errors.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { WriteService } from '../writing/write-service.ts';
import { ShapeCheck } from './limits.ts';
import type { Logger } from './log.ts';

export interface StreamedOperationsOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly schema: GraphQLSchema;
  readonly sources: readonly GatewaySource[];
  readonly writes: WriteService;
  readonly chronicle?: Chronicle | undefined;
  readonly hub: LiveHub;
  readonly log: Logger;
  readonly now: () => Date;
}

/** An operation as a caller sends it. */
export interface OperationRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
}

/** On whose behalf an operation is carried out, and what its transport can do. */
export interface Asking {
  readonly caller: Caller;
  readonly requestId: string;
  /** Whether mutations are taken. */
  readonly mayWrite: boolean;
  /** Called when the caller takes events so slowly that its connection has to be ended. */
  readonly onTooSlow: () => void;
}

export type Result = FormattedExecutionResult;

/** What becomes of an operation: a refusal before anything was done, one answer, or a stream of them. */
export type Opened =
  | { readonly kind: 'REFUSED'; readonly errors: readonly GraphQLFormattedError[] }
  | { readonly kind: 'ANSWERED'; readonly result: Result }
  | { readonly kind: 'STREAM'; readonly results: AsyncGenerator<Result, void> };

/** Most streams that one caller may hold open, over all its connections. */
const MAX_STREAMS_OF_CALLER = 5_000;

/**
 * The context of an operation whose answer may be a stream. Apollo Server checks such an operation like any other; a subscription that
 * has passed is left in `passed` and is carried out here.
 */
export class StreamContext extends OperationContext {
  readonly passed: { document?: DocumentNode } = {};
  readonly mayWrite: boolean;

  constructor(options: ContextOptions & { readonly mayWrite: boolean }) {
    super(options);
    this.mayWrite = options.mayWrite;
  }
}

/** Carries out operations for the transports that can answer with a stream, under the checks and in the words of all others. */
export class StreamedOperations {
  readonly #options: StreamedOperationsOptions;
  readonly #shapes = new ShapeCheck();
  readonly #open = new Map<string, number>();

  constructor(options: StreamedOperationsOptions) {
    this.#options = options;
  }

  /** Streams that are open. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Begins an operation. `signal` is aborted when the caller goes away; a stream is ended by its `return`, too. */
  async open(request: OperationRequest, asking: Asking, signal: AbortSignal): Promise<Opened> {
    const { requestId } = asking;
    const tooLarge = this.#shapes.refusal(request.query);
    if (tooLarge !== undefined)
      return refused({ message: tooLarge.message, extensions: { code: tooLarge.extensions['code'], requestId } });
    const { sources, writes, chronicle, hub, now } = this.#options;
    const end = new AbortController();
    const follow = (): void => end.abort();
    signal.addEventListener('abort', follow);
    const { caller, mayWrite, onTooSlow } = asking;
    const listening = { hub, onTooSlow };
    const context = new StreamContext({
      sources,
      writes,
      chronicle,
      caller,
      now,
      requestId,
      listening,
      mayWrite,
      signal: end.signal,
    });
    const finish = (): void => {
      signal.removeEventListener('abort', follow);
      context.dispose();
      end.abort();
    };
    let opened: Opened | undefined;
    try {
      const answer = await this.#check(request, context);
      const { document } = context.passed;
      opened = document === undefined ? answer : await this.#subscribe(request, document, context, finish);
      return opened;
    } finally {
      if (opened?.kind !== 'STREAM') finish();
    }
  }

  /** What Apollo Server makes of an operation: the whole answer, unless it is a subscription that has passed. */
  async #check({ query, variables, operationName }: OperationRequest, context: StreamContext): Promise<Opened> {
    const asked = {
      query,
      ...(variables === undefined ? {} : { variables }),
      ...(operationName === undefined ? {} : { operationName }),
    };
    const { body } = await this.#options.apollo.executeOperation(asked, { contextValue: context });
    if (body.kind !== 'single') throw new Error('no operation is answered in parts');
    const { data, errors } = body.singleResult;
    // Without data nothing was carried out.
    if (data === undefined) return { kind: 'REFUSED', errors: errors ?? [] };
    return { kind: 'ANSWERED', result: { data, ...(errors === undefined ? {} : { errors }) } };
  }

  async #subscribe(
    { variables, operationName }: OperationRequest,
    document: DocumentNode,
    context: StreamContext,
    finish: () => void,
  ): Promise<Opened> {
    const { caller, requestId } = context;
    if ((this.#open.get(caller.name) ?? 0) >= MAX_STREAMS_OF_CALLER) {
      const message = `The caller holds ${MAX_STREAMS_OF_CALLER} streams open; end one first.`;
      return refused({ message, extensions: { code: 'TOO_MANY_STREAMS', requestId } });
    }
    // Before the first pause, so that many at once are all counted.
    this.#count(caller, 1);
    const onEnd = (): void => {
      this.#count(caller, -1);
      finish();
    };
    const { schema } = this.#options;
    const args = { schema, document, variableValues: variables, operationName };
    const mask = (error: unknown): GraphQLFormattedError => this.#mask(error, requestId);
    const source = await createSourceEventStream({ ...args, contextValue: context });
    if (!(Symbol.asyncIterator in source)) {
      onEnd();
      return { kind: 'REFUSED', errors: (source.errors ?? []).map(mask) };
    }
    const tell = async (event: unknown, signal: AbortSignal): Promise<Result> => {
      // Nothing that was read for one event serves the next.
      const { sources, writes, now } = context;
      const fresh = new OperationContext({ sources, writes, caller, now, requestId, signal });
      try {
        const { data, errors } = await execute({ ...args, rootValue: event, contextValue: fresh });
        return { data: data ?? null, ...(errors === undefined ? {} : { errors: errors.map(mask) }) };
      } finally {
        fresh.dispose();
      }
    };
    return { kind: 'STREAM', results: new ResultStream(source, tell, (error) => ({ errors: [mask(error)] }), onEnd) };
  }

  #count({ name }: Caller, change: 1 | -1): void {
    const count = (this.#open.get(name) ?? 0) + change;
    if (count === 0) this.#open.delete(name);
    else this.#open.set(name, count);
  }

  /** An error as callers see it. */
  #mask(error: unknown, requestId: string): GraphQLFormattedError {
    const formatted = isGraphQLError(error) ? error.toJSON() : { message: '' };
    const { log } = this.#options;
    const masked = formatError(formatted, error, (cause) => log.error({ err: cause, requestId }, 'unexpected failure'));
    return { ...masked, extensions: { ...masked.extensions, requestId } };
  }
}

function refused(error: GraphQLFormattedError): Opened {
  return { kind: 'REFUSED', errors: [error] };
}

function isGraphQLError(error: unknown): error is { toJSON(): GraphQLFormattedError } {
  return error instanceof Error && 'toJSON' in error && typeof error.toJSON === 'function';
}

/**
 * The answers to the events of one subscription, one after the other.
 *
 * Not an async generator function: `return` has to work while an event is awaited, and that one would wait for the event first.
 */
class ResultStream implements AsyncGenerator<Result, void> {
  readonly #source: AsyncIterator<unknown>;
  readonly #tell: (event: unknown, signal: AbortSignal) => Promise<Result>;
  readonly #fail: (error: unknown) => Result;
  readonly #onEnd: () => void;
  #current: AbortController | undefined;
  #hasEnded = false;

  constructor(
    source: AsyncIterable<unknown>,
    tell: (event: unknown, signal: AbortSignal) => Promise<Result>,
    fail: (error: unknown) => Result,
    onEnd: () => void,
  ) {
    this.#source = source[Symbol.asyncIterator]();
    this.#tell = tell;
    this.#fail = fail;
    this.#onEnd = onEnd;
  }

  async next(): Promise<IteratorResult<Result, void>> {
    if (this.#hasEnded) return DONE;
    try {
      const event = await this.#source.next();
      if (event.done === true || this.#hasEnded) {
        this.#end();
        return DONE;
      }
      this.#current = new AbortController();
      const result = await this.#tell(event.value, this.#current.signal);
      this.#current = undefined;
      return this.#hasEnded ? DONE : { done: false, value: result };
    } catch (error) {
      if (this.#hasEnded) return DONE;
      this.#end();
      return { done: false, value: this.#fail(error) };
    }
  }

  async return(): Promise<IteratorResult<Result, void>> {
    this.#end();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<Result, void>> {
    this.#end();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd();
    this.#current?.abort();
    // Whatever it is still waiting for has been told to end; nobody waits for that.
    this.#source.return?.().then(undefined, () => undefined);
  }
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };
