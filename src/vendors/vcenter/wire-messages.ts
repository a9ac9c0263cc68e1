import type { Drift } from '../../transport/drift.ts';
import { readObject, type ObjectReader } from '../../transport/reader.ts';

/** LocalizableMessage: one sentence of the vendor, localised where it came so. */
export interface MessageWire {
  readonly id: string | undefined;
  readonly text: string;
  readonly args: readonly string[];
}

/** The member `messages`; absent counts as empty. */
export function parseMessages(row: ObjectReader, drift: Drift): readonly MessageWire[] {
  return row.optionalArray('messages').map(({ value, path }) => parseMessage(readObject(value, path, drift), drift));
}

export function parseMessage(row: ObjectReader, drift: Drift): MessageWire {
  drift.fields('Message', row.keys(), MESSAGE_FIELDS);
  const id = row.optionalText('id');
  return {
    id,
    text: row.optionalText('localized') ?? row.optionalText('default_message') ?? id ?? '',
    args: row.texts('args'),
  };
}

const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['id', 'default_message', 'args', 'localized', 'params']);

/**
 * Why a job failed: text in one document, an error object in others.
 *
 * The object is any error of the vendor: messages beside its name or, in /rest, inside `value`. One without readable messages gives
 * its name. Never throws: a form that we do not know must not cost the row that says FAILED.
 */
export function parseErrorTexts(value: unknown): readonly MessageWire[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ id: undefined, text: value, args: [] }];
  const error = recordOf(value);
  const body = error['value'] === undefined ? error : { ...error, ...recordOf(error['value']) };
  const messages = Array.isArray(body['messages']) ? body['messages'].flatMap((one) => messageOf(recordOf(one))) : [];
  if (messages.length > 0) return messages;
  const own = messageOf(body);
  if (own.length > 0) return own;
  const name = textOf(body['error_type']) ?? textOf(body['type']);
  return [{ id: undefined, text: name ?? 'The vendor gives no text.', args: [] }];
}

function messageOf(message: Readonly<Record<string, unknown>>): readonly MessageWire[] {
  const id = textOf(message['id']);
  const text = textOf(message['localized']) ?? textOf(message['default_message']) ?? id;
  if (text === undefined) return [];
  const args = Array.isArray(message['args']) ? message['args'].filter((arg) => typeof arg === 'string') : [];
  return [{ id, text, args }];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
