import type { BackupRun } from '../domain/backup-run.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ReadCall } from '../transport/read-call.ts';
import type { BackupSource } from '../vendors/contract.ts';
import type { Chronicle } from './chronicle.ts';
import type { ListLook } from './source-record.ts';

export interface RememberingOptions {
  readonly chronicle: Pick<Chronicle, 'toldRuns'>;
  readonly now: () => number;
  /** Vendor clock minus gateway clock. */
  readonly skewSeconds: () => number | undefined;
}

/** A source whose runs are kept as they are told. What is read from it is the same. */
export function rememberingReader(reader: BackupSource, options: RememberingOptions): BackupSource {
  const { chronicle, now, skewSeconds } = options;
  const tell = (rows: readonly BackupRun[], look?: ListLook): void => {
    if (rows.length > 0 || look !== undefined) chronicle.toldRuns(reader.key, rows, skewSeconds(), look);
  };
  /** Lists that were told: the same rows again tell nothing new. */
  const toldLists = new WeakSet<readonly BackupRun[]>();
  return {
    key: reader.key,
    listRuns: async (query, call) => {
      const calledAtMs = now();
      const answer = await reader.listRuns(query, call);
      if (toldLists.has(answer.rows)) return answer;
      toldLists.add(answer.rows);
      const isAll = query.startedAfter === undefined && query.startedBefore === undefined;
      const isWhole = isAll && answer.problems.length === 0 && call.tally.staleBecause === undefined;
      tell(answer.rows, { askedAtMs: askedAt(call, calledAtMs), isWhole });
      return answer;
    },
    readRuns: async (nativeIds, call) => {
      const answer = await reader.readRuns(nativeIds, call);
      tell([...answer.values()].flatMap((run) => (run instanceof GatewayError ? [] : run)));
      return answer;
    },
    readRunsOfJobs: async (nativeIds, query, call) => {
      const answer = await reader.readRunsOfJobs(nativeIds, query, call);
      tell([...answer.values()].flatMap((runs) => (runs instanceof GatewayError ? [] : runs.rows)));
      return answer;
    },
    listJobs: (call) => reader.listJobs(call),
    readJobs: (nativeIds, call) => reader.readJobs(nativeIds, call),
    readMessages: (nativeIds, call) => reader.readMessages(nativeIds, call),
    listProtectedObjects: (call) => reader.listProtectedObjects(call),
    readProtectedObjects: (nativeIds, call) => reader.readProtectedObjects(nativeIds, call),
    jobCapabilities: (job) => reader.jobCapabilities(job),
    runCapabilities: (run) => reader.runCapabilities(run),
    prepareWrite: (request, call) => reader.prepareWrite(request, call),
    settleWrite: (verb, mark, call) => reader.settleWrite(verb, mark, call),
    apiVersion: () => reader.apiVersion(),
    probe: (call) => reader.probe(call),
    close: () => reader.close(),
  };
}

/** The answer may hold what was asked for earlier. */
function askedAt(call: ReadCall, calledAtMs: number): number {
  return Math.min(calledAtMs, call.tally.oldestFetchedAt ?? calledAtMs);
}
