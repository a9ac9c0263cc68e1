import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GatewayError } from '../domain/errors.ts';
import type { HistoryStore } from './history-store.ts';
import type { OperationStore } from './operation-store.ts';
import { SqliteHistoryStore } from './sqlite-history-store.ts';
import { SqliteDatabase } from './sqlite.ts';
import { SqliteOperationStore } from './sqlite-operation-store.ts';

/** What one store keeps; closing the operations closes it all. */
export interface Stores {
  readonly operations: OperationStore;
  readonly history: HistoryStore;
}

/**
 * Opens the store that a configuration names: `sqlite:<file>` or `sqlite::memory:`. The folder of the file is made.
 *
 * @throws STORE_UNAVAILABLE
 */
export function openStores(url: string): Stores {
  if (!url.startsWith('sqlite:')) {
    throw new GatewayError('STORE_UNAVAILABLE', 'This version of the gateway keeps its store in SQLite only.');
  }
  const file = url.slice('sqlite:'.length);
  if (file !== ':memory:') makeFolderOf(file);
  const database = new SqliteDatabase(file);
  return { operations: new SqliteOperationStore(database), history: new SqliteHistoryStore(database) };
}

/** The part of a store that writes need. @throws STORE_UNAVAILABLE */
export function openStore(url: string): OperationStore {
  return openStores(url).operations;
}

function makeFolderOf(file: string): void {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
  } catch (cause) {
    throw new GatewayError('STORE_UNAVAILABLE', 'The folder of the store cannot be made.', { cause });
  }
}
