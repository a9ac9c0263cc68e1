import { isActive } from '../../domain/backup-status.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { ByNativeId } from '../contract.ts';
import type { VeeamApi } from './api.ts';
import { asPartFailure, MAX_SINGLE_READS, pickFrom, readEach } from './batch.ts';
import type { JobReader } from './jobs.ts';
import type { FetchedRow, PagedRows } from './paging.ts';
import { mapSessionStatus } from './status.ts';
import type { SessionWire } from './wire.ts';

/** Reads sessions of backup jobs with the fewest calls. Sessions of copy jobs, which make no backup, are left out. */
export class SessionReader {
  readonly #api: VeeamApi;
  readonly #jobs: JobReader;
  readonly #sourceKey: string;

  constructor(api: VeeamApi, jobs: JobReader, sourceKey: string) {
    this.#sourceKey = sourceKey;
    this.#api = api;
    this.#jobs = jobs;
  }

  /**
   * Sessions since an instant, or the whole kept history; always all that have not ended.
   *
   * A list narrowed by end time may lack what has none yet. So the jobs are asked which of them are active; where the list has no
   * active session of such a job, that job's sessions are read apart, or those of all when there are many.
   */
  async list(startedAfter: Date | undefined, call: ReadCall): Promise<PagedRows<SessionWire>> {
    if (startedAfter === undefined || !this.#api.narrowsSessions) return this.#listAll(call);
    const [sessions, jobs] = await Promise.all([
      this.#api.listSessions(startedAfter, call).then(backupsOnly),
      this.#jobs.list(call).catch(asPartFailure),
    ]);
    if (jobs instanceof GatewayError) return { rows: sessions.rows, problems: [...sessions.problems, jobs] };
    const told = new Set(sessions.rows.filter(({ row }) => isActiveWord(row.status)).map(({ row }) => row.jobId));
    const active = jobs.rows.filter(({ row }) => isActiveWord(row.lastStatus)).map(({ row }) => row.id);
    const untold = active.filter((id) => !told.has(id));
    if (untold.length > MAX_SINGLE_READS) return this.#listAll(call);
    const apart = await readEach(untold, (id) => this.#listOfJob(id, call)).catch(asPartFailure);
    return merge([sessions, ...(apart instanceof GatewayError ? [apart] : apart.values())]);
  }

  async read<T>(
    ids: ReadonlySet<string>,
    map: (row: FetchedRow<SessionWire>) => T,
    call: ReadCall,
  ): Promise<ByNativeId<T>> {
    if (ids.size > MAX_SINGLE_READS) return pickFrom(await this.#listAll(call), ids, map);
    const sessions = await readEach(ids, (id) => this.#api.readSession(id, call));
    const answers = new Map<string, T | GatewayError>();
    for (const [id, session] of sessions) {
      if (session instanceof GatewayError) answers.set(id, session);
      else if (!session.row.isCopy) answers.set(id, map(session));
    }
    return answers;
  }

  /** The sessions of each job; a job that does not exist has no entry. One list when many jobs are asked for, else one for each. */
  async readOfJobs(
    jobIds: ReadonlySet<string>,
    startedAfter: Date | undefined,
    call: ReadCall,
  ): Promise<ByNativeId<PagedRows<SessionWire>>> {
    if (jobIds.size === 0) return new Map();
    if (jobIds.size > MAX_SINGLE_READS) {
      const { rows, problems } = await this.list(startedAfter, call);
      const byJob = Map.groupBy(rows, ({ row }) => row.jobId);
      const gaps = [...problems, ...this.#unnamed(byJob.get(undefined) ?? [])];
      const grouped = new Map([...jobIds].map((id) => [id, { rows: byJob.get(id) ?? [], problems: gaps }]));
      return withoutUnknownJobs(grouped, (silent) => this.#jobs.readFromList(silent, () => true, call));
    }
    const answers = await readEach(jobIds, (id) => this.#listOfJob(id, call));
    if (this.#api.refusesUnknownJobs) return answers;
    return withoutUnknownJobs(answers, (silent) => this.#jobs.read(silent, () => true, call));
  }

  /** Sessions that do not say whose they are may be of any job. */
  #unnamed(rows: readonly FetchedRow<SessionWire>[]): readonly GatewayError[] {
    if (rows.length === 0) return [];
    const message = `Source "${this.#sourceKey}": ${rows.length} sessions do not say which job they are of.`;
    return [new GatewayError('MALFORMED_RESPONSE', message, { sourceKey: this.#sourceKey })];
  }

  async #listAll(call: ReadCall): Promise<PagedRows<SessionWire>> {
    return backupsOnly(await this.#api.listSessions(undefined, call));
  }

  /** Up to v7 a session may not say whose it is; one that says that it is of another job is left out. */
  async #listOfJob(jobId: string, call: ReadCall): Promise<PagedRows<SessionWire>> {
    const { rows, problems } = backupsOnly(await this.#api.listSessionsOfJob(jobId, call));
    return {
      rows: rows
        .filter(({ row }) => row.jobId === undefined || row.jobId === jobId)
        .map((fetched) => ({ ...fetched, row: { ...fetched.row, jobId } })),
      problems,
    };
  }
}

function backupsOnly({ rows, problems }: PagedRows<SessionWire>): PagedRows<SessionWire> {
  return { rows: rows.filter(({ row }) => !row.isCopy), problems };
}

function isActiveWord(status: string | undefined): boolean {
  return isActive(mapSessionStatus(status).status);
}

/** Sessions of several readings, the later one's of two; a reading that failed is a problem. */
function merge(parts: readonly (PagedRows<SessionWire> | GatewayError)[]): PagedRows<SessionWire> {
  const rows = new Map<string, FetchedRow<SessionWire>>();
  const problems: GatewayError[] = [];
  for (const part of parts) {
    if (part instanceof GatewayError) problems.push(part);
    else {
      for (const fetched of part.rows) rows.set(fetched.row.id, fetched);
      problems.push(...part.problems);
    }
  }
  return { rows: [...rows.values()], problems };
}

/** A list of sessions does not tell a job without runs from one that does not exist: the jobs are asked. */
async function withoutUnknownJobs(
  answers: ByNativeId<PagedRows<SessionWire>>,
  readJobs: (ids: ReadonlySet<string>) => Promise<ByNativeId<true>>,
): Promise<ByNativeId<PagedRows<SessionWire>>> {
  const silent = new Set<string>();
  for (const [id, answer] of answers) {
    if (!(answer instanceof GatewayError) && answer.rows.length === 0) silent.add(id);
  }
  const known = await readJobs(silent).catch(asPartFailure);
  const checked = new Map(answers);
  for (const id of silent) {
    const job = known instanceof GatewayError ? known : known.get(id);
    if (job === undefined) checked.delete(id);
    else if (job instanceof GatewayError) checked.set(id, job);
  }
  return checked;
}
