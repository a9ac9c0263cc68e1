import type { BackupJob } from '../../domain/backup-job.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { VCenterBackupRequest, VCenterScheduleRequest } from '../../domain/write-request.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite } from '../contract.ts';
import { BACKUP } from './appliance.ts';
import { decodeJobId, encodeJobId, encodeRunId } from './ids.ts';
import type { Picture } from './picture.ts';
import type { Style } from './settings.ts';
import { busyRefusal, nameBlocking } from './write-busy.ts';
import { preparedWrite, type WriteTools } from './write-call.ts';
import type { ScheduleMark } from './write-mark.ts';
import { refusedBy } from './write-refused.ts';
import { refuse, scheduleChange, type Refusals } from './write-rules.ts';
import { newTag, ownComment } from './write-tag.ts';
import { parseNothing, parseStarted } from './wire-writes.ts';

/** A create that runs a schedule now: everything but the comment is as the schedule has it. */
export async function prepareScheduledBackup(
  { parts, backupPassword, fast, comment }: VCenterBackupRequest,
  jobNativeId: string,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const refusals: Refusals = [];
  for (const [name, value] of Object.entries({ parts, backupPassword, fast })) {
    const message = 'A schedule runs as it is configured at the appliance; this cannot be given.';
    if (value !== undefined) refuse(refusals, 'INVALID_VALUE', [name], 'not-with-schedule', message);
  }
  const key = decodeJobId(jobNativeId);
  if (key?.kind !== 'schedule')
    refuse(refusals, 'INVALID_VALUE', SCHEDULE_FIELD, 'schedule-job', 'This is not the job of a schedule.');
  if (key === undefined || refusals.length > 0) return refusedBy(refusals);
  const picture = await tools.pictures.ofAll(call, { schedules: true, zone: false, onlyIds: [] });
  if (picture.schedules instanceof GatewayError) throw picture.schedules;
  if (picture.schedules?.value.rows.has(key.id) !== true) {
    const message = 'The appliance has no such schedule.';
    refuse(refusals, 'NOT_FOUND', SCHEDULE_FIELD, 'schedule-job', message);
    return refusedBy(refusals);
  }
  return prepareRun(key.id, comment, picture, tools, call);
}

const SCHEDULE_FIELD = ['destination', 'schedule'];

/** Runs a schedule now. */
export async function prepareStart(
  job: BackupJob,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const id = scheduleIdOf(job);
  const picture = await tools.pictures.ofAll(call, { schedules: false, zone: false, onlyIds: [] });
  return prepareRun(id, undefined, picture, tools, call);
}

async function prepareRun(
  id: string,
  comment: string | undefined,
  { backups, broken }: Picture,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const busy = busyRefusal(backups.map(({ run }) => run));
  if (busy !== undefined) return refusedBy([busy]);
  const style = await tools.appliance.findStyle(call);
  const before = [...backups, ...broken].flatMap((row) => (row.id === undefined ? [] : [row.id]));
  return preparedWrite(
    style,
    {
      method: 'POST',
      path: `${BACKUP}/schedules/${pathSegment(id)}`,
      query: { action: 'run' },
      body: { comment: ownComment(comment, newTag()) },
      mark: { kind: 'run', schedule: id, before },
      done: (response) => ({
        outcome: 'DONE',
        jobNativeId: encodeJobId({ kind: 'schedule', id }),
        runNativeId: encodeRunId(parseStarted(response, style)),
      }),
      lookInto: (refusal, look) => nameBlocking(refusal, tools, look),
    },
    tools,
  );
}

export async function prepareSwitch(
  job: BackupJob,
  enable: boolean,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite> {
  return prepareChange(job, { enable, recurrence: null, keep: null }, tools, call);
}

export async function prepareUpdate(
  job: BackupJob,
  wanted: VCenterScheduleRequest,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const refusals: Refusals = [];
  const change = scheduleChange(wanted, job.schedule?.recurrence, refusals);
  return change === undefined ? refusedBy(refusals) : prepareChange(job, change, tools, call);
}

/** What is left out of an update stays as it is. */
async function prepareChange(
  job: BackupJob,
  change: Omit<ScheduleMark, 'kind' | 'schedule'>,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite> {
  const id = scheduleIdOf(job);
  const style = await tools.appliance.findStyle(call);
  const { enable, recurrence, keep } = change;
  const spec = {
    ...(enable === null ? {} : { enable }),
    ...(recurrence === null ? {} : { recurrence_info: recurrence }),
    ...(keep === null ? {} : { retention_info: { max_count: keep } }),
  };
  return preparedWrite(
    style,
    {
      ...UPDATES[style](pathSegment(id)),
      body: style === 'rest' ? { spec } : spec,
      mark: { kind: 'schedule', schedule: id, ...change },
      done: (response) => {
        parseNothing(response, style);
        return { outcome: 'DONE', jobNativeId: job.nativeId };
      },
      lookInto: (refusal, look) => nameBlocking(refusal, tools, look),
    },
    tools,
  );
}

/** The vendor's samples for /rest also show another path, `PUT schedules/{id}`; the described one is used, and none is tried after it. */
const UPDATES: Readonly<Record<Style, (id: string) => { readonly method: 'PUT' | 'PATCH'; readonly path: string }>> = {
  api: (id) => ({ method: 'PATCH', path: `${BACKUP}/schedules/${id}` }),
  rest: (id) => ({ method: 'PUT', path: `${BACKUP}/schedules/update/${id}` }),
};

/** Deletes a schedule; the backups that it made stay. */
export async function prepareDelete(job: BackupJob, tools: WriteTools, call: ReadCall): Promise<PreparedWrite> {
  const id = scheduleIdOf(job);
  const style = await tools.appliance.findStyle(call);
  return preparedWrite(
    style,
    {
      method: 'DELETE',
      path: `${BACKUP}/schedules/${pathSegment(id)}`,
      mark: { kind: 'gone', schedule: id },
      done: (response) => {
        parseNothing(response, style);
        return { outcome: 'DONE', jobNativeId: job.nativeId };
      },
      lookInto: (refusal, look) => nameBlocking(refusal, tools, look),
    },
    tools,
  );
}

/** @throws INTERNAL for another job: its capabilities say that it cannot be asked for this. */
function scheduleIdOf(job: BackupJob): string {
  const key = decodeJobId(job.nativeId);
  if (key?.kind === 'schedule') return key.id;
  throw new GatewayError('INTERNAL', 'A write for a schedule was asked of another job.');
}
