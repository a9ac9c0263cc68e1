import type { BackupJob, BackupJobKind } from './backup-job.ts';
import type { BackupRun, RunConditionKind } from './backup-run.ts';
import type { BackupStatus } from './backup-status.ts';
import type { ProtectedObject } from './protected-object.ts';
import type { RpoVerdict } from './rpo.ts';
import type { Label } from './source.ts';

/** Which sources a reader wants. Every condition that is given must hold; an empty list holds for nothing. */
export interface SourceFilter {
  /** Keys of sources. */
  readonly sources?: readonly string[] | undefined;
  readonly vendors?: readonly string[] | undefined;
  /** Labels that the source must carry, all of them; without a value any value of that name will do. */
  readonly labels?: readonly { readonly name: string; readonly value?: string | undefined }[] | undefined;
}

export interface JobFilter extends SourceFilter {
  readonly kinds?: readonly BackupJobKind[] | undefined;
  readonly statuses?: readonly BackupStatus[] | undefined;
  readonly enabled?: boolean | undefined;
  /** Text that the name, the description or the native id contains, without case. */
  readonly search?: string | undefined;
  /** How the object that the job protects stands to its objective; a job that protects nothing named fits none. */
  readonly rpo?: readonly RpoVerdict[] | undefined;
}

export interface RunFilter extends SourceFilter {
  /** Native ids of jobs, with their sources. */
  readonly jobs?: readonly { readonly sourceKey: string; readonly nativeId: string }[] | undefined;
  readonly statuses?: readonly BackupStatus[] | undefined;
  readonly conditions?: readonly RunConditionKind[] | undefined;
  /** At or after this instant. A run that has not begun fits no bound. */
  readonly startedAfter?: Date | undefined;
  /** Before this instant. */
  readonly startedBefore?: Date | undefined;
  /** Text that the native id, the person who asked or a message contains, without case. */
  readonly search?: string | undefined;
  /** Whether runs that only the gateway still knows are wanted too. */
  readonly includeHistory?: true | undefined;
}

export interface ObjectFilter extends SourceFilter {
  /** Text that the name contains, without case. */
  readonly search?: string | undefined;
}

export function sourceFits(
  source: { readonly key: string; readonly vendor: string; readonly labels: readonly Label[] },
  filter: SourceFilter,
): boolean {
  if (filter.sources !== undefined && !filter.sources.includes(source.key)) return false;
  if (filter.vendors !== undefined && !filter.vendors.includes(source.vendor)) return false;
  return (filter.labels ?? []).every(({ name, value }) =>
    source.labels.some((label) => label.name === name && (value === undefined || label.value === value)),
  );
}

/** @param verdictOf - The verdict on a protected object, by its native id; asked only when the filter names verdicts. */
export function jobFits(job: BackupJob, filter: JobFilter, verdictOf: (objectNativeId: string) => RpoVerdict): boolean {
  if (filter.kinds !== undefined && !filter.kinds.includes(job.kind)) return false;
  if (filter.statuses !== undefined && !filter.statuses.includes(job.status)) return false;
  if (filter.enabled !== undefined && job.enabled !== filter.enabled) return false;
  if (filter.rpo !== undefined && !(job.protects && filter.rpo.includes(verdictOf(job.protects.nativeId))))
    return false;
  return filter.search === undefined || contains([job.name, job.description, job.nativeId], filter.search);
}

export function runFits(run: BackupRun, filter: RunFilter): boolean {
  if (filter.jobs !== undefined && !filter.jobs.some((job) => isJobOf(run, job))) return false;
  if (filter.statuses !== undefined && !filter.statuses.includes(run.status)) return false;
  if (filter.conditions !== undefined && !run.conditions.some(({ kind }) => filter.conditions?.includes(kind)))
    return false;
  if (filter.startedAfter !== undefined && !(run.startedAt !== undefined && run.startedAt >= filter.startedAfter))
    return false;
  if (filter.startedBefore !== undefined && !(run.startedAt !== undefined && run.startedAt < filter.startedBefore))
    return false;
  if (filter.search === undefined) return true;
  const texts = run.messages === 'NOT_TOLD' ? [] : run.messages.map(({ text }) => text);
  return contains([run.nativeId, run.requestedBy, ...texts], filter.search);
}

export function objectFits(object: ProtectedObject, filter: ObjectFilter): boolean {
  return filter.search === undefined || contains([object.name], filter.search);
}

function isJobOf(run: BackupRun, job: { readonly sourceKey: string; readonly nativeId: string }): boolean {
  return run.sourceKey === job.sourceKey && run.jobNativeId === job.nativeId;
}

function contains(texts: readonly (string | undefined)[], search: string): boolean {
  const wanted = search.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted) ?? false);
}
