import { Secret } from '../domain/secret.ts';
import { isRecord, type GoodPart } from './config-parts.ts';
import type { ConfigProblem } from './config-problems.ts';
import type { ConfigPath } from './config-yaml.ts';
import { isLoopback } from './loopback.ts';

/** Where the checks of callers write down what they find. */
export interface CallerNotes {
  readonly problems: ConfigProblem[];
  problem(path: ConfigPath, message: string): void;
}

/** In characters; 24 random letters and digits hold more than 120 bits. */
const SHORTEST_KEY = 24;

/** Names that stand twice, keys that are too short or shared. Of keys, only the places are told. */
export function noteCallers(value: unknown, parts: readonly GoodPart[], notes: CallerNotes): void {
  const names = new Map<string, number>();
  for (const [index, caller] of callersIn(value).entries()) {
    const name = isRecord(caller) ? caller['name'] : undefined;
    if (typeof name !== 'string') continue;
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else notes.problem(['callers', index, 'name'], `is the name of callers[${first}] too`);
  }
  const keys = new Map<string, string | number>();
  for (const { index, key } of parts.flatMap(({ path, value: part }) => keysIn(part, path))) {
    const text = key.reveal();
    const path = ['callers', index, 'key'];
    const first = keys.get(text);
    if (first !== undefined) notes.problem(path, `is the key of callers[${first}] too`);
    else keys.set(text, index);
    if (text.length < SHORTEST_KEY) notes.problem(path, `must be a key of ${SHORTEST_KEY} characters at least`);
    if (!/^[\x21-\x7e]*$/.test(text))
      notes.problem(path, 'must be a key of letters, digits and signs of ASCII, without spaces and line breaks');
  }
}

/** The keys of callers in a value that stands at this path, as far as they could be read. */
function keysIn(value: unknown, path: ConfigPath): { readonly index: string | number; readonly key: Secret }[] {
  const [section, index = '', member] = path;
  if (value instanceof Secret) return section === 'callers' && member === 'key' ? [{ index, key: value }] : [];
  if (section !== undefined && section !== 'callers') return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, at) => keysIn(item, [...path, at]));
  return isRecord(value) ? Object.entries(value).flatMap(([key, item]) => keysIn(item, [...path, key])) : [];
}

/** Without callers, nobody outside this machine may reach the gateway. `given` tells what led over the file. */
export function noteOpenHosts(
  hosts: Readonly<Record<'server' | 'management', { readonly host: string }>>,
  given: ReadonlyMap<string, string>,
  value: unknown,
  notes: CallerNotes,
): void {
  if (callersIn(value).length > 0) return;
  for (const section of ['server', 'management'] as const) {
    const path = given.get(`${section}.host`);
    const host = path === undefined ? hostIn(value, section) : hosts[section].host;
    if (host === undefined || host === '' || isLoopback(host)) continue;
    if (path === undefined) notes.problem([section, 'host'], NOT_LOOPBACK);
    else notes.problems.push({ path, line: undefined, column: undefined, message: NOT_LOOPBACK });
  }
}

const NOT_LOOPBACK =
  'must be a loopback address (127.0.0.0/8, ::1 or localhost) as long as no callers are configured: nobody outside this machine may reach a gateway that asks for no key';

function hostIn(value: unknown, section: string): string | undefined {
  const addresses = isRecord(value) ? value[section] : undefined;
  const host = isRecord(addresses) ? addresses['host'] : undefined;
  return typeof host === 'string' ? host : undefined;
}

export function callersIn(value: unknown): readonly unknown[] {
  return isRecord(value) && Array.isArray(value['callers']) ? value['callers'] : [];
}
