import type { BackupJob } from '../../domain/backup-job.ts';
import type { JsonValue } from '../../domain/backup-operation.ts';
import { compareNewestFirst, type BackupRun, type RunMessage } from '../../domain/backup-run.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { WriteRequest, WriteVerb } from '../../domain/write-request.ts';
import type { MadeOnce } from '../../transport/made-once.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type {
  BackupSource,
  ByNativeId,
  JobRunsQuery,
  PreparedWrite,
  RefusedWrite,
  Rows,
  RunQuery,
  SourceEnvironment,
  WriteEffect,
} from '../contract.ts';
import { VeeamApi } from './api.ts';
import { readEach } from './batch.ts';
import { capabilitiesOfJob, capabilitiesOfRun, type Capabilities } from './capabilities.ts';
import { guidsAmong } from './ids.ts';
import { JobReader } from './jobs.ts';
import { mapJob, mapMessages, mapRun, type MapContext } from './mapper.ts';
import { ObjectReader } from './objects.ts';
import { SessionReader } from './sessions.ts';
import type { VeeamSettings } from './settings.ts';
import { settleWrite } from './settle-write.ts';
import { prepareWrite } from './writes.ts';

/** Backup jobs of one server and their sessions. Copy jobs, which copy what these jobs made, are no part of it. */
export class VeeamSource implements BackupSource {
  readonly key: string;
  readonly #apiVersion: string;
  readonly #context: MapContext;
  readonly #api: VeeamApi;
  readonly #jobs: JobReader;
  readonly #sessions: SessionReader;
  readonly #objects: ObjectReader;
  readonly #jobList: MadeOnce<Rows<BackupJob>>;
  readonly #runList: MadeOnce<Rows<BackupRun>>;
  readonly #objectList: MadeOnce<Rows<ProtectedObject>>;

  constructor(settings: VeeamSettings, environment: SourceEnvironment) {
    this.key = settings.key;
    this.#apiVersion = settings.apiVersion;
    const minuteOffsetReading = settings.windowOffset && READINGS[settings.windowOffset];
    this.#context = { sourceKey: settings.key, timeZone: settings.timeZone, minuteOffsetReading };
    this.#api = new VeeamApi(settings, environment);
    this.#jobs = new JobReader(this.#api);
    this.#sessions = new SessionReader(this.#api, this.#jobs, settings.key);
    this.#objects = new ObjectReader(this.#api, this.#jobs, this.#context);
    this.#jobList = this.#api.madeOnce();
    this.#runList = this.#api.madeOnce();
    this.#objectList = this.#api.madeOnce();
  }

  listJobs(call: ReadCall): Promise<Rows<BackupJob>> {
    return this.#jobList.read(call, async (own) => {
      const { rows, problems } = await this.#jobs.list(own);
      return { rows: rows.map((row) => mapJob(row, this.#context)), problems };
    });
  }

  readJobs(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupJob>> {
    return this.#jobs.read(guidsAmong(nativeIds), (row) => mapJob(row, this.#context), call);
  }

  /** Lists that are narrowed differ from each other: only the whole one is worth keeping. */
  listRuns({ startedAfter }: RunQuery, call: ReadCall): Promise<Rows<BackupRun>> {
    const isWhole = startedAfter === undefined || !this.#api.narrowsSessions;
    return isWhole
      ? this.#runList.read(call, (own) => this.#listRuns(undefined, own))
      : this.#listRuns(startedAfter, call);
  }

  readRuns(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupRun>> {
    return this.#sessions.read(guidsAmong(nativeIds), (row) => mapRun(row, this.#context), call);
  }

  async readRunsOfJobs(
    jobNativeIds: readonly string[],
    query: JobRunsQuery,
    call: ReadCall,
  ): Promise<ByNativeId<Rows<BackupRun>>> {
    const sessions = await this.#sessions.readOfJobs(guidsAmong(jobNativeIds), query.startedAfter, call);
    const answers = new Map<string, Rows<BackupRun> | GatewayError>();
    for (const [id, answer] of sessions) {
      if (answer instanceof GatewayError) answers.set(id, answer);
      else {
        const runs = answer.rows.map((row) => mapRun(row, this.#context));
        answers.set(id, { rows: runs.toSorted(compareNewestFirst), problems: answer.problems });
      }
    }
    return answers;
  }

  readMessages(runNativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<readonly RunMessage[]>> {
    return readEach(guidsAmong(runNativeIds), async (id) => {
      const { rows, problems } = await this.#api.listLogItems(id, call);
      return [...mapMessages(rows.map(({ row }) => row)), ...problems.map(gapInLog)];
    });
  }

  listProtectedObjects(call: ReadCall): Promise<Rows<ProtectedObject>> {
    return this.#objectList.read(call, (own) => this.#objects.list(own));
  }

  readProtectedObjects(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<ProtectedObject>> {
    return this.#objects.read(nativeIds, call);
  }

  jobCapabilities(job: BackupJob): Capabilities {
    return capabilitiesOfJob(job);
  }

  runCapabilities(run: BackupRun): Capabilities {
    return capabilitiesOfRun(run);
  }

  prepareWrite(request: WriteRequest, call: ReadCall): Promise<PreparedWrite | RefusedWrite> {
    return prepareWrite(request, this.#api, call);
  }

  settleWrite(_verb: WriteVerb, mark: JsonValue, call: ReadCall): Promise<WriteEffect | undefined> {
    return settleWrite(mark, this.#api, call);
  }

  apiVersion(): string {
    return this.#apiVersion;
  }

  /** A server has a handful of organisations, where it may have thousands of jobs. */
  async probe(call: ReadCall): Promise<void> {
    await this.#api.listOrganizations(call);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async #listRuns(startedAfter: Date | undefined, call: ReadCall): Promise<Rows<BackupRun>> {
    const { rows, problems } = await this.#sessions.list(startedAfter, call);
    return { rows: rows.map((row) => mapRun(row, this.#context)), problems };
  }
}

const READINGS = { 'grid-is-local': 'GRID_IS_LOCAL', 'grid-is-utc': 'GRID_IS_UTC' } as const;

/** Stands for lines that could not be read; without a severity, so that nobody takes the log's counts for whole. */
function gapInLog(problem: GatewayError): RunMessage {
  return { id: undefined, text: `Part of the log is missing. ${problem.message}`, args: [], severity: undefined };
}
