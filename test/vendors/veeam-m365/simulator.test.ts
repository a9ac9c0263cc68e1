import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/vendors/veeam-m365/simulator.ts';
import {
  VERSIONS,
  ask,
  begun,
  jobNamed,
  lab,
  list,
  rows,
  start,
  text,
  token,
  type Answer,
  type Lab,
} from './simulator-lab.ts';

describe('vendors/veeam-m365/simulator', () => {
  describe('login', () => {
    it.each(VERSIONS)('gives a token in %s and refuses wrong credentials as OAuth does', async (version) => {
      const simulator = await start(version);
      const good = await token(simulator);
      expect(good.status).toBe(200);
      expect(good.body).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
      const bad = await token(simulator, { password: 'wrong' });
      expect(bad.status).toBe(400);
      expect(Object.keys(bad.body)).toEqual(['error', 'error_description']);
    });

    it('ends a token on the simulation clock and gives a new pair for the refresh token, once', async () => {
      const client = await lab('v3');
      const first = (await token(client.simulator)).body;
      client.simulator.clock.advance(3600);
      const refused = await client.get('Jobs');
      expect([refused.status, refused.body]).toEqual([
        401,
        { message: 'Authorization has been denied for this request.' },
      ]);
      const refresh = { grant_type: 'refresh_token', refresh_token: text(first['refresh_token']) };
      const second = await token(client.simulator, refresh);
      expect(second.status).toBe(200);
      expect(second.body['refresh_token']).not.toBe(first['refresh_token']);
      expect((await token(client.simulator, refresh)).status).toBe(400);
    });

    it('wants a form up to v5 and reads JSON too from v6 on', async () => {
      expect([await loginByJson('v5'), await loginByJson('v6')]).toEqual([400, 200]);
    });

    it('refuses the antiforgery field up to v6 and wants its cookie back from v7 on when the field is left out', async () => {
      expect((await token(await start('v6'), { disable_antiforgery_token: 'true' })).status).toBe(400);
      const simulator = await start('v7');
      const answer = await token(simulator, { disable_antiforgery_token: 'false' });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
      const authorization = `Bearer ${answer.body['access_token']}`;
      expect((await ask(`${simulator.url}/v7/Jobs`, { headers: { authorization } })).status).toBe(400);
      expect((await ask(`${simulator.url}/v7/Jobs`, { headers: { authorization, cookie } })).status).toBe(200);
    });

    it('logs out from v7 on', async () => {
      const [six, seven, eight] = [await lab('v6'), await lab('v7'), await lab('v8')];
      const statuses = [];
      for (const client of [six, seven, eight]) statuses.push((await client.send('POST', 'token/logout')).status);
      expect(statuses).toEqual([404, 200, 204]);
      expect((await eight.get('Jobs')).status).toBe(401);
    });
  });

  describe('lists', () => {
    it.each(VERSIONS)('wraps jobs, sessions and log items as %s does', async (version) => {
      const { get } = await lab(version);
      const jobs = (await get('jobs')).body;
      const sessions = (await get('JOBSESSIONS')).body;
      expect(Array.isArray(jobs)).toBe(version !== 'v8');
      expect(Array.isArray(sessions)).toBe(version <= 'v4');
      const session = list(Array.isArray(sessions) ? sessions : sessions['results'])[0];
      const log = (await get(`JobSessions/${session?.['id']}/LogItems`)).body;
      expect(log).toMatchObject({ offset: 0, limit: 30, _links: { self: {} } });
      expect('totalCount' in log).toBe(version === 'v6' || version === 'v7');
      expect(log['results']?.[0]).toHaveProperty(version === 'v8' ? 'message' : 'title');
      expect(Array.isArray((await get('Organizations')).body)).toBe(true);
      expect(Array.isArray((await get('BackupRepositories')).body)).toBe(true);
    });

    it('pages with next links that stay on one list, 30 rows at a time unless asked', async () => {
      const client = await lab('v8', { jobs: 75 });
      const ids: unknown[] = [];
      let path: string | undefined = 'Jobs';
      let pages = 0;
      while (path !== undefined) {
        const { body }: Answer = await client.get(path);
        ids.push(...list(body['results']).map((job) => job['id']));
        const next = body['_links']?.['next']?.['href'];
        expect(next === undefined || /^\/v8\/jobs\?.*setId=/.test(text(next))).toBe(true);
        path = next && text(next).replace('/v8/', '');
        pages += 1;
      }
      expect([pages, new Set(ids).size]).toEqual([3, 75]);
      expect((await client.get('Jobs?limit=10001')).body['errorCode']).toBe('ParameterValidationFailure');
    });

    it('pages for ever under the fault for it', async () => {
      const client = await lab('v5', { jobs: 3 });
      client.simulator.fault({ kind: 'endless-paging' });
      const { body } = await client.get('JobSessions?limit=5&offset=5000');
      expect([list(body['results']).length, 'next' in (body['_links'] ?? {})]).toEqual([5, true]);
    });

    it('has as many jobs as asked, and starts and lists 5,000 of them without delay', async () => {
      expect(await rows(await lab('v3', { jobs: 0 }), 'Jobs')).toEqual([]);
      const startedAt = performance.now();
      const client = await lab('v3', { jobs: 5000 });
      expect(await rows(client, 'Jobs')).toHaveLength(5000);
      expect(performance.now() - startedAt).toBeLessThan(3000);
      expect((await rows(client, 'JobSessions')).length).toBeLessThanOrEqual(30_000);
    });

    it('narrows sessions by what the version knows', async () => {
      const all = await rows(await lab('v5'), 'JobSessions?status=Failed');
      expect(all.some((row) => text(row['status']) === 'Success')).toBe(true);
      const client = await lab('v8');
      const job = await jobNamed(client, 'Failed');
      const ofJob = await rows(client, `JobSessions?jobId=${job['id']}`);
      expect(ofJob.length).toBeGreaterThan(3);
      expect(new Set(ofJob.map((row) => row['jobId']))).toEqual(new Set([job['id']]));
      const good = await rows(client, 'JobSessions?status=Succeeded');
      expect(new Set(good.map((row) => row['status']))).toEqual(new Set(['Success']));
      expect((await client.get('JobSessions?status=Success')).status).toBe(400);
      const recent = await rows(client, 'JobSessions?endTimeLowerBound=2026-11-20T12:00:00Z');
      expect(recent.every((row) => Date.parse(text(row['endTime'])) >= Date.parse('2026-11-20T12:00:00Z'))).toBe(true);
      expect(recent.length).toBeGreaterThan(0);
    });

    it('lists sessions in an order that is not that of time', async () => {
      const times = (await rows(await lab('v5'), 'JobSessions')).map(begun);
      expect(times).not.toEqual(times.toSorted((a, b) => a - b));
      expect(times).not.toEqual(times.toSorted((a, b) => b - a));
    });
  });

  describe('errors', () => {
    const keys: Record<string, string[]> = {
      v6: ['message'],
      v7: ['message', 'errorCode'],
      v8: ['message', 'errorCode', 'stackTrace'],
    };
    it.each(Object.keys(keys))('answers an unknown id in the form of %s', async (version) => {
      const { get } = await lab(version);
      const missing = await get('Jobs/00000000-0000-4000-8000-000000000000');
      expect([missing.status, Object.keys(missing.body)]).toEqual([404, keys[version]]);
      expect((await get('Jobs/no-guid')).status).toBe(400);
    });

    it('serves one version only, tells it without a login, and nothing beyond', async () => {
      const simulator = await start('v7');
      const status = async (path: string): Promise<number> => (await ask(`${simulator.url}/${path}`)).status;
      expect(await status('v7/ServiceInstance')).toBe(401);
      expect(await status('v6/ServiceInstance')).toBe(404);
      expect(await status('v7/Proxies')).toBe(404);
      expect(await status('v7/Jobs')).toBe(401);
      await expect(startSimulator({ variant: { apiVersion: 'v9' } })).rejects.toThrow('apiVersion');
    });

    it('has its own form of 401 and 429 for the faults', async () => {
      const client = await lab('v8');
      client.simulator.fault({ kind: 'unauthorized', times: 1 });
      expect(Object.keys((await client.get('Jobs')).body)).toEqual(keys['v8']);
      client.simulator.fault({ kind: 'throttle', times: 1, retryAfterSeconds: 7 });
      const throttled = await client.get('Jobs');
      expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7']);
    });

    it('no longer serves what a version dropped', async () => {
      const [five, seven, eight] = [await lab('v5'), await lab('v7'), await lab('v8')];
      expect((await five.get(`Jobs/${await firstJob(five)}/JobSessions`)).status).toBe(200);
      expect((await seven.get(`Jobs/${await firstJob(seven)}/JobSessions`)).status).toBe(404);
      expect((await seven.send('POST', `Jobs/${await firstJob(seven)}/Action`, { start: null })).status).toBe(404);
      expect((await five.send('POST', `Jobs/${await firstJob(five)}/start`, {})).status).toBe(404);
      const organization = (await rows(eight, 'Organizations'))[0]?.['id'];
      expect((await eight.get(`Organizations/${organization}/Jobs`)).status).toBe(404);
    });
  });
});

/** Logs in with a JSON body. */
async function loginByJson(version: string): Promise<number> {
  const simulator = await start(version);
  const body = JSON.stringify({ grant_type: 'password', ...simulator.credentials });
  const headers = { 'content-type': 'application/json' };
  return (await ask(`${simulator.url}/${version}/token`, { method: 'POST', body, headers })).status;
}

async function firstJob(client: Lab): Promise<string> {
  return text((await rows(client, 'Jobs'))[0]?.['id']);
}
