import type { JsonValue } from '../../domain/backup-operation.ts';
import type { GatewayError } from '../../domain/errors.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { MadeOnce } from '../../transport/made-once.ts';
import { readObject, type ObjectReader } from '../../transport/reader.ts';
import { Session } from '../../transport/session.ts';
import type { SourceHttp, WriteExchange } from '../../transport/source-http.ts';
import type { SourceEnvironment } from '../contract.ts';
import { loginOf } from './login.ts';
import { parsePage, readPages, type FetchedRow, type PagedRows } from './paging.ts';
import { refuseCall } from './refusals.ts';
import type { VeeamSettings } from './settings.ts';
import { VERSIONS, type VersionFacts } from './versions.ts';
import {
  parseJob,
  parseLogItem,
  parseOrganization,
  parseRepository,
  parseSession,
  type JobWire,
  type LogItemWire,
  type OrganizationWire,
  type RepositoryWire,
  type SessionWire,
} from './wire.ts';

/** The vendor's calls that the gateway makes: paths, queries and paging of the configured version. */
export class VeeamApi {
  readonly #http: SourceHttp;
  readonly #session: Session;
  readonly #drift: Drift;
  readonly #facts: VersionFacts;
  readonly #root: string;
  readonly #sourceKey: string;

  constructor(settings: VeeamSettings, environment: SourceEnvironment) {
    const now = (): Date => environment.now();
    this.#http = environment.openHttp([settings.baseUrl]);
    this.#drift = environment.drift;
    this.#facts = VERSIONS[settings.apiVersion];
    this.#root = `/${settings.apiVersion}`;
    this.#sourceKey = settings.key;
    this.#session = new Session({
      sourceKey: settings.key,
      login: loginOf(this.#http, settings, now),
      now: () => now().getTime(),
    });
  }

  listJobs(call: ReadCall): Promise<PagedRows<JobWire>> {
    return this.#list('/Jobs', {}, parseJob, this.#facts.pagesJobs, call);
  }

  readJob(id: string, call: ReadCall): Promise<FetchedRow<JobWire>> {
    return this.#one(`/Jobs/${pathSegment(id)}`, {}, parseJob, call);
  }

  /** Whether `listSessions` can leave out what is older; by the name of the filter it may leave out what has not ended, too. */
  get narrowsSessions(): boolean {
    return this.#facts.filtersTime;
  }

  /** Sessions of all jobs, the whole kept history where the version cannot narrow it. */
  listSessions(startedAfter: Date | undefined, call: ReadCall): Promise<PagedRows<SessionWire>> {
    const isNarrowed = this.#facts.filtersTime && startedAfter !== undefined;
    // The bound may leave its own instant out, so it is asked for a second earlier.
    const endTimeLowerBound = isNarrowed ? new Date(startedAfter.getTime() - 1000).toISOString() : undefined;
    const query = { jobType: this.#backupOnly(), endTimeLowerBound };
    return this.#list('/JobSessions', query, parseSession, this.#facts.pagesSessions, call);
  }

  /** Whether `listSessionsOfJob` is NOT_FOUND for a job that does not exist; else such a job has no sessions. */
  get refusesUnknownJobs(): boolean {
    return this.#facts.sessionsOfJob === 'BELOW_JOB';
  }

  listSessionsOfJob(jobId: string, call: ReadCall): Promise<PagedRows<SessionWire>> {
    const { sessionsOfJob, pagesSessions } = this.#facts;
    if (sessionsOfJob === 'BELOW_JOB')
      return this.#list(`/Jobs/${pathSegment(jobId)}/JobSessions`, {}, parseSession, pagesSessions, call);
    return this.#list('/JobSessions', { jobId, jobType: this.#backupOnly() }, parseSession, pagesSessions, call);
  }

  readSession(id: string, call: ReadCall): Promise<FetchedRow<SessionWire>> {
    return this.#one(`/JobSessions/${pathSegment(id)}`, {}, parseSession, call);
  }

  /** The log of a session. The link that a v3 session has to its log leads to a path that does not exist. */
  listLogItems(sessionId: string, call: ReadCall): Promise<PagedRows<LogItemWire>> {
    return this.#list(`/JobSessions/${pathSegment(sessionId)}/LogItems`, {}, parseLogItem, true, call);
  }

  listOrganizations(call: ReadCall): Promise<PagedRows<OrganizationWire>> {
    return this.#list('/Organizations', this.#plainView(), parseOrganization, this.#facts.pagesJobs, call);
  }

  readOrganization(id: string, call: ReadCall): Promise<FetchedRow<OrganizationWire>> {
    return this.#one(`/Organizations/${pathSegment(id)}`, this.#plainView(), parseOrganization, call);
  }

  listRepositories(call: ReadCall): Promise<PagedRows<RepositoryWire>> {
    return this.#list('/BackupRepositories', {}, parseRepository, this.#facts.pagesJobs, call);
  }

  /** For lists that are worked out from many pages. */
  madeOnce<T extends { readonly problems: readonly unknown[] }>(): MadeOnce<T> {
    return new MadeOnce(this.#http);
  }

  get facts(): VersionFacts {
    return this.#facts;
  }

  /** A call that changes something, as it will be sent. A body goes along even where the vendor needs none to know what to do. */
  writeOf(method: JobWrite['method'], path: string, body: JsonValue): JobWrite {
    return { method, path: `${this.#root}${path}`, body };
  }

  write({ method, path, body }: JobWrite, signal: AbortSignal): Promise<WriteExchange> {
    const headers = { accept: 'application/json', ...(body === null ? {} : { 'content-type': 'application/json' }) };
    const text = body === null ? undefined : JSON.stringify(body);
    return this.#http.write({ method, path, headers, body: text }, this.#session, signal);
  }

  /** The id in the answer to a write; undefined when the answer is empty. @throws MALFORMED_RESPONSE */
  idIn(response: HttpResponse, kind: 'JOB' | 'SESSION'): string | undefined {
    if (response.body.length === 0) return undefined;
    const row = readObject(decodeJson(response), '$', this.#drift);
    return kind === 'JOB' ? parseJob(row, this.#drift).id : parseSession(row, this.#drift).id;
  }

  errorIn(response: HttpResponse): GatewayError {
    return refuseCall(response, this.#sourceKey);
  }

  /** Ends the token where the version can, within a short time and whatever comes of it, and closes the connections. */
  async close(): Promise<void> {
    const login = this.#session.peek();
    if (this.#facts.hasLogout && login !== undefined) {
      const request = { method: 'POST', path: `${this.#root}/token/logout`, headers: login.headers } as const;
      await this.#http.send(request, AbortSignal.timeout(LOGOUT_MS)).catch(() => undefined);
    }
    await this.#http.close();
  }

  #backupOnly(): string | undefined {
    return this.#facts.filtersJobType ? 'Backup' : undefined;
  }

  #plainView(): Query {
    return { extendedView: this.#facts.namesExtendedView ? 'false' : undefined };
  }

  #list<T extends { readonly id: string | undefined }>(
    path: string,
    query: Query,
    parse: Parse<T>,
    isPaged: boolean,
    call: ReadCall,
  ): Promise<PagedRows<T>> {
    const decode = (response: HttpResponse) =>
      parsePage(decodeJson(response), (row) => parse(row, this.#drift), this.#drift);
    return readPages(
      ({ offset, limit, setId }) =>
        this.#http.read(
          {
            ...this.#request(path),
            query: { ...query, limit, offset: offset === 0 ? undefined : offset, setId },
            decode,
          },
          call,
        ),
      { sourceKey: this.#sourceKey, limit: isPaged ? PAGE_SIZE : undefined, keyOf: ({ id }) => id },
    );
  }

  async #one<T>(path: string, query: Query, parse: Parse<T>, call: ReadCall): Promise<FetchedRow<T>> {
    const decode = (response: HttpResponse): T =>
      parse(readObject(decodeJson(response), '$', this.#drift), this.#drift);
    const { value, fetchedAt } = await this.#http.read({ ...this.#request(path), query, decode }, call);
    return { row: value, fetchedAt };
  }

  #request(path: string) {
    return {
      path: `${this.#root}${path}`,
      headers: { accept: 'application/json' },
      session: this.#session,
      refuse: (response: HttpResponse) => refuseCall(response, this.#sourceKey),
    };
  }
}

/** A call that changes a job. */
export interface JobWrite {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** With the version. */
  readonly path: string;
  /** Null sends none. */
  readonly body: JsonValue;
}

type Query = Readonly<Record<string, string | undefined>>;
type Parse<T> = (row: ObjectReader, drift: Drift) => T;

/** Rows per page: far above the vendor's default of 30, and below its limit of 10,000 so that a page of jobs stays a few megabytes. */
const PAGE_SIZE = 2_000;
const LOGOUT_MS = 2_000;
