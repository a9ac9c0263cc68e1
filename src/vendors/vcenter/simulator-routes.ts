import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import type { Operations } from './simulator-operations.ts';
import type { Release } from './simulator-releases.ts';
import { APPLIANCE_ZONE } from './simulator-schedule.ts';
import type { Session } from './simulator-sessions.ts';
import type { Style } from './simulator-views.ts';
import type { Answers } from './simulator-answers.ts';

/** One request with a good session. */
export interface Call {
  readonly style: Style;
  /** The variable parts of the path, decoded. */
  readonly ids: readonly string[];
  readonly request: SimulatedRequest;
  readonly session: Session;
  readonly now: number;
}

export type Found = { readonly run: (call: Call) => SimulatedResponse; readonly ids: readonly string[] };

/** The paths of a release in both styles. */
export class Routes {
  readonly #routes: readonly Route[];

  constructor(release: Release, operations: Operations, answers: Answers) {
    const old = [...recoveryRoutes(operations, answers), ...jobRoutes(operations)];
    this.#routes = release.hasDetails ? [...newerRoutes(operations), ...old] : old;
  }

  /** `operation` when the path is known and the verb is not. */
  find(style: Style, path: string, request: SimulatedRequest): Found | 'path' | 'operation' {
    let known: 'path' | 'operation' = 'path';
    for (const route of this.#routes) {
      if (route.style !== undefined && route.style !== style) continue;
      const ids = idsOf(route, path);
      if (ids === undefined) continue;
      if (route.method === request.method && (request.query.get('action') ?? undefined) === route.action)
        return { run: route.run, ids };
      known = 'operation';
    }
    return known;
  }
}

interface Route {
  readonly method: string;
  /** Both when left out. */
  readonly style?: Style;
  readonly path: RegExp;
  readonly action?: string;
  readonly run: (call: Call) => SimulatedResponse;
}

const RECOVERY = '/appliance/recovery';
const BACKUP = `${RECOVERY}/backup`;

function recoveryRoutes(operations: Operations, answers: Answers): Route[] {
  return [
    {
      ...on('GET', '/appliance/system/time/timezone'),
      run: ({ style }) => answers.value(style, APPLIANCE_ZONE),
    },
    { ...on('GET', RECOVERY), run: ({ style }) => answers.value(style, { supported: true }) },
    { ...on('GET', `${BACKUP}/parts`), run: (call) => operations.listParts(call) },
    { ...on('GET', `${BACKUP}/parts/{}`), run: (call) => operations.partSize(call) },
    {
      ...on('POST', BACKUP),
      style: 'api',
      action: 'validate',
      run: (call) => operations.validate(call),
    },
    { ...on('POST', `${BACKUP}/validate`), style: 'rest', run: (call) => operations.validate(call) },
  ];
}

function jobRoutes(operations: Operations): Route[] {
  return [
    { ...on('GET', `${BACKUP}/job`), run: (call) => operations.listJobs(call) },
    { ...on('POST', `${BACKUP}/job`), run: (call) => operations.createJob(call) },
    { ...on('GET', `${BACKUP}/job/{}`), run: (call) => operations.getJob(call) },
    {
      ...on('POST', `${BACKUP}/job/{}`),
      style: 'api',
      action: 'cancel',
      run: (call) => operations.cancelJob(call),
    },
    { ...on('POST', `${BACKUP}/job/{}/cancel`), style: 'rest', run: (call) => operations.cancelJob(call) },
  ];
}

/** What came with 6.7. */
function newerRoutes(operations: Operations): Route[] {
  const schedules = `${BACKUP}/schedules`;
  const systems = `${BACKUP}/system-name`;
  const create = (call: Call): SimulatedResponse => operations.createSchedule(call);
  const update = (call: Call): SimulatedResponse => operations.updateSchedule(call);
  const listSystems = (call: Call): SimulatedResponse => operations.listSystems(call);
  const listArchives = (call: Call): SimulatedResponse => operations.listArchives(call);
  const getArchive = (call: Call): SimulatedResponse => operations.getArchive(call);
  return [
    { ...on('GET', `${BACKUP}/job/details`), run: (call) => operations.details(call) },
    { ...on('GET', schedules), run: (call) => operations.listSchedules(call) },
    { ...on('GET', `${schedules}/{}`), run: (call) => operations.getSchedule(call) },
    { ...on('POST', schedules), style: 'api', run: create },
    { ...on('POST', `${schedules}/{}`), style: 'rest', run: create },
    { ...on('PATCH', `${schedules}/{}`), style: 'api', run: update },
    { ...on('PUT', `${schedules}/update/{}`), style: 'rest', run: update },
    { ...on('PUT', `${schedules}/{}`), style: 'rest', run: update },
    { ...on('DELETE', `${schedules}/{}`), run: (call) => operations.deleteSchedule(call) },
    { ...on('POST', `${schedules}/{}`), action: 'run', run: (call) => operations.runSchedule(call) },
    // Some of the vendor's samples put a slash before the question mark.
    { ...on('POST', `${schedules}/{}/`), style: 'rest', action: 'run', run: (call) => operations.runSchedule(call) },
    { ...on('GET', systems), style: 'rest', run: listSystems },
    { ...on('POST', systems), style: 'api', action: 'list', run: listSystems },
    { ...on('GET', `${systems}/{}/archives`), style: 'rest', run: listArchives },
    { ...on('POST', `${systems}/{}/archives`), style: 'api', action: 'list', run: listArchives },
    { ...on('GET', `${systems}/{}/archives/{}`), style: 'rest', run: getArchive },
    { ...on('POST', `${systems}/{}/archives/{}`), style: 'api', action: 'get', run: getArchive },
  ];
}

function on(method: string, path: string): Pick<Route, 'method' | 'path'> {
  return { method, path: new RegExp(`^${path.replaceAll('{}', '([^/]+)')}$`) };
}

function idsOf({ path: pattern }: Route, path: string): string[] | undefined {
  try {
    return pattern.exec(path)?.slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
