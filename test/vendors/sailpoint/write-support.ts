import { onTestFinished } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { SailPointBackupRequest, WriteRequest } from '../../../src/domain/write-request.ts';
import type { SimulatorOptions } from '../../../src/simulation/simulated-server.ts';
import type { PreparedWrite, RefusedWrite, WriteReply } from '../../../src/vendors/contract.ts';
import { API_PREFIXES, type ApiPrefix } from '../../../src/vendors/sailpoint/settings.ts';
import { readCall } from '../../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../../support/simulated-source.ts';

/** The path of the hub under each style. */
export const HUBS: readonly { readonly apiPrefix: ApiPrefix; readonly hub: string }[] = API_PREFIXES.map(
  (apiPrefix) => ({
    apiPrefix,
    hub: apiPrefix === 'v1' ? '/configuration-hub/v1' : `/${apiPrefix}/configuration-hub`,
  }),
);

/** A source over a simulator, with what a test of writes does again and again. */
export interface Desk extends ConnectedSimulator {
  jobs(): Promise<readonly BackupJob[]>;
  /** The job; throws when there is none. */
  job(where: (job: BackupJob) => boolean): Promise<BackupJob>;
  has(nativeId: string): Promise<boolean>;
  prepare(request: WriteRequest): Promise<PreparedWrite>;
  refuse(request: WriteRequest): Promise<RefusedWrite['refusals']>;
  /** Prepares and sends. */
  write(request: WriteRequest): Promise<WriteReply>;
  /** Method and path of every call that changes something, in order. */
  writes(): readonly string[];
}

export async function desk(
  apiPrefix: ApiPrefix = 'v1',
  options: SimulatorOptions = {},
  timeout = '5s',
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Desk> {
  const limits = { timeout, requestsPerSecond: 5_000 };
  const connected = await connectSimulated(
    'sailpoint',
    { ...options, variant: { rateLimit: 'no', ...options.variant } },
    { apiPrefix, ...settings },
    { limits },
  );
  onTestFinished(() => connected.close());
  const { source, simulator } = connected;
  const jobs = async (): Promise<readonly BackupJob[]> => (await source.listJobs(readCall())).rows;
  const ask = (request: WriteRequest): Promise<PreparedWrite | RefusedWrite> =>
    source.prepareWrite(request, readCall());
  const prepare = async (request: WriteRequest): Promise<PreparedWrite> => {
    const prepared = await ask(request);
    if ('refusals' in prepared) throw new Error(`refused: ${JSON.stringify(prepared.refusals)}`);
    return prepared;
  };
  return {
    ...connected,
    jobs,
    job: async (where) => {
      const found = (await jobs()).find(where);
      if (found === undefined) throw new Error('the simulator has no such job');
      return found;
    },
    has: async (nativeId) => {
      const answer = (await source.readJobs([nativeId], readCall())).get(nativeId);
      if (answer instanceof GatewayError) throw answer;
      return answer !== undefined;
    },
    prepare,
    refuse: async (request) => {
      const prepared = await ask(request);
      if (!('refusals' in prepared)) throw new Error('it was not refused');
      return prepared.refusals;
    },
    write: async (request) => (await prepare(request)).send(AbortSignal.timeout(10_000)),
    writes: () =>
      simulator
        .requests()
        .filter(({ method, url }) => method !== 'GET' && !url.startsWith('/oauth/'))
        .map(({ method, url }) => `${method} ${url}`),
  };
}

export function inHours(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000);
}

export function createRequest(
  change: Partial<SailPointBackupRequest> = {},
): WriteRequest & { readonly verb: 'CREATE' } {
  const backup: SailPointBackupRequest = {
    name: 'before change 99',
    startAt: inHours(2),
    cron: undefined,
    timeZone: undefined,
    includeTypes: undefined,
    includedNames: undefined,
    ...change,
  };
  return { verb: 'CREATE', target: { section: 'sailpoint', backup } };
}

export function updateRequest(
  job: BackupJob,
  change: { readonly startAt?: Date; readonly cron?: string; readonly timeZone?: string },
): WriteRequest {
  const schedule = { startAt: undefined, cron: undefined, timeZone: undefined, ...change };
  return { verb: 'UPDATE_SCHEDULE', job, schedule: { section: 'sailpoint', schedule } };
}

export function cancelRequest(job: BackupJob | undefined): WriteRequest {
  return { verb: 'CANCEL', job, run: undefined };
}

export function isAction({ nativeId }: BackupJob): boolean {
  return nativeId.startsWith('action/');
}

export function isRecord({ nativeId }: BackupJob): boolean {
  return nativeId.startsWith('backup/');
}

/** A backup that has ended and may be deleted. */
export function isDeletable(job: BackupJob): boolean {
  const { details } = job;
  return (
    isRecord(job) &&
    details?.type === 'SailPointBackupDetails' &&
    details.userCanDelete !== false &&
    !['QUEUED', 'RUNNING'].includes(job.status)
  );
}

export function isUploadJob({ details }: BackupJob): boolean {
  return details?.type === 'SailPointBackupDetails' && details.backupType === 'UPLOADED';
}
