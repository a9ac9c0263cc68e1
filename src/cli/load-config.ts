import { readFileSync } from 'node:fs';
import { parseConfig, type ConfigOverrides, type GatewayConfig } from '../server/config.ts';
import { CommandError, type CommandInput, type CommandIo } from './command.ts';

export const CONFIG_OPTION = {
  type: 'string',
  value: 'FILE',
  help: 'Configuration; default: BACKUPGRAPH_CONFIG, then ./backupgraph.yaml',
} as const;

export interface LoadedConfig {
  readonly file: string;
  readonly config: GatewayConfig;
  readonly warnings: readonly string[];
}

/** Reads the configuration that flag or environment name. @throws ConfigError with every problem in it. */
export function loadConfig(input: CommandInput, io: CommandIo, overrides: ConfigOverrides = {}): LoadedConfig {
  const named = input.text('config') ?? (io.environment['BACKUPGRAPH_CONFIG'] || undefined);
  const file = named ?? 'backupgraph.yaml';
  const text = readText(file, named === undefined ? '; name one with --config' : '');
  return { file, ...parseConfig(text, { file, environment: io.environment, readFile: readUtf8, overrides }) };
}

function readUtf8(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The text of a file that was named on the command line. */
export function readText(file: string, hint = ''): string {
  try {
    return readUtf8(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new CommandError(`${file} cannot be read: ${FILE_WORDS[code] ?? code}${hint}`);
  }
}

const FILE_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};
