import type { BackupJob } from '../../domain/backup-job.ts';
import { compareNewestFirst, type BackupRun, type RunMessage } from '../../domain/backup-run.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { Operation } from '../../domain/source.ts';
import type { WriteRequest, WriteVerb } from '../../domain/write-request.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { answers, keysById } from '../by-native-id.ts';
import type {
  BackupSource,
  ByNativeId,
  CapabilityReading,
  JobRunsQuery,
  Rows,
  RunQuery,
  PreparedWrite,
  RefusedWrite,
  SourceEnvironment,
  WriteEffect,
} from '../contract.ts';
import { isAbsent } from './absences.ts';
import { IntronisApi, type HistoryQuery } from './api.ts';
import { CAPABILITIES, CAPABILITIES_WITHOUT_HISTORY } from './capabilities.ts';
import { hasComputer, HistoryReader } from './history.ts';
import { decodeJobId, decodeRunId, type RunKey, type SetKey } from './ids.ts';
import { mapJobs, mapProtectedObject, mapRuns, type ActionRow, type MapContext, type ReportRow } from './mapper.ts';
import {
  mapBounded,
  problemsAbout,
  problemsOf,
  rowsOf,
  throwIfAllFailed,
  throwIfSourceFailed,
  type Part,
} from './parts.ts';
import { ReportReader } from './reports.ts';
import type { IntronisAccount, IntronisSettings } from './settings.ts';

/** Backup sets and their runs, from status reports and, where it answers, the action history. */
export class IntronisSource implements BackupSource {
  readonly key: string;
  readonly #accounts: readonly IntronisAccount[];
  readonly #context: MapContext;
  readonly #api: IntronisApi;
  readonly #reports: ReportReader;
  readonly #history: HistoryReader;

  constructor(settings: IntronisSettings, environment: SourceEnvironment) {
    const now = (): Date => environment.now();
    this.key = settings.key;
    this.#accounts = settings.accounts;
    this.#context = { sourceKey: settings.key, rules: settings.conditions };
    this.#api = new IntronisApi(settings, environment);
    this.#reports = new ReportReader(settings, this.#api, now);
    this.#history = new HistoryReader(settings, this.#api, now);
  }

  async listJobs(call: ReadCall): Promise<Rows<BackupJob>> {
    const parts = (await mapBounded(this.#accounts, (account) => this.#reports.readAccount(account, call))).flat();
    throwIfAllFailed(parts);
    return { rows: mapJobs(rowsOf(parts), this.#context), problems: problemsOf(parts) };
  }

  async readJobs(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupJob>> {
    const wanted = keysById(nativeIds, decodeJobId);
    const parts = (
      await mapBounded(this.#group(wanted.values()), ({ account, computerIds }) =>
        this.#reports.readComputers(account, computerIds, call),
      )
    ).flat();
    throwIfSourceFailed(parts);
    const jobs = new Map(mapJobs(rowsOf(parts), this.#context).map((job) => [job.nativeId, job]));
    return answers(wanted, (key, id) => jobs.get(id) ?? obstacle(parts, key));
  }

  async listRuns(query: RunQuery, call: ReadCall): Promise<Rows<BackupRun>> {
    const readings = await mapBounded(this.#accounts, (account) =>
      this.#readRuns(account, undefined, { since: query.startedAfter }, call),
    );
    const parts = readings.flatMap(partsOf);
    throwIfAllFailed(parts);
    const unkept = readings.filter(({ history }) => history === undefined).map(({ username }) => username);
    const absence = unkept.length === 0 ? [] : [this.#history.absenceProblem(unkept)];
    return {
      rows: readings.flatMap(({ runs }) => [...runs.values()]),
      problems: [...problemsOf(parts), ...absence],
    };
  }

  async readRuns(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupRun>> {
    const wanted = keysById(nativeIds, decodeRunId);
    const readings = await mapBounded(this.#group(wanted.values()), ({ account, computerIds, keys }) => {
      return this.#readRuns(account, computerIds, historyOf(keys), call);
    });
    const parts = readings.flatMap(partsOf);
    throwIfSourceFailed(parts);
    const runs = new Map(readings.flatMap((reading) => [...reading.runs]));
    return answers(wanted, (key, id) => runs.get(id) ?? obstacle(parts, key));
  }

  async readRunsOfJobs(
    jobNativeIds: readonly string[],
    query: JobRunsQuery,
    call: ReadCall,
  ): Promise<ByNativeId<Rows<BackupRun>>> {
    const wanted = keysById(jobNativeIds, decodeJobId);
    const readings = await mapBounded(this.#group(wanted.values()), ({ account, computerIds, keys }) =>
      this.#readRuns(account, computerIds, { since: query.startedAfter, isEnough: newestOfEach(keys, query) }, call),
    );
    throwIfSourceFailed(readings.flatMap(partsOf));
    const byAccount = new Map(readings.map((reading) => [reading.username, reading]));
    const runs = Map.groupBy(
      readings.flatMap((reading) => [...reading.runs.values()]),
      ({ jobNativeId }) => jobNativeId,
    );
    return answers(wanted, (key, id) => {
      const reading = byAccount.get(key.username);
      return reading === undefined ? undefined : this.#runsOfJob(reading, key, runs.get(id) ?? []);
    });
  }

  /** Runs come with all there is to tell, so there is nothing left to read. */
  async readMessages(runNativeIds: readonly string[]): Promise<ByNativeId<readonly RunMessage[]>> {
    return new Map([...keysById(runNativeIds, decodeRunId).keys()].map((id) => [id, []]));
  }

  async listProtectedObjects(call: ReadCall): Promise<Rows<ProtectedObject>> {
    const { rows, problems } = await this.listJobs(call);
    return { rows: rows.map(mapProtectedObject), problems };
  }

  async readProtectedObjects(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<ProtectedObject>> {
    const jobs = await this.readJobs(nativeIds, call);
    return new Map([...jobs].map(([id, job]) => [id, job instanceof GatewayError ? job : mapProtectedObject(job)]));
  }

  jobCapabilities(job: BackupJob): Readonly<Record<Operation, CapabilityReading>> {
    return this.#capabilitiesOf(decodeJobId(job.nativeId));
  }

  runCapabilities(run: BackupRun): Readonly<Record<Operation, CapabilityReading>> {
    return this.#capabilitiesOf(decodeRunId(run.nativeId));
  }

  /** Nothing can be written through API v1; see the capabilities. */
  async prepareWrite({ verb }: WriteRequest): Promise<PreparedWrite | RefusedWrite> {
    throw this.#unsupported(verb);
  }

  /** Nothing is ever sent, so there is nothing to look for. */
  async settleWrite(verb: WriteVerb): Promise<WriteEffect | undefined> {
    throw this.#unsupported(verb);
  }

  apiVersion(): string {
    return 'v1';
  }

  async probe(call: ReadCall): Promise<void> {
    const [account] = this.#accounts;
    if (account !== undefined) await this.#api.readAccount(account.username, call);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  #unsupported(verb: WriteVerb): GatewayError {
    return new GatewayError('UNSUPPORTED', `API v1 of Barracuda has no call for ${verb}.`, { sourceKey: this.key });
  }

  #capabilitiesOf(key: SetKey | undefined): Readonly<Record<Operation, CapabilityReading>> {
    if (key === undefined || !this.#history.isAbsent(key.username, key.computerId)) return CAPABILITIES;
    return CAPABILITIES_WITHOUT_HISTORY;
  }

  /** The keys by configured account; keys of other accounts and of computers that are not configured name nothing here. */
  #group<Key extends SetKey>(keys: Iterable<Key>): readonly Wanted<Key>[] {
    const all = [...keys];
    return this.#accounts
      .map((account) => {
        const own = all.filter((key) => key.username === account.username && hasComputer(account, key.computerId));
        return { account, keys: own, computerIds: [...new Set(own.map(({ computerId }) => computerId))] };
      })
      .filter(({ keys }) => keys.length > 0);
  }

  /** Runs of the whole account, or of some of its computers: one computer's history is its own call. */
  async #readRuns(
    account: IntronisAccount,
    computerIds: readonly string[] | undefined,
    historyQuery: HistoryQuery,
    call: ReadCall,
  ): Promise<RunsReading> {
    const { username } = account;
    const computerId = computerIds?.length === 1 ? computerIds[0] : undefined;
    const [reports, history] = await Promise.all([
      computerIds === undefined
        ? this.#reports.readAccount(account, call)
        : this.#reports.readComputers(account, computerIds, call),
      this.#history.read(account, { ...historyQuery, computerId }, call),
    ]);
    const runs = mapRuns(rowsOf(reports), history?.rows ?? [], this.#context);
    return { username, reports, history, runs };
  }

  #runsOfJob(
    reading: RunsReading,
    key: SetKey,
    rows: readonly BackupRun[],
  ): Rows<BackupRun> | GatewayError | undefined {
    const parts = partsOf(reading);
    if (rows.length === 0) return obstacle(parts, key);
    const problems = [...problemsAbout(parts, key)];
    if (reading.history === undefined) problems.push(this.#history.absenceProblem([key.username]));
    return { rows: rows.toSorted(compareNewestFirst), problems };
  }
}

/** What was read about the runs of one account; `history` is undefined where it does not answer. */
interface RunsReading {
  readonly username: string;
  readonly reports: readonly Part<ReportRow>[];
  readonly history: Part<ActionRow> | undefined;
  readonly runs: ReadonlyMap<string, BackupRun>;
}

interface Wanted<Key extends SetKey> {
  readonly account: IntronisAccount;
  readonly keys: readonly Key[];
  readonly computerIds: readonly string[];
}

function partsOf({ reports, history }: RunsReading): readonly Part<unknown>[] {
  return history === undefined ? reports : [...reports, history];
}

/** Why a key may exist though it was not found; undefined when all that could tell was read, or the computer does not exist. */
function obstacle(parts: readonly Part<unknown>[], key: SetKey): GatewayError | undefined {
  return problemsAbout(parts, key).find((problem) => !isAbsent(problem));
}

/** History that surely holds the runs of these keys: since the oldest beginning, until all are found. */
function historyOf(keys: readonly RunKey[]): HistoryQuery {
  const starts = keys.map(({ startedAt }) => startedAt?.getTime()).filter((start) => start !== undefined);
  const begun = keys.filter(({ startedAt }) => startedAt !== undefined);
  const wanted = new Set(begun.map(({ computerId, set, startedAt }) => keyInAccount(computerId, set, startedAt)));
  return {
    // The vendor does not say whether `since` holds its own instant.
    since: starts.length === 0 ? undefined : new Date(Math.min(...starts) - 1000),
    isEnough: (rows) => {
      const found = new Set(rows.map(({ row }) => keyInAccount(row.computer_id, row.backupset_name, row.local_start)));
      return [...wanted].every((key) => found.has(key));
    },
  };
}

/** Whether the history so far holds the wanted number of runs of each set. */
function newestOfEach(keys: readonly SetKey[], { newest, startedBefore }: JobRunsQuery): HistoryQuery['isEnough'] {
  if (newest === undefined) return undefined;
  return (rows) => {
    const counts = new Map<string, number>();
    for (const { row } of rows) {
      if (startedBefore !== undefined && !(row.local_start !== undefined && row.local_start < startedBefore)) continue;
      const set = keyInAccount(row.computer_id, row.backupset_name);
      counts.set(set, (counts.get(set) ?? 0) + 1);
    }
    return keys.every(({ computerId, set }) => (counts.get(keyInAccount(computerId, set)) ?? 0) >= newest);
  };
}

function keyInAccount(computerId: string, set: string | undefined, startedAt?: Date): string {
  return JSON.stringify([computerId, set, startedAt]);
}
