import type { GatewayError } from '../domain/errors.ts';
import { missedRuns, type MissedRun, type MissedRuns } from '../domain/missed-runs.ts';
import {
  materialByObject,
  runsOfObject,
  runsThatMayBelong,
  type ObjectMaterial,
  type ReportMaterial,
} from '../domain/object-material.ts';
import { rpoStatus, type HistoryReading, type RpoStatus } from '../domain/rpo.ts';
import type { Period } from '../domain/status-report.ts';
import type { BackupSource, Rows } from '../vendors/contract.ts';
import type { ReadCall } from '../transport/read-call.ts';
import type { SourceReading } from './aggregate.ts';
import type { OperationContext } from './context.ts';

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
  return {
    rows: [{ objects: objects.rows, jobs: jobs.rows, runs: runs.rows }],
    problems: [...problems.values()],
  };
}

/** What is known of a source's objects, and how far it can be trusted. Worked out once for each reading. */
export class Assessment {
  readonly byObject: ReadonlyMap<string, ObjectMaterial>;
  readonly #reading: SourceReading<ReportMaterial>;
  readonly #context: OperationContext;
  readonly #rpo = new Map<string, RpoStatus>();

  constructor(reading: SourceReading<ReportMaterial>, context: OperationContext) {
    this.#reading = reading;
    this.#context = context;
    const [material] = reading.rows;
    const objects = material === undefined ? [] : materialByObject(material);
    this.byObject = new Map(objects.map((one) => [one.object.nativeId, one]));
  }

  /** How an object stands to its objective, over all its jobs. Of a source that could not be read: UNKNOWN. */
  rpo(objectNativeId: string): RpoStatus {
    let status = this.#rpo.get(objectNativeId);
    if (status === undefined) {
      const material = this.byObject.get(objectNativeId);
      status = rpoStatus({
        jobs: material?.jobs ?? [],
        runs: material === undefined ? [] : runsOfObject(material),
        history: this.#history(),
        configuredTargetMs: this.#reading.source.rpoMs,
        clockSkewSeconds: this.#skewSeconds(),
        now: this.#context.startedAt,
      });
      this.#rpo.set(objectNativeId, status);
    }
    return status;
  }

  /** The due instants of a job at which nothing began; undefined when that cannot be judged. */
  missedOf(jobNativeId: string, period: Period): MissedRuns | undefined {
    const job = this.#reading.rows[0]?.jobs.find(({ nativeId }) => nativeId === jobNativeId);
    if (job === undefined) return undefined;
    const material = this.byObject.get(job.protects?.nativeId ?? '') ?? this.#loose();
    return missedRuns({
      job,
      runs: runsThatMayBelong(job, material),
      history: this.#history(),
      period,
      readAt: this.#reading.result(0).fetchedAt ?? this.#context.startedAt,
      clockSkewSeconds: this.#skewSeconds(),
    });
  }

  /** The same of many jobs. */
  *missed(jobNativeIds: Iterable<string>, period: Period): Generator<MissedRun, void> {
    for (const id of jobNativeIds) yield* this.missedOf(id, period)?.missed ?? [];
  }

  /** For jobs that protect nothing that the vendor names. */
  #loose(): Omit<ObjectMaterial, 'object'> {
    const { jobs = [], runs = [] } = this.#reading.rows[0] ?? {};
    const tied = runs.filter(({ jobNativeId }) => jobNativeId !== undefined);
    return { jobs, runsByJob: Map.groupBy(tied, ({ jobNativeId }) => jobNativeId ?? ''), untiedRuns: [] };
  }

  #history(): HistoryReading {
    if (!this.#reading.answered) return 'UNREADABLE';
    return this.#reading.result(0).outcome === 'OK' ? 'COMPLETE' : 'PARTIAL';
  }

  #skewSeconds(): number | undefined {
    return this.#reading.source.health().clockSkewSeconds;
  }
}
