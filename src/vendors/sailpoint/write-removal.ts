import type { JsonValue } from '../../domain/backup-operation.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { malformed, readObject } from '../../transport/reader.ts';
import type { PreparedWrite, RefusedWrite, WriteEffect, WriteReply } from '../contract.ts';
import type { Listing } from './api.ts';
import { decodeJobId, encodeJobId, type JobKey } from './ids.ts';
import type { BackupWire } from './wire.ts';
import { actionIn, GONE, ready, throwUnlessWhole, type WriteContext } from './write-parts.ts';

/** Withdraws a scheduled action: the end of a recurring one, the cancel of one that has not begun. */
export async function prepareRemovalOfAction(
  id: string,
  context: WriteContext,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const action = actionIn(await context.api.listScheduledActions(call), id);
  return action === undefined ? GONE : removal({ kind: 'action', id }, '/scheduled-actions', context);
}

/**
 * Deletes a backup or an upload.
 *
 * The two have a path each. The lists are looked at beforehand, because trying one path after the other would be two writes.
 */
export async function prepareRemovalOfRecord(
  id: string,
  context: WriteContext,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const [backups, uploads] = await Promise.all([context.api.listBackups(call), context.api.listUploads(call)]);
  if ([backups, uploads].some((listing) => find(listing, id)?.userCanDelete === false)) return PROTECTED;
  const path = pathOfRecord(id, backups, uploads);
  return path === undefined ? GONE : removal({ kind: 'backup', id }, path, context);
}

/** The effect is there when the thing is in no list, each of which was read whole. */
export async function settleRemoval(
  mark: JsonValue,
  { api }: WriteContext,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const key = decodeJobId(readObject(mark).text('job'));
  if (key === undefined) throw malformed('$.job', 'the id of a job');
  const { kind, id } = key;
  if (kind === 'action') return actionIn(await api.listScheduledActions(call), id) === undefined ? {} : undefined;
  const listings = await Promise.all([api.listBackups(call), api.listUploads(call)]);
  if (listings.some((listing) => find(listing, id) !== undefined)) return undefined;
  throwUnlessWhole(...listings);
  return {};
}

const PROTECTED: RefusedWrite = {
  refusals: [{ code: 'NOT_PERMITTED', message: 'SailPoint marks this backup as one that users may not delete.' }],
};

/**
 * The path for the list that the record stands in; in both, the word for its origin decides. Undefined when it stands in neither.
 *
 * @throws why nobody can tell.
 */
function pathOfRecord(id: string, backups: Listing<BackupWire>, uploads: Listing<BackupWire>): string | undefined {
  if (backups.failure !== undefined) throw backups.failure;
  const [asBackup, asUpload] = [find(backups, id), find(uploads, id)];
  const origin = asBackup?.backupType ?? asUpload?.backupType;
  if (asBackup !== undefined && origin !== undefined && origin !== 'UPLOADED') return BACKUPS;
  if (asUpload !== undefined) return UPLOADS;
  throwUnlessWhole(uploads);
  if (asBackup !== undefined) return BACKUPS;
  throwUnlessWhole(backups);
  return undefined;
}

const BACKUPS = '/backups';
const UPLOADS = '/backups/uploads';

function removal(key: JobKey, path: string, context: WriteContext): PreparedWrite {
  const write = {
    method: 'DELETE',
    path: context.api.path(`${path}/${pathSegment(key.id)}`),
    body: null,
    mediaType: '',
  } as const;
  return ready(context, write, { job: encodeJobId(key) }, { names: true, done });
}

/** 204 is the only success that is documented; of another one the lists tell whether it was one. */
function done({ status }: HttpResponse): WriteReply {
  if (status !== 204) throw malformed('$', 'the empty answer to a deletion');
  return { outcome: 'DONE' };
}

function find({ rows }: Listing<BackupWire>, id: string): BackupWire | undefined {
  return rows.find(({ row }) => row.jobId === id)?.row;
}
