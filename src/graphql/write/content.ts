import { decodeGlobalId } from '../../domain/native-id.ts';
import { GatewayError } from '../../domain/errors.ts';
import type {
  CreateTarget,
  ScheduleTarget,
  SecretChoice,
  VCenterDestinationRequest,
  VeeamScheduleRequest,
} from '../../domain/write-request.ts';
import type {
  CreateBackupTarget,
  CreateSailPointBackupInput,
  CreateVCenterBackupInput,
  CreateVeeamJobInput,
  SecretInput,
  VCenterDestinationInput,
} from './create-backup.input.ts';
import type { ScheduleInput, VeeamScheduleInput } from './schedule.input.ts';

/** Inputs as the domain knows them: no nulls, no GraphQL. That exactly one section is given has been checked (`@oneOf`). */
export function createTarget(target: CreateBackupTarget, sourceKey: string): CreateTarget {
  if (isGiven(target.sailpoint)) return { section: 'sailpoint', backup: sailPointBackup(target.sailpoint) };
  if (isGiven(target.vcenter)) return { section: 'vcenter', backup: vcenterBackup(target.vcenter, sourceKey) };
  if (isGiven(target.veeam)) return { section: 'veeam', backup: veeamJob(target.veeam) };
  throw new GatewayError('INVALID_INPUT', 'Give exactly one section of "input.target".', { argument: 'input.target' });
}

export function scheduleTarget(schedule: ScheduleInput): ScheduleTarget {
  if (isGiven(schedule.veeam)) return { section: 'veeam', schedule: veeamSchedule(schedule.veeam) };
  if (isGiven(schedule.vcenter)) {
    const { enabled, days, hour, minute, keep } = schedule.vcenter;
    return {
      section: 'vcenter',
      schedule: {
        enabled: enabled ?? undefined,
        days: days ?? undefined,
        hour: hour ?? undefined,
        minute: minute ?? undefined,
        keep: keep ?? undefined,
      },
    };
  }
  if (isGiven(schedule.sailpoint)) {
    const { startAt, cron, timeZone } = schedule.sailpoint;
    return {
      section: 'sailpoint',
      schedule: { startAt: startAt ?? undefined, cron: cron ?? undefined, timeZone: timeZone ?? undefined },
    };
  }
  throw new GatewayError('INVALID_INPUT', 'Give exactly one section of "input.schedule".', {
    argument: 'input.schedule',
  });
}

function sailPointBackup(input: CreateSailPointBackupInput) {
  const { name, startAt, cron, timeZone, includeTypes, includedNames } = input;
  return {
    name,
    startAt: startAt ?? undefined,
    cron: cron ?? undefined,
    timeZone: timeZone ?? undefined,
    includeTypes: includeTypes ?? undefined,
    includedNames: includedNames?.map(({ type, names }) => ({ type, names })),
  };
}

function vcenterBackup(input: CreateVCenterBackupInput, sourceKey: string) {
  const { destination, parts, backupPassword, comment, fast } = input;
  return {
    destination: vcenterDestination(destination, sourceKey),
    parts: parts ?? undefined,
    backupPassword: secretChoice(backupPassword),
    comment: comment ?? undefined,
    fast: fast ?? undefined,
  };
}

function vcenterDestination(input: VCenterDestinationInput, sourceKey: string): VCenterDestinationRequest {
  const { configured, inline, schedule } = input;
  if (isGiven(configured)) return { kind: 'configured', name: configured };
  if (isGiven(inline)) {
    const { type, location, user, password } = inline;
    return { kind: 'inline', type, location, user: user ?? undefined, password: secretChoice(password) };
  }
  const argument = 'input.target.vcenter.destination.schedule';
  const id = decodeGlobalId(schedule ?? '', argument, 'BackupJob');
  if (id.sourceKey !== sourceKey)
    throw new GatewayError('INVALID_INPUT', `Argument "${argument}" names a job of another source.`, { argument });
  return { kind: 'schedule', jobNativeId: id.nativeId };
}

function veeamJob(input: CreateVeeamJobInput) {
  const { organizationId, name, description, repositoryId, schedule, runNow } = input;
  return {
    organizationId,
    name,
    description: description ?? undefined,
    repositoryId,
    schedule: isGiven(schedule) ? veeamSchedule(schedule) : undefined,
    runNow: runNow ?? false,
  };
}

function veeamSchedule({ daily, periodically, window, retry }: VeeamScheduleInput): VeeamScheduleRequest {
  return {
    daily: isGiven(daily) ? { day: daily.day, time: daily.time } : undefined,
    periodically: periodically ?? undefined,
    window: isGiven(window)
      ? {
          hours: window.hours ?? undefined,
          intervals: window.intervals?.map(({ day, fromHour, toHour }) => ({ day, fromHour, toHour })),
          utcOffsetMinutes: window.utcOffsetMinutes,
        }
      : undefined,
    retry: isGiven(retry) ? { attempts: retry.attempts, intervalMinutes: retry.intervalMinutes } : undefined,
  };
}

function secretChoice(input: SecretInput | null | undefined): SecretChoice | undefined {
  return isGiven(input) ? { value: input.value ?? undefined, ref: input.ref ?? undefined } : undefined;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
