import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { RunningSimulator } from '../../../src/simulation/simulated-server.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { BackupSource } from '../../../src/vendors/contract.ts';
import { veeamM365 } from '../../../src/vendors/veeam-m365/index.ts';
import type { VeeamSettings } from '../../../src/vendors/veeam-m365/settings.ts';
import { API_VERSIONS } from '../../../src/vendors/veeam-m365/versions.ts';
import { readCall } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';

function sortedIds(rows: readonly { readonly nativeId: string }[]): string[] {
  return rows.map(({ nativeId }) => nativeId).toSorted();
}

describe.each(API_VERSIONS)('vendors/veeam-m365/client against the simulator, %s', (apiVersion) => {
  let simulator: RunningSimulator;
  let source: BackupSource;
  let environment: ReturnType<typeof sourceEnvironment>;

  beforeEach(async () => {
    simulator = await veeamM365.simulate({ variant: { apiVersion }, jobs: 40 });
    const { baseUrl, username, password } = veeamM365.simulatorSettings(simulator) as Record<string, string>;
    environment = sourceEnvironment('m365');
    source = veeamM365.connect(
      {
        key: 'm365',
        name: 'M365',
        timeZone: undefined,
        baseUrl,
        apiVersion,
        username,
        password: new Secret(password ?? ''),
      } as VeeamSettings,
      environment,
    );
  });

  afterEach(async () => {
    await source.close();
    await simulator.close();
  });

  function calls(): number {
    const count = simulator.requests().filter(({ url }) => !/token/i.test(url)).length;
    simulator.forgetRequests();
    return count;
  }

  it('reads jobs, runs and objects with one list call each', async () => {
    const call = readCall();
    const jobs = await source.listJobs(call);
    expect([jobs.rows.length, jobs.problems, calls()]).toEqual([40, [], 1]);
    const runs = await source.listRuns({}, call);
    expect([runs.rows.length > 100, runs.problems, calls()]).toEqual([true, [], 1]);
    const ofJobs = await source.readRunsOfJobs(
      jobs.rows.map(({ nativeId }) => nativeId),
      {},
      call,
    );
    expect([ofJobs.size, calls()]).toEqual([40, 0]);
    const objects = await source.listProtectedObjects(call);
    expect([objects.problems, calls()]).toEqual([[], 1]);
    const known = new Set(objects.rows.map(({ nativeId }) => nativeId));
    expect(jobs.rows.every(({ protects }) => protects !== undefined && known.has(protects.nativeId))).toBe(true);
    expect(environment.drift.read().unknownFields).toEqual([]);
  });

  it('shows each job in the status of its newest run', async () => {
    const call = readCall();
    const { rows } = await source.listJobs(call);
    const runs = await source.readRunsOfJobs(
      rows.map(({ nativeId }) => nativeId),
      {},
      call,
    );
    for (const { nativeId, status } of rows) {
      const answer = runs.get(nativeId);
      if (answer === undefined || answer instanceof GatewayError) throw new Error(`no runs of ${nativeId}`);
      expect(answer.rows[0]?.status ?? 'NONE').toBe(status);
    }
  });

  it('finds the same runs of the last days, active ones included, in a narrowed list as in the whole one', async () => {
    const startedAfter = new Date(simulator.clock.now().getTime() - 3 * 86_400_000);
    const isWanted = ({ status, startedAt }: { readonly status: string; readonly startedAt: Date | undefined }) =>
      status === 'RUNNING' || status === 'QUEUED' || (startedAt !== undefined && startedAt >= startedAfter);
    const whole = (await source.listRuns({}, readCall())).rows.filter(isWanted);
    const narrowed = (await source.listRuns({ startedAfter }, readCall())).rows.filter(isWanted);
    expect(sortedIds(narrowed)).toEqual(sortedIds(whole));
  });

  it('reads single jobs and runs as it lists them', async () => {
    const { rows: jobs } = await source.listJobs(readCall());
    const { rows: runs } = await source.listRuns({}, readCall());
    const [job, run] = [jobs[1], runs[1]];
    const later = { freshSince: Date.now() + 1 };
    const [oneJob, oneRun] = [
      await source.readJobs([job?.nativeId ?? ''], readCall(later)),
      await source.readRuns([run?.nativeId ?? ''], readCall(later)),
    ];
    const apart = { observedAt: expect.any(Date) };
    expect(oneJob.get(job?.nativeId ?? '')).toEqual({ ...job, ...apart });
    expect(oneRun.get(run?.nativeId ?? '')).toEqual({ ...run, ...apart });
  });

  it('reads a whole log', async () => {
    const { rows } = await source.listRuns({}, readCall());
    const failed = rows.find(({ status }) => status === 'FAILED')?.nativeId ?? '';
    const messages = (await source.readMessages([failed], readCall())).get(failed);
    if (messages === undefined || messages instanceof GatewayError) throw new Error('no log');
    expect(messages.length).toBeGreaterThan(30);
    expect(messages.some(({ severity }) => severity === 'ERROR')).toBe(true);
  });

  it('goes on with a new token when the old one has ended', async () => {
    await source.listJobs(readCall());
    simulator.clock.advance(100_000);
    expect((await source.listJobs(readCall({ freshSince: Date.now() + 1 }))).rows).toHaveLength(40);
  });
});
