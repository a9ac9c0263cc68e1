import {
  completeOptions,
  startSimulatedServer,
  type RunningSimulator,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatedVendor,
  type SimulatorOptions,
} from '../../simulation/simulated-server.ts';
import type { SimulationClock } from '../../simulation/clock.ts';
import { Answers } from './simulator-answers.ts';
import { BodyProblem } from './simulator-bodies.ts';
import { seedState } from './simulator-data.ts';
import { logItemView, logOf } from './simulator-log.ts';
import { PageSets, pageOf } from './simulator-paging.ts';
import { sessionFilter } from './simulator-session-filter.ts';
import type { Job, Run, VeeamState } from './simulator-state.ts';
import { CREDENTIALS, TokenDesk } from './simulator-token.ts';
import { Views } from './simulator-views.ts';
import { JobWrites } from './simulator-writes.ts';

/**
 * A simulated Veeam Backup for Microsoft 365 server.
 *
 * Variant: `apiVersion`, v3 (default) to v8; only that prefix is served.
 *
 * Simulated: Token (password, refresh, antiforgery), token/logout (v7+), ServiceInstance (v6+), Jobs with sessions, selected and
 * excluded items, JobSessions, LogItems, Organizations, BackupRepositories; create, update, delete, start, stop, enable and
 * disable in each version's form. Schedules fire by the clock of Europe/Berlin, failed runs are retried where the policy says so,
 * scheduled runs end where the backup window does. Paths are read without case.
 *
 * Odd on purpose: members that are missing or null by version, text for booleans and numbers, small first letters, instants with
 * none to seven fraction digits and foreign offsets, ids in capitals and a wrong id in links, links to a host that is not this
 * one, a log link that leads nowhere (v3, v4), sessions in no order of time, log lines newest first.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const complete = completeOptions(options, { apiVersion: 'v3' });
  const version = /^v([3-8])$/.exec(complete.variant['apiVersion'] ?? '')?.[1];
  if (version === undefined) throw new TypeError('apiVersion must be v3, v4, v5, v6, v7 or v8');
  const vendor = new VeeamSimulator(Number(version), complete.seed, complete.jobs, complete.clock);
  return startSimulatedServer(vendor, complete, CREDENTIALS);
}

class VeeamSimulator implements SimulatedVendor {
  readonly #version: number;
  readonly #clock: SimulationClock;
  readonly #state: VeeamState;
  readonly #views: Views;
  readonly #answers: Answers;
  readonly #writes: JobWrites;
  readonly #tokens: TokenDesk;
  readonly #sets = new PageSets();

  constructor(version: number, seed: number, jobs: number, clock: SimulationClock) {
    this.#version = version;
    this.#clock = clock;
    this.#state = seedState(seed, jobs, version, clock.now().getTime());
    this.#views = new Views(version, this.#state);
    this.#answers = new Answers(version);
    this.#writes = new JobWrites(version, this.#state, this.#views, this.#answers);
    this.#tokens = new TokenDesk(version, seed);
  }

  unauthorized(): SimulatedResponse {
    return this.#answers.unauthorized();
  }

  throttled(): SimulatedResponse {
    return this.#answers.error(429, 'Too many requests.');
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const now = this.#clock.now().getTime();
    const [prefix, ...parts] = request.path.toLowerCase().replace(/\/$/, '').split('/').slice(1);
    if (prefix !== `v${this.#version}`)
      return this.#answers.notFound(`No HTTP resource was found that matches ${request.path}.`);
    const [collection = '', id, part] = parts.map(decode);
    if (collection === 'token' && id === undefined)
      return request.method === 'POST' ? this.#tokens.issue(request, now) : this.#notAllowed();
    const route = this.#route(collection, id, part, parts.length);
    if (route === undefined) return this.#answers.notFound(`No HTTP resource was found that matches ${request.path}.`);
    const problem = this.#tokens.check(request, now);
    if (problem === 'unauthorized') return this.#answers.unauthorized();
    if (problem === 'antiforgery') return this.#answers.error(400, 'The antiforgery cookie is not present.');
    try {
      return route(request, now);
    } catch (error) {
      if (error instanceof BodyProblem) return this.#answers.invalid(error.message);
      throw error;
    }
  }

  #route(collection: string, id: string | undefined, part: string | undefined, depth: number): Route | undefined {
    if (depth > 3) return undefined;
    switch (collection) {
      case 'jobs':
        if (id === undefined) return (request, now) => this.#jobs(request, now);
        return this.#jobRoute(id, part);
      case 'jobsessions':
        if (id === undefined) return (request, now) => this.#sessions(request, now);
        if (part === undefined)
          return this.#reading((now) => this.#withRun(id, now, (run) => ok(this.#views.session(run, now))));
        if (part !== 'logitems') return undefined;
        return this.#reading((now, request) => this.#withRun(id, now, (run) => this.#log(run, request, now)));
      case 'organizations':
        return this.#organizationRoute(id, part);
      case 'backuprepositories':
        if (part !== undefined) return undefined;
        return this.#reading(() => this.#listOrOne(this.#state.repositories, id, (row) => this.#views.repository(row)));
      case 'serviceinstance':
        if (this.#version < 6 || id !== undefined) return undefined;
        return this.#reading(() =>
          ok({ id: 'a3f1c9b0-0000-4000-8000-5e2d7c1b9f00', version: PRODUCTS[this.#version] }),
        );
      case 'token':
        if (this.#version < 7 || id !== 'logout' || part !== undefined) return undefined;
        return (request) => this.#logout(request);
      default:
        return undefined;
    }
  }

  #jobRoute(id: string, part: string | undefined): Route | undefined {
    const old = this.#version <= 5;
    switch (part) {
      case undefined:
        return (request, now) => this.#withJob(id, now, (job) => this.#oneJob(job, request, now));
      case 'jobsessions':
        if (this.#version >= 7) return undefined;
        return this.#reading((now, request) =>
          this.#withJob(id, now, ({ runs }) => this.#listSessions(runs, request, now)),
        );
      case 'selecteditems':
        return this.#reading((now) => this.#withJob(id, now, (job) => ok(job.selectedItems)));
      case 'excludeditems':
        return this.#reading((now) => this.#withJob(id, now, (job) => ok(job.excludedItems)));
      case 'action':
        if (!old) return undefined;
        return this.#writing((now, request) => this.#withJob(id, now, (job) => this.#writes.action(job, request, now)));
      case 'start':
      case 'stop':
      case 'enable':
      case 'disable':
        if (old) return undefined;
        return this.#writing((now, request) =>
          this.#withJob(id, now, (job) => this.#writes.do(part, job, request, now)),
        );
      default:
        return undefined;
    }
  }

  #organizationRoute(id: string | undefined, part: string | undefined): Route | undefined {
    const { organizations } = this.#state;
    if (part === undefined)
      return this.#reading((now) => this.#listOrOne(organizations, id, (row) => this.#views.organization(row, now)));
    if (part !== 'jobs' || this.#version >= 8) return undefined;
    return (request, now) => {
      const organization = organizations.find((known) => known.id === id);
      if (organization === undefined) return this.#answers.notFound();
      if (request.method === 'GET') {
        const jobs = this.#state.jobs(now).filter((job) => job.organization === organization);
        return ok(jobs.map((job) => this.#views.job(job, now)));
      }
      return this.#writing(() => this.#writes.create(organization, request, now))(request, now);
    };
  }

  #jobs(request: SimulatedRequest, now: number): SimulatedResponse {
    if (request.method === 'POST' && this.#version >= 8)
      return this.#writing(() => this.#writes.create(undefined, request, now))(request, now);
    if (request.method !== 'GET') return this.#notAllowed();
    const view = (job: Job): object => this.#views.job(job, now);
    if (this.#version <= 7) return ok(this.#state.jobs(now).map(view));
    const organizationId = request.query.get('organizationId')?.toLowerCase();
    const repositoryId = request.query.get('repositoryId')?.toLowerCase();
    const jobs = this.#state
      .jobs(now)
      .filter((job) => organizationId === undefined || job.organization.id === organizationId)
      .filter((job) => repositoryId === undefined || job.repository.id === repositoryId);
    return this.#page(jobs, view, request, 'jobs');
  }

  #oneJob(job: Job, request: SimulatedRequest, now: number): SimulatedResponse {
    switch (request.method) {
      case 'GET':
        return ok(this.#views.job(job, now));
      case 'PUT':
        return this.#writing(() => this.#writes.update(job, request, now))(request, now);
      case 'DELETE':
        return this.#writes.remove(job);
      default:
        return this.#notAllowed();
    }
  }

  #sessions(request: SimulatedRequest, now: number): SimulatedResponse {
    if (request.method !== 'GET') return this.#notAllowed();
    if (this.#version <= 4) return this.#listSessions(this.#state.runsByJob(now), request, now);
    const wanted = sessionFilter(this.#version, request.query, now);
    return typeof wanted === 'string'
      ? this.#answers.invalid(wanted)
      : this.#listSessions(this.#state.runsById(now).filter(wanted), request, now);
  }

  #listSessions(runs: readonly Run[], request: SimulatedRequest, now: number): SimulatedResponse {
    const view = (run: Run): object => this.#views.session(run, now);
    return this.#version <= 4 ? ok(runs.map(view)) : this.#page([...runs], view, request, pathWithoutVersion(request));
  }

  #log(run: Run, request: SimulatedRequest, now: number): SimulatedResponse {
    const types = this.#version >= 8 ? request.query.getAll('type').map((type) => type.toLowerCase()) : [];
    const ascending = this.#version >= 8 && request.query.get('orderAsc')?.toLowerCase() === 'true';
    const items = logOf(this.#state, run, now).filter(
      ({ type }) => types.length === 0 || types.includes(type.toLowerCase()),
    );
    const href = this.#views.href(`jobsessions/${run.id}`);
    const view = (item: (typeof items)[number]): object => logItemView(this.#version, item, run, now, href);
    return this.#page(ascending ? items : items.toReversed(), view, request, `jobsessions/${run.id}/logitems`);
  }

  #logout(request: SimulatedRequest): SimulatedResponse {
    if (request.method !== 'POST') return this.#notAllowed();
    this.#tokens.end(request);
    return this.#answers.done(8);
  }

  #page<Row>(
    rows: readonly Row[],
    view: (row: Row) => unknown,
    request: SimulatedRequest,
    path: string,
  ): SimulatedResponse {
    const href = this.#views.href(path);
    const page = pageOf(rows, view, { version: this.#version, request, sets: this.#sets, href, defaultLimit: 30 });
    return typeof page === 'string' ? this.#answers.invalid(page) : ok(page);
  }

  #listOrOne<Row extends { readonly id: string }>(
    rows: readonly Row[],
    id: string | undefined,
    view: (row: Row) => unknown,
  ): SimulatedResponse {
    if (id === undefined) return ok(rows.map(view));
    const row = rows.find((known) => known.id === id);
    return row === undefined ? this.#missing(id) : ok(view(row));
  }

  #withJob(id: string, now: number, then: (job: Job) => SimulatedResponse): SimulatedResponse {
    const job = this.#state.job(id, now);
    return job === undefined ? this.#missing(id) : then(job);
  }

  #withRun(id: string, now: number, then: (run: Run) => SimulatedResponse): SimulatedResponse {
    const run = this.#state.run(id, now);
    return run === undefined ? this.#missing(id) : then(run);
  }

  /** Unknown ids; from v6 on a text that is no GUID is a bad request. */
  #missing(id: string): SimulatedResponse {
    const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
    return this.#version >= 6 && !isGuid
      ? this.#answers.invalid(`The value ${id} is not valid.`)
      : this.#answers.notFound();
  }

  #reading(then: (now: number, request: SimulatedRequest) => SimulatedResponse): Route {
    return (request, now) => (request.method === 'GET' ? then(now, request) : this.#notAllowed());
  }

  /** Writes with a body: POST (or PUT), and the body says that it is JSON. */
  #writing(then: (now: number, request: SimulatedRequest) => SimulatedResponse): Route {
    return (request, now) => {
      if (request.method !== 'POST' && request.method !== 'PUT') return this.#notAllowed();
      const type = request.headers['content-type'] ?? '';
      if (request.body !== '' && !type.startsWith('application/json'))
        return this.#answers.error(415, 'The media type of the request body is not supported.');
      return then(now, request);
    };
  }

  #notAllowed(): SimulatedResponse {
    return this.#answers.error(405, 'The requested resource does not support this HTTP method.');
  }
}

type Route = (request: SimulatedRequest, now: number) => SimulatedResponse;

const PRODUCTS: Readonly<Record<number, string>> = { 6: '6.0.0.367', 7: '7.0.0.2911', 8: '8.0.2.159' };

function ok(body: unknown): SimulatedResponse {
  return { status: 200, body };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function pathWithoutVersion(request: SimulatedRequest): string {
  return request.path.replace(/^\/[^/]*\//, '').toLowerCase();
}
