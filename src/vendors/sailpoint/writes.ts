import type { BackupJob } from '../../domain/backup-job.ts';
import type { JsonValue } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { WriteRequest, WriteVerb } from '../../domain/write-request.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite, WriteEffect } from '../contract.ts';
import { jobCapabilities } from './capabilities.ts';
import { decodeJobId, type JobKey } from './ids.ts';
import { prepareCreate, settleCreate } from './write-create.ts';
import { unsupported, type WriteContext } from './write-parts.ts';
import { prepareRemovalOfAction, prepareRemovalOfRecord, settleRemoval } from './write-removal.ts';
import { prepareUpdate, settleUpdate } from './write-schedule.ts';

/**
 * Checks a write and makes its one call ready.
 *
 * @throws UNSUPPORTED, without a call, for what the vendor has no call for; else why something could not be read.
 */
export async function prepareWrite(
  request: WriteRequest,
  context: WriteContext,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  switch (request.verb) {
    case 'CREATE':
      if (request.target.section !== 'sailpoint') throw wrongSection(context);
      return prepareCreate(request.target.backup, context, call);
    case 'UPDATE_SCHEDULE': {
      if (request.schedule.section !== 'sailpoint') throw wrongSection(context);
      const target = targetOf(request.verb, request.job, context);
      if ('refusals' in target) return target;
      return prepareUpdate(request.job, target.id, request.schedule.schedule, context, call);
    }
    case 'CANCEL':
    case 'DELETE': {
      const target = targetOf(request.verb, request.job, context);
      if ('refusals' in target) return target;
      return target.kind === 'action'
        ? prepareRemovalOfAction(target.id, context, call)
        : prepareRemovalOfRecord(target.id, context, call);
    }
    case 'START':
    case 'RETRY':
    case 'ENABLE':
    case 'DISABLE':
      throw unsupported(request.verb, context.sourceKey);
  }
}

/** Looks for the effect of a write in the vendor's lists. */
export async function settleWrite(
  verb: WriteVerb,
  mark: JsonValue,
  context: WriteContext,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  switch (verb) {
    case 'CREATE':
      return settleCreate(mark, context, call);
    case 'UPDATE_SCHEDULE':
      return settleUpdate(mark, context, call);
    case 'CANCEL':
    case 'DELETE':
      return settleRemoval(mark, context, call);
    case 'START':
    case 'RETRY':
    case 'ENABLE':
    case 'DISABLE':
      throw unsupported(verb, context.sourceKey);
  }
}

/** What the job is at the vendor, or why its state forbids the write: a start may have passed since it was read. */
function targetOf(
  verb: 'CANCEL' | 'DELETE' | 'UPDATE_SCHEDULE',
  job: BackupJob | undefined,
  { sourceKey, now }: WriteContext,
): JobKey | RefusedWrite {
  const key = job === undefined ? undefined : decodeJobId(job.nativeId);
  if (job === undefined || key === undefined) throw unsupported(verb, sourceKey);
  const reading = jobCapabilities(job, now())[verb];
  if (reading.supported) return key;
  const { reason: code, explanation: message } = reading;
  if (code !== 'WRONG_STATE' && code !== 'NOT_PERMITTED') throw unsupported(verb, sourceKey);
  return { refusals: [{ code, message }] };
}

function wrongSection({ sourceKey }: WriteContext): GatewayError {
  return new GatewayError('INTERNAL', 'A section for another vendor reached SailPoint.', { sourceKey });
}
