import { answerTable, printable } from '../answer-table.ts';
import { CommandError, UsageError, type Command, type CommandIo } from '../command.ts';
import { readText } from '../load-config.ts';
import { httpUrl } from '../options.ts';

export const query: Command = {
  name: 'query',
  summary: 'Runs one GraphQL operation against a running gateway',
  positionals: ['FILE'],
  options: {
    url: { type: 'string', value: 'URL', help: 'Default: http://127.0.0.1:4000/graphql' },
    variables: { type: 'string', value: 'FILE', help: 'JSON file with the variables' },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'table (default): the rows of the first list; json: the whole answer',
    },
  },
  notes: ['FILE is - for the standard input.', 'Exit code 1: the gateway answered errors, or did not answer.'],
  async run(input, io) {
    const format = input.text('format') ?? 'table';
    if (format !== 'table' && format !== 'json') throw new UsageError('--format must be table or json');
    const url = httpUrl('--url', input.text('url') ?? 'http://127.0.0.1:4000/graphql');
    const [file = '-'] = input.positionals;
    const text = file === '-' ? await io.readInput() : readText(file);
    const answer = await ask(url, text, readVariables(input.text('variables')));
    const errors = answer.errors ?? [];
    if (format === 'json') io.out(JSON.stringify(answer, undefined, 2));
    // Beside an error and without data nothing was read: "no rows" would be a wrong answer.
    else if (answer.data || errors.length === 0) for (const line of answerTable(answer.data)) io.out(line);
    return complain(errors, io);
  },
};

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: unknown; readonly path?: unknown; readonly extensions?: unknown }[];
}

async function ask(url: string, text: string, variables: unknown): Promise<Answer> {
  let body: unknown;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body: JSON.stringify({ query: text, variables }),
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

function readVariables(file: string | undefined): unknown {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    // The engine's message quotes the file, which may hold secrets.
    if (error instanceof SyntaxError) throw new CommandError(`${file} is not JSON`);
    throw error;
  }
}

function complain(errors: NonNullable<Answer['errors']>, io: CommandIo): number {
  for (const { message, path, extensions } of errors) {
    const code =
      typeof extensions === 'object' && extensions !== null && 'code' in extensions ? extensions.code : undefined;
    const place = Array.isArray(path) ? ` (at ${path.join('.')})` : '';
    io.err(printable(`${typeof code === 'string' ? `${code}: ` : ''}${String(message)}${place}`));
  }
  return errors.length === 0 ? 0 : 1;
}
