import { afterEach, describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { isActive } from '../../../src/domain/backup-status.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { VeeamJobRequest, VeeamScheduleRequest, WriteRequest } from '../../../src/domain/write-request.ts';
import type { PreparedWrite, WriteReply } from '../../../src/vendors/contract.ts';
import { readCall } from '../../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../../support/simulated-source.ts';
import { StandingClock } from '../../support/standing-clock.ts';

const VERSIONS = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'] as const;
const OLD: ReadonlySet<string> = new Set(['v3', 'v4', 'v5']);
const NOON = '2026-11-18T12:00:00.000Z';

let at: ConnectedSimulator | undefined;
afterEach(async () => {
  await at?.close();
  at = undefined;
});

async function connect(apiVersion: string): Promise<ConnectedSimulator> {
  at = await connectSimulated('veeam-m365', { variant: { apiVersion }, clock: new StandingClock(NOON) }, {});
  return at;
}

async function jobs({ source }: ConnectedSimulator): Promise<readonly BackupJob[]> {
  return (await source.listJobs(readCall())).rows;
}

async function job(one: ConnectedSimulator, nativeId: string): Promise<BackupJob | undefined> {
  const found = (await one.source.readJobs([nativeId], readCall())).get(nativeId);
  if (found instanceof GatewayError) throw found;
  return found;
}

async function idle(one: ConnectedSimulator): Promise<BackupJob> {
  return (await jobs(one)).find(({ status }) => status === 'SUCCEEDED') ?? expect.fail('no idle job');
}

async function prepare({ source }: ConnectedSimulator, request: WriteRequest): Promise<PreparedWrite> {
  const prepared = await source.prepareWrite(request, readCall());
  return 'refusals' in prepared ? expect.fail(JSON.stringify(prepared.refusals)) : prepared;
}

/** Sends a write and gives its reply and the requests that it made, without the version. */
async function send(one: ConnectedSimulator, request: WriteRequest): Promise<[WriteReply, string[]]> {
  const prepared = await prepare(one, request);
  one.simulator.forgetRequests();
  const reply = await prepared.send(AbortSignal.timeout(5_000));
  const made = one.simulator.requests().map(({ method, url }) => `${method} ${url.replace(/^\/v\d/, '')}`);
  expect(made).toEqual([`${prepared.vendorCall.method} ${prepared.vendorCall.path.replace(/^\/v\d/, '')}`]);
  return [reply, made];
}

async function refusals({ source }: ConnectedSimulator, request: WriteRequest) {
  const prepared = await source.prepareWrite(request, readCall());
  return 'refusals' in prepared ? prepared.refusals : expect.fail('it was not refused');
}

const NOTHING: VeeamScheduleRequest = {
  daily: undefined,
  periodically: undefined,
  window: undefined,
  retry: undefined,
};

async function create(one: ConnectedSimulator, change: Partial<VeeamJobRequest> = {}): Promise<WriteRequest> {
  const details = (await jobs(one))[0]?.details;
  if (details?.type !== 'VeeamJobDetails') return expect.fail('no details');
  const backup: VeeamJobRequest = {
    organizationId: details.organizationId ?? '',
    repositoryId: details.repositoryId ?? '',
    name: 'Nightly, by the gateway',
    description: 'made by hand',
    schedule: { ...NOTHING, daily: { day: 'WORKDAYS', time: '22:45' } },
    runNow: false,
    ...change,
  };
  return { verb: 'CREATE', target: { section: 'veeam', backup } };
}

const update = (of: BackupJob, schedule: Partial<VeeamScheduleRequest>): WriteRequest => ({
  verb: 'UPDATE_SCHEDULE',
  job: of,
  schedule: { section: 'veeam', schedule: { ...NOTHING, ...schedule } },
});

describe.each(VERSIONS)('vendors/veeam-m365: writes of %s', (version) => {
  const action = (id: string, verb: string): string =>
    OLD.has(version) ? `POST /Jobs/${id}/Action` : `POST /Jobs/${id}/${verb}`;

  it('starts a job and finds the session, which is stopped again', async () => {
    const one = await connect(version);
    const { source, simulator } = one;
    const target = await idle(one);
    const prepared = await prepare(one, { verb: 'START', job: target });
    expect(prepared.vendorCall.body).toEqual(OLD.has(version) ? { start: null } : { full: false });
    simulator.forgetRequests();
    const reply = await prepared.send(AbortSignal.timeout(5_000));
    expect(simulator.requests().map(({ method, url }) => `${method} ${url.replace(/^\/v\d/, '')}`)).toEqual([
      action(target.nativeId, 'start'),
    ]);
    const effect = await source.settleWrite('START', prepared.mark, readCall());
    expect(effect).toEqual({ jobNativeId: target.nativeId, runNativeId: expect.any(String) });
    // Only v8 says which session it is.
    expect(reply).toEqual({ outcome: 'DONE', runNativeId: version === 'v8' ? effect?.runNativeId : undefined });

    const begun = (await source.readRuns([effect?.runNativeId ?? ''], readCall())).get(effect?.runNativeId ?? '');
    if (begun === undefined || begun instanceof GatewayError) return expect.fail('no run');
    expect(isActive(begun.status)).toBe(true);
    const running = await job(one, target.nativeId);
    expect(await refusals(one, { verb: 'START', job: running ?? target })).toMatchObject([
      { code: 'ALREADY_RUNNING', blockedByRunNativeId: begun.nativeId },
    ]);
    const stop = await prepare(one, { verb: 'CANCEL', job: running, run: begun });
    expect(stop.vendorCall.body).toEqual(OLD.has(version) ? { stop: null } : {});
    expect(await stop.send(AbortSignal.timeout(5_000))).toEqual({
      outcome: 'DONE',
      jobNativeId: target.nativeId,
      runNativeId: begun.nativeId,
    });
    simulator.clock.advance(600);
    expect(await source.settleWrite('CANCEL', stop.mark, readCall())).toMatchObject({ runNativeId: begun.nativeId });
    expect(await refusals(one, { verb: 'CANCEL', job: running, run: begun })).toMatchObject([{ code: 'WRONG_STATE' }]);
  });

  it('disables, enables and deletes a job', async () => {
    const one = await connect(version);
    const { source } = one;
    const target = (await jobs(one)).find(({ enabled, status }) => enabled === true && status === 'SUCCEEDED');
    if (target === undefined) return expect.fail('no enabled job');
    for (const [verb, path, enabled] of [
      ['DISABLE', 'disable', false],
      ['ENABLE', 'enable', true],
    ] as const) {
      const { mark } = await prepare(one, { verb, job: target });
      expect(await source.settleWrite(verb, mark, readCall())).toBeUndefined();
      const [reply, made] = await send(one, { verb, job: target });
      expect([reply.outcome, made]).toEqual(['DONE', [action(target.nativeId, path)]]);
      expect((await job(one, target.nativeId))?.enabled).toBe(enabled);
      expect(await source.settleWrite(verb, mark, readCall())).toEqual({ jobNativeId: target.nativeId });
    }
    const request = await create(one);
    const [made] = await send(one, request);
    if (made.outcome !== 'DONE' || made.jobNativeId === undefined) return expect.fail('no job was made');
    const own = (await job(one, made.jobNativeId)) ?? expect.fail('the job is not there');
    const { mark } = await prepare(one, { verb: 'DELETE', job: own });
    expect(await source.settleWrite('DELETE', mark, readCall())).toBeUndefined();
    const [gone, calls] = await send(one, { verb: 'DELETE', job: own });
    expect([gone.outcome, calls]).toEqual(['DONE', [`DELETE /Jobs/${own.nativeId}`]]);
    expect(await job(one, own.nativeId)).toBeUndefined();
    expect(await source.settleWrite('DELETE', mark, readCall())).toEqual({ jobNativeId: own.nativeId });
    const [again] = await send(one, { verb: 'DELETE', job: own });
    expect(again).toMatchObject({ outcome: 'REFUSED', refusal: { code: 'NOT_FOUND' } });
  });

  it('makes a job of the asked form, once', async () => {
    const one = await connect(version);
    const request = await create(one);
    const prepared = await prepare(one, request);
    expect(await one.source.settleWrite('CREATE', prepared.mark, readCall())).toBeUndefined();
    const [reply, made] = await send(one, request);
    if (reply.outcome !== 'DONE') return expect.fail('it was not made');
    expect(made[0]).toMatch(version === 'v8' ? /^POST \/Jobs$/ : /^POST \/Organizations\/[0-9a-f-]{36}\/Jobs$/);
    expect(prepared.vendorCall.body).toMatchObject({
      name: 'Nightly, by the gateway',
      backupType: 'EntireOrganization',
      schedulePolicy: { type: 'Daily', dailyType: 'Workdays', dailyTime: '22:45:00' },
    });
    expect(Object.keys(prepared.vendorCall.body as object).includes('proxyId')).toBe(OLD.has(version));
    expect(Object.keys(prepared.vendorCall.body as object).includes('organizationId')).toBe(version === 'v8');
    const own = await job(one, reply.jobNativeId ?? '');
    expect(own).toMatchObject({ name: 'Nightly, by the gateway', description: 'made by hand', kind: 'RECURRING' });
    expect(own?.schedule?.recurrence).toMatchObject({ form: 'WEEKLY' });
    expect(await one.source.settleWrite('CREATE', prepared.mark, readCall())).toEqual({
      jobNativeId: reply.jobNativeId,
    });
  });

  it('makes a job without a schedule where the version knows one', async () => {
    const one = await connect(version);
    const request = await create(one, { schedule: undefined });
    if (version === 'v3') {
      expect(await refusals(one, request)).toMatchObject([{ code: 'MISSING_VALUE', field: ['schedule'] }]);
      return;
    }
    const [reply] = await send(one, request);
    const own = reply.outcome === 'DONE' ? await job(one, reply.jobNativeId ?? '') : undefined;
    expect(own?.nextRunAt).toBeUndefined();
    expect(own).toBeDefined();
  });

  it('changes what is given of a schedule and leaves the rest', async () => {
    const one = await connect(version);
    const [made] = await send(
      one,
      await create(one, {
        schedule: {
          ...NOTHING,
          daily: { day: 'SUNDAY', time: '03:00:00' },
          retry: { attempts: 5, intervalMinutes: 30 },
        },
      }),
    );
    const own = made.outcome === 'DONE' ? await job(one, made.jobNativeId ?? '') : undefined;
    if (own === undefined) return expect.fail('no job');
    const window = {
      hours: undefined,
      intervals: [{ day: 'WORKDAYS' as const, fromHour: 22, toHour: 6 }],
      utcOffsetMinutes: 0,
    };
    const prepared = await prepare(one, update(own, { periodically: 'HOURS_4', window }));
    expect(await one.source.settleWrite('UPDATE_SCHEDULE', prepared.mark, readCall())).toBeUndefined();
    const [reply, calls] = await send(one, update(own, { periodically: 'HOURS_4', window }));
    expect([reply.outcome, calls]).toEqual(['DONE', [`PUT /Jobs/${own.nativeId}`]]);
    expect(await one.source.settleWrite('UPDATE_SCHEDULE', prepared.mark, readCall())).toEqual({
      jobNativeId: own.nativeId,
    });
    const after = (await job(one, own.nativeId))?.schedule;
    expect(after?.recurrence).toMatchObject({ form: 'INTERVAL' });
    expect(after?.retry).toEqual({ enabled: true, attempts: 5, intervalMinutes: 30 });
    // Monday 22:00 to Tuesday 06:00 is open, Sunday is not.
    const { hours } = after?.window ?? expect.fail('no window');
    expect([hours[24 + 21], hours[24 + 22], hours[48 + 5], hours[48 + 6], hours[12], hours[6 * 24 + 5]]).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(hours.filter(Boolean).length).toBe(5 * 8);
    await send(one, update(own, { retry: { attempts: 1, intervalMinutes: 1 } }));
    const last = (await job(one, own.nativeId))?.schedule;
    expect([last?.recurrence, last?.retry?.attempts, last?.window?.hours]).toEqual([after?.recurrence, 1, hours]);
  });
});

describe('vendors/veeam-m365: rules of writes', () => {
  it.each<[string, Partial<VeeamJobRequest>, readonly object[]]>([
    ['a blank name', { name: ' ' }, [{ code: 'INVALID_VALUE', field: ['name'], rule: 'job-name' }]],
    [
      'ids that are no GUIDs, both at once',
      { organizationId: '../x', repositoryId: 'y' },
      [
        { field: ['organizationId'], rule: 'guid' },
        { field: ['repositoryId'], rule: 'guid' },
      ],
    ],
    [
      'an organisation and a repository that are not there',
      {
        organizationId: '11111111-2222-4333-8444-555555555555',
        repositoryId: '11111111-2222-4333-8444-555555555556',
      },
      [
        { code: 'NOT_FOUND', field: ['organizationId'] },
        { code: 'NOT_FOUND', field: ['repositoryId'] },
      ],
    ],
    [
      'a schedule without times',
      { schedule: { ...NOTHING, retry: { attempts: 1, intervalMinutes: 1 } } },
      [{ code: 'MISSING_VALUE', field: ['schedule'] }],
    ],
    [
      'a schedule with every rule broken',
      {
        schedule: {
          daily: { day: 'EVERYDAY', time: '24:00' },
          periodically: 'HOURS_1',
          window: { hours: [true], intervals: undefined, utcOffsetMinutes: 900 },
          retry: { attempts: 0, intervalMinutes: 1_000 },
        },
      },
      [
        { code: 'EXACTLY_ONE_REQUIRED', field: ['schedule', 'daily'] },
        { field: ['schedule', 'daily', 'time'], rule: 'time-of-day' },
        { field: ['schedule', 'retry', 'attempts'], rule: 'retry-attempts' },
        { field: ['schedule', 'retry', 'intervalMinutes'], rule: 'retry-interval' },
        { field: ['schedule', 'window', 'hours'], rule: 'window-hours' },
        { field: ['schedule', 'window', 'utcOffsetMinutes'], rule: 'window-offset' },
      ],
    ],
    [
      'a window told twice',
      {
        schedule: {
          ...NOTHING,
          periodically: 'HOURS_1',
          window: { hours: Array<boolean>(168).fill(true), intervals: [], utcOffsetMinutes: 0 },
        },
      },
      [{ code: 'EXACTLY_ONE_REQUIRED', field: ['schedule', 'window'] }],
    ],
    [
      'a window that is never open, and hours out of range',
      {
        schedule: {
          ...NOTHING,
          periodically: 'HOURS_1',
          window: { hours: undefined, intervals: [{ day: 'MONDAY', fromHour: 24, toHour: 0 }], utcOffsetMinutes: 0 },
        },
      },
      [{ rule: 'window-from-hour' }, { rule: 'window-to-hour' }],
    ],
  ])('refuses %s', async (_name, change, expected) => {
    const one = await connect('v8');
    const request = await create(one, change);
    const found = await refusals(one, request);
    expect(found).toMatchObject(expected);
    expect(found.length).toBe(expected.length);
    expect(JSON.stringify(found)).not.toMatch(/24:00|\.\.\/x|900|11111111/);
  });

  it('refuses a change that changes nothing', async () => {
    const one = await connect('v8');
    expect(await refusals(one, update(await idle(one), {}))).toMatchObject([{ code: 'MISSING_VALUE' }]);
  });

  it('stops no other run of the job than the one that is meant', async () => {
    const one = await connect('v8');
    const running = (await jobs(one)).find(({ status }) => isActive(status)) ?? expect.fail('nothing runs');
    const runs = await one.source.readRunsOfJobs([running.nativeId], {}, readCall());
    const rows = runs.get(running.nativeId);
    if (rows === undefined || rows instanceof GatewayError) return expect.fail('no runs');
    const ended = rows.rows.find(({ status }) => !isActive(status)) ?? expect.fail('no run that has ended');
    expect(await refusals(one, { verb: 'CANCEL', job: running, run: ended })).toMatchObject([{ code: 'WRONG_STATE' }]);
  });

  it.each(VERSIONS)(
    'finds in %s what a lost answer left behind, and nothing where nothing was done',
    async (version) => {
      const one = await connect(version);
      const { simulator, source } = one;
      const lost = await prepare(one, await create(one));
      simulator.fault({ kind: 'lose-answer', method: 'POST', times: 1 });
      expect(await lost.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'UNKNOWN', answered: false });
      expect(await source.settleWrite('CREATE', lost.mark, readCall())).toMatchObject({
        jobNativeId: expect.any(String),
      });
      const never = await prepare(one, { verb: 'START', job: await idle(one) });
      simulator.fault({ kind: 'refuse', method: 'POST', times: 1 });
      expect(await never.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'UNKNOWN', answered: false });
      expect(await source.settleWrite('START', never.mark, readCall())).toBeUndefined();
    },
  );

  it('does not take a page of a proxy for an answer', async () => {
    const one = await connect('v5');
    const prepared = await prepare(one, { verb: 'START', job: await idle(one) });
    one.simulator.fault({ kind: 'html', method: 'POST', times: 1 });
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'UNKNOWN', answered: true });
  });
});
