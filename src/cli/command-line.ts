import { parseArgs } from 'node:util';
import { suggestion } from '../server/nearest-name.ts';
import { UsageError, type Command, type CommandInput } from './command.ts';

/** Reads what was typed after a command's name. `help` is true when the help is wanted, whatever else is there. */
export function readCommandLine(
  command: Command,
  args: readonly string[],
): { readonly help: boolean; readonly input: CommandInput } {
  const { values, positionals } = parse(command, args);
  const help = values['help'] === true;
  const missing = command.positionals[positionals.length];
  if (!help && missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (!help && positionals.length > command.positionals.length)
    throw new UsageError(`"${positionals[command.positionals.length]}" is not expected`);
  return {
    help,
    input: {
      text: (name) => {
        const value = values[name];
        return typeof value === 'string' ? value : undefined;
      },
      list: (name) => {
        const value = values[name];
        return Array.isArray(value) ? value.map(String) : [];
      },
      isSet: (name) => values[name] === true,
      positionals,
    },
  };
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parse(command: Command, args: readonly string[]): { readonly values: Values; readonly positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  try {
    return parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(wordsOf(error.message, Object.keys(command.options)));
  }
}

/** Node's first sentence, with the option that was probably meant. */
function wordsOf(message: string, names: readonly string[]): string {
  const unknown = /^Unknown option '([^']*)'/.exec(message)?.[1];
  if (unknown !== undefined)
    return `${unknown} is not a known option${suggestion(
      unknown,
      names.map((name) => `--${name}`),
    )}`;
  const valueless = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(message)?.[1];
  if (valueless !== undefined) return `${valueless} needs a value`;
  const sentence = /^[^\n]*?(?=\.\s|\.?$|\n)/m.exec(message)?.[0] ?? message;
  return sentence.replace(/^Option '(?:-\w, )?(--[\w-]+)[^']*'/, '$1');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, summary, positionals, options, notes } = command;
  const rows = [
    ...Object.entries(options).map(([option, { value, help }]) => [
      `--${option}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
    ['--help', 'This text'],
  ];
  return [
    `${summary}.`,
    '',
    `Usage: backupgraph ${[name, ...positionals, '[options]'].join(' ')}`,
    '',
    ...columns(rows),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n');
}

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  return [
    'One GraphQL endpoint over the backup systems that an organisation already runs.',
    '',
    'Usage: backupgraph COMMAND [options]',
    '',
    ...columns(commands.map(({ name, positionals, summary }) => [[name, ...positionals].join(' '), summary])),
    '',
    'backupgraph COMMAND --help tells the options of a command, backupgraph --version the version.',
    'BACKUPGRAPH_DEBUG=1 shows where an error comes from.',
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`);
}
