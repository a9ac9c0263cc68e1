import type { JsonValue } from '../../domain/backup-operation.ts';
import type { SailPointScheduleRequest } from '../../domain/write-request.ts';
import type { ObjectReader } from '../../transport/reader.ts';
import type { ScheduledActionWire } from './wire.ts';

/** The members of a mark that say how the times of an action are to be. */
export function wantedMark({ startAt, cron, timeZone }: SailPointScheduleRequest): Readonly<Record<string, JsonValue>> {
  return { startTime: startAt?.toISOString() ?? null, cron: cron ?? null, timeZone: timeZone ?? null };
}

export function wantedFrom(mark: ObjectReader): SailPointScheduleRequest {
  return {
    startAt: mark.optionalInstant('startTime'),
    cron: mark.optionalText('cron'),
    timeZone: mark.optionalText('timeZone'),
  };
}

/**
 * Whether an action is as it was wanted, so far as anything was.
 *
 * The vendor leaves members out at times: WHERE_TOLD takes what it does not tell for right, EVERYWHERE does not.
 */
export function fits(
  action: ScheduledActionWire,
  { startAt, cron, timeZone }: SailPointScheduleRequest,
  where: 'EVERYWHERE' | 'WHERE_TOLD',
): boolean {
  const same = <T>(wanted: T | undefined, told: T | undefined, key: (value: T) => unknown): boolean =>
    wanted === undefined || (told === undefined ? where === 'WHERE_TOLD' : key(told) === key(wanted));
  return (
    // The vendor prints none to six digits of a second.
    same(startAt, action.startTime, (instant) => Math.floor(instant.getTime() / 1000)) &&
    same(cron, action.cronString, (text) => text.trim().split(/\s+/).join(' ')) &&
    same(timeZone, action.timeZoneId, canonicalZone)
  );
}

/** One name for all names of a zone, such as Asia/Calcutta and Asia/Kolkata. */
function canonicalZone(timeZone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
}
