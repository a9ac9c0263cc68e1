import { decodeJson, decodeText, type HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { malformed, readArray, readObject, type Element } from '../../transport/reader.ts';
import type { Style } from './settings.ts';
import { isId } from './wire-map.ts';
import { unwrap } from './wire.ts';

/** Part: something that a backup can consist of. */
export interface PartWire {
  readonly id: string;
  readonly selected_by_default: boolean;
}

/** ReturnResult: how a cancel came out, whatever the HTTP status is. */
export type ResultWire = 'OK' | 'WARNING' | 'FAIL';

/** @throws MALFORMED_RESPONSE when one part cannot be read: a backup that lacks it unnoticed would be worse than none. */
export function parseParts({ value, path }: Element, drift: Drift): readonly PartWire[] {
  return readArray(value, path).map((element) => {
    const row = readObject(element.value, element.path, drift);
    drift.fields('Part', row.keys(), PART_FIELDS);
    const selected = row.optionalBoolean('selected_by_default');
    if (selected === undefined) throw malformed(`${element.path}.selected_by_default`, 'a boolean');
    return { id: row.text('id'), selected_by_default: selected };
  });
}

/**
 * The id of the backup that a create or a run of the schedule has begun.
 *
 * @throws MALFORMED_RESPONSE when the answer tells none; then nobody knows from it whether one has begun.
 */
export function parseStarted(response: HttpResponse, style: Style): string {
  const { value, path } = unwrap(decodeJson(response), style);
  const id = readObject(value, path).text('id');
  if (!isId(id)) throw malformed(`${path}.id`, 'an id');
  return id;
}

/** @throws MALFORMED_RESPONSE for a result in a word that no document lists. */
export function parseResult(response: HttpResponse, style: Style): ResultWire {
  const { value, path } = unwrap(decodeJson(response), style);
  const status = readObject(value, path).text('status');
  if (status !== 'OK' && status !== 'WARNING' && status !== 'FAIL') throw malformed(`${path}.status`, 'a known result');
  return status;
}

/**
 * Takes the answer of a call that has nothing to tell: 204 in /api, an empty 200 or a null in /rest.
 *
 * @throws MALFORMED_RESPONSE for anything else, such as the page of a proxy.
 */
export function parseNothing(response: HttpResponse, style: Style): void {
  const text = decodeText(response).trim();
  if (response.status === 204 || (style === 'rest' && text === '')) return;
  const { value, path } = unwrap(decodeJson(response), style);
  if (value !== undefined && value !== null) throw malformed(path, 'null');
}

const PART_FIELDS: ReadonlySet<string> = new Set(['id', 'name', 'description', 'selected_by_default', 'optional']);
