import { SeededRandom } from '../../simulation/random.ts';
import { printInstant, statusOf, type Course, type Outcome } from './simulator-records.ts';

interface Draft extends Course {
  readonly jobId: string;
  readonly name: string;
  readonly mode: 'RESTORE' | 'PROMOTE' | 'UPLOAD';
  readonly approvalStatus: 'DEFAULT' | 'PENDING_APPROVAL' | 'APPROVED' | 'DENIED';
  readonly sourceBackupId: string;
}

interface Deploy extends Course {
  readonly jobId: string;
  readonly draftId: string;
}

/** Drafts and deploys, the steps of a restore. */
export class RestoreJobs {
  readonly #random: SeededRandom;
  readonly #drafts = new Map<string, Draft>();
  readonly #deploys = new Map<string, Deploy>();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed ^ 0xd4af7);
  }

  /** One draft of each outcome and approval, and two deploys. */
  seedAt(start: number): void {
    for (const [index, outcome] of OUTCOMES.entries()) {
      const at = start - (index + 1) * 40 * 3_600_000;
      const course: Course = { createdAt: at, beginsAt: at + 3_000, endsAt: at + 150_000, outcome };
      const { jobId } = this.addDraft(this.#random, `restore roles ${index + 1}`, course, undefined);
      const later = { createdAt: at + 600_000, beginsAt: at + 604_000, endsAt: at + 800_000 };
      if (index < 2) this.addDeploy(this.#random, jobId, { ...course, ...later });
    }
  }

  addDraft(random: SeededRandom, name: string, course: Course, sourceBackupId: string | undefined): Draft {
    const number = this.#drafts.size;
    const draft: Draft = {
      ...course,
      jobId: random.uuid(),
      name,
      mode: (['RESTORE', 'PROMOTE', 'UPLOAD'] as const)[number % 3] ?? 'RESTORE',
      approvalStatus: APPROVALS[number % APPROVALS.length] ?? 'DEFAULT',
      sourceBackupId: sourceBackupId ?? random.uuid(),
    };
    this.#drafts.set(draft.jobId, draft);
    return draft;
  }

  removeDraft(jobId: string): boolean {
    return this.#drafts.delete(jobId);
  }

  hasDraft(jobId: string): boolean {
    return this.#drafts.has(jobId);
  }

  /** A deploy that a caller asks for. */
  deploy(draftId: string, now: number): string {
    const course: Course = { createdAt: now, beginsAt: now + 2_000, endsAt: now + 90_000, outcome: 'COMPLETE' };
    return this.addDeploy(this.#random, draftId, course).jobId;
  }

  addDeploy(random: SeededRandom, draftId: string, course: Course): Deploy {
    const deploy = { ...course, jobId: random.uuid(), draftId };
    this.#deploys.set(deploy.jobId, deploy);
    return deploy;
  }

  drafts(now: number): Readonly<Record<string, unknown>>[] {
    return [...this.#drafts.values()].map((draft, index) => ({
      ...this.#common(draft, 'CREATE_DRAFT', index, now),
      name: draft.name,
      sourceTenant: 'acme-lab',
      sourceBackupId: draft.sourceBackupId,
      sourceBackupName: 'nightly roles',
      mode: draft.mode,
      approvalStatus: draft.approvalStatus,
      approvalComment: draft.approvalStatus === 'DEFAULT' ? [] : [commentView(draft, index)],
    }));
  }

  deploys(now: number): object[] {
    return [...this.#deploys.values()].map((deploy, index) => this.#deployView(deploy, index, now));
  }

  deployOf(jobId: string, now: number): object | undefined {
    const deploy = this.#deploys.get(jobId);
    return deploy && this.#deployView(deploy, 0, now);
  }

  #deployView(deploy: Deploy, shape: number, now: number): object {
    return {
      ...this.#common(deploy, 'CONFIG_DEPLOY_DRAFT', shape, now),
      draftId: deploy.draftId,
      draftName: this.#drafts.get(deploy.draftId)?.name ?? null,
      cloudStorageStatus: 'NOT_SYNCED',
    };
  }

  #common(job: Course & { readonly jobId: string }, type: string, shape: number, now: number): object {
    const isEnded = now >= job.endsAt;
    return {
      jobId: job.jobId,
      status: statusOf(job, now),
      type,
      message: isEnded && job.outcome === 'FAILED' ? 'The source backup could not be read.' : null,
      requesterName: 'dana.ops',
      fileExists: isEnded && job.outcome === 'COMPLETE',
      created: printInstant(job.createdAt, shape),
      modified: printInstant(isEnded ? job.endsAt : now, shape + 3),
      completed: isEnded ? printInstant(job.endsAt, shape + 1) : null,
    };
  }
}

const OUTCOMES: readonly Outcome[] = ['COMPLETE', 'COMPLETE', 'FAILED', 'CANCELLED'];
const APPROVALS = ['DEFAULT', 'APPROVED', 'DENIED', 'PENDING_APPROVAL'] as const;

function commentView({ approvalStatus, createdAt }: Draft, shape: number): object {
  const changed = { APPROVED: 'APPROVED', DENIED: 'REJECTED', PENDING_APPROVAL: 'PENDING_FOR_APPROVAL', DEFAULT: null };
  return {
    comment: 'geprüft – "bitte" erst am Montag',
    timestamp: printInstant(createdAt + 60_000, shape),
    user: 'jürgen.bäcker',
    id: `c-${shape}`,
    changedToStatus: changed[approvalStatus],
  };
}
