import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { SailPointSource } from '../../../src/vendors/sailpoint/client.ts';
import type { SailPointSettings } from '../../../src/vendors/sailpoint/settings.ts';
import { readCall } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';
import { payload } from './payloads.ts';
import { startVendorServer, type VendorServer } from './vendor-server.ts';

const BACKUPS = '/configuration-hub/v1/backups';
const UPLOADS = '/configuration-hub/v1/backups/uploads';
const ACTIONS = '/configuration-hub/v1/scheduled-actions';

const FINISHED = '7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410';
const RUNNING = 'c41d9e0b-77a3-4f6c-8b8e-5b1f8f3f7d02';
const UPLOAD = '5d2b7c64-90de-4c0e-b7b7-6a1d3f2e9c77';
const WEEKLY = '91b7c2aa-0a55-4f7e-bb1d-2f64c1d0e9a3';
const ONCE = '2b1c5f60-31f4-4a39-9d0a-6c0e4b7e1f02';

let server: VendorServer;
let environment: ReturnType<typeof sourceEnvironment>;
let source: SailPointSource;
/** How far the clock of the gateway is pushed ahead, in milliseconds. */
let aheadMs: number;

beforeEach(async () => {
  server = await startVendorServer();
  server.route('/oauth/token', { body: payload('authentication-page-token') });
  server.route(BACKUPS, { body: payload('specification-backups-finished-and-running') });
  server.route(UPLOADS, { body: payload('specification-uploads') });
  server.route(ACTIONS, { body: payload('specification-scheduled-actions') });
  aheadMs = 0;
  connect();
});

afterEach(async () => {
  await source.close();
  await server.close();
});

function connect(overrides: Partial<SailPointSettings> = {}): void {
  environment = { ...sourceEnvironment('isc'), now: () => new Date(Date.now() + aheadMs) };
  source = new SailPointSource(
    {
      key: 'isc',
      name: 'Acme tenant',
      timeZone: undefined,
      baseUrl: server.url,
      apiPrefix: 'v1',
      clientId: new Secret('the-client'),
      clientSecret: new Secret('s3cr3t&more'),
      ...overrides,
    },
    environment,
  );
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

const jobIds = async (): Promise<string[]> => (await source.listJobs(readCall())).rows.map(({ nativeId }) => nativeId);

describe('vendors/sailpoint/client', () => {
  describe('login', () => {
    it('sends the credentials once, in a form body, and carries the token', async () => {
      await source.listJobs(readCall());
      const [login, ...more] = server.logins();
      expect(more).toEqual([]);
      expect(login).toMatchObject({
        method: 'POST',
        url: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=the-client&client_secret=s3cr3t%26more',
      });
      const reads = server.received.filter(({ method }) => method === 'GET');
      expect(reads).toHaveLength(3);
      for (const { headers } of reads) {
        expect(headers).toMatchObject({ authorization: 'Bearer eyJ.simulated.token', accept: 'application/json' });
      }
    });

    it.each([
      [500, 1],
      [560, 2],
    ])('reads a life of 600 as seconds: %i s later there were %i logins', async (secondsLater, logins) => {
      await source.probe(readCall());
      aheadMs = secondsLater * 1000;
      await source.probe(readCall({ freshSince: Date.now() + 1 }));
      expect(server.paths()).toHaveLength(2);
      expect(server.logins()).toHaveLength(logins);
    });

    it('renews once when the vendor answers 401, under parallel reads too', async () => {
      let renewed = false;
      server.route('/oauth/token', () => {
        const token = renewed ? 'new' : 'old';
        renewed = true;
        return { body: { access_token: token, expires_in: 600 } };
      });
      for (const path of [BACKUPS, UPLOADS, ACTIONS]) {
        server.route(path, ({ headers }) =>
          headers.authorization === 'Bearer new'
            ? { body: [] }
            : { status: 401, body: payload('specification-error-401') },
        );
      }
      expect(await source.listJobs(readCall())).toEqual({ rows: [], problems: [] });
      expect(server.logins()).toHaveLength(2);
    });

    it.each([400, 401, 403])(
      'says AUTHENTICATION when the token endpoint answers %i, without the vendor text',
      async (status) => {
        server.route('/oauth/token', {
          status,
          body: { error: 'invalid_client', error_description: 'no s3cr3t here' },
        });
        const error = await failure(source.listJobs(readCall()));
        expect(error).toMatchObject({
          code: 'AUTHENTICATION',
          httpStatus: status,
          nativeCode: 'invalid_client',
          sourceKey: 'isc',
        });
        expect(error.message).not.toContain('s3cr3t');
        expect(server.paths()).toEqual([]);
      },
    );

    it('does not repeat a refused login at once', async () => {
      server.route('/oauth/token', { status: 401, body: { error: 'invalid_client' } });
      await failure(source.probe(readCall()));
      await failure(source.probe(readCall()));
      expect(server.logins()).toHaveLength(1);
    });

    it('does not take a wrong address for wrong credentials', async () => {
      server.route('/oauth/token', { status: 404, body: '<html>' });
      expect(await failure(source.probe(readCall()))).toMatchObject({ code: 'BAD_REQUEST', httpStatus: 404 });
    });

    it.each([[{ expires_in: 600 }], [{ access_token: 'two words' }], ['<html>sign in</html>']])(
      'refuses %j in the place of a token',
      async (body) => {
        server.route('/oauth/token', { body });
        expect(await failure(source.probe(readCall()))).toMatchObject({ code: 'MALFORMED_RESPONSE', sourceKey: 'isc' });
      },
    );

    it.each([undefined, 'soon', 0])(
      'takes a token whose life is told as %s until it is refused',
      async (expires_in) => {
        server.route('/oauth/token', { body: { access_token: 't', expires_in } });
        await source.probe(readCall());
        await source.probe(readCall());
        expect(server.logins()).toHaveLength(1);
      },
    );
  });

  describe('paths', () => {
    it.each([
      ['v1', '/configuration-hub/v1'],
      ['v2024', '/v2024/configuration-hub'],
      ['v2025', '/v2025/configuration-hub'],
      ['v2026', '/v2026/configuration-hub'],
    ] as const)('writes the prefix %s as %s and says so', async (apiPrefix, path) => {
      for (const list of ['backups', 'backups/uploads', 'scheduled-actions'])
        server.route(`${path}/${list}`, { body: [] });
      await source.close();
      connect({ apiPrefix });
      expect(await source.listJobs(readCall())).toEqual({ rows: [], problems: [] });
      expect(server.paths().toSorted()).toEqual([
        `${path}/backups`,
        `${path}/backups/uploads`,
        `${path}/scheduled-actions`,
      ]);
      expect(source.apiVersion()).toBe(apiPrefix);
    });

    it('keeps a path of the base URL', async () => {
      server.route('/isc/oauth/token', { body: payload('authentication-page-token') });
      server.route('/isc/configuration-hub/v1/backups', { body: [] });
      await source.close();
      connect({ baseUrl: `${server.url}/isc` });
      await source.probe(readCall());
    });
  });

  describe('jobs', () => {
    it('lists scheduled actions, backups and uploads in three calls', async () => {
      const { rows, problems } = await source.listJobs(readCall());
      expect(problems).toEqual([]);
      expect(rows.map(({ nativeId, kind }) => [nativeId, kind])).toEqual([
        [`action/${WEEKLY}`, 'RECURRING'],
        [`action/${ONCE}`, 'ONE_OFF'],
        [`backup/${FINISHED}`, 'ONE_OFF'],
        [`backup/${RUNNING}`, 'ONE_OFF'],
        [`backup/${UPLOAD}`, 'ONE_OFF'],
      ]);
      expect(server.paths().toSorted()).toEqual([BACKUPS, UPLOADS, ACTIONS]);
      for (const { observedAt } of rows) expect(Math.abs(observedAt.getTime() - Date.now())).toBeLessThan(5_000);
    });

    it('takes 404 for no uploads', async () => {
      server.route(UPLOADS, { status: 404, body: payload('specification-error-404') });
      const { rows, problems } = await source.listJobs(readCall());
      expect(rows).toHaveLength(4);
      expect(problems).toEqual([]);
    });

    it('lists the rest, with a problem, when uploads are forbidden', async () => {
      server.route(UPLOADS, { status: 403, body: { detailCode: '403 Forbidden', trackingId: 'abc123' } });
      const { rows, problems } = await source.listJobs(readCall());
      expect(rows).toHaveLength(4);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code: 'PERMISSION', httpStatus: 403, nativeCode: '403', sourceKey: 'isc' });
      expect(problems[0]?.message).toContain('/backups/uploads');
    });

    it('lists the backups, with a problem, when scheduled actions are forbidden', async () => {
      server.route(ACTIONS, { status: 403, body: {} });
      const { rows, problems } = await source.listJobs(readCall());
      expect(rows.map(({ nativeId }) => nativeId.split('/')[0])).toEqual(['backup', 'backup', 'backup']);
      expect(problems.map(({ code, message }) => [code, message.includes('/scheduled-actions')])).toEqual([
        ['PERMISSION', true],
      ]);
    });

    it.each([
      ['uploads', UPLOADS, 4],
      ['scheduled actions', ACTIONS, 3],
    ])('lists the rest, with a problem, when %s fail otherwise', async (_, path, count) => {
      server.route(path, { body: '<html>down</html>' });
      const { rows, problems } = await source.listJobs(readCall());
      expect(rows).toHaveLength(count);
      expect(problems.map(({ code }) => code)).toEqual(['MALFORMED_RESPONSE']);
    });

    it('keeps what came in time when uploads do not', async () => {
      server.route(UPLOADS, () => 'hang');
      const { rows, problems } = await source.listJobs(readCall({ deadlineMs: 300 }));
      expect(rows).toHaveLength(4);
      expect(problems.map(({ code }) => code)).toEqual(['TIMEOUT']);
    });

    it('ends when the caller has gone', async () => {
      const caller = new AbortController();
      server.route(UPLOADS, () => {
        caller.abort(new GatewayError('CANCELLED_BY_CALLER', 'gone'));
        return 'hang';
      });
      expect(await failure(source.listJobs(readCall({ signal: caller.signal })))).toMatchObject({
        code: 'CANCELLED_BY_CALLER',
      });
    });

    it.each([
      [403, 'PERMISSION'],
      [404, 'BAD_REQUEST'],
      [400, 'BAD_REQUEST'],
      [401, 'AUTHENTICATION'],
      [409, 'CONFLICT'],
      [302, 'MALFORMED_RESPONSE'],
    ])('fails with the backups when they answer %i', async (status, code) => {
      server.route(BACKUPS, { status, body: { detailCode: `${status}.2 Some words`, trackingId: 'abc123' } });
      const reads = [
        () => source.listJobs(readCall()),
        () => source.listRuns({}, readCall()),
        () => source.listProtectedObjects(readCall()),
      ];
      for (const read of reads) {
        expect(await failure(read())).toMatchObject({ code, sourceKey: 'isc' });
      }
    });

    it('names a bad row and keeps the good ones', async () => {
      server.route(BACKUPS, { body: [{ jobId: 'good' }, { status: 'COMPLETE' }] });
      const { rows, problems } = await source.listJobs(readCall());
      expect(rows.map(({ nativeId }) => nativeId)).toContain('backup/good');
      expect(problems.map(({ code, message, sourceKey }) => ({ code, message, sourceKey }))).toEqual([
        { code: 'MALFORMED_RESPONSE', message: 'Source "isc", /backups: $[1].jobId is not text', sourceKey: 'isc' },
      ]);
    });

    it('lists no id twice', async () => {
      const row = { jobId: 'same', status: 'COMPLETE' };
      const action = { id: 'same', jobType: 'BACKUP', cronString: '0 3 * * *' };
      server.route(BACKUPS, { body: [row, row] });
      server.route(UPLOADS, { body: [row] });
      server.route(ACTIONS, { body: [action, action] });
      expect(await jobIds()).toEqual(['action/same', 'backup/same']);
      expect((await source.listRuns({}, readCall())).rows.map(({ nativeId }) => nativeId)).toEqual(['same']);
    });

    it('has nothing to list for an empty tenant', async () => {
      for (const path of [BACKUPS, UPLOADS, ACTIONS]) server.route(path, { body: [] });
      expect(await source.listJobs(readCall())).toEqual({ rows: [], problems: [] });
      expect(await source.listRuns({}, readCall())).toEqual({ rows: [], problems: [] });
    });

    it.each([
      [[`backup/${FINISHED}`], [BACKUPS]],
      [[`backup/${FINISHED}`, `backup/${RUNNING}`], [BACKUPS]],
      [[`backup/${UPLOAD}`], [BACKUPS, UPLOADS]],
      [[`action/${WEEKLY}`], [ACTIONS]],
      [
        [`action/${WEEKLY}`, `backup/${FINISHED}`],
        [BACKUPS, ACTIONS],
      ],
    ])('reads the jobs %j with the calls %j', async (ids, calls) => {
      const jobs = await source.readJobs(ids, readCall());
      expect([...jobs.keys()]).toEqual(ids);
      for (const [id, job] of jobs) expect(job).toMatchObject({ nativeId: id });
      expect(server.paths().toSorted()).toEqual(calls);
    });

    it('reads a job the same way as the list does', async () => {
      const call = readCall();
      const { rows } = await source.listJobs(call);
      const jobs = await source.readJobs(
        rows.map(({ nativeId }) => nativeId),
        call,
      );
      expect([...jobs.values()]).toEqual(rows);
      expect(server.paths()).toHaveLength(3);
    });

    it('leaves out jobs that do not exist', async () => {
      expect(
        await source
          .readJobs(['backup/none', 'action/none', `backup/${FINISHED}`], readCall())
          .then((jobs) => [...jobs.keys()]),
      ).toEqual([`backup/${FINISHED}`]);
    });

    it('makes no call for ids that no job of the vendor has', async () => {
      const odd = [
        '',
        'tenant',
        'backup',
        'backup/',
        'backup/a/b',
        'other/a',
        'action/%',
        `Backup/${FINISHED}`,
        'action/..',
      ];
      expect((await source.readJobs(odd, readCall())).size).toBe(0);
      expect((await source.readRunsOfJobs(odd, {}, readCall())).size).toBe(0);
      expect(server.received).toEqual([]);
    });

    it('does not say that a job is missing when its list could not be read', async () => {
      server.route(UPLOADS, { status: 403, body: {} });
      server.route(ACTIONS, { status: 403, body: {} });
      const jobs = await source.readJobs([`backup/${FINISHED}`, 'backup/none', 'action/none'], readCall());
      expect(jobs.get(`backup/${FINISHED}`)).toMatchObject({ status: 'SUCCEEDED' });
      expect(jobs.get('backup/none')).toMatchObject({ code: 'PERMISSION' });
      expect(jobs.get('action/none')).toMatchObject({ code: 'PERMISSION' });
    });

    it('reads scheduled actions by id though the backups fail, and throws when all fails', async () => {
      server.route(BACKUPS, { status: 403, body: {} });
      const ids = [`action/${WEEKLY}`, `backup/${FINISHED}`];
      const jobs = await source.readJobs(ids, readCall());
      expect(jobs.get(`action/${WEEKLY}`)).toMatchObject({ kind: 'RECURRING' });
      expect(jobs.get(`backup/${FINISHED}`)).toMatchObject({ code: 'PERMISSION' });
      server.route(ACTIONS, { status: 403, body: {} });
      expect(await failure(source.readJobs(ids, readCall({ freshSince: Date.now() + 1 })))).toMatchObject({
        code: 'PERMISSION',
      });
    });
  });

  describe('runs', () => {
    it('lists backups and uploads in two calls', async () => {
      const { rows, problems } = await source.listRuns({ startedAfter: new Date() }, readCall());
      expect(problems).toEqual([]);
      expect(rows.map(({ nativeId, status }) => [nativeId, status])).toEqual([
        [FINISHED, 'SUCCEEDED'],
        [RUNNING, 'RUNNING'],
        [UPLOAD, 'SUCCEEDED'],
      ]);
      expect(server.paths().toSorted()).toEqual([BACKUPS, UPLOADS]);
    });

    it('reads runs by id, the uploads only for what the backups do not hold', async () => {
      expect([...(await source.readRuns([RUNNING, FINISHED], readCall())).keys()]).toEqual([RUNNING, FINISHED]);
      expect(server.paths()).toEqual([BACKUPS]);
      const runs = await source.readRuns([UPLOAD, 'none', 'a/b', '%'], readCall({ freshSince: Date.now() + 1 }));
      expect([...runs.keys()]).toEqual([UPLOAD]);
      expect(server.paths()).toEqual([BACKUPS, BACKUPS, UPLOADS]);
    });

    it('asks the uploads, too, for a record whose origin the backups do not tell', async () => {
      server.route(BACKUPS, { body: [{ jobId: UPLOAD, status: 'COMPLETE' }] });
      const [run] = (await source.readRuns([UPLOAD], readCall())).values();
      expect(run).toMatchObject({ trigger: 'UPLOADED' });
      expect(server.paths()).toEqual([BACKUPS, UPLOADS]);
      const jobs = await source.readJobs([`backup/${UPLOAD}`], readCall());
      expect(jobs.get(`backup/${UPLOAD}`)).toMatchObject({ protects: undefined });
    });

    it('throws for runs by id when the backups fail', async () => {
      server.route(BACKUPS, { status: 403, body: {} });
      expect(await failure(source.readRuns([FINISHED], readCall()))).toMatchObject({ code: 'PERMISSION' });
    });

    it('gives each record its one run, and a scheduled action none', async () => {
      const ids = [`backup/${FINISHED}`, `backup/${UPLOAD}`, `action/${WEEKLY}`, 'backup/none', 'action/none'];
      const runs = await source.readRunsOfJobs(ids, {}, readCall());
      expect([...runs.keys()]).toEqual(ids.slice(0, 3));
      expect(runs.get(`backup/${FINISHED}`)).toMatchObject({ rows: [{ nativeId: FINISHED }], problems: [] });
      expect(runs.get(`backup/${UPLOAD}`)).toMatchObject({ rows: [{ nativeId: UPLOAD, trigger: 'UPLOADED' }] });
      expect(runs.get(`action/${WEEKLY}`)).toEqual({ rows: [], problems: [] });
      expect(server.paths().toSorted()).toEqual([BACKUPS, UPLOADS, ACTIONS]);
    });

    it('has no log lines to read', async () => {
      expect(await source.readMessages([FINISHED, 'a/b'])).toEqual(new Map([[FINISHED, []]]));
      expect(server.received).toEqual([]);
    });
  });

  describe('one operation', () => {
    it.each([
      ['all answer', {}],
      ['uploads are missing', { [UPLOADS]: 404 }],
      ['uploads and scheduled actions are forbidden', { [UPLOADS]: 403, [ACTIONS]: 403 }],
    ])('calls each list once when %s', async (_, statuses: Record<string, number>) => {
      for (const [path, status] of Object.entries(statuses)) server.route(path, { status, body: {} });
      const call = readCall();
      const { rows } = await source.listJobs(call);
      const ids = rows.map(({ nativeId }) => nativeId);
      await source.readRunsOfJobs(ids, {}, call);
      await source.listRuns({}, call);
      await source.readRuns([FINISHED, UPLOAD], call);
      await source.readJobs([...ids, 'action/x', 'backup/x'], call);
      await source.listProtectedObjects(call);
      await source.readProtectedObjects(['tenant']);
      expect(server.paths().toSorted()).toEqual([BACKUPS, UPLOADS, ACTIONS]);
    });

    it('calls each list once for parallel reads', async () => {
      const call = readCall();
      await Promise.all([
        source.listJobs(call),
        source.listRuns({}, call),
        source.listJobs(call),
        source.listProtectedObjects(call),
      ]);
      expect(server.paths().toSorted()).toEqual([BACKUPS, UPLOADS, ACTIONS]);
      expect(server.logins()).toHaveLength(1);
    });

    it('asks a forbidden list again for a fresher answer', async () => {
      server.route(ACTIONS, { status: 403, body: {} });
      await source.listJobs(readCall());
      server.route(ACTIONS, { body: [] });
      expect(await source.listJobs(readCall({ freshSince: Date.now() + 1 }))).toMatchObject({ problems: [] });
    });
  });

  describe('protected objects', () => {
    it('has the tenant, and reads the vendor before saying so in a list', async () => {
      const tenant = { sourceKey: 'isc', nativeId: 'tenant', name: 'Acme tenant', kind: 'TENANT_CONFIGURATION' };
      expect(await source.readProtectedObjects(['tenant', 'other'])).toEqual(new Map([['tenant', tenant]]));
      expect(server.received).toEqual([]);
      expect(await source.listProtectedObjects(readCall())).toEqual({ rows: [tenant], problems: [] });
      expect(server.paths()).toEqual([BACKUPS]);
    });
  });

  describe('errors', () => {
    it('takes the number of the detail code and the tracking id, and nothing of the texts', async () => {
      server.route(BACKUPS, { status: 409, body: payload('specification-error-404').replace('404.1', '409.3') });
      const error = await failure(source.probe(readCall()));
      expect(error).toMatchObject({ code: 'CONFLICT', nativeCode: '409.3', httpStatus: 409 });
      expect(error.message).toContain('b21b1f7ce4da4d639f2c62a57171b427');
      expect(error.message).not.toMatch(/must not be shown|Some Words/);
    });

    it.each([
      ['a sentence', payload('specification-error-401')],
      ['markup', '<html>secret</html>'],
      ['odd types', { detailCode: ['409'], trackingId: { a: 1 }, error: 7 }],
      ['a tracking id that is none', { trackingId: 'see https://evil.example/?x' }],
      ['nothing', ''],
    ])('takes over nothing of a body with %s', async (_, body) => {
      server.route(BACKUPS, { status: 403, body });
      const error = await failure(source.probe(readCall()));
      expect(error).toMatchObject({ code: 'PERMISSION', nativeCode: undefined });
      expect(error.message).not.toMatch(/secret|evil|JWT|Tracking/);
    });

    it.each([
      [400, 'BAD_REQUEST'],
      [403, 'PERMISSION'],
      [404, 'BAD_REQUEST'],
      [500, 'VENDOR_FAULT'],
    ])('reads the documented error form of %i', async (status, code) => {
      const body = payload('specification-error-404').replace('404.1', `${status}.1`);
      server.route(BACKUPS, { status, body });
      const error = await failure(source.probe(readCall()));
      expect(error).toMatchObject({ code, nativeCode: `${status}.1`, httpStatus: status });
      expect(error.message).toContain('b21b1f7ce4da4d639f2c62a57171b427');
    });

    it('obeys Retry-After of 429 within the patience of the caller', async () => {
      let calls = 0;
      server.route(BACKUPS, () => {
        calls += 1;
        const throttled = { status: 429, headers: { 'retry-after': '1' }, body: payload('specification-error-429') };
        return calls === 1 ? throttled : { body: [] };
      });
      const began = Date.now();
      await source.probe(readCall());
      expect(Date.now() - began).toBeGreaterThanOrEqual(990);
      expect(calls).toBe(2);
    });

    it('says THROTTLED at once when the pause is longer than the caller waits', async () => {
      server.route(BACKUPS, {
        status: 429,
        headers: { 'retry-after': '60' },
        body: payload('specification-error-429'),
      });
      const error = await failure(source.probe(readCall()));
      expect(error).toMatchObject({ code: 'THROTTLED', httpStatus: 429, retryable: true });
      expect(error.retryAfter?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    });

    it('counts an answer that announces its end', async () => {
      server.route(BACKUPS, { headers: { 'x-deprecated': 'true' }, body: [] });
      await source.probe(readCall());
      expect(environment.drift.read().unknownValues).toEqual(['/backups=deprecated']);
    });
  });
});
