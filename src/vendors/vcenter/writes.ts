import type { JsonValue } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { WriteRequest } from '../../domain/write-request.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite, WriteEffect } from '../contract.ts';
import { settle } from './settle-write.ts';
import type { WriteTools } from './write-call.ts';
import { prepareCancel } from './write-cancel.ts';
import { prepareCreate } from './write-create.ts';
import { decodeMark } from './write-mark.ts';
import { prepareDelete, prepareStart, prepareSwitch, prepareUpdate } from './write-schedule.ts';

/** Makes the one call of a write ready, or says which rules forbid it. */
export async function prepareWrite(
  request: WriteRequest,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  switch (request.verb) {
    case 'CREATE':
      if (request.target.section !== 'vcenter') throw wrongSection(tools);
      return prepareCreate(request.target.backup, tools, call);
    case 'START':
      return prepareStart(request.job, tools, call);
    case 'CANCEL':
      return prepareCancel(request.job, request.run, tools, call);
    case 'ENABLE':
    case 'DISABLE':
      return prepareSwitch(request.job, request.verb === 'ENABLE', tools, call);
    case 'UPDATE_SCHEDULE':
      if (request.schedule.section !== 'vcenter') throw wrongSection(tools);
      return prepareUpdate(request.job, request.schedule.schedule, tools, call);
    case 'DELETE':
      return prepareDelete(request.job, tools, call);
    case 'RETRY':
      throw new GatewayError('INTERNAL', 'vCenter has no retry.', { sourceKey: tools.settings.key });
  }
}

/** Looks for the effect of a write whose answer was lost. */
export async function settleWrite(
  mark: JsonValue,
  tools: WriteTools,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  return settle(decodeMark(mark), tools, call);
}

function wrongSection({ settings: { key: sourceKey } }: WriteTools): GatewayError {
  return new GatewayError('INTERNAL', 'A write for another vendor was brought to vCenter.', { sourceKey });
}
