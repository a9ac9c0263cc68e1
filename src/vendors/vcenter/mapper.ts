import type { BackupJob, VCenterBackupDetails } from '../../domain/backup-job.ts';
import { compareNewestFirst, type BackupRun, type RunMessage, type Severity } from '../../domain/backup-run.ts';
import { isActive, type StatusReading } from '../../domain/backup-status.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { Recurrence, Schedule, Weekday, Zone } from '../../domain/schedule.ts';
import { APPLIANCE_ID, encodeJobId, encodeRunId } from './ids.ts';
import { locationType, withoutCredentials, withoutUrlCredentials } from './location.ts';
import { mapDay, mapDetailsOutcome, mapJobState, mapType } from './status.ts';
import type { MessageWire } from './wire-messages.ts';
import type { BrokenRow } from './wire-map.ts';
import type { DetailsWire, JobStatusWire, ScheduleWire } from './wire.ts';

/** One backup: its run, and what only its job or its capabilities need. */
export interface Backup {
  readonly id: string;
  readonly run: BackupRun;
  readonly description: string | undefined;
  /** The vendor's word; undefined when it was not told. */
  readonly type: string | undefined;
  /** Undefined when not told. */
  readonly cancelable: boolean | undefined;
}

export interface BackupContext {
  readonly sourceKey: string;
  readonly fetchedAt: Date;
  /** The appliance's schedule when it has exactly one: no id ties a backup to its schedule. */
  readonly onlyScheduleId: string | undefined;
}

/** A backup from the job details. */
export function mapDetails(id: string, wire: DetailsWire, context: BackupContext): Backup {
  const reading = mapDetailsOutcome(wire);
  const trigger = mapType(wire.type);
  const run: BackupRun = {
    ...runOf(id, reading, wire, context),
    jobNativeId: jobIdOf(id, trigger, context.onlyScheduleId),
    trigger,
    requestedBy: wire.user,
    durationSeconds: wire.duration ?? elapsedSeconds(reading, wire),
    progressPercent: percent(wire.progress?.completed, wire.progress?.total),
    messages: [...wire.messages.map((one) => mapMessage(one)), ...wire.error.map((one) => mapMessage(one, 'ERROR'))],
    bytes: wire.size,
    details: detailsOf(wire.location, undefined),
  };
  const description = wire.description === undefined ? '' : withoutUrlCredentials(wire.description.text);
  return {
    id,
    run,
    description: description === '' ? undefined : description,
    type: wire.type,
    cancelable: wire.cancelable,
  };
}

/**
 * A backup from the job status of 6.5, which tells no type.
 *
 * 6.5 has no schedules, so each backup was asked for by somebody: it counts as MANUAL (an assumption).
 */
export function mapJobStatus(wire: JobStatusWire, context: Omit<BackupContext, 'onlyScheduleId'>): Backup {
  const reading = mapJobState(wire.state);
  const run: BackupRun = {
    ...runOf(wire.id, reading, wire, context),
    jobNativeId: jobIdOf(wire.id, 'MANUAL', undefined),
    trigger: 'MANUAL',
    requestedBy: undefined,
    durationSeconds: elapsedSeconds(reading, wire),
    progressPercent: percent(wire.progress, 100),
    messages: wire.messages.map((one) => mapMessage(one)),
    bytes: undefined,
    details: undefined,
  };
  return { id: wire.id, run, description: undefined, type: 'MANUAL', cancelable: undefined };
}

/** The job of a backup that was started by hand: that one run is all there is to it. Undefined for other backups. */
export function mapManualJob({ id, run, description, type }: Backup): BackupJob | undefined {
  if (mapType(type) !== 'MANUAL') return undefined;
  return {
    sourceKey: run.sourceKey,
    nativeId: encodeJobId({ kind: 'backup', id }),
    kind: 'ONE_OFF',
    name: `vCenter backup ${id}`,
    description,
    enabled: undefined,
    status: run.status,
    nativeStatus: run.nativeStatus,
    protects: THE_APPLIANCE,
    lastRun: run,
    lastRunAt: run.startedAt,
    nextRunAt: undefined,
    schedule: undefined,
    details: run.details?.type === 'VCenterBackupDetails' ? run.details : undefined,
    observedAt: run.observedAt,
  };
}

/** The newest scheduled backup; `'NOT_SURE'` when something that could not be read may be newer or may be one. */
export type NewestScheduled = Backup | 'NOT_SURE' | undefined;

export interface ScheduleContext {
  readonly sourceKey: string;
  readonly zone: Zone | undefined;
  readonly newest: NewestScheduled;
  readonly fetchedAt: Date;
}

/** The job of a schedule. Its status is that of the newest run, NONE before the first. */
export function mapScheduleJob(id: string, wire: ScheduleWire, context: ScheduleContext): BackupJob {
  const { newest } = context;
  const run = newest === 'NOT_SURE' ? undefined : newest?.run;
  return {
    sourceKey: context.sourceKey,
    nativeId: encodeJobId({ kind: 'schedule', id }),
    kind: 'RECURRING',
    name: id,
    description: undefined,
    enabled: wire.enable,
    status: newest === 'NOT_SURE' ? 'UNKNOWN' : (run?.status ?? 'NONE'),
    nativeStatus: run?.nativeStatus,
    protects: THE_APPLIANCE,
    lastRun: newest === 'NOT_SURE' ? 'NOT_TOLD' : run,
    lastRunAt: run?.startedAt,
    nextRunAt: undefined,
    schedule: mapSchedule(wire, context.zone),
    details: detailsOf(wire.location, wire.parts),
    observedAt: context.fetchedAt,
  };
}

/**
 * The newest backup that a schedule started.
 *
 * A row that could not be read, or whose type is missing or nobody knows, may be the newest one: then an older success is no answer.
 */
export function newestScheduled(backups: readonly Backup[], broken: readonly BrokenRow[]): NewestScheduled {
  const [newest] = backups
    .filter(({ type }) => mapType(type) !== 'MANUAL')
    .toSorted((a, b) => compareNewestFirst(a.run, b.run));
  const newestMs = newest === undefined ? -Infinity : (newest.run.startedAt?.getTime() ?? Infinity);
  const mayBeNewer = scheduledAmong(broken).some(({ startedAt }) => (startedAt?.getTime() ?? Infinity) >= newestMs);
  return mayBeNewer || (newest !== undefined && mapType(newest.type) === undefined) ? 'NOT_SURE' : newest;
}

/** Of the rows that could not be read, those that may be scheduled backups. */
export function scheduledAmong(broken: readonly BrokenRow[]): readonly BrokenRow[] {
  return broken.filter(({ type }) => mapType(type) !== 'MANUAL');
}

/** The vendor knows no window, retry policy or next run; its times stand on the appliance's clock. */
export function mapSchedule({ enable, recurrence_info }: ScheduleWire, zone: Zone | undefined): Schedule {
  return {
    enabled: enable,
    recurrence: mapRecurrence(recurrence_info),
    zone,
    startsAt: undefined,
    retry: undefined,
    window: undefined,
  };
}

/** No recurrence: only by hand. No days: every day. A day or time that no clock knows makes the whole unknown. */
export function mapRecurrence(info: ScheduleWire['recurrence_info']): Recurrence {
  if (info === undefined) return { form: 'MANUAL' };
  const { hour, minute, days: words } = info;
  if (!isWithin(hour, 23) || !isWithin(minute, 59)) return { form: 'UNKNOWN', raw: `${hour ?? '?'}:${minute ?? '?'}` };
  const strange = words?.find((word) => mapDay(word) === undefined);
  if (strange !== undefined || words?.length === 0) return { form: 'UNKNOWN', raw: strange ?? 'no days' };
  const days = EVERY_DAY.filter((day) => words === undefined || words.some((word) => mapDay(word) === day));
  return { form: 'WEEKLY', days, at: { hour, minute, second: 0 } };
}

export function mapProtectedObject(sourceKey: string, name: string): ProtectedObject {
  return { sourceKey, name, ...THE_APPLIANCE };
}

const THE_APPLIANCE = { nativeId: APPLIANCE_ID, kind: 'APPLIANCE' } as const;

const EVERY_DAY: readonly Weekday[] = [0, 1, 2, 3, 4, 5, 6];

function runOf(
  id: string,
  reading: StatusReading,
  times: Pick<DetailsWire, 'start_time' | 'end_time'>,
  { sourceKey, fetchedAt }: Omit<BackupContext, 'onlyScheduleId'>,
) {
  return {
    sourceKey,
    nativeId: encodeRunId(id),
    status: reading.status,
    nativeStatus: reading.raw,
    queuedAt: undefined,
    startedAt: hasBegun(reading) ? times.start_time : undefined,
    endedAt: isActive(reading.status) ? undefined : times.end_time,
    conditions: [],
    errorCount: undefined,
    warningCount: undefined,
    objectCount: undefined,
    restorable: undefined,
    observedAt: fetchedAt,
  };
}

/** A blocked job has a beginning by the document; one that is pending or not started has none. */
function hasBegun({ raw }: StatusReading): boolean {
  return raw !== 'PENDING' && raw !== 'NONE';
}

function jobIdOf(
  id: string,
  trigger: 'SCHEDULED' | 'MANUAL' | undefined,
  onlyScheduleId: string | undefined,
): string | undefined {
  if (trigger === 'MANUAL') return encodeJobId({ kind: 'backup', id });
  if (trigger === undefined || onlyScheduleId === undefined) return undefined;
  return encodeJobId({ kind: 'schedule', id: onlyScheduleId });
}

function elapsedSeconds(
  { status }: StatusReading,
  { start_time: start, end_time: end }: Pick<DetailsWire, 'start_time' | 'end_time'>,
): number | undefined {
  if (isActive(status) || start === undefined || end === undefined || end < start) return undefined;
  return (end.getTime() - start.getTime()) / 1000;
}

function percent(completed: number | undefined, total: number | undefined): number | undefined {
  if (completed === undefined || total === undefined || total <= 0) return undefined;
  return Math.min(Math.max(Math.floor((100 * completed) / total), 0), 100);
}

/** The vendor gives no severities; only what came as the job's error is known to be one. */
function mapMessage({ id, text, args }: MessageWire, severity?: Severity): RunMessage {
  return { id, text: withoutUrlCredentials(text), args: args.map(withoutUrlCredentials), severity };
}

function detailsOf(location: string | undefined, parts: readonly string[] | undefined): VCenterBackupDetails {
  return {
    type: 'VCenterBackupDetails',
    parts,
    locationType: location === undefined ? undefined : locationType(location),
    location: location === undefined ? undefined : withoutCredentials(location),
    comment: undefined,
    encrypted: undefined,
  };
}

function isWithin(value: number | undefined, most: number): value is number {
  return value !== undefined && value >= 0 && value <= most;
}
