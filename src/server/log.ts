import { pino, type DestinationStream } from 'pino';
import { GatewayError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Facts that go with an event. Values that are no text, number, boolean, `Date`, `Error` or list of those are left out; members
 * whose names sound like a secret are hidden, as are user and password in URLs.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line for each event. The message is the same for every event of a kind; what differs goes into the fields. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel | undefined;
  /** `json`: one JSON object a line, for collectors (default). `text`: one line for people. */
  readonly format?: 'json' | 'text' | undefined;
  /** Takes whole lines, the line end included. Default: standard error. */
  readonly write?: ((line: string) => void) | undefined;
}

export function createLogger(options: LoggerOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const destination: DestinationStream = {
    write: options.format === 'text' ? (line) => write(readableLine(line)) : write,
  };
  const level = options.level ?? 'info';
  const log = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are made into plain fields below, without pino's own serialiser, which writes every member.
      serializers: { err: (value: unknown) => value },
    },
    destination,
  );
  const withStack = level === 'debug';
  return {
    debug: (fields, message) => log.debug(chosen(fields, withStack), message),
    info: (fields, message) => log.info(chosen(fields, withStack), message),
    warn: (fields, message) => log.warn(chosen(fields, withStack), message),
    error: (fields, message) => log.error(chosen(fields, withStack), message),
  };
}

const SOUNDS_SECRET = /password|passwd|secret|token|authorization|cookie|credential|api-?key/i;
const LONGEST_TEXT = 1_000;
const LONGEST_SCRUBBED = 100_000;
/** pino's own members, which a field must not stand in for. */
const TAKEN = new Set(['level', 'time', 'msg']);

function chosen(fields: LogFields, withStack: boolean): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const plain = plainValue(value, withStack);
    if (plain === undefined) continue;
    kept[TAKEN.has(name) ? `${name}_` : name] = SOUNDS_SECRET.test(name) ? '[secret]' : plain;
  }
  return kept;
}

function plainValue(value: unknown, withStack: boolean): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Secret) return '[secret]';
  if (value instanceof Error) return errorFields(value, withStack);
  if (Array.isArray(value))
    return value.map((item) => plainValue(item, withStack)).filter((item) => item !== undefined);
  return undefined;
}

function errorFields(error: Error, withStack: boolean): Record<string, unknown> {
  const told =
    error instanceof GatewayError
      ? { code: error.code, source: error.sourceKey, httpStatus: error.httpStatus, nativeCode: error.nativeCode }
      : { code: 'code' in error && typeof error.code === 'string' ? error.code : undefined };
  const fields: Record<string, unknown> = { type: error.name, message: scrub(error.message), ...told };
  if (withStack && error.stack !== undefined) fields['stack'] = scrub(error.stack);
  if (error.cause instanceof Error) fields['cause'] = `${error.cause.name}: ${scrub(error.cause.message)}`;
  return fields;
}

/**
 * Text without user and password in URLs, without the values of query parameters that sound secret, and not too long.
 *
 * Every repeat before a literal has a bound, so that long text costs no more than its length.
 */
function scrub(text: string): string {
  const clean = text
    .slice(0, LONGEST_SCRUBBED)
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi, '$1[secret]@')
    .replace(/([?&][^=&?\s]{0,60}(?:password|secret|token|key|sig)[^=&?\s]{0,60}=)[^&\s]+/gi, '$1[secret]')
    .replace(/\b(bearer|basic) {1,3}[\w+/=.~-]{8,}/gi, '$1 [secret]');
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}

/** `08:15:30 warn  message  name=value name=value` */
function readableLine(line: string): string {
  // The line is pino's own.
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${readableValue(value)}`);
  return `${[clock, String(level).padEnd(5), String(msg), ...facts].join(' ')}\n`;
}

function readableValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s\u0000-\u001f\u007f]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text;
}
