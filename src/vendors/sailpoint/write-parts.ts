import type { JsonValue, WriteRefusal } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import { replyTo, type ReplyReader } from '../write-reply.ts';
import type { PreparedWrite, RefusedWrite } from '../contract.ts';
import type { HubWrite, Listing, SailPointApi } from './api.ts';
import { refuseCall, refuseKey } from './errors.ts';
import type { Fetched } from './mapper.ts';
import type { ScheduledActionWire } from './wire.ts';

/** What writes are made with. */
export interface WriteContext {
  readonly sourceKey: string;
  readonly api: SailPointApi;
  now(): Date;
}

/** How the answer to one call is read. `names` tells whether the path names a thing, so that 404 means that it is gone. */
export interface AnswerReading {
  readonly names: boolean;
  readonly done: ReplyReader['done'];
}

/** A write that is sent just as it is shown: nothing in the vendor's bodies is a secret. */
export function ready(
  { api, sourceKey }: WriteContext,
  write: HubWrite,
  mark: JsonValue,
  { names, done }: AnswerReading,
): PreparedWrite {
  const error = (response: HttpResponse): GatewayError =>
    names ? refuseKey(response, sourceKey) : refuseCall(response, sourceKey);
  const { method, path, body } = write;
  return {
    vendorCall: { method, path, body },
    mark,
    send: async (signal) => replyTo(await api.write(write, signal), { done, error }),
  };
}

/** Undefined when no rule is broken. */
export function refusedFor([first, ...more]: readonly WriteRefusal[]): RefusedWrite | undefined {
  return first === undefined ? undefined : { refusals: [first, ...more] };
}

/** It was there a moment ago. */
export const GONE: RefusedWrite = {
  refusals: [{ code: 'NOT_FOUND', message: 'SailPoint no longer has what this is about.' }],
};

/** The rows of a list that could be read at all. @throws its failure. */
export function rowsOf<Row>({ rows, failure }: Listing<Row>): readonly Fetched<Row>[] {
  if (failure !== undefined) throw failure;
  return rows;
}

/** Undefined when there surely is none. @throws why nobody can tell. */
export function actionIn(listing: Listing<ScheduledActionWire>, id: string): ScheduledActionWire | undefined {
  const found = rowsOf(listing).find(({ row }) => row.id === id)?.row;
  if (found === undefined) throwUnlessWhole(listing);
  return found;
}

/** A row that could not be read may be the one that seems to be missing. @throws the first problem. */
export function throwUnlessWhole(...listings: readonly Listing<unknown>[]): void {
  const problem = listings.flatMap(({ problems }) => problems)[0];
  if (problem !== undefined) throw problem;
}

export function unsupported(verb: string, sourceKey: string): GatewayError {
  return new GatewayError('UNSUPPORTED', `SailPoint has no call for ${verb} here.`, { sourceKey });
}
