import type { WriteRefusal } from '../../domain/backup-operation.ts';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import { isActive } from '../../domain/backup-status.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite, WriteReply } from '../contract.ts';
import { BACKUP } from './appliance.ts';
import { decodeRunId } from './ids.ts';
import type { Style } from './settings.ts';
import { runUnderWay } from './write-busy.ts';
import { preparedWrite, type WriteTools } from './write-call.ts';
import { refusedBy } from './write-refused.ts';
import { parseResult } from './wire-writes.ts';

/** Cancels the run, or the one of the job that is under way. */
export async function prepareCancel(
  job: BackupJob | undefined,
  run: BackupRun | undefined,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const field = [run === undefined ? 'job' : 'run'];
  const target = run ?? (job && (await underWay(job, tools, call)));
  const id = target && decodeRunId(target.nativeId);
  if (target === undefined || id === undefined || !isActive(target.status))
    return refusedBy([{ code: 'WRONG_STATE', message: ENDED, field }]);
  const style = await tools.appliance.findStyle(call);
  const path = `${BACKUP}/job/${pathSegment(id)}`;
  return preparedWrite(
    style,
    {
      method: 'POST',
      ...(style === 'api' ? { path, query: { action: 'cancel' } } : { path: `${path}/cancel` }),
      mark: { kind: 'ended', run: id },
      done: (response) => replyOf(response, style, target, tools),
      lookInto: (refusal, look) => sortOut(refusal, id, field, tools, look),
    },
    tools,
  );
}

async function underWay(job: BackupJob, { pictures }: WriteTools, call: ReadCall): Promise<BackupRun | undefined> {
  if (job.kind === 'ONE_OFF') return typeof job.lastRun === 'object' ? job.lastRun : undefined;
  const { backups } = await pictures.ofAll(call, { schedules: true, zone: false, onlyIds: [] });
  return runUnderWay(backups.map(({ run }) => run).filter(({ jobNativeId }) => jobNativeId === job.nativeId));
}

/** WARNING is a yes with remarks, such as for a run that is being cancelled already. FAIL is a no that comes with HTTP 200. */
function replyOf(
  response: HttpResponse,
  style: Style,
  { nativeId, jobNativeId }: BackupRun,
  { settings: { key: sourceKey } }: WriteTools,
): WriteReply {
  if (parseResult(response, style) !== 'FAIL') return { outcome: 'DONE', runNativeId: nativeId, jobNativeId };
  const error = new GatewayError('CONFLICT', `Source "${sourceKey}" answered the cancel with FAIL.`, {
    sourceKey,
    httpStatus: response.status,
    nativeCode: 'FAIL',
  });
  const message = 'vCenter answered that it does not cancel it.';
  return { outcome: 'REFUSED', refusal: { code: 'VENDOR_REJECTED', message, error } };
}

/** A cancel may come too late: then the state of the run is the reason, not the vendor. */
async function sortOut(
  refusal: WriteRefusal,
  id: string,
  field: readonly string[],
  { pictures }: WriteTools,
  call: ReadCall,
): Promise<WriteRefusal> {
  if (refusal.code !== 'VENDOR_REJECTED' && refusal.code !== 'WRONG_STATE') return refusal;
  const backup = (await pictures.ofIds([id], call)).get(id);
  const hasEnded = backup !== undefined && !(backup instanceof GatewayError) && ENDS.has(backup.run.status);
  return hasEnded ? { code: 'WRONG_STATE', message: ENDED, field, error: refusal.error } : refusal;
}

const ENDS: ReadonlySet<string> = new Set(['SUCCEEDED', 'WARNING', 'FAILED', 'CANCELED']);
const ENDED = 'The backup is not under way any more, so there is nothing to cancel.';
