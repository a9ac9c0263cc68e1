import type { BackupJob } from './backup-job.ts';
import type { BackupRun } from './backup-run.ts';
import { perObject } from './per-object.ts';
import type { ProtectedObject } from './protected-object.ts';

/** What one source told for a report. */
export interface ReportMaterial {
  readonly objects: readonly ProtectedObject[];
  readonly jobs: readonly BackupJob[];
  readonly runs: readonly BackupRun[];
}

/** What is known of one protected object. */
export interface ObjectMaterial {
  readonly object: ProtectedObject;
  readonly jobs: readonly BackupJob[];
  /** Runs by native id of their job; a job without runs is left out. */
  readonly runsByJob: ReadonlyMap<string, readonly BackupRun[]>;
  /** Runs that the vendor ties to no job. */
  readonly untiedRuns: readonly BackupRun[];
}

/**
 * Sorts what a source told by protected object, in the order of the objects.
 *
 * A run that belongs to no job counts for an object only when there is no other one in sight: the source has one object, and all its
 * jobs protect it. Else nobody can say whose copy it is, and it counts for none.
 */
export const materialByObject = perObject(sortByObject);

function sortByObject({ objects, jobs, runs }: ReportMaterial): readonly ObjectMaterial[] {
  const runsByJob = Map.groupBy(runs, ({ jobNativeId }) => jobNativeId);
  const jobsByObject = Map.groupBy(jobs, ({ protects }) => protects?.nativeId);
  const untied = runsByJob.get(undefined) ?? [];
  return objects.map((object) => {
    const own = jobsByObject.get(object.nativeId) ?? [];
    const ownRuns = new Map<string, readonly BackupRun[]>();
    for (const { nativeId } of own) {
      const found = runsByJob.get(nativeId);
      if (found !== undefined) ownRuns.set(nativeId, found);
    }
    const isAlone = objects.length === 1 && own.length === jobs.length;
    return { object, jobs: own, runsByJob: ownRuns, untiedRuns: isAlone ? untied : [] };
  });
}

/** All runs that count for the object, in no order. */
export const runsOfObject = perObject(
  ({ runsByJob, untiedRuns }: Omit<ObjectMaterial, 'object'>): readonly BackupRun[] => {
    const [only = [], ...others] = [...runsByJob.values(), untiedRuns].filter(({ length }) => length > 0);
    return others.length === 0 ? only : [only, ...others].flat();
  },
);

/**
 * The runs that may have been started by a job's schedule.
 *
 * Its own ones and those that are tied to no job. Where the vendor ties none to the definition, the object's one-offs too: SailPoint
 * keeps what a scheduled action makes as records of their own.
 */
export function runsThatMayBelong(job: BackupJob, material: Omit<ObjectMaterial, 'object'>): readonly BackupRun[] {
  const own = material.runsByJob.get(job.nativeId);
  if (own !== undefined) return material.untiedRuns.length === 0 ? own : [...own, ...material.untiedRuns];
  return runsOfOneOffs(material);
}

/** The runs of all jobs that are one run each, and those that are tied to no job. */
export function runsOfOneOffs({ jobs, runsByJob, untiedRuns }: Omit<ObjectMaterial, 'object'>): readonly BackupRun[] {
  const oneOffs = jobs.filter(({ kind }) => kind === 'ONE_OFF');
  return [...oneOffs.flatMap(({ nativeId }) => runsByJob.get(nativeId) ?? []), ...untiedRuns];
}

/**
 * Where an object's history begins when its vendor tells each job's newest run alone: what was before that one is not known.
 *
 * Undefined when no job has run. For `historySince` of an RPO question.
 */
export function sinceNewestRuns({ runsByJob }: Pick<ObjectMaterial, 'runsByJob'>): Date | undefined {
  const newestMs = [...runsByJob.values()].map((runs) =>
    Math.max(...runs.map((run) => (run.startedAt ?? run.queuedAt ?? run.endedAt ?? run.observedAt).getTime())),
  );
  return newestMs.length === 0 ? undefined : new Date(Math.max(...newestMs));
}
