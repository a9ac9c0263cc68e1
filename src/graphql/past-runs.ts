import type { BackupRun } from '../domain/backup-run.ts';
import { materialByObject, type ObjectMaterial, type ReportMaterial } from '../domain/object-material.ts';
import type { Period } from '../domain/status-report.ts';
import { DAY_MS } from '../domain/time-units.ts';
import type { SourceReading } from './aggregate.ts';

/** What a source has told once and tells no more, and what it tells and that together. */
export interface PastRuns {
  /** Runs that only the gateway still knows. */
  readonly kept: readonly BackupRun[];
  /** All that the source tells, and those. */
  readonly material: ReportMaterial;
  readonly byObject: ReadonlyMap<string, ObjectMaterial>;
  /** See `knownSince`. */
  readonly lookHours: readonly number[];
}

/** So long before a period a kept run may prove that the schedule was at work. */
const PROOF_MS = 7 * DAY_MS;

/** The past of a period, read by one query; undefined when the source tells everything that is known of it, or could not be read. */
export async function readPast(
  { source, rows: [told] }: SourceReading<ReportMaterial>,
  { from, to }: Period,
): Promise<PastRuns | undefined> {
  if (source.history === undefined || told === undefined) return undefined;
  const stretch = { from: new Date(from.getTime() - PROOF_MS), to, told: told.runs };
  const kept = await source.history.runs(stretch);
  if (kept.length === 0) return undefined;
  const material = withKept(told, kept);
  return {
    kept,
    material,
    byObject: new Map(materialByObject(material).map((one) => [one.object.nativeId, one])),
    lookHours: await source.history.lookHours(),
  };
}

/** A run of a job that is gone belongs to none: it counts for an object only when the source has no other. */
export function withKept(told: ReportMaterial, kept: readonly BackupRun[]): ReportMaterial {
  const jobIds = new Set(told.jobs.map(({ nativeId }) => nativeId));
  const placed = kept.map((run) =>
    run.jobNativeId === undefined || jobIds.has(run.jobNativeId) ? run : { ...run, jobNativeId: undefined },
  );
  return { ...told, runs: [...told.runs, ...placed] };
}
