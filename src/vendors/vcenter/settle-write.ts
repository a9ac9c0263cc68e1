import { GatewayError } from '../../domain/errors.ts';
import { VCENTER_DAYS } from '../../domain/write-request.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { WriteEffect } from '../contract.ts';
import { encodeJobId, encodeRunId } from './ids.ts';
import { mapType } from './status.ts';
import type { WriteTools } from './write-call.ts';
import type { EndedMark, FolderMark, GoneMark, Mark, RunMark, ScheduleMark } from './write-mark.ts';
import type { ScheduleWire } from './wire.ts';

/** Looks for the effect of a write; undefined when it is not to be seen, or may be somebody else's. */
export async function settle(mark: Mark, tools: WriteTools, call: ReadCall): Promise<WriteEffect | undefined> {
  await tools.appliance.findStyle(call);
  switch (mark.kind) {
    case 'folder':
      return settleFolder(mark, tools, call);
    case 'run':
      return settleRun(mark, tools, call);
    case 'ended':
      return settleEnded(mark, tools, call);
    case 'schedule':
      return settleSchedule(mark, tools, call);
    case 'gone':
      return settleGone(mark, tools, call);
  }
}

/** Nobody else writes into a folder of ours. A 6.5 tells no folders: there the one new backup is taken for ours. */
async function settleFolder(
  { folder, before }: FolderMark,
  { appliance }: WriteTools,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const details = await appliance.details(call);
  if (details !== undefined) {
    return onlyBackup([...details.value.rows].filter(([, row]) => lastStep(row.location) === folder).map(([id]) => id));
  }
  if (before === null) return undefined;
  const { ids } = (await appliance.jobIds(call)).value;
  return onlyBackup(ids.filter((id) => !before.includes(id)));
}

function lastStep(location = ''): string | undefined {
  return location.replace(/\/+$/, '').split('/').at(-1);
}

function onlyBackup(ids: readonly string[]): WriteEffect | undefined {
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) return undefined;
  return { jobNativeId: encodeJobId({ kind: 'backup', id }), runNativeId: encodeRunId(id) };
}

/** What the schedule starts by itself has no user, and what others start has another one. */
async function settleRun(
  { schedule, before }: RunMark,
  { pictures, settings }: WriteTools,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const { backups } = await pictures.ofAll(call, { schedules: false, zone: false, onlyIds: [] });
  const known = new Set(before);
  const [backup, ...others] = backups.filter(
    ({ id, type, run }) =>
      !known.has(id) && mapType(type) === 'SCHEDULED' && isSameAccount(run.requestedBy, settings.username),
  );
  if (backup === undefined || others.length > 0) return undefined;
  return { jobNativeId: encodeJobId({ kind: 'schedule', id: schedule }), runNativeId: backup.run.nativeId };
}

/** There is no word for cancelled, so a failure is the sign; a run that came to a good end was not cancelled. */
async function settleEnded(
  { run: id }: EndedMark,
  { pictures }: WriteTools,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const backup = (await pictures.ofIds([id], call)).get(id);
  if (backup instanceof GatewayError) throw backup;
  if (backup?.run.status !== 'FAILED' && backup?.run.status !== 'CANCELED') return undefined;
  return { runNativeId: backup.run.nativeId, jobNativeId: backup.run.jobNativeId };
}

async function settleSchedule(
  mark: ScheduleMark,
  { appliance }: WriteTools,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const schedule = (await appliance.schedules(call)).value.rows.get(mark.schedule);
  if (schedule === undefined || !isAsWanted(schedule, mark)) return undefined;
  return { jobNativeId: encodeJobId({ kind: 'schedule', id: mark.schedule }) };
}

function isAsWanted(
  { enable, recurrence_info: told, retention_info: retention }: ScheduleWire,
  { enable: wantedEnable, recurrence: wanted, keep }: ScheduleMark,
): boolean {
  if (wantedEnable !== null && enable !== wantedEnable) return false;
  if (keep !== null && retention?.max_count !== keep) return false;
  if (wanted === null) return true;
  if (told === undefined || told.hour !== wanted.hour || told.minute !== wanted.minute) return false;
  const days = new Set<string>(told.days ?? VCENTER_DAYS);
  return days.size === wanted.days.length && wanted.days.every((day) => days.has(day));
}

/** A schedule that is there and cannot be read is there all the same. */
async function settleGone(
  { schedule: id }: GoneMark,
  { appliance }: WriteTools,
  call: ReadCall,
): Promise<WriteEffect | undefined> {
  const { rows, broken } = (await appliance.schedules(call)).value;
  if (rows.has(id) || broken.some((row) => row.id === undefined || row.id === id)) return undefined;
  return { jobNativeId: encodeJobId({ kind: 'schedule', id }) };
}

/** Accounts come as `name@domain` or `DOMAIN\name`, in any case, and a domain short or long. */
export function isSameAccount(told: string | undefined, ours: string): boolean {
  if (told === undefined) return false;
  const [a, b] = [accountOf(told), accountOf(ours)];
  if (a.name !== b.name) return false;
  return a.domain === undefined || b.domain === undefined || a.domain === b.domain;
}

function accountOf(text: string): { readonly name: string; readonly domain: string | undefined } {
  const lower = text.toLowerCase();
  const [, before, name] = /^([^\\]*)\\(.*)$/s.exec(lower) ?? [];
  if (name !== undefined) return { name, domain: before?.split('.')[0] };
  const [plain = '', domain] = lower.split('@', 2);
  return { name: plain, domain: domain?.split('.')[0] };
}
