import { TypeNamesError } from '../graphql/federation/type-names.ts';
import type { Gateway, GatewayOptions } from '../server/create-gateway.ts';
import { createLogger, LOG_LEVELS, type Logger, type LogLevel } from '../server/log.ts';
import { CommandError, UsageError, type CommandInput, type CommandIo } from './command.ts';

export const LOG_OPTION = {
  type: 'string',
  value: 'LEVEL',
  help: `${LOG_LEVELS.join(', ')}; default: BACKUPGRAPH_LOG_LEVEL, then info`,
} as const;

/** The log of a command: JSON lines, or lines for people where a person reads them. */
export function openLog(input: CommandInput, io: CommandIo, fallback: LogLevel, format: 'json' | 'text'): Logger {
  const given = input.text('log-level') ?? (io.environment['BACKUPGRAPH_LOG_LEVEL'] || fallback);
  const level = LOG_LEVELS.find((one) => one === given);
  if (level === undefined) throw new UsageError(`the log level must be one of ${LOG_LEVELS.join(', ')}`);
  return createLogger({ level, format, write: (line) => io.err(line.trimEnd()) });
}

export const RENAME_OPTION = {
  type: 'string',
  multiple: true,
  value: 'TYPE=NAME',
  help: 'Another name for a type, where a supergraph has one of that name; repeatable',
} as const;

/** Starts the gateway. @throws CommandError that says what to do when an address cannot be used, UsageError about type names */
export async function startOrExplain(options: GatewayOptions): Promise<Gateway> {
  // GraphQL and its packages are loaded only by the commands that serve.
  const { startGateway } = await import('../server/create-gateway.ts');
  try {
    return await startGateway(options);
  } catch (error) {
    if (error instanceof TypeNamesError) throw new UsageError(error.message);
    const { server, management } = options.config;
    const { code, port } = addressFault(error);
    if (code === undefined) throw error;
    const isManagement = port === management.port && port !== server.port;
    const [what, host, flag] = isManagement
      ? ['the management port', management.host, '--management-port']
      : ['the port', server.host, '--port'];
    throw new CommandError(`${what} ${port} of ${host} ${code}; choose another with ${flag}`);
  }
}

/** What is wrong with an address, in words; undefined for every other failure. */
export function addressFault(error: unknown): { readonly code: string | undefined; readonly port: number | undefined } {
  if (!(error instanceof Error) || !('code' in error)) return { code: undefined, port: undefined };
  const port = 'port' in error && typeof error.port === 'number' ? error.port : undefined;
  return { code: ADDRESS_WORDS[String(error.code)], port };
}

const ADDRESS_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken',
  EACCES: 'may not be used by this user',
  EADDRNOTAVAIL: 'is not an address of this machine',
};
