import type { WriteRefusal } from '../domain/backup-operation.ts';
import type { BackupJob } from '../domain/backup-job.ts';
import type { BackupRun } from '../domain/backup-run.ts';
import { isActive } from '../domain/backup-status.ts';
import { mayDo, roleOf } from '../domain/caller.ts';
import { GatewayError } from '../domain/errors.ts';
import type { WriteRequest, WriteVerb } from '../domain/write-request.ts';
import type { ReadCall } from '../transport/read-call.ts';
import type { ByNativeId, CapabilityReading } from '../vendors/contract.ts';
import { CHANGED_MEANWHILE, refusedBy } from './refusals.ts';
import type { ScheduleWatch } from './schedule-watch.ts';
import type { WriteAsk } from './write-ask.ts';

/** What speaks against an ask without looking at the vendor: the caller's role, what the source can do, the form of the input. */
export function refuseBeforeReading({ caller, source, content, idempotencyKey }: WriteAsk): WriteRefusal | undefined {
  const { verb } = content;
  if (!mayDo(caller.role, verb)) {
    const message = `This needs the role ${roleOf(verb).toLowerCase()}; the caller has ${caller.role.toLowerCase()}.`;
    return { code: 'NOT_PERMITTED', message };
  }
  const reading = source.capabilities[verb];
  if (!reading.supported) return refusedBy(reading, [verb === 'CREATE' ? 'source' : 'job']);
  if (idempotencyKey !== undefined && !KEY_FORM.test(idempotencyKey)) {
    const message = 'An idempotency key is 1 to 255 visible ASCII characters.';
    return { code: 'INVALID_VALUE', message, field: ['idempotencyKey'], rule: 'idempotency-key-form' };
  }
  return refuseSection(source.section, content) ?? refuseTarget(content);
}

const KEY_FORM = /^[\u0021-\u007e]{1,255}$/;

function refuseSection(section: string | undefined, content: WriteAsk['content']): WriteRefusal | undefined {
  const [part, given] =
    content.verb === 'CREATE'
      ? (['target', content.target.section] as const)
      : content.verb === 'UPDATE_SCHEDULE'
        ? (['schedule', content.schedule.section] as const)
        : ['', section];
  if (given === section) return undefined;
  return {
    code: 'INVALID_VALUE',
    message: `This section is for another vendor; this source takes "${section}".`,
    field: [part, String(given)],
    rule: 'section-of-the-vendor',
  };
}

function refuseTarget(content: WriteAsk['content']): WriteRefusal | undefined {
  if (content.verb !== 'CANCEL' || (content.jobNativeId === undefined) !== (content.runNativeId === undefined))
    return undefined;
  return { code: 'EXACTLY_ONE_REQUIRED', message: 'Give the run or the job, and not both.', field: ['run'] };
}

/**
 * The request for the vendor, with job and run as they are now; or what speaks against it in their present state.
 *
 * @throws GatewayError when they cannot be read.
 */
export async function requestOf(
  ask: WriteAsk,
  call: ReadCall,
  schedules: ScheduleWatch,
): Promise<WriteRequest | { readonly refusal: WriteRefusal }> {
  const { content } = ask;
  switch (content.verb) {
    case 'CREATE':
      return { verb: 'CREATE', target: content.target };
    case 'CANCEL':
      return cancelRequest(ask, content, call);
    default: {
      const job = await readOne(content.jobNativeId, (ids) => ask.source.reader.readJobs(ids, call));
      if (job === undefined) return { refusal: notFound('job') };
      const reading = ask.source.reader.jobCapabilities(job)[content.verb];
      if (!reading.supported) return { refusal: await refusedNow(ask, content.verb, job, reading, call) };
      if (content.verb !== 'UPDATE_SCHEDULE') return { verb: content.verb, job };
      const { schedule, ifUnchangedSince } = content;
      if (ifUnchangedSince !== undefined && !schedules.isUnchangedSince(job, ifUnchangedSince))
        return { refusal: CHANGED_MEANWHILE };
      return { verb: 'UPDATE_SCHEDULE', job, schedule };
    }
  }
}

async function cancelRequest(
  { source: { reader } }: WriteAsk,
  { jobNativeId, runNativeId }: { readonly jobNativeId: string | undefined; readonly runNativeId: string | undefined },
  call: ReadCall,
): Promise<WriteRequest | { readonly refusal: WriteRefusal }> {
  if (runNativeId === undefined) {
    const job = await readOne(jobNativeId, (ids) => reader.readJobs(ids, call));
    if (job === undefined) return { refusal: notFound('job') };
    const reading = reader.jobCapabilities(job).CANCEL;
    return reading.supported ? { verb: 'CANCEL', job, run: undefined } : { refusal: refusedBy(reading, ['job']) };
  }
  const run = await readOne(runNativeId, (ids) => reader.readRuns(ids, call));
  if (run === undefined) return { refusal: notFound('run') };
  const reading = reader.runCapabilities(run).CANCEL;
  if (!reading.supported) return { refusal: refusedBy(reading, ['run']) };
  const job = await readOne(run.jobNativeId, (ids) => reader.readJobs(ids, call));
  return { verb: 'CANCEL', job, run };
}

/** A job that is to be started and runs already is in its own way: the run is named. */
async function refusedNow(
  { source }: WriteAsk,
  verb: WriteVerb,
  job: BackupJob,
  reading: CapabilityReading & { readonly supported: false },
  call: ReadCall,
): Promise<WriteRefusal> {
  const refusal = refusedBy(reading, ['job']);
  if ((verb !== 'START' && verb !== 'RETRY') || reading.reason !== 'WRONG_STATE' || !isActive(job.status))
    return refusal;
  const runs = await source.reader.readRunsOfJobs([job.nativeId], { newest: 1 }, call);
  const rows = runs.get(job.nativeId);
  const blocking = rows === undefined || rows instanceof GatewayError ? undefined : rows.rows.find(underWay);
  return { ...refusal, code: 'ALREADY_RUNNING', blockedByRunNativeId: blocking?.nativeId };
}

function underWay({ status }: BackupRun): boolean {
  return isActive(status);
}

function notFound(what: 'job' | 'run'): WriteRefusal {
  return { code: 'NOT_FOUND', message: `The source has no such ${what}.`, field: [what] };
}

/** @throws the error that this one met. */
async function readOne<T>(
  nativeId: string | undefined,
  read: (ids: readonly string[]) => Promise<ByNativeId<T>>,
): Promise<T | undefined> {
  if (nativeId === undefined) return undefined;
  const value = (await read([nativeId])).get(nativeId);
  if (!(value instanceof GatewayError)) return value;
  if (value.code === 'NOT_FOUND') return undefined;
  throw value;
}
