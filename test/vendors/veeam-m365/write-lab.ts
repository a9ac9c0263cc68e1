import { afterEach } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import type { JsonValue, WriteRefusal } from '../../../src/domain/backup-operation.ts';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { isActive } from '../../../src/domain/backup-status.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { VeeamJobRequest, VeeamScheduleRequest, WriteRequest } from '../../../src/domain/write-request.ts';
import type { BackupSource, PreparedWrite, WriteEffect, WriteReply } from '../../../src/vendors/contract.ts';
import { readCall } from '../../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../../support/simulated-source.ts';
import { StandingClock } from '../../support/standing-clock.ts';

export const VERSIONS = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'] as const;

const NOON = '2026-11-18T12:00:00.000Z';
const open: ConnectedSimulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A simulated server with a source that reads and writes it. */
export async function desk(apiVersion: string): Promise<Desk> {
  const connected = await connectSimulated(
    'veeam-m365',
    { variant: { apiVersion }, clock: new StandingClock(NOON) },
    {},
  );
  open.push(connected);
  return new Desk(connected);
}

export class Desk {
  readonly simulator: ConnectedSimulator['simulator'];
  readonly source: BackupSource;

  constructor({ simulator, source }: ConnectedSimulator) {
    this.simulator = simulator;
    this.source = source;
  }

  async jobs(): Promise<readonly BackupJob[]> {
    return (await this.source.listJobs(readCall())).rows;
  }

  async findJob(nativeId: string): Promise<BackupJob | undefined> {
    const job = (await this.source.readJobs([nativeId], readCall())).get(nativeId);
    if (job instanceof GatewayError) throw job;
    return job;
  }

  async jobWhere(fits: (job: BackupJob) => boolean): Promise<BackupJob> {
    const job = (await this.jobs()).find(fits);
    if (job === undefined) throw new Error('there is no such job');
    return job;
  }

  /** An enabled job that has run and does not run now. */
  idle(): Promise<BackupJob> {
    return this.jobWhere(({ status, enabled }) => status === 'SUCCEEDED' && enabled === true);
  }

  running(): Promise<BackupJob> {
    return this.jobWhere(({ status }) => status === 'RUNNING');
  }

  /** Newest first. */
  async runsOf({ nativeId }: BackupJob): Promise<readonly BackupRun[]> {
    const runs = (await this.source.readRunsOfJobs([nativeId], {}, readCall())).get(nativeId);
    if (runs === undefined || runs instanceof GatewayError) throw runs ?? new Error('no such job');
    return runs.rows;
  }

  async isRunning(job: BackupJob): Promise<boolean> {
    return (await this.runsOf(job)).some(({ status }) => isActive(status));
  }

  /** A whole organisation and a repository, as the first job has them. */
  async createRequest(changes: Partial<VeeamJobRequest> = {}): Promise<WriteRequest & { readonly verb: 'CREATE' }> {
    const { details } = await this.jobWhere((job) => job.details?.type === 'VeeamJobDetails');
    if (details?.type !== 'VeeamJobDetails') throw new Error('no details');
    const backup: VeeamJobRequest = {
      organizationId: details.organizationId ?? '',
      repositoryId: details.repositoryId ?? '',
      name: 'lost and found',
      description: undefined,
      schedule: schedule({ daily: { day: 'WORKDAYS', time: '22:45' } }),
      runNow: false,
      ...changes,
    };
    return { verb: 'CREATE', target: { section: 'veeam', backup } };
  }

  async prepare(request: WriteRequest): Promise<PreparedWrite> {
    const prepared = await this.source.prepareWrite(request, readCall());
    if ('refusals' in prepared)
      throw new Error(`refused: ${prepared.refusals.map(({ message }) => message).join(' ')}`);
    return prepared;
  }

  async refusals(request: WriteRequest): Promise<readonly WriteRefusal[]> {
    const prepared = await this.source.prepareWrite(request, readCall());
    if (!('refusals' in prepared)) throw new Error('it was not refused');
    return prepared.refusals;
  }

  async write(request: WriteRequest): Promise<WriteReply> {
    return (await this.prepare(request)).send(AbortSignal.timeout(5_000));
  }

  /** Sends what must be accepted, and gives the job it names. */
  async made(request: WriteRequest): Promise<BackupJob> {
    const reply = await this.write(request);
    const job = reply.outcome === 'DONE' ? await this.findJob(reply.jobNativeId ?? '') : undefined;
    if (job === undefined) throw new Error(`it was not made: ${reply.outcome}`);
    return job;
  }

  /** What is stored comes back as JSON. */
  settle({ verb }: WriteRequest, { mark }: Pick<PreparedWrite, 'mark'>): Promise<WriteEffect | undefined> {
    return this.source.settleWrite(verb, JSON.parse(JSON.stringify(mark)) as JsonValue, readCall());
  }
}

export function schedule(given: Partial<VeeamScheduleRequest>): VeeamScheduleRequest {
  return { daily: undefined, periodically: undefined, window: undefined, retry: undefined, ...given };
}

export function update(job: BackupJob, given: Partial<VeeamScheduleRequest>): WriteRequest {
  return { verb: 'UPDATE_SCHEDULE', job, schedule: { section: 'veeam', schedule: schedule(given) } };
}
