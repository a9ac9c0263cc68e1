import { describe, expect, it } from 'vitest';
import {
  BACKUP,
  FORMS,
  WITH_DETAILS,
  codeOf,
  lab,
  mapOf,
  order,
  type Lab,
  type Row,
  type Style,
} from './simulator-lab.ts';

describe('vendors/vcenter/simulator, writes', () => {
  it.each(FORMS)('starts a backup in %s %s and refuses a second one', async (release, style) => {
    const { send, value, untilIdle } = await idle(release, style);
    const created = await send('POST', `${BACKUP}/job`, order(style));
    expect(created.status).toBe(style === 'rest' ? 200 : 201);
    const job = (style === 'rest' ? (created.body as Row)['value'] : created.body) as Row;
    expect(job).toMatchObject({ state: 'INPROGRESS', messages: [], progress: 0 });
    const again = await send('POST', `${BACKUP}/job`, order(style, { location: 'ftp://store.lab.test/vc/2' }));
    expect(again.status).toBe(400);
    expect(codeOf(again)).toBe(style === 'rest' ? 'com.vmware.vapi.std.errors.feature_in_use' : 'FEATURE_IN_USE');
    await untilIdle();
    const ended = (await value(`${BACKUP}/job/${String(job['id'])}`)) as Row;
    expect(['SUCCEEDED', 'FAILED']).toContain(ended['state']);
  });

  it('tells a started backup in the details without the comment and the secrets', async () => {
    const { send, details } = await idle('8.0', 'api');
    const { id } = (await send('POST', `${BACKUP}/job`, order('api', { fast_backup: true }))).body as { id: string };
    const row = (await details()).get(id);
    expect(row).toMatchObject({ type: 'MANUAL', status: 'RUNNING', location_user: 'bkp', fast_backup: true });
    expect(JSON.stringify(row)).not.toMatch(/Abcdef1!|before upgrade/);
  });

  it.each([
    ['a wrapper in /api', '8.0', 'api', { piece: order('api') }, 'UNEXPECTED_INPUT'],
    ['no wrapper in /rest', '8.0', 'rest', order('api'), 'com.vmware.vapi.std.errors.unexpected_input'],
    ['an empty body', '8.0', 'rest', {}, 'com.vmware.vapi.std.errors.invalid_argument'],
    ['no parts', '8.0', 'api', order('api', { parts: null }), 'INVALID_ARGUMENT'],
    ['an unknown part', '8.0', 'api', order('api', { parts: ['all'] }), 'INVALID_ARGUMENT'],
    ['an unknown location type', '8.0', 'api', order('api', { location_type: 'TAPE' }), 'INVALID_ARGUMENT'],
    [
      'a type that is too new',
      '6.5',
      'rest',
      order('rest', { location_type: 'SFTP', location: 'x/y' }),
      'com.vmware.vapi.std.errors.invalid_argument',
    ],
    ['another scheme than the type', '8.0', 'api', order('api', { location_type: 'NFS' }), 'INVALID_ARGUMENT'],
    ['a weak backup password', '8.0', 'api', order('api', { backup_password: 'abcdef1!' }), 'INVALID_ARGUMENT'],
    [
      'a long backup password',
      '8.0',
      'api',
      order('api', { backup_password: 'Abcdef1!Abcdef1!Abcde' }),
      'INVALID_ARGUMENT',
    ],
    [
      'fast_backup before 7.0',
      '6.7',
      'rest',
      order('rest', { fast_backup: true }),
      'com.vmware.vapi.std.errors.unexpected_input',
    ],
  ] as const)('refuses %s', async (_name, release, style, body, code) => {
    const { send, value } = await idle(release, style);
    const before = (await value(`${BACKUP}/job`)) as string[];
    const answer = await send('POST', `${BACKUP}/job`, body);
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
    expect(await value(`${BACKUP}/job`)).toEqual(before);
  });

  it('fails a backup soon whose folder holds one already', async () => {
    const { send, value, clock, details } = await idle('8.0', 'api');
    const taken = [...(await details()).values()].find(({ status }) => status === 'SUCCEEDED')?.['location'];
    const body = order('api', { location: taken, location_type: String(taken).split(':')[0]?.toUpperCase() });
    expect((await send('POST', `${BACKUP}?action=validate`, body)).body).toMatchObject({ status: 'FAIL' });
    const { id } = (await send('POST', `${BACKUP}/job`, body)).body as { id: string };
    clock.advance(10);
    expect(await value(`${BACKUP}/job/${id}`)).toMatchObject({ state: 'FAILED', messages: [{}] });
  });

  it('validates with OK, WARNING or FAIL in both styles', async () => {
    const [rest, api] = [await idle('8.0', 'rest'), await idle('8.0', 'api')];
    const plain = { backup_password: undefined };
    expect((await rest.send('POST', `${BACKUP}/validate`, order('rest'))).body).toEqual({
      value: { status: 'OK', messages: [] },
    });
    expect((await api.send('POST', `${BACKUP}?action=validate`, order('api', plain))).body).toMatchObject({
      status: 'WARNING',
      messages: [{}],
    });
  });

  it.each(FORMS)('cancels a running backup in %s %s, which ends as failed', async (release, style) => {
    const { send, value, clock } = await idle(release, style);
    const created = (await send('POST', `${BACKUP}/job`, order(style))).body as Row;
    const id = String(((style === 'rest' ? created['value'] : created) as Row)['id']);
    const cancel = async (): Promise<unknown> => {
      const path = `${BACKUP}/job/${id}${style === 'rest' ? '/cancel' : '?action=cancel'}`;
      const { status, body } = await send('POST', path);
      return [status, ((style === 'rest' ? (body as Row)['value'] : body) as Row)['status']];
    };
    expect([await cancel(), await cancel()]).toEqual([
      [200, 'OK'],
      [200, 'WARNING'],
    ]);
    clock.advance(5);
    expect(await value(`${BACKUP}/job/${id}`)).toMatchObject({
      state: 'FAILED',
      messages: [{ id: expect.stringContaining('cancelled') }],
    });
    expect(await cancel()).toEqual([200, 'FAIL']);
    const again = await send('POST', `${BACKUP}/job`, order(style, { location: 'ftp://store.lab.test/vc/2' }));
    expect(again.status).toBe(style === 'rest' ? 200 : 201);
  });

  it('cancels what waits, and does not know other ids', async () => {
    const { send, details } = await lab('8.0', 'api');
    const waiting = [...(await details())].filter(([, { status }]) => status === 'PENDING' || status === 'BLOCKED');
    for (const [id] of waiting) {
      expect((await send('POST', `${BACKUP}/job/${id}?action=cancel`)).body).toMatchObject({ status: 'OK' });
      expect((await details()).get(id)).toMatchObject({ status: 'FAILED', end_time: expect.any(String) });
    }
    expect(waiting).toHaveLength(2);
    expect((await send('POST', `${BACKUP}/job/none?action=cancel`)).status).toBe(404);
  });

  it('refuses to cancel a backup in its last steps', async () => {
    const { send, details, clock } = await lab('8.0', 'api');
    const [id = ''] = [...(await details())].find(([, { status }]) => status === 'RUNNING') ?? [];
    clock.advance(150);
    expect((await details()).get(id)).toMatchObject({ status: 'RUNNING', cancelable: false });
    expect((await send('POST', `${BACKUP}/job/${id}?action=cancel`)).body).toMatchObject({ status: 'FAIL' });
  });

  it.each(WITH_DETAILS)('creates, changes and deletes the one schedule in %s %s', async (release, style) => {
    const { send, get, value } = await lab(release, style);
    const spec = { location: 'smb://nas.lab.test/vc', recurrence_info: { hour: 4, minute: 20, days: ['TUESDAY'] } };
    const create = (): Promise<{ readonly status: number; readonly text: string }> =>
      style === 'rest'
        ? send('POST', `${BACKUP}/schedules/weekly`, { spec })
        : send('POST', `${BACKUP}/schedules`, { schedule: 'weekly', spec });
    const done = { status: style === 'rest' ? 200 : 204, text: '' };
    const refused = await create();
    expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/already_exists/i)]);
    expect(await send('DELETE', `${BACKUP}/schedules/default`)).toMatchObject(done);
    expect(await create()).toMatchObject(done);
    const schedules = mapOf(await value(`${BACKUP}/schedules`), style);
    expect([...schedules.keys()]).toEqual(['weekly']);
    expect(schedules.get('weekly')).toMatchObject({ ...spec, parts: [], enable: true });
    const change = { enable: false, retention_info: { max_count: 3 } };
    const changed =
      style === 'rest'
        ? await send('PUT', `${BACKUP}/schedules/update/weekly`, { spec: change })
        : await send('PATCH', `${BACKUP}/schedules/weekly`, change);
    expect(changed).toMatchObject(done);
    expect(await value(`${BACKUP}/schedules/weekly`)).toMatchObject({ ...spec, ...change });
    expect((await get(`${BACKUP}/schedules/default`)).status).toBe(404);
  });

  it('reads the other update of /rest and refuses the wrapper in /api', async () => {
    const [rest, api] = [await lab('8.0', 'rest'), await lab('8.0', 'api')];
    const body = { spec: { enable: false } };
    expect((await rest.send('PUT', `${BACKUP}/schedules/default`, body)).status).toBe(200);
    expect(await rest.value(`${BACKUP}/schedules/default`)).toMatchObject({ enable: false });
    expect(codeOf(await api.send('PATCH', `${BACKUP}/schedules/default`, body))).toBe('UNEXPECTED_INPUT');
  });

  it.each([
    { location: 'scp://nas.lab.test/vc' },
    { location: 'nas.lab.test/vc' },
    { recurrence_info: { hour: 24, minute: 0 } },
    { recurrence_info: { hour: 3 } },
    { recurrence_info: { hour: 3, minute: 0, days: [] } },
    { recurrence_info: { hour: 3, minute: 0, days: ['Monday'] } },
    { retention_info: {} },
  ])('refuses a schedule with %o', async (change) => {
    const { send } = await lab('8.0', 'api');
    expect(codeOf(await send('PATCH', `${BACKUP}/schedules/default`, change))).toBe('INVALID_ARGUMENT');
  });

  it('never shows the secrets of a schedule', async () => {
    const { send, get } = await lab('8.0', 'api');
    await send('PATCH', `${BACKUP}/schedules/default`, { location_password: 'geheim', backup_password: 'Geheim-12' });
    expect((await get(`${BACKUP}/schedules`)).text).not.toMatch(/geheim|nie-zeigen|password/i);
  });

  it('stops firing while disabled and follows a changed recurrence', async () => {
    const { send, clock, details, untilIdle } = await lab('8.0', 'api', { jobs: 0 });
    await send('PATCH', `${BACKUP}/schedules/default`, { enable: false });
    clock.advance(3 * 86_400);
    await untilIdle();
    expect((await details()).size).toBe(0);
    const recurrence = { hour: 0, minute: 5, days: ['MONDAY'] };
    await send('PATCH', `${BACKUP}/schedules/default`, { enable: true, recurrence_info: recurrence });
    clock.advance(7 * 86_400);
    await untilIdle();
    expect([...(await details()).values()].map((row) => row['start_time'])).toEqual(['2026-11-22T23:05:00.000Z']);
  });

  it.each(WITH_DETAILS)('runs the schedule now in %s %s, as a scheduled backup', async (release, style) => {
    const { send, details, simulator, untilIdle } = await lab(release, style);
    const path = `${BACKUP}/schedules/default?action=run`;
    const refused = await send('POST', path, { comment: 'now' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/feature_in_use/i)]);
    await untilIdle();
    const run = await send('POST', path, { comment: 'now' });
    const job = (style === 'rest' ? (run.body as Row)['value'] : run.body) as Row;
    expect([run.status, job['state']]).toEqual([200, 'INPROGRESS']);
    expect((await details()).get(String(job['id']))).toMatchObject({ type: 'SCHEDULED', status: 'RUNNING' });
    expect(simulator.requests().length).toBeGreaterThan(3);
  });

  it('reads the slash before the question mark in /rest', async () => {
    const { send } = await idle('8.0', 'rest');
    expect((await send('POST', `${BACKUP}/schedules/default/?action=run`)).status).toBe(200);
  });
});

async function idle(release: string, style: Style): Promise<Lab> {
  const one = await lab(release, style);
  await one.untilIdle();
  return one;
}
