import { parseShortDuration } from '../domain/duration.ts';
import { UsageError } from './command.ts';

/** A whole number within bounds; undefined when it was not given. @throws UsageError */
export function wholeNumber(option: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) throw new UsageError(`${option} must be a whole number, ${low} to ${high}`);
  return value;
}

/** Milliseconds of a duration such as `250ms`; undefined when it was not given. @throws UsageError */
export function duration(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = parseShortDuration(text);
  if (value === undefined || value > MAX_DURATION_MS)
    throw new UsageError(`${option} must be a duration of a minute at most, such as 250ms or 2s`);
  return value;
}

const MAX_DURATION_MS = 60_000;

/** A URL to ask, without user and password: command lines are seen by others. @throws UsageError */
export function httpUrl(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`${option} must be an http or https URL`);
  if (url.username !== '' || url.password !== '') throw new UsageError(`${option} must not hold a user or password`);
  return url.href;
}

/** `KEY=VALUE` pairs. @throws UsageError */
export function keyValues(option: string, texts: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`${option} must be KEY=VALUE`);
    pairs[text.slice(0, at)] = text.slice(at + 1);
  }
  return pairs;
}
