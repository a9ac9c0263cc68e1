import type { Format } from './simulator-format.ts';
import type { Contact } from './simulator-state.ts';

/** Name, e-mail and phone of a body, as far as it has them; undefined when it cannot be read. */
export function contactOf(body: string, format: Format): Partial<Contact> | undefined {
  if (format === 'json') {
    try {
      return pickContact((name) => (JSON.parse(body) as Record<string, unknown>)[name]);
    } catch {
      return undefined;
    }
  }
  return pickContact((name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1]);
}

function pickContact(read: (name: string) => unknown): Partial<Contact> {
  const entries = ['name', 'email', 'phone'].map((name) => [name, read(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}
