/** One option of a command, as `--name` or `--name VALUE`. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What the help calls the value, such as `PORT`. */
  readonly value?: string;
  /** One line for the help. */
  readonly help: string;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What stands after the name besides options, such as `['VENDOR']`; each must be given. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Further lines of the help. */
  readonly notes: readonly string[];
  /** Does it; answers the exit code. @throws UsageError or CommandError, which become one line for people. */
  run(input: CommandInput, io: CommandIo): Promise<number>;
}

/** What was typed after the command's name. */
export interface CommandInput {
  /** Value of an option; undefined when it was not given. */
  text(name: string): string | undefined;
  /** Values of an option that may be given several times. */
  list(name: string): readonly string[];
  isSet(name: string): boolean;
  /** As many as the command's `positionals`. */
  readonly positionals: readonly string[];
}

/** The surroundings of a command; in tests, something else than the process. */
export interface CommandIo {
  /** Writes lines for people or for the next program. */
  readonly out: (line: string) => void;
  /** Writes lines about the work itself. */
  readonly err: (line: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether `err` goes to a person. */
  readonly errIsTerminal: boolean;
  /** Whether `out` goes to a person who wants colours. */
  readonly outIsTerminal: boolean;
  /** All of the standard input. */
  readonly readInput: () => Promise<string>;
  /** From now on, a request to stop the process aborts the signal instead of ending the process. */
  readonly catchStop: () => AbortSignal;
}

/** The command was typed wrongly: exit code 2 and a hint at the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not do what it was told: exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Ends when the signal says so. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
