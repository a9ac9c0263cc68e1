import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/vendors/sailpoint/simulator.ts';
import { HUB, StillClock, ask, bearer, fieldsOf, formOf, lab, login, start, type Row } from './simulator-lab.ts';

const PREFIXES = [HUB, '/v2024/configuration-hub', '/v2025/configuration-hub', '/v2026/configuration-hub'];

describe('vendors/sailpoint/simulator', () => {
  describe('login', () => {
    it('reads the credentials from a form, a multipart form or the query', async () => {
      const simulator = await start();
      const fields = fieldsOf(simulator);
      const url = `${simulator.url}/oauth/token`;
      const answers = [
        await login(simulator),
        await ask(url, { method: 'POST', body: formOf(fields) }),
        await ask(`${url}?${new URLSearchParams(fields)}`, { method: 'POST' }),
      ];
      for (const { status, body } of answers) {
        expect(status).toBe(200);
        expect(body).toMatchObject({
          access_token: expect.stringMatching(/^eyJ/),
          token_type: 'bearer',
          expires_in: 719,
        });
        expect(body).not.toHaveProperty('refresh_token');
      }
      expect(new Set(answers.map(({ body }) => (body as Row)['access_token'])).size).toBe(3);
    });

    it.each([
      [{ client_secret: 'wrong' }, 401, 'invalid_client'],
      [{ client_id: 'nobody' }, 401, 'invalid_client'],
      [{ client_id: 'constructor' }, 401, 'invalid_client'],
      [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ] as const)('refuses %o as OAuth does', async (change, status, error) => {
      const answer = await login(await start(), change);
      expect([answer.status, answer.body]).toEqual([status, { error, error_description: expect.any(String) }]);
    });

    it('ends a token after its time on the simulation clock', async () => {
      const { clock, get } = await lab();
      clock.advance(718);
      expect((await get(`${HUB}/backups`)).status).toBe(200);
      clock.advance(1);
      const answer = await get(`${HUB}/backups`);
      expect([answer.status, answer.body]).toEqual([401, { error: expect.stringContaining('expired') }]);
    });

    it('wants the scheme Bearer and a token that it gave', async () => {
      const simulator = await start();
      const { authorization } = bearer(await login(simulator));
      const tries = [undefined, 'Bearer', 'Bearer x', authorization.replace('Bearer', 'Basic')];
      const statuses = [];
      for (const one of tries) {
        const headers: Record<string, string> = one === undefined ? {} : { authorization: one };
        statuses.push((await ask(`${simulator.url}${HUB}/backups`, { headers })).status);
      }
      expect(statuses).toEqual([401, 401, 401, 401]);
    });

    it('tells the tenant without a token', async () => {
      const { url } = await start();
      expect((await ask(`${url}/oauth/info`)).body).toMatchObject({ tenantName: 'acme-lab', pod: 'lab01' });
    });

    it('lets a client do what its scopes reach and refuses the rest with 403', async () => {
      const reader = await lab({}, { client_id: 'reader-0000-4000-8000-000000000001' });
      const [record] = await reader.rows('/backups');
      const answers = [
        await reader.get(`${HUB}/backups/uploads`),
        await reader.send('DELETE', `${HUB}/backups/${String(record?.['jobId'])}`),
        await reader.get(`${HUB}/scheduled-actions`),
        await (await lab({}, { client_id: 'default-0000-4000-8000-000000000002' })).get(`${HUB}/backups`),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
      expect(answers[1]?.body).toMatchObject({ detailCode: expect.stringMatching(/^403/), messages: [{}] });
    });
  });

  describe('paths and errors', () => {
    it('serves the same under every prefix, and only the uploads under v3', async () => {
      const { get } = await lab();
      const lists = await Promise.all(PREFIXES.map(async (prefix) => (await get(`${prefix}/backups`)).text));
      expect(new Set(lists).size).toBe(1);
      const others = [
        '/v3/configuration-hub/backups/uploads',
        '/v3/configuration-hub/backups',
        '/v2023/configuration-hub/backups',
      ];
      const statuses = await Promise.all(others.map(async (path) => (await get(path)).status));
      expect(statuses).toEqual([200, 404, 404]);
      expect((await get('/configuration-hub/v2/backups')).status).toBe(404);
    });

    it('announces the end of the old styles', async () => {
      const { get } = await lab();
      const marks = await Promise.all(
        PREFIXES.map(async (prefix) => (await get(`${prefix}/backups`)).headers.get('x-deprecated')),
      );
      expect(marks).toEqual([null, 'true', null, null]);
    });

    it.each([
      ['GET', '/backups/7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410'],
      ['POST', '/backups'],
      ['GET', '/scheduled-actions/7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410'],
      ['POST', '/backups/7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410/cancel'],
      ['GET', '/backups/%E0%A4%A'],
      ['GET', '/'],
    ])('does not have %s %s', async (method, path) => {
      const answer = await (await lab()).send(method, `${HUB}${path}`);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({
        detailCode: expect.stringMatching(/^404\b/),
        trackingId: expect.stringMatching(/^[0-9a-f]{32}$/),
        messages: [expect.objectContaining({ text: expect.any(String) })],
        causes: [],
      });
    });

    it('carries a locale or none in its messages', async () => {
      const { get } = await lab();
      const locales = new Set<unknown>();
      for (let count = 0; count < 20; count += 1) {
        const { messages } = (await get(`${HUB}/none`)).body as { messages: Row[] };
        locales.add(messages[0]?.['locale']);
      }
      expect(locales).toEqual(new Set([null, 'en-US']));
    });

    it('lets 100 calls in 10 seconds pass for each client and version', async () => {
      const { get, clock } = await lab();
      for (let count = 0; count < 100; count += 1) await get(`${HUB}/deploys`);
      clock.advance(4);
      const refused = await get(`${HUB}/deploys`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '6']);
      expect(refused.body).toEqual({ message: expect.stringMatching(/^\s.*\s$/) });
      expect((await get('/v2024/configuration-hub/deploys')).status).toBe(200);
      clock.advance(6);
      expect((await get(`${HUB}/deploys`)).status).toBe(200);
    });

    it('counts no calls when told so', async () => {
      const { get } = await lab({ variant: { rateLimit: 'no' } });
      const statuses = new Set<number>();
      for (let count = 0; count < 120; count += 1) statuses.add((await get(`${HUB}/deploys`)).status);
      expect(statuses).toEqual(new Set([200]));
    });

    it('gives its own 401 and 429 as faults', async () => {
      const { simulator, get } = await lab();
      simulator.fault({ kind: 'unauthorized', times: 1 });
      expect((await get(`${HUB}/backups`)).body).toEqual({ error: expect.any(String) });
      simulator.fault({ kind: 'throttle', retryAfterSeconds: 30, times: 1 });
      const { status, headers } = await get(`${HUB}/backups`);
      expect([status, headers.get('retry-after')]).toEqual([429, '30']);
    });

    it('refuses variants that it does not have', async () => {
      await expect(startSimulator({ variant: { cron: 'eight' } })).rejects.toThrow(TypeError);
      await expect(startSimulator({ variant: { rateLimit: '' } })).rejects.toThrow(TypeError);
    });
  });

  describe('reading', () => {
    it('has records in every status and of every origin', async () => {
      const { rows } = await lab();
      const all = [...(await rows('/backups')), ...(await rows('/backups/uploads'))];
      const seen = (name: string): unknown[] => [...new Set(all.map((row) => row[name]))].toSorted();
      expect(seen('status')).toEqual(['CANCELLED', 'COMPLETE', 'FAILED', 'IN_PROGRESS', 'NOT_STARTED']);
      expect(seen('backupType')).toEqual(['AUTOMATED', 'AUTOMATED_DRAFT', 'MANUAL', 'UPLOADED']);
      expect(new Set(all.map(({ jobId }) => jobId)).size).toBe(12);
    });

    it('lists uploads apart, some of them in both lists', async () => {
      const { rows, get } = await lab();
      const plain = new Set((await rows('/backups')).map(({ jobId }) => jobId));
      const uploads = await rows('/backups/uploads');
      expect(new Set(uploads.map(({ jobId }) => plain.has(jobId)))).toEqual(new Set([true, false]));
      for (const upload of uploads) {
        expect(upload).not.toHaveProperty('options');
        expect(upload).not.toHaveProperty('cloudStorageStatus');
        expect((await get(`${HUB}/backups/uploads/${String(upload['jobId'])}`)).body).toEqual(upload);
      }
      const other = [...plain].find((jobId) => !uploads.some((upload) => upload['jobId'] === jobId));
      expect((await get(`${HUB}/backups/uploads/${String(other)}`)).status).toBe(404);
    });

    it('leaves members out or writes null, varies fraction digits, and has arrays for objects', async () => {
      const all = await (await lab({ jobs: 300 })).rows('/backups');
      const forms = (name: string): ReadonlySet<string> =>
        new Set(all.map((row) => (name in row ? (row[name] === null ? 'null' : 'value') : 'missing')));
      for (const name of ['fileExists', 'userCanDelete', 'isPartial', 'type', 'tenant', 'name'])
        expect([name, forms(name)]).toEqual([name, new Set(['value', 'missing'])]);
      for (const name of ['options', 'requesterName']) expect([name, forms(name).has('null')]).toEqual([name, true]);
      for (const name of ['status', 'totalObjectCount'])
        expect([name, forms(name)]).toEqual([name, new Set(['value', 'missing', 'null'])]);
      const digits = new Set(all.map(({ created }) => (/\.(\d+)Z$/.exec(String(created))?.[1] ?? '').length));
      expect([...digits].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
      const shapes = new Set(
        all.flatMap(({ options }) => {
          const one = (options as Row | null | undefined)?.['objectOptions'];
          return one === undefined ? [] : Array.isArray(one);
        }),
      );
      expect(shapes).toEqual(new Set([true, false]));
    });

    it('completes what has ended, and is often modified minutes later', async () => {
      const all = await (await lab({ jobs: 100 })).rows('/backups');
      for (const { status, created, modified, completed } of all) {
        const isEnded = !['NOT_STARTED', 'IN_PROGRESS'].includes(String(status));
        expect(typeof completed === 'string').toBe(isEnded);
        if (!isEnded) continue;
        expect(Date.parse(String(completed))).toBeGreaterThan(Date.parse(String(created)));
        expect(Date.parse(String(modified))).toBeGreaterThanOrEqual(Date.parse(String(completed)));
      }
      const later = all.filter(
        (row) => Date.parse(String(row['modified'])) - Date.parse(String(row['completed'])) > 60_000,
      );
      expect(later.length).toBeGreaterThan(20);
    });

    it('has two nights in a row that failed', async () => {
      const nights = (await (await lab()).rows('/backups'))
        .filter(({ name }) => name === 'nightly roles')
        .toSorted((a, b) => String(b['created']).localeCompare(String(a['created'])));
      expect(nights.map(({ status, created }) => [status, String(created).slice(0, 16)])).toEqual([
        ['FAILED', '2026-11-18T01:30'],
        ['FAILED', '2026-11-17T01:30'],
        ['COMPLETE', '2026-11-16T01:30'],
      ]);
    });

    it('filters by status, and refuses other filters', async () => {
      const { get, rows } = await lab();
      const filtered = async (filters: string, path = '/backups'): Promise<readonly unknown[]> => {
        const { status, body } = await get(`${HUB}${path}?filters=${encodeURIComponent(filters)}`);
        return status === 200 ? (body as Row[]).map((row) => row['status']) : [status];
      };
      expect(await filtered('status eq "FAILED"')).toEqual(['FAILED', 'FAILED']);
      expect(await filtered('status eq "NONE"')).toEqual([]);
      expect(await filtered('status eq "COMPLETE"', '/backups/uploads')).toEqual(['COMPLETE', 'COMPLETE']);
      for (const filters of ['status eq COMPLETE', 'status EQ "COMPLETE"', 'status ne "COMPLETE"', 'name eq "x"', ''])
        expect(await filtered(filters)).toEqual([400]);
      expect(await filtered('approvalStatus eq "DENIED"')).toEqual([400]);
      expect(await filtered('approvalStatus eq "DENIED"', '/drafts')).toEqual(['FAILED']);
      expect(await rows('/drafts')).toHaveLength(4);
    });

    it('wraps deploys in items, and nothing else', async () => {
      const { get } = await lab();
      const deploys = (await get(`${HUB}/deploys`)).body as { items: Row[] };
      expect(deploys.items).toHaveLength(2);
      const [first] = deploys.items;
      expect((await get(`${HUB}/deploys/${String(first?.['jobId'])}`)).body).toEqual(first);
      for (const path of ['/backups', '/backups/uploads', '/scheduled-actions', '/drafts'])
        expect(Array.isArray((await get(`${HUB}${path}`)).body)).toBe(true);
    });

    it('has scheduled actions of all kinds, with a cron, once, with both, and with neither', async () => {
      const actions = await (await lab()).rows('/scheduled-actions');
      expect(new Set(actions.map(({ jobType }) => jobType))).toEqual(
        new Set(['BACKUP', 'CREATE_DRAFT', 'CONFIG_DEPLOY_DRAFT']),
      );
      const kinds = new Set(actions.map((row) => `${'cronString' in row}${'startTime' in row}`));
      expect(kinds.size).toBe(4);
      expect(new Set(actions.map((row) => 'timeZoneId' in row)).size).toBe(2);
      const once = actions.filter((row) => !('cronString' in row) && 'startTime' in row);
      expect(once.every((row) => String(row['startTime']) > '2026-11-18T20')).toBe(true);
    });

    it.each([
      ['five', /^\d+ \d+ \* \* \S+$/],
      ['six', /^0 \d+ \d+ \* \* \S+$/],
      ['seven', /^0 \d+ \d+ \* \* \S+ \*$/],
      ['quartz', /^0 \d+ \d+ (\? \* \S+|\* \* \?)$/],
    ])('writes cron texts in the style %s', async (cron, form) => {
      const actions = await (await lab({ variant: { cron } })).rows('/scheduled-actions');
      const texts = actions.flatMap((row) => (row['cronString'] as string | undefined) ?? []);
      expect(texts.length).toBeGreaterThan(4);
      expect(texts.filter((text) => !form.test(text))).toEqual([]);
    });

    it('mixes the styles of cron texts unless told otherwise', async () => {
      const actions = await (await lab()).rows('/scheduled-actions');
      const counts = actions.flatMap((row) => (row['cronString'] as string | undefined)?.split(' ').length ?? []);
      expect([...new Set(counts)].toSorted()).toEqual([5, 6, 7]);
      expect(actions.some((row) => String(row['cronString']).includes('?'))).toBe(true);
    });
  });

  it('gives equal answers for equal options and clocks, and others for another seed', async () => {
    const [one, same, other] = [await tell(5), await tell(5), await tell(6)];
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it.each([0, 1, 2, 5, 12, 5000])('starts with %i records, fast', async (jobs) => {
    const before = performance.now();
    const { rows } = await lab({ jobs });
    const all = [...(await rows('/backups')), ...(await rows('/backups/uploads'))];
    expect(new Set(all.map(({ jobId }) => jobId)).size).toBe(jobs);
    expect((await rows('/scheduled-actions')).length > 0).toBe(jobs > 0);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

async function tell(seed: number): Promise<string> {
  const { get, wait } = await lab({ seed, jobs: 60, clock: new StillClock() });
  const before = (await get(`${HUB}/backups`)).text + (await get(`${HUB}/scheduled-actions`)).text;
  await wait(40 * 3600);
  return before + (await get(`${HUB}/backups`)).text;
}
