import { SeededRandom } from '../../simulation/random.ts';
import { firstForbidden, nextFire, type Policy } from './simulator-schedule.ts';
import { MINUTE_MS } from './simulator-time.ts';

/** A finished run's word; `Queued` and `Running` are never stored, they follow from the clock. */
export type Outcome = 'Success' | 'Warning' | 'Failed' | 'Stopped' | 'Disconnected' | 'NotConfigured' | 'Updating';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly officeName: string | undefined;
  readonly type: 'Office365' | 'OnPremises' | 'Hybrid';
  readonly region: string | undefined;
  readonly firstBackupAt: number;
}

export interface Repository {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly path: string;
  readonly capacityBytes: number;
  readonly freeSpaceBytes: number;
  readonly proxyId: string;
  readonly retentionType: 'ItemLevel' | 'SnapshotBased';
  readonly periodType: 'Daily' | 'Monthly' | 'Yearly';
  readonly dailyPeriod?: number;
  readonly monthlyPeriod?: number;
  readonly yearlyPeriod?: string;
}

export type Item = Readonly<Record<string, unknown>>;

export interface Job {
  readonly id: string;
  /** Position at creation; seeds everything random about the job. */
  readonly number: number;
  name: string;
  description: string;
  readonly organization: Organization;
  repository: Repository;
  readonly backupType: 'EntireOrganization' | 'SelectedItems';
  policy: Policy;
  enabled: boolean;
  selectedItems: readonly Item[];
  excludedItems: readonly Item[];
  /** A backup copy job hangs on it (product 6 and later), so that it cannot be deleted. */
  readonly hasCopyJob: boolean;
  /** Oldest first. */
  readonly runs: Run[];
  runCount: number;
  nextFireAt: number | undefined;
  retry: { readonly at: number; readonly of: Run } | undefined;
  eTag: number;
}

export interface Run {
  readonly id: string;
  readonly job: Job;
  readonly number: number;
  readonly startedAt: number;
  /** Before this instant the run waits for a slot. */
  runningFrom: number;
  endsAt: number;
  /** When it would end undisturbed. */
  plannedEndsAt: number;
  outcome: Outcome;
  endReason: 'done' | 'window' | 'user';
  readonly retryCount: number;
  readonly mainId: string;
  willBeRetried: boolean;
  readonly objects: number;
  readonly bytes: number;
}

/** The word of a run at an instant. */
export function statusOf(run: Run, now: number): Outcome | 'Running' | 'Queued' {
  if (now >= run.endsAt) return run.outcome;
  return now < run.runningFrom ? 'Queued' : 'Running';
}

/** The part of a run's work that is done, 0 to 1; a run that was cut short stays below 1. */
export function doneShare(run: Run, now: number): number {
  const workedMs = Math.floor((Math.min(now, run.endsAt) - run.runningFrom) / 1000) * 1000;
  const plannedMs = Math.max(1000, Math.floor((run.plannedEndsAt - run.runningFrom) / 1000) * 1000);
  return Math.min(1, Math.max(0, workedMs / plannedMs));
}

/**
 * Everything the simulated server holds. Nothing runs in the background: each question first brings every job up to the
 * clock, and what happens then follows from the seed, the job and the number of the run alone, not from when somebody asks.
 */
export class VeeamState {
  readonly organizations: Organization[] = [];
  readonly repositories: Repository[] = [];
  readonly #jobs = new Map<string, Job>();
  readonly #runs = new Map<string, Run>();
  readonly #seed: number;
  readonly #queues: boolean;
  #sorted: Run[] | undefined;
  #created = 0;

  /** `queues`: versions from v5 on know the status Queued. */
  constructor(seed: number, queues: boolean) {
    this.#seed = seed;
    this.#queues = queues;
  }

  /** Jobs in the order of their creation. */
  jobs(now: number): readonly Job[] {
    for (const job of this.#jobs.values()) this.advance(job, now);
    return [...this.#jobs.values()];
  }

  job(id: string, now: number): Job | undefined {
    const job = this.#jobs.get(id.toLowerCase());
    if (job !== undefined) this.advance(job, now);
    return job;
  }

  run(id: string, now: number): Run | undefined {
    this.jobs(now);
    return this.#runs.get(id.toLowerCase());
  }

  /** All sessions, job by job. */
  runsByJob(now: number): Run[] {
    return this.jobs(now).flatMap(({ runs }) => runs);
  }

  /** All sessions ordered by id: an order of the server's own, that says nothing about time. */
  runsById(now: number): readonly Run[] {
    this.jobs(now);
    this.#sorted ??= [...this.#runs.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return this.#sorted;
  }

  /** Random numbers that belong to one job and purpose. */
  random(jobNumber: number, purpose: number): SeededRandom {
    return new SeededRandom(
      Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(jobNumber + 1, 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35),
    );
  }

  nextJobNumber(): number {
    return this.#created++;
  }

  addJob(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  removeJob(job: Job): void {
    this.#jobs.delete(job.id);
    for (const run of job.runs) this.#runs.delete(run.id);
    this.#sorted = undefined;
  }

  /** Lets everything happen to a job that is due up to `now`. */
  advance(job: Job, now: number): void {
    for (;;) {
      const { retry, nextFireAt } = job;
      const retryIsNext = retry !== undefined && retry.at < (nextFireAt ?? Infinity);
      const due = retryIsNext ? retry.at : nextFireAt;
      if (due === undefined) return;
      const at = due + startDelayMs(job);
      if (at > now) return;
      if (retryIsNext) job.retry = undefined;
      else job.nextFireAt = nextFire(job.policy, due);
      if (job.enabled && !this.isBusy(job, at)) this.begin(job, at, retryIsNext ? retry.of : undefined);
    }
  }

  isBusy(job: Job, now: number): boolean {
    const last = job.runs.at(-1);
    return last !== undefined && now < last.endsAt;
  }

  /** Starts by hand; allowed for disabled jobs, and not bound to the backup window. */
  start(job: Job, now: number): Run {
    job.retry = undefined;
    return this.begin(job, now, undefined, true);
  }

  /** Asks the newest run to end; it takes some seconds. */
  stop(job: Job, now: number): void {
    const run = job.runs.at(-1);
    if (run === undefined) return;
    run.endsAt = Math.min(run.endsAt, now + STOP_TAKES_MS);
    run.outcome = 'Stopped';
    run.endReason = 'user';
    run.willBeRetried = false;
    job.retry = undefined;
  }

  /** Called after the policy or the enabled flag changed. */
  reschedule(job: Job, now: number): void {
    job.nextFireAt = nextFire(job.policy, now);
    job.retry = undefined;
    job.eTag += 1;
  }

  begin(job: Job, at: number, retryOf: Run | undefined, byHand = false): Run {
    job.runCount += 1;
    const random = this.random(job.number, job.runCount);
    const id = random.uuid();
    const waitMs = this.#queues && random.next() < 0.2 ? 10_000 : 0;
    const objects = random.integer(40, 4000);
    const endsAt = at + random.integer(60, 300) * 1000 + random.integer(0, 999);
    const run: Run = {
      id,
      job,
      number: job.runCount,
      startedAt: at,
      runningFrom: at + waitMs,
      endsAt,
      plannedEndsAt: endsAt,
      outcome: drawOutcome(random),
      endReason: 'done',
      retryCount: (retryOf?.retryCount ?? -1) + 1,
      mainId: retryOf?.mainId ?? id,
      willBeRetried: false,
      objects,
      bytes: objects * random.integer(2_000, 4_000_000),
    };
    if (!byHand) keepToWindow(run);
    planRetry(run);
    this.#keep(run);
    return run;
  }

  #keep(run: Run): void {
    const { runs } = run.job;
    runs.push(run);
    this.#runs.set(run.id, run);
    if (runs.length > KEPT_RUNS) this.forgetOldest(run.job);
    this.#sorted = undefined;
  }

  forgetOldest(job: Job): void {
    const oldest = job.runs.shift();
    if (oldest !== undefined) this.#runs.delete(oldest.id);
    this.#sorted = undefined;
  }
}

const KEPT_RUNS = 60;
const STOP_TAKES_MS = 15_000;

/** The server never starts on the dot: up to 0.9 s later, so that most instants carry fractions. */
function startDelayMs(job: Job): number {
  return job.number % 5 === 4 ? 0 : ((job.number * 379 + 61) % 900) + 1;
}

function drawOutcome(random: SeededRandom): Outcome {
  const share = random.next();
  if (share < 0.8) return 'Success';
  return share < 0.92 ? 'Warning' : 'Failed';
}

/** A run that leaves the allowed hours is terminated. */
function keepToWindow(run: Run): void {
  const { window, windowEnabled } = run.job.policy;
  if (!windowEnabled || window === undefined) return;
  const forbiddenAt = firstForbidden(window, run.startedAt, run.endsAt);
  if (forbiddenAt === undefined) return;
  run.endsAt = Math.max(forbiddenAt, run.startedAt + 5_000);
  run.outcome = 'Failed';
  run.endReason = 'window';
}

function planRetry(run: Run): void {
  const { policy } = run.job;
  run.job.retry = undefined;
  if (run.outcome !== 'Failed' || !policy.retryEnabled || run.retryCount >= policy.retryNumber) return;
  run.willBeRetried = true;
  run.job.retry = { at: run.endsAt + policy.retryWaitMinutes * MINUTE_MS, of: run };
}
