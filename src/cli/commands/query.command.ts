import { answerTable, printable, userErrorsIn } from '../answer-table.ts';
import { CommandError, UsageError, type Command, type CommandIo } from '../command.ts';
import { readText } from '../load-config.ts';
import { apiKey, ask, DEFAULT_URL, type Answer } from '../gateway-client.ts';
import { httpUrl } from '../options.ts';

export const query: Command = {
  name: 'query',
  summary: 'Runs one GraphQL operation against a running gateway',
  positionals: ['FILE'],
  options: {
    url: { type: 'string', value: 'URL', help: 'Default: http://127.0.0.1:4000/graphql' },
    variables: { type: 'string', value: 'FILE', help: 'JSON with the variables; - for the standard input' },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'table (default): the rows of the first list; json: the whole answer',
    },
  },
  notes: [
    'FILE is - for the standard input. Variables are never arguments: command lines are seen by others.',
    'BACKUPGRAPH_API_KEY holds the key, where the gateway wants one.',
    'Exit code 1: the gateway answered errors or userErrors, or did not answer.',
  ],
  async run(input, io) {
    const format = input.text('format') ?? 'table';
    if (format !== 'table' && format !== 'json') throw new UsageError('--format must be table or json');
    const url = httpUrl('--url', input.text('url') ?? DEFAULT_URL);
    const [file = '-'] = input.positionals;
    const variablesFile = input.text('variables');
    if (file === '-' && variablesFile === '-') throw new UsageError('FILE and --variables cannot both be -');
    const key = apiKey(io);
    const text = file === '-' ? await io.readInput() : readText(file);
    const answer = await ask(url, { text, variables: await readVariables(variablesFile, io), key });
    const errors = answer.errors ?? [];
    if (format === 'json') io.out(JSON.stringify(answer, undefined, 2));
    // Beside an error and without data nothing was read: "no rows" would be a wrong answer.
    else if (answer.data || errors.length === 0) for (const line of answerTable(answer.data)) io.out(line);
    return complain(errors, answer.data, io);
  },
};

async function readVariables(file: string | undefined, io: CommandIo): Promise<unknown> {
  if (file === undefined) return undefined;
  const text = file === '-' ? await io.readInput() : readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the file, which may hold secrets.
    if (error instanceof SyntaxError)
      throw new CommandError(`${file === '-' ? 'the standard input' : file} is not JSON`);
    throw error;
  }
}

/** Writes down what went wrong; answers the exit code. */
function complain(errors: NonNullable<Answer['errors']>, data: unknown, io: CommandIo): number {
  for (const { message, path, extensions } of errors) {
    const code =
      typeof extensions === 'object' && extensions !== null && 'code' in extensions ? extensions.code : undefined;
    const place = Array.isArray(path) ? ` (at ${path.join('.')})` : '';
    io.err(printable(`${typeof code === 'string' ? `${code}: ` : ''}${String(message)}${place}`));
  }
  const refusals = userErrorsIn(data);
  for (const { code, message, field } of refusals) {
    const said = [code, message].filter((part) => typeof part === 'string').join(': ');
    const place = Array.isArray(field) ? ` (at ${['input', ...field].join('.')})` : '';
    io.err(printable(`${said === '' ? 'refused' : said}${place}`));
  }
  return errors.length + refusals.length === 0 ? 0 : 1;
}
