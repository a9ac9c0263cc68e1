import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import { readCall } from '../../support/read-call.ts';
import {
  cancelRequest,
  createRequest,
  desk,
  HUBS,
  inHours,
  isAction,
  isDeletable,
  isUploadJob,
  updateRequest,
  type Desk,
} from './write-support.ts';

describe.each(HUBS)('vendors/sailpoint/writes under $apiPrefix', ({ apiPrefix, hub }) => {
  const open = (options = {}): Promise<Desk> => desk(apiPrefix, options);

  it('files a one-off and answers with its id', async () => {
    const { write, job, writes } = await open();
    const startAt = inHours(2);
    const reply = await write(createRequest({ startAt, timeZone: 'Europe/Berlin' }));
    if (reply.outcome !== 'DONE') throw new Error(reply.outcome);
    expect(await job(({ nativeId }) => nativeId === reply.jobNativeId)).toMatchObject({
      kind: 'ONE_OFF',
      name: 'before change 99',
      status: 'QUEUED',
      nextRunAt: startAt,
      schedule: { recurrence: { form: 'ONCE', at: startAt }, zone: { timeZone: 'Europe/Berlin' } },
    });
    expect(writes()).toEqual([`POST ${hub}/scheduled-actions`]);
  });

  it('files a repetition with types and names, and a cron text as it is', async () => {
    const { write, job } = await open();
    const cron = '0 30 2 ? * SUN';
    const reply = await write(
      createRequest({
        startAt: undefined,
        cron,
        includeTypes: ['ROLE', 'SOURCE'],
        includedNames: [{ type: 'ROLE', names: ['Ärztin "Nacht"'] }],
      }),
    );
    if (reply.outcome !== 'DONE') throw new Error(reply.outcome);
    expect(await job(({ nativeId }) => nativeId === reply.jobNativeId)).toMatchObject({
      kind: 'RECURRING',
      description: 'Object types: ROLE, SOURCE',
      schedule: { recurrence: { form: 'CRON', expression: cron }, startsAt: undefined },
    });
  });

  it('withdraws a one-off that has not begun', async () => {
    const { write, job, has, writes } = await open();
    const once = await job((one) => isAction(one) && one.status === 'QUEUED');
    expect(await write(cancelRequest(once))).toEqual({ outcome: 'DONE' });
    expect(await has(once.nativeId)).toBe(false);
    expect(writes()).toEqual([`DELETE ${hub}/scheduled-actions/${once.nativeId.slice('action/'.length)}`]);
  });

  it('changes cron and zone of a repetition and leaves the rest alone', async () => {
    const { write, job, prepare, writes } = await open();
    const nightly = await job(({ name, kind }) => name === 'nightly roles' && kind === 'RECURRING');
    const change = updateRequest(nightly, { cron: '15 4 * * 1', timeZone: 'America/New_York' });
    expect((await prepare(change)).vendorCall).toEqual({
      method: 'PATCH',
      path: `${hub}/scheduled-actions/${nightly.nativeId.slice('action/'.length)}`,
      body: [
        { op: 'replace', path: '/cronString', value: '15 4 * * 1' },
        { op: 'replace', path: '/timeZoneId', value: 'America/New_York' },
      ],
    });
    expect(await write(change)).toEqual({ outcome: 'DONE', jobNativeId: nightly.nativeId });
    const after = await job(({ nativeId }) => nativeId === nightly.nativeId);
    expect(after).toMatchObject({
      name: 'nightly roles',
      description: nightly.description,
      schedule: {
        recurrence: { form: 'CRON', expression: '15 4 * * 1' },
        zone: { timeZone: 'America/New_York' },
        startsAt: nightly.schedule?.startsAt,
      },
    });
    expect(writes()).toHaveLength(1);
  });

  it('adds what an action did not have', async () => {
    const { write, job, prepare } = await open();
    const startAt = inHours(30);
    const byHand = await job(({ name }) => name === 'by hand only');
    const change = updateRequest(byHand, { startAt, cron: '0 3 * * *', timeZone: 'Europe/Paris' });
    expect((await prepare(change)).vendorCall.body).toMatchObject([
      { op: 'add', path: '/startTime', value: startAt.toISOString() },
      { op: 'add', path: '/cronString' },
      { op: 'add', path: '/timeZoneId' },
    ]);
    expect(await write(change)).toMatchObject({ outcome: 'DONE' });
    expect(await job(({ nativeId }) => nativeId === byHand.nativeId)).toMatchObject({
      kind: 'RECURRING',
      schedule: { startsAt: startAt, zone: { timeZone: 'Europe/Paris' } },
    });
  });

  it('moves the start of a one-off', async () => {
    const { write, job } = await open();
    const once = await job((one) => isAction(one) && one.status === 'QUEUED');
    const startAt = inHours(100);
    expect(await write(updateRequest(once, { startAt }))).toMatchObject({ outcome: 'DONE' });
    expect(await job(({ nativeId }) => nativeId === once.nativeId)).toMatchObject({ nextRunAt: startAt });
  });

  it('ends a repetition by deleting its action', async () => {
    const { write, job, has, writes } = await open();
    const weekly = await job(({ name }) => name === 'weekly full');
    expect(await write({ verb: 'DELETE', job: weekly })).toEqual({ outcome: 'DONE' });
    expect(await has(weekly.nativeId)).toBe(false);
    expect(writes()).toEqual([`DELETE ${hub}/scheduled-actions/${weekly.nativeId.slice('action/'.length)}`]);
  });

  it.each(['in both lists', 'in the list of uploads alone'])('deletes an upload that stands %s', async (where) => {
    const { write, jobs, has, writes, source, simulator } = await open({ jobs: 80 });
    simulator.fault({ kind: 'server-error', path: '/backups/uploads' });
    const { rows: plain } = await source.listJobs(readCall());
    simulator.clearFaults();
    const isInPlainList = new Set(plain.map(({ nativeId }) => nativeId));
    const upload = (await jobs()).find(
      (job) => isDeletable(job) && isUploadJob(job) && isInPlainList.has(job.nativeId) === (where === 'in both lists'),
    );
    if (upload === undefined) throw new Error('the simulator has no such upload');
    expect(await write({ verb: 'DELETE', job: upload })).toEqual({ outcome: 'DONE' });
    expect(await has(upload.nativeId)).toBe(false);
    expect(writes()).toEqual([`DELETE ${hub}/backups/uploads/${upload.nativeId.slice('backup/'.length)}`]);
  });

  it('deletes a backup', async () => {
    const { write, job, has, writes } = await open({ jobs: 40 });
    const backup = await job((one) => isDeletable(one) && !isUploadJob(one));
    expect(await write({ verb: 'DELETE', job: backup })).toEqual({ outcome: 'DONE' });
    expect(await has(backup.nativeId)).toBe(false);
    expect(writes()).toEqual([`DELETE ${hub}/backups/${backup.nativeId.slice('backup/'.length)}`]);
  });

  it.each(['START', 'RETRY', 'ENABLE', 'DISABLE'] as const)('has no call for %s, and makes none', async (verb) => {
    const { source, jobs, simulator, config } = await open();
    const all = await jobs();
    simulator.forgetRequests();
    expect(config.vendor.capabilities(config.settings)[verb]).toMatchObject({
      supported: false,
      reason: 'NOT_OFFERED_BY_VENDOR',
      alternatives: [verb === 'DISABLE' ? 'DELETE' : 'CREATE'],
    });
    for (const job of all) {
      expect(source.jobCapabilities(job)[verb].supported).toBe(false);
      const asked = source.prepareWrite({ verb, job }, readCall());
      await expect(asked).rejects.toMatchObject({ code: 'UNSUPPORTED', sourceKey: 'sailpoint' });
    }
    expect(simulator.requests()).toEqual([]);
  });

  it('prepares exactly what the capabilities of a job support', async () => {
    const { source, jobs } = await open({ jobs: 40 });
    for (const job of await jobs()) {
      const readings = source.jobCapabilities(job);
      const requests: readonly WriteRequest[] = [
        { verb: 'DELETE', job },
        cancelRequest(job),
        updateRequest(job, { cron: '0 1 * * *' }),
      ];
      for (const request of requests) {
        const answer = await source.prepareWrite(request, readCall()).catch((error: unknown) => error);
        const isPrepared = !(answer instanceof Error) && !('refusals' in (answer as object));
        expect([job.nativeId, request.verb, isPrepared]).toEqual([
          job.nativeId,
          request.verb,
          readings[request.verb].supported,
        ]);
      }
    }
  });
});

/** A client of the simulator that may read backups and nothing else. */
const READER = 'reader-0000-4000-8000-000000000001';

describe('vendors/sailpoint/writes', () => {
  it('refuses to delete what users may not delete, and what is under way', async () => {
    const { refuse, job, writes, source } = await desk();
    const isProtected = await job(({ name }) => name === 'vendor maintenance');
    // The running one of the simulator is protected, too; that is left out here.
    const running = { ...(await job(({ name }) => name === 'before change 88')), details: undefined };
    expect(source.jobCapabilities(isProtected).DELETE).toMatchObject({ reason: 'NOT_PERMITTED' });
    expect(await refuse({ verb: 'DELETE', job: isProtected })).toMatchObject([{ code: 'NOT_PERMITTED' }]);
    expect(await refuse({ verb: 'DELETE', job: running })).toMatchObject([{ code: 'WRONG_STATE' }]);
    expect(writes()).toEqual([]);
  });

  it('refuses what has become protected since the job was read', async () => {
    const { refuse, job } = await desk();
    const isProtected = await job(({ name }) => name === 'vendor maintenance');
    const asItWas = { ...isProtected, details: undefined };
    expect(await refuse({ verb: 'DELETE', job: asItWas })).toMatchObject([{ code: 'NOT_PERMITTED' }]);
  });

  it('refuses to withdraw a one-off whose start has passed since it was read', async () => {
    const { refuse, job, writes } = await desk();
    const once = await job((one) => isAction(one) && one.status === 'QUEUED');
    const schedule = once.schedule && { ...once.schedule, recurrence: { form: 'ONCE', at: inHours(-1) } as const };
    expect(await refuse(cancelRequest({ ...once, schedule }))).toMatchObject([{ code: 'WRONG_STATE' }]);
    expect(writes()).toEqual([]);
  });

  it('has no cancel for a run', async () => {
    const { source, job } = await desk();
    const running = await job(({ name }) => name === 'before change 88');
    const run = typeof running.lastRun === 'object' ? running.lastRun : undefined;
    for (const request of [
      { verb: 'CANCEL', job: running, run },
      { verb: 'CANCEL', job: undefined, run },
    ] as const)
      await expect(source.prepareWrite(request, readCall())).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('says NOT_FOUND, without a write, when the vendor no longer has it', async () => {
    const { write, refuse, jobs, writes } = await desk('v1', { jobs: 40 });
    const all = await jobs();
    const [action, backup] = [all.find(isAction), all.find(isDeletable)];
    if (action === undefined || backup === undefined) throw new Error('the simulator has no such jobs');
    for (const job of [action, backup]) {
      await write({ verb: 'DELETE', job });
      expect(await refuse({ verb: 'DELETE', job })).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    expect(await refuse(updateRequest(action, { cron: '0 1 * * *' }))).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(writes()).toHaveLength(2);
  });

  it('tells the NOT_FOUND of the vendor when it goes between the reading and the call', async () => {
    const { prepare, jobs } = await desk('v1', { jobs: 40 });
    const all = await jobs();
    const [action, backup] = [all.find(isAction), all.find(isDeletable)];
    if (action === undefined || backup === undefined) throw new Error('the simulator has no such jobs');
    for (const job of [action, backup]) {
      const [first, second] = [await prepare({ verb: 'DELETE', job }), await prepare({ verb: 'DELETE', job })];
      const signal = AbortSignal.timeout(5_000);
      expect(await first.send(signal)).toEqual({ outcome: 'DONE' });
      expect(await second.send(signal)).toMatchObject({
        outcome: 'REFUSED',
        refusal: { code: 'NOT_FOUND', error: { httpStatus: 404, nativeCode: '404' } },
      });
    }
  });

  it('tells a refusal of the vendor without its text', async () => {
    const { prepare, job, has } = await desk('v1', { jobs: 40 }, '5s', { clientId: READER });
    const backup = await job((one) => isDeletable(one) && !isUploadJob(one));
    const reply = await (await prepare({ verb: 'DELETE', job: backup })).send(AbortSignal.timeout(5_000));
    expect(reply).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'VENDOR_REJECTED', error: { code: 'PERMISSION', httpStatus: 403, nativeCode: '403' } },
    });
    if (reply.outcome === 'REFUSED') expect(reply.refusal.message).toMatch(/Tracking id .*Nothing was changed\.$/);
    expect(JSON.stringify(reply)).not.toMatch(/Forbidden|scope/i);
    expect(await has(backup.nativeId)).toBe(true);
  });

  it.each([
    [403, 'VENDOR_REJECTED', 'PERMISSION'],
    [409, 'VENDOR_REJECTED', 'CONFLICT'],
    [404, 'VENDOR_REJECTED', 'BAD_REQUEST'],
    [429, 'SOURCE_UNAVAILABLE', 'THROTTLED'],
  ])('takes %i for a refusal: %s', async (status, code, kind) => {
    const { prepare, simulator, writes } = await desk();
    const prepared = await prepare(createRequest());
    simulator.fault({ kind: 'server-error', status, method: 'POST' });
    const reply = await prepared.send(AbortSignal.timeout(5_000));
    expect(reply).toMatchObject({ outcome: 'REFUSED', refusal: { code, error: { code: kind } } });
    expect(writes()).toHaveLength(1);
  });

  it('does not write while it cannot log in', async () => {
    const { source, simulator, writes } = await desk();
    const request = createRequest();
    simulator.fault({ kind: 'unauthorized', path: '/oauth/token' });
    await expect(source.prepareWrite(request, readCall())).rejects.toMatchObject({ code: 'AUTHENTICATION' });
    expect(writes()).toEqual([]);
  });

  it('does not prepare what it could not recognise afterwards', async () => {
    const { source, jobs, simulator, writes } = await desk('v1', { jobs: 40 });
    const all = await jobs();
    const upload = all.find((job) => isDeletable(job) && isUploadJob(job));
    const backup = all.find((job) => isDeletable(job) && !isUploadJob(job));
    if (upload === undefined || backup === undefined) throw new Error('the simulator has no such jobs');
    simulator.fault({ kind: 'server-error', status: 500, path: 'scheduled-actions' });
    await expect(source.prepareWrite(createRequest(), readCall())).rejects.toBeInstanceOf(GatewayError);
    simulator.clearFaults();
    simulator.fault({ kind: 'server-error', status: 500, path: '/backups/uploads' });
    await expect(source.prepareWrite({ verb: 'DELETE', job: upload }, readCall())).rejects.toBeInstanceOf(GatewayError);
    // A backup that says so of itself needs no list of uploads.
    expect(await source.prepareWrite({ verb: 'DELETE', job: backup }, readCall())).toHaveProperty('vendorCall');
    expect(writes()).toEqual([]);
  });

  it('takes a section of another vendor for a fault of the gateway', async () => {
    const { source, job } = await desk();
    const action = await job(isAction);
    const veeam = { daily: undefined, periodically: undefined, window: undefined, retry: undefined };
    const request: WriteRequest = {
      verb: 'UPDATE_SCHEDULE',
      job: action,
      schedule: { section: 'veeam', schedule: veeam },
    };
    await expect(source.prepareWrite(request, readCall())).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
