import type { JsonValue } from '../../domain/backup-operation.ts';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { SailPointScheduleRequest } from '../../domain/write-request.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { malformed, readObject } from '../../transport/reader.ts';
import type { PreparedWrite, RefusedWrite, WriteEffect, WriteReply } from '../contract.ts';
import { encodeJobId } from './ids.ts';
import { fits, wantedFrom, wantedMark } from './write-wanted.ts';
import { actionIn, GONE, ready, refusedFor, type WriteContext } from './write-parts.ts';
import { brokenRulesOfUpdate } from './write-rules.ts';
import type { ScheduledActionWire } from './wire.ts';

/** Changes what is given of an action, by JSON Patch, and leaves the rest alone. */
export async function prepareUpdate(
  job: BackupJob,
  id: string,
  schedule: SailPointScheduleRequest,
  context: WriteContext,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const isRepeated = job.schedule?.recurrence.form === 'CRON';
  const refused = refusedFor(brokenRulesOfUpdate(schedule, isRepeated, context.now()));
  if (refused !== undefined) return refused;
  const action = actionIn(await context.api.listScheduledActions(call), id);
  if (action === undefined) return GONE;
  const write = {
    method: 'PATCH',
    path: context.api.path(`/scheduled-actions/${pathSegment(id)}`),
    body: patchOf(action, schedule),
    mediaType: 'application/json-patch+json',
  } as const;
  const done = (response: HttpResponse): WriteReply => {
    const answer = context.api.readAction(response);
    // An answer that shows something else proves nothing; the list is asked then.
    if (answer.id !== id || !fits(answer, schedule, 'WHERE_TOLD')) throw malformed('$', 'the action as it was changed');
    return { outcome: 'DONE', ...effectOf(id) };
  };
  return ready(context, write, { id, ...wantedMark(schedule) }, { names: true, done });
}

/** The effect is there when the action is as it was wanted. */
export async function settleUpdate(
  mark: JsonValue,
  { api }: WriteContext,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const reader = readObject(mark);
  const id = reader.text('id');
  const action = actionIn(await api.listScheduledActions(call), id);
  return action !== undefined && fits(action, wantedFrom(reader), 'EVERYWHERE') ? effectOf(id) : undefined;
}

/**
 * A bare array of operations.
 *
 * `replace` needs a member that is there. `add` stands for everything else: it sets a member whether there is one or not.
 */
function patchOf(action: ScheduledActionWire, { startAt, cron, timeZone }: SailPointScheduleRequest): JsonValue {
  return [
    ...operation('/startTime', action.startTime !== undefined, startAt?.toISOString()),
    ...operation('/cronString', action.cronString !== undefined, cron),
    ...operation('/timeZoneId', action.namesZone, timeZone),
  ];
}

function operation(path: string, isThere: boolean, value: string | undefined): readonly JsonValue[] {
  return value === undefined ? [] : [{ op: isThere ? 'replace' : 'add', path, value }];
}

function effectOf(id: string): WriteEffect {
  return { jobNativeId: encodeJobId({ kind: 'action', id }) };
}
