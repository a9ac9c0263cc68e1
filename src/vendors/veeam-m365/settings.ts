import { z } from 'zod';
import type { Secret } from '../../domain/secret.ts';
import type { CommonSettings } from '../contract.ts';
import { secretSetting, urlSetting } from '../setting-kinds.ts';
import { API_VERSIONS, type ApiVersion } from './versions.ts';

/** The keys that only this vendor has. Secrets become `Secret` objects before `connect` sees them. */
export const settings = z.strictObject({
  baseUrl: urlSetting
    .refine((url) => !/\/v\d+$/i.test(url), 'ends with an API version, which belongs into apiVersion')
    .describe('Address of the REST service, such as https://veeam.example.com:4443, without the API version.'),
  apiVersion: z
    .enum(API_VERSIONS)
    .default('v3')
    .describe('Version of the REST API. A server serves several; the newest that it supports tells most.'),
  windowOffset: z
    .enum(['grid-is-local', 'grid-is-utc'])
    .optional()
    .describe(
      'How minuteOffset of a backup window is meant: the distance of the grid from UTC, or only its minutes, the grid being in UTC. Left out: the first, with a warning in the answer.',
    ),
  username: z.string().min(1).describe('A backup administrator, such as LAB\\svc-gateway.'),
  password: secretSetting,
});

export interface VeeamSettings extends CommonSettings {
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
  /** Undefined: nothing was said. */
  readonly windowOffset?: 'grid-is-local' | 'grid-is-utc' | undefined;
  readonly username: string;
  readonly password: Secret;
}
