/** The versions of the REST API that the gateway speaks. The version is the first segment of every path. */
export const API_VERSIONS = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/**
 * How one version is asked. What the versions *answer* needs no entry: arrays and pages, fields and links, both forms of log items
 * are told apart by what came.
 */
export interface VersionFacts {
  /** Lists of jobs and organisations take `limit` and `offset`; a list asked for without them ends after 30 rows. */
  readonly pagesJobs: boolean;
  /** Lists of sessions take `limit` and `offset`, with the same trap. */
  readonly pagesSessions: boolean;
  /** Lists of sessions take `jobType`, which keeps the sessions of copy jobs out. */
  readonly filtersJobType: boolean;
  /** Lists of sessions take `endTimeLowerBound`, which by the vendor's text goes by the creation of the session. */
  readonly filtersTime: boolean;
  /** Where the sessions of one job are: below the job, or in the list of all by the filter `jobId`. */
  readonly sessionsOfJob: 'BELOW_JOB' | 'FILTER';
  /** Organisations are asked for without the extended view, which fails while a proxy is offline. */
  readonly namesExtendedView: boolean;
  /** The token form must say that no antiforgery cookie will come back. */
  readonly hasAntiforgery: boolean;
  /** Tokens can be ended. */
  readonly hasLogout: boolean;
  /** Jobs are started, stopped, enabled and disabled by one path with the verb in the body, or by a path for each verb. */
  readonly acts: 'BY_BODY' | 'BY_PATH';
  /** A write without an answer body is answered with 204. An empty 200 comes from something on the way, not from the server. */
  readonly saysNoContent: boolean;
  /** The answer to a start is the session that was begun. */
  readonly tellsSession: boolean;
  /** New jobs are posted below their organisation, or to the list of jobs with the organisation in the body. */
  readonly creates: 'BELOW_ORGANIZATION' | 'IN_LIST';
  /** A new job names the proxy of its repository. */
  readonly namesProxy: boolean;
  /** How a job without a schedule is said; v3 has no word for it. */
  readonly unscheduled: 'NOT_SAID' | 'SWITCHED_OFF' | 'MANUAL_ONLY';
}

const V3: VersionFacts = {
  pagesJobs: false,
  pagesSessions: false,
  filtersJobType: false,
  filtersTime: false,
  sessionsOfJob: 'BELOW_JOB',
  namesExtendedView: false,
  hasAntiforgery: false,
  hasLogout: false,
  acts: 'BY_BODY',
  saysNoContent: false,
  tellsSession: false,
  creates: 'BELOW_ORGANIZATION',
  namesProxy: true,
  unscheduled: 'NOT_SAID',
};
const V4: VersionFacts = { ...V3, unscheduled: 'SWITCHED_OFF' };
const V5: VersionFacts = { ...V4, pagesSessions: true };
const V6: VersionFacts = {
  ...V5,
  filtersJobType: true,
  filtersTime: true,
  namesExtendedView: true,
  acts: 'BY_PATH',
  saysNoContent: true,
  namesProxy: false,
  unscheduled: 'MANUAL_ONLY',
};
const V7: VersionFacts = { ...V6, sessionsOfJob: 'FILTER', hasAntiforgery: true, hasLogout: true };
const V8: VersionFacts = { ...V7, pagesJobs: true, namesExtendedView: false, creates: 'IN_LIST', tellsSession: true };

/** The one table of version differences. */
export const VERSIONS: Readonly<Record<ApiVersion, VersionFacts>> = { v3: V3, v4: V4, v5: V5, v6: V6, v7: V7, v8: V8 };
