import type { JsonValue, WriteRefusal } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import { queryText } from '../../transport/path.ts';
import { CallTally, type ReadCall } from '../../transport/read-call.ts';
import type { HttpRequest } from '../../transport/source-http.ts';
import type { PreparedWrite, WriteReply } from '../contract.ts';
import { replyTo } from '../write-reply.ts';
import type { Appliance } from './appliance.ts';
import type { Pictures } from './picture.ts';
import type { Style, VcenterSettings } from './settings.ts';
import { encodeMark, type Mark } from './write-mark.ts';

/** What the writes of one appliance work with. */
export interface WriteTools {
  readonly appliance: Appliance;
  readonly pictures: Pictures;
  readonly settings: VcenterSettings;
  readonly now: () => Date;
}

/** The one call of a write. */
export interface WriteCall {
  readonly method: HttpRequest['method'];
  /** Below /rest or /api. */
  readonly path: string;
  readonly query?: HttpRequest['query'];
  /** May hold `Secret` values, which only the request itself reveals. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly mark: Mark;
  /** Reads a 2xx answer. @throws MALFORMED_RESPONSE when it does not tell. */
  done(response: HttpResponse): WriteReply;
  /** Says more about a refusal by looking at the appliance; what it throws leaves the refusal as it is. */
  lookInto?(refusal: WriteRefusal, call: ReadCall): Promise<WriteRefusal>;
}

export function preparedWrite(style: Style, write: WriteCall, tools: WriteTools): PreparedWrite {
  const { appliance } = tools;
  const path = `/${style}${write.path}`;
  return {
    vendorCall: { method: write.method, path: path + queryText(write.query), body: shown(write.body) },
    mark: encodeMark(write.mark),
    send: async (signal) => {
      const { method, query, body } = write;
      const headers = { accept: 'application/json', ...(body === undefined ? {} : JSON_BODY) };
      const request = { method, path, query, headers, body: body && revealed(body) };
      const exchange = await appliance.write(request, signal);
      const error = (response: HttpResponse): GatewayError => appliance.errorOf(response);
      const reply = doubted(replyTo(exchange, { done: (response) => write.done(response), error, refusal: refusalOf }));
      return reply.outcome === 'REFUSED' ? lookedInto(reply, write, tools, signal) : reply;
    },
  };
}

const JSON_BODY = { 'content-type': 'application/json' };

function shown(body: WriteCall['body']): JsonValue {
  // A Secret writes itself as "[secret]".
  return body === undefined ? null : (JSON.parse(JSON.stringify(body)) as JsonValue);
}

function revealed(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body, function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
    const raw = this[key];
    return raw instanceof Secret ? raw.reveal() : value;
  });
}

/** What the vendor's errors mean for a write. The name decides, whatever the HTTP status is. */
function refusalOf(error: GatewayError): WriteRefusal | undefined {
  switch (error.nativeCode) {
    case 'FEATURE_IN_USE':
    case 'RESOURCE_BUSY':
    case 'RESOURCE_IN_USE':
      return { code: 'ALREADY_RUNNING', message: BUSY };
    case 'ALREADY_IN_DESIRED_STATE':
      return { code: 'WRONG_STATE', message: 'vCenter says that it is so already. Nothing was changed.' };
    case 'NOT_ALLOWED_IN_CURRENT_STATE':
      return { code: 'WRONG_STATE', message: 'vCenter does not allow it in the present state. Nothing was changed.' };
    case 'CONCURRENT_CHANGE':
      return { code: 'CHANGED_MEANWHILE', message: 'Somebody else changed it at the same time. Nothing was changed.' };
    case 'OPERATION_NOT_FOUND':
      return { code: 'VENDOR_REJECTED', message: 'This appliance does not have the call. Nothing was changed.' };
    case undefined:
      return error.code === 'PERMISSION' ? notPermitted(error) : undefined;
    default:
      return refusalOfKind(error);
  }
}

/** Why a backup cannot begin now, in words. */
export const BUSY = 'An appliance runs one backup or restore at a time, and one is under way. Nothing was changed.';

function refusalOfKind(error: GatewayError): WriteRefusal | undefined {
  switch (error.code) {
    case 'PERMISSION':
      return notPermitted(error);
    case 'NOT_FOUND':
      return { code: 'NOT_FOUND', message: 'The appliance does not know what this is about. Nothing was changed.' };
    case 'BAD_REQUEST':
    case 'CONFLICT':
      return { code: 'VENDOR_REJECTED', message: `${error.message} Nothing was changed.` };
    default:
      return undefined;
  }
}

function notPermitted(error: GatewayError): WriteRefusal {
  return { code: 'NOT_PERMITTED', message: `${error.message} Nothing was changed.` };
}

/** A fault stays one where /rest writes 400 beside it: it may have come after the effect. */
function doubted(reply: WriteReply): WriteReply {
  const error = reply.outcome === 'REFUSED' ? reply.refusal.error : undefined;
  return error?.code === 'VENDOR_FAULT' ? { outcome: 'UNKNOWN', error, answered: true } : reply;
}

async function lookedInto(
  reply: WriteReply & { readonly outcome: 'REFUSED' },
  { lookInto }: WriteCall,
  { now }: WriteTools,
  signal: AbortSignal,
): Promise<WriteReply> {
  if (lookInto === undefined) return reply;
  try {
    return { outcome: 'REFUSED', refusal: await lookInto(reply.refusal, shortCall(signal, now().getTime())) };
  } catch {
    // The refusal stands without it.
    return reply;
  }
}

/** A look at the appliance that takes no kept answer and few seconds. */
function shortCall(signal: AbortSignal, now: number): ReadCall {
  return {
    signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]),
    deadlineAt: now + LOOK_MS,
    freshSince: now,
    staleSince: undefined,
    tally: new CallTally(),
  };
}

const LOOK_MS = 3_000;
