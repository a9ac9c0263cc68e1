import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GatewayError } from '../domain/errors.ts';
import type { OperationStore } from './operation-store.ts';
import { SqliteDatabase } from './sqlite.ts';
import { SqliteOperationStore } from './sqlite-operation-store.ts';

/**
 * Opens the store that a configuration names: `sqlite:<file>` or `sqlite::memory:`. The folder of the file is made.
 *
 * @throws STORE_UNAVAILABLE
 */
export function openStore(url: string): OperationStore {
  if (!url.startsWith('sqlite:')) {
    throw new GatewayError('STORE_UNAVAILABLE', 'This version of the gateway keeps its store in SQLite only.');
  }
  const file = url.slice('sqlite:'.length);
  if (file === ':memory:') return new SqliteOperationStore(new SqliteDatabase(file));
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
  } catch (cause) {
    throw new GatewayError('STORE_UNAVAILABLE', 'The folder of the store cannot be made.', { cause });
  }
  return new SqliteOperationStore(new SqliteDatabase(file));
}
