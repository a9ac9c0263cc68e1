import type { JobFilter } from '../../domain/filters.ts';
import type { ReportMaterial } from '../../domain/object-material.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { comparePositions } from '../../domain/page.ts';
import type { StatusCsvRow } from '../../domain/status-csv.ts';
import { assessedEntries, reportOrder, type AssessedEntry, type Period } from '../../domain/status-report.ts';
import type { OperationContext, ReadChoice } from '../context.ts';
import { jobTest } from '../job-selection.ts';
import type { AssessedReading } from '../loaders.ts';
import { withKept, type PastRuns } from '../past-runs.ts';

/** What one source gives to a report; `material` is what the filter leaves, undefined when the source could not be read. */
export interface ReportPart extends AssessedReading {
  readonly material: ReportMaterial | undefined;
  /** What the source has forgotten of the period, where that was asked for. */
  readonly past?: PastRuns | undefined;
}

/** Reads all sources that a filter leaves; with a period, what only the gateway still knows of it as well. */
export async function readParts(
  context: OperationContext,
  filter: JobFilter,
  choice: ReadChoice,
  period?: Period,
): Promise<readonly ReportPart[]> {
  const { assessment } = context.loaders(choice);
  const read = await Promise.all(context.select(filter).map(({ key }) => assessment.load(key)));
  return Promise.all(
    read.map(async (one) => {
      const past = period === undefined ? undefined : await context.loaders(choice).past(one.reading, period);
      return { ...narrowed(one, filter), past };
    }),
  );
}

/**
 * The runs that a report counts, with those that only the gateway still knows. For figures of a period alone: how a thing stands, and
 * whether it is safe, is told by what the vendor still has.
 */
export function countedMaterial({ material, past }: ReportPart, filter: JobFilter): ReportMaterial | undefined {
  if (material === undefined || past === undefined) return material;
  const jobIds = new Set(material.jobs.map(({ nativeId }) => nativeId));
  const isWanted = ({ jobNativeId }: BackupRun): boolean => jobNativeId !== undefined && jobIds.has(jobNativeId);
  return withKept(material, narrowsJobs(filter) ? past.kept.filter(isWanted) : past.kept);
}

/** The entries of a source, with verdicts over all jobs of each object, whatever the filter left of them. */
export function entriesOf({ material, assessment }: ReportPart): AssessedEntry[] {
  if (material === undefined) return [];
  return assessedEntries(material, ({ object }) => assessment.rpo(object.nativeId));
}

/** The entries of all sources as rows of CSV, worst first. */
export function csvRows(parts: readonly ReportPart[]): StatusCsvRow[] {
  const { position } = reportOrder('SEVERITY', 'ASC');
  return parts
    .flatMap((part) => {
      const { name: sourceName, vendor } = part.reading.source;
      return entriesOf(part).map((entry) => ({ row: { entry, sourceName, vendor }, at: position(entry) }));
    })
    .toSorted((a, b) => comparePositions(a.at, b.at))
    .map(({ row }) => row);
}

/** What the filter leaves of a source. */
function narrowed({ reading, assessment }: AssessedReading, filter: JobFilter): ReportPart {
  const [whole] = reading.rows;
  if (whole === undefined) return { reading, assessment, material: undefined };
  if (!narrowsJobs(filter)) return { reading, assessment, material: whole };
  const jobs = whole.jobs.filter(jobTest(filter, assessment));
  const jobIds = new Set(jobs.map(({ nativeId }) => nativeId));
  const objectIds = new Set(jobs.map(({ protects }) => protects?.nativeId));
  return {
    reading,
    assessment,
    material: {
      objects: whole.objects.filter(({ nativeId }) => objectIds.has(nativeId)),
      jobs,
      runs: whole.runs.filter(({ jobNativeId }) => jobNativeId !== undefined && jobIds.has(jobNativeId)),
    },
  };
}

function narrowsJobs({ kinds, statuses, enabled, search, rpo }: JobFilter): boolean {
  return [kinds, statuses, enabled, search, rpo].some((condition) => condition !== undefined);
}
