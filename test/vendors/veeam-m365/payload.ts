import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A payload file as JSON; `changes` replace members of its root. */
export function payload(name: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const text = readFileSync(join(import.meta.dirname, 'payloads', `${name}.json`), 'utf8');
  return { ...(JSON.parse(text) as Record<string, unknown>), ...changes };
}
