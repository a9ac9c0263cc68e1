import type { VCenterBackupRequest } from '../../domain/write-request.ts';
import type { Secret } from '../../domain/secret.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite } from '../contract.ts';
import { BACKUP } from './appliance.ts';
import { encodeJobId, encodeRunId } from './ids.ts';
import { busyRefusal, nameBlocking } from './write-busy.ts';
import { preparedWrite, type WriteTools } from './write-call.ts';
import { configuredDestination, inlineDestination, type Destination } from './write-destination.ts';
import { checkBackupPassword, partsOf, secretOf, type Refusals } from './write-rules.ts';
import { refusedBy } from './write-refused.ts';
import { prepareScheduledBackup } from './write-schedule.ts';
import { newTag, ownComment, ownFolder } from './write-tag.ts';
import { parseStarted } from './wire-writes.ts';

/** A backup that begins at once. */
export async function prepareCreate(
  backup: VCenterBackupRequest,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  if (backup.destination.kind === 'schedule')
    return prepareScheduledBackup(backup, backup.destination.jobNativeId, tools, call);
  const refusals: Refusals = [];
  const destination = destinationOf(backup.destination, tools, refusals);
  const password = secretOf(backup.backupPassword, PASSWORD_FIELD, tools.settings.secrets, refusals);
  if (password !== undefined) checkBackupPassword(password, PASSWORD_FIELD, refusals);
  if (destination === undefined || refusals.length > 0) return refusedBy(refusals);
  return prepareNewBackup(backup, destination, password, tools, call);
}

const PASSWORD_FIELD = ['backupPassword'];

function destinationOf(
  destination: Exclude<VCenterBackupRequest['destination'], { readonly kind: 'schedule' }>,
  { settings }: WriteTools,
  refusals: Refusals,
): Destination | undefined {
  return destination.kind === 'configured'
    ? configuredDestination(destination.name, settings, refusals)
    : inlineDestination(destination, settings, refusals);
}

async function prepareNewBackup(
  { parts: wanted, comment, fast }: VCenterBackupRequest,
  destination: Destination,
  password: Secret | undefined,
  tools: WriteTools,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const { appliance, pictures } = tools;
  const style = await appliance.findStyle(call);
  const refusals: Refusals = [];
  const parts = partsOf(wanted, await appliance.parts(call), refusals);
  // A 6.5 would have to be asked for each backup, so it is asked for none.
  const { backups } = await pictures.ofAll(call, { schedules: false, zone: false, onlyIds: [] });
  const before = appliance.hasDetails() ? null : (await appliance.jobIds(call)).value.ids;
  const busy = busyRefusal(backups.map(({ run }) => run));
  if (busy !== undefined) refusals.push(busy);
  if (refusals.length > 0) return refusedBy(refusals);
  const tag = newTag();
  const folder = ownFolder(tag, tools.now());
  const piece = {
    parts,
    location_type: destination.type,
    location: `${destination.location.replace(/\/+$/, '')}/${folder}`,
    location_user: destination.user,
    location_password: destination.password,
    backup_password: password,
    comment: ownComment(comment, tag),
    fast_backup: fast,
  };
  return preparedWrite(
    style,
    {
      method: 'POST',
      path: `${BACKUP}/job`,
      body: style === 'rest' ? { piece } : piece,
      mark: { kind: 'folder', folder, before },
      done: (response) => {
        const id = parseStarted(response, style);
        const jobNativeId = encodeJobId({ kind: 'backup', id });
        return { outcome: 'DONE', jobNativeId, runNativeId: encodeRunId(id) };
      },
      lookInto: (refusal, look) => nameBlocking(refusal, tools, look),
    },
    tools,
  );
}
