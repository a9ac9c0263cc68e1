import type { JsonValue } from '../../domain/backup-operation.ts';
import type { SailPointBackupRequest } from '../../domain/write-request.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { readObject } from '../../transport/reader.ts';
import type { PreparedWrite, RefusedWrite, WriteEffect, WriteReply } from '../contract.ts';
import { encodeJobId } from './ids.ts';
import { fits, wantedFrom, wantedMark } from './write-wanted.ts';
import { ready, refusedFor, rowsOf, throwUnlessWhole, type WriteContext } from './write-parts.ts';
import { brokenRulesOfCreate } from './write-rules.ts';
import type { ScheduledActionWire } from './wire.ts';

/** Files a scheduled action: there is no call that begins a backup at once. */
export async function prepareCreate(
  backup: SailPointBackupRequest,
  context: WriteContext,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const refused = refusedFor(brokenRulesOfCreate(backup, context.now()));
  if (refused !== undefined) return refused;
  const known = rowsOf(await context.api.listScheduledActions(call)).map(({ row }) => row.id);
  const path = context.api.path('/scheduled-actions');
  const write = { method: 'POST', path, body: payloadOf(backup), mediaType: 'application/json' } as const;
  return ready(context, write, { ...wantedMark(backup), name: backup.name, known }, { names: false, done });
}

/** The action that was not there before and is as it was asked for. Of two such nobody can say which one is ours. */
export async function settleCreate(
  mark: JsonValue,
  { api }: WriteContext,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const reader = readObject(mark);
  const [name, wanted, known] = [reader.text('name'), wantedFrom(reader), new Set(reader.texts('known'))];
  const listing = await api.listScheduledActions(call);
  const isOurs = (row: ScheduledActionWire): boolean =>
    !known.has(row.id) &&
    row.name?.trim() === name.trim() &&
    (row.cronString === undefined) === (wanted.cron === undefined) &&
    fits(row, wanted, 'WHERE_TOLD');
  const ids = new Set(rowsOf(listing).flatMap(({ row }) => (isOurs(row) ? [row.id] : [])));
  const [id, ...others] = ids;
  if (id === undefined) throwUnlessWhole(listing);
  return id === undefined || others.length > 0 ? undefined : effectOf(id);
}

/** The vendor answers with the action. @throws MALFORMED_RESPONSE for anything else, such as a page of a proxy. */
function done(response: HttpResponse): WriteReply {
  return { outcome: 'DONE', ...effectOf(readObject(decodeJson(response)).text('id')) };
}

function effectOf(id: string): WriteEffect {
  return { jobNativeId: encodeJobId({ kind: 'action', id }) };
}

/** `objectOptions` is an object in the model, also when there is nothing in it. */
function payloadOf({
  name,
  startAt,
  cron,
  timeZone,
  includeTypes,
  includedNames = [],
}: SailPointBackupRequest): JsonValue {
  const objectOptions = Object.fromEntries(
    includedNames.map(({ type, names }) => [type, { includedNames: [...names] }] as const),
  );
  return {
    jobType: 'BACKUP',
    ...(startAt === undefined ? {} : { startTime: startAt.toISOString() }),
    ...(cron === undefined ? {} : { cronString: cron }),
    ...(timeZone === undefined ? {} : { timeZoneId: timeZone }),
    content: {
      name,
      backupOptions: { ...(includeTypes === undefined ? {} : { includeTypes: [...includeTypes] }), objectOptions },
    },
  };
}
