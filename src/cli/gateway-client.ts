import { printable } from './answer-table.ts';
import { CommandError, type Command, type CommandInput, type CommandIo } from './command.ts';
import { httpUrl } from './options.ts';

export const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

/** What a gateway answers. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: unknown; readonly path?: unknown; readonly extensions?: unknown }[];
}

/** The key for the gateway; undefined where none is set. */
export function apiKey({ environment }: CommandIo): string | undefined {
  const key = environment['BACKUPGRAPH_API_KEY'] || undefined;
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key))
    throw new CommandError('BACKUPGRAPH_API_KEY is not a key: it holds a space, a line break or a sign beyond ASCII');
  return key;
}

/** Asks a gateway for one operation. @throws CommandError when it does not answer like one. */
export async function ask(
  url: string,
  { text, variables, key }: { readonly text: string; readonly variables: unknown; readonly key: string | undefined },
): Promise<Answer> {
  let body: unknown;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ query: text, variables }),
      // The key and the variables are for this address alone.
      redirect: 'error',
    });
    body = await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`${url} does not answer in JSON`);
    throw new CommandError(`${url} does not answer`);
  }
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body))
    throw new CommandError(`${url} does not answer like a GraphQL server`);
  // Members are looked at one by one.
  return body as Answer;
}

/** The options of every command that asks a gateway. */
export const GATEWAY_OPTIONS = {
  url: { type: 'string', value: 'URL', help: `Default: ${DEFAULT_URL}` },
} as const satisfies Command['options'];

export const GATEWAY_NOTES: readonly string[] = ['BACKUPGRAPH_API_KEY holds the key, where the gateway wants one.'];

/** The data of an operation. @throws CommandError when the gateway refuses it or does not answer */
export async function askFor(text: string, input: CommandInput, io: CommandIo, variables?: unknown): Promise<unknown> {
  const url = httpUrl('--url', input.text('url') ?? DEFAULT_URL);
  const { data, errors = [] } = await ask(url, { text, variables, key: apiKey(io) });
  const [error] = errors;
  if (error !== undefined) throw new CommandError(`${url}: ${printable(String(error.message))}`);
  return data;
}
