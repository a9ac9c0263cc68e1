import type { JsonValue, WriteRefusal } from '../../domain/backup-operation.ts';
import { isActive } from '../../domain/backup-status.ts';
import { GatewayError } from '../../domain/errors.ts';
import { decodeJson } from '../../transport/decode.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite } from '../contract.ts';
import { replyTo, type ReplyReader } from '../write-reply.ts';
import type { JobWrite, VeeamApi } from './api.ts';
import type { PagedRows } from './paging.ts';
import { mapSessionStatus } from './status.ts';
import type { SessionWire } from './wire.ts';

/** A write that is sent just as it is shown: nothing in the vendor's bodies is a secret. */
export function ready(
  api: VeeamApi,
  write: JobWrite,
  mark: JsonValue,
  reader: Pick<ReplyReader, 'done' | 'refusal'>,
): PreparedWrite {
  const error: ReplyReader['error'] = (response) => api.errorIn(response);
  const done: ReplyReader['done'] = (response) => {
    // Most answers are empty; what a proxy says in the server's place is not one of them.
    if (response.body.length > 0 || (api.facts.saysNoContent && response.status === 200)) decodeJson(response);
    return reader.done(response);
  };
  return {
    vendorCall: write,
    mark,
    send: async (signal) => replyTo(await api.write(write, signal), { ...reader, done, error }),
  };
}

/** Undefined when no rule is broken. */
export function refusedFor([first, ...more]: readonly WriteRefusal[]): RefusedWrite | undefined {
  return first === undefined ? undefined : { refusals: [first, ...more] };
}

/** Backup sessions of a job, read for sure: a row that could not be read may be the one that matters. @throws the first problem. */
export async function sessionsOf(api: VeeamApi, jobId: string, call: ReadCall): Promise<readonly SessionWire[]> {
  return backupsOf(jobId, wholeRows(await api.listSessionsOfJob(jobId, call)));
}

/** The same, as far as they can be read: a run that is seen to be under way can be stopped whatever else the list holds. */
export async function readableSessionsOf(
  api: VeeamApi,
  jobId: string,
  call: ReadCall,
): Promise<readonly SessionWire[]> {
  const { rows } = await api.listSessionsOfJob(jobId, call);
  return backupsOf(
    jobId,
    rows.map(({ row }) => row),
  );
}

function backupsOf(jobId: string, sessions: readonly SessionWire[]): readonly SessionWire[] {
  return sessions.filter((session) => !session.isCopy && (session.jobId === undefined || session.jobId === jobId));
}

export function activeAmong(sessions: readonly SessionWire[]): SessionWire | undefined {
  return sessions.toSorted(newestFirst).find(({ status }) => isActive(mapSessionStatus(status).status));
}

/** The newest session that may be under way: active, or in a state that we do not know, without an end. */
export function newestOpenAmong(sessions: readonly SessionWire[]): SessionWire | undefined {
  return sessions.toSorted(newestFirst).find(isOpen);
}

export function isOpen({ status: word, endTime }: SessionWire): boolean {
  const { status } = mapSessionStatus(word);
  return isActive(status) || (status === 'UNKNOWN' && endTime === undefined);
}

/** Sessions that do not tell when they were made come last. */
export function newestFirst(a: SessionWire, b: SessionWire): number {
  return (b.creationTime?.getTime() ?? 0) - (a.creationTime?.getTime() ?? 0);
}

/** The rows of a list that was read whole. @throws the first problem. */
export function wholeRows<T>({ rows, problems }: PagedRows<T>): readonly T[] {
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return rows.map(({ row }) => row);
}

/** Undefined when there is none. @throws what else is in the way. */
export async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
