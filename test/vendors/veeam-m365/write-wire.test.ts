import { afterEach, describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import type { BackupSource, WriteReply } from '../../../src/vendors/contract.ts';
import { API_VERSIONS, type ApiVersion } from '../../../src/vendors/veeam-m365/versions.ts';
import { readCall } from '../../support/read-call.ts';
import { connect, serve, type Answer, type Asked, type TinyServer } from './tiny-server.ts';
import { schedule, update } from './write-lab.ts';

const JOB = '00000000-0000-4000-8000-000000000001';
const ORGANIZATION = '00000000-0000-4000-8000-0000000000aa';
const REPOSITORY = '00000000-0000-4000-8000-0000000000bb';
const PROXY = '00000000-0000-4000-8000-0000000000cc';
const SESSION = '00000000-0000-4000-8000-000000000011';
const OLD_SESSION = '00000000-0000-4000-8000-000000000010';

const isOld = (version: ApiVersion): boolean => version <= 'v5';

let server: TinyServer;
let source: BackupSource;

afterEach(async () => {
  await source.close();
  await server.close();
});

interface World {
  readonly version: ApiVersion;
  /** What the server says to a write. */
  readonly write?: Answer;
  readonly sessions?: readonly Record<string, unknown>[];
  readonly policy?: Record<string, unknown>;
  readonly repository?: Record<string, unknown>;
}

/** A server with one job, one organisation and one repository. */
async function world({ version, write = { status: 200 }, sessions = [], policy, repository }: World): Promise<void> {
  const schedulePolicy = policy ?? { type: 'Daily', dailyType: 'Everyday', dailyTime: '21:00:00', retryEnabled: false };
  const job = { id: JOB, name: 'Job', lastStatus: 'Success', isEnabled: true, schedulePolicy };
  const reads: Record<string, unknown> = {
    '/Jobs': [job],
    [`/Jobs/${JOB}`]: job,
    [`/Jobs/${JOB}/JobSessions`]: sessions,
    '/JobSessions': sessions,
    [`/Organizations/${ORGANIZATION}`]: { id: ORGANIZATION, name: 'Org' },
    '/BackupRepositories': [{ id: REPOSITORY, name: 'Repo', proxyId: PROXY, ...repository }],
  };
  server = await serve(({ method, url }) => {
    const path = url.replace(/^\/v\d/, '').replace(/\?.*/, '');
    if (/^\/token/i.test(path)) return undefined;
    return method === 'GET' ? { status: path in reads ? 200 : 404, body: reads[path] } : write;
  });
  source = connect(server.url, version).source;
}

async function job(): Promise<BackupJob> {
  const found = (await source.readJobs([JOB], readCall())).get(JOB);
  return found === undefined || found instanceof GatewayError ? expect.fail('no job') : found;
}

const create = (runNow = false): WriteRequest => ({
  verb: 'CREATE',
  target: {
    section: 'veeam',
    backup: {
      organizationId: ORGANIZATION.toUpperCase(),
      repositoryId: REPOSITORY.toUpperCase(),
      name: 'Gateway "test" ä',
      description: '',
      schedule: schedule({ periodically: 'HOURS_8', retry: { attempts: 777, intervalMinutes: 999 } }),
      runNow,
    },
  },
});

interface Sent {
  readonly reply: WriteReply;
  /** The one request that changed something. */
  readonly asked: Asked;
}

/** Sends a write, and checks that what is shown of it is what was sent. */
async function send(request: WriteRequest): Promise<Sent> {
  const prepared = await source.prepareWrite(request, readCall());
  if ('refusals' in prepared) return expect.fail(JSON.stringify(prepared.refusals));
  const reply = await prepared.send(AbortSignal.timeout(5_000));
  const writes = server.asked.filter(({ method, url }) => method !== 'GET' && !/token/i.test(url));
  const [asked] = writes;
  if (asked === undefined || writes.length > 1) return expect.fail(`${writes.length} writes`);
  expect(prepared.vendorCall).toEqual({
    method: asked.method,
    path: asked.url,
    body: asked.body === '' ? null : JSON.parse(asked.body),
  });
  expect(asked.headers['content-type']).toBe(asked.body === '' ? undefined : 'application/json');
  expect(asked.headers['authorization']).toMatch(/^Bearer /);
  return { reply, asked };
}

const line = ({ method, url, body }: Asked): string => `${method} ${url} ${body}`.trimEnd();

describe.each(API_VERSIONS)('vendors/veeam-m365/writes on the wire of %s', (version) => {
  it.each([
    ['START', 'start', '{"full":false}'],
    ['RETRY', 'start', '{"full":false}'],
    ['CANCEL', 'stop', '{}'],
    ['ENABLE', 'enable', '{}'],
    ['DISABLE', 'disable', '{}'],
  ] as const)('%s says %s in the form of the version', async (verb, word, body) => {
    const running = { id: SESSION, status: 'Running', creationTime: '2026-11-20T08:00:00Z' };
    await world({ version, sessions: verb === 'CANCEL' ? [running] : [] });
    const request = verb === 'CANCEL' ? { verb, job: await job(), run: undefined } : { verb, job: await job() };
    const { asked } = await send(request);
    expect(line(asked)).toBe(
      isOld(version)
        ? `POST /${version}/Jobs/${JOB}/Action {"${word}":null}`
        : `POST /${version}/Jobs/${JOB}/${word} ${body}`,
    );
  });

  it('deletes without a body', async () => {
    await world({ version });
    expect(line((await send({ verb: 'DELETE', job: await job() })).asked)).toBe(`DELETE /${version}/Jobs/${JOB}`);
  });

  it('creates where the version wants it, with the members that it knows', async () => {
    await world({ version, write: { status: 201, body: { id: SESSION.toUpperCase(), name: 'x' } } });
    const { reply, asked } = await send(create(true));
    expect(reply).toEqual({ outcome: 'DONE', jobNativeId: SESSION });
    const path = version === 'v8' ? '/v8/Jobs' : `/${version}/Organizations/${ORGANIZATION}/Jobs`;
    expect(`${asked.method} ${asked.url}`).toBe(`POST ${path}`);
    expect(JSON.parse(asked.body)).toEqual({
      name: 'Gateway "test" ä',
      description: '',
      backupType: 'EntireOrganization',
      ...(version === 'v8' ? { organizationId: ORGANIZATION } : {}),
      ...(isOld(version) ? { proxyId: PROXY } : {}),
      repositoryId: REPOSITORY,
      schedulePolicy: {
        type: 'Periodically',
        periodicallyEvery: 'Hours8',
        ...(version === 'v3' ? {} : { scheduleEnabled: true }),
        retryEnabled: true,
        retryNumber: 777,
        retryWaitInterval: 999,
      },
      runNow: true,
    });
  });

  it('changes nothing but the schedule, and of it what is given', async () => {
    const policy = {
      type: 'periodically',
      periodicallyEvery: 'hours4',
      periodicallyOffsetMinutes: 7,
      scheduleEnabled: null,
      dailyTime: null,
      retryEnabled: 'true',
      retryNumber: '3',
      retryWaitInterval: 10,
      backupWindowEnabled: true,
      backupWindowSettings: { backupWindow: [true, false], minuteOffset: 15 },
      somethingNew: { kept: [1] },
    };
    await world({ version, policy });
    const { asked } = await send(update(await job(), { retry: { attempts: 1, intervalMinutes: 2 } }));
    expect(`${asked.method} ${asked.url}`).toBe(`PUT /${version}/Jobs/${JOB}`);
    expect(JSON.parse(asked.body)).toEqual({
      schedulePolicy: {
        type: 'Periodically',
        periodicallyEvery: 'Hours4',
        periodicallyOffsetMinutes: 7,
        retryEnabled: true,
        retryNumber: 1,
        retryWaitInterval: 2,
        backupWindowEnabled: true,
        // Too short to be read, and sent back as it came.
        backupWindowSettings: { backupWindow: [true, false], minuteOffset: 15 },
        somethingNew: { kept: [1] },
      },
    });
  });

  it('never says explore, which opens a restore session', async () => {
    await world({ version });
    for (const verb of ['START', 'RETRY', 'ENABLE', 'DISABLE', 'DELETE'] as const) {
      const prepared = await source.prepareWrite({ verb, job: await job() }, readCall());
      expect(JSON.stringify(prepared)).not.toMatch(/explore/i);
    }
  });

  it.each([
    [400, {}, { code: 'VENDOR_REJECTED', error: { code: 'BAD_REQUEST', httpStatus: 400 } }],
    [401, {}, { code: 'SOURCE_UNAVAILABLE', error: { code: 'AUTHENTICATION' } }],
    [403, { errorCode: 'ResourceAccessDenied' }, { code: 'VENDOR_REJECTED', error: { code: 'PERMISSION' } }],
    [404, { errorCode: 'ResourceNotFound' }, { code: 'NOT_FOUND', error: { code: 'NOT_FOUND' } }],
    [429, {}, { code: 'SOURCE_UNAVAILABLE', error: { code: 'THROTTLED' } }],
  ])('takes %i for a no, without the words of the server', async (status, body, refusal) => {
    await world({ version, write: { status, body: { message: 'Job Payroll is odd', ...body } } });
    const { reply } = await send({ verb: 'ENABLE', job: await job() });
    expect(reply).toMatchObject({ outcome: 'REFUSED', refusal });
    expect(JSON.stringify(reply)).not.toContain('Payroll');
    if (reply.outcome === 'REFUSED') expect(reply.refusal.message).not.toContain('Payroll');
  });

  it('cannot tell what a 5xx has done', async () => {
    await world({ version, write: { status: 500, body: { message: 'Job Payroll is already running.' } } });
    const { reply } = await send({ verb: 'START', job: await job() });
    expect(reply).toMatchObject({ outcome: 'UNKNOWN', answered: true, error: { code: 'VENDOR_FAULT' } });
  });

  it('believes an empty 200 only where the version has it', async () => {
    await world({ version, write: { status: 200 } });
    const { reply } = await send({ verb: 'DISABLE', job: await job() });
    expect(reply).toMatchObject(
      isOld(version) ? { outcome: 'DONE', jobNativeId: JOB } : { outcome: 'UNKNOWN', answered: true },
    );
  });

  it('takes 204 for done', async () => {
    await world({ version, write: { status: 204 } });
    expect((await send({ verb: 'DISABLE', job: await job() })).reply).toEqual({ outcome: 'DONE', jobNativeId: JOB });
  });
});

describe('vendors/veeam-m365/writes on the wire', () => {
  it.each([
    ['START', 'ALREADY_RUNNING'],
    ['CANCEL', 'WRONG_STATE'],
    ['DELETE', 'WRONG_STATE'],
  ] as const)('takes a conflict for a no to %s whatever its status, and names it', async (verb, code) => {
    const write = { status: 500, body: { message: 'x', errorCode: 'OperationConflict' } };
    await world({ version: 'v8', write });
    const about = await job();
    const request = verb === 'CANCEL' ? { verb, job: about, run: undefined } : { verb, job: about };
    const { reply } = await send(request);
    expect(reply).toMatchObject({ outcome: 'REFUSED', refusal: { code, error: { nativeCode: 'OperationConflict' } } });
  });

  it('does not believe a start in v8 without the session', async () => {
    await world({ version: 'v8', write: { status: 200, body: { status: 'Running' } } });
    const { reply } = await send({ verb: 'START', job: await job() });
    expect(reply).toMatchObject({ outcome: 'UNKNOWN', answered: true, error: { code: 'MALFORMED_RESPONSE' } });
  });

  it('stops the newest run that may be under way, and none that is behind it', async () => {
    const sessions = [
      { id: OLD_SESSION, status: 'Running', creationTime: '2026-11-19T08:00:00Z' },
      { id: SESSION, status: 'Updating', creationTime: '2026-11-20T08:00:00Z' },
      { id: 'no guid', status: 'Running', creationTime: '2026-11-20T09:00:00Z' },
    ];
    await world({ version: 'v8', sessions, write: { status: 204 } });
    const runs = await source.readRunsOfJobs([JOB], {}, readCall());
    const rows = runs.get(JOB);
    if (rows === undefined || rows instanceof GatewayError) return expect.fail('no runs');
    const [newest, old] = rows.rows;
    expect(await source.prepareWrite({ verb: 'CANCEL', job: await job(), run: old }, readCall())).toMatchObject({
      refusals: [{ code: 'WRONG_STATE' }],
    });
    expect((await send({ verb: 'CANCEL', job: await job(), run: newest })).reply).toEqual({
      outcome: 'DONE',
      jobNativeId: JOB,
      runNativeId: SESSION,
    });
  });

  it('starts nothing while it cannot tell which sessions there were before', async () => {
    await world({ version: 'v6', sessions: [{ id: 'no guid', status: 'Success' }] });
    await expect(source.prepareWrite({ verb: 'START', job: await job() }, readCall())).rejects.toMatchObject({
      code: 'MALFORMED_RESPONSE',
    });
    expect(server.calls().filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  it('refuses a job up to v5 when the proxy of the repository is not told', async () => {
    await world({ version: 'v5', repository: { proxyId: null } });
    expect(await source.prepareWrite(create(), readCall())).toMatchObject({
      refusals: [{ code: 'VENDOR_REJECTED', field: ['repositoryId'] }],
    });
  });

  it('refuses to change a schedule that it cannot read unless it is told the times', async () => {
    await world({ version: 'v4', policy: { retryEnabled: false } });
    const retry = { attempts: 1, intervalMinutes: 2 };
    expect(await source.prepareWrite(update(await job(), { retry }), readCall())).toMatchObject({
      refusals: [{ code: 'MISSING_VALUE', rule: 'daily-or-periodically' }],
    });
    const { asked } = await send(update(await job(), { retry, daily: { day: 'WEEKENDS', time: '01:02:03' } }));
    expect(JSON.parse(asked.body)).toMatchObject({
      schedulePolicy: { type: 'Daily', dailyType: 'Weekends', dailyTime: '01:02:03', retryNumber: 1 },
    });
  });

  it('takes a section for another vendor for a fault of the gateway', async () => {
    await world({ version: 'v3' });
    const [startAt, cron, timeZone] = [undefined, '0 3 * * *', undefined];
    const wrong: WriteRequest = {
      verb: 'UPDATE_SCHEDULE',
      job: await job(),
      schedule: { section: 'sailpoint', schedule: { startAt, cron, timeZone } },
    };
    await expect(source.prepareWrite(wrong, readCall())).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
