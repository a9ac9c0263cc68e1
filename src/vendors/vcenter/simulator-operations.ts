import type { SimulatedResponse } from '../../simulation/simulated-server.ts';
import { Refusal, type Answers } from './simulator-answers.ts';
import { timeOf, type Backup } from './simulator-backups.ts';
import {
  integerOf,
  invalid,
  objectOf,
  only,
  orderOf,
  parseBody,
  scheduleOf,
  textOf,
  unwrap,
  type Body,
} from './simulator-bodies.ts';
import type { Release } from './simulator-releases.ts';
import type { Call } from './simulator-routes.ts';
import type { Schedule } from './simulator-schedule.ts';
import { scheduledWish, type ApplianceState, type CancelOutcome } from './simulator-state.ts';
import type { Store } from './simulator-store.ts';
import type { Style, Views } from './simulator-views.ts';

/** What the appliance does on each path. */
export class Operations {
  readonly #release: Release;
  readonly #state: ApplianceState;
  readonly #store: Store;
  readonly #views: Views;
  readonly #answers: Answers;

  constructor(release: Release, state: ApplianceState, store: Store, views: Views, answers: Answers) {
    this.#release = release;
    this.#state = state;
    this.#store = store;
    this.#views = views;
    this.#answers = answers;
  }

  listJobs({ style }: Call): SimulatedResponse {
    return this.#answers.value(
      style,
      this.#ordered().map(({ id }) => id),
    );
  }

  getJob({ style, ids, now }: Call): SimulatedResponse {
    return this.#answers.value(style, this.#views.status(this.#backup(ids[0]), style, now));
  }

  createJob({ style, request, session, now }: Call): SimulatedResponse {
    const order = orderOf(unwrap(parseBody(request.body), 'piece', style), this.#release);
    this.#checkFree();
    const backup = this.#state.request({ ...order, type: 'MANUAL', user: session.user }, now);
    return this.#answers.value(style, this.#views.status(backup, style, now), 201);
  }

  /** The status of the answer tells the outcome, not the HTTP status. */
  cancelJob({ style, ids, now }: Call): SimulatedResponse {
    const outcome = this.#state.cancel(this.#backup(ids[0]), now);
    return this.#result(style, outcome, CANCEL_TEXTS[outcome]);
  }

  details({ style, request, now }: Call): SimulatedResponse {
    const wanted = jobFilter(request.query, style);
    const chosen = this.#ordered().filter(({ id }) => wanted === undefined || wanted.has(id));
    const entries = chosen.map((backup) => [backup.id, this.#views.details(backup, style, now)] as const);
    return this.#answers.value(style, this.#views.map(entries, style));
  }

  listParts({ style }: Call): SimulatedResponse {
    return this.#answers.value(
      style,
      this.#release.parts.map((id) => this.#views.part(id)),
    );
  }

  /** Megabytes. */
  partSize({ style, ids: [id = ''] }: Call): SimulatedResponse {
    if (!this.#release.parts.includes(id)) throw new Refusal('NOT_FOUND', `Part ${id} was not found.`);
    return this.#answers.value(style, 190 + 1_117 * this.#release.parts.indexOf(id));
  }

  validate({ style, request }: Call): SimulatedResponse {
    const order = orderOf(unwrap(parseBody(request.body), 'piece', style), this.#release);
    this.#checkFree();
    if (this.#state.isTaken(order.location)) return this.#result(style, 'FAIL', 'The backup location is not empty.');
    if (!order.isEncrypted) return this.#result(style, 'WARNING', 'The backup will not be encrypted.');
    return this.#result(style, 'OK', undefined);
  }

  listSchedules({ style }: Call): SimulatedResponse {
    const { schedule } = this.#state;
    const entries = schedule === undefined ? [] : [[schedule.id, schedule.schedule] as const];
    return this.#answers.value(
      style,
      this.#views.map(
        entries.map(([id, one]) => [id, this.#views.schedule(one, style)]),
        style,
      ),
    );
  }

  getSchedule({ style, ids }: Call): SimulatedResponse {
    return this.#answers.value(style, this.#views.schedule(this.#schedule(ids[0]), style));
  }

  /** One schedule per appliance, whatever its id; /api has the id in the body. */
  createSchedule({ style, ids, request, now }: Call): SimulatedResponse {
    const body = parseBody(request.body);
    only(body, style === 'api' ? ['schedule', 'spec'] : ['spec']);
    const id = style === 'api' ? textOf(body, 'schedule') : ids[0];
    if (id === undefined || id === '') throw invalid('The schedule needs an id.');
    if (body['spec'] === undefined) throw invalid('The member spec is required.');
    const schedule = scheduleOf(objectOf(body['spec'], 'spec'), this.#release, undefined);
    if (this.#state.schedule !== undefined) throw new Refusal('ALREADY_EXISTS', 'There is a schedule already.');
    this.#state.setSchedule(id, schedule, now);
    return this.#answers.done(style);
  }

  updateSchedule({ style, ids: [id = ''], request, now }: Call): SimulatedResponse {
    const before = this.#schedule(id);
    const schedule = scheduleOf(unwrap(parseBody(request.body), 'spec', style), this.#release, before);
    this.#state.setSchedule(id, schedule, now);
    return this.#answers.done(style);
  }

  deleteSchedule({ style, ids }: Call): SimulatedResponse {
    this.#schedule(ids[0]);
    this.#state.removeSchedule();
    return this.#answers.done(style);
  }

  runSchedule({ style, ids, request, session, now }: Call): SimulatedResponse {
    const schedule = this.#schedule(ids[0]);
    const body = parseBody(request.body);
    only(body, ['comment']);
    const comment = textOf(body, 'comment');
    this.#checkFree();
    const wish = { ...scheduledWish(schedule, now), comment, user: session.user };
    return this.#answers.value(style, this.#views.status(this.#state.request(wish, now), style, now));
  }

  listSystems(call: Call): SimulatedResponse {
    return this.#answers.value(call.style, this.#store.systems(specOf(call, 'loc_spec'), call.now));
  }

  listArchives(call: Call): SimulatedResponse {
    const { style, ids, request, now } = call;
    const body = style === 'api' ? parseBody(request.body) : {};
    only(body, ['loc_spec', 'filter_spec']);
    const location = style === 'api' ? objectOf(body['loc_spec'], 'loc_spec') : specOf(call, 'loc_spec');
    const filter = style === 'api' ? objectOf(body['filter_spec'] ?? {}, 'filter_spec') : specOf(call, 'filter_spec');
    return this.#answers.value(style, this.#store.archives(ids[0] ?? '', location, filter, now));
  }

  getArchive(call: Call): SimulatedResponse {
    const [system = '', archive = ''] = call.ids;
    return this.#answers.value(call.style, this.#store.archive(system, archive, specOf(call, 'spec'), call.now));
  }

  #backup(id = ''): Backup {
    const backup = this.#state.find(id);
    if (backup === undefined) throw new Refusal('NOT_FOUND', `Job ${id} was not found.`);
    return backup;
  }

  #schedule(id = ''): Schedule {
    const { schedule } = this.#state;
    if (schedule?.id !== id) throw new Refusal('NOT_FOUND', `Schedule ${id} was not found.`);
    return schedule.schedule;
  }

  #checkFree(): void {
    if (this.#state.isBusy()) throw new Refusal('FEATURE_IN_USE', 'A backup or restore is already in progress.');
  }

  /** Old releases list the newest first, 7.0 the oldest, later ones neither. */
  #ordered(): Backup[] {
    const backups = [...this.#state.backups()];
    if (this.#release.order < 7) return backups.toSorted((a, b) => timeOf(b) - timeOf(a));
    if (this.#release.order === 7) return backups.toSorted((a, b) => timeOf(a) - timeOf(b));
    return backups.toSorted((a, b) => rank(a) - rank(b));
  }

  #result(style: Style, status: CancelOutcome, text: string | undefined): SimulatedResponse {
    const id = `com.vmware.appliance.backup.result.${status.toLowerCase()}`;
    const messages = text === undefined ? [] : [{ id, default_message: text, args: [] }];
    return this.#answers.value(style, { status, messages });
  }
}

/** Scatters the backups, always in the same way. */
function rank({ number }: Backup): number {
  return Math.imul(number, 0x9e3779b1) >>> 0;
}

const CANCEL_TEXTS: Readonly<Record<CancelOutcome, string | undefined>> = {
  OK: undefined,
  WARNING: 'The job is being cancelled already.',
  FAIL: 'The job cannot be cancelled in its present state.',
};

/**
 * The ids asked for; undefined means all. /api reads `jobs`, /rest `filter.jobs`, or `filter.jobs.1` and so on.
 *
 * @throws Refusal for any other name.
 */
function jobFilter(query: URLSearchParams, style: Style): ReadonlySet<string> | undefined {
  const name = style === 'api' ? /^jobs$/ : /^filter\.jobs(?:\.\d+)?$/;
  const other = [...query.keys()].find((key) => !name.test(key));
  if (other !== undefined) throw new Refusal('UNEXPECTED_INPUT', `Unexpected parameter ${other}.`);
  return query.size === 0 ? undefined : new Set(query.values());
}

/** A structure that /rest spells out in the query (`loc_spec.location=…`) and /api has as the body. */
function specOf({ style, request }: Call, prefix: string): Body {
  if (style === 'api') return parseBody(request.body);
  const members: Record<string, unknown> = {};
  for (const [name, value] of request.query)
    if (name.startsWith(`${prefix}.`)) members[name.slice(prefix.length + 1)] = value;
  const count = members['max_results'] === undefined ? {} : { max_results: Number(members['max_results']) };
  const spec = { ...members, ...count };
  integerOf(spec, 'max_results', 1, 1_000_000);
  return spec;
}
