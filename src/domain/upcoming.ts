import { isOpenAt } from './backup-window.ts';
import { nextRuns, runsAfter } from './next-runs.ts';
import type { Schedule } from './schedule.ts';
import { MINUTE_MS } from './time-units.ts';

/** VENDOR_ANNOUNCED: the vendor named this instant. COMPUTED: it follows from the schedule that the vendor told. */
export const UPCOMING_BASES = ['VENDOR_ANNOUNCED', 'COMPUTED'] as const;
export type UpcomingBasis = (typeof UPCOMING_BASES)[number];

export interface UpcomingInstant {
  readonly at: Date;
  readonly basis: UpcomingBasis;
  /** Whether the window is open then; undefined when the schedule has none. */
  readonly insideWindow: boolean | undefined;
}

/** Instants no further apart than this count as one; vendors announce to the second, schedules are kept to the minute. */
const TOLERANCE_MS = MINUTE_MS;

/** The first `count` of `upcomingAfter`, or fewer. */
export function upcomingInstants(
  schedule: Schedule | undefined,
  announced: Date | undefined,
  after: Date,
  count: number,
): UpcomingInstant[] {
  return count >= 1 ? upcomingAfter(schedule, announced, after).take(count).toArray() : [];
}

/**
 * The runs strictly after `after`, in order, worked out as they are asked for; often without end.
 *
 * The vendor's announced run leads when it lies after `after`; what is computed follows it, and a computed run within a
 * minute of it is the same run. A schedule that is switched off has no next runs, announced or not.
 */
export function* upcomingAfter(
  schedule: Schedule | undefined,
  announced: Date | undefined,
  after: Date,
): Generator<UpcomingInstant, void> {
  if (schedule?.enabled === false) return;
  const window = schedule?.window;
  const upcoming = (at: Date, basis: UpcomingBasis): UpcomingInstant => {
    return { at, basis, insideWindow: window === undefined ? undefined : isOpenAt(window, at) };
  };
  let computedAfter = after;
  if (announced !== undefined && announced > after) {
    yield upcoming(announced, 'VENDOR_ANNOUNCED');
    computedAfter = new Date(announced.getTime() + TOLERANCE_MS - 1);
  }
  if (schedule === undefined) return;
  for (const at of runsAfter(schedule, computedAfter)) yield upcoming(at, 'COMPUTED');
}

/**
 * Whether the vendor's announced next run follows from its own schedule.
 *
 * It agrees when the schedule yields that instant at all, give or take a minute, be it the very next one or a later one: a
 * vendor may have reason to leave a run out, but none to invent one. Undefined when either is unknown, or when nothing can
 * be computed, neither around the announced instant nor after `now`.
 */
export function agreesWithVendor(
  schedule: Schedule | undefined,
  announced: Date | undefined,
  now: Date,
): boolean | undefined {
  if (schedule === undefined || announced === undefined) return undefined;
  const [nearest] = nextRuns(schedule, new Date(announced.getTime() - TOLERANCE_MS - 1), 1);
  if (nearest !== undefined) return nearest.getTime() <= announced.getTime() + TOLERANCE_MS;
  return nextRuns(schedule, now, 1).length > 0 ? false : undefined;
}
