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
import { contactOf } from './simulator-contact.ts';
import { seedState } from './simulator-data.ts';
import { errorAnswer, listAnswer, singleAnswer, type Format, type Listing } from './simulator-format.ts';
import { BadQuery, pageOf, pageQuery, wantedActions, wordIn } from './simulator-history.ts';
import { accountRow, actionsOf, computerRow, relatedLinks, reportRows, usageOf } from './simulator-rows.ts';
import type { Account, Computer, IntronisState } from './simulator-state.ts';
import { DAY_MS, ZONES, printLocal } from './simulator-time.ts';
import { CLIENT, TokenDesk, type Scope } from './simulator-token.ts';
import { SetWrites } from './simulator-v2.ts';

/**
 * A simulated Barracuda Intronis Backup service; API and token host are one origin (`/oauth2/token`).
 *
 * Variants, each yes or no: `accountReport` (the backup status of a whole account and of the partner; default no, then 404),
 * `actionHistory` (default yes), `computerList` (default yes), `malformedSample` (XML reports carry the mismatched closing tag of
 * the printed sample; default no).
 *
 * Simulated, in JSON and XML by the Accept header: backup status, action history, accounts, computers, their info and usage
 * history, the partner's signups, the time; DELETE of a computer; v2 (JSON only): toggle and delete of backup sets, agent settings,
 * results of actions. Sets run every night by their computer's clock.
 *
 * Odd on purpose: ids that look like numbers, the same computer id in two accounts, rows with another username than the path,
 * sets without a name and one told of twice, condition statuses by the partner's own rules, missing values as empty, null or
 * absent, a report that is always one page of 100 whatever it holds, links to another host with wrong paths, `expires_in` as text.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const complete = completeOptions(options, {
    accountReport: 'no',
    actionHistory: 'yes',
    computerList: 'yes',
    malformedSample: 'no',
  });
  for (const [name, value] of Object.entries(complete.variant))
    if (value !== 'yes' && value !== 'no') throw new TypeError(`${name} must be yes or no`);
  const { seed, jobs, clock, variant } = complete;
  const state = seedState(seed, jobs, clock.now().getTime());
  const accounts = state.accounts.map(({ username }) => username).join(',');
  return startSimulatedServer(new IntronisSimulator(state, seed, clock, variant), complete, { ...CLIENT, accounts });
}

/** The partner to whom all accounts belong. */
const PARTNER = 'example_partner';

interface Call {
  readonly request: SimulatedRequest;
  readonly format: Format;
  readonly now: number;
}

class IntronisSimulator implements SimulatedVendor {
  readonly #state: IntronisState;
  readonly #clock: SimulationClock;
  readonly #variant: Readonly<Record<string, string>>;
  readonly #tokens: TokenDesk;
  readonly #writes: SetWrites;

  constructor(state: IntronisState, seed: number, clock: SimulationClock, variant: Readonly<Record<string, string>>) {
    this.#state = state;
    this.#clock = clock;
    this.#variant = variant;
    this.#tokens = new TokenDesk(seed);
    this.#writes = new SetWrites(state);
  }

  unauthorized(): SimulatedResponse {
    return errorAnswer(401, 'the token is invalid or expired', 'json');
  }

  throttled(): SimulatedResponse {
    return errorAnswer(429, 'too many requests', 'json');
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const now = this.#clock.now().getTime();
    const format = FORMATS[request.headers.accept ?? ''];
    if (format === undefined) return errorAnswer(406, 'Accept must be application/json or application/xml', 'json');
    if (request.path === '/oauth2/token') {
      if (request.method !== 'POST') return errorAnswer(405, 'method not allowed', format);
      return this.#tokens.issue(request, now);
    }
    this.#writes.settle(now);
    try {
      return this.#route({ request, format, now });
    } catch (error) {
      if (error instanceof BadQuery) return errorAnswer(400, error.message, format);
      throw error;
    }
  }

  #route(call: Call): SimulatedResponse {
    const [version, collection, name = '', ...rest] = call.request.path.split('/').slice(1).map(decode);
    const path = rest.join('/');
    if (version === 'v1' && collection === 'general' && name === 'time' && path === '')
      return this.#read(call, 'accounts_read', () =>
        singleAnswer('general', { time: printLocal(ZONES[0], call.now) }, [], call.format),
      );
    if (version === 'v1' && collection === 'partners') return this.#partner(call, name, path);
    if (collection !== 'accounts') return notFound(call);
    if (rest[0] === 'computers' && rest[1] !== undefined)
      return this.#computer(call, version, name, rest[1], rest.slice(2).join('/'));
    return version === 'v1' ? this.#account(call, name, path) : notFound(call);
  }

  #partner(call: Call, name: string, path: string): SimulatedResponse {
    const { now } = call;
    if (path === 'signups')
      return this.#read(call, 'partners_read', () => {
        if (name !== PARTNER) return notFound(call);
        const page = pageQuery(call.request.query, 100);
        return this.#list(call, pageOf('account', this.#state.accounts, accountRow, page, call.request));
      });
    if (path !== 'reports/backup_status' || this.#variant['accountReport'] === 'no') return notFound(call);
    return this.#read(call, 'partners_read', () => {
      if (name !== PARTNER) return notFound(call);
      return this.#report(
        call,
        this.#state.accounts.flatMap(({ computers }) => computers),
        now,
      );
    });
  }

  #account(call: Call, username: string, path: string): SimulatedResponse {
    const account = this.#state.account(username);
    const then = (serve: (account: Account) => SimulatedResponse): SimulatedResponse =>
      this.#read(call, 'accounts_read', () => (account === undefined ? notFound(call) : serve(account)));
    switch (path) {
      case '':
        return then((known) =>
          singleAnswer('account', accountRow(known), relatedLinks(call.request.path, 'account'), call.format),
        );
      case 'info':
        return this.#info(call, account, 'accounts');
      case 'computers':
        if (this.#variant['computerList'] === 'no') return notFound(call);
        return then(({ computers }) => {
          const page = pageQuery(call.request.query, 100);
          const present = computers.filter(({ status }) => status !== 'DELETED');
          return this.#list(call, pageOf('computer', present, computerRow, page, call.request));
        });
      case 'action_history':
        if (this.#variant['actionHistory'] === 'no') return notFound(call);
        return then(({ computers }) => this.#history(call, computers));
      case 'usage_history':
        return then(({ computers }) => this.#usage(call, computers));
      case 'reports/backup_status':
        if (this.#variant['accountReport'] === 'no') return notFound(call);
        return then(({ computers }) => this.#report(call, computers, call.now));
      default:
        return notFound(call);
    }
  }

  #computer(call: Call, version: string | undefined, username: string, id: string, path: string): SimulatedResponse {
    const found = this.#state.computer(username, id);
    const computer = found?.status === 'DELETED' ? undefined : found;
    if (version === 'v2') return this.#v2(call, computer, path);
    if (version !== 'v1') return notFound(call);
    const then = (serve: (computer: Computer) => SimulatedResponse): SimulatedResponse =>
      this.#read(call, 'computers_read', () => (computer === undefined ? notFound(call) : serve(computer)));
    switch (path) {
      case '':
        if (call.request.method === 'DELETE') return this.#removeComputer(call, computer);
        return then((known) =>
          singleAnswer('computer', computerRow(known), relatedLinks(call.request.path, 'computer'), call.format),
        );
      case 'info':
        return this.#info(call, computer, 'computers');
      case 'action_history':
        if (this.#variant['actionHistory'] === 'no') return notFound(call);
        return then((known) => this.#history(call, [known]));
      case 'usage_history':
        return then((known) => this.#usage(call, [known]));
      case 'reports/backup_status':
        return then((known) => this.#report(call, [known], call.now));
      default:
        return notFound(call);
    }
  }

  /** Always one page, whatever `page` asks for; `page_size` says 100 all the same. */
  #report(call: Call, computers: readonly Computer[], now: number): SimulatedResponse {
    const { query, path } = call.request;
    wordIn(query, 'order_by', ['USERNAME']);
    const sign = wordIn(query, 'order_dir', ['ASC', 'DESC']) === 'DESC' ? -1 : 1;
    const status = wordIn(query, 'condition_status', ['COMPLETED', 'RUNNING', 'WARNING', 'FAILURE']);
    const rows = reportRows(this.#state.sets(computers, now), now)
      .filter((row) => status === undefined || row['condition_status'] === status)
      .toSorted((a, b) => sign * String(a['username']).localeCompare(String(b['username']), 'en'));
    const links = [{ rel: 'first', path: `${path}?page=1` }];
    return this.#list(call, { element: 'backup_status', page: 1, pageSize: 100, count: rows.length, links, rows });
  }

  #history(call: Call, computers: readonly Computer[]): SimulatedResponse {
    const { request, now } = call;
    this.#state.sets(computers, now);
    const page = pageQuery(request.query, 50);
    const actions = wantedActions(
      computers.flatMap((computer) => actionsOf(computer, now)),
      request.query,
    );
    return this.#list(
      call,
      pageOf('action', actions, (action) => action.row(), page, request),
    );
  }

  /** Thirty days of stored bytes, growing to the present usage. */
  #usage(call: Call, computers: readonly Computer[]): SimulatedResponse {
    const { request, now } = call;
    wordIn(request.query, 'resolution', ['DAY', 'WEEK', 'MONTH', 'CUSTOM']);
    const total = computers.reduce((sum, computer) => sum + usageOf(computer), 0);
    const days = Array.from({ length: 30 }, (_, index) => ({
      date: printLocal(ZONES[0], Math.floor(now / DAY_MS - 29 + index) * DAY_MS),
      bytes: Math.floor((total * (70 + index)) / 99),
    }));
    return this.#list(
      call,
      pageOf('usage', days, (row) => row, pageQuery(request.query, 90), request),
    );
  }

  #info(call: Call, owner: Account | Computer | undefined, kind: 'accounts' | 'computers'): SimulatedResponse {
    const { request, format } = call;
    if (request.method !== 'PUT')
      return this.#read(call, `${kind}_read`, () =>
        owner === undefined ? notFound(call) : singleAnswer('info', { ...owner.contact }, [], format),
      );
    const refused = this.#refuse(call, `${kind}_write`);
    if (refused !== undefined) return refused;
    if (owner === undefined) return notFound(call);
    const type = (request.headers['content-type'] ?? '').split(';')[0] ?? '';
    const contact = FORMATS[type] === undefined ? undefined : contactOf(request.body, FORMATS[type]);
    if (contact === undefined) return errorAnswer(400, 'Content-Type or body is not valid', format);
    owner.contact = { ...owner.contact, ...contact };
    return { status: 204 };
  }

  #removeComputer(call: Call, computer: Computer | undefined): SimulatedResponse {
    const refused = this.#refuse(call, 'computers_write');
    if (refused !== undefined) return refused;
    if (computer === undefined) return notFound(call);
    computer.status = 'DELETED';
    computer.sets.splice(0);
    return { status: 204 };
  }

  #v2(call: Call, computer: Computer | undefined, path: string): SimulatedResponse {
    if (call.format === 'xml') return errorAnswer(406, 'v2 answers JSON', 'json');
    const refused = this.#refuse(call, 'computers_write');
    if (refused !== undefined) return refused;
    if (computer === undefined) return notFound(call);
    return this.#writes.handle(computer, path, call.request, call.now) ?? notFound(call);
  }

  #read(call: Call, scope: Scope, serve: () => SimulatedResponse): SimulatedResponse {
    const refused = this.#refuse(call, scope);
    if (refused !== undefined) return refused;
    return call.request.method === 'GET' ? serve() : errorAnswer(405, 'method not allowed', call.format);
  }

  #refuse({ request, format, now }: Call, scope: Scope): SimulatedResponse | undefined {
    const problem = this.#tokens.check(request, scope, now);
    if (problem === 'unauthorized') return errorAnswer(401, 'the token is invalid or expired', format);
    return problem === 'forbidden' ? errorAnswer(403, `the token lacks the scope ${scope}`, format) : undefined;
  }

  #list({ format }: Call, listing: Listing): SimulatedResponse {
    const mismatched = this.#variant['malformedSample'] === 'yes' && listing.element === 'backup_status';
    return listAnswer(listing, format, { mismatched });
  }
}

const FORMATS: Readonly<Record<string, Format>> = { 'application/json': 'json', 'application/xml': 'xml' };

function notFound({ format }: Call): SimulatedResponse {
  return errorAnswer(404, 'the resource does not exist', format);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
