import { afterEach, describe, expect, it } from 'vitest';
import { BACKUP_STATUSES } from '../../../src/domain/backup-status.ts';
import { SimulationClock } from '../../../src/simulation/clock.ts';
import type { RunningSimulator } from '../../../src/simulation/simulated-server.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { BackupSource } from '../../../src/vendors/contract.ts';
import { barracudaIntronis } from '../../../src/vendors/barracuda-intronis/index.ts';
import { settings as settingsSchema, type IntronisSettings } from '../../../src/vendors/barracuda-intronis/settings.ts';
import { readCall } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function simulator(variant: Readonly<Record<string, string>> = {}, jobs = 30): Promise<RunningSimulator> {
  const running = await barracudaIntronis.simulate({ jobs, seed: 7, variant, clock: new StillClock() });
  open.push(running);
  return running;
}

/** A source with the settings that the vendor itself makes for its simulator. */
function connect(running: RunningSimulator, change: Readonly<Record<string, unknown>> = {}): BackupSource {
  const plain = barracudaIntronis.simulatorSettings(running);
  const parsed = settingsSchema.parse({ ...plain, ...change });
  const settings: IntronisSettings = {
    ...parsed,
    key: 'msp',
    name: 'MSP',
    timeZone: undefined,
    clientId: new Secret(parsed.clientId.value),
    clientSecret: new Secret(parsed.clientSecret.value),
  };
  const source = barracudaIntronis.connect(settings, { ...sourceEnvironment('msp'), now: () => new Date() });
  open.push(source);
  return source;
}

function reads(running: RunningSimulator): string[] {
  return running
    .requests()
    .filter(({ method }) => method === 'GET')
    .map(({ url }) => url.split('?', 1)[0] ?? '');
}

/** A vendor whose time stands still, so that two readings of a running backup are alike. */
class StillClock extends SimulationClock {
  readonly #instant = super.now();

  override now(): Date {
    return this.#instant;
  }
}

function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, plain));
}

function plain(key: string, member: unknown): unknown {
  if (key === 'observedAt') return 0;
  return typeof member === 'bigint' ? String(member) : member;
}

describe('vendors/barracuda-intronis against its simulator', () => {
  it('reads all jobs, runs and objects without a problem', async () => {
    const running = await simulator();
    const source = connect(running);
    const call = readCall();
    const jobs = await source.listJobs(call);
    const runs = await source.listRuns({}, call);
    const objects = await source.listProtectedObjects(call);
    expect([jobs.problems, runs.problems, objects.problems]).toEqual([[], [], []]);
    expect([jobs.rows.length, objects.rows.length]).toEqual([30, 30]);
    expect(runs.rows.length).toBeGreaterThan(30);
    const ids = runs.rows.map(({ nativeId }) => nativeId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { lastRun } of jobs.rows)
      expect(ids).toContain(typeof lastRun === 'object' ? lastRun.nativeId : undefined);
    expect(BACKUP_STATUSES).toEqual(expect.arrayContaining([...new Set(runs.rows.map(({ status }) => status))]));
    expect(runs.rows.filter(({ status }) => status === 'UNKNOWN')).toEqual([]);
  });

  it.each(['no', 'yes'])('gives the same from JSON and from XML (malformed sample: %s)', async (malformedSample) => {
    const running = await simulator({ malformedSample });
    const [json, xml] = await Promise.all(
      ['json', 'xml'].map(async (format) => {
        const source = connect(running, { format });
        const call = readCall();
        return timeless([await source.listJobs(call), await source.listRuns({}, call)]);
      }),
    );
    expect(xml).toEqual(json);
  });

  it('makes one call for each computer, and one for each account where that has a report', async () => {
    const apart = await simulator();
    const source = connect(apart);
    await source.listJobs(readCall());
    apart.forgetRequests();
    await source.listJobs(readCall());
    const computers = new Set(reads(apart));
    expect(reads(apart)).toHaveLength(computers.size);
    expect([...computers].every((path) => path.includes('/computers/'))).toBe(true);

    const together = await simulator({ accountReport: 'yes' });
    const accounts = together.credentials['accounts']?.split(',') ?? [];
    const whole = connect(together);
    expect((await whole.listJobs(readCall())).rows).toHaveLength(30);
    expect(reads(together)).toHaveLength(accounts.length);
  });

  it('gives the same jobs with an account report as without', async () => {
    const [apart, together] = await Promise.all([simulator(), simulator({ accountReport: 'yes' })]);
    const [a, b] = await Promise.all([apart, together].map((running) => connect(running).listJobs(readCall())));
    const ids = (rows: typeof a) => rows?.rows.map(({ nativeId }) => nativeId).toSorted();
    expect(ids(a)).toEqual(ids(b));
  });

  it('knows the newest runs alone without an action history, and says so', async () => {
    const source = connect(await simulator({ actionHistory: 'no' }));
    const { rows, problems } = await source.listRuns({}, readCall());
    const ids = (await source.listJobs(readCall())).rows.map(({ nativeId }) => nativeId);
    // A report may hold two rows of one set; both are runs.
    expect(new Set(rows.map(({ jobNativeId }) => jobNativeId))).toEqual(new Set(ids));
    expect(problems.map(({ code }) => code)).toEqual(['NOT_FOUND']);
  });

  it('says what to configure when computers are not listed, and reads the configured ones', async () => {
    const running = await simulator({ computerList: 'no' });
    await expect(connect(running).listJobs(readCall())).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('accounts[].computers'),
    });
    const { rows } = await connect(await simulator()).listJobs(readCall());
    const computers = new Map<string, Set<string>>();
    for (const { nativeId } of rows) {
      const [username = '', computer = ''] = nativeId.split('/').map(decodeURIComponent);
      computers.set(username, (computers.get(username) ?? new Set()).add(computer));
    }
    const accounts = [...computers].map(([username, ids]) => ({ username, computers: [...ids] }));
    expect((await connect(running, { accounts }).listJobs(readCall())).rows).toHaveLength(30);
  });

  it('reads single jobs, runs and the runs of jobs as the lists tell them', async () => {
    const running = await simulator({}, 6);
    const source = connect(running);
    const call = readCall();
    const { rows: jobs } = await source.listJobs(call);
    const { rows: runs } = await source.listRuns({}, call);
    const byId = await source.readJobs(
      jobs.map(({ nativeId }) => nativeId),
      readCall(),
    );
    for (const job of jobs) expect(timeless(byId.get(job.nativeId))).toEqual(timeless(job));
    const some = runs.filter((_, index) => index % 7 === 0);
    for (const run of some)
      expect(timeless((await source.readRuns([run.nativeId], readCall())).get(run.nativeId))).toEqual(timeless(run));
    const ofJobs = await source.readRunsOfJobs(
      jobs.map(({ nativeId }) => nativeId),
      { newest: 3 },
      readCall(),
    );
    for (const { nativeId } of jobs) {
      const answer = ofJobs.get(nativeId);
      const own = runs.filter(({ jobNativeId }) => jobNativeId === nativeId).length;
      expect(answer !== undefined && 'rows' in answer ? answer.rows.length : 0).toBeGreaterThanOrEqual(
        Math.min(3, own),
      );
    }
  });

  it('narrows the history by the beginning that is asked for', async () => {
    const running = await simulator();
    const source = connect(running);
    const all = await source.listRuns({}, readCall());
    const startedAfter = new Date(running.clock.now().getTime() - 2 * 24 * 60 * 60_000);
    const some = await source.listRuns({ startedAfter }, readCall());
    const wanted = (rows: typeof all.rows) =>
      rows.filter((run) => run.startedAt !== undefined && run.startedAt >= startedAfter).map((run) => run.nativeId);
    expect(wanted(some.rows).toSorted()).toEqual(wanted(all.rows).toSorted());
    expect(some.rows.length).toBeLessThan(all.rows.length);
  });

  it('probes, renews a token that is refused once, and meets the end of endless pages', async () => {
    const running = await simulator();
    const source = connect(running);
    await source.probe(readCall());
    running.fault({ kind: 'unauthorized', path: 'backup_status', times: 1 });
    expect((await source.listJobs(readCall())).problems).toEqual([]);
    running.fault({ kind: 'endless-paging', path: 'action_history' });
    const runs = await source.listRuns({}, readCall({ deadlineMs: 30_000 }));
    expect(runs.problems.length).toBeGreaterThan(0);
    expect(new Set(runs.rows.map(({ nativeId }) => nativeId)).size).toBe(runs.rows.length);
  });

  it.each(['html', 'bad-json', 'empty', 'truncate', 'redirect', 'oversized'] as const)(
    'takes no rows from an answer that is %s',
    async (kind) => {
      const running = await simulator({ accountReport: 'yes' }, 6);
      const source = connect(running);
      await source.probe(readCall());
      running.fault({ kind });
      await expect(source.listJobs(readCall())).rejects.toMatchObject({ sourceKey: 'msp' });
    },
  );

  it('takes no rows from XML that is cut between two tags', async () => {
    const running = await simulator({ accountReport: 'yes' }, 6);
    const source = connect(running, { format: 'xml' });
    await source.probe(readCall());
    running.fault({ kind: 'bad-xml' });
    await expect(source.listJobs(readCall())).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });
});
