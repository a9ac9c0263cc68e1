import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import type { Answers } from './simulator-answers.ts';
import {
  backupTypeOf,
  booleanOf,
  itemsOf,
  parseBody,
  policyOf,
  textOf,
  BodyProblem,
  type Body,
} from './simulator-bodies.ts';
import type { Policy } from './simulator-schedule.ts';
import type { Job, Organization, Repository, VeeamState } from './simulator-state.ts';
import type { Views } from './simulator-views.ts';

type Verb = 'start' | 'stop' | 'enable' | 'disable';

/** Everything that changes jobs. */
export class JobWrites {
  readonly #version: number;
  readonly #state: VeeamState;
  readonly #views: Views;
  readonly #answers: Answers;

  constructor(version: number, state: VeeamState, views: Views, answers: Answers) {
    this.#version = version;
    this.#state = state;
    this.#views = views;
    this.#answers = answers;
  }

  /** Up to v5: `POST Jobs/{id}/Action` with exactly one member, whose value is null. */
  action(job: Job, request: SimulatedRequest, now: number): SimulatedResponse {
    const members = [...parseBody(request.body)];
    const [name, value] = members[0] ?? ['', undefined];
    if (members.length !== 1 || value !== null) return this.#answers.invalid('Exactly one action must be given.');
    const verb = VERBS.find((known) => known === name);
    return verb === undefined ? this.#answers.invalid(`Unsupported action: ${name}`) : this.do(verb, job, request, now);
  }

  /** From v6 on each action has a path of its own; `start` wants a body. */
  do(verb: Verb, job: Job, request: SimulatedRequest, now: number): SimulatedResponse {
    switch (verb) {
      case 'start':
        return this.#start(job, request, now);
      case 'stop':
        if (!this.#state.isBusy(job, now)) return this.#answers.conflict(`Job ${job.name} is not running.`);
        this.#state.stop(job, now);
        return this.#answers.done(6);
      case 'enable':
      case 'disable':
        job.enabled = verb === 'enable';
        this.#state.reschedule(job, now);
        return this.#answers.done(6);
    }
  }

  create(organization: Organization | undefined, request: SimulatedRequest, now: number): SimulatedResponse {
    const body = parseBody(request.body);
    const owner = organization ?? this.#organizationOf(body);
    const repository = this.#repositoryOf(body);
    if (repository === undefined) throw new BodyProblem('RepositoryId is required.');
    const backupType = backupTypeOf(body);
    if (backupType === undefined) throw new BodyProblem('BackupType is required.');
    const selectedItems = itemsOf(body, 'SelectedItems') ?? [];
    if (backupType === 'SelectedItems' && selectedItems.length === 0)
      throw new BodyProblem('SelectedItems is required.');
    if (this.#version <= 5) this.#checkProxy(body);
    const number = this.#state.nextJobNumber();
    const job: Job = {
      id: this.#state.random(number, 0).uuid(),
      number,
      name: this.#nameOf(body, number),
      description: textOf(body, 'Description') ?? '',
      organization: owner,
      repository,
      backupType,
      policy: policyOf(body, this.#version) ?? defaultPolicy(this.#version),
      enabled: this.#version < 6 || (booleanOf(body, 'IsEnabled') ?? true),
      selectedItems,
      excludedItems: itemsOf(body, 'ExcludedItems') ?? [],
      hasCopyJob: false,
      runs: [],
      runCount: 0,
      nextFireAt: undefined,
      retry: undefined,
      eTag: 0,
    };
    const runNow = booleanOf(body, 'RunNow') ?? false;
    this.#state.addJob(job);
    this.#state.reschedule(job, now);
    if (runNow) this.#state.start(job, now);
    return { status: this.#version >= 8 ? 201 : 200, body: this.#views.job(job, now) };
  }

  /** Changes the members that the body names; a schedule policy is replaced as a whole. */
  update(job: Job, request: SimulatedRequest, now: number): SimulatedResponse {
    const body = parseBody(request.body);
    const repository = this.#repositoryOf(body);
    const policy = policyOf(body, this.#version);
    const enabled = booleanOf(body, 'IsEnabled');
    const selectedItems = itemsOf(body, 'SelectedItems');
    const name = textOf(body, 'Name');
    if (name !== undefined && name.trim() === '') throw new BodyProblem('Name must not be empty.');
    job.name = name ?? job.name;
    job.description = textOf(body, 'Description') ?? job.description;
    job.repository = repository ?? job.repository;
    job.selectedItems = selectedItems ?? job.selectedItems;
    job.enabled = enabled ?? job.enabled;
    job.policy = policy ?? job.policy;
    this.#state.reschedule(job, now);
    return this.#version >= 6 ? { status: 204 } : { status: 200, body: this.#views.job(job, now) };
  }

  remove(job: Job): SimulatedResponse {
    if (this.#version >= 6 && job.hasCopyJob)
      return this.#answers.conflict(`Job ${job.name} cannot be deleted: a backup copy job is linked to it.`);
    this.#state.removeJob(job);
    return this.#answers.done(5);
  }

  #start(job: Job, request: SimulatedRequest, now: number): SimulatedResponse {
    if (this.#version >= 6) booleanOf(parseBody(request.body), 'full');
    if (this.#state.isBusy(job, now)) return this.#answers.conflict(`Job ${job.name} is already running.`);
    const run = this.#state.start(job, now);
    return this.#version >= 8 ? { status: 200, body: this.#views.session(run, now) } : this.#answers.done(6);
  }

  #nameOf(body: Body, number: number): string {
    const name = textOf(body, 'Name');
    if (name !== undefined && name.trim() !== '') return name;
    if (this.#version >= 8) return `Backup Job ${number + 1}`;
    throw new BodyProblem('Name is required.');
  }

  #organizationOf(body: Body): Organization {
    const id = textOf(body, 'OrganizationId')?.toLowerCase();
    const organization = this.#state.organizations.find((known) => known.id === id);
    if (organization === undefined) throw new BodyProblem('OrganizationId is missing or unknown.');
    return organization;
  }

  #repositoryOf(body: Body): Repository | undefined {
    const id = textOf(body, 'RepositoryId')?.toLowerCase();
    if (id === undefined) return undefined;
    const repository = this.#state.repositories.find((known) => known.id === id);
    if (repository === undefined) throw new BodyProblem('RepositoryId is unknown.');
    return repository;
  }

  #checkProxy(body: Body): void {
    const id = textOf(body, 'ProxyId')?.toLowerCase();
    if (!this.#state.repositories.some(({ proxyId }) => proxyId === id))
      throw new BodyProblem('ProxyId is missing or unknown.');
  }
}

const VERBS = ['start', 'stop', 'enable', 'disable'] as const;

function defaultPolicy(version: number): Policy {
  return {
    type: version >= 6 ? 'ManualOnly' : 'Daily',
    scheduleEnabled: version < 4 || version >= 6,
    ...(version >= 6 ? {} : { dailyType: 'Everyday' as const, dailyTime: '00:00:00' }),
    offsetMinutes: 0,
    startGridEnabled: false,
    windowEnabled: false,
    retryEnabled: false,
    retryNumber: 3,
    retryWaitMinutes: 10,
  };
}
