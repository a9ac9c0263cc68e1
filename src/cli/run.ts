import { readFileSync } from 'node:fs';
import { text as readStream } from 'node:stream/consumers';
import { suggestion } from '../server/nearest-name.ts';
import { commandHelp, programHelp, readCommandLine } from './command-line.ts';
import { CommandError, UsageError, type Command, type CommandIo } from './command.ts';
import { check } from './commands/check.command.ts';
import { demo } from './commands/demo.command.ts';
import { healthcheck } from './commands/healthcheck.command.ts';
import { query } from './commands/query.command.ts';
import { report } from './commands/report.command.ts';
import { schema } from './commands/schema.command.ts';
import { serve } from './commands/serve.command.ts';
import { simulate } from './commands/simulate.command.ts';
import { upcoming } from './commands/upcoming.command.ts';

export const COMMANDS: readonly Command[] = [
  serve,
  demo,
  simulate,
  check,
  schema,
  query,
  report,
  upcoming,
  healthcheck,
];

/**
 * Runs one command line; answers the exit code.
 *
 * 0: done, 1: it could not be done, 2: it was typed wrongly. Errors are one line, with a stack only where `BACKUPGRAPH_DEBUG` is 1.
 */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(programHelp(COMMANDS));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(version());
    return 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  try {
    if (command === undefined) {
      const known = COMMANDS.map((one) => one.name);
      throw new UsageError(`"${name}" is not a command${suggestion(name, known)}`);
    }
    const { help, input } = readCommandLine(command, rest);
    if (!help) return await command.run(input, io);
    io.out(commandHelp(command));
    return 0;
  } catch (error) {
    if (io.environment['BACKUPGRAPH_DEBUG'] === '1' && error instanceof Error) io.err(error.stack ?? error.message);
    else for (const line of linesOf(error)) io.err(`backupgraph: ${line}`);
    if (!(error instanceof UsageError)) return 1;
    io.err(`backupgraph: see backupgraph ${command === undefined ? '' : `${command.name} `}--help`);
    return 2;
  }
}

/** One line, or one for each problem of a configuration. */
function linesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return ['failed'];
  const lines = error.message.split('\n');
  if (error.name === 'ConfigError') return lines;
  return error instanceof CommandError || error instanceof UsageError ? [lines.join(' ')] : lines.slice(0, 1);
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  // The package's own file.
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

/** How long a clean stop may take, in milliseconds. */
const STOP_MS = 10_000;

/** Runs the command line of this process. */
export async function runProcess(): Promise<void> {
  // A reader that has seen enough, such as head, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await run(process.argv.slice(2), {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    environment: process.env,
    errIsTerminal: process.stderr.isTTY,
    outIsTerminal: process.stdout.isTTY && !process.env['NO_COLOR'],
    readInput: () => readStream(process.stdin),
    catchStop,
  });
}

function catchStop(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
    setTimeout(() => {
      process.stderr.write(`backupgraph: not stopped after ${STOP_MS / 1000} s; ended\n`);
      process.exit(1);
    }, STOP_MS).unref();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return stop.signal;
}
