import { readFileSync } from 'node:fs';

/** A payload of this folder, as text. */
export function payloadText(name: string): string {
  return readFileSync(new URL(`payloads/${name}`, import.meta.url), 'utf8');
}

export function payload(name: string): unknown {
  return JSON.parse(payloadText(name));
}
