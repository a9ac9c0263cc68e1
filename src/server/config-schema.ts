import { z } from 'zod';
import { parseShortDuration } from '../domain/duration.ts';
import { isTimeZone } from '../domain/zone.ts';
import type { VendorDefinition } from '../vendors/contract.ts';
import { VENDORS } from '../vendors/registry.ts';
import { SecretSetting, urlSetting } from '../vendors/setting-kinds.ts';

/** A file whose text is wanted, named relative to the configuration file; the text takes its place (`config-values.ts`). */
export class FileSetting {
  readonly path: string;
  /** What the file is to hold. */
  readonly holds: 'certificate' | 'manifest';

  constructor(path: string, holds: FileSetting['holds']) {
    this.path = path;
    this.holds = holds;
  }
}

/** Whether the address may be reached from outside depends on the callers (`config-callers.ts`). */
const hostSetting = z.string().regex(/^[\w.:%-]+$/, 'must be an address or a host name, without a port');

export const portSetting = z
  .int('must be a whole number')
  .min(0, 'must be 0 to 65535')
  .max(65_535, 'must be 0 to 65535');

/** The addresses and the store, each of which a flag or the environment may override (`config-overrides.ts`). */
export const serverShape = {
  host: hostSetting
    .default('127.0.0.1')
    .describe('Address on which GraphQL is served; a loopback one unless callers are configured.'),
  port: portSetting.default(4000).describe('Port on which GraphQL is served; 0 takes a free one.'),
  path: z
    .string()
    .regex(/^(\/[\w.~-]+)+$/, 'must begin with "/" and hold plain path segments, such as /graphql')
    .default('/graphql')
    .describe('Path of GraphQL and the explorer.'),
};
export const managementShape = {
  host: hostSetting
    .default('127.0.0.1')
    .describe('Address of the management port; a loopback one unless callers are configured.'),
  port: portSetting
    .default(4001)
    .describe('Port on which /livez, /readyz and /metrics are served; 0 takes a free one.'),
};
export const storeShape = {
  url: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/s, 'must be sqlite:<file>, sqlite::memory: or postgres://…')
    .default('sqlite:./backupgraph.db')
    .describe('Where operations, audit trail and history are kept: sqlite:<file>, sqlite::memory: or postgres://….'),
};

const KEY_TEXT = 'The API key of the caller, { env: NAME } or { file: PATH }; it is never written out here.';

/** A secret that may not stand in the file. */
const callerKeySetting = z
  .union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
    error: ({ input }) =>
      input === undefined ? 'is missing' : 'must be { env: NAME } or { file: PATH }: a key is never written out here',
  })
  .describe(KEY_TEXT)
  .transform((value) => ('env' in value ? new SecretSetting('env', value.env) : new SecretSetting('file', value.file)));

const caller = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,63}$/, 'must be 1 to 63 letters, digits, dots, underscores and hyphens')
    .describe('Name of the caller in operations and in the audit trail; unique, and never changed later.'),
  key: callerKeySetting,
  role: z
    .enum(['read', 'operate', 'admin'])
    .describe(
      'read: asks. operate: also starts, cancels, retries and creates. admin: also enables, disables, reschedules and deletes.',
    ),
});

const limits = z.strictObject({
  concurrency: z
    .int('must be a whole number')
    .min(1, 'must be 1 to 100')
    .max(100, 'must be 1 to 100')
    .optional()
    .describe('Requests in flight at once. Default: what fits the vendor.'),
  timeout: durationSetting('1ms', '10m')
    .prefault('10s')
    .describe('Longest single exchange and default patience of reads.'),
  requestsPerSecond: z
    .number('must be a number')
    .positive('must be more than 0')
    .max(10_000, 'must be 10000 at most')
    .optional()
    .describe("Requests a second at most. Default: the vendor's documented limit, if it has one."),
});

const cache = z.strictObject({
  maxAge: durationSetting('0s', '1d')
    .prefault('5s')
    .describe('How old an answer of the source may be to be used again without a call.'),
  staleIfError: durationSetting('0s', '30d')
    .optional()
    .describe('How old an answer may be to be served, marked STALE, when the source fails. Left out: none is.'),
});

const tls = z.strictObject({
  caFile: z
    .string()
    .min(1, 'is empty')
    .transform((path) => new FileSetting(path, 'certificate'))
    .optional()
    .describe('PEM file with the authority of the certificate of the source, relative to this file.'),
  rejectUnauthorized: z
    .boolean('must be true or false')
    .default(true)
    .describe('False trusts any certificate: for laboratories only, and said at every start.'),
});

const labelText = z.string('must be text: put it into quotes').trim().min(1, 'is empty');
const rpoSetting = durationSetting('1m', '366d');

const objective = z.strictObject({
  labels: z
    .record(z.string().min(1), labelText)
    .refine((labels) => Object.keys(labels).length > 0, 'must name at least one label')
    .describe('Labels that a source must carry, all of them.'),
  rpo: rpoSetting.describe('Recovery point objective of what such sources protect.'),
});

/** The keys that every source has, whatever its vendor. */
const commonShape = {
  key: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{0,62}$/,
      'must be 1 to 63 lower-case letters, digits and hyphens, and not begin with a hyphen',
    )
    .describe('Name of the source in ids, answers and logs; unique, and never changed later.'),
  name: z.string().trim().min(1, 'is empty').optional().describe('Name for people. Default: the key.'),
  labels: z
    .record(z.string().min(1), labelText)
    .default({})
    .describe('Free labels, such as site or customer, for filters and groups.'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin')
    .optional()
    .describe('IANA zone of the wall-clock times that the vendor gives without one.'),
  tls: tls.prefault({}).describe('How the certificate of the source is checked.'),
  limits: limits.prefault({}).describe('What the gateway may ask of the source.'),
  cache: cache.prefault({}).describe('How answers of the source are used again.'),
  rpo: rpoSetting
    .optional()
    .describe(
      'Recovery point objective: the longest time without a good backup. Default: that of `objectives`, else derived from the schedule.',
    ),
};

/** The keys that every source has, where the vendor is not known and nothing more can be checked. */
export const commonSource = z.looseObject(commonShape);
export type CommonSource = z.output<z.ZodObject<typeof commonShape>>;

/** The entry of a source of this vendor. The vendor's own checks stay in force. */
function sourceOf(vendor: VendorDefinition): z.ZodObject {
  return vendor.settings.safeExtend({
    ...commonShape,
    vendor: z.literal(vendor.slug).describe(vendor.title),
  });
}

const [firstSource, ...otherSources] = VENDORS.map(sourceOf);
if (firstSource === undefined) throw new Error('no vendor is registered');

export const configSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format: 1.'),
  server: z
    .strictObject({
      ...serverShape,
      subscriptionCallbacks: z
        .array(urlSetting)
        .default([])
        .describe(
          "URLs under which routers may have events of subscriptions sent, in Apollo's HTTP callback protocol. Left out: nowhere.",
        ),
      trustedDocuments: z
        .strictObject({
          manifest: z
            .string()
            .min(1, 'is empty')
            .transform((path) => new FileSetting(path, 'manifest'))
            .describe(
              'JSON file with the texts of operations by their SHA-256 hashes, as codegen writes it, relative to this file.',
            ),
          only: z
            .boolean('must be true or false')
            .default(false)
            .describe('True carries out these documents and nothing else, introspection included.'),
        })
        .optional()
        .describe('Documents that callers may name by id. Left out: none.'),
    })
    .prefault({})
    .describe('Where GraphQL is served.'),
  management: z.strictObject(managementShape).prefault({}).describe('Where health and metrics are served.'),
  store: z
    .strictObject({
      ...storeShape,
      keepOperations: durationSetting('1h', '3650d')
        .prefault('30d')
        .describe('How long operations, their idempotency keys and the audit trail are kept.'),
      runHistory: durationSetting('0s', '3650d')
        .prefault('90d')
        .describe("How long runs are kept, beyond the vendors' own memory. 0s: not at all."),
    })
    .prefault({})
    .describe('Where the gateway keeps what it must not forget.'),
  callers: z
    .array(caller)
    .min(1, 'is empty; leave it out to serve this machine only')
    .optional()
    .describe('Who may ask, by API key. Left out: everybody on this machine, and nobody else.'),
  objectives: z
    .array(objective)
    .default([])
    .describe(
      'Recovery point objectives by label, for sources without one of their own; the shortest that fits holds.',
    ),
  sources: z
    .array(z.discriminatedUnion('vendor', [firstSource, ...otherSources] as DiscriminatedSources))
    .min(1, 'must name at least one source')
    .describe('The backup systems.'),
});

/** That each option has the literal `vendor` is seen in `sourceOf`, but not by the compiler. */
type DiscriminatedSources = [z.ZodObject<{ vendor: z.ZodLiteral }>, ...z.ZodObject<{ vendor: z.ZodLiteral }>[]];

/** The configuration file as a JSON Schema, for editors: what may be written, before defaults are filled in. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(configSchema, { io: 'input' }),
    title: 'BackupGraph configuration',
    description: 'The configuration file of BackupGraph, version 1.',
  };
}

/** What `schema/config.schema.json` holds; lists of words that fit stand on one line, as the formatter of this project wants it. */
export function printConfigJsonSchema(): string {
  return `${JSON.stringify(configJsonSchema(), undefined, 2).replace(WORD_LIST, onOneLine)}\n`;
}

/** A line that ends in `[`, lines of plain values, and the closing bracket with what follows. */
const WORD_LIST = /^.*\[\n(?: *(?:"(?:[^"\\]|\\.)*"|[\w.-]+),?\n)+ *\],?$/gm;
const LINE_WIDTH = 120;

function onOneLine(list: string): string {
  const [head = '', ...rest] = list.split('\n');
  const line = `${head}${rest.map((part) => part.trim()).join(' ')}`.replace(/ (\],?)$/, '$1');
  return line.length <= LINE_WIDTH ? line : list;
}

/** A duration such as `15s`, within bounds; milliseconds after parsing. */
function durationSetting(lowest: string, highest: string) {
  const [lowestMs, highestMs] = [millisecondsOf(lowest), millisecondsOf(highest)];
  return z
    .string({
      error: ({ input }) =>
        input === undefined ? 'is missing' : 'must be a duration such as 250ms, 15s, 5m, 24h or 7d',
    })
    .regex(/^\d+(ms|s|m|h|d)$/, { error: 'must be a duration such as 250ms, 15s, 5m, 24h or 7d', abort: true })
    .refine((text) => {
      const ms = millisecondsOf(text);
      return ms >= lowestMs && ms <= highestMs;
    }, `must be ${lowest} to ${highest}`)
    .transform(millisecondsOf);
}

/** NaN, which is within no bounds, for text that is no duration. */
function millisecondsOf(text: string): number {
  return parseShortDuration(text) ?? Number.NaN;
}
