import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponse } from '../../../src/transport/decode.ts';

/** A file of `payloads/` as text. */
export function payload(name: string): string {
  return readFileSync(join(import.meta.dirname, 'payloads', `${name}.json`), 'utf8');
}

/** A body as the vendor's answer. */
export function answer(body: unknown, status = 200): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}
