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
import { CRON_STYLES, type CronStyle } from './simulator-cron.ts';
import { seedState } from './simulator-data.ts';
import { Exports } from './simulator-export.ts';
import { Hub } from './simulator-hub.ts';
import type { TenantState } from './simulator-state.ts';
import { CREDENTIALS, TokenDesk, checkScope, type Grant } from './simulator-token.ts';

/**
 * A simulated tenant of SailPoint Identity Security Cloud, its configuration hub.
 *
 * Variants: `cron` is the style of the cron texts in the data: five, six, seven, quartz or mixed (default). `rateLimit` yes (default)
 * lets a client make 100 calls in 10 seconds with each API version, no as many as it likes.
 *
 * Simulated: `/oauth/token` (form, multipart, query) and `/oauth/info`; the configuration hub under `/configuration-hub/v1` and
 * `/v2024`, `/v2025`, `/v2026` `/configuration-hub` (`/v3` has the uploads only): backups with list and delete, uploads with list,
 * add, get and delete, scheduled actions with list, create, patch and delete, drafts, deploys; sp-config exports. `jobs` counts the
 * backup records, those that are uploads included. Actions fire by the clock in their own zone (UTC when they name none) and
 * make new records. There is no call that starts, cancels or gets one backup, as at the vendor.
 * Two more client ids share the secret: one may only read backups, one reaches nothing (see simulator-token.ts).
 *
 * Odd on purpose: members that are missing or null, none to six fraction digits, `modified` minutes after `completed`,
 * `objectOptions` as an array, uploads in one list or in both, no order, a reply that leaves out the zone that was sent.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const complete = completeOptions(options, { cron: 'mixed', rateLimit: 'yes' });
  const { cron = '', rateLimit = '' } = complete.variant;
  const style = (['mixed', ...CRON_STYLES] as const).find((known) => known === cron);
  if (style === undefined) throw new TypeError(`cron must be mixed, ${CRON_STYLES.join(', ')}`);
  if (!['yes', 'no'].includes(rateLimit)) throw new TypeError('rateLimit must be yes or no');
  const vendor = new SailPointSimulator(complete.seed, complete.jobs, style, rateLimit === 'yes', complete.clock);
  return startSimulatedServer(vendor, complete, CREDENTIALS);
}

class SailPointSimulator implements SimulatedVendor {
  readonly #clock: SimulationClock;
  readonly #isLimited: boolean;
  readonly #state: TenantState;
  readonly #answers: Answers;
  readonly #tokens: TokenDesk;
  readonly #hub: Hub;
  readonly #exports: Exports;

  constructor(seed: number, jobs: number, style: CronStyle | 'mixed', isLimited: boolean, clock: SimulationClock) {
    this.#clock = clock;
    this.#isLimited = isLimited;
    this.#state = seedState(seed, jobs, style, clock.now().getTime());
    this.#answers = new Answers(seed);
    this.#tokens = new TokenDesk(seed);
    this.#hub = new Hub(this.#state);
    this.#exports = new Exports(seed);
  }

  unauthorized(): SimulatedResponse {
    return this.#answers.unauthorized();
  }

  throttled(): SimulatedResponse {
    return this.#answers.throttled(1);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const now = this.#clock.now().getTime();
    this.#state.settle(now);
    if (request.path === '/oauth/token' && request.method === 'POST') return this.#tokens.issue(request, now);
    if (request.path === '/oauth/info' && request.method === 'GET') return { status: 200, body: INFO };
    const target = targetOf(request.path);
    const grant = this.#tokens.check(request, now);
    if (typeof grant === 'string') return this.#answers.unauthorized(grant);
    if (target === undefined) return this.#answers.refused(noResource());
    const waitMs = this.#isLimited ? this.#tokens.waitMs(grant, target.version, now) : undefined;
    if (waitMs !== undefined) return this.#answers.throttled(waitMs / 1000);
    try {
      const response = this.#serve(target, grant, request, now);
      // The oldest styles announce their end.
      return target.isOld ? { ...response, headers: { ...response.headers, 'x-deprecated': 'true' } } : response;
    } catch (error) {
      if (error instanceof Refusal) return this.#answers.refused(error);
      throw error;
    }
  }

  #serve(target: Target, grant: Grant, request: SimulatedRequest, now: number): SimulatedResponse {
    const { family, version, parts } = target;
    if (family === 'sp-config') {
      checkScope(grant, 'sp:config:read', 'sp:config:manage');
      const [first, ...rest] = parts;
      const response = first === 'export' ? this.#exports.handle(request, rest, () => jsonOf(request), now) : undefined;
      if (response === undefined) throw noResource();
      return response;
    }
    if (version === 'v3' && parts.slice(0, 2).join('/') !== 'backups/uploads') throw noResource();
    const operation = this.#hub.find(request.method, parts);
    if (operation === undefined) throw noResource();
    checkScope(grant, ...operation.scopes);
    return operation.run({ request, id: operation.id, now, json: () => jsonOf(request) });
  }
}

interface Target {
  readonly family: string;
  readonly version: string;
  readonly isOld: boolean;
  readonly parts: readonly string[];
}

/** `/configuration-hub/v1/…` or `/v2024/configuration-hub/…`; undefined for any other prefix. */
function targetOf(path: string): Target | undefined {
  const [first = '', second = '', ...rest] = path.slice(1).split('/');
  const isNew = FAMILIES.includes(first) && second === 'v1';
  const isLegacy = FAMILIES.includes(second) && LEGACY.includes(first);
  if (!isNew && !isLegacy) return undefined;
  try {
    const parts = rest.map(decodeURIComponent);
    const [family, version] = isNew ? [first, second] : [second, first];
    return { family, version, isOld: version === 'v3' || version === 'v2024', parts };
  } catch {
    return undefined;
  }
}

function jsonOf({ body }: SimulatedRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 'The request could not be parsed.');
  }
}

function noResource(): Refusal {
  return new Refusal(404, 'The server did not find a current representation for the target resource.');
}

const FAMILIES = ['configuration-hub', 'sp-config'];
const LEGACY = ['v2024', 'v2025', 'v2026', 'v3'];
const INFO = {
  tenantId: '0b6f4c2e-9a51-4d7c-8f10-3e5a7b9c1d24',
  tenantName: 'acme-lab',
  authorizeEndpoint: 'https://acme-lab.login.sailpoint.test/oauth/authorize',
  tokenEndpoint: 'https://acme-lab.api.identitynow.test/oauth/token',
  cloudDomainUrl: 'https://acme-lab.identitynow.test',
  logoutUrl: 'https://acme-lab.login.sailpoint.test/signout',
  pod: 'lab01',
};
