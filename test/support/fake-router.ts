import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message that the gateway sent, as it came. */
export interface CallbackMessage {
  readonly kind: string;
  readonly action: string;
  readonly id: string;
  readonly verifier: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers by name and would only cast otherwise
  readonly payload?: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- the same
  readonly errors?: any;
  readonly headers: IncomingMessage['headers'];
}

/**
 * The callback endpoint of a router, after Apollo's description of the HTTP callback protocol: it knows the subscriptions that it has
 * registered, checks the verifier of each, and forgets one that is complete.
 */
export class FakeRouter {
  /** Status with which a message is answered, or never; undefined: as the protocol says. */
  answer: ((message: CallbackMessage) => number | 'NEVER' | undefined) | undefined;
  /** Where the answers with 3xx point. */
  location = '';
  readonly messages: CallbackMessage[] = [];
  /** Requests in all, those included that are no messages. */
  requests = 0;
  readonly #verifiers = new Map<string, string>();
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #read = 0;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a router puts into `extensions.subscription`. */
  register(
    changes: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> & { readonly subscriptionId: string } {
    const subscriptionId = randomUUID();
    const verifier = createHmac('sha256', 'of this router').update(subscriptionId).digest('hex');
    this.#verifiers.set(subscriptionId, verifier);
    const callbackUrl = `${this.origin}/callback/${subscriptionId}`;
    return { callbackUrl, subscriptionId, verifier, heartbeatIntervalMs: 5_000, ...changes };
  }

  /** The client of the router has left. */
  drop(subscriptionId: unknown): void {
    this.#verifiers.delete(String(subscriptionId));
  }

  isOpen(subscriptionId: unknown): boolean {
    return this.#verifiers.has(String(subscriptionId));
  }

  /** The next message with this action, in the order in which they came. */
  async next(action: string): Promise<CallbackMessage> {
    for (;;) {
      const message = this.messages[this.#read];
      if (message === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else {
        this.#read += 1;
        if (message.action === action) return message;
      }
    }
  }

  readonly #waiting: (() => void)[] = [];

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Omit<CallbackMessage, 'headers'>;
    const message: CallbackMessage = { ...body, headers: request.headers };
    this.messages.push(message);
    const status = this.answer?.(message) ?? this.#statusOf(request.url ?? '', message);
    if (status === 'NEVER') return;
    response.writeHead(status, {
      'subscription-protocol': 'callback/1.0',
      ...(status >= 300 && status < 400 ? { location: this.location } : {}),
    });
    response.end();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #statusOf(path: string, { kind, action, id, verifier }: CallbackMessage): number {
    if (kind !== 'subscription' || path !== `/callback/${id}`) return 400;
    const known = this.#verifiers.get(id);
    if (known === undefined) return 404;
    if (known !== verifier) return 401;
    if (action === 'check') return 204;
    if (action === 'next') return 200;
    if (action !== 'complete') return 400;
    this.#verifiers.delete(id);
    return 202;
  }
}
