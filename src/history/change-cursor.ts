import { GatewayError } from '../domain/errors.ts';

/** A place among the changes of one store: behind the change with this number. */
export interface ChangeCursor {
  readonly storeId: string;
  readonly number: number;
}

export function encodeChangeCursor({ storeId, number }: ChangeCursor): string {
  return Buffer.from(`changes ${storeId} ${number}`).toString('base64url');
}

/** @throws INVALID_INPUT naming the argument; the message never repeats the cursor. */
export function decodeChangeCursor(cursor: string, argument: string): ChangeCursor {
  const text = cursor.length > 200 ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const [, storeId, number] = /^changes ([0-9a-f]{16}) (\d{1,15})$/.exec(text) ?? [];
  const read = { storeId: storeId ?? '', number: Number(number) };
  // Only the exact text that was given out is taken, so that no two cursors are one place.
  if (storeId !== undefined && encodeChangeCursor(read) === cursor) return read;
  throw new GatewayError('INVALID_INPUT', `Argument "${argument}" is not a cursor of changes.`, { argument });
}
