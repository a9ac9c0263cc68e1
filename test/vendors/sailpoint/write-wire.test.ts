import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import type { PreparedWrite, WriteReply } from '../../../src/vendors/contract.ts';
import { SailPointSource } from '../../../src/vendors/sailpoint/client.ts';
import { readCall } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';
import { payload } from './payloads.ts';
import { startVendorServer, type Received, type Reply, type VendorServer } from './vendor-server.ts';
import { createRequest, inHours, updateRequest } from './write-support.ts';

const HUB = '/v2025/configuration-hub';
const ACTIONS = `${HUB}/scheduled-actions`;
const ID = '91b7c2aa-0a55-4f7e-bb1d-2f64c1d0e9a3';

let server: VendorServer;
let source: SailPointSource;
let actions: readonly object[];
let backups: readonly object[];
let uploads: readonly object[];

beforeEach(async () => {
  server = await startVendorServer();
  [actions, backups, uploads] = [[action()], [], []];
  server.route('/oauth/token', { body: payload('authentication-page-token') });
  server.route(`${HUB}/backups`, () => ({ body: backups }));
  server.route(`${HUB}/backups/uploads`, () => ({ body: uploads }));
  server.route(ACTIONS, () => ({ body: actions }));
  source = new SailPointSource(
    {
      key: 'isc',
      name: 'Acme tenant',
      timeZone: undefined,
      baseUrl: server.url,
      apiPrefix: 'v2025',
      clientId: new Secret('the-client'),
      clientSecret: new Secret('s3cr3t&more'),
    },
    sourceEnvironment('isc'),
  );
});

afterEach(async () => {
  await source.close();
  await server.close();
});

function action(change: object = {}): object {
  return { id: ID, jobType: 'BACKUP', cronString: '0 3 * * *', content: { name: 'nightly' }, ...change };
}

function record(change: object = {}): object {
  return { jobId: 'b1', status: 'COMPLETE', name: 'one', ...change };
}

/** Answers the one write. */
function answerTo(path: string, reply: Reply): void {
  const list = { body: actions };
  server.route(path, ({ method }) => (method === 'GET' ? list : reply));
}

async function job(nativeId: string): Promise<BackupJob> {
  const found = (await source.listJobs(readCall())).rows.find((one) => one.nativeId === nativeId);
  if (found === undefined) throw new Error(`no job ${nativeId}`);
  return found;
}

async function prepare(request: WriteRequest): Promise<PreparedWrite> {
  const prepared = await source.prepareWrite(request, readCall());
  if ('refusals' in prepared) throw new Error(JSON.stringify(prepared.refusals));
  return prepared;
}

async function send(request: WriteRequest): Promise<WriteReply> {
  return (await prepare(request)).send(AbortSignal.timeout(5_000));
}

function sent(): readonly Received[] {
  return server.received.filter(({ method, url }) => method !== 'GET' && !url.startsWith('/oauth/'));
}

describe('vendors/sailpoint/writes on the wire', () => {
  it('posts just what it has shown, as JSON', async () => {
    answerTo(ACTIONS, { body: { id: 'new' } });
    const startAt = inHours(1);
    const prepared = await prepare(
      createRequest({
        name: ' "Büro" ',
        startAt,
        cron: '0 30 2 ? * SUN',
        timeZone: 'Europe/Berlin',
        includeTypes: ['ROLE'],
        includedNames: [{ type: 'ROLE', names: ['Ärztin', '__proto__'] }],
      }),
    );
    expect(prepared.vendorCall).toEqual({
      method: 'POST',
      path: ACTIONS,
      body: {
        jobType: 'BACKUP',
        startTime: startAt.toISOString(),
        cronString: '0 30 2 ? * SUN',
        timeZoneId: 'Europe/Berlin',
        content: {
          name: ' "Büro" ',
          backupOptions: {
            includeTypes: ['ROLE'],
            objectOptions: { ROLE: { includedNames: ['Ärztin', '__proto__'] } },
          },
        },
      },
    });
    expect(await prepared.send(AbortSignal.timeout(5_000))).toEqual({ outcome: 'DONE', jobNativeId: 'action/new' });
    const [request, ...more] = sent();
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      method: 'POST',
      url: ACTIONS,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: 'Bearer eyJ.simulated.token',
      },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual(prepared.vendorCall.body);
  });

  it('leaves out what was not given, but for the options, which the vendor wants as an object', async () => {
    const startAt = inHours(1);
    const { vendorCall } = await prepare(createRequest({ name: 'bare', startAt }));
    expect(vendorCall.body).toEqual({
      jobType: 'BACKUP',
      startTime: startAt.toISOString(),
      content: { name: 'bare', backupOptions: { objectOptions: {} } },
    });
  });

  it('keeps a type with an odd name an ordinary member', async () => {
    const { vendorCall } = await prepare(createRequest({ includedNames: [{ type: '__proto__', names: ['x'] }] }));
    expect(JSON.stringify(vendorCall.body)).toContain('"objectOptions":{"__proto__":{"includedNames":["x"]}}');
  });

  it('patches with a bare array of the media type of JSON Patch', async () => {
    answerTo(`${ACTIONS}/${ID}`, { body: action({ cronString: '0 4 * * *' }) });
    const change = updateRequest(await job(`action/${ID}`), { cron: '0 4 * * *', timeZone: 'Europe/Berlin' });
    expect(await send(change)).toEqual({ outcome: 'DONE', jobNativeId: `action/${ID}` });
    expect(sent()).toMatchObject([
      { method: 'PATCH', url: `${ACTIONS}/${ID}`, headers: { 'content-type': 'application/json-patch+json' } },
    ]);
    expect(JSON.parse(sent()[0]?.body ?? '')).toEqual([
      { op: 'replace', path: '/cronString', value: '0 4 * * *' },
      { op: 'add', path: '/timeZoneId', value: 'Europe/Berlin' },
    ]);
  });

  it.each([
    ['has another cron text', action()],
    ['is of another action', action({ id: 'other', cronString: '0 4 * * *' })],
    ['makes no backup', action({ jobType: 'CREATE_DRAFT', cronString: '0 4 * * *' })],
    ['is a list', []],
    ['is nothing', ''],
  ])('asks the list when the answer to a patch %s', async (_what, body) => {
    answerTo(`${ACTIONS}/${ID}`, { body });
    const change = updateRequest(await job(`action/${ID}`), { cron: '0 4 * * *' });
    const prepared = await prepare(change);
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'UNKNOWN', answered: true });
    const settle = () => source.settleWrite('UPDATE_SCHEDULE', prepared.mark, readCall());
    expect(await settle()).toBeUndefined();
    actions = [action({ cronString: ' 0  4 * * * ' })];
    expect(await settle()).toEqual({ jobNativeId: `action/${ID}` });
  });

  it('replaces a zone that it does not know itself', async () => {
    actions = [action({ timeZoneId: 'Mars/Base' })];
    const { vendorCall } = await prepare(updateRequest(await job(`action/${ID}`), { timeZone: 'Asia/Calcutta' }));
    expect(vendorCall.body).toEqual([{ op: 'replace', path: '/timeZoneId', value: 'Asia/Calcutta' }]);
  });

  it('knows a zone by its other name and a start by its second', async () => {
    const startAt = new Date('2040-01-01T00:00:00.750Z');
    const { mark } = await prepare(updateRequest(await job(`action/${ID}`), { startAt, timeZone: 'Asia/Calcutta' }));
    const settle = () => source.settleWrite('UPDATE_SCHEDULE', mark, readCall());
    actions = [action({ startTime: '2040-01-01T00:00:00Z', timeZoneId: 'Asia/Kolkata' })];
    expect(await settle()).toEqual({ jobNativeId: `action/${ID}` });
    actions = [action({ startTime: '2040-01-01T00:00:01Z', timeZoneId: 'Asia/Kolkata' })];
    expect(await settle()).toBeUndefined();
    actions = [action({ startTime: '2040-01-01T00:00:00Z' })];
    expect(await settle()).toBeUndefined();
    actions = [];
    expect(await settle()).toBeUndefined();
  });

  it('knows its new action although the vendor leaves out the zone', async () => {
    const startAt = inHours(1);
    const { mark } = await prepare(createRequest({ name: 'mine', startAt, timeZone: 'Europe/Berlin' }));
    const settle = () => source.settleWrite('CREATE', mark, readCall());
    const startTime = startAt.toISOString();
    const mine = { id: 'new', jobType: 'BACKUP', startTime, content: { name: 'mine' } };
    actions = [...actions, mine];
    expect(await settle()).toEqual({ jobNativeId: 'action/new' });
    actions = [{ ...mine, timeZoneId: 'Europe/Paris' }];
    expect(await settle()).toBeUndefined();
    actions = [{ ...mine, cronString: '0 3 * * *' }];
    expect(await settle()).toBeUndefined();
    actions = [mine, { id: 7 }, { jobType: 'BACKUP', content: 'unreadable' }];
    expect(await settle()).toEqual({ jobNativeId: 'action/new' });
    actions = [{ jobType: 'BACKUP', content: 'unreadable' }];
    await expect(settle()).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });

  it.each([
    ['none', [], [record()], 'backups/uploads'],
    ['MANUAL', [record({ backupType: 'MANUAL' })], [], 'backups'],
    ['MANUAL, in both lists', [record({ backupType: 'MANUAL' })], [record()], 'backups'],
    ['UPLOADED, in both lists', [record({ backupType: 'UPLOADED' })], [record()], 'backups/uploads'],
    ['UPLOADED, not among the uploads', [record({ backupType: 'UPLOADED' })], [], 'backups'],
    ['none, in both lists', [record()], [record()], 'backups/uploads'],
    ['none, not among the uploads', [record()], [], 'backups'],
    ['told by the uploads alone', [record()], [record({ backupType: 'MANUAL' })], 'backups'],
    ['a new word', [record({ backupType: 'TOMORROW' })], [], 'backups'],
  ])('deletes a record at the right path: origin %s', async (_origin, plain, uploaded, path) => {
    [backups, uploads] = [plain, uploaded];
    const { vendorCall } = await prepare({ verb: 'DELETE', job: await job('backup/b1') });
    expect(vendorCall).toEqual({ method: 'DELETE', path: `${HUB}/${path}/b1`, body: null });
  });

  it('refuses when either list says that users may not delete it', async () => {
    backups = [record()];
    const one = await job('backup/b1');
    uploads = [record({ userCanDelete: false })];
    expect(await source.prepareWrite({ verb: 'DELETE', job: one }, readCall())).toMatchObject({
      refusals: [{ code: 'NOT_PERMITTED' }],
    });
  });

  it('encodes a key in the path and sends a deletion without a body', async () => {
    const id = 'a b/c?';
    actions = [action({ id })];
    const path = `${ACTIONS}/a%20b%2Fc%3F`;
    server.route(path, { status: 204, body: '' });
    const doomed = await job('action/a%20b%2Fc%3F');
    expect(await send({ verb: 'DELETE', job: doomed })).toEqual({ outcome: 'DONE' });
    const [request] = sent();
    expect(request).toMatchObject({ method: 'DELETE', url: path, body: '' });
    expect(request?.headers).not.toHaveProperty('content-type');
  });

  it('asks the lists when a deletion is answered in another way than by 204', async () => {
    server.route(`${ACTIONS}/${ID}`, { status: 200, body: {} });
    const prepared = await prepare({ verb: 'DELETE', job: await job(`action/${ID}`) });
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'UNKNOWN', answered: true });
    expect(await source.settleWrite('DELETE', prepared.mark, readCall())).toBeUndefined();
    actions = [];
    expect(await source.settleWrite('DELETE', prepared.mark, readCall())).toEqual({});
  });

  it('does not take a record for gone while a row cannot be read', async () => {
    backups = [record({ backupType: 'MANUAL' })];
    const { mark } = await prepare({ verb: 'DELETE', job: await job('backup/b1') });
    backups = [{ status: 'COMPLETE' }];
    await expect(source.settleWrite('DELETE', mark, readCall())).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
    [backups, uploads] = [[], [record()]];
    expect(await source.settleWrite('DELETE', mark, readCall())).toBeUndefined();
  });

  it('reads the list for a write once, together with what was read just before it', async () => {
    const call = readCall();
    const found = (await source.readJobs([`action/${ID}`], call)).get(`action/${ID}`);
    if (found === undefined || found instanceof Error) throw new Error('no action');
    await source.prepareWrite({ verb: 'DELETE', job: found }, call);
    expect(server.paths()).toEqual([ACTIONS]);
  });
});
