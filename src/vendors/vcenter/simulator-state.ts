import { SeededRandom } from '../../simulation/random.ts';
import { isCancelable, statusOf, type Backup } from './simulator-backups.ts';
import { nextFire, type Schedule } from './simulator-schedule.ts';
import type { FailureName } from './simulator-texts.ts';

/** What a caller asks for; the appliance adds the rest. */
export interface BackupWish {
  readonly type: Backup['type'];
  readonly location: string;
  readonly locationUser?: string | undefined;
  readonly comment?: string | undefined;
  readonly parts: readonly string[];
  readonly user?: string | undefined;
  readonly fastBackup?: boolean | undefined;
}

/** A past as it is written into the history, or a backup that the appliance begins with. */
export interface Told {
  readonly blocked?: boolean;
  readonly runsForMs?: number;
  readonly failure?: FailureName | undefined;
  readonly build?: number;
}

export type CancelOutcome = 'OK' | 'WARNING' | 'FAIL';

/**
 * The appliance: its backups and its schedule. Time has no timers: `settle` lets everything happen that was due until now.
 * At most one backup runs; what the schedule starts meanwhile waits, and what a caller asks for meanwhile is refused.
 */
export class ApplianceState {
  readonly seed: number;
  readonly build: number;
  readonly #backups = new Map<string, Backup>();
  readonly #artefacts = new Set<string>();
  #count = 0;
  #current: Backup | undefined;
  #waiting: Backup[] = [];
  #freeAt = 0;
  #schedule: { readonly id: string; readonly schedule: Schedule } | undefined;
  #nextFireAt: number | undefined;

  constructor(seed: number, build: number) {
    this.seed = seed;
    this.build = build;
  }

  get schedule(): { readonly id: string; readonly schedule: Schedule } | undefined {
    return this.#schedule;
  }

  setSchedule(id: string, schedule: Schedule, now: number): void {
    this.#schedule = { id, schedule };
    this.#nextFireAt = nextFire(schedule, now);
  }

  removeSchedule(): void {
    this.#schedule = undefined;
    this.#nextFireAt = undefined;
  }

  /** In the order in which they were made. */
  backups(): IterableIterator<Backup> {
    return this.#backups.values();
  }

  find(id: string): Backup | undefined {
    return this.#backups.get(id);
  }

  isBusy(): boolean {
    return this.#current !== undefined || this.#waiting.length > 0;
  }

  isTaken(location: string): boolean {
    return this.#artefacts.has(folderOf(location));
  }

  /** Begins at once, or waits when another one is on its way. */
  request(wish: BackupWish, at: number, told: Told = {}): Backup {
    const backup = this.#add(wish, at, told);
    if (this.isBusy() || backup.blocked) this.#waiting.push(backup);
    else this.#begin(backup, at);
    return backup;
  }

  /** A backup that has ended by now. */
  remember(wish: BackupWish, at: number, told: Told): Backup {
    const backup = this.#add(wish, at, told);
    this.#place(backup, at);
    return backup;
  }

  /** The end comes a few seconds later, as a failure. */
  cancel(backup: Backup, now: number): CancelOutcome {
    if (statusOf(backup, now) === 'RUNNING' && backup.cancelledAt !== undefined) return 'WARNING';
    if (!isCancelable(backup, now)) return 'FAIL';
    backup.cancelledAt = now;
    backup.failure = 'cancelled';
    if (backup.beganAt === undefined) {
      this.#waiting = this.#waiting.filter((other) => other !== backup);
      backup.beganAt = now;
      backup.endsAt = now;
    } else {
      backup.endsAt = Math.min(backup.endsAt ?? Infinity, now + CANCEL_TAKES_MS);
    }
    return 'OK';
  }

  settle(now: number): void {
    for (;;) {
      const endAt = this.#current?.endsAt ?? Infinity;
      const beginAt = this.#current === undefined && this.#waiting.length > 0 ? this.#freeAt + PAUSE_MS : Infinity;
      const fireAt = this.#nextFireAt ?? Infinity;
      const at = Math.min(endAt, beginAt, fireAt);
      if (at > now) return;
      if (at === endAt) this.#end(at);
      else if (at === beginAt) this.#beginNext(at);
      else this.#fire(at);
    }
  }

  #end(at: number): void {
    this.#current = undefined;
    this.#freeAt = at;
  }

  #beginNext(at: number): void {
    const [next, ...rest] = this.#waiting;
    this.#waiting = rest;
    if (next !== undefined) this.#begin(next, Math.max(at, next.requestedAt));
  }

  #fire(at: number): void {
    const { schedule } = this.#schedule ?? {};
    if (schedule === undefined) return;
    this.request(scheduledWish(schedule, this.#count), at);
    this.#nextFireAt = nextFire(schedule, at);
  }

  #begin(backup: Backup, at: number): void {
    this.#place(backup, at);
    this.#current = backup;
  }

  #place(backup: Backup, at: number): void {
    backup.beganAt = at;
    backup.endsAt = at + (backup.failure === 'not-empty' ? REFUSAL_TAKES_MS : backup.runsForMs);
    if (backup.failure === undefined) this.#artefacts.add(folderOf(backup.location));
  }

  #add(wish: BackupWish, at: number, told: Told): Backup {
    const number = (this.#count += 1);
    const random = new SeededRandom(this.seed * 7919 + number);
    const drawn = random.next() < 0.12 ? random.pick(CHANCES) : undefined;
    const failure = 'failure' in told ? told.failure : drawn;
    const build = told.build ?? this.build;
    const runsForMs = told.runsForMs ?? random.integer(60_000, 280_000);
    const backup: Backup = {
      id: this.#newId(at - random.integer(0, 4) * 1000, build, number === 4),
      number,
      type: wish.type,
      requestedAt: at,
      blocked: told.blocked ?? false,
      beganAt: undefined,
      endsAt: undefined,
      runsForMs,
      wholeMs: failure === undefined ? runsForMs : runsForMs * 1.7,
      failure: this.isTaken(wish.location) ? 'not-empty' : failure,
      cancelledAt: undefined,
      location: wish.location,
      locationUser: wish.locationUser ?? '',
      comment: wish.comment ?? '',
      parts: wish.parts,
      user: wish.user,
      sizeBytes: random.integer(700, 18_000) * 1_048_576 + random.integer(0, 1_048_575),
      fastBackup: wish.fastBackup,
      build,
    };
    this.#backups.set(backup.id, backup);
    return backup;
  }

  /** `YYYYMMDD-HHMMSS-BUILD` in UTC, some seconds off the start; one id in the history has a digit too many. */
  #newId(at: number, build: number, odd: boolean): string {
    for (let instant = at; ; instant += 1000) {
      const digits = new Date(instant).toISOString().replaceAll(/\D/g, '');
      const id = `${digits.slice(0, 8)}${odd ? '0' : ''}-${digits.slice(8, 14)}-${build}`;
      if (!this.#backups.has(id)) return id;
    }
  }
}

/** A scheduled backup gets a folder of its own under the schedule's location. */
export function scheduledWish(schedule: Schedule, number: number): BackupWish {
  return {
    type: 'SCHEDULED',
    location: `${schedule.location}/S_${String(number).padStart(6, '0')}`,
    locationUser: schedule.locationUser,
    parts: schedule.parts,
    fastBackup: schedule.fastBackup,
  };
}

const CHANCES = ['unreachable', 'login', 'space', 'service'] as const;
const PAUSE_MS = 2000;
const CANCEL_TAKES_MS = 3000;
const REFUSAL_TAKES_MS = 5000;

function folderOf(location: string): string {
  return location.replace(/\/+$/, '').toLowerCase();
}
