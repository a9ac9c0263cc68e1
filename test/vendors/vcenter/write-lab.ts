import { expect, onTestFinished } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { isActive } from '../../../src/domain/backup-status.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type {
  SecretChoice,
  VCenterBackupRequest,
  VCenterScheduleRequest,
  WriteRequest,
} from '../../../src/domain/write-request.ts';
import type { RunningSimulator } from '../../../src/simulation/simulated-server.ts';
import type { BackupSource, PreparedWrite, RefusedWrite, WriteReply } from '../../../src/vendors/contract.ts';
import { connectSimulated } from '../../support/simulated-source.ts';
import { readCall } from '../../support/read-call.ts';
import { EVENING, StillClock, type Style } from './simulator-lab.ts';

/** Planted where secrets go: found nowhere but in the requests. */
export const PLANTED = {
  nas: 'Planted-nas-7f3a',
  named: 'Planted-Named-1!',
  written: 'Planted-Own-2!',
  location: 'Planted-place-9c',
} as const;

export const SETTINGS = {
  destinations: [
    { name: 'nas', type: 'FTPS', location: 'ftps://nas.lab.test/vc/', user: 'bkp', password: PLANTED.nas },
    { name: 'plain', type: 'HTTPS', location: 'store.lab.test/vc' },
  ],
  inlineDestinations: { allowHosts: ['Store.lab.test', '10.0.0.9', '[fd00::9]'] },
  secrets: { enc: PLANTED.named, weak: 'Planted weak' },
};

export interface WriteLab {
  readonly simulator: RunningSimulator;
  readonly clock: StillClock;
  readonly source: BackupSource;
  readonly style: Style;
  prepare(request: WriteRequest): Promise<PreparedWrite>;
  refusals(request: WriteRequest): Promise<RefusedWrite['refusals']>;
  /** Makes it ready and sends it. */
  write(request: WriteRequest): Promise<WriteReply>;
  settle(prepared: PreparedWrite): ReturnType<BackupSource['settleWrite']>;
  runs(): Promise<readonly BackupRun[]>;
  run(nativeId: string | undefined): Promise<BackupRun>;
  job(nativeId: string): Promise<BackupJob | undefined>;
  /** Requests since the last time that change something, logins left out. */
  writes(): string[];
}

/** A source connected to a simulator of a release in one style; nothing runs there unless `busy`. */
export async function writeLab(
  release: string,
  style: Style,
  { busy = false, settings = {} }: { readonly busy?: boolean; readonly settings?: Record<string, unknown> } = {},
): Promise<WriteLab> {
  const clock = new StillClock(EVENING);
  const limits = { limits: { timeout: '400ms', requestsPerSecond: 5_000 } };
  const connected = await connectSimulated(
    'vcenter',
    { clock, variant: { release } },
    { style, ...SETTINGS, ...settings },
    limits,
  );
  onTestFinished(() => connected.close());
  const { simulator, source } = connected;
  if (!busy) await idle(clock, source);
  const prepare = async (request: WriteRequest): Promise<PreparedWrite> => {
    const prepared = await source.prepareWrite(request, readCall());
    if ('refusals' in prepared) throw new Error(`refused: ${JSON.stringify(prepared.refusals)}`);
    return prepared;
  };
  const runs = async (): Promise<readonly BackupRun[]> => (await source.listRuns({}, readCall())).rows;
  return {
    simulator,
    clock,
    source,
    style,
    prepare,
    refusals: async (request) => {
      const prepared = await source.prepareWrite(request, readCall());
      if (!('refusals' in prepared)) throw new Error('it was not refused');
      return prepared.refusals;
    },
    write: async (request) => (await prepare(request)).send(AbortSignal.timeout(5_000)),
    settle: (prepared) =>
      source.settleWrite('CREATE', JSON.parse(JSON.stringify(prepared.mark)) as PreparedWrite['mark'], readCall()),
    runs,
    run: async (nativeId) => {
      const run = (await source.readRuns([nativeId ?? ''], readCall())).get(nativeId ?? '');
      if (run === undefined || run instanceof GatewayError) throw run ?? new Error('no such run');
      return run;
    },
    job: async (nativeId) => {
      const job = (await source.readJobs([nativeId], readCall())).get(nativeId);
      if (job instanceof GatewayError) throw job;
      return job;
    },
    writes: () => {
      const made = simulator.requests().filter(({ method, url }) => method !== 'GET' && !url.includes('session'));
      simulator.forgetRequests();
      return made.map(({ method, url }) => `${method} ${url}`);
    },
  };
}

export const SCHEDULE = 'schedule/default';

export function create(change: Partial<VCenterBackupRequest> = {}): WriteRequest {
  const backup: VCenterBackupRequest = {
    destination: { kind: 'configured', name: 'nas' },
    parts: undefined,
    backupPassword: undefined,
    comment: undefined,
    fast: undefined,
    ...change,
  };
  return { verb: 'CREATE', target: { section: 'vcenter', backup } };
}

export function inline(change: Partial<Inline> = {}): WriteRequest {
  const destination: Inline = {
    kind: 'inline',
    type: 'FTPS',
    location: 'ftps://store.lab.test/vc',
    user: undefined,
    password: undefined,
    ...change,
  };
  return create({ destination });
}

type Inline = Extract<VCenterBackupRequest['destination'], { readonly kind: 'inline' }>;

export function written(text: string): SecretChoice {
  return { value: new Secret(text), ref: undefined };
}

export function named(ref: string): SecretChoice {
  return { value: undefined, ref };
}

export async function onSchedule(
  lab: WriteLab,
  verb: 'START' | 'ENABLE' | 'DISABLE' | 'DELETE',
): Promise<WriteRequest> {
  return { verb, job: await scheduleJob(lab) };
}

export async function update(lab: WriteLab, change: Partial<VCenterScheduleRequest>): Promise<WriteRequest> {
  const none = { enabled: undefined, days: undefined, hour: undefined, minute: undefined, keep: undefined };
  const schedule = { section: 'vcenter' as const, schedule: { ...none, ...change } };
  return { verb: 'UPDATE_SCHEDULE', job: await scheduleJob(lab), schedule };
}

export async function scheduleJob(lab: WriteLab): Promise<BackupJob> {
  const job = await lab.job(SCHEDULE);
  if (job === undefined) throw new Error('the schedule is gone');
  return job;
}

/** The one backup under way. */
export async function running(lab: WriteLab): Promise<BackupRun> {
  const run = (await lab.runs()).find(({ status }) => status === 'RUNNING');
  if (run === undefined) throw new Error('nothing runs');
  return run;
}

export function cancel(run: BackupRun): WriteRequest {
  return { verb: 'CANCEL', job: undefined, run };
}

/** The ids that a write has come to. */
export function effectOf(reply: WriteReply): { readonly jobNativeId?: string; readonly runNativeId?: string } {
  expect(reply).toMatchObject({ outcome: 'DONE' });
  const { jobNativeId, runNativeId } = reply as { jobNativeId?: string; runNativeId?: string };
  return { ...(jobNativeId && { jobNativeId }), ...(runNativeId && { runNativeId }) };
}

async function idle(clock: StillClock, source: BackupSource): Promise<void> {
  for (let rounds = 0; rounds < 4; rounds += 1) clock.advance(295);
  const { rows } = await source.listRuns({}, readCall());
  if (rows.some(({ status }) => isActive(status))) throw new Error('the simulator does not come to rest');
}
