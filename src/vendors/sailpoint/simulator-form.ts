import type { SimulatedRequest } from '../../simulation/simulated-server.ts';

/** The fields of a form, url-encoded or multipart; undefined when the body is neither. */
export function formOf({ headers, body }: SimulatedRequest): ReadonlyMap<string, string> | undefined {
  const type = headers['content-type'] ?? '';
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return new Map(new URLSearchParams(body));
  return multipartOf(type, body);
}

export function multipartOf(type: string, body: string): ReadonlyMap<string, string> | undefined {
  const [, quoted, plain] = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const [, head = '', value = ''] = /^\r?\n([^]*?)\r?\n\r?\n([^]*?)\r?\n$/.exec(part) ?? [];
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined) fields.set(name, value);
  }
  return fields;
}
