import { describe, expect, it } from 'vitest';
import {
  BACKUP,
  EVENING,
  FORMS,
  WITH_DETAILS,
  ask,
  basic,
  codeOf,
  lab,
  login,
  mapOf,
  start,
  tokenOf,
  unwrap,
  type Row,
  type Style,
} from './simulator-lab.ts';

describe('vendors/vcenter/simulator', () => {
  describe('sessions', () => {
    it('gives a wrapped token in /rest and a bare one in /api, each good for the other', async () => {
      const simulator = await start('8.0');
      const [rest, api] = [await login(simulator, 'rest'), await login(simulator, 'api')];
      expect([rest.status, api.status]).toEqual([200, 201]);
      expect(rest.body).toEqual({ value: expect.stringMatching(/^[0-9a-z]+$/) });
      expect(api.text).toMatch(/^"[0-9a-z]+"$/);
      const headers = { 'vmware-api-session-id': tokenOf(rest, 'rest') };
      expect((await ask(`${simulator.url}/api/appliance/recovery`, { headers })).body).toEqual({ supported: true });
      const cookie = `other=1; vmware-api-session-id=${tokenOf(api, 'api')}`;
      const answer = await ask(`${simulator.url}/rest/appliance/recovery`, { headers: { cookie } });
      expect(answer.body).toEqual({ value: { supported: true } });
    });

    it.each([{ password: 'wrong' }, { username: 'nobody' }])('refuses %o', async (change) => {
      const simulator = await start('8.0');
      const [rest, api] = [await login(simulator, 'rest', change), await login(simulator, 'api', change)];
      expect([rest.status, api.status]).toEqual([401, 401]);
      expect(rest.body).toMatchObject({ type: 'com.vmware.vapi.std.errors.unauthenticated' });
      expect(api.body).toMatchObject({ error_type: 'UNAUTHENTICATED', messages: [{}] });
    });

    it('refuses a login by another scheme, and calls by HTTP Basic', async () => {
      const simulator = await start('8.0');
      const authorization = basic(simulator).authorization.replace('Basic', 'Bearer');
      const session = { method: 'POST', headers: { authorization } };
      expect((await ask(`${simulator.url}/api/session`, session)).status).toBe(401);
      expect((await ask(`${simulator.url}/api${BACKUP}/job`, { headers: basic(simulator) })).status).toBe(401);
    });

    it('tells where /api exists: 401 there, 404 before', async () => {
      expect(await Promise.all(['6.5', '6.7', '7.0', '8.0', '9.1'].map(probe))).toEqual([404, 404, 401, 401, 401]);
    });

    it('shows and ends a session in both styles', async () => {
      const [rest, api] = [await lab('8.0', 'rest'), await lab('8.0', 'api')];
      const path = '/com/vmware/cis/session';
      const view = { user: 'svc-backup@vsphere.local', created_time: EVENING, last_accessed_time: EVENING };
      expect((await rest.send('POST', `${path}?~action=get`)).body).toEqual({ value: view });
      expect((await api.get('/session')).body).toEqual(view);
      const ends = [await rest.send('DELETE', path), await api.send('DELETE', '/session')];
      expect(ends.map(({ status, text }) => [status, text])).toEqual([
        [200, ''],
        [204, ''],
      ]);
      expect([(await rest.get(`${BACKUP}/job`)).status, (await api.get(`${BACKUP}/job`)).status]).toEqual([401, 401]);
    });

    it('ends a session that lies idle on the simulation clock, and only then', async () => {
      const { clock, get } = await lab('8.0', 'api');
      for (let call = 0; call < 3; call += 1) {
        clock.advance(299);
        expect((await get(`${BACKUP}/job`)).status).toBe(200);
      }
      clock.advance(300);
      expect(codeOf(await get(`${BACKUP}/job`))).toBe('UNAUTHENTICATED');
    });

    it('holds a bounded number of sessions open', async () => {
      const simulator = await start('7.0');
      for (let count = 0; count < 500; count += 1) await login(simulator, 'api');
      expect([(await login(simulator, 'api')).status, codeOf(await login(simulator, 'api'))]).toEqual([
        503,
        'SERVICE_UNAVAILABLE',
      ]);
      simulator.clock.advance(300);
      expect((await login(simulator, 'api')).status).toBe(201);
    });

    it('lets an account in that may not use the appliance', async () => {
      const simulator = await start('8.0');
      const answer = await login(simulator, 'api', { username: 'observer@vsphere.local' });
      const headers = { 'vmware-api-session-id': tokenOf(answer, 'api') };
      const refused = await ask(`${simulator.url}/api${BACKUP}/job`, { headers });
      expect([answer.status, refused.status, codeOf(refused)]).toEqual([201, 403, 'UNAUTHORIZED']);
    });
  });

  describe('reading', () => {
    it.each(FORMS)('lists ids and tells each job with the six members in %s %s', async (release, style) => {
      const { value } = await lab(release, style);
      const ids = (await value(`${BACKUP}/job`)) as string[];
      expect(ids).toHaveLength(12);
      expect(ids.every((id) => /^\d+-\d{6}-\d+$/.test(id))).toBe(true);
      expect(ids.filter((id) => /^\d{9}-/.test(id))).toHaveLength(1);
      const jobs = await Promise.all(ids.map(async (id) => (await value(`${BACKUP}/job/${id}`)) as Row));
      expect(new Set(jobs.map(({ state }) => state))).toEqual(new Set(['NONE', 'INPROGRESS', 'SUCCEEDED', 'FAILED']));
      for (const job of jobs) {
        const { id, state, messages, progress, start_time: startTime, end_time: endTime, ...others } = job;
        expect([others, ids.includes(String(id)), Array.isArray(messages)]).toEqual([{}, true, true]);
        expect(Number.isInteger(progress)).toBe(true);
        expect(startTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(typeof endTime === 'string').toBe(state === 'SUCCEEDED' || state === 'FAILED');
      }
    });

    it('lists jobs newest first in 6.7, oldest first in 7.0, in no order in 8.0', async () => {
      const [old, seven, eight] = [await starts('6.7'), await starts('7.0'), await starts('8.0')];
      expect(old).toEqual(old.toSorted().toReversed());
      expect(seven).toEqual(seven.toSorted());
      expect([eight.toSorted(), eight.toSorted().toReversed()]).not.toContainEqual(eight);
    });

    it.each(WITH_DETAILS)('tells details in %s %s, with what belongs to each status', async (release, style) => {
      const { details } = await lab(release, style, { jobs: 30 });
      const rows = [...(await details()).values()];
      expect(rows).toHaveLength(30);
      const count = (status: string): number => rows.filter((row) => row['status'] === status).length;
      expect(['PENDING', 'RUNNING', 'BLOCKED'].map(count)).toEqual([1, 1, 1]);
      expect([count('SUCCEEDED') > 3, count('FAILED') > 3]).toEqual([true, true]);
      for (const row of rows) {
        const has = (name: string): boolean => (row[name] ?? undefined) !== undefined;
        expect(row).not.toHaveProperty('id');
        const began = !['PENDING', 'BLOCKED'].includes(String(row['status']));
        expect(['duration', 'size', 'progress'].map(has)).toEqual([began, began, began]);
        expect(has('start_time')).toBe(row['status'] !== 'PENDING');
        expect(has('end_time')).toBe(['SUCCEEDED', 'FAILED'].includes(String(row['status'])));
      }
    });

    it('shows fast_backup from 8.0 on, errors as text or object, and null only in 9.1 /api', async () => {
      const told: Record<string, readonly unknown[]> = {};
      for (const [release, style] of WITH_DETAILS) {
        const rows = [...(await (await lab(release, style)).details()).values()];
        const error = rows.map((row) => row['error'] ?? undefined).find((one) => one !== undefined);
        const fast = rows.some((row) => typeof row['fast_backup'] === 'boolean');
        told[`${release} ${style}`] = [fast, typeof error, rows.some((row) => Object.values(row).includes(null))];
      }
      expect(told).toEqual({
        '6.7 rest': [false, 'object', false],
        '7.0 rest': [false, 'string', false],
        '7.0 api': [false, 'string', false],
        '8.0 rest': [true, 'string', false],
        '8.0 api': [true, 'string', false],
        '9.1 rest': [true, 'object', false],
        '9.1 api': [true, 'object', true],
      });
    });

    it('writes message parameters as pairs in /rest and as an object in /api', async () => {
      expect(await params('rest')).toContainEqual({ key: 'needed', value: { s: '18432' } });
      expect(await params('api')).toMatchObject({ needed: { s: '18432' } });
    });

    it('filters details by the names of the style and refuses the names of the other', async () => {
      expect(await wanted('6.7', 'rest', numbered)).toBe(true);
      expect(await wanted('7.0', 'rest', dotted)).toBe(true);
      expect(await wanted('8.0', 'api', plain)).toBe(true);
      expect(await wanted('6.7', 'rest', plain)).toBe('com.vmware.vapi.std.errors.unexpected_input');
      expect(await wanted('8.0', 'api', dotted)).toBe('UNEXPECTED_INPUT');
    });

    it('has two nights in a row that failed, a job stuck at 0 of 0, and credentials in a location', async () => {
      const rows = [...(await (await lab('8.0', 'api')).details()).values()];
      const nights = rows
        .filter(({ type, status }) => type === 'SCHEDULED' && status !== 'PENDING')
        .toSorted((a, b) => String(b['start_time']).localeCompare(String(a['start_time'])));
      expect(nights.slice(0, 3).map(({ status }) => status)).toEqual(['FAILED', 'FAILED', 'SUCCEEDED']);
      expect(nights[0]?.['start_time']).toBe('2026-11-18T02:15:03.420Z');
      expect(rows.some(({ progress }) => (progress as Row | undefined)?.['total'] === 0)).toBe(true);
      expect(rows.some(({ location }) => /:\/\/[^/]+:[^/]+@/.test(String(location)))).toBe(true);
    });

    it('writes maps as pairs in /rest and as objects in /api, empty ones too', async () => {
      for (const [style, empty] of [
        ['rest', '{"value":[]}'],
        ['api', '{}'],
      ] as const) {
        const { get, send } = await lab('8.0', style, { jobs: 0 });
        expect((await get(`${BACKUP}/job/details`)).text).toBe(empty);
        expect((await send('DELETE', `${BACKUP}/schedules/default`)).text).toBe('');
        expect((await get(`${BACKUP}/schedules`)).text).toBe(empty);
      }
    });

    it('tells time zone, parts and their sizes', async () => {
      const [rest, api] = [await lab('7.0', 'rest'), await lab('8.0', 'api')];
      expect((await rest.get('/appliance/system/time/timezone')).text).toBe('{"value":"Europe/Berlin"}');
      expect((await api.get('/appliance/system/time/timezone')).text).toBe('"Europe/Berlin"');
      const parts = (await api.value(`${BACKUP}/parts`)) as Row[];
      expect(parts.map(({ id, optional }) => [id, optional])).toEqual([
        ['common', false],
        ['seat', true],
        ['supervisors', true],
      ]);
      expect(await rest.value(`${BACKUP}/parts`)).toHaveLength(2);
      expect(Number((await api.get(`${BACKUP}/parts/seat`)).text)).toBeGreaterThan(100);
      expect((await api.get(`${BACKUP}/parts/none`)).status).toBe(404);
    });

    it('lacks details, schedules and archives in 6.5', async () => {
      const { get } = await lab('6.5', 'rest');
      const paths = ['/job/details', '/schedules', '/schedules/default', '/system-name?loc_spec.location=ftp://x'];
      const statuses = await Promise.all(paths.map(async (path) => (await get(`${BACKUP}${path}`)).status));
      expect(statuses).toEqual([404, 404, 404, 404]);
    });

    it('finds systems and archives in the store of the schedule, as many as it keeps', async () => {
      const location = 'sftp://nas-1.lab.test/vc/B%C3%BCro';
      const [rest, api] = [await lab('8.0', 'rest', { jobs: 60 }), await lab('8.0', 'api', { jobs: 60 })];
      const query = `loc_spec.location=${encodeURIComponent(location)}`;
      expect(await rest.value(`${BACKUP}/system-name?${query}`)).toEqual(['vc-hq.lab.test']);
      const systems = await api.send('POST', `${BACKUP}/system-name?action=list`, { location });
      expect(systems.body).toEqual(['vc-hq.lab.test']);
      const path = `${BACKUP}/system-name/vc-hq.lab.test/archives`;
      const wanted = { loc_spec: { location }, filter_spec: { max_results: 4 } };
      const archives = (await api.send('POST', `${path}?action=list`, wanted)).body as Row[];
      expect(archives).toHaveLength(4);
      expect(await rest.value(`${path}?${query}`)).toHaveLength(9);
      expect(await rest.value(`${path}?${query}&filter_spec.max_results=4`)).toEqual(archives);
      const name = String(archives[0]?.['archive']);
      const one = (await api.send('POST', `${path}/${name}?action=get`, { location })).body as Row;
      expect(one).toMatchObject({ system_name: 'vc-hq.lab.test', parts: ['common', 'seat'] });
      expect(await rest.value(`${path}/${name}?spec.location=${encodeURIComponent(location)}`)).toEqual(one);
    });
  });

  describe('errors', () => {
    it('has no error_type before 7.0 and wraps the body in /rest', async () => {
      const messages = [{ id: expect.any(String), default_message: 'Job none was not found.', args: [] }];
      const type = 'com.vmware.vapi.std.errors.not_found';
      expect(await missing('6.7', 'rest')).toEqual([404, { type, value: { messages } }]);
      expect(await missing('8.0', 'rest')).toEqual([404, { type, value: { error_type: 'NOT_FOUND', messages } }]);
      expect(await missing('8.0', 'api')).toEqual([404, { error_type: 'NOT_FOUND', messages }]);
    });

    it('tells a wrong path and a wrong verb apart', async () => {
      const { get, send, simulator } = await lab('8.0', 'api');
      const path = await get('/appliance/recovery/backups');
      expect(path.status).toBe(404);
      expect(path.body).toMatchObject({ messages: [{ id: 'com.vmware.vapi.rest.httpNotFound' }] });
      expect(codeOf(await send('POST', `${BACKUP}/job/x`))).toBe('OPERATION_NOT_FOUND');
      expect((await ask(`${simulator.url}/elsewhere`)).status).toBe(404);
    });

    it('answers the general error with 500 in /api and 400 in the later /rest', async () => {
      expect([await broken('6.7', 'rest'), await broken('8.0', 'rest'), await broken('8.0', 'api')]).toEqual([
        500, 400, 500,
      ]);
    });

    it('gives its own 401 and the 429 of a proxy as faults', async () => {
      const { simulator, get } = await lab('8.0', 'api');
      simulator.fault({ kind: 'unauthorized', times: 1 });
      expect(codeOf(await get(`${BACKUP}/job`))).toBe('UNAUTHENTICATED');
      simulator.fault({ kind: 'throttle', retryAfterSeconds: 7, times: 1 });
      expect((await get(`${BACKUP}/job`)).status).toBe(429);
      expect((await get(`${BACKUP}/job`)).status).toBe(200);
    });
  });
});

async function probe(release: string): Promise<number> {
  return (await ask(`${(await start(release)).url}/api/session`)).status;
}

async function starts(release: string): Promise<string[]> {
  const { value, details } = await lab(release, 'rest');
  const rows = await details();
  const ids = (await value(`${BACKUP}/job`)) as string[];
  return ids.flatMap((id) => (rows.get(id)?.['start_time'] as string | undefined) ?? []);
}

async function params(style: Style): Promise<unknown> {
  const rows = [...(await (await lab('8.0', style, { jobs: 60 })).details()).values()];
  return rows
    .flatMap(({ messages }) => (messages as Row[]).map((one) => one['params']))
    .find((one) => one !== undefined);
}

async function wanted(release: string, style: Style, query: (ids: readonly string[]) => string): Promise<unknown> {
  const { value, get } = await lab(release, style);
  const [one = '', two = ''] = (await value(`${BACKUP}/job`)) as string[];
  const answer = await get(`${BACKUP}/job/details?${query([one, two, 'none'])}`);
  if (answer.status !== 200) return codeOf(answer);
  return [...mapOf(unwrap(answer.body, style), style).keys()].toString() === `${one},${two}`;
}

function numbered(ids: readonly string[]): string {
  return ids.map((id, index) => `filter.jobs.${index + 1}=${id}`).join('&');
}

function dotted(ids: readonly string[]): string {
  return ids.map((id) => `filter.jobs=${id}`).join('&');
}

function plain(ids: readonly string[]): string {
  return ids.map((id) => `jobs=${id}`).join('&');
}

async function missing(release: string, style: Style): Promise<unknown> {
  const answer = await (await lab(release, style)).get(`${BACKUP}/job/none`);
  return [answer.status, answer.body];
}

async function broken(release: string, style: Style): Promise<number> {
  const { get, send } = await lab(release, style);
  const location = 'ftp://store.invalid/vc';
  if (style === 'api') return (await send('POST', `${BACKUP}/system-name?action=list`, { location })).status;
  return (await get(`${BACKUP}/system-name?loc_spec.location=${location}`)).status;
}
