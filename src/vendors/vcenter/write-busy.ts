import type { WriteRefusal } from '../../domain/backup-operation.ts';
import { compareNewestFirst, type BackupRun } from '../../domain/backup-run.ts';
import { isActive } from '../../domain/backup-status.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { encodeRunId } from './ids.ts';
import { mapJobState } from './status.ts';
import { BUSY, type WriteTools } from './write-call.ts';

/** Adds to ALREADY_RUNNING the backup that is in the way; other refusals stay as they are. */
export async function nameBlocking(refusal: WriteRefusal, tools: WriteTools, call: ReadCall): Promise<WriteRefusal> {
  if (refusal.code !== 'ALREADY_RUNNING') return refusal;
  const blockedByRunNativeId = await findBlocking(tools, call);
  return { ...refusal, ...(blockedByRunNativeId === undefined ? {} : { blockedByRunNativeId }) };
}

/** What speaks against a new backup: one that runs. One that only waits is left to the appliance to judge. */
export function busyRefusal(runs: readonly BackupRun[]): WriteRefusal | undefined {
  const running = runs.find(({ status }) => status === 'RUNNING' || status === 'CANCELING');
  return running && { code: 'ALREADY_RUNNING', message: BUSY, blockedByRunNativeId: running.nativeId };
}

/** The backup under way among these: one that runs, else the newest that waits. */
export function runUnderWay(runs: readonly BackupRun[]): BackupRun | undefined {
  const active = runs.filter(({ status }) => isActive(status)).toSorted(compareNewestFirst);
  return active.find(({ status }) => status !== 'QUEUED') ?? active[0];
}

/** Native id of the run under way; undefined when there is none, such as during a restore. */
async function findBlocking({ appliance, pictures }: WriteTools, call: ReadCall): Promise<string | undefined> {
  if (appliance.hasDetails()) {
    const { backups } = await pictures.ofAll(call, { schedules: false, zone: false, onlyIds: [] });
    if (appliance.hasDetails()) return runUnderWay(backups.map(({ run }) => run))?.nativeId;
  }
  let waiting: string | undefined;
  const { ids } = (await appliance.jobIds(call)).value;
  // Ids begin with their time, which finds the newest soon enough; nothing else hangs on it.
  for (const id of ids.toSorted().toReversed().slice(0, MAX_ASKED)) {
    const { status } = mapJobState((await appliance.jobStatus(id, call)).value.state);
    if (status === 'RUNNING') return encodeRunId(id);
    if (status === 'QUEUED') waiting ??= encodeRunId(id);
  }
  return waiting;
}

/** A 6.5 is asked about so many of its backups. */
const MAX_ASKED = 20;
