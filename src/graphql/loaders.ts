import DataLoader from 'dataloader';
import type { BackupJob } from '../domain/backup-job.ts';
import type { BackupOperation } from '../domain/backup-operation.ts';
import type { BackupRun, RunMessage } from '../domain/backup-run.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ReportMaterial } from '../domain/object-material.ts';
import type { ProtectedObject } from '../domain/protected-object.ts';
import type { Period } from '../domain/status-report.ts';
import type { BackupSource, ByNativeId, Rows } from '../vendors/contract.ts';
import type { ReadCall } from '../transport/read-call.ts';
import { readSource, type SourceReading } from './aggregate.ts';
import type { OperationContext, ReadChoice } from './context.ts';
import { readPast, type PastRuns } from './past-runs.ts';
import { Assessment, readReportMaterial } from './report-material.ts';

/** What a source told, and what follows from it. */
export interface AssessedReading {
  readonly reading: SourceReading<ReportMaterial>;
  readonly assessment: Assessment;
}

/** A thing at a source. */
export interface Ref {
  readonly sourceKey: string;
  readonly nativeId: string;
}

/**
 * The loaders of one operation and one choice of read options.
 *
 * Every loader groups its keys by source and makes one call of the source for the whole batch; a key that the vendor does not have
 * is undefined, one that could not be read rejects with its own error.
 */
export interface Loaders {
  readonly job: DataLoader<Ref, BackupJob | undefined, string>;
  readonly run: DataLoader<Ref, BackupRun | undefined, string>;
  readonly object: DataLoader<Ref, ProtectedObject | undefined, string>;
  /** All runs that the vendor keeps of a job, newest first. */
  readonly runsOfJob: DataLoader<Ref, Rows<BackupRun> | undefined, string>;
  readonly messages: DataLoader<Ref, readonly RunMessage[] | undefined, string>;
  /** What reports and verdicts of a source are worked out from, by its key. */
  readonly assessment: DataLoader<string, AssessedReading, string>;
  /** What the source has forgotten of a period; read once for each period. */
  past(reading: SourceReading<ReportMaterial>, period: Period): Promise<PastRuns | undefined>;
  /** All jobs of a source, by its key. */
  readonly jobsOfSource: DataLoader<string, SourceReading<BackupJob>>;
  /** Writes by their ids, from the store. */
  readonly operation: DataLoader<string, BackupOperation | undefined>;
}

export function createLoaders(context: OperationContext, choice: ReadChoice): Loaders {
  const loader = <T>(read: (source: BackupSource, ids: readonly string[], call: ReadCall) => Promise<ByNativeId<T>>) =>
    new DataLoader<Ref, T | undefined, string>((refs) => loadBySource(context, choice, refs, read), {
      cacheKeyFn: ({ sourceKey, nativeId }) => `${sourceKey}/${nativeId}`,
      maxBatchSize: MAX_BATCH_SIZE,
    });
  const pasts = new Map<string, Promise<PastRuns | undefined>>();
  const job = loader<BackupJob>((source, ids, call) => source.readJobs(ids, call));
  return {
    job,
    run: loader<BackupRun>((source, ids, call) => source.readRuns(ids, call)),
    object: loader<ProtectedObject>((source, ids, call) => source.readProtectedObjects(ids, call)),
    runsOfJob: loader<Rows<BackupRun>>((source, ids, call) => source.readRunsOfJobs(ids, {}, call)),
    messages: loader<readonly RunMessage[]>((source, ids, call) => source.readMessages(ids, call)),
    assessment: new DataLoader<string, AssessedReading, string>(
      (keys) =>
        Promise.all(
          keys.map(async (key) => {
            const reading = await readSource(context, context.source(key, 'source'), choice, readReportMaterial);
            const [material] = reading.rows;
            if (material !== undefined)
              context.remember([...material.objects, ...material.jobs, ...material.runs], choice);
            return { reading, assessment: new Assessment(reading, context) };
          }),
        ),
      BY_SOURCE,
    ),
    past: (reading, period) => {
      const key = `${reading.source.key} ${period.from.getTime()} ${period.to.getTime()}`;
      const past = pasts.get(key) ?? readPast(reading, period);
      pasts.set(key, past);
      return past;
    },
    jobsOfSource: new DataLoader<string, SourceReading<BackupJob>>(
      (keys) =>
        Promise.all(
          keys.map(async (key) => {
            const reading = await readSource(context, context.source(key, 'source'), choice, (source, call) =>
              source.listJobs(call),
            );
            for (const row of reading.rows) job.prime(row, row);
            return reading;
          }),
        ),
      BY_SOURCE,
    ),
    operation: new DataLoader<string, BackupOperation | undefined>(
      async (ids) => {
        const operations = await context.writes.readOperations(ids);
        return ids.map((id) => operations.get(id));
      },
      { maxBatchSize: MAX_BATCH_SIZE },
    ),
  };
}

const MAX_BATCH_SIZE = 10_000;
/** Whole sources are read each by itself: in a batch the quickest would wait for the slowest. */
const BY_SOURCE = { batch: false };

async function loadBySource<T>(
  context: OperationContext,
  choice: ReadChoice,
  refs: readonly Ref[],
  read: (source: BackupSource, ids: readonly string[], call: ReadCall) => Promise<ByNativeId<T>>,
): Promise<(T | undefined | Error)[]> {
  const answers = new Map<string, ByNativeId<T> | Error>();
  const groups = Map.groupBy(refs, ({ sourceKey }) => sourceKey);
  await Promise.all(
    [...groups].map(async ([key, group]) => {
      const source = context.source(key, 'id');
      const ids = group.map(({ nativeId }) => nativeId);
      answers.set(key, await read(source.reader, ids, context.readCall(source, choice)).catch(asError));
    }),
  );
  return refs.map(({ sourceKey, nativeId }) => {
    const answer = answers.get(sourceKey);
    if (answer instanceof Error) return answer;
    const value = answer?.get(nativeId);
    if (typeof value === 'object' && value !== null && !(value instanceof Error)) context.remember([value], choice);
    return value instanceof GatewayError && value.code === 'NOT_FOUND' ? undefined : value;
  });
}

function asError(error: unknown): Error {
  return error instanceof Error
    ? error
    : new GatewayError('INTERNAL', 'A source failed in an unknown way.', { cause: error });
}
