import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { HOUR_MS } from '../../../src/domain/time-units.ts';
import type { ReadCall } from '../../../src/transport/read-call.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { Rows } from '../../../src/vendors/contract.ts';
import { VcenterSource } from '../../../src/vendors/vcenter/client.ts';
import type { VcenterSettings } from '../../../src/vendors/vcenter/settings.ts';
import { readCall, type ReadCallOptions } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';
import {
  API_LOGIN,
  REST_LOGIN,
  startFakeAppliance,
  TOKEN,
  UNAUTHENTICATED,
  type Asked,
  type FakeAppliance,
} from './fake-appliance.ts';
import { payload } from './payload.ts';

const RUNNING_ID = '20260409-011503-23319993';
const API = '/api/appliance/recovery/backup';
const REST = '/rest/appliance/recovery/backup';
const API_ZONE = '/api/appliance/system/time/timezone';

let fake: FakeAppliance;
let source: VcenterSource;
let environment: ReturnType<typeof sourceEnvironment>;
/** How far the clock of the source is ahead. */
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  fake = await startFakeAppliance();
  fake.routes = {
    ...API_LOGIN,
    [`GET ${API}/job/details`]: { body: payload('api-8.0.2-details.json') },
    [`GET ${API}/schedules`]: { body: payload('api-8.0.2-schedules.json') },
    [`GET ${API_ZONE}`]: { body: '"Europe/Berlin"' },
    [`GET ${API}/job`]: { body: [RUNNING_ID] },
  };
  source = connect();
});

afterEach(async () => {
  await source.close();
  await fake.close();
});

function connect(settings: Partial<VcenterSettings> = {}): VcenterSource {
  environment = { ...sourceEnvironment('vc'), now: () => new Date(Date.now() + aheadMs) };
  return new VcenterSource(
    {
      key: 'vc',
      name: 'Headquarters',
      timeZone: undefined,
      baseUrl: fake.url,
      style: 'auto',
      username: 'svc@vsphere.local',
      password: new Secret('Gehéim1!'),
      destinations: [],
      secrets: {},
      ...settings,
    },
    environment,
  );
}

/** A call to which nothing that was read before is fresh enough: it begins in another millisecond. */
function newCall(options: ReadCallOptions = {}): ReadCall {
  const now = Date.now();
  while (Date.now() === now);
  return readCall(options);
}

async function failure(work: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

async function runsOf(jobNativeId: string): Promise<Rows<BackupRun>> {
  const answer = (await source.readRunsOfJobs([jobNativeId], {}, newCall())).get(jobNativeId);
  if (answer === undefined || answer instanceof GatewayError) throw answer ?? new Error('no runs');
  return answer;
}

function status65(id: string, state: string) {
  return { value: { id, state, messages: [], progress: 100, start_time: '2026-04-09T01:15:05.420Z' } };
}

/** An appliance of 6.5: no /api, no details, no schedules. */
function make65(states: Record<string, string>): void {
  const notFound = {
    status: 404,
    body: { type: 'com.vmware.vapi.std.errors.operation_not_found', value: { messages: [] } },
  };
  fake.routes = {
    ...REST_LOGIN,
    'GET /api/session': { status: 404, body: '<html>404</html>', headers: { 'content-type': 'text/html' } },
    [`GET ${REST}/job`]: { body: { value: Object.keys(states) } },
    [`GET ${REST}/job/details`]: notFound,
    [`GET ${REST}/schedules`]: notFound,
    ...Object.fromEntries(
      Object.entries(states).map(([id, state]) => [`GET ${REST}/job/${id}`, { body: status65(id, state) }]),
    ),
  };
}

const names65 = (calls: string[]): string[] => calls.map((call) => call.replace(REST, ''));

describe('vendors/vcenter/client, session and style', () => {
  it('asks once which interface there is, logs in once with Basic, and carries the token', async () => {
    await Promise.all([source.listJobs(newCall()), source.listRuns({}, newCall())]);
    const calls = fake.calls();
    expect(calls.slice(0, 2)).toEqual(['GET /api/session', 'POST /api/session']);
    expect(calls.slice(2).toSorted()).toEqual([`GET ${API}/job/details`, `GET ${API}/schedules`, `GET ${API_ZONE}`]);
    const [probe, login, ...reads] = fake.asked;
    expect(probe?.headers.authorization).toBeUndefined();
    expect(login?.headers.authorization).toBe(`Basic ${Buffer.from('svc@vsphere.local:Gehéim1!').toString('base64')}`);
    expect(reads.map(({ headers }) => [headers['vmware-api-session-id'], headers.authorization])).toEqual(
      reads.map(() => [TOKEN, undefined]),
    );
    expect(source.apiVersion()).toBe('api');
  });

  it.each([
    ['a 404', { status: 404, body: { type: 'com.vmware.vapi.std.errors.not_found', value: { messages: [] } } }],
    ['a web page', { status: 200, body: '<!DOCTYPE html><html></html>', headers: { 'content-type': 'text/html' } }],
    ['a 401 of /rest', { status: 401, body: { type: 'com.vmware.vapi.std.errors.unauthenticated', value: {} } }],
  ])('takes %s for an appliance that has /rest only', async (_title, probe) => {
    fake.routes = {
      ...REST_LOGIN,
      'GET /api/session': probe,
      [`GET ${REST}/job`]: { body: { value: [] } },
    };
    expect(source.apiVersion()).toBeUndefined();
    await source.probe(newCall());
    expect(source.apiVersion()).toBe('rest');
    expect(fake.calls()).toEqual(['GET /api/session', 'POST /rest/com/vmware/cis/session', `GET ${REST}/job`]);
    expect(environment.https[0]?.health()).toMatchObject({ consecutiveFailures: 0, lastError: undefined });
  });

  it.each([
    ['a 503 page', { status: 503, body: '<html>starting</html>' }],
    ['an empty answer', { status: 200 }],
    ['half an answer', { status: 200, body: '{"user":' }],
  ])('does not keep what %s leaves open', async (_title, probe) => {
    fake.routes['GET /api/session'] = probe;
    const { code } = await failure(source.probe(newCall({ deadlineMs: 400 })));
    expect(['VENDOR_FAULT', 'MALFORMED_RESPONSE', 'TIMEOUT']).toContain(code);
    expect(source.apiVersion()).toBeUndefined();
    fake.routes['GET /api/session'] = UNAUTHENTICATED;
    await source.probe(newCall());
    expect(source.apiVersion()).toBe('api');
  });

  it.each([
    ['api', ['POST /api/session', `GET ${API}/job`]],
    ['rest', ['POST /rest/com/vmware/cis/session', `GET ${REST}/job`]],
  ] as const)('asks nothing when the style %s is configured', async (style, expected) => {
    fake.routes = { ...fake.routes, ...REST_LOGIN, [`GET ${REST}/job`]: { body: { value: [] } } };
    await source.close();
    source = connect({ style });
    expect(source.apiVersion()).toBe(style);
    await source.probe(newCall());
    expect(fake.calls()).toEqual(expected);
  });

  it.each([
    ['200 with bare text', { status: 200, body: JSON.stringify(TOKEN) }],
    ['201 with a wrapper', { status: 201, body: { value: TOKEN } }],
  ])('takes a login answered %s', async (_title, login) => {
    fake.routes['POST /api/session'] = login;
    await source.probe(newCall());
    expect(fake.asked.at(-1)?.headers['vmware-api-session-id']).toBe(TOKEN);
  });

  it('logs in again once when the session has ended, for all reads that notice', async () => {
    let good = 'first';
    let logins = 0;
    const guarded = (body: unknown) => (asked: Asked) =>
      asked.headers['vmware-api-session-id'] === good ? { body } : UNAUTHENTICATED;
    fake.routes['POST /api/session'] = () => {
      logins += 1;
      good = `token${logins}`;
      return { status: 201, body: JSON.stringify(good) };
    };
    fake.routes[`GET ${API}/job/details`] = guarded(payload('api-8.0.2-details.json'));
    fake.routes[`GET ${API}/schedules`] = guarded(payload('api-8.0.2-schedules.json'));
    await source.listJobs(newCall());
    expect(logins).toBe(1);
    good = 'ended';
    const { rows } = await source.listJobs(newCall());
    expect(rows).toHaveLength(3);
    expect(logins).toBe(2);
  });

  it('gives up after one new login, and then pauses', async () => {
    fake.routes[`GET ${API}/job`] = UNAUTHENTICATED;
    expect(await failure(source.probe(newCall()))).toMatchObject({
      code: 'AUTHENTICATION',
      nativeCode: 'UNAUTHENTICATED',
      sourceKey: 'vc',
    });
    const session = 'POST /api/session';
    expect(fake.calls()).toEqual(['GET /api/session', session, `GET ${API}/job`, session, `GET ${API}/job`]);
    await failure(source.probe(newCall()));
    expect(fake.calls()).toEqual([]);
  });

  it('says AUTHENTICATION for refused credentials, without them in the message', async () => {
    fake.routes['POST /api/session'] = {
      status: 401,
      body: { error_type: 'UNAUTHENTICATED', messages: [{ id: 'x', default_message: 'svc@vsphere.local', args: [] }] },
    };
    const error = await failure(source.probe(newCall()));
    expect(error.code).toBe('AUTHENTICATION');
    expect(error.message).not.toMatch(/svc@|Geh/);
  });

  it('blames the settings when there is no login, and does not take it for a missing backup', async () => {
    await source.close();
    source = connect({ style: 'rest' });
    const error = await failure(source.readRuns(['a'], newCall()));
    expect(error).toMatchObject({ code: 'BAD_REQUEST', httpStatus: 404 });
    expect(error.message).toContain('"style"');
  });

  it('refuses a token that no header can carry', async () => {
    fake.routes['POST /api/session'] = { status: 201, body: JSON.stringify('a\r\nb') };
    expect((await failure(source.probe(newCall()))).code).toBe('MALFORMED_RESPONSE');
  });

  it('ends its session on closing', async () => {
    await source.probe(newCall());
    fake.calls();
    await source.close();
    expect(fake.calls()).toEqual(['DELETE /api/session']);
    expect(fake.asked.at(-1)?.headers['vmware-api-session-id']).toBe(TOKEN);
    await source.close();
    expect(fake.calls()).toEqual([]);
  });

  it('closes without a word when it never logged in, when the appliance refuses, and in time when it is silent', async () => {
    await source.close();
    expect(fake.calls()).toEqual([]);
    source = connect();
    await source.probe(newCall());
    fake.routes['DELETE /api/session'] = { status: 500 };
    await source.close();
    source = connect();
    await source.probe(newCall());
    fake.routes['DELETE /api/session'] = 'STALL';
    const began = performance.now();
    await source.close();
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('vendors/vcenter/client, reading', () => {
  it('lists the schedule and the manual backups', async () => {
    const { rows, problems } = await source.listJobs(newCall());
    expect(problems).toEqual([]);
    expect(rows.map(({ nativeId, kind, status }) => [nativeId, kind, status])).toEqual([
      ['schedule/default', 'RECURRING', 'FAILED'],
      [`backup/${RUNNING_ID}`, 'ONE_OFF', 'RUNNING'],
      ['backup/20260410-000000-23319993', 'ONE_OFF', 'QUEUED'],
    ]);
    expect(rows[0]?.schedule?.zone).toEqual({ timeZone: 'Europe/Berlin' });
    expect(rows[0]?.lastRun).toMatchObject({ nativeId: '20260407-042000-23319993' });
  });

  it('serves jobs, runs and runs of jobs of one operation from the same three calls', async () => {
    const call = newCall();
    const { rows } = await source.listJobs(call);
    await source.listRuns({}, call);
    const runs = await source.readRunsOfJobs(
      rows.map(({ nativeId }) => nativeId),
      {},
      call,
    );
    await source.readJobs(
      rows.map(({ nativeId }) => nativeId),
      call,
    );
    expect(fake.calls()).toHaveLength(5);
    expect(call.tally.attempts).toBe(4);
    const ids = [...runs].map(([id, answer]) => [id, (answer as Rows<BackupRun>).rows.map(({ nativeId }) => nativeId)]);
    expect(ids).toEqual([
      ['schedule/default', ['20260407-042000-23319993', '20260403-042000-23319993']],
      [`backup/${RUNNING_ID}`, [RUNNING_ID]],
      ['backup/20260410-000000-23319993', ['20260410-000000-23319993']],
    ]);
  });

  it('asks for the time zone once an hour, and not at all when it is configured', async () => {
    await source.listJobs(newCall());
    fake.calls();
    await source.listJobs(newCall());
    expect(fake.calls()).toEqual([`GET ${API}/job/details`, `GET ${API}/schedules`]);
    await source.close();
    source = connect({ timeZone: 'Asia/Tokyo' });
    fake.calls();
    const { rows } = await source.listJobs(newCall());
    expect(rows[0]?.schedule?.zone).toEqual({ timeZone: 'Asia/Tokyo' });
    expect(fake.calls()).not.toContain(`GET ${API_ZONE}`);
  });

  it.each([
    ['refused', { status: 403, body: { error_type: 'UNAUTHORIZED', messages: [] } }],
    ['of an unknown name', { body: '"Mars/Olympus"' }],
    ['null', { body: 'null' }],
    ['a web page', { body: '<html></html>' }],
    ['silent', 'STALL' as const],
  ])('has no zone, and all else, when the time zone is %s', async (_title, zone) => {
    fake.routes[`GET ${API_ZONE}`] = zone;
    const call = newCall({ deadlineMs: 1_000 });
    const { rows, problems } = await source.listJobs(call);
    expect(rows).toHaveLength(3);
    expect(problems).toEqual([]);
    expect(rows[0]?.schedule).toMatchObject({ zone: undefined, recurrence: { form: 'WEEKLY' } });
    expect(call.tally.staleBecause).toBeUndefined();
  });

  it('asks for the time zone again after an hour', async () => {
    const patient = { deadlineMs: 3 * HOUR_MS };
    await source.listJobs(newCall(patient));
    fake.routes[`GET ${API_ZONE}`] = { body: '"Asia/Tokyo"' };
    aheadMs = HOUR_MS - 60_000;
    expect((await source.listJobs(newCall(patient))).rows[0]?.schedule?.zone).toEqual({ timeZone: 'Europe/Berlin' });
    aheadMs = HOUR_MS + 60_000;
    expect((await source.listJobs(newCall(patient))).rows[0]?.schedule?.zone).toEqual({ timeZone: 'Asia/Tokyo' });
  });

  it('asks for the time zone again after a fault, but not after a refusal', async () => {
    fake.routes[`GET ${API_ZONE}`] = { status: 403 };
    await source.listJobs(newCall());
    fake.calls();
    await source.listJobs(newCall());
    expect(fake.calls()).not.toContain(`GET ${API_ZONE}`);
    await source.close();
    source = connect();
    fake.routes[`GET ${API_ZONE}`] = { body: '<html></html>' };
    await source.listJobs(newCall());
    fake.routes[`GET ${API_ZONE}`] = { body: '"Europe/Berlin"' };
    const { rows } = await source.listJobs(newCall());
    expect(rows[0]?.schedule?.zone).toEqual({ timeZone: 'Europe/Berlin' });
  });

  it('keeps the manual backups when only the schedules fail, and says so', async () => {
    fake.routes[`GET ${API}/schedules`] = { status: 403, body: { error_type: 'UNAUTHORIZED', messages: [] } };
    const { rows, problems } = await source.listJobs(newCall());
    expect(rows.map(({ kind }) => kind)).toEqual(['ONE_OFF', 'ONE_OFF']);
    expect(problems).toMatchObject([{ code: 'PERMISSION', sourceKey: 'vc' }]);
    const runs = await source.listRuns({}, newCall());
    expect(runs.rows).toHaveLength(4);
    expect(runs.problems).toMatchObject([{ code: 'PERMISSION' }]);
    const answers = await source.readRuns([RUNNING_ID, '20260403-042000-23319993'], newCall());
    expect([...answers.values()]).toMatchObject([{ status: 'RUNNING' }, { code: 'PERMISSION' }]);
    expect((await source.readJobs(['schedule/default'], newCall())).get('schedule/default')).toMatchObject({
      code: 'PERMISSION',
    });
  });

  it('fails as a whole when the backups cannot be read', async () => {
    fake.routes[`GET ${API}/job/details`] = { status: 400, body: { error_type: 'FEATURE_IN_USE', messages: [] } };
    expect(await failure(source.listJobs(newCall()))).toMatchObject({
      code: 'CONFLICT',
      nativeCode: 'FEATURE_IN_USE',
    });
  });

  it('shows the good rows beside a bad one, names it, and does not let an older success stand for it', async () => {
    const good = { type: 'SCHEDULED', status: 'SUCCEEDED', start_time: '2026-04-02T00:00:00Z' };
    const bad = { type: 'SCHEDULED', status: 'FAILED', start_time: '2026-04-03T00:00:00Z', duration: {} };
    fake.routes[`GET ${API}/job/details`] = { body: { good, bad } };
    const { rows, problems } = await source.listJobs(newCall());
    expect(rows).toMatchObject([{ nativeId: 'schedule/default', status: 'UNKNOWN' }]);
    expect(problems.map(({ message }) => message)).toEqual(['Source "vc": $["bad"].duration is not a number']);
    const runs = await source.readRunsOfJobs(['schedule/default', 'backup/bad'], {}, newCall());
    expect(runs.get('schedule/default')).toMatchObject({
      rows: [{ nativeId: 'good' }],
      problems: [{ sourceKey: 'vc' }],
    });
    expect(runs.get('backup/bad')).toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });

  it('does not tie scheduled runs to one of several schedules', async () => {
    const [one] = Object.values(payload('api-8.0.2-schedules.json') as Record<string, unknown>);
    fake.routes[`GET ${API}/schedules`] = { body: { a: one, b: one } };
    const { rows } = await source.listJobs(newCall());
    expect(rows.slice(0, 2)).toMatchObject([
      { nativeId: 'schedule/a', status: 'UNKNOWN', lastRun: 'NOT_TOLD' },
      { nativeId: 'schedule/b', status: 'UNKNOWN', lastRun: 'NOT_TOLD' },
    ]);
    const runs = await source.listRuns({}, newCall());
    expect(new Set(runs.rows.map(({ jobNativeId, trigger }) => trigger === 'SCHEDULED' && jobNativeId))).toEqual(
      new Set([false, undefined]),
    );
    const { rows: ofA, problems } = await runsOf('schedule/a');
    expect(ofA).toEqual([]);
    expect(problems.map(({ code, message, sourceKey }) => [code, message, sourceKey])).toEqual([
      ['NOT_FOUND', 'Source "vc" does not tell which schedule started 2 of its backups.', 'vc'],
    ]);
  });

  it('says with the runs of the only schedule that a backup of unknown type may be one of them', async () => {
    const row = { status: 'SUCCEEDED', start_time: '2026-04-02T00:00:00Z' };
    fake.routes[`GET ${API}/job/details`] = { body: { a: { ...row, type: 'SCHEDULED' } } };
    expect(await runsOf('schedule/default')).toMatchObject({ rows: [{ nativeId: 'a' }], problems: [] });
    fake.routes[`GET ${API}/job/details`] = {
      body: { a: { ...row, type: 'SCHEDULED' }, b: { ...row, type: 'REPAIR' } },
    };
    expect(await runsOf('schedule/default')).toMatchObject({
      rows: [{ nativeId: 'a' }],
      problems: [{ code: 'NOT_FOUND' }],
    });
  });

  it('has no job for scheduled backups whose schedule is gone, and lists their runs all the same', async () => {
    fake.routes[`GET ${API}/schedules`] = { body: {} };
    const jobs = await source.listJobs(newCall());
    expect(jobs.rows.map(({ kind }) => kind)).not.toContain('RECURRING');
    const { rows, problems } = await source.listRuns({}, newCall());
    expect(rows.filter(({ trigger }) => trigger === 'SCHEDULED').map(({ jobNativeId }) => jobNativeId)).toContain(
      undefined,
    );
    expect([rows.length, problems]).toEqual([4, []]);
  });

  it('reads manual backups without the schedules, and knows what does not exist', async () => {
    const jobs = await source.readJobs([`backup/${RUNNING_ID}`, 'backup/none', 'schedule/none', 'x', ''], newCall());
    expect([...jobs.keys()]).toEqual([`backup/${RUNNING_ID}`]);
    fake.calls();
    expect((await source.readJobs([`backup/${RUNNING_ID}`], newCall())).size).toBe(1);
    expect(fake.calls()).toEqual([`GET ${API}/job/details`]);
    expect((await source.readJobs(['organization/x', 'schedule/%zz'], newCall())).size).toBe(0);
    expect(fake.calls()).toEqual([]);
    const runs = await source.readRunsOfJobs(['backup/none', 'schedule/none', 'schedule/default'], {}, newCall());
    expect([...runs.keys()]).toEqual(['schedule/default']);
    expect((await source.readJobs(['backup/20260403-042000-23319993'], newCall())).size).toBe(0);
  });

  it('reads again after the empty answer of an appliance that is busy with a backup', async () => {
    let empty = 2;
    fake.routes[`GET ${API}/job/details`] = () => {
      empty -= 1;
      return empty >= 0 ? { status: 200 } : { body: payload('api-8.0.2-details.json') };
    };
    expect((await source.listRuns({}, newCall())).rows).toHaveLength(4);
  });

  it('says what can be done with a run as the appliance has told it', async () => {
    const running = { type: 'MANUAL', status: 'RUNNING', start_time: '2026-04-02T00:00:00Z' };
    fake.routes[`GET ${API}/job/details`] = {
      body: { can: { ...running, cancelable: true }, cannot: { ...running, cancelable: false } },
    };
    const { rows } = await source.listJobs(newCall());
    const jobs = rows.filter(({ kind }) => kind === 'ONE_OFF');
    expect(jobs.map((job) => source.jobCapabilities(job).CANCEL.supported)).toEqual([true, false]);
    const runs = await source.readRuns(['can', 'cannot'], newCall());
    const answers = [...runs.values()].map((run) => run instanceof GatewayError || source.runCapabilities(run).CANCEL);
    expect(answers).toMatchObject([{ supported: true }, { supported: false, reason: 'WRONG_STATE' }]);
  });

  it('knows its object without a call', async () => {
    const object = { sourceKey: 'vc', nativeId: 'appliance', name: 'Headquarters', kind: 'APPLIANCE' };
    expect(await source.listProtectedObjects(newCall())).toEqual({ rows: [object], problems: [] });
    expect(await source.readProtectedObjects(['appliance', 'x'], newCall())).toEqual(new Map([['appliance', object]]));
    expect(fake.calls()).toEqual([]);
  });
});

describe('vendors/vcenter/client, runs by id', () => {
  it('reads up to 100 by one filtered call, and the schedules only when one of them was scheduled', async () => {
    await source.probe(newCall());
    fake.calls();
    fake.routes[`GET ${API}/job/details`] = ({ query }) => ({
      body: Object.fromEntries(query.getAll('jobs').map((id) => [id, { type: 'MANUAL', status: 'SUCCEEDED' }])),
    });
    const ids = Array.from({ length: 230 }, (_, index) => `id${index}`);
    const runs = await source.readRuns(ids, newCall());
    expect([...runs.keys()]).toEqual(ids);
    const calls = fake.asked.slice(-3);
    expect(calls.map(({ path, query }) => [path, query.getAll('jobs').length])).toEqual([
      [`${API}/job/details`, 100],
      [`${API}/job/details`, 100],
      [`${API}/job/details`, 30],
    ]);
    expect(fake.calls()).toHaveLength(3);
  });

  it('asks for the schedules when a run was scheduled', async () => {
    await source.probe(newCall());
    fake.calls();
    const runs = await source.readRuns(['20260403-042000-23319993', 'none', 'a/b'], newCall());
    expect([...runs]).toMatchObject([['20260403-042000-23319993', { jobNativeId: 'schedule/default' }]]);
    expect(fake.calls()).toEqual([
      `GET ${API}/job/details?jobs=20260403-042000-23319993&jobs=none`,
      `GET ${API}/schedules`,
    ]);
  });

  it('takes the details of all when the filter is refused because of an id', async () => {
    fake.routes[`GET ${API}/job/details`] = ({ query }) =>
      query.has('jobs')
        ? { status: 404, body: { error_type: 'NOT_FOUND', messages: [] } }
        : { body: payload('api-8.0.2-details.json') };
    const runs = await source.readRuns(['none', RUNNING_ID], newCall());
    expect([...runs.keys()]).toEqual([RUNNING_ID]);
  });

  it('keeps the rows of one call when another one fails', async () => {
    fake.routes[`GET ${API}/job/details`] = ({ query }) =>
      query.has('jobs', 'id0')
        ? { body: { id0: { type: 'MANUAL', status: 'FAILED' } } }
        : { status: 403, body: { error_type: 'UNAUTHORIZED', messages: [] } };
    const ids = Array.from({ length: 101 }, (_, index) => `id${index}`);
    const runs = await source.readRuns(ids, newCall());
    expect([...runs]).toMatchObject([
      ['id0', { status: 'FAILED' }],
      ['id100', { code: 'PERMISSION' }],
    ]);
  });

  it('gives the messages of a run', async () => {
    const id = '20260407-042000-23319993';
    const messages = await source.readMessages([id, 'none'], newCall());
    expect([...messages.keys()]).toEqual([id]);
    expect(messages.get(id)).toHaveLength(2);
  });

  it('filters in /rest by names without numbers, and with numbers once those are refused', async () => {
    const refused = {
      status: 400,
      body: { type: 'com.vmware.vapi.std.errors.unexpected_input', value: { messages: [] } },
    };
    fake.routes = {
      ...REST_LOGIN,
      [`GET ${REST}/job/details`]: ({ query }) =>
        query.has('filter.jobs') ? refused : { body: payload('rest-8.0.2-details.json') },
    };
    expect([...(await source.readRuns([RUNNING_ID, 'none'], newCall())).keys()]).toEqual([RUNNING_ID]);
    expect([...(await source.readRuns([RUNNING_ID], newCall())).keys()]).toEqual([RUNNING_ID]);
    expect(fake.calls().slice(2)).toEqual([
      `GET ${REST}/job/details?filter.jobs=${RUNNING_ID}&filter.jobs=none`,
      `GET ${REST}/job/details?filter.jobs.1=${RUNNING_ID}&filter.jobs.2=none`,
      `GET ${REST}/job/details?filter.jobs.1=${RUNNING_ID}`,
    ]);
  });
});

describe('vendors/vcenter/client, appliances of 6.5', () => {
  it('reads the ids and each backup, and asks for details only once', async () => {
    make65({ a: 'SUCCEEDED', b: 'INPROGRESS', c: 'NONE', d: 'FAILED', e: 'PAUSED' });
    const { rows, problems } = await source.listJobs(newCall());
    expect(problems).toEqual([]);
    expect(rows.map(({ nativeId, status, nativeStatus }) => [nativeId, status, nativeStatus])).toEqual([
      ['backup/a', 'SUCCEEDED', 'SUCCEEDED'],
      ['backup/b', 'RUNNING', 'INPROGRESS'],
      ['backup/c', 'QUEUED', 'NONE'],
      ['backup/d', 'FAILED', 'FAILED'],
      ['backup/e', 'UNKNOWN', 'PAUSED'],
    ]);
    fake.calls();
    expect((await source.listRuns({}, newCall())).rows).toHaveLength(5);
    expect(names65(fake.calls()).toSorted()).toEqual(
      ['GET /job', 'GET /job/a', 'GET /job/b', 'GET /job/c', 'GET /job/d', 'GET /job/e'].toSorted(),
    );
  });

  it('reads named backups by themselves', async () => {
    make65({ a: 'SUCCEEDED', b: 'FAILED' });
    await source.probe(newCall());
    await source.listRuns({}, newCall());
    fake.calls();
    expect([...(await source.readJobs(['backup/a', 'backup/z', 'schedule/x'], newCall())).keys()]).toEqual([
      'backup/a',
    ]);
    expect(names65(fake.calls())).toEqual(['GET /job/a', 'GET /job/z']);
    const runs = await source.readRunsOfJobs(['backup/b', 'schedule/x'], {}, newCall());
    expect([...runs.keys()]).toEqual(['backup/b']);
    expect(names65(fake.calls())).toEqual(['GET /job/b']);
    expect([...(await source.readRuns(['a', '%2E%2E', 'b'], newCall())).keys()]).toEqual(['a', 'b']);
    expect(names65(fake.calls())).toEqual(['GET /job/a', 'GET /job/b']);
  });

  it('reads runs by id when it has not been recognised yet', async () => {
    make65({ a: 'SUCCEEDED' });
    expect([...(await source.readRuns(['a'], newCall())).values()]).toMatchObject([
      { status: 'SUCCEEDED', trigger: 'MANUAL' },
    ]);
  });

  it('costs only the backup that cannot be read, and leaves out one that has gone', async () => {
    make65({ a: 'SUCCEEDED', b: 'FAILED', c: 'FAILED' });
    fake.routes[`GET ${REST}/job/b`] = { body: { value: { id: 'other' } } };
    delete fake.routes[`GET ${REST}/job/c`];
    const { rows, problems } = await source.listRuns({}, newCall());
    expect(rows.map(({ nativeId }) => nativeId)).toEqual(['a']);
    expect(problems).toMatchObject([{ code: 'MALFORMED_RESPONSE', sourceKey: 'vc' }]);
    expect((await source.readJobs(['backup/a', 'backup/b'], newCall())).get('backup/b')).toMatchObject({
      code: 'MALFORMED_RESPONSE',
    });
  });

  it('does not look empty when it finds none of the backups that it lists', async () => {
    make65({ a: 'SUCCEEDED', b: 'FAILED' });
    await source.listJobs(newCall());
    for (const id of ['a', 'b']) delete fake.routes[`GET ${REST}/job/${id}`];
    for (const read of [() => source.listJobs(newCall()), () => source.listRuns({}, newCall())])
      expect(await failure(read())).toMatchObject({ code: 'VENDOR_FAULT', sourceKey: 'vc' });
    expect((await source.readJobs(['backup/a'], newCall())).size).toBe(0);
    fake.routes[`GET ${REST}/job`] = { body: { value: [] } };
    expect(await source.listRuns({}, newCall())).toEqual({ rows: [], problems: [] });
  });

  it('is noticed when it has become a newer one, within an hour', async () => {
    make65({ a: 'SUCCEEDED' });
    await source.listJobs(newCall());
    const [job] = (await source.listJobs(newCall())).rows;
    expect(job === undefined || source.jobCapabilities(job).READ_SIZES.supported).toBe(false);
    fake.routes[`GET ${REST}/job/details`] = { body: payload('rest-8.0.2-details.json') };
    fake.routes[`GET ${REST}/schedules`] = { body: payload('rest-6.7-schedules.json') };
    aheadMs = HOUR_MS - 60_000;
    expect((await source.listJobs(newCall())).rows.map(({ nativeId }) => nativeId)).toEqual(['backup/a']);
    aheadMs = HOUR_MS + 60_000;
    expect((await source.listJobs(newCall())).rows.map(({ nativeId }) => nativeId)).toContain('schedule/default');
  });

  it('is not seen in an appliance that finds nothing at all', async () => {
    make65({});
    delete fake.routes[`GET ${REST}/job`];
    expect((await failure(source.listJobs(newCall()))).code).toBe('NOT_FOUND');
    fake.routes[`GET ${REST}/job/details`] = { body: payload('rest-8.0.2-details.json') };
    fake.routes[`GET ${REST}/schedules`] = { body: payload('rest-6.7-schedules.json') };
    expect((await source.listJobs(newCall())).rows.map(({ nativeId }) => nativeId)).toEqual([
      'schedule/default',
      `backup/${RUNNING_ID}`,
    ]);
  });
});
