import { DAY_MS, WallClock } from '../../simulation/wall-clock.ts';

/** The appliance's own zone; schedules are read by its clock. */
export const APPLIANCE_ZONE = 'Europe/Berlin';

/** Days as the vendor names them, Sunday first as in `Date`. */
export const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Day = (typeof DAYS)[number];

export interface Recurrence {
  readonly hour: number;
  readonly minute: number;
  /** Left out means every day. */
  readonly days?: readonly Day[];
}

/** A schedule with all that was sent for it; the secrets are kept and never shown. */
export interface Schedule {
  readonly parts: readonly string[];
  readonly location: string;
  readonly locationUser?: string;
  readonly locationPassword?: string;
  readonly backupPassword?: string;
  readonly enabled: boolean;
  readonly recurrence?: Recurrence;
  readonly maxCount?: number;
  readonly fastBackup?: boolean;
}

/** The first instant after `after` at which the schedule is due; undefined when it is off or has no recurrence. */
export function nextFire(schedule: Schedule, after: number): number | undefined {
  const { enabled, recurrence } = schedule;
  if (!enabled || recurrence === undefined) return undefined;
  const today = clock.dateAt(after);
  for (let days = 0; days <= 8; days += 1) {
    const instant = fireOn(today + days * DAY_MS, recurrence);
    if (instant !== undefined && instant > after) return instant;
  }
  return undefined;
}

/** The latest `count` instants before `before` at which the recurrence was due, newest first. */
export function pastFires(recurrence: Recurrence, before: number, count: number): number[] {
  const fires: number[] = [];
  for (let date = clock.dateAt(before); fires.length < count; date -= DAY_MS) {
    const instant = fireOn(date, recurrence);
    if (instant !== undefined && instant < before) fires.push(instant);
  }
  return fires;
}

function fireOn(date: number, { hour, minute, days }: Recurrence): number | undefined {
  const day = DAYS[new Date(date).getUTCDay()];
  if (days !== undefined && day !== undefined && !days.includes(day)) return undefined;
  return clock.instantAt(date, (hour * 60 + minute) * 60);
}

const clock = new WallClock(APPLIANCE_ZONE);
