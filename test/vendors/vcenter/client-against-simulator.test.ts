import { afterEach, describe, expect, it } from 'vitest';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { GatewayError, SOURCE_ERROR_KINDS } from '../../../src/domain/errors.ts';
import { FAULT_KINDS } from '../../../src/simulation/faults.ts';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulation/simulated-server.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { BackupSource } from '../../../src/vendors/contract.ts';
import { vcenter } from '../../../src/vendors/vcenter/index.ts';
import type { Style, VcenterSettings } from '../../../src/vendors/vcenter/settings.ts';
import { readCall } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';

const RELEASES = [
  ['6.5', 'rest'],
  ['6.7', 'rest'],
  ['7.0', 'api'],
  ['8.0', 'api'],
  ['9.1', 'api'],
] as const;
const WITH_API = ['7.0', '8.0', '9.1'] as const;

let simulator: RunningSimulator;
let source: BackupSource;
let environment: ReturnType<typeof sourceEnvironment>;

afterEach(async () => {
  await source.close();
  await simulator.close();
});

async function start(options: SimulatorOptions): Promise<void> {
  simulator = await vcenter.simulate(options);
  connect('auto');
}

function connect(style: 'auto' | Style, password?: string): void {
  const { baseUrl, username, password: right } = vcenter.simulatorSettings(simulator);
  environment = sourceEnvironment('vc');
  const settings: VcenterSettings = {
    key: 'vc',
    name: 'vc',
    timeZone: undefined,
    baseUrl: String(baseUrl),
    style,
    username: String(username),
    password: new Secret(password ?? String(right)),
    destinations: [],
    secrets: {},
  };
  source = vcenter.connect(settings, environment);
}

/** Nothing that was read before is fresh enough. */
const anew = () => readCall({ freshSince: Infinity });

async function jobsThrough(style: Style) {
  await source.close();
  connect(style);
  const { rows } = await source.listJobs(anew());
  return rows
    .map(({ nativeId, kind, name, schedule, details }) => ({ nativeId, kind, name, schedule, details }))
    .toSorted((a, b) => (a.nativeId < b.nativeId ? -1 : 1));
}

function withoutReading({ observedAt: _at, ...run }: BackupRun) {
  return run;
}

describe('vendors/vcenter/client against the simulator', () => {
  it.each(RELEASES)('reads %s through /%s, and meets nothing that it does not know', async (release, style) => {
    await start({ variant: { release } });
    const jobs = await source.listJobs(readCall());
    const runs = await source.listRuns({}, readCall());
    expect(source.apiVersion()).toBe(style);
    expect([...jobs.problems, ...runs.problems]).toEqual([]);
    expect(runs.rows.length).toBeGreaterThan(5);
    expect(new Set(runs.rows.map(({ nativeId }) => nativeId)).size).toBe(runs.rows.length);
    expect(jobs.rows.some(({ kind }) => kind === 'RECURRING')).toBe(release !== '6.5');
    expect(runs.rows.filter(({ status }) => status === 'UNKNOWN')).toEqual([]);
    expect(environment.drift.read()).toMatchObject({ unknownFields: [], unknownValues: [] });
    const known = new Set(jobs.rows.map(({ nativeId }) => nativeId));
    expect(runs.rows.filter(({ jobNativeId }) => jobNativeId === undefined || !known.has(jobNativeId))).toEqual([]);
  });

  it.each(RELEASES)('reads the same runs of %s one by one, by list and by job', async (release) => {
    await start({ variant: { release } });
    const byId = new Map((await source.listRuns({}, anew())).rows.map((run) => [run.nativeId, run]));
    const read = await source.readRuns([...byId.keys(), '20200101-000000-1'], anew());
    expect([...read.keys()].toSorted()).toEqual([...byId.keys()].toSorted());
    const settled = [...byId.values()].filter(({ endedAt }) => endedAt !== undefined);
    expect(settled.length).toBeGreaterThan(2);
    for (const run of settled) {
      const again = read.get(run.nativeId);
      expect(again instanceof GatewayError || again === undefined ? again : withoutReading(again)).toEqual(
        withoutReading(run),
      );
    }
    const jobs = (await source.listJobs(anew())).rows.map(({ nativeId }) => nativeId);
    const ofJobs = await source.readRunsOfJobs([...jobs, 'backup/none', 'schedule/none'], {}, anew());
    expect([...ofJobs.keys()].toSorted()).toEqual(jobs.toSorted());
    const rows = [...ofJobs.values()].flatMap((answer) => (answer instanceof GatewayError ? [] : answer.rows));
    expect(rows.map(({ nativeId }) => nativeId).toSorted()).toEqual([...byId.keys()].toSorted());
  });

  it.each(WITH_API)('reads the same of %s through either interface', async (release) => {
    await start({ variant: { release } });
    expect(await jobsThrough('rest')).toEqual(await jobsThrough('api'));
  });

  it('makes three calls for jobs and two for runs, however many there are', async () => {
    await start({ jobs: 400 });
    await source.probe(readCall());
    simulator.forgetRequests();
    const { rows } = await source.listJobs(anew());
    expect(rows.length).toBeGreaterThan(50);
    expect(simulator.requests()).toHaveLength(3);
    simulator.forgetRequests();
    const runs = await source.listRuns({}, anew());
    expect(simulator.requests()).toHaveLength(2);
    simulator.forgetRequests();
    const ids = runs.rows.slice(0, 250).map(({ nativeId }) => nativeId);
    expect((await source.readRuns(ids, anew())).size).toBe(250);
    expect(simulator.requests().length).toBeLessThanOrEqual(4);
  });

  it('logs in again when its session has ended', async () => {
    await start({});
    await source.probe(readCall());
    simulator.forgetRequests();
    simulator.fault({ kind: 'unauthorized', times: 1 });
    expect((await source.listRuns({}, anew())).problems).toEqual([]);
    expect(simulator.requests().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('says AUTHENTICATION when the password is wrong', async () => {
    await start({});
    await source.close();
    connect('auto', 'wrong');
    await expect(source.probe(readCall())).rejects.toMatchObject({ code: 'AUTHENTICATION' });
  });

  it.each(FAULT_KINDS.filter((kind) => kind !== 'bad-xml' && kind !== 'endless-paging'))(
    'meets the fault %s in each of its calls with data or a listed code, in time',
    async (kind) => {
      await start({ variant: { release: '8.0' } });
      for (const path of ['/api/session', 'job/details', 'schedules', 'timezone']) {
        simulator.clearFaults();
        simulator.fault({ kind, path });
        const began = performance.now();
        const answer = await source
          .listJobs(readCall({ freshSince: Infinity, deadlineMs: 300 }))
          .catch((error) => error);
        expect(performance.now() - began).toBeLessThan(1_300);
        if (answer instanceof GatewayError) expect(SOURCE_ERROR_KINDS).toContain(answer.code);
        else expect(answer.rows.length).toBeGreaterThan(0);
        if (path === 'timezone') expect(answer).toMatchObject({ problems: [] });
        if (path === 'job/details') expect(answer).toBeInstanceOf(GatewayError);
        await source.close();
        connect('auto');
      }
    },
  );

  it('has settings that the configuration takes', async () => {
    await start({});
    expect(vcenter.settings.safeParse(vcenter.simulatorSettings(simulator)).error).toBeUndefined();
  });

  it('ends its session', async () => {
    await start({});
    await source.probe(readCall());
    await source.close();
    expect(simulator.requests().at(-1)).toMatchObject({ method: 'DELETE', url: '/api/session', status: 204 });
  });
});
