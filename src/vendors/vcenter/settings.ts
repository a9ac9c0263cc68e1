import { z } from 'zod';
import type { Secret } from '../../domain/secret.ts';
import type { CommonSettings } from '../contract.ts';
import { secretSetting, urlSetting } from '../setting-kinds.ts';
import { locationType, withoutCredentials } from './location.ts';

/** Kinds of backup store that the vendor's documents list over all versions; SCP is gone from the newest tools. */
export const LOCATION_TYPES = ['FTP', 'HTTP', 'FTPS', 'HTTPS', 'SCP', 'SFTP', 'NFS', 'SMB'] as const;
export type LocationType = (typeof LOCATION_TYPES)[number];

const destination = z
  .strictObject({
    name: z.string().trim().min(1).describe('What a caller writes to name this destination.'),
    type: z.enum(LOCATION_TYPES).describe('Kind of store.'),
    location: z
      .string()
      .trim()
      .min(1)
      .refine(
        (text) => withoutCredentials(text) === text,
        'must not hold a user or password; those have keys of their own',
      )
      .describe('Path or URL of the folder, such as sftp://nas.example.com/vc.'),
    user: z.string().min(1).optional().describe('Account at the store. Left out: no login there.'),
    password: secretSetting.optional(),
  })
  .refine(({ type, location }) => [undefined, type].includes(locationType(location) as LocationType | undefined), {
    path: ['location'],
    message: 'has a scheme that is not the one of its type',
  })
  .refine(({ user, password }) => password === undefined || user !== undefined, {
    path: ['user'],
    message: 'is missing beside the password',
  });

/** The keys that only this vendor has. Secrets become `Secret` objects before `connect` sees them. */
export const settings = z.strictObject({
  baseUrl: urlSetting.describe('Address of the appliance, such as https://vcenter.example.com.'),
  style: z
    .enum(['auto', 'rest', 'api'])
    .default('auto')
    .describe(
      'Which of its two interfaces is used: /rest (6.5 and later), /api (7.0 U2 and later), or what it is found to have.',
    ),
  username: z
    .string()
    .min(1)
    .refine((text) => !/[:\u0000-\u001f\u007f]/.test(text), 'must not hold a colon or a control character')
    .describe('SSO account in the group SystemConfiguration.Administrators, such as svc-backup@vsphere.local.'),
  password: secretSetting,
  destinations: z
    .array(destination)
    .refine((rows) => new Set(rows.map(({ name }) => name)).size === rows.length, 'names a destination twice')
    .default([])
    .describe('Backup stores by name, so that no secret travels in GraphQL.'),
  inlineDestinations: z
    .strictObject({
      allowHosts: z
        .array(
          z
            .string()
            .trim()
            .toLowerCase()
            .regex(
              /^(?:[a-z0-9._-]+|\[?[0-9a-f:.]+\]?)$/,
              'is not a host name or address without scheme, port and path',
            ),
        )
        .min(1)
        .describe('Hosts to which a destination written out by a caller may point.'),
    })
    .optional()
    .describe('Left out: a caller may only name configured destinations.'),
  secrets: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
          'must be letters, digits, dots, hyphens and underscores, and begin with a letter or digit',
        ),
      secretSetting,
    )
    .default({})
    .describe('Secrets by name, which a caller names in the place of a password.'),
});

/** A named backup store. */
export interface VcenterDestination {
  readonly name: string;
  readonly type: LocationType;
  /** Path or URL, never with a user or password. */
  readonly location: string;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
}

export interface VcenterSettings extends CommonSettings {
  readonly baseUrl: string;
  readonly style: 'auto' | Style;
  readonly username: string;
  readonly password: Secret;
  readonly destinations: readonly VcenterDestination[];
  readonly inlineDestinations?: { readonly allowHosts: readonly string[] } | undefined;
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** The two interfaces of one appliance: same functions, other paths, wrappers and encodings. */
export type Style = 'rest' | 'api';
