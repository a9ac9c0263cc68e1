import { z } from 'zod';
import type { Secret } from '../../domain/secret.ts';
import type { CommonSettings } from '../contract.ts';
import { secretSetting, urlSetting } from '../setting-kinds.ts';

/** The ways in which the vendor writes its API version into the path; the answers are the same under each. */
export const API_PREFIXES = ['v1', 'v2024', 'v2025', 'v2026'] as const;
export type ApiPrefix = (typeof API_PREFIXES)[number];

/** The keys that only this vendor has. Secrets become `Secret` objects before `connect` sees them. */
export const settings = z.strictObject({
  baseUrl: urlSetting.describe("Address of the tenant's API, such as https://acme.api.identitynow.com."),
  apiPrefix: z
    .enum(API_PREFIXES)
    .default('v1')
    .describe('Version in the path: v1 is the present style, the years are the older one.'),
  clientId: secretSetting,
  clientSecret: secretSetting,
});

export interface SailPointSettings extends CommonSettings {
  readonly baseUrl: string;
  readonly apiPrefix: ApiPrefix;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
}
