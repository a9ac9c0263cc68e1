import type { BackupJob } from '../../domain/backup-job.ts';
import { compareNewestFirst, type BackupRun, type RunMessage } from '../../domain/backup-run.ts';
import type { JsonValue } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { WriteRequest, WriteVerb } from '../../domain/write-request.ts';
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
import { Appliance } from './appliance.ts';
import { jobCapabilities, runCapabilities, type Capabilities, type RunState } from './capabilities.ts';
import { APPLIANCE_ID, decodeJobId, decodeRunId, type JobKey } from './ids.ts';
import {
  mapManualJob,
  mapProtectedObject,
  mapScheduleJob,
  newestScheduled,
  scheduledAmong,
  type Backup,
} from './mapper.ts';
import { Pictures, type Picture } from './picture.ts';
import type { VcenterSettings } from './settings.ts';
import type { WriteTools } from './write-call.ts';
import { prepareWrite, settleWrite } from './writes.ts';

/** One vCenter appliance. */
export class VcenterSource implements BackupSource {
  readonly key: string;
  readonly #name: string;
  readonly #appliance: Appliance;
  readonly #pictures: Pictures;
  readonly #tools: WriteTools;
  /** The runs of which the appliance said that they cannot be cancelled now. */
  readonly #uncancelable = new WeakSet<BackupRun>();

  constructor(settings: VcenterSettings, environment: SourceEnvironment) {
    this.key = settings.key;
    this.#name = settings.name;
    this.#appliance = new Appliance(settings, environment);
    this.#pictures = new Pictures(this.#appliance, settings.key);
    this.#tools = { appliance: this.#appliance, pictures: this.#pictures, settings, now: () => environment.now() };
  }

  /** The schedules, and each backup that was started by hand. */
  async listJobs(call: ReadCall): Promise<Rows<BackupJob>> {
    const picture = await this.#take(this.#pictures.ofAll(call, { schedules: true, zone: true }));
    const problems = [...picture.problems];
    if (picture.schedules instanceof GatewayError) problems.push(picture.schedules);
    else problems.push(...(picture.schedules?.value.broken ?? []).map(({ error }) => error));
    return { rows: jobsOf(picture, this.key), problems };
  }

  async readJobs(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupJob>> {
    const keys = decoded(nativeIds, decodeJobId);
    if (keys.size === 0) return new Map();
    const picture = await this.#take(this.#pictureFor([...keys.values()], call, true));
    const jobs = new Map<string, BackupJob | GatewayError>(jobsOf(picture, this.key).map((job) => [job.nativeId, job]));
    return pick(keys, (key, nativeId) => jobs.get(nativeId) ?? brokenJob(key, picture));
  }

  /** The vendor cannot narrow this by time. */
  async listRuns(_query: RunQuery, call: ReadCall): Promise<Rows<BackupRun>> {
    const picture = await this.#take(this.#pictures.ofAll(call, { schedules: true, zone: false }));
    const problems = [...picture.problems];
    // Without the schedules, nothing says which job the scheduled runs belong to.
    if (picture.schedules instanceof GatewayError) problems.push(picture.schedules);
    return { rows: picture.backups.map(({ run }) => run), problems };
  }

  async readRuns(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<BackupRun>> {
    const keys = decoded(nativeIds, decodeRunId);
    if (keys.size === 0) return new Map();
    const backups = await this.#pictures.ofIds([...keys.values()], call);
    return pick(keys, (id) => {
      const backup = backups.get(id);
      return backup === undefined || backup instanceof GatewayError ? backup : this.#seen(backup).run;
    });
  }

  async readRunsOfJobs(
    jobNativeIds: readonly string[],
    _query: JobRunsQuery,
    call: ReadCall,
  ): Promise<ByNativeId<Rows<BackupRun>>> {
    const keys = decoded(jobNativeIds, decodeJobId);
    if (keys.size === 0) return new Map();
    const picture = await this.#take(this.#pictureFor([...keys.values()], call, false));
    const runs = Map.groupBy(
      picture.backups.map(({ run }) => run),
      ({ jobNativeId }) => jobNativeId,
    );
    return pick(keys, (key, nativeId) => {
      const rows = (runs.get(nativeId) ?? []).toSorted(compareNewestFirst);
      if (key.kind === 'backup') return rows.length > 0 ? { rows, problems: [] } : brokenJob(key, picture);
      if (picture.schedules instanceof GatewayError) return picture.schedules;
      if (!hasSchedule(picture, key.id)) return undefined;
      return {
        rows,
        problems: [...scheduledAmong(picture.broken).map(({ error }) => error), ...this.#untied(picture)],
      };
    });
  }

  /** Messages come with every run, so this is only for a caller that has an id and nothing else. */
  async readMessages(runNativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<readonly RunMessage[]>> {
    const runs = await this.readRuns(runNativeIds, call);
    return new Map([...runs].map(([id, run]) => [id, run instanceof GatewayError ? run : messagesOf(run)]));
  }

  /** One appliance is one object; known without a call. */
  async listProtectedObjects(_call: ReadCall): Promise<Rows<ProtectedObject>> {
    return { rows: [mapProtectedObject(this.key, this.#name)], problems: [] };
  }

  async readProtectedObjects(nativeIds: readonly string[], _call: ReadCall): Promise<ByNativeId<ProtectedObject>> {
    const known = nativeIds.filter((id) => id === APPLIANCE_ID);
    return new Map(known.map((id) => [id, mapProtectedObject(this.key, this.#name)]));
  }

  jobCapabilities(job: BackupJob): Capabilities {
    const { lastRun, status } = job;
    const cancelable = typeof lastRun === 'object' ? this.#stateOf(lastRun).cancelable : undefined;
    return jobCapabilities(job, { status, cancelable }, this.#appliance.hasDetails());
  }

  runCapabilities(run: BackupRun): Capabilities {
    return runCapabilities(this.#stateOf(run), this.#appliance.hasDetails());
  }

  prepareWrite(request: WriteRequest, call: ReadCall): Promise<PreparedWrite | RefusedWrite> {
    return prepareWrite(request, this.#tools, call);
  }

  settleWrite(_verb: WriteVerb, mark: JsonValue, call: ReadCall): Promise<WriteEffect | undefined> {
    return settleWrite(mark, this.#tools, call);
  }

  /** The interface in use; the release is told by none of the calls made here. */
  apiVersion(): string | undefined {
    return this.#appliance.style();
  }

  /** The list of ids: small, in every version, and it needs the same right as all the rest. */
  async probe(call: ReadCall): Promise<void> {
    await this.#appliance.jobIds(call);
  }

  close(): Promise<void> {
    return this.#appliance.close();
  }

  /** A 6.5 reads the named backups only; every other appliance has one call for all of them. */
  #pictureFor(keys: readonly JobKey[], call: ReadCall, zone: boolean): Promise<Picture> {
    const backups = keys.filter(({ kind }) => kind === 'backup').map(({ id }) => id);
    const schedules = backups.length < keys.length;
    return this.#pictures.ofAll(call, { schedules, zone: zone && schedules, onlyIds: backups });
  }

  async #take(picture: Promise<Picture>): Promise<Picture> {
    const taken = await picture;
    taken.backups.forEach((backup) => this.#seen(backup));
    return taken;
  }

  /** Says that a schedule may have started backups which the appliance ties to none: its runs are not whole. */
  #untied({ backups }: Picture): readonly GatewayError[] {
    const count = backups.filter(({ run }) => run.jobNativeId === undefined).length;
    if (count === 0) return [];
    const message = `Source "${this.key}" does not tell which schedule started ${count} of its backups.`;
    return [new GatewayError('NOT_FOUND', message, { sourceKey: this.key })];
  }

  #seen(backup: Backup): Backup {
    if (backup.cancelable === false) this.#uncancelable.add(backup.run);
    return backup;
  }

  #stateOf(run: BackupRun): RunState {
    return { status: run.status, cancelable: this.#uncancelable.has(run) ? false : undefined };
  }
}

function jobsOf(
  { backups, broken, schedules, onlyScheduleId, zone }: Picture,
  sourceKey: string,
): readonly BackupJob[] {
  const manual = backups.map(mapManualJob).filter((job) => job !== undefined);
  if (schedules === undefined || schedules instanceof GatewayError) return manual;
  const newest = newestScheduled(backups, broken);
  // Which of several schedules started a backup is told nowhere.
  const context = {
    sourceKey,
    zone,
    newest: newest !== undefined && onlyScheduleId === undefined ? ('NOT_SURE' as const) : newest,
    fetchedAt: schedules.fetchedAt,
  };
  return [...[...schedules.value.rows].map(([id, wire]) => mapScheduleJob(id, wire, context)), ...manual];
}

/** Why a job that was asked for is not among the jobs; undefined when it does not exist. */
function brokenJob({ kind, id }: JobKey, { schedules, broken }: Picture): GatewayError | undefined {
  if (kind === 'backup') return broken.find((row) => row.id === id)?.error;
  if (schedules instanceof GatewayError) return schedules;
  return schedules?.value.broken.find((row) => row.id === id)?.error;
}

function hasSchedule({ schedules }: Picture, id: string): boolean {
  if (schedules === undefined || schedules instanceof GatewayError) return false;
  return schedules.value.rows.has(id) || schedules.value.broken.some((row) => row.id === id);
}

/** The keys that name something at all, by native id. */
function decoded<Key>(
  nativeIds: readonly string[],
  decode: (nativeId: string) => Key | undefined,
): ReadonlyMap<string, Key> {
  return new Map(
    nativeIds.flatMap((nativeId) => {
      const key = decode(nativeId);
      return key === undefined ? [] : [[nativeId, key] as const];
    }),
  );
}

function pick<Key, T>(
  keys: ReadonlyMap<string, Key>,
  find: (key: Key, nativeId: string) => T | GatewayError | undefined,
): ByNativeId<T> {
  const found = new Map<string, T | GatewayError>();
  for (const [nativeId, key] of keys) {
    const value = find(key, nativeId);
    if (value !== undefined) found.set(nativeId, value);
  }
  return found;
}

function messagesOf({ messages }: BackupRun): readonly RunMessage[] {
  return messages === 'NOT_TOLD' ? [] : messages;
}
