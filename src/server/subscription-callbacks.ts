import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginSubscriptionCallback } from '@apollo/server/plugin/subscriptionCallback';
import { GraphQLBoolean, GraphQLObjectType, GraphQLSchema, type GraphQLFormattedError } from 'graphql';
import type { Caller } from '../domain/caller.ts';
import { withoutCallsOut } from './apollo.ts';
import { CallbackAddresses } from './callback-addresses.ts';
import { registrationIn, type Registration } from './callback-registration.ts';
import type { Logger } from './log.ts';
import type { OperationRequest, Result, StreamedOperations } from './streamed-operations.ts';

/** What callbacks may cost; times in milliseconds. */
export const CALLBACK_LIMITS = {
  subscriptions: 10_000,
  /** One request to the router. */
  requestMs: 5_000,
  /** What is owed to the routers when the gateway stops. */
  stopMs: 3_000,
} as const;

export interface SubscriptionCallbacksOptions {
  readonly operations: StreamedOperations;
  /** URLs under which the addresses have to lie. */
  readonly prefixes: readonly string[];
  readonly log: Logger;
}

/** The answer to the router that subscribes. */
export interface CallbackAnswer {
  readonly status: number;
  readonly body: { readonly data?: null; readonly errors?: readonly GraphQLFormattedError[] };
}

interface OpenCallback {
  readonly requestId: string;
  results: AsyncGenerator<Result, void> | undefined;
  /** The event that is being sent. */
  current: Result | undefined;
  /** Whether the router has confirmed that it wants this. */
  isConfirmed: boolean;
  /** Why the gateway ended it; undefined while it has not. */
  reason: GraphQLFormattedError | undefined;
}

/** What the plugin sends, as far as it is looked at here. */
interface Message extends Record<string, unknown> {
  readonly action: 'check' | 'next' | 'complete';
}

type Fetcher = NonNullable<NonNullable<Parameters<typeof ApolloServerPluginSubscriptionCallback>[0]>['fetcher']>;

/**
 * Sends the events of subscriptions to a router, in Apollo's HTTP callback protocol.
 *
 * Apollo Server's own plugin speaks the protocol, over a schema of one field that stands in for ours. It sees neither operations nor
 * events: operations are checked and carried out by `StreamedOperations`, as for every transport, and the events are put into its
 * messages as they leave. Requests go to addresses that a configured prefix covers, and follow no redirects.
 */
export class SubscriptionCallbacks {
  readonly #operations: StreamedOperations;
  readonly #addresses: CallbackAddresses;
  readonly #log: Logger;
  readonly #apollo: ApolloServer<StandInContext>;
  /** By address: the plugin tells subscriptions apart by nothing else. */
  readonly #open = new Map<string, OpenCallback>();
  readonly #cut = new AbortController();
  #isClosing = false;

  constructor({ operations, prefixes, log }: SubscriptionCallbacksOptions) {
    this.#operations = operations;
    this.#addresses = new CallbackAddresses(prefixes);
    this.#log = log;
    this.#apollo = createStandIn(log, (url, init) => this.#send(url, String(init?.body)));
  }

  /** Subscriptions whose events are sent. */
  get size(): number {
    return this.#open.size;
  }

  async start(): Promise<void> {
    await this.#apollo.start();
  }

  /** Begins a subscription, once the router has confirmed it. `extension` is what the router sent as `extensions.subscription`. */
  async answer(
    request: OperationRequest,
    extension: object,
    asking: { readonly caller: Caller; readonly requestId: string },
  ): Promise<CallbackAnswer> {
    const { requestId } = asking;
    const refuse = (status: number, code: string, message: string): CallbackAnswer => ({
      status,
      body: { errors: [{ message, extensions: { code, requestId } }] },
    });
    if (this.#isClosing || this.#open.size >= CALLBACK_LIMITS.subscriptions)
      return refuse(503, 'TOO_MANY_STREAMS', 'No more subscriptions with callbacks are taken.');
    const said = registrationIn(extension);
    if (typeof said === 'string') return refuse(400, 'BAD_REQUEST', said);
    const callbackUrl = this.#addresses.covered(said.callbackUrl);
    if (callbackUrl === undefined) return refuse(400, 'CALLBACK_REFUSED', NOT_COVERED);
    if (this.#open.has(callbackUrl)) return refuse(400, 'CALLBACK_REFUSED', 'The callback URL is in use.');
    const open: OpenCallback = {
      requestId,
      results: undefined,
      current: undefined,
      isConfirmed: false,
      reason: undefined,
    };
    // Before the first pause, so that the address is taken once.
    this.#open.set(callbackUrl, open);
    try {
      const refusal = await this.#subscribe(request, open, asking);
      if (refusal !== undefined) return refusal;
      await this.#hand({ ...said, callbackUrl }, open);
      if (open.isConfirmed) return { status: 200, body: { data: null } };
      return refuse(400, 'CALLBACK_FAILED', 'The callback URL did not confirm the subscription.');
    } finally {
      if (!open.isConfirmed) this.#forget(callbackUrl, open);
    }
  }

  /** Tells the routers that the gateway stops, and ends all subscriptions. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const open of this.#open.values()) open.reason ??= errorOf('GATEWAY_STOPS', 'The gateway stops.', open);
    const cut = setTimeout(() => this.#cut.abort(), CALLBACK_LIMITS.stopMs);
    await this.#apollo.stop();
    clearTimeout(cut);
    for (const [url, open] of this.#open) this.#forget(url, open);
  }

  /** Carries out the operation as for every other transport. */
  async #subscribe(
    request: OperationRequest,
    open: OpenCallback,
    { caller, requestId }: { readonly caller: Caller; readonly requestId: string },
  ): Promise<CallbackAnswer | undefined> {
    const onTooSlow = (): void => {
      this.#log.warn({ requestId, caller: caller.name }, 'listener too slow');
      open.reason ??= errorOf('TOO_SLOW', 'Events were taken too slowly.', open);
      void open.results?.return(undefined);
    };
    const asking = { caller, requestId, mayWrite: false, onTooSlow };
    // A router that has gone is told by its answers, and not by a signal.
    const opened = await this.#operations.open(request, asking, new AbortController().signal);
    if (opened.kind === 'REFUSED') return { status: 400, body: { errors: opened.errors } };
    if (opened.kind === 'ANSWERED') throw new Error('only subscriptions are answered by callbacks');
    open.results = opened.results;
    return undefined;
  }

  /** Has the plugin confirm the subscription with the router and send what comes. */
  async #hand(said: Registration, open: OpenCallback): Promise<void> {
    const { body } = await this.#apollo.executeOperation(
      { query: 'subscription { event }', extensions: { subscription: said } },
      { contextValue: { events: this.#eventsOf(said.callbackUrl, open) } },
    );
    const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
    if (errors === undefined) return;
    open.isConfirmed = false;
    this.#log.warn({ requestId: open.requestId, errors: errors.map(({ message }) => message) }, 'callback refused');
  }

  /** The events as the plugin takes them: that there is one, and no more. */
  #eventsOf(callbackUrl: string, open: OpenCallback): AsyncIterableIterator<{ readonly event: true }> {
    const events: AsyncIterableIterator<{ readonly event: true }> = {
      next: async () => {
        const result = await open.results?.next();
        if (result === undefined || result.done === true) return { done: true, value: undefined };
        open.current = result.value;
        return { done: false, value: { event: true } };
      },
      // The plugin calls this at the end, whatever the end was.
      return: async () => {
        this.#forget(callbackUrl, open);
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => events,
    };
    return events;
  }

  #forget(callbackUrl: string, open: OpenCallback): void {
    if (this.#open.get(callbackUrl) === open) this.#open.delete(callbackUrl);
    void open.results?.return(undefined);
  }

  /** Sends one message of the plugin. What comes back is the status alone. */
  async #send(url: string, text: string): Promise<Response> {
    const open = this.#open.get(url);
    // Ended meanwhile, or cut off: to be tried no more.
    if (open === undefined || this.#cut.signal.aborted) return new Response(null, { status: 400 });
    const message = messageOf(JSON.parse(text) as Message, open);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'subscription-protocol': 'callback/1.0' },
      body: JSON.stringify(message),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(CALLBACK_LIMITS.requestMs), this.#cut.signal]),
    });
    await response.body?.cancel();
    if (open.isConfirmed) return new Response(null, { status: response.status });
    open.isConfirmed = response.ok;
    // The plugin would take a 404 to its first message for a yes.
    return new Response(null, { status: response.status === 404 ? 400 : response.status });
  }
}

const NOT_COVERED = 'The callback URL lies under none of the configured `server.subscriptionCallbacks`.';

interface StandInContext {
  readonly events: AsyncIterable<{ readonly event: true }>;
}

const EVENT = { event: { type: GraphQLBoolean } };
const STAND_IN = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: EVENT }),
  subscription: new GraphQLObjectType<unknown, StandInContext>({
    name: 'Subscription',
    fields: { event: { ...EVENT.event, subscribe: (_root, _args, { events }) => events } },
  }),
});

function createStandIn(log: Logger, fetcher: Fetcher): ApolloServer<StandInContext> {
  const tell = (message: string): void => log.debug({ message }, 'subscription callback');
  // What matters of it is logged where it is known for whom.
  const logger = { debug: () => undefined, info: tell, warn: tell, error: tell };
  return new ApolloServer<StandInContext>({
    schema: STAND_IN,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger,
    plugins: [...withoutCallsOut(), ApolloServerPluginSubscriptionCallback({ logger, fetcher })],
  });
}

/** A message as it leaves: with the event in the place of its stand-in, and with the reason when the gateway ended it. */
function messageOf({ payload, ...message }: Message, { current, reason }: OpenCallback): Record<string, unknown> {
  if (payload !== undefined) return { ...message, payload: current };
  return message.action === 'complete' && reason !== undefined ? { ...message, errors: [reason] } : message;
}

function errorOf(code: string, message: string, { requestId }: OpenCallback): GraphQLFormattedError {
  return { message, extensions: { code, requestId } };
}
