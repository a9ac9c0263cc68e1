import type { BackupRun, RunCondition } from './backup-run.ts';
import { expectedDurationSeconds } from './forecast.ts';
import { MINUTE_MS, SECOND_MS } from './time-units.ts';

/** A run is stalled once it lasts longer than its usual duration times this, … */
export const STALL_FACTOR = 3;
/** … but not before it lasts so long. */
export const LEAST_STALL_SECONDS = (30 * MINUTE_MS) / SECOND_MS;

export interface StallReading {
  readonly isStalled: boolean;
  readonly runningSeconds: number;
  /** From when on it is stalled. */
  readonly limitSeconds: number;
}

/**
 * Whether a run under way lasts much longer than its job's runs do as a rule: the median of the newest good ones.
 *
 * A run that waits has not begun, and is not stalled; one that is being cancelled may be. `now` is on the gateway's clock, the skew is the
 * vendor's clock minus that. Undefined when it is not under way, when nobody knows since when, and without history.
 */
export function stallReading(
  run: BackupRun,
  runsOfJob: Iterable<BackupRun>,
  { now, clockSkewSeconds }: { readonly now: Date; readonly clockSkewSeconds: number | undefined },
): StallReading | undefined {
  const isUnderWay = run.status === 'RUNNING' || run.status === 'CANCELING';
  if (!isUnderWay || run.startedAt === undefined) return undefined;
  const usualSeconds = expectedDurationSeconds(runsOfJob);
  if (usualSeconds === undefined) return undefined;
  const elapsed = (now.getTime() - run.startedAt.getTime()) / SECOND_MS + (clockSkewSeconds ?? 0);
  const runningSeconds = Math.max(0, elapsed);
  const limitSeconds = Math.max(LEAST_STALL_SECONDS, usualSeconds * STALL_FACTOR);
  return { isStalled: runningSeconds > limitSeconds, runningSeconds, limitSeconds };
}

/** What to show beside a stalled run, next to the vendor's own conditions; undefined for one that is not. */
export function stalledCondition(reading: StallReading | undefined): RunCondition | undefined {
  return reading?.isStalled === true ? { kind: 'STALLED', nativeKind: undefined, severity: 'WARNING' } : undefined;
}
