import { type BackupRun, compareNewestFirst } from './backup-run.ts';
import { type BackupStatus, isActive, statusSeverityRank } from './backup-status.ts';
import { GatewayError } from './errors.ts';
import type { MissedRun } from './missed-runs.ts';
import { type ReportMaterial, materialByObject, runsOfObject } from './object-material.ts';
import type { Zone } from './schedule.ts';
import { type Period, type StatusTotals, runsWithin, totalsOfStatuses } from './status-report.ts';
import { DAY_MS } from './time-units.ts';
import { offsetMsAt, runMsOf } from './zone-offset.ts';
import { localMsAt, midnightOf } from './zone.ts';

/**
 * How the runs of one object on one day become one status. What has ended counts; runs under way only where nothing has.
 *
 * - WORST: the worst by severity.
 * - LAST: that of the newest.
 * - BEST: the best by severity.
 * - WARNING_IF_MIXED: WARNING when some left a copy (SUCCEEDED, WARNING) and others did not; else the worst.
 */
export const DAY_ROLLUPS = ['WORST', 'LAST', 'BEST', 'WARNING_IF_MIXED'] as const;
export type DayRollup = (typeof DAY_ROLLUPS)[number];

/** One day of a report. */
export interface StatusDay {
  /** Its beginning in the caller's zone; may lie before the period. */
  readonly day: Date;
  /** The date as the zone's calendar has it, `2026-11-20`. */
  readonly date: string;
  /** How many objects had which status; an object without a run on that day is in none. */
  readonly totals: StatusTotals;
  /** Due instants of the day at which nothing began, as far as that can be judged. */
  readonly overdue: number;
  /** What the day's runs tell together; undefined when none tells. */
  readonly bytes: bigint | undefined;
}

export interface ReportDaysQuestion {
  /** By source. */
  readonly materials: readonly ReportMaterial[];
  readonly missed: Iterable<MissedRun>;
  readonly period: Period;
  readonly zone: Zone;
  readonly rollup: DayRollup;
}

export const MOST_REPORT_DAYS = 400;

/**
 * The days of a period, first to last, with those on which nothing happened. A run belongs to the day on which it began.
 *
 * Cost grows with the runs and the days alone.
 * @throws INVALID_INPUT for a period of more than 400 days and a zone that `isZone` refuses.
 */
export function reportDays({ materials, missed, period, zone, rollup }: ReportDaysQuestion): StatusDay[] {
  const days = daysOf(period, zone);
  const dayOf = (atMs: number): Day | undefined => days.get(midnightOf(atMs + offsetMsAt(atMs, zone)));
  const lastMs = period.to.getTime() - 1;
  // What has no instant tells of the present; it was observed within a minute of the period's end at the latest.
  const dayOfRun = (run: BackupRun): Day | undefined =>
    dayOf(Math.min((run.startedAt ?? run.queuedAt ?? run.endedAt ?? run.observedAt).getTime(), lastMs));
  for (const material of materials) {
    for (const run of runsWithin(material.runs, period)) dayOfRun(run)?.addBytes(run.bytes);
    // By object over all runs, which many reports share, and by period then.
    for (const ofObject of materialByObject(material)) {
      for (const [day, runsOfDay] of Map.groupBy(runsWithin(runsOfObject(ofObject), period), dayOfRun))
        day?.statuses.push(rollUp(runsOfDay, rollup));
    }
  }
  for (const { dueAt } of missed) {
    const day = dueAt >= period.from && dueAt < period.to ? dayOf(dueAt.getTime()) : undefined;
    if (day !== undefined) day.overdue += 1;
  }
  return [...days].map(([localMs, { statuses, overdue, bytes }]) => ({
    day: new Date(runMsOf(localMs, zone)),
    date: new Date(localMs).toISOString().slice(0, 10),
    totals: totalsOfStatuses(statuses),
    overdue,
    bytes,
  }));
}

/** One status of some runs; NONE of no runs. */
export function rollUp(runs: readonly BackupRun[], rollup: DayRollup): BackupStatus {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return only.status;
  const ended = runs.filter(({ status }) => !isActive(status));
  const counting = ended.length === 0 ? runs : ended;
  if (rollup === 'LAST') return counting.toSorted(compareNewestFirst)[0]?.status ?? 'NONE';
  const worstFirst = counting
    .map(({ status }) => status)
    .toSorted((a, b) => statusSeverityRank(a) - statusSeverityRank(b));
  if (rollup === 'BEST') return worstFirst.at(-1) ?? 'NONE';
  const isMixed = ended.some(isGood) && !ended.every(isGood);
  return rollup === 'WARNING_IF_MIXED' && isMixed ? 'WARNING' : (worstFirst[0] ?? 'NONE');
}

function isGood({ status }: BackupRun): boolean {
  return status === 'SUCCEEDED' || status === 'WARNING';
}

/** A day while it is counted. */
class Day {
  readonly statuses: BackupStatus[] = [];
  overdue = 0;
  bytes: bigint | undefined;

  addBytes(bytes: bigint | undefined): void {
    if (bytes !== undefined) this.bytes = (this.bytes ?? 0n) + bytes;
  }
}

/** By the local milliseconds of their midnights, in order. A date that the zone's calendar leaves out is no day. */
function daysOf({ from, to }: Period, zone: Zone): Map<number, Day> {
  const firstMs = midnightOf(localMsAt(from, zone));
  const lastMs = midnightOf(localMsAt(new Date(to.getTime() - 1), zone));
  if ((lastMs - firstMs) / DAY_MS >= MOST_REPORT_DAYS)
    throw new GatewayError('INVALID_INPUT', `A period has more than ${MOST_REPORT_DAYS} days.`, { argument: 'period' });
  const days = new Map<number, Day>();
  for (let localMs = firstMs; localMs <= lastMs; localMs += DAY_MS) {
    if (midnightOf(localMsAt(new Date(runMsOf(localMs, zone)), zone)) === localMs) days.set(localMs, new Day());
  }
  return days;
}
