import type { BackupJob } from '../../src/domain/backup-job.ts';
import { compareNewestFirst, type BackupRun, type RunMessage } from '../../src/domain/backup-run.ts';
import type { JsonValue } from '../../src/domain/backup-operation.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { ProtectedObject } from '../../src/domain/protected-object.ts';
import { OPERATIONS, type Label, type Operation, type SourceHealth } from '../../src/domain/source.ts';
import type { GatewaySource, ResolvedReadOptions } from '../../src/graphql/context.ts';
import type { ReadCall } from '../../src/transport/read-call.ts';
import type { WriteRequest, WriteVerb } from '../../src/domain/write-request.ts';
import type {
  BackupSource,
  ByNativeId,
  CapabilityReading,
  PreparedWrite,
  RefusedWrite,
  Rows,
  WriteEffect,
} from '../../src/vendors/contract.ts';

export interface FakeSourceOptions {
  readonly key: string;
  readonly vendor?: string;
  readonly labels?: readonly Label[];
  readonly jobs?: readonly BackupJob[];
  readonly runs?: readonly BackupRun[];
  readonly objects?: readonly ProtectedObject[];
  readonly messages?: Readonly<Record<string, readonly RunMessage[]>>;
  /** Thrown by every read. */
  readonly failure?: GatewayError;
  /** Reads never answer, and end with the call's signal. */
  readonly stalls?: boolean;
  /** Reported beside the rows of every list. */
  readonly problems?: readonly GatewayError[];
  /** A failure behind kept answers. */
  readonly stale?: GatewayError;
  readonly defaults?: Partial<ResolvedReadOptions>;
  /** Where the source differs from doing everything. */
  readonly capabilities?: Partial<Record<Operation, CapabilityReading>>;
  /** The same for every job and run. */
  readonly jobCapabilities?: Partial<Record<Operation, CapabilityReading>>;
  readonly rpoMs?: number;
  /** What becomes of writes. */
  readonly prepare?: (request: WriteRequest) => PreparedWrite | RefusedWrite;
  /** What is found of a write whose answer was lost. */
  readonly settle?: (verb: WriteVerb, mark: JsonValue) => WriteEffect | undefined;
  readonly health?: Partial<SourceHealth>;
}

/** A source that answers from memory and writes down each read: name and keys. */
export class FakeSource implements GatewaySource {
  readonly key: string;
  readonly vendor: string;
  readonly name: string;
  readonly labels: readonly Label[];
  readonly timeZone = undefined;
  readonly section = 'vcenter';
  readonly timeoutMs = 5_000;
  readonly rpoMs: number | undefined;
  readonly defaults: ResolvedReadOptions;
  readonly capabilities: Readonly<Record<Operation, CapabilityReading>>;
  readonly reader: BackupSource;
  /** What was read, in order, such as `readJobs a b`. */
  readonly reads: string[] = [];
  /** The calls that the reads came with. */
  readonly calls: ReadCall[] = [];
  readonly #options: FakeSourceOptions;

  constructor(options: FakeSourceOptions) {
    this.#options = options;
    this.key = options.key;
    this.vendor = options.vendor ?? 'VCENTER';
    this.name = `Source ${options.key}`;
    this.labels = options.labels ?? [];
    this.defaults = { patienceMs: 5_000, maxAgeMs: 0, staleIfErrorMs: undefined, ...options.defaults };
    this.capabilities = { ...all({ supported: true }), ...options.capabilities };
    this.rpoMs = options.rpoMs;
    this.reader = this.#makeReader();
  }

  health(): SourceHealth {
    return {
      state: 'UNKNOWN',
      circuit: 'CLOSED',
      lastSuccessAt: undefined,
      lastErrorAt: undefined,
      lastError: undefined,
      consecutiveFailures: 0,
      latencyMsP50: undefined,
      latencyMsP95: undefined,
      clockSkewSeconds: undefined,
      throttledUntil: undefined,
      ...this.#options.health,
    };
  }

  drift() {
    return { unknownFields: [], unknownValues: [], firstSeenAt: undefined };
  }

  #makeReader(): BackupSource {
    const { key, jobs = [], runs = [], objects = [], messages = {}, problems = [] } = this.#options;
    const list = async <T>(name: string, rows: readonly T[], call: ReadCall): Promise<Rows<T>> => {
      await this.#begin(name, call);
      return { rows, problems };
    };
    const pick = async <T extends { readonly nativeId: string }>(
      name: string,
      rows: readonly T[],
      ids: readonly string[],
      call: ReadCall,
    ) => {
      await this.#begin(`${name} ${ids.join(' ')}`, call);
      return new Map(
        rows.filter(({ nativeId }) => ids.includes(nativeId)).map((row) => [row.nativeId, row]),
      ) as ByNativeId<T>;
    };
    return {
      key,
      listJobs: (call) => list('listJobs', jobs, call),
      readJobs: (ids, call) => pick('readJobs', jobs, ids, call),
      listRuns: (_query, call) => list('listRuns', runs, call),
      readRuns: (ids, call) => pick('readRuns', runs, ids, call),
      readRunsOfJobs: async (ids, _query, call) => {
        await this.#begin(`readRunsOfJobs ${ids.join(' ')}`, call);
        return new Map(
          ids.map((id) => [
            id,
            { rows: runs.filter((run) => run.jobNativeId === id).toSorted(compareNewestFirst), problems },
          ]),
        );
      },
      readMessages: async (ids, call) => {
        await this.#begin(`readMessages ${ids.join(' ')}`, call);
        return new Map(ids.map((id) => [id, messages[id] ?? []]));
      },
      listProtectedObjects: (call) => list('listProtectedObjects', objects, call),
      readProtectedObjects: (ids, call) => pick('readProtectedObjects', objects, ids, call),
      jobCapabilities: () => ({ ...all({ supported: true }), ...this.#options.jobCapabilities }),
      runCapabilities: () => ({ ...all({ supported: true }), ...this.#options.jobCapabilities }),
      prepareWrite: async (request) => {
        if (this.#options.prepare === undefined) throw new Error(`the fake source prepares no ${request.verb}`);
        return this.#options.prepare(request);
      },
      settleWrite: async (verb, mark) => this.#options.settle?.(verb, mark),
      apiVersion: () => 'v0',
      probe: async () => undefined,
      close: async () => undefined,
    };
  }

  async #begin(name: string, call: ReadCall): Promise<void> {
    const { failure, stalls, stale } = this.#options;
    this.reads.push(name);
    this.calls.push(call);
    call.tally.attempts += 1;
    if (stalls === true) {
      await new Promise((_, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason as Error));
      });
    }
    if (failure !== undefined) throw failure;
    call.tally.oldestFetchedAt = Date.parse('2026-11-20T08:00:00Z');
    call.tally.staleBecause = stale;
  }
}

function all(reading: CapabilityReading): Record<Operation, CapabilityReading> {
  return Object.fromEntries(OPERATIONS.map((operation) => [operation, reading])) as Record<
    Operation,
    CapabilityReading
  >;
}
