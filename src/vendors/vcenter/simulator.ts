import type { SimulationClock } from '../../simulation/clock.ts';
import {
  completeOptions,
  startSimulatedServer,
  type RunningSimulator,
  type SimulatedRequest,
  type SimulatedResponse,
  type SimulatedVendor,
  type SimulatorOptions,
} from '../../simulation/simulated-server.ts';
import { Answers, Refusal } from './simulator-answers.ts';
import { seedState } from './simulator-data.ts';
import { Operations } from './simulator-operations.ts';
import { releaseOf, type Release } from './simulator-releases.ts';
import { Routes } from './simulator-routes.ts';
import { CREDENTIALS, Sessions, checkRight, sessionView, unauthenticated } from './simulator-sessions.ts';
import type { ApplianceState } from './simulator-state.ts';
import { Store } from './simulator-store.ts';
import { Views, type Style } from './simulator-views.ts';

/**
 * A simulated vCenter Server appliance, its recovery backup API.
 *
 * Variant: `release`, 6.5, 6.7, 7.0, 8.0 (default) or 9.1. The first two serve /rest only, the others /rest and /api; 6.5 has
 * no job details, schedules and archives.
 *
 * Simulated: sessions of both styles (header or cookie, one good for the other, 300 s idle, a limit of open ones), jobs with
 * list, get, create, cancel and details, parts, validation, the one schedule with create, update, delete and run, systems and
 * archives in the store, the appliance's time zone. `jobs` counts the backups of the history. One backup runs at a time; what the
 * schedule starts meanwhile waits, what a caller starts meanwhile is refused. The schedule fires by the clock of Europe/Berlin.
 * `observer@vsphere.local` logs in with the same password and lacks the right to use the appliance.
 *
 * Odd on purpose: lists in three orders by release, an id with a digit too many, credentials inside a location, progress of 0 out
 * of 0, errors as text or object, null instead of nothing (9.1 /api), error bodies with and without `error_type`.
 *
 * Not simulated: restore, HTTP Basic on port 5480, and the empty answers that a busy appliance gives now and then (use faults).
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const complete = completeOptions(options, { release: '8.0' });
  const release = releaseOf(complete.variant['release'] ?? '');
  const vendor = new VcenterSimulator(release, complete.seed, complete.jobs, complete.clock);
  return startSimulatedServer(vendor, complete, CREDENTIALS);
}

class VcenterSimulator implements SimulatedVendor {
  readonly #release: Release;
  readonly #clock: SimulationClock;
  readonly #state: ApplianceState;
  readonly #answers: Answers;
  readonly #sessions: Sessions;
  readonly #routes: Routes;

  constructor(release: Release, seed: number, jobs: number, clock: SimulationClock) {
    this.#release = release;
    this.#clock = clock;
    this.#state = seedState(seed, jobs, release, clock.now().getTime());
    this.#answers = new Answers(release);
    this.#sessions = new Sessions(release.maxSessions, seed);
    const store = new Store(this.#state, release.version);
    const operations = new Operations(release, this.#state, store, new Views(release), this.#answers);
    this.#routes = new Routes(release, operations, this.#answers);
  }

  unauthorized(): SimulatedResponse {
    return this.#answers.error(this.#release.hasApi ? 'api' : 'rest', unauthenticated());
  }

  /** The appliance has no limit of calls of its own; a proxy before it may have one. */
  throttled(): SimulatedResponse {
    return {
      status: 429,
      headers: { 'content-type': 'text/html' },
      body: '<html><body><h1>429 Too Many Requests</h1></body></html>',
    };
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const now = this.#clock.now().getTime();
    this.#state.settle(now);
    const [, prefix, path = ''] = /^\/(rest|api)(\/.*)$/.exec(request.path) ?? [];
    const style: Style = prefix === 'api' ? 'api' : 'rest';
    if (prefix === undefined || (style === 'api' && !this.#release.hasApi)) return this.#answers.noPath(style);
    try {
      if (path === SESSION_PATHS[style]) return this.#session(style, request, now);
      return this.#operation(style, path, request, now);
    } catch (error) {
      if (error instanceof Refusal) return this.#answers.error(style, error);
      throw error;
    }
  }

  #operation(style: Style, path: string, request: SimulatedRequest, now: number): SimulatedResponse {
    const found = this.#routes.find(style, path, request);
    if (found === 'path') return this.#answers.noPath(style);
    if (found === 'operation') throw new Refusal('OPERATION_NOT_FOUND', 'The operation is not known.');
    const session = this.#sessions.use(request, now);
    checkRight(session);
    return found.run({ style, ids: found.ids, request, session, now });
  }

  /** /rest asks for the session's data with a POST and `~action=get`, /api with a GET. */
  #session(style: Style, request: SimulatedRequest, now: number): SimulatedResponse {
    const isQuestion =
      style === 'api' ? request.method === 'GET' : request.method === 'POST' && request.query.get('~action') === 'get';
    if (isQuestion) return this.#answers.value(style, sessionView(this.#sessions.use(request, now)));
    if (request.method === 'POST') return this.#answers.value(style, this.#sessions.create(request, now).token, 201);
    if (request.method !== 'DELETE') throw new Refusal('OPERATION_NOT_FOUND', 'The operation is not known.');
    this.#sessions.end(this.#sessions.use(request, now));
    return this.#answers.done(style);
  }
}

const SESSION_PATHS: Readonly<Record<Style, string>> = { rest: '/com/vmware/cis/session', api: '/session' };
