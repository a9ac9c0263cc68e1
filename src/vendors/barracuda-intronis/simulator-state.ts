import { SeededRandom } from '../../simulation/random.ts';
import { nextLocalMinute, type Zone } from './simulator-time.ts';

export type ConditionType =
  | 'COMPLETED'
  | 'RUNNING'
  | 'WARNINGS'
  | 'CANCELED'
  | 'ERRORS'
  | 'MISSED'
  | 'EXCEPTION'
  | 'NO_DATA_RESTORED'
  | 'NO_DATA_DELETED'
  | 'NO_FILE_DATA_BACKED_UP'
  | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP';
export type ConditionStatus = 'COMPLETED' | 'RUNNING' | 'WARNING' | 'FAILURE';

/** What the partner decided that canceled and missed backups count as. */
export interface Rules {
  readonly CANCELED: ConditionStatus;
  readonly MISSED: ConditionStatus;
}

export interface Account {
  readonly number: number;
  readonly username: string;
  /** The name that report rows carry; not always the one of the path. */
  readonly rowUsername: string;
  readonly rules: Rules;
  readonly status: 'ACTIVE' | 'TEST' | 'FROZEN';
  readonly signupAt: number;
  readonly computers: Computer[];
  contact: Contact;
}

export interface Contact {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

export interface Computer {
  readonly number: number;
  readonly account: Account;
  /** Text, whatever it looks like; two accounts may have the same. */
  readonly id: string;
  readonly name: string;
  status: 'ACTIVE' | 'DISABLED' | 'DELETED';
  readonly zone: Zone;
  /** Agents before 3.0 report no actions. */
  readonly oldAgent: boolean;
  readonly signupAt: number;
  readonly sets: BackupSet[];
  /** Restores and deletions, which the gateway does not care about. */
  readonly otherActions: OtherAction[];
  contact: Contact;
}

export interface BackupSet {
  /** Counts over all accounts; the numeric id of v2. */
  readonly number: number;
  readonly computer: Computer;
  readonly name: string;
  readonly plugin: 'FILE' | 'SQL' | 'EXCHANGE';
  readonly minuteOfDay: number;
  enabled: boolean;
  /** Oldest first. */
  readonly runs: Run[];
  runCount: number;
  nextAt: number;
}

export interface Run {
  readonly set: BackupSet;
  readonly number: number;
  readonly at: number;
  endsAt: number;
  plannedEndsAt: number;
  /** Of the finished run. */
  types: readonly ConditionType[];
  errors: number;
  warnings: number;
  /** Nothing ran: no action, and the report row may lack its start. */
  missed: boolean;
  pausedFrom: number | undefined;
  readonly files: number;
  readonly bytes: number;
}

export interface OtherAction {
  readonly id: number;
  readonly type: 'RESTORE' | 'DELETE';
  readonly status: string;
  readonly at: number;
  readonly endsAt: number | undefined;
  readonly types: readonly ConditionType[];
  readonly files: number;
  readonly bytes: number;
}

export function isRunning(run: Run, now: number): boolean {
  return !run.missed && now < run.endsAt;
}

export function typesOf(run: Run, now: number): readonly ConditionType[] {
  return isRunning(run, now) ? ['RUNNING'] : run.types;
}

/** The part of the work that is done, 0 to 1; a run that was cut short stays below 1. */
export function doneShare(run: Run, now: number): number {
  const until = Math.min(now, run.endsAt, run.pausedFrom ?? Infinity);
  return Math.min(1, Math.max(0, (Math.floor(until / 1000) * 1000 - run.at) / (run.plannedEndsAt - run.at)));
}

/** The most serious of what the partner made of each type. */
export function statusOf(types: readonly ConditionType[], rules: Rules): ConditionStatus {
  let worst: ConditionStatus = 'COMPLETED';
  for (const type of types) {
    const status = type === 'CANCELED' || type === 'MISSED' ? rules[type] : MEANINGS[type];
    if (SEVERITY.indexOf(status) > SEVERITY.indexOf(worst)) worst = status;
  }
  return worst;
}

const SEVERITY: readonly ConditionStatus[] = ['COMPLETED', 'RUNNING', 'WARNING', 'FAILURE'];
const MEANINGS: Readonly<Record<Exclude<ConditionType, keyof Rules>, ConditionStatus>> = {
  COMPLETED: 'COMPLETED',
  RUNNING: 'RUNNING',
  WARNINGS: 'WARNING',
  ERRORS: 'FAILURE',
  EXCEPTION: 'FAILURE',
  NO_DATA_RESTORED: 'WARNING',
  NO_DATA_DELETED: 'COMPLETED',
  NO_FILE_DATA_BACKED_UP: 'WARNING',
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: 'WARNING',
};

/**
 * All accounts with their computers and backup sets. Nothing runs in the background: a question first brings the sets up to the
 * clock, and what happens follows from the seed, the set and the number of the run alone, not from when somebody asks.
 */
export class IntronisState {
  readonly accounts: Account[] = [];
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  account(username: string): Account | undefined {
    return this.accounts.find((account) => account.username === username);
  }

  computer(username: string, id: string): Computer | undefined {
    return this.account(username)?.computers.find((computer) => computer.id === id);
  }

  /** The sets of computers, with everything that happened up to `now`. */
  sets(computers: readonly Computer[], now: number): BackupSet[] {
    const sets = computers.flatMap((computer) => computer.sets);
    for (const set of sets) this.advance(set, now);
    return sets;
  }

  random(number: number, purpose: number): SeededRandom {
    return new SeededRandom(
      Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35),
    );
  }

  advance(set: BackupSet, now: number): void {
    while (set.nextAt <= now) {
      const at = set.nextAt;
      set.nextAt = nextLocalMinute(set.computer.zone, set.minuteOfDay, at);
      const last = set.runs.at(-1);
      const busy = last !== undefined && isRunning(last, at);
      if (set.enabled && set.computer.status === 'ACTIVE' && !busy) this.begin(set, at);
    }
  }

  begin(set: BackupSet, at: number): Run {
    set.runCount += 1;
    const random = this.random(set.number, set.runCount);
    const outcome = OUTCOMES[drawOutcome(random)];
    const endsAt = at + random.integer(60, 300) * 1000;
    const run: Run = {
      set,
      number: set.runCount,
      at,
      endsAt,
      plannedEndsAt: endsAt,
      types: outcome.types,
      errors: outcome.errors ? random.integer(1, 40) : 0,
      warnings: outcome.warnings ? random.integer(1, 90) : 0,
      missed: outcome.types.includes('MISSED'),
      pausedFrom: undefined,
      files: random.integer(300, 90_000),
      bytes: random.integer(50, 9_000) * 10_485_761,
    };
    if (outcome.types.includes('CANCELED')) run.endsAt = at + Math.floor((endsAt - at) / 2000) * 1000;
    set.runs.push(run);
    if (set.runs.length > KEPT_RUNS) set.runs.shift();
    return run;
  }
}

const KEPT_RUNS = 60;

export interface Outcome {
  readonly types: readonly ConditionType[];
  readonly errors?: true;
  readonly warnings?: true;
}

export type OutcomeName =
  | 'good'
  | 'silent'
  | 'warned'
  | 'noFiles'
  | 'noMail'
  | 'noDeletion'
  | 'noRestore'
  | 'failed'
  | 'crashed'
  | 'canceled'
  | 'missed';

/** How runs end. `silent` tells no type at all, which the vendor's pages do not rule out. */
export const OUTCOMES: Readonly<Record<OutcomeName, Outcome>> = {
  good: { types: ['COMPLETED'] },
  silent: { types: [] },
  warned: { types: ['WARNINGS'], warnings: true },
  noFiles: { types: ['WARNINGS', 'NO_FILE_DATA_BACKED_UP'], warnings: true },
  noMail: { types: ['COMPLETED', 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP'] },
  noDeletion: { types: ['COMPLETED', 'NO_DATA_DELETED'] },
  noRestore: { types: ['COMPLETED', 'NO_DATA_RESTORED'], warnings: true },
  failed: { types: ['ERRORS'], errors: true, warnings: true },
  crashed: { types: ['EXCEPTION', 'ERRORS'], errors: true },
  canceled: { types: ['CANCELED'] },
  missed: { types: ['MISSED'] },
};

function drawOutcome(random: SeededRandom): OutcomeName {
  const share = random.next();
  if (share < 0.78) return 'good';
  if (share < 0.88) return random.pick(['warned', 'noFiles', 'noMail']);
  if (share < 0.95) return random.pick(['failed', 'failed', 'crashed']);
  return share < 0.98 ? 'canceled' : 'missed';
}
