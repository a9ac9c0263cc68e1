import type { BackupJob } from './backup-job.ts';
import { compareNewestFirst, leftRestorableCopy, type BackupRun } from './backup-run.ts';
import { BACKUP_STATUSES, isActive, statusSeverityRank, type BackupStatus } from './backup-status.ts';
import {
  type ObjectMaterial,
  type ReportMaterial,
  materialByObject,
  runsOfOneOffs,
  runsThatMayBelong,
} from './object-material.ts';
import type { OrderDirection } from './orders.ts';
import type { Order } from './page.ts';
import { perObject } from './per-object.ts';
import type { ProtectedObject } from './protected-object.ts';
import type { RpoStatus, RpoVerdict } from './rpo.ts';

export type { ReportMaterial } from './object-material.ts';

export const STATUS_REPORT_ORDER_FIELDS = ['SEVERITY', 'OBJECT_NAME', 'LAST_SUCCESS', 'SOURCE'] as const;
export type StatusReportOrderField = (typeof STATUS_REPORT_ORDER_FIELDS)[number];

/** A stretch of time; `to` is not part of it. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export interface StatusCount {
  readonly status: BackupStatus;
  readonly count: number;
}

/** How many runs of each status there were; statuses without a run are left out. */
export interface StatusTotals {
  readonly counts: readonly StatusCount[];
  /** Share of the ended runs that left a copy (SUCCEEDED or WARNING), 0 to 1; undefined when none ended or one is UNKNOWN. */
  readonly successRate: number | undefined;
}

/** How one protected object stands. */
export interface StatusReportEntry {
  readonly sourceKey: string;
  readonly nativeId: string;
  readonly object: ProtectedObject;
  /** The job that decides the status: the worst of the object's jobs. */
  readonly job: BackupJob | undefined;
  /** That job's newest run. */
  readonly latest: BackupRun | undefined;
  readonly status: BackupStatus;
  /** The newest run over all its jobs that left something restorable. */
  readonly lastSuccess: BackupRun | undefined;
}

/** An entry with what takes more than a look at the newest run. */
export interface AssessedEntry extends StatusReportEntry {
  readonly rpo: RpoStatus;
  /**
   * How often in a row it failed up to now; undefined without any run.
   *
   * FAILED and MISSED count, from the newest run back to the newest one that left a copy. Runs under way, cancelled or of unknown outcome
   * neither count nor end the row.
   */
  readonly consecutiveFailures: number | undefined;
}

/**
 * Runs that began within the period; one that has not begun counts by when it was asked for or ended.
 *
 * A run without any instant (a missed one, as a rule) is what the vendor tells of the present: it counts when the period reaches to
 * when it was observed. Left out, it would make a rate look better than it is.
 */
export function runsWithin(runs: readonly BackupRun[], period: Period): BackupRun[] {
  const [fromMs, toMs] = [period.from.getTime(), period.to.getTime()];
  return runs.filter((run) => {
    const at = (run.startedAt ?? run.queuedAt ?? run.endedAt)?.getTime();
    if (at !== undefined) return at >= fromMs && at < toMs;
    const observed = run.observedAt.getTime();
    return observed >= fromMs && observed < toMs + PRESENT_MS;
  });
}

/** What was read this long after a period's end still tells of its end. */
const PRESENT_MS = 60_000;

export function totalsOf(runs: readonly BackupRun[]): StatusTotals {
  return totalsOfStatuses(runs.map(({ status }) => status));
}

export function totalsOfStatuses(statuses: readonly BackupStatus[]): StatusTotals {
  const numbers = new Map<BackupStatus, number>();
  for (const status of statuses) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  const counts = BACKUP_STATUSES.flatMap((status) => {
    const count = numbers.get(status);
    return count === undefined ? [] : [{ status, count }];
  });
  const ended = statuses.filter((status) => !isActive(status)).length;
  const good = (numbers.get('SUCCEEDED') ?? 0) + (numbers.get('WARNING') ?? 0);
  return { counts, successRate: ended === 0 || numbers.has('UNKNOWN') ? undefined : good / ended };
}

/**
 * One entry for each protected object, whatever the period: how it stands now.
 *
 * The status is the worst among the object's jobs, so that one job's success never hides another's failure. A one-off counts by
 * the newest one only, and not at all once any later run of the object has left a copy. An object without runs is NONE when
 * the vendor says that nothing ever ran, else UNKNOWN.
 */
export function reportEntries(material: ReportMaterial): StatusReportEntry[] {
  return materialByObject(material).map(entryOf);
}

/** The same entries with verdict and failures; `assess` tells how each object stands to its objective. */
export function assessedEntries(
  material: ReportMaterial,
  assess: (material: ObjectMaterial) => RpoStatus,
): AssessedEntry[] {
  return materialByObject(material).map((ofObject) => {
    const entry = entryOf(ofObject);
    return { ...entry, rpo: assess(ofObject), consecutiveFailures: consecutiveFailures(rowOf(entry.job, ofObject)) };
  });
}

/** See `AssessedEntry`. */
export const consecutiveFailures = perObject((runs: readonly BackupRun[]): number | undefined => {
  if (runs.length === 0) return undefined;
  const newestCopy = newestOf(runs.filter(isFinishedCopy));
  return runs.filter(({ status }) => status === 'FAILED' || status === 'MISSED').filter(isNewerThan(newestCopy)).length;
});

function isFinishedCopy(run: BackupRun): boolean {
  const failed = run.status === 'FAILED' || run.status === 'MISSED';
  return !failed && !isActive(run.status) && leftRestorableCopy(run);
}

function isNewerThan(other: BackupRun | undefined): (run: BackupRun) => boolean {
  // A run without any instant (a missed one, as a rule) is what the vendor tells of the present.
  return (run) =>
    other === undefined ||
    (run.startedAt ?? run.queuedAt ?? run.endedAt) === undefined ||
    compareNewestFirst(run, other) < 0;
}

/** The runs that make one row: those of the deciding job, or, where each run is a job of its own, of them all. */
function rowOf(job: BackupJob | undefined, material: ObjectMaterial): readonly BackupRun[] {
  return job !== undefined && job.kind !== 'ONE_OFF' ? runsThatMayBelong(job, material) : runsOfOneOffs(material);
}

const entryOf = perObject(({ object, jobs, runsByJob, untiedRuns }: ObjectMaterial): StatusReportEntry => {
  const standings = jobs.map((job) => standingOf(job, runsByJob.get(job.nativeId) ?? []));
  const lastSuccess = newestOf([
    ...standings.flatMap(({ lastSuccess }) => lastSuccess ?? []),
    ...untiedRuns.filter(leftRestorableCopy),
  ]);
  const worst = thatCount(standings, lastSuccess).toSorted(
    (a, b) => statusSeverityRank(a.status) - statusSeverityRank(b.status) || newestFirst(a.latest, b.latest),
  )[0];
  return {
    sourceKey: object.sourceKey,
    nativeId: object.nativeId,
    object,
    job: worst?.job,
    latest: worst?.latest,
    status: worst?.status ?? (standings.length === 0 ? 'NONE' : 'UNKNOWN'),
    lastSuccess,
  };
});

interface Standing {
  readonly job: BackupJob;
  readonly latest: BackupRun | undefined;
  readonly lastSuccess: BackupRun | undefined;
  readonly status: BackupStatus;
}

function standingOf(job: BackupJob, runs: readonly BackupRun[]): Standing {
  const latest = newestOf(runs);
  // The job's own word counts where the vendor has one beside the runs: whichever of the two is worse.
  const status =
    latest === undefined || statusSeverityRank(job.status) < statusSeverityRank(latest.status)
      ? job.status
      : latest.status;
  return { job, latest, lastSuccess: newestOf(runs.filter(leftRestorableCopy)), status };
}

/** By one look at each, whatever their order. */
function newestOf(runs: readonly BackupRun[]): BackupRun | undefined {
  let newest: BackupRun | undefined;
  for (const run of runs) if (newest === undefined || compareNewestFirst(run, newest) < 0) newest = run;
  return newest;
}

function thatCount(standings: readonly Standing[], lastSuccess: BackupRun | undefined): Standing[] {
  const standing = standings.filter((each) => each.job.kind !== 'ONE_OFF' && !saysNothing(each));
  const newestOneOff = standings
    .filter(({ job, latest }) => job.kind === 'ONE_OFF' && latest !== undefined)
    .toSorted((a, b) => newestFirst(a.latest, b.latest))[0];
  if (newestOneOff === undefined) return standing;
  const superseded = lastSuccess !== undefined && newestFirst(lastSuccess, newestOneOff.latest) < 0;
  return superseded && standing.length > 0 ? standing : [...standing, newestOneOff];
}

/** A definition to which the vendor ties no run and gives no word: the object's other jobs have to tell. */
function saysNothing({ job, latest }: Standing): boolean {
  return latest === undefined && job.status === 'UNKNOWN' && job.nativeStatus === undefined;
}

function newestFirst(a: BackupRun | undefined, b: BackupRun | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareNewestFirst(a, b);
}

/** What the order of a report looks at. */
type OrderedEntry = StatusReportEntry & { readonly rpo: { readonly verdict: RpoVerdict } };

export function reportOrder(field: StatusReportOrderField, direction: OrderDirection): Order<OrderedEntry> {
  const tie = ({ sourceKey, nativeId }: OrderedEntry): string => `${sourceKey}/${nativeId}`;
  return {
    descending: direction === 'DESC',
    position: (entry) => {
      switch (field) {
        case 'SEVERITY':
          return { value: entrySeverityRank(entry), tie: tie(entry) };
        case 'OBJECT_NAME':
          return { value: entry.object.name.toLowerCase(), tie: tie(entry) };
        case 'LAST_SUCCESS':
          return { value: entry.lastSuccess?.startedAt?.getTime() ?? null, tie: tie(entry) };
        case 'SOURCE':
          return { value: entry.sourceKey, tie: tie(entry) };
      }
    },
  };
}

/** The worse of status and verdict decides; among equals the status. */
function entrySeverityRank({ status, rpo }: OrderedEntry): number {
  const byStatus = statusSeverityRank(status);
  const asBadAs = AS_BAD_AS[rpo.verdict];
  const worse = asBadAs === undefined ? byStatus : Math.min(byStatus, statusSeverityRank(asBadAs));
  return worse * BACKUP_STATUSES.length + byStatus;
}

/** A verdict that is not known says nothing: the status may be all that the vendor tells. */
const AS_BAD_AS: Partial<Record<RpoVerdict, BackupStatus>> = {
  BREACHED: 'FAILED',
  NEVER_PROTECTED: 'FAILED',
  AT_RISK: 'WARNING',
};
