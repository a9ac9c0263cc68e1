import { z } from 'zod';
import type { Secret } from '../../domain/secret.ts';
import type { CommonSettings } from '../contract.ts';
import { secretSetting, urlSetting } from '../setting-kinds.ts';
import { CONDITION_VERDICTS, NEUTRAL_TYPES, type ConditionRules } from './status.ts';

const account = z.strictObject({
  username: z.string().trim().min(1).describe('The account name, as it stands in the paths of the API.'),
  computers: z
    .array(z.string('a computer id is text: write it in quotes, such as "0107"').trim().min(1))
    .min(1)
    .refine((ids) => new Set(ids).size === ids.length, 'names a computer twice')
    .optional()
    .describe('Computer ids, in quotes, zeros included. Left out: the account is asked for its computers.'),
});

/** The keys that only this vendor has. Secrets become `Secret` objects before `connect` sees them. */
export const settings = z.strictObject({
  baseUrl: urlSetting.describe('Address of the API, such as https://api.intronis.com.'),
  tokenUrl: urlSetting.describe('Where tokens are given, such as https://auth.intronis.com/oauth2/token.'),
  format: z.enum(['json', 'xml']).default('json').describe('What the API is asked to answer in.'),
  clientId: secretSetting,
  clientSecret: secretSetting,
  accounts: z
    .array(account)
    .min(1)
    .refine((rows) => new Set(rows.map(({ username }) => username)).size === rows.length, 'names an account twice')
    .describe('The accounts whose computers are read.'),
  conditions: z
    .record(
      z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, 'is not the vendor\'s word for a condition, such as "MISSED"')
        .refine((word) => !NEUTRAL_TYPES.has(word), 'is not a condition that can count as something'),
      z.enum(CONDITION_VERDICTS),
    )
    .default({})
    .describe('Which condition counts as what, where the own rules of the account are not wanted.'),
});

export interface IntronisAccount {
  readonly username: string;
  /** Undefined when the account is to be asked. */
  readonly computers?: readonly string[] | undefined;
}

export interface IntronisSettings extends CommonSettings {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly format: 'json' | 'xml';
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  readonly accounts: readonly IntronisAccount[];
  readonly conditions: ConditionRules;
}
