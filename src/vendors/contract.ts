import type { z } from 'zod';
import type { BackupJob } from '../domain/backup-job.ts';
import type { BackupRun, RunMessage } from '../domain/backup-run.ts';
import type { JsonValue, VendorCall, WriteRefusal } from '../domain/backup-operation.ts';
import type { GatewayError } from '../domain/errors.ts';
import type { ProtectedObject } from '../domain/protected-object.ts';
import type { CapabilityReason, Operation } from '../domain/source.ts';
import type { WriteRequest, WriteSection, WriteVerb } from '../domain/write-request.ts';
import type { Drift } from '../transport/drift.ts';
import type { ReadCall } from '../transport/read-call.ts';
import type { SourceHttp } from '../transport/source-http.ts';
import type { RunningSimulator, SimulatorOptions } from '../simulation/simulated-server.ts';

/**
 * What a vendor folder declares; one line in `registry.ts` makes it known to settings, schema, demo and tests.
 *
 * Terms: a *vendor* is a kind of system, a *source* is one configured system of that kind.
 */
export interface VendorDefinition<Settings extends CommonSettings = CommonSettings> {
  /** Name in GraphQL, such as `VEEAM_M365`. */
  readonly id: string;
  /** Name in files, configuration and the folder, such as `veeam-m365`. */
  readonly slug: string;
  /** Name for people, such as `Veeam Backup for Microsoft 365`. */
  readonly title: string;
  /** The section of `createBackup` and `updateSchedule` that is meant for this vendor; undefined where it has neither. */
  readonly writeSection: WriteSection | undefined;
  /**
   * The part of a source's configuration that only this vendor has, as a strict zod object of the vendor's own keys (`baseUrl`
   * included). The keys that every source has (`key`, `vendor`, `name`, `labels`, `timeZone`, `tls`, `limits`, `cache`, `rpo`)
   * are added by the server.
   */
  readonly settings: z.ZodObject;
  /** Limits that fit this vendor when the configuration gives none. */
  readonly defaultLimits: { readonly concurrency: number; readonly requestsPerSecond?: number };
  /**
   * What a source with these settings can and cannot do: one entry for every operation, with a reason and a sentence where
   * the answer is no. Known before anyone tries; makes no call.
   */
  capabilities(settings: Settings): Readonly<Record<Operation, CapabilityReading>>;
  /** Makes the source. Opens no connection: the first read logs in. */
  connect(settings: Settings, environment: SourceEnvironment): BackupSource;
  /** Starts this vendor's simulator on 127.0.0.1. */
  simulate(options: SimulatorOptions): Promise<RunningSimulator>;
  /**
   * The vendor's part of a configuration entry (settings keys, secrets in plain text) that reaches a simulator started with
   * these options.
   */
  simulatorSettings(simulator: RunningSimulator): Record<string, unknown>;
}

export type CapabilityReading =
  | { readonly supported: true }
  | {
      readonly supported: false;
      readonly reason: CapabilityReason;
      /** A sentence for people. */
      readonly explanation: string;
      /** What can be asked of the same source instead; none when left out. */
      readonly alternatives?: readonly Operation[];
    };

/** The settings that every source has, after parsing: durations in milliseconds, secrets resolved. */
export interface CommonSettings {
  readonly key: string;
  readonly name: string;
  /** IANA zone in which the vendor's wall-clock values are read, when the operator configured one. */
  readonly timeZone: string | undefined;
}

/** What a source is given by its surroundings. */
export interface SourceEnvironment {
  /**
   * Opens HTTP to the named origins (scheme, host and port of each URL count; paths do not). Requests to any other origin are
   * refused before they are made. Time limits, TLS, concurrency, retries and the breaker come from the source's configuration.
   */
  openHttp(baseUrls: readonly [string, ...string[]]): SourceHttp;
  /** Where names and values that the vendor sent and we do not know are counted. */
  readonly drift: Drift;
  /** The present instant; nothing in a vendor folder calls `Date.now()`. */
  now(): Date;
}

/** Rows of an aggregated read. `problems` names rows that could not be read, by position; then the outcome is PARTIAL. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly problems: readonly GatewayError[];
}

/**
 * Answers by native id: a value, or the error that this one key met. A key that is absent does not exist at the vendor.
 * Always keyed by id, never by position.
 */
export type ByNativeId<T> = ReadonlyMap<string, T | GatewayError>;

/** Hints that may narrow what is fetched. A source may ignore them: the caller filters again. */
export interface RunQuery {
  readonly startedAfter?: Date | undefined;
  readonly startedBefore?: Date | undefined;
}

/** Which runs of each job are wanted: the newest `newest` at least. A source may answer more. */
export interface JobRunsQuery extends RunQuery {
  /** Undefined means all that the vendor keeps. */
  readonly newest?: number | undefined;
}

/**
 * A write that has passed the vendor's own rules and is ready to be sent, once.
 *
 * What it holds beside `send` is kept in the store before the vendor is called, so there is no secret in it.
 */
export interface PreparedWrite {
  /** What will be sent, secrets replaced. */
  readonly vendorCall: VendorCall;
  /** What `settleWrite` needs to recognise the effect, also after a restart: such as the runs that were there before. */
  readonly mark: JsonValue;
  /** Makes the one call. Never throws for what the vendor or the network does. */
  send(signal: AbortSignal): Promise<WriteReply>;
}

/** Native ids of what a write made or set going, as far as the vendor tells. */
export interface WriteEffect {
  readonly jobNativeId?: string | undefined;
  readonly runNativeId?: string | undefined;
}

export type WriteReply =
  /** The vendor accepted it. */
  | ({ readonly outcome: 'DONE' } & WriteEffect)
  /** The vendor said no, so nothing was changed. */
  | { readonly outcome: 'REFUSED'; readonly refusal: WriteRefusal }
  /** The call never reached the vendor: no connection, no login, calls paused. */
  | { readonly outcome: 'NOT_SENT'; readonly error: GatewayError }
  /** Nobody can tell from the call alone. `answered`: the vendor ended the exchange itself (such as by a 5xx), so it is not still at it. */
  | { readonly outcome: 'UNKNOWN'; readonly error: GatewayError; readonly answered: boolean };

/**
 * One configured source.
 *
 * Every reading method: makes the cheapest vendor calls that serve the whole batch; throws a `GatewayError` with the source's key when
 * nothing could be read (codes of SourceErrorKind); shares equal reads in flight and kept answers through `SourceHttp`.
 */
export interface BackupSource {
  readonly key: string;

  /** All jobs of the source. */
  listJobs(call: ReadCall): Promise<Rows<BackupJob>>;
  readJobs(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupJob>>;

  /** All runs that the vendor keeps (narrowed by the query where the vendor can), in any order, no id twice. */
  listRuns(query: RunQuery, call: ReadCall): Promise<Rows<BackupRun>>;
  readRuns(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupRun>>;
  /** Runs of the given jobs, newest first (`compareNewestFirst`). A job without runs has an empty list, an unknown job none. */
  readRunsOfJobs(
    jobNativeIds: readonly string[],
    query: JobRunsQuery,
    call: ReadCall,
  ): Promise<ByNativeId<Rows<BackupRun>>>;
  /** Log lines of runs whose `messages` are `'NOT_TOLD'`. */
  readMessages(runNativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<readonly RunMessage[]>>;

  listProtectedObjects(call: ReadCall): Promise<Rows<ProtectedObject>>;
  readProtectedObjects(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<ProtectedObject>>;

  /** Answers for one job in its present state, for every operation. Makes no call. */
  jobCapabilities(job: BackupJob): Readonly<Record<Operation, CapabilityReading>>;
  /** Answers for one run in its present state (CANCEL, RETRY, DELETE, READ_LOGS). Makes no call. */
  runCapabilities(run: BackupRun): Readonly<Record<Operation, CapabilityReading>>;

  /**
   * Checks a write against the vendor's own rules and makes its call ready. May read, writes nothing.
   *
   * The capability was found supported before, for the source and for the job or run in its present state. Each verb that the
   * source's capabilities support is served; another one is a fault of the caller.
   * @throws GatewayError when something that it must know cannot be read.
   */
  prepareWrite(request: WriteRequest, call: ReadCall): Promise<PreparedWrite | RefusedWrite>;
  /**
   * Looks for the effect of a write whose answer was lost. Reads only.
   *
   * @returns the effect when it is there for sure; undefined when it is not to be seen (yet).
   * @throws GatewayError when the vendor cannot be read.
   */
  settleWrite(verb: WriteVerb, mark: JsonValue, call: ReadCall): Promise<WriteEffect | undefined>;

  /** Vendor or API version, as configured or as the vendor has told so far; undefined when unknown. Makes no call. */
  apiVersion(): string | undefined;
  /** Logs in and makes the cheapest authenticated read; throws what it meets. For `check --live` and health. */
  probe(call: ReadCall): Promise<void>;
  /** Ends sessions at the vendor where it has them (bounded, never throws) and closes connections. */
  close(): Promise<void>;
}

/** What `prepareWrite` answers when the vendor's rules forbid the write: every rule that is broken, never a value. */
export interface RefusedWrite {
  readonly refusals: readonly [WriteRefusal, ...WriteRefusal[]];
}

/** Keeps the settings type of one vendor while it is declared. */
export function defineVendor<Settings extends CommonSettings>(
  definition: VendorDefinition<Settings>,
): VendorDefinition<Settings> {
  return definition;
}
