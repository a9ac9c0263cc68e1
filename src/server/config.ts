import type { CallerRole } from '../domain/caller.ts';
import type { Secret } from '../domain/secret.ts';
import type { Label } from '../domain/source.ts';
import type { CommonSettings, VendorDefinition } from '../vendors/contract.ts';
import { vendorBySlug } from '../vendors/registry.ts';
import type { CallerConfig } from './callers.ts';
import { callersIn, noteCallers, noteOpenHosts } from './config-callers.ts';
import { override, type Addresses, type ConfigOverrides } from './config-overrides.ts';
import { goodParts, isRecord } from './config-parts.ts';
import { ConfigError, formatProblem, problemAt, problemsOf, wordsOf, type ConfigProblem } from './config-problems.ts';
import { commonSource, configSchema, type CommonSource } from './config-schema.ts';
import { fillIn, type ConfigSurroundings } from './config-values.ts';
import { readYaml, type ConfigPath, type YamlFile } from './config-yaml.ts';
import { isLoopback } from './loopback.ts';
import type { DocumentManifest } from './trusted-documents.ts';

export { ConfigError, type ConfigProblem } from './config-problems.ts';
export type { ConfigOverrides } from './config-overrides.ts';
export { configJsonSchema, printConfigJsonSchema } from './config-schema.ts';

/** A checked configuration: defaults filled in, durations in milliseconds, secrets and files read. */
export interface GatewayConfig extends Addresses {
  readonly server: Addresses['server'] & {
    /** URLs under which the callbacks of routers have to lie; none: there are no callbacks. */
    readonly subscriptionCallbacks: readonly string[];
  };
  readonly store: Addresses['store'] & {
    /** How long operations, idempotency keys and the audit trail are kept. */
    readonly keepOperationsMs: number;
    /** How long runs are kept beyond the vendors' own memory; 0: not at all. */
    readonly runHistoryMs: number;
  };
  /** Documents that callers may name by id; undefined: there are none. */
  readonly trustedDocuments: { readonly manifest: DocumentManifest; readonly only: boolean } | undefined;
  /** Who may ask; none: everybody on this machine, and nobody else. */
  readonly callers: readonly CallerConfig[];
  readonly sources: readonly SourceConfig[];
}

/** One source of the configuration. */
export interface SourceConfig {
  readonly vendor: VendorDefinition;
  readonly key: string;
  readonly name: string;
  readonly labels: readonly Label[];
  readonly timeZone: string | undefined;
  /** What `vendor.connect` takes: the common settings and the vendor's own. */
  readonly settings: CommonSettings & Readonly<Record<string, unknown>>;
  readonly tls: {
    /** Certificate authority in PEM form; undefined: those of the platform. */
    readonly ca: string | undefined;
    readonly rejectUnauthorized: boolean;
  };
  readonly limits: {
    /** Requests in flight at once. */
    readonly concurrency: number;
    /** Longest single exchange, and how long a read waits unless its caller says otherwise. */
    readonly timeoutMs: number;
    readonly requestsPerSecond: number | undefined;
    /** Longest answer. */
    readonly maxBodyBytes: number;
  };
  readonly cache: {
    readonly maxAgeMs: number;
    /** Undefined: nothing kept is served when the source fails. */
    readonly staleIfErrorMs: number | undefined;
  };
  /** Recovery point objective, its own or by label; undefined: derived from schedules. */
  readonly rpoMs: number | undefined;
}

export interface ConfigContext extends ConfigSurroundings {
  /** What flags say; they lead over the environment, which leads over the file. */
  readonly overrides?: ConfigOverrides | undefined;
}

/**
 * Reads and checks a configuration. Pure: environment and files come from the context.
 *
 * Warnings are whole lines with their place in the file.
 * @throws ConfigError with every problem that there is.
 */
export function parseConfig(
  text: string,
  context: ConfigContext,
): { readonly config: GatewayConfig; readonly warnings: readonly string[] } {
  const file = readYaml(text);
  if (file.problems.length > 0) {
    throw new ConfigError(
      context.file,
      file.problems.map((problem) => ({ path: '', ...problem })),
    );
  }
  const notes = new Notes(context.file, file);
  const checked = configSchema.safeParse(file.value, { error: wordsOf });
  if (!checked.success) notes.problems.push(...problemsOf(checked.error, configSchema, file));
  noteVendorlessSources(file, notes);
  noteRepeatedKeys(file.value, notes);
  // Of a file with problems, the parts that are right are looked into all the same: their problems belong to the list.
  const parts = checked.success ? [{ path: [], value: checked.data }] : goodParts(configSchema, file.value);
  const filled = parts.map(({ path, value }) => fillIn(value, path, context, notes));
  noteCallers(
    file.value,
    parts.map(({ path }, index) => ({ path, value: filled[index] })),
    notes,
  );
  const { addresses, given, problems } = override(addressesOf(filled[0]), context.overrides ?? {}, context.environment);
  notes.problems.push(...problems);
  noteOpenHosts(addresses, given, file.value, notes);
  noteSharedPort(addresses, checked.success, notes);
  noteRisks(addresses, file.value, notes);
  if (notes.problems.length > 0 || !checked.success) throw new ConfigError(context.file, notes.problems);
  // The value has the shape of the schema, with secrets and files filled in.
  const filledFile = filled[0] as FilledFile;
  noteIdleObjectives(filledFile, notes);
  return { config: gatewayConfig(filledFile, addresses), warnings: notes.warnings };
}

/** A checked file with secrets and files filled in. */
interface FilledFile {
  readonly server: {
    readonly subscriptionCallbacks: readonly string[];
    readonly trustedDocuments?: { readonly manifest: DocumentManifest; readonly only: boolean };
  };
  readonly store: { readonly keepOperations: number; readonly runHistory: number };
  readonly callers?: readonly { readonly name: string; readonly role: string; readonly key: Secret }[];
  readonly objectives: readonly Objective[];
  readonly sources: readonly (CommonSource & { readonly vendor: string })[];
}

/** A recovery point objective for sources that carry these labels. */
interface Objective {
  readonly labels: Readonly<Record<string, string>>;
  readonly rpo: number;
}

function gatewayConfig(file: FilledFile, addresses: Addresses): GatewayConfig {
  const { store, callers = [], objectives, sources } = file;
  const { server, management } = addresses;
  return {
    server: { ...server, subscriptionCallbacks: file.server.subscriptionCallbacks },
    trustedDocuments: file.server.trustedDocuments,
    management,
    store: {
      url: addresses.store.url,
      keepOperationsMs: store.keepOperations,
      runHistoryMs: store.runHistory,
    },
    // The schema has the roles of the domain, in lower case.
    callers: callers.map(({ name, role, key }) => ({ name, role: role.toUpperCase() as CallerRole, key })),
    sources: sources.map((source) => sourceConfig(source, objectives)),
  };
}

/** Collects problems and warnings, with their places in the file. */
class Notes {
  readonly problems: ConfigProblem[] = [];
  readonly warnings: string[] = [];
  readonly #name: string;
  readonly #file: YamlFile;

  constructor(name: string, file: YamlFile) {
    this.#name = name;
    this.#file = file;
  }

  problem(path: ConfigPath, message: string): void {
    this.problems.push(problemAt(path, this.#file.positionOf(path), message));
  }

  warning(path: ConfigPath, message: string): void {
    this.warnings.push(formatProblem(this.#name, problemAt(path, this.#file.positionOf(path), message)));
  }
}

/** Without a known vendor a source is checked no further by the schema, so the keys that all sources have are checked here. */
function noteVendorlessSources(file: YamlFile, notes: Notes): void {
  for (const [index, source] of sourcesIn(file.value).entries()) {
    if (!isRecord(source) || vendorBySlug(String(source['vendor'])) !== undefined) continue;
    const checked = commonSource.safeParse(source, { error: wordsOf });
    for (const { path, message } of checked.error?.issues ?? []) {
      // Paths into YAML hold texts and numbers only.
      notes.problem(['sources', index, ...(path as ConfigPath)], message);
    }
  }
}

function noteRepeatedKeys(value: unknown, notes: Notes): void {
  const seen = new Map<string, number>();
  for (const [index, source] of sourcesIn(value).entries()) {
    const key = isRecord(source) ? source['key'] : undefined;
    if (typeof key !== 'string') continue;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else notes.problem(['sources', index, 'key'], `is the key of sources[${first}] too`);
  }
}

/** Of a file with problems the addresses may not be the ones that are meant. */
function noteSharedPort({ server, management }: Addresses, areMeant: boolean, notes: Notes): void {
  if (areMeant && server.port !== 0 && server.port === management.port && server.host === management.host)
    notes.problem(['management', 'port'], 'is the port of the server too');
}

/** What works and should not go unsaid. */
function noteRisks({ server, store }: Addresses, value: unknown, notes: Notes): void {
  if (callersIn(value).length > 0 && !isLoopback(server.host))
    notes.warning(['server', 'host'], 'keys and answers travel as plain text; put a proxy in front that speaks TLS');
  const storeUrl = isRecord(value) && isRecord(value['store']) ? value['store']['url'] : undefined;
  if (storeUrl === store.url && /^postgres(ql)?:\/\/[^/?#@]*:[^/?#@]/.test(store.url))
    notes.warning(['store', 'url'], 'holds a password; set BACKUPGRAPH_STORE_URL instead');
  for (const [index, source] of sourcesIn(value).entries()) {
    if (isRecord(source) && isRecord(source['tls']) && source['tls']['rejectUnauthorized'] === false)
      notes.warning(
        ['sources', index, 'tls', 'rejectUnauthorized'],
        'any certificate is trusted: the source may be an impostor',
      );
  }
}

/** An objective that nobody has is more often a label written wrongly than one that waits for its source. */
function noteIdleObjectives({ objectives, sources }: FilledFile, notes: Notes): void {
  for (const [index, objective] of objectives.entries()) {
    if (!sources.some(({ labels }) => isObjectiveOf(labels, objective)))
      notes.warning(['objectives', index, 'labels'], 'fit no source');
  }
}

function isObjectiveOf(labels: Readonly<Record<string, string>>, objective: Objective): boolean {
  return Object.entries(objective.labels).every(([name, value]) => labels[name] === value);
}

function sourcesIn(value: unknown): readonly unknown[] {
  return isRecord(value) && Array.isArray(value['sources']) ? value['sources'] : [];
}

/** The addresses of a checked value, or the defaults where the file has problems and what overrides it is checked alone. */
function addressesOf(value: unknown): Addresses {
  if (isRecord(value) && isRecord(value['server']) && isRecord(value['management']) && isRecord(value['store'])) {
    // The value has been checked against the schema.
    return value as unknown as Addresses;
  }
  return DEFAULT_ADDRESSES;
}

const DEFAULT_ADDRESSES: Addresses = {
  server: { host: '127.0.0.1', port: 4000, path: '/graphql' },
  management: { host: '127.0.0.1', port: 4001 },
  store: { url: 'sqlite:./backupgraph.db' },
};

const MAX_BODY_BYTES = 32 * 1024 * 1024;

function sourceConfig(
  source: CommonSource & { readonly vendor: string },
  objectives: readonly Objective[],
): SourceConfig {
  const vendor = vendorBySlug(source.vendor);
  if (vendor === undefined) throw new Error('a source was checked against a vendor that is not registered');
  const { key, timeZone, tls, limits, cache } = source;
  const name = source.name ?? key;
  const byLabel = objectives.filter((objective) => isObjectiveOf(source.labels, objective)).map(({ rpo }) => rpo);
  const own = Object.keys(vendor.settings.shape).map((member) => [member, (source as Record<string, unknown>)[member]]);
  return {
    vendor,
    key,
    name,
    labels: Object.entries(source.labels).map(([label, value]) => ({ name: label, value })),
    timeZone,
    settings: { ...Object.fromEntries(own), key, name, timeZone },
    // The file was replaced by its text when the values were filled in.
    tls: { ca: tls.caFile as string | undefined, rejectUnauthorized: tls.rejectUnauthorized },
    limits: {
      concurrency: limits.concurrency ?? vendor.defaultLimits.concurrency,
      timeoutMs: limits.timeout,
      requestsPerSecond: limits.requestsPerSecond ?? vendor.defaultLimits.requestsPerSecond,
      maxBodyBytes: MAX_BODY_BYTES,
    },
    cache: { maxAgeMs: cache.maxAge, staleIfErrorMs: cache.staleIfError },
    rpoMs: source.rpo ?? (byLabel.length === 0 ? undefined : Math.min(...byLabel)),
  };
}
