import type { BackupJob } from './backup-job.ts';
import { type BackupRun, leftRestorableCopy } from './backup-run.ts';
import { isActive } from './backup-status.ts';
import { comingCopy } from './coming-copy.ts';
import { longestGapMs } from './longest-gap.ts';
import { MINUTE_MS, SECOND_MS } from './time-units.ts';

/**
 * How a protected object stands to its recovery point objective.
 *
 * - MET: the newest good copy is younger than the target, and nothing speaks against the next one.
 * - AT_RISK: it is younger still, but the next copy will not come in time, or it has used up most of the target.
 * - BREACHED: it is as old as the target or older.
 * - NEVER_PROTECTED: the whole history was read, and there is no good copy in it.
 * - UNKNOWN: it cannot be told; never a disguise for good.
 */
export const RPO_VERDICTS = ['MET', 'AT_RISK', 'BREACHED', 'NEVER_PROTECTED', 'UNKNOWN'] as const;
export type RpoVerdict = (typeof RPO_VERDICTS)[number];

/** Why a verdict is what it is. */
export const RPO_REASONS = [
  'COPY_IN_TIME',
  'NEXT_COPY_TOO_LATE',
  'NO_COPY_COMING',
  'COPY_AGEING',
  'COPY_TOO_OLD',
  'NO_COPY',
  'NO_TARGET',
  'HISTORY_UNREADABLE',
  'HISTORY_INCOMPLETE',
  'TIMES_IN_DOUBT',
] as const;
export type RpoReason = (typeof RPO_REASONS)[number];

/**
 * How much of an object's history was read. COMPLETE: jobs and runs, all that the vendor keeps, now. PARTIAL: some is missing or an older
 * copy was served, so that fresher runs may be unseen. UNREADABLE: the source did not answer.
 */
export type HistoryReading = 'COMPLETE' | 'PARTIAL' | 'UNREADABLE';

export interface RpoQuestion {
  /** All jobs that protect the object. */
  readonly jobs: readonly BackupJob[];
  /** What is known of the object's runs, in any order. */
  readonly runs: readonly BackupRun[];
  readonly history: HistoryReading;
  /** The vendor's history begins here, on its own clock; undefined: it forgets nothing that matters. */
  readonly historySince?: Date | undefined;
  /** Milliseconds; undefined: derived from the schedules. */
  readonly configuredTargetMs: number | undefined;
  /** Vendor clock minus gateway clock; undefined counts as none. */
  readonly clockSkewSeconds: number | undefined;
  /** On the gateway's clock. */
  readonly now: Date;
}

export interface RpoStatus {
  readonly verdict: RpoVerdict;
  readonly reason: RpoReason;
  /** Undefined when none is configured and none follows from a schedule. */
  readonly targetMs: number | undefined;
  /** Whether the target follows from the schedules. */
  readonly derived: boolean;
  /**
   * Age of the newest good copy, from when it was begun; undefined when there is none, or when fresher ones may be unseen. Of MET and
   * AT_RISK with an incomplete history: it is that old at most.
   */
  readonly achievedMs: number | undefined;
  /** When it breaks, or broke, on the gateway's clock; undefined of NEVER_PROTECTED and UNKNOWN, and where the age is not known. */
  readonly dueBy: Date | undefined;
  /** The newest good copy whose age is known. */
  readonly newestCopy: BackupRun | undefined;
}

/** A derived target is the longest gap of the schedules times this, … */
export const GRACE_FACTOR = 1.5;
/** … or the gap and this, whichever is longer: runs take time, however short the gap. */
export const LEAST_GRACE_MS = 30 * MINUTE_MS;
/** From this share of the target on, a copy's age alone is a risk. */
export const RISKY_SHARE = 0.8;
/** A copy begun further in the future than this tells of a clock, and nothing of its age. */
export const FUTURE_TOLERANCE_MS = 5 * MINUTE_MS;

/** How one protected object stands to its objective. The definitions are written down in docs/insight.md. */
export function rpoStatus(question: RpoQuestion): RpoStatus {
  const target = targetOf(question);
  const unknown = (reason: RpoReason, known?: Partial<RpoStatus>): RpoStatus => {
    return { verdict: 'UNKNOWN', reason, ...target, ...NOTHING, ...known };
  };
  if (question.history === 'UNREADABLE') return unknown('HISTORY_UNREADABLE');
  const copies = copiesOf(question);
  const { newest } = copies;
  if (newest === undefined && copies.doubtful.length === 0 && isWhole(question)) {
    return { verdict: 'NEVER_PROTECTED', reason: 'NO_COPY', ...target, ...NOTHING };
  }
  const { targetMs } = target;
  const isNewest = newest !== undefined && doubtAfter(newest.atMs, question, copies) === undefined;
  const sure = isNewest ? measured(newest, question, targetMs) : { ...NOTHING, newestCopy: newest?.run };
  if (targetMs === undefined) return unknown('NO_TARGET', { ...sure, dueBy: undefined });
  const breaksMs = question.now.getTime() - targetMs;
  if (newest !== undefined && newest.atMs > breaksMs) {
    const risk = riskOf(question, newest.atMs, targetMs);
    const standing = { verdict: risk === undefined ? 'MET' : 'AT_RISK', reason: risk ?? 'COPY_IN_TIME' } as const;
    return { ...standing, ...target, ...measured(newest, question, targetMs) };
  }
  const doubt = doubtAfter(breaksMs, question, copies);
  if (doubt !== undefined) return unknown(doubt, { newestCopy: newest?.run });
  return { verdict: 'BREACHED', reason: 'COPY_TOO_OLD', ...target, ...sure };
}

const NOTHING = { achievedMs: undefined, dueBy: undefined, newestCopy: undefined };

function targetOf(question: RpoQuestion): Pick<RpoStatus, 'targetMs' | 'derived'> {
  const { configuredTargetMs, jobs, now } = question;
  if (configuredTargetMs !== undefined) return { targetMs: configuredTargetMs, derived: false };
  const schedules = jobs.flatMap(({ enabled, schedule }) =>
    enabled === false || schedule === undefined ? [] : [schedule],
  );
  const gapMs = longestGapMs(schedules, new Date(now.getTime() + skewMsOf(question)));
  if (gapMs === undefined) return { targetMs: undefined, derived: false };
  return { targetMs: Math.max(gapMs * GRACE_FACTOR, gapMs + LEAST_GRACE_MS), derived: true };
}

function skewMsOf({ clockSkewSeconds }: RpoQuestion): number {
  return (clockSkewSeconds ?? 0) * SECOND_MS;
}

/** A good copy, and when it was begun in epoch milliseconds of the gateway's clock. */
interface Copy {
  readonly run: BackupRun;
  readonly atMs: number;
}

interface Copies {
  readonly newest: Copy | undefined;
  /** Of each copy whose age is not known: the latest instant at which it can have been begun; Infinity when nothing is known. */
  readonly doubtful: readonly number[];
}

function copiesOf(question: RpoQuestion): Copies {
  const latestMs = question.now.getTime() + FUTURE_TOLERANCE_MS;
  const skewMs = skewMsOf(question);
  let newest: Copy | undefined;
  const doubtful: number[] = [];
  for (const run of question.runs) {
    if (isActive(run.status) || !leftRestorableCopy(run)) continue;
    const beganMs = contentMsOf(run);
    if (beganMs === undefined) doubtful.push((run.endedAt?.getTime() ?? Infinity) - skewMs);
    else if (beganMs - skewMs > latestMs) doubtful.push(Infinity);
    else if (newest === undefined || beganMs - skewMs > newest.atMs) newest = { run, atMs: beganMs - skewMs };
  }
  return { newest, doubtful };
}

/** How old what is in a copy may be: it was read from when the run began. One that was accepted before began no earlier than that. */
function contentMsOf({ startedAt, queuedAt, endedAt, durationSeconds }: BackupRun): number | undefined {
  const told = startedAt ?? queuedAt;
  if (told !== undefined) return told.getTime();
  if (endedAt === undefined || durationSeconds === undefined || durationSeconds < 0) return undefined;
  return endedAt.getTime() - durationSeconds * SECOND_MS;
}

function isWhole({ history, historySince }: RpoQuestion): boolean {
  return history === 'COMPLETE' && historySince === undefined;
}

/** Why a copy begun after an instant may be there unseen; undefined when there is none for sure. */
function doubtAfter(atMs: number, question: RpoQuestion, { doubtful }: Copies): RpoReason | undefined {
  const sinceMs = (question.historySince?.getTime() ?? -Infinity) - skewMsOf(question);
  if (question.history === 'PARTIAL' || sinceMs > atMs) return 'HISTORY_INCOMPLETE';
  return doubtful.some((latestMs) => latestMs > atMs) ? 'TIMES_IN_DOUBT' : undefined;
}

function measured(
  { run, atMs }: Copy,
  { now }: RpoQuestion,
  targetMs: number | undefined,
): Pick<RpoStatus, 'achievedMs' | 'dueBy' | 'newestCopy'> {
  return {
    achievedMs: Math.max(0, now.getTime() - atMs),
    dueBy: targetMs === undefined ? undefined : new Date(atMs + targetMs),
    newestCopy: run,
  };
}

function riskOf(question: RpoQuestion, copyMs: number, targetMs: number): RpoReason | undefined {
  const dueBy = new Date(copyMs + targetMs);
  const coming = comingCopy({ ...question, skewMs: skewMsOf(question), dueBy });
  if (coming === 'TOO_LATE') return 'NEXT_COPY_TOO_LATE';
  if (coming === 'NONE') return 'NO_COPY_COMING';
  return question.now.getTime() - copyMs >= RISKY_SHARE * targetMs ? 'COPY_AGEING' : undefined;
}

/** How many objects there are of each verdict. */
export interface RpoTotals {
  readonly met: number;
  readonly atRisk: number;
  readonly breached: number;
  readonly neverProtected: number;
  readonly unknown: number;
}

export function rpoTotals(statuses: Iterable<Pick<RpoStatus, 'verdict'>>): RpoTotals {
  const numbers: Record<RpoVerdict, number> = { MET: 0, AT_RISK: 0, BREACHED: 0, NEVER_PROTECTED: 0, UNKNOWN: 0 };
  for (const { verdict } of statuses) numbers[verdict] += 1;
  return {
    met: numbers.MET,
    atRisk: numbers.AT_RISK,
    breached: numbers.BREACHED,
    neverProtected: numbers.NEVER_PROTECTED,
    unknown: numbers.UNKNOWN,
  };
}
