import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun, RunMessage } from '../../domain/backup-run.ts';
import type { JsonValue } from '../../domain/backup-operation.ts';
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
import { SailPointApi, type Listing } from './api.ts';
import { jobCapabilities, runCapabilities } from './capabilities.ts';
import { decodeJobId, decodeRunId, TENANT_ID, type JobKey } from './ids.ts';
import {
  mapActionJob,
  mapBackupJob,
  mapProtectedObject,
  mapRun,
  mergeRecords,
  type BackupRecord,
  type Fetched,
  type MapContext,
} from './mapper.ts';
import type { SailPointSettings } from './settings.ts';
import type { BackupWire, ScheduledActionWire } from './wire.ts';
import { prepareWrite, settleWrite } from './writes.ts';

/** Scheduled actions, backups and uploads of one tenant's configuration hub. */
export class SailPointSource implements BackupSource {
  readonly key: string;
  readonly #apiPrefix: string;
  readonly #context: MapContext;
  readonly #api: SailPointApi;
  readonly #now: () => Date;

  constructor(settings: SailPointSettings, environment: SourceEnvironment) {
    this.key = settings.key;
    this.#apiPrefix = settings.apiPrefix;
    this.#context = { sourceKey: settings.key, sourceName: settings.name, timeZone: settings.timeZone };
    this.#api = new SailPointApi(settings, environment);
    this.#now = () => environment.now();
  }

  async listJobs(call: ReadCall): Promise<Rows<BackupJob>> {
    const [listed, actions] = await Promise.all([this.#listRecords(call), this.#api.listScheduledActions(call)]);
    const records = successOf(listed);
    const jobs = new Map<string, BackupJob>();
    for (const action of actionsById(actions).values()) add(jobs, mapActionJob(action, this.#context, this.#now()));
    for (const record of records.found.values()) add(jobs, mapBackupJob(record, this.#context));
    return { rows: [...jobs.values()], problems: [...records.problems, ...actions.problems] };
  }

  async readJobs(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupJob>> {
    const { keys, actions, records } = await this.#readKeys(nativeIds, call);
    return answers(keys, ({ kind, id }) =>
      kind === 'action'
        ? pick(actions, id, (action) => mapActionJob(action, this.#context, this.#now()))
        : pick(records, id, (record) => mapBackupJob(record, this.#context)),
    );
  }

  /** The vendor's lists know no times, so the query narrows nothing. */
  async listRuns(_query: RunQuery, call: ReadCall): Promise<Rows<BackupRun>> {
    const { found, problems } = successOf(await this.#listRecords(call));
    return { rows: [...found.values()].map((record) => mapRun(record, this.#context)), problems };
  }

  async readRuns(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupRun>> {
    const ids = keysById(nativeIds, decodeRunId);
    if (ids.size === 0) return new Map();
    const records = successOf(await this.#findRecords([...ids.values()], call));
    return answers(ids, (id) => pick(records, id, (record) => mapRun(record, this.#context)));
  }

  /** A record is its own one run. The vendor ties no run to a scheduled action, so that one has none that anybody knows of. */
  async readRunsOfJobs(
    jobNativeIds: readonly string[],
    _query: JobRunsQuery,
    call: ReadCall,
  ): Promise<ByNativeId<Rows<BackupRun>>> {
    const { keys, actions, records } = await this.#readKeys(jobNativeIds, call);
    return answers(keys, ({ kind, id }) =>
      kind === 'action'
        ? pick(actions, id, () => ({ rows: [], problems: [] }))
        : pick(records, id, (record) => ({ rows: [mapRun(record, this.#context)], problems: [] })),
    );
  }

  /** Runs come with all there is to tell, so there is nothing left to read. */
  async readMessages(runNativeIds: readonly string[]): Promise<ByNativeId<readonly RunMessage[]>> {
    return new Map([...keysById(runNativeIds, decodeRunId).keys()].map((id) => [id, []]));
  }

  /** The tenant is known from the settings; the vendor is read all the same, so that a source that is down does not look fine. */
  async listProtectedObjects(call: ReadCall): Promise<Rows<ProtectedObject>> {
    await this.probe(call);
    return { rows: [mapProtectedObject(this.#context)], problems: [] };
  }

  async readProtectedObjects(nativeIds: readonly string[]): Promise<ByNativeId<ProtectedObject>> {
    return new Map(nativeIds.includes(TENANT_ID) ? [[TENANT_ID, mapProtectedObject(this.#context)]] : []);
  }

  jobCapabilities(job: BackupJob): Readonly<Record<Operation, CapabilityReading>> {
    return jobCapabilities(job, this.#now());
  }

  runCapabilities(run: BackupRun): Readonly<Record<Operation, CapabilityReading>> {
    return runCapabilities(run);
  }

  prepareWrite(request: WriteRequest, call: ReadCall): Promise<PreparedWrite | RefusedWrite> {
    return prepareWrite(request, { sourceKey: this.key, api: this.#api, now: this.#now }, call);
  }

  settleWrite(verb: WriteVerb, mark: JsonValue, call: ReadCall): Promise<WriteEffect | undefined> {
    return settleWrite(verb, mark, { sourceKey: this.key, api: this.#api, now: this.#now }, call);
  }

  apiVersion(): string {
    return this.#apiPrefix;
  }

  async probe(call: ReadCall): Promise<void> {
    const { failure } = await this.#api.listBackups(call);
    if (failure !== undefined) throw failure;
  }

  /** There is no session at the vendor to end: tokens run out by themselves. */
  close(): Promise<void> {
    return this.#api.close();
  }

  async #listRecords(call: ReadCall): Promise<Found<BackupRecord>> {
    const [backups, uploads] = await Promise.all([this.#api.listBackups(call), this.#api.listUploads(call)]);
    return foundIn(backups, uploads);
  }

  /** Records by `jobId`; the uploads are asked only for what the backups do not hold, or hold without its origin. */
  async #findRecords(ids: readonly string[], call: ReadCall): Promise<Found<BackupRecord>> {
    const backups = await this.#api.listBackups(call);
    const known = new Map(backups.rows.map(({ row }) => [row.jobId, row.backupType]));
    const isEnough = backups.failure !== undefined || ids.every((id) => known.get(id) !== undefined);
    return foundIn(backups, isEnough ? EMPTY : await this.#api.listUploads(call));
  }

  /** The lists that these jobs stand in. @throws the failure when none of them could be read. */
  async #readKeys(nativeIds: readonly string[], call: ReadCall): Promise<KeyReading> {
    const keys = keysById(nativeIds, decodeJobId);
    const wanted = Map.groupBy(keys.values(), ({ kind }) => kind);
    const recordIds = wanted.get('backup')?.map(({ id }) => id);
    const [actionList, recordList] = await Promise.all([
      wanted.has('action') ? this.#api.listScheduledActions(call) : undefined,
      recordIds === undefined ? undefined : this.#findRecords(recordIds, call),
    ]);
    const failures = [actionList, recordList].flatMap((list) => (list === undefined ? [] : [list.failure]));
    if (failures[0] !== undefined && failures.every((failure) => failure !== undefined)) throw failures[0];
    return {
      keys,
      actions: actionList === undefined ? NOTHING : { ...actionList, found: actionsById(actionList) },
      records: recordList ?? NOTHING,
    };
  }
}

/** Things of the vendor by its own key. `failure` is why the list that decides could not be read; it stands among the problems. */
interface Found<T> {
  readonly found: ReadonlyMap<string, T>;
  readonly problems: readonly GatewayError[];
  readonly failure: GatewayError | undefined;
}

interface KeyReading {
  readonly keys: ReadonlyMap<string, JobKey>;
  readonly actions: Found<Fetched<ScheduledActionWire>>;
  readonly records: Found<BackupRecord>;
}

const EMPTY: Listing<never> = { rows: [], problems: [], failure: undefined };
const NOTHING: Found<never> = { found: new Map<string, never>(), problems: [], failure: undefined };

/** The backups decide whether there is an answer; without the uploads it is complete but for them. */
function foundIn(backups: Listing<BackupWire>, uploads: Listing<BackupWire>): Found<BackupRecord> {
  return {
    found: mergeRecords(backups.rows, uploads.rows),
    problems: [...backups.problems, ...uploads.problems],
    failure: backups.failure,
  };
}

function successOf<T>(reading: Found<T>): Found<T> {
  if (reading.failure !== undefined) throw reading.failure;
  return reading;
}

function actionsById({ rows }: Listing<ScheduledActionWire>): ReadonlyMap<string, Fetched<ScheduledActionWire>> {
  const actions = new Map<string, Fetched<ScheduledActionWire>>();
  for (const action of rows) if (!actions.has(action.row.id)) actions.set(action.row.id, action);
  return actions;
}

/** The thing; else why nobody can say that it does not exist; undefined when it surely does not. */
function pick<T, Answer>(
  { found, problems }: Found<T>,
  id: string,
  map: (value: T) => Answer,
): Answer | GatewayError | undefined {
  const value = found.get(id);
  return value === undefined ? problems[0] : map(value);
}

function add(jobs: Map<string, BackupJob>, job: BackupJob): void {
  jobs.set(job.nativeId, job);
}
