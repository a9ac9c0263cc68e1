import type { JsonValue } from '../../domain/backup-operation.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { readObject } from '../../transport/reader.ts';
import type { WriteEffect } from '../contract.ts';
import type { VeeamApi } from './api.ts';
import { isOpen, newestFirst, newestOpenAmong, sessionsOf, unlessMissing, wholeRows } from './write-parts.ts';
import { hasChanges } from './write-policy.ts';

/**
 * Looks for the effect that the mark of a write describes.
 *
 * @throws when the server cannot be read, or the mark is not one of these.
 */
export async function settleWrite(mark: JsonValue, api: VeeamApi, call: ReadCall): Promise<WriteEffect | undefined> {
  const row = readObject(mark);
  const effect = row.text('effect');
  if (effect === 'JOB') return newJob(mark, api, call);
  const jobId = row.text('jobId');
  const found = { jobNativeId: jobId };
  switch (effect) {
    case 'SESSION':
      return newSession(jobId, knownIn(mark), api, call);
    case 'STOPPED': {
      const runNativeId = row.optionalText('sessionId');
      return (await isStopped(jobId, runNativeId, api, call)) ? { ...found, runNativeId } : undefined;
    }
    case 'SWITCH': {
      const job = await api.readJob(jobId, call);
      return job.row.isEnabled === row.optionalBoolean('enabled') ? found : undefined;
    }
    case 'POLICY': {
      const job = await api.readJob(jobId, call);
      return hasChanges(job.row.schedulePolicy, (mark as { readonly changes: JsonValue }).changes) ? found : undefined;
    }
    case 'GONE':
      return (await unlessMissing(api.readJob(jobId, call))) === undefined ? found : undefined;
    default:
      return undefined;
  }
}

/** Whether the session has ended, or no session of the job is under way when none was known. A later run of the job is none of it. */
async function isStopped(
  jobId: string,
  sessionId: string | undefined,
  api: VeeamApi,
  call: ReadCall,
): Promise<boolean> {
  if (sessionId === undefined) return newestOpenAmong(await sessionsOf(api, jobId, call)) === undefined;
  const session = await unlessMissing(api.readSession(sessionId, call));
  return session === undefined || !isOpen(session.row);
}

/** The one job of that name that was not there before; two of them could be anybody's. */
async function newJob(mark: JsonValue, api: VeeamApi, call: ReadCall): Promise<WriteEffect | undefined> {
  const row = readObject(mark);
  const [name, organizationId] = [row.text('name'), row.text('organizationId')];
  const known = knownIn(mark);
  const made = wholeRows(await api.listJobs(call)).filter(
    (job) =>
      job.name?.trim() === name.trim() &&
      !known.has(job.id) &&
      (job.organizationId === undefined || job.organizationId === organizationId),
  );
  const [job, ...others] = made;
  return job === undefined || others.length > 0 ? undefined : { jobNativeId: job.id };
}

/** The session of the job that was not there before; the first one, when another has begun since. */
async function newSession(
  jobId: string,
  known: ReadonlySet<string>,
  api: VeeamApi,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const begun = (await sessionsOf(api, jobId, call)).filter(({ id }) => !known.has(id)).toSorted(newestFirst);
  const first = begun.at(-1);
  return first === undefined ? undefined : { jobNativeId: jobId, runNativeId: first.id };
}

function knownIn(mark: JsonValue): ReadonlySet<string> {
  const known = (mark as { readonly known?: JsonValue }).known;
  return new Set(Array.isArray(known) ? known.map(String) : []);
}
