import { z } from 'zod';

/**
 * Kinds of settings that vendor folders share.
 *
 * A secret in a configuration file is `{ env: NAME }`, `{ file: PATH }` or plain text; parsing gives a `SecretSetting`, which the
 * server replaces by a `Secret` before a vendor sees it (see `server/config.ts`).
 */
export class SecretSetting {
  readonly from: 'env' | 'file' | 'text';
  readonly value: string;

  constructor(from: 'env' | 'file' | 'text', value: string) {
    this.from = from;
    this.value = value;
  }
}

/** A secret; in the settings that a vendor receives it is a `Secret`. */
export const secretSetting = z
  .union([z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })])
  .describe('A secret: { env: NAME }, { file: PATH }, or plain text (which warns).')
  .transform((value) => {
    if (typeof value === 'string') return new SecretSetting('text', value);
    return 'env' in value ? new SecretSetting('env', value.env) : new SecretSetting('file', value.file);
  });

/** An http or https URL without user, password, query or fragment; a slash at the end is taken off. */
export const urlSetting = z
  .string()
  .refine((text) => isPlainHttpUrl(text), 'must be an http or https URL without user, password, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));

function isPlainHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
}
