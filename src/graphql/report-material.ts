import type { BackupJob } from '../domain/backup-job.ts';
import type { BackupRun } from '../domain/backup-run.ts';
import type { GatewayError } from '../domain/errors.ts';
import { missedRuns, type MissedRuns } from '../domain/missed-runs.ts';
import {
  materialByObject,
  runsOfObject,
  runsThatMayBelong,
  type ObjectMaterial,
  type ReportMaterial,
} from '../domain/object-material.ts';
import { perObject } from '../domain/per-object.ts';
import { rpoStatus, type HistoryReading, type RpoStatus } from '../domain/rpo.ts';
import type { Period } from '../domain/status-report.ts';
import type { BackupSource, Rows } from '../vendors/contract.ts';
import type { ReadCall } from '../transport/read-call.ts';
import { knownSince } from '../history/source-history.ts';
import type { SourceReading } from './aggregate.ts';
import type { OperationContext } from './context.ts';
import type { PastRuns } from './past-runs.ts';

/** All that one source tells of its objects, jobs and runs: what reports and verdicts are worked out from. */
export async function readReportMaterial(reader: BackupSource, call: ReadCall): Promise<Rows<ReportMaterial>> {
  const [objects, jobs, runs] = await Promise.all([
    reader.listProtectedObjects(call),
    reader.listJobs(call),
    reader.listRuns({}, call),
  ]);
  // One failure behind two lists is one problem.
  const problems = new Map<string, GatewayError>();
  for (const problem of [...objects.problems, ...jobs.problems, ...runs.problems])
    problems.set(problem.message, problem);
  return { rows: [together(objects.rows, jobs.rows, runs.rows)], problems: [...problems.values()] };
}

const LAST_TOGETHER = new WeakMap<readonly BackupRun[], ReportMaterial>();

/** The same lists give the same object, so that what follows from it is worked out once. */
function together(
  objects: ReportMaterial['objects'],
  jobs: ReportMaterial['jobs'],
  runs: ReportMaterial['runs'],
): ReportMaterial {
  const last = LAST_TOGETHER.get(runs);
  if (last?.objects === objects && last.jobs === jobs) return last;
  const material = { objects, jobs, runs };
  LAST_TOGETHER.set(runs, material);
  return material;
}

/** What is known of a source's objects, and how far it can be trusted. Worked out once for each reading. */
export class Assessment {
  readonly byObject: ReadonlyMap<string, ObjectMaterial>;
  readonly #reading: SourceReading<ReportMaterial>;
  readonly #context: OperationContext;
  readonly #rpo = new Map<string, RpoStatus>();
  readonly #history: HistoryReading;
  readonly #readAt: Date;
  readonly #clockSkewSeconds: number | undefined;

  constructor(reading: SourceReading<ReportMaterial>, context: OperationContext) {
    this.#reading = reading;
    this.#context = context;
    const [material] = reading.rows;
    this.byObject = material === undefined ? new Map() : objectsById(material);
    const { outcome, fetchedAt } = reading.result(0);
    this.#history = !reading.answered ? 'UNREADABLE' : outcome === 'OK' ? 'COMPLETE' : 'PARTIAL';
    this.#readAt = fetchedAt ?? context.startedAt;
    this.#clockSkewSeconds = reading.source.health().clockSkewSeconds;
  }

  /** How an object stands to its objective, over all its jobs. Of a source that could not be read: UNKNOWN. */
  rpo(objectNativeId: string): RpoStatus {
    let status = this.#rpo.get(objectNativeId);
    if (status === undefined) {
      const material = this.byObject.get(objectNativeId);
      status = rpoStatus({
        jobs: material?.jobs ?? [],
        runs: material === undefined ? [] : runsOfObject(material),
        history: this.#history,
        configuredTargetMs: this.#reading.source.rpoMs,
        clockSkewSeconds: this.#clockSkewSeconds,
        now: this.#context.startedAt,
      });
      this.#rpo.set(objectNativeId, status);
    }
    return status;
  }

  /** The due instants of a job at which nothing began; undefined when that cannot be judged. With the past, instants from before the vendor's memory are judged as far as the source was looked at. */
  missedOf(jobNativeId: string, period: Period, past?: PastRuns): MissedRuns | undefined {
    const [told] = this.#reading.rows;
    const job = told && jobsById(told).get(jobNativeId);
    if (told === undefined || job === undefined) return undefined;
    const material = this.byObject.get(job.protects?.nativeId ?? '') ?? loose(told);
    const withPast = past && (past.byObject.get(job.protects?.nativeId ?? '') ?? loose(past.material));
    const readAt = this.#readAt;
    return missedRuns({
      job,
      runs: runsThatMayBelong(job, withPast ?? material),
      history: this.#history,
      since: past && knownSince(oldestOf(runsThatMayBelong(job, material)) ?? readAt, past.lookHours),
      period,
      readAt,
      clockSkewSeconds: this.#clockSkewSeconds,
    });
  }
}

const objectsById = perObject(
  (material: ReportMaterial): ReadonlyMap<string, ObjectMaterial> =>
    new Map(materialByObject(material).map((one) => [one.object.nativeId, one])),
);

const jobsById = perObject(
  ({ jobs }: ReportMaterial): ReadonlyMap<string, BackupJob> => new Map(jobs.map((job) => [job.nativeId, job])),
);

/** For jobs that protect nothing that the vendor names. */
const loose = perObject(({ jobs, runs }: ReportMaterial): Omit<ObjectMaterial, 'object'> => {
  const tied = runs.filter(({ jobNativeId }) => jobNativeId !== undefined);
  return { jobs, runsByJob: Map.groupBy(tied, ({ jobNativeId }) => jobNativeId ?? ''), untiedRuns: [] };
});

/** When the oldest of these began, was accepted or ended. */
function oldestOf(runs: readonly BackupRun[]): Date | undefined {
  let oldest: Date | undefined;
  for (const { startedAt, queuedAt, endedAt } of runs) {
    const at = startedAt ?? queuedAt ?? endedAt;
    if (at !== undefined && (oldest === undefined || at < oldest)) oldest = at;
  }
  return oldest;
}
