import type { BackupJob } from './backup-job.ts';
import { compareNewestFirst, leftRestorableCopy, type BackupRun } from './backup-run.ts';
import { BACKUP_STATUSES, isActive, statusSeverityRank, type BackupStatus } from './backup-status.ts';
import type { OrderDirection } from './orders.ts';
import type { Order } from './page.ts';
import type { ProtectedObject } from './protected-object.ts';

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

/** What one source told for a report. */
export interface ReportMaterial {
  readonly objects: readonly ProtectedObject[];
  readonly jobs: readonly BackupJob[];
  readonly runs: readonly BackupRun[];
}

/**
 * Runs that began within the period; one that has not begun counts by when it was asked for or ended.
 *
 * A run without any instant (a missed one, as a rule) is what the vendor tells of the present: it counts when the period reaches to
 * when it was observed. Left out, it would make a rate look better than it is.
 */
export function runsWithin(runs: readonly BackupRun[], period: Period): BackupRun[] {
  return runs.filter((run) => {
    const at = run.startedAt ?? run.queuedAt ?? run.endedAt;
    if (at !== undefined) return at >= period.from && at < period.to;
    const observed = run.observedAt.getTime();
    return observed >= period.from.getTime() && observed < period.to.getTime() + PRESENT_MS;
  });
}

/** What was read this long after a period's end still tells of its end. */
const PRESENT_MS = 60_000;

export function totalsOf(runs: readonly BackupRun[]): StatusTotals {
  const numbers = new Map<BackupStatus, number>();
  for (const { status } of runs) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  const counts = BACKUP_STATUSES.flatMap((status) => {
    const count = numbers.get(status);
    return count === undefined ? [] : [{ status, count }];
  });
  const ended = runs.filter(({ status }) => !isActive(status)).length;
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
export function reportEntries({ objects, jobs, runs }: ReportMaterial): StatusReportEntry[] {
  const runsByJob = Map.groupBy(runs, (run) => run.jobNativeId);
  const jobsByObject = Map.groupBy(jobs, (job) => job.protects?.nativeId);
  return objects.map((object) => {
    const standings = (jobsByObject.get(object.nativeId) ?? []).map((job) =>
      standingOf(job, runsByJob.get(job.nativeId) ?? []),
    );
    const lastSuccess = standings
      .flatMap(({ lastSuccess }) => (lastSuccess === undefined ? [] : [lastSuccess]))
      .toSorted(compareNewestFirst)[0];
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
}

interface Standing {
  readonly job: BackupJob;
  readonly latest: BackupRun | undefined;
  readonly lastSuccess: BackupRun | undefined;
  readonly status: BackupStatus;
}

function standingOf(job: BackupJob, runs: readonly BackupRun[]): Standing {
  const newest = runs.toSorted(compareNewestFirst);
  const latest = newest[0];
  // The job's own word counts where the vendor has one beside the runs: whichever of the two is worse.
  const status =
    latest === undefined || statusSeverityRank(job.status) < statusSeverityRank(latest.status)
      ? job.status
      : latest.status;
  return { job, latest, lastSuccess: newest.find(leftRestorableCopy), status };
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

export function reportOrder(field: StatusReportOrderField, direction: OrderDirection): Order<StatusReportEntry> {
  const tie = ({ sourceKey, nativeId }: StatusReportEntry): string => `${sourceKey}/${nativeId}`;
  return {
    descending: direction === 'DESC',
    position: (entry) => {
      switch (field) {
        case 'SEVERITY':
          return { value: statusSeverityRank(entry.status), tie: tie(entry) };
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
