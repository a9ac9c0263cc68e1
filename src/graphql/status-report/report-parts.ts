import type { JobFilter } from '../../domain/filters.ts';
import { materialByObject, runsThatMayBelong, type ReportMaterial } from '../../domain/object-material.ts';
import { comparePositions } from '../../domain/page.ts';
import type { StatusCsvRow } from '../../domain/status-csv.ts';
import { consecutiveFailures, reportEntries, reportOrder, type AssessedEntry } from '../../domain/status-report.ts';
import type { OperationContext, ReadChoice } from '../context.ts';
import { jobTest } from '../job-selection.ts';
import type { AssessedReading } from '../loaders.ts';

/** What one source gives to a report; `material` is what the filter leaves, undefined when the source could not be read. */
export interface ReportPart extends AssessedReading {
  readonly material: ReportMaterial | undefined;
}

/** Reads all sources that a filter leaves. */
export async function readParts(
  context: OperationContext,
  filter: JobFilter,
  choice: ReadChoice,
): Promise<readonly ReportPart[]> {
  const { assessment } = context.loaders(choice);
  const read = await Promise.all(context.select(filter).map(({ key }) => assessment.load(key)));
  return read.map((one) => narrowed(one, filter));
}

/** The entries of a source, with verdicts over all jobs of each object, whatever the filter left of them. */
export function entriesOf({ material, assessment }: ReportPart): AssessedEntry[] {
  if (material === undefined) return [];
  const byObject = new Map(materialByObject(material).map((one) => [one.object.nativeId, one]));
  return reportEntries(material).map((entry) => {
    const ofObject = byObject.get(entry.object.nativeId);
    const runs = entry.job === undefined || ofObject === undefined ? [] : runsThatMayBelong(entry.job, ofObject);
    return { ...entry, rpo: assessment.rpo(entry.object.nativeId), consecutiveFailures: consecutiveFailures(runs) };
  });
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
  const jobs = whole.jobs.filter(jobTest(filter, assessment));
  if (!narrowsJobs(filter)) return { reading, assessment, material: { ...whole, jobs } };
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
