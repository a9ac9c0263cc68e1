import { SeededRandom } from '../../simulation/random.ts';
import { cronOf, dueAfter, type Action, type ActionPlan } from './simulator-actions.ts';
import type { BackupRecord, Course, Outcome } from './simulator-records.ts';
import { RestoreJobs } from './simulator-restore.ts';

/** What is told of a record; the rest is drawn. */
export type RecordDraft = Pick<BackupRecord, 'createdAt' | 'backupType' | 'name'> & Partial<BackupRecord>;

export const TENANT = 'acme-lab';

/**
 * The tenant: backup records, scheduled actions, and the jobs of a restore. Time has no timers: `settle` lets everything happen
 * that was due until now. What an action makes depends on the action and the instant alone, not on when somebody asked.
 */
export class TenantState {
  readonly seed: number;
  readonly restore: RestoreJobs;
  readonly #records = new Map<string, BackupRecord>();
  readonly #actions = new Map<string, Action>();
  #actionCount = 0;
  #uploadCount = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.restore = new RestoreJobs(seed);
  }

  /** In the order of their ids, as the vendor gives none. */
  records(): BackupRecord[] {
    return [...this.#records.values()].toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
  }

  record(jobId: string): BackupRecord | undefined {
    return this.#records.get(jobId);
  }

  removeRecord(jobId: string): void {
    this.#records.delete(jobId);
  }

  actions(): Action[] {
    return [...this.#actions.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  action(id: string): Action | undefined {
    return this.#actions.get(id);
  }

  /** What was due before `dueFrom` has gone by. */
  addAction(plan: ActionPlan, createdAt: number, dueFrom = createdAt): Action {
    const number = (this.#actionCount += 1);
    const id = this.random(1, number).uuid();
    const action: Action = { id, number, createdAt, plan, cron: cronOf(plan), nextFireAt: undefined };
    action.nextFireAt = dueAfter(action, dueFrom - 1);
    this.#actions.set(id, action);
    return action;
  }

  changeAction(action: Action, plan: ActionPlan, now: number): void {
    action.plan = plan;
    action.cron = cronOf(plan);
    action.nextFireAt = dueAfter(action, now);
  }

  removeAction(id: string): void {
    this.#actions.delete(id);
  }

  addUpload(name: string, objectCount: number, now: number): BackupRecord {
    const number = (this.#uploadCount += 1);
    const random = this.random(2, number);
    return this.addRecord(random, {
      createdAt: now,
      backupType: 'UPLOADED',
      name,
      requester: 'api.client',
      objectCount,
      outcome: 'COMPLETE',
      userCanDelete: true,
      isInPlainList: number % 2 === 1,
    });
  }

  /** Waits a few seconds and runs for one to five minutes, unless told otherwise. */
  addRecord(random: SeededRandom, draft: RecordDraft): BackupRecord {
    const record: BackupRecord = {
      jobId: random.uuid(),
      shape: random.integer(0, 9999),
      tenant: random.next() < 0.1 ? `${TENANT}-sandbox` : TENANT,
      requester: random.pick(REQUESTERS),
      objectCount: random.integer(40, 9_000),
      afterworkMs: random.integer(500, 280_000),
      userCanDelete: random.next() < 0.5,
      isStored: true,
      cloud: random.pick(['SYNCED', 'NOT_SYNCED']),
      isInPlainList: true,
      options: undefined,
      ...drawCourse(random, draft.createdAt),
      ...draft,
    };
    this.#records.set(record.jobId, record);
    return record;
  }

  settle(now: number): void {
    for (const action of this.#actions.values()) {
      for (let count = 0; action.nextFireAt !== undefined && action.nextFireAt <= now; count += 1) {
        this.fire(action, action.nextFireAt);
        action.nextFireAt = dueAfter(action, count < MAX_FIRES ? action.nextFireAt : now);
      }
    }
  }

  fire({ plan, number }: Action, at: number, told: Partial<BackupRecord> = {}): void {
    const random = this.random(1_000 + number, at);
    switch (plan.jobType) {
      case 'BACKUP':
        this.addRecord(random, {
          createdAt: at,
          name: plan.content.name,
          // The vendor does not say which origin a schedule gives; both are met here.
          backupType: number % 3 === 0 ? 'AUTOMATED' : 'MANUAL',
          options: plan.content.backupOptions,
          ...told,
        });
        return;
      case 'CREATE_DRAFT':
        this.addRecord(random, { createdAt: at, name: plan.content.name, backupType: 'AUTOMATED_DRAFT' });
        this.restore.addDraft(random, plan.content.name, drawCourse(random, at), plan.content.sourceBackupId);
        return;
      case 'CONFIG_DEPLOY_DRAFT':
        this.restore.addDeploy(random, plan.content.draftId ?? '', drawCourse(random, at));
    }
  }

  /** Numbers of their own for each thing, so that the order of events does not matter. */
  random(kind: number, number: number): SeededRandom {
    const low = number % 0x100000000;
    const high = Math.floor(number / 0x100000000);
    return new SeededRandom(
      Math.imul(this.seed + 1, 0x9e3779b1) ^ Math.imul(kind, 0x85ebca6b) ^ low ^ Math.imul(high, 0xc2b2ae35),
    );
  }
}

export function drawCourse(random: SeededRandom, createdAt: number): Course {
  const beginsAt = createdAt + random.integer(2_000, 9_000);
  const chance = random.next();
  const outcome: Outcome = chance < 0.09 ? 'FAILED' : chance < 0.11 ? 'CANCELLED' : 'COMPLETE';
  return { createdAt, beginsAt, endsAt: beginsAt + random.integer(60_000, 280_000), outcome };
}

/** So many at a time are made up for an action that was not looked at for long. */
const MAX_FIRES = 1_000;
const REQUESTERS = ['dana.ops', 'jürgen.bäcker', "Síle O'Neill", 'Backup "Nacht" Dienst'] as const;
