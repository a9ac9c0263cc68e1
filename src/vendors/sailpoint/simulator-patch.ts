import { isDeepStrictEqual } from 'node:util';
import { Refusal } from './simulator-answers.ts';

/** Applies JSON Patch operations (RFC 6902) to a copy. @throws Refusal when one does not fit. */
export function patched(document: object, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new Refusal(400, 'The patch must be an array of operations.');
  const root = { value: structuredClone(document) as unknown };
  for (const operation of operations as readonly unknown[]) apply(root, operation);
  return root.value;
}

interface Root {
  value: unknown;
}

function apply(root: Root, operation: unknown): void {
  const { op, path, from, value } = (operation ?? {}) as Readonly<Record<string, unknown>>;
  const needsValue = op === 'add' || op === 'replace' || op === 'test';
  if (needsValue && value === undefined) throw new Refusal(400, `The operation ${op} needs a value.`);
  switch (op) {
    case 'add':
      return add(root, path, value);
    case 'remove':
      return void remove(root, path);
    case 'replace':
      remove(root, path);
      return add(root, path, value);
    case 'move':
      return add(root, path, remove(root, from));
    case 'copy':
      return add(root, path, structuredClone(placeOf(root, from).value));
    case 'test':
      if (!isDeepStrictEqual(placeOf(root, path).value, value)) throw new Refusal(400, 'A test of the patch failed.');
      return undefined;
    default:
      throw new Refusal(400, 'The patch holds an unknown operation.');
  }
}

type Container = unknown[] | Record<string, unknown>;

interface Place {
  readonly container: Container;
  readonly key: string;
  readonly value: unknown;
}

function add(root: Root, pointer: unknown, value: unknown): void {
  const { container, key } = placeOf(root, pointer, true);
  if (!Array.isArray(container)) {
    container[key] = value;
    return;
  }
  const index = key === '-' ? container.length : Number(key);
  if (!(index >= 0 && index <= container.length)) throw noPlace();
  container.splice(index, 0, value);
}

function remove(root: Root, pointer: unknown): unknown {
  const { container, key, value } = placeOf(root, pointer);
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
  return value;
}

function placeOf(root: Root, pointer: unknown, mayBeNew = false): Place {
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) throw noPlace();
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let container: unknown = root.value;
  for (const key of keys.slice(0, -1)) container = memberOf(container, key);
  const key = keys.at(-1) ?? '';
  if (typeof container !== 'object' || container === null) throw noPlace();
  const value = memberOf(container, key);
  if (value === undefined && !mayBeNew) throw noPlace();
  return { container: container as Container, key, value };
}

function memberOf(container: unknown, key: string): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key)) return undefined;
  return (container as Readonly<Record<string, unknown>>)[key];
}

function noPlace(): Refusal {
  return new Refusal(400, 'A path of the patch does not exist.');
}
