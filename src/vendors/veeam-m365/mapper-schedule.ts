import type { BackupWindow, MinuteOffsetReading, WindowSemantics } from '../../domain/backup-window.ts';
import type { Recurrence, RetryPolicy, Schedule } from '../../domain/schedule.ts';
import { daysOf, minutesOf, parseTimeOfDay, policyKind } from './schedule-words.ts';
import type { SchedulePolicyWire, WindowWire } from './wire-schedule.ts';

/** What the operator says of the server's clock, because the API does not. */
export interface ServerClock {
  /** Zone of its wall clock. */
  readonly timeZone: string | undefined;
  /** How the offset of a window is meant. */
  readonly minuteOffsetReading: MinuteOffsetReading | undefined;
}

/**
 * The schedule of a job.
 *
 * Its clock is the server's, in a zone that the API does not tell: without `timeZone` from the operator there is none.
 */
export function mapSchedule(policy: SchedulePolicyWire, isEnabled: boolean | undefined, clock: ServerClock): Schedule {
  const { timeZone, minuteOffsetReading } = clock;
  const window = mapWindow(policy);
  return {
    enabled: isEnabled === false || policy.scheduleEnabled === false ? false : isEnabled,
    recurrence: mapRecurrence(policy),
    zone: timeZone === undefined ? undefined : { timeZone },
    startsAt: undefined,
    retry: mapRetry(policy),
    window: window && { ...window, minuteOffsetReading },
  };
}

function mapRecurrence(policy: SchedulePolicyWire): Recurrence {
  if (policy.scheduleEnabled === false) return { form: 'MANUAL' };
  switch (policy.type === undefined ? undefined : policyKind(policy.type)) {
    case 'DAILY':
      return mapDaily(policy) ?? unknownRecurrence(policy, policy.dailyType);
    case 'PERIODICALLY':
      return mapInterval(policy) ?? unknownRecurrence(policy, policy.periodicallyEvery);
    case 'MANUAL_ONLY':
      return { form: 'MANUAL' };
    case undefined:
      return unknownRecurrence(policy, undefined);
  }
}

function mapDaily({ dailyType, dailyTime }: SchedulePolicyWire): Recurrence | undefined {
  const days = dailyType === undefined ? undefined : daysOf(dailyType);
  const at = dailyTime === undefined ? undefined : parseTimeOfDay(dailyTime);
  return days === undefined || at === undefined ? undefined : { form: 'WEEKLY', days, at };
}

/** The offset moves starts within the hour, so it says nothing beside intervals of minutes. */
function mapInterval({ periodicallyEvery, periodicallyOffsetMinutes }: SchedulePolicyWire): Recurrence | undefined {
  const everyMinutes = periodicallyEvery === undefined ? undefined : minutesOf(periodicallyEvery);
  if (everyMinutes === undefined) return undefined;
  const offsetMinutes = everyMinutes >= 60 ? (periodicallyOffsetMinutes ?? 0) : 0;
  return { form: 'INTERVAL', everyMinutes, offsetMinutes };
}

function unknownRecurrence({ type }: SchedulePolicyWire, detail: string | undefined): Recurrence {
  return { form: 'UNKNOWN', raw: [type, detail].filter((word) => word !== undefined).join(' ') };
}

function mapRetry({ retryEnabled, retryNumber, retryWaitInterval }: SchedulePolicyWire): RetryPolicy | undefined {
  if (retryEnabled === undefined) return undefined;
  return { enabled: retryEnabled, attempts: retryNumber, intervalMinutes: retryWaitInterval };
}

/**
 * The one window that the gateway shows of the vendor's two: the backup window, whose end terminates a run, when it is on; else
 * the start window of a periodic job when that is on; else the backup window, switched off.
 */
function mapWindow(policy: SchedulePolicyWire): BackupWindow | undefined {
  const { backupWindowEnabled, backupWindowSettings, periodicallyWindowSettings } = policy;
  if (backupWindowEnabled === true) return windowOf(backupWindowSettings, true, 'MUST_FINISH_INSIDE');
  if (hasStartWindow(policy)) return windowOf(periodicallyWindowSettings, true, 'MAY_START_INSIDE');
  // Without a word on whether it is on, nothing can be said about a window.
  return backupWindowEnabled === false ? windowOf(backupWindowSettings, false, 'MUST_FINISH_INSIDE') : undefined;
}

/** v6 has the grid without the switch; there the grid counts. */
function hasStartWindow({ type, periodicallyWindowEnabled, periodicallyWindowSettings }: SchedulePolicyWire): boolean {
  const isPeriodic = type !== undefined && policyKind(type) === 'PERIODICALLY';
  return isPeriodic && (periodicallyWindowEnabled ?? periodicallyWindowSettings !== undefined);
}

function windowOf(
  settings: WindowWire | undefined,
  enabled: boolean,
  semantics: WindowSemantics,
): BackupWindow | undefined {
  if (settings === undefined) return undefined;
  return { enabled, semantics, hours: settings.backupWindow, utcOffsetMinutes: settings.minuteOffset };
}
