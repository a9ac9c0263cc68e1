import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { JsonValue, WriteRefusal } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { VeeamScheduleRequest, WriteRequest } from '../../domain/write-request.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite } from '../contract.ts';
import type { JobWrite, VeeamApi } from './api.ts';
import { prepareCreate } from './write-create.ts';
import {
  activeAmong,
  newestOpenAmong,
  readableSessionsOf,
  ready,
  refusedFor,
  sessionsOf,
  unlessMissing,
} from './write-parts.ts';
import { mergedPolicy, policyChanges } from './write-policy.ts';
import { scheduleRefusals } from './write-rules.ts';

/**
 * Checks a write and makes its one call ready.
 *
 * @throws why something could not be read; INTERNAL for a section that is for another vendor.
 */
export async function prepareWrite(
  request: WriteRequest,
  api: VeeamApi,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  switch (request.verb) {
    case 'CREATE':
      if (request.target.section !== 'veeam') throw wrongSection();
      return prepareCreate(request.target.backup, api, call);
    case 'START':
    case 'RETRY':
      return prepareStart(request.job.nativeId, api, call);
    case 'CANCEL':
      return prepareStop(request.job, request.run, api, call);
    case 'ENABLE':
    case 'DISABLE':
      return prepareSwitch(request.job.nativeId, request.verb === 'ENABLE', api);
    case 'UPDATE_SCHEDULE':
      if (request.schedule.section !== 'veeam') throw wrongSection();
      return prepareUpdate(request.job.nativeId, request.schedule.schedule, api, call);
    case 'DELETE':
      return prepareDelete(request.job.nativeId, api);
  }
}

/** Up to v7 the answer does not say which session it began, so those that are there already are remembered. */
async function prepareStart(jobId: string, api: VeeamApi, call: ReadCall): Promise<PreparedWrite | RefusedWrite> {
  const sessions = await unlessMissing(sessionsOf(api, jobId, call));
  if (sessions === undefined) return { refusals: [GONE] };
  const active = activeAmong(sessions);
  if (active !== undefined) return { refusals: [{ ...RUNNING, blockedByRunNativeId: active.id }] };
  const mark = { effect: 'SESSION', jobId, known: sessions.map(({ id }) => id) };
  return ready(api, actionOf(api, jobId, 'start', { full: false }), mark, {
    done: (response) => ({
      outcome: 'DONE',
      runNativeId: api.facts.tellsSession ? api.idIn(response, 'SESSION') : undefined,
    }),
    refusal: (error) => (error.code === 'CONFLICT' ? { ...RUNNING, error } : undefined),
  });
}

/** The vendor stops jobs, so a run is stopped only while it is the one that its job is at. */
async function prepareStop(
  job: BackupJob | undefined,
  run: BackupRun | undefined,
  api: VeeamApi,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const jobId = job?.nativeId ?? run?.jobNativeId;
  const sessions = jobId === undefined ? undefined : await unlessMissing(readableSessionsOf(api, jobId, call));
  if (jobId === undefined || sessions === undefined) return { refusals: [GONE] };
  const open = newestOpenAmong(sessions);
  if (run !== undefined && open?.id !== run.nativeId) return { refusals: [ENDED] };
  const mark = { effect: 'STOPPED', jobId, sessionId: open?.id ?? null };
  return ready(api, actionOf(api, jobId, 'stop', {}), mark, {
    done: () => ({ outcome: 'DONE', jobNativeId: jobId, runNativeId: open?.id }),
    refusal: (error) => (error.code === 'CONFLICT' ? { ...ENDED, error } : undefined),
  });
}

function prepareSwitch(jobId: string, enabled: boolean, api: VeeamApi): PreparedWrite {
  const write = actionOf(api, jobId, enabled ? 'enable' : 'disable', {});
  return ready(api, write, { effect: 'SWITCH', jobId, enabled }, { done: () => doneWith(jobId) });
}

async function prepareUpdate(
  jobId: string,
  schedule: VeeamScheduleRequest,
  api: VeeamApi,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const isEmpty = Object.values(schedule).every((member) => member === undefined);
  const broken = refusedFor([...(isEmpty ? [NOTHING] : []), ...scheduleRefusals(schedule)]);
  if (broken !== undefined) return broken;
  const job = await unlessMissing(api.readJob(jobId, call));
  if (job === undefined) return { refusals: [GONE] };
  const changes = policyChanges(schedule, api.facts);
  const policy = mergedPolicy(changes, job.row.schedulePolicy);
  if (policy === undefined) return { refusals: [NO_TIMES] };
  const write = api.writeOf('PUT', `/Jobs/${pathSegment(jobId)}`, { schedulePolicy: policy });
  return ready(api, write, { effect: 'POLICY', jobId, changes }, { done: () => doneWith(jobId) });
}

/** Takes the definition away and leaves the backups where they are. */
function prepareDelete(jobId: string, api: VeeamApi): PreparedWrite {
  const write = api.writeOf('DELETE', `/Jobs/${pathSegment(jobId)}`, null);
  return ready(
    api,
    write,
    { effect: 'GONE', jobId },
    {
      done: () => doneWith(jobId),
      refusal: (error) => (error.code === 'CONFLICT' ? { ...IN_USE, error } : undefined),
    },
  );
}

function doneWith(jobNativeId: string) {
  return { outcome: 'DONE', jobNativeId } as const;
}

/** Exactly one action with the value null up to v5; a path of its own, with a body, after that. */
function actionOf(
  api: VeeamApi,
  jobId: string,
  verb: 'start' | 'stop' | 'enable' | 'disable',
  body: JsonValue,
): JobWrite {
  const path = `/Jobs/${pathSegment(jobId)}`;
  return api.facts.acts === 'BY_BODY'
    ? api.writeOf('POST', `${path}/Action`, { [verb]: null })
    : api.writeOf('POST', `${path}/${verb}`, body);
}

const GONE: WriteRefusal = { code: 'NOT_FOUND', message: 'The server no longer has this job.', field: ['job'] };

const RUNNING: WriteRefusal = {
  code: 'ALREADY_RUNNING',
  message: 'The job is running or queued already.',
  field: ['job'],
};

const ENDED: WriteRefusal = {
  code: 'WRONG_STATE',
  message: 'It is not running any more, so there is nothing to stop.',
};

const IN_USE: WriteRefusal = {
  code: 'WRONG_STATE',
  message:
    'The server does not delete the job as things stand; it may be running, or a backup copy job may hang on it.',
  field: ['job'],
};

const NOTHING: WriteRefusal = { code: 'MISSING_VALUE', message: 'Give at least one thing to change.', field: [] };

const NO_TIMES: WriteRefusal = {
  code: 'MISSING_VALUE',
  message: 'The job has no schedule yet that the gateway can read; say when it is to run, daily or periodically.',
  field: [],
  rule: 'daily-or-periodically',
};

function wrongSection(): GatewayError {
  return new GatewayError('INTERNAL', 'A section for another vendor reached Veeam.');
}
