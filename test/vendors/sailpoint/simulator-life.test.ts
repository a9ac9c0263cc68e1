import { describe, expect, it } from 'vitest';
import { HUB, StillClock, formOf, lab, payload, type Row } from './simulator-lab.ts';

const PATCH = 'application/json-patch+json';

describe('vendors/sailpoint/simulator, over time', () => {
  it('brings a record from waiting to running to its end', async () => {
    const { rows, wait } = await lab();
    const waiting = (await rows('/backups')).find(({ status }) => status === 'NOT_STARTED');
    const seen: unknown[] = [];
    for (let step = 0; step < 8; step += 1) {
      const record = (await rows('/backups')).find(({ jobId }) => jobId === waiting?.['jobId']);
      if (record?.['status'] !== seen.at(-1)) seen.push(record?.['status']);
      await wait(40);
    }
    expect(seen).toEqual(['NOT_STARTED', 'IN_PROGRESS', 'COMPLETE']);
  });

  it('hydrates a record only after the work that follows its end', async () => {
    const { rows, wait } = await lab();
    const running = (await rows('/backups')).find(({ status }) => status === 'IN_PROGRESS');
    const ofRunning = async (): Promise<Row | undefined> =>
      (await rows('/backups')).find(({ jobId }) => jobId === running?.['jobId']);
    await wait(140);
    expect(await ofRunning()).toMatchObject({ status: 'COMPLETE', hydrationStatus: 'NOT_HYDRATED' });
    await wait(300);
    expect(await ofRunning()).toMatchObject({ status: 'COMPLETE', hydrationStatus: 'HYDRATED' });
  });

  it.each(['five', 'six', 'seven', 'quartz'])('fires cron texts of the style %s in their own zones', async (cron) => {
    const { rows, wait } = await lab({ variant: { cron } });
    const before = new Set((await rows('/backups')).map(({ jobId }) => jobId));
    await wait(24 * 3600);
    const made = (await rows('/backups')).filter(({ jobId }) => !before.has(jobId));
    const told = made.map(({ name, created }) => [name, String(created).slice(0, 16)]);
    expect(told.toSorted()).toEqual([
      ['Klinik Zürich', '2026-11-18T22:05'],
      ['New York evening', '2026-11-18T23:15'],
      ['draft for sandbox', '2026-11-19T04:15'],
      ['nightly roles', '2026-11-19T01:30'],
    ]);
    expect(made.find(({ name }) => name === 'draft for sandbox')).toMatchObject({ backupType: 'AUTOMATED_DRAFT' });
  });

  it('makes drafts and deploys of the other two kinds of action', async () => {
    const { rows, get, wait } = await lab();
    await wait(3 * 24 * 3600);
    expect((await rows('/drafts')).filter(({ name }) => name === 'draft for sandbox')).toHaveLength(2);
    expect(((await get(`${HUB}/deploys`)).body as { items: Row[] }).items).toHaveLength(3);
  });

  it('makes the same records however often it is asked meanwhile', async () => {
    const [once, often] = [await lab(), await lab()];
    await once.wait(36 * 3600);
    for (let hour = 0; hour < 36; hour += 1) {
      await often.wait(3600);
      await often.get(`${HUB}/backups`);
    }
    expect(await often.rows('/backups')).toEqual(await once.rows('/backups'));
  });

  it('keeps the wall-clock hour when the zone changes to summer time, and moves a time that is left out', async () => {
    const clock = new StillClock('2026-03-27T12:00:00.000Z');
    const { rows, wait } = await lab({ clock });
    await wait(3 * 24 * 3600);
    const nights = (await rows('/backups'))
      .filter(({ name }) => name === 'nightly roles')
      .map(({ created }) => String(created).slice(0, 16));
    expect(nights.toSorted().slice(-3)).toEqual(['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T00:30']);
  });
});

describe('vendors/sailpoint/simulator, writes', () => {
  it('creates a scheduled action with 200, without the zone that was sent, and lists it with the zone', async () => {
    const { send, rows } = await lab();
    const sent = payload({
      cronString: '0 30 2 ? * SUN',
      timeZoneId: 'Europe/Berlin',
      startTime: '2026-12-01T02:30:00.000Z',
    });
    const answer = await send('POST', `${HUB}/scheduled-actions`, sent);
    const { timeZoneId: _zone, ...told } = sent;
    const { id } = answer.body as { id: string };
    expect([answer.status, answer.body]).toEqual([200, { ...told, id, created: expect.stringMatching(/Z$/) }]);
    expect((await rows('/scheduled-actions')).find((row) => row['id'] === id)).toMatchObject(sent);
  });

  it('runs a one-off once, at its start time, and at once when that has gone by', async () => {
    const { send, rows, wait } = await lab();
    const named = async (): Promise<Row[]> => (await rows('/backups')).filter(({ name }) => name === 'made by a test');
    await send('POST', `${HUB}/scheduled-actions`, payload({ startTime: '2026-11-18T20:10:00Z' }));
    expect(await named()).toEqual([]);
    await wait(599);
    expect(await named()).toEqual([]);
    await wait(2);
    expect(await named()).toMatchObject([
      { status: 'NOT_STARTED', created: expect.stringMatching(/^2026-11-18T20:10:00/) },
    ]);
    await wait(3600);
    expect(await named()).toHaveLength(1);
    await send('POST', `${HUB}/scheduled-actions`, payload({ startTime: '2020-01-01T00:00:00Z' }));
    expect(await named()).toHaveLength(2);
  });

  it('does not run a one-off that was deleted before, nor one without any time', async () => {
    const { send, rows, wait } = await lab();
    const { id } = (await send('POST', `${HUB}/scheduled-actions`, payload({ startTime: '2026-11-18T20:10:00Z' })))
      .body as { id: string };
    await send('POST', `${HUB}/scheduled-actions`, payload());
    const removed = await send('DELETE', `${HUB}/scheduled-actions/${id}`);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await send('DELETE', `${HUB}/scheduled-actions/${id}`)).status).toBe(404);
    await wait(1200);
    expect((await rows('/backups')).some(({ name }) => name === 'made by a test')).toBe(false);
  });

  it.each([
    ['no jobType', { jobType: undefined }],
    ['an unknown jobType', { jobType: 'RESTORE' }],
    ['no content', { content: undefined }],
    ['no name', { content: { backupOptions: {} } }],
    ['a name of 51 characters', { content: { name: 'x'.repeat(51), backupOptions: {} } }],
    ['no options for a backup', { content: { name: 'x' } }],
    ['no source for a draft', { jobType: 'CREATE_DRAFT', content: { name: 'x' } }],
    ['no draft to deploy', { jobType: 'CONFIG_DEPLOY_DRAFT', content: { name: 'x' } }],
    ['a cron text of four fields', { cronString: '0 2 * *' }],
    ['a zone that does not exist', { timeZoneId: 'Europe/Cologne' }],
    ['a start that is no instant', { startTime: 'tomorrow' }],
  ])('refuses a scheduled action with %s', async (_name, change) => {
    const { send, rows } = await lab();
    const answer = await send('POST', `${HUB}/scheduled-actions`, payload(change));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ detailCode: expect.stringMatching(/^400/) });
    expect(await rows('/scheduled-actions')).toHaveLength(9);
  });

  it('keeps a cron text that it does not understand, and never fires it', async () => {
    const { send, rows, wait } = await lab({ jobs: 1 });
    const answer = await send('POST', `${HUB}/scheduled-actions`, payload({ cronString: '0 0 2 L * ?' }));
    expect(answer.body).toMatchObject({ cronString: '0 0 2 L * ?' });
    await wait(40 * 24 * 3600);
    expect((await rows('/backups')).some(({ name }) => name === 'made by a test')).toBe(false);
  });

  it('fires every second without running away', async () => {
    const { send, rows, wait } = await lab({ jobs: 1 });
    await send('POST', `${HUB}/scheduled-actions`, payload({ cronString: '* * * * * *' }));
    await wait(10);
    const made = async (): Promise<number> =>
      (await rows('/backups')).filter(({ name }) => name === 'made by a test').length;
    expect(await made()).toBe(11);
    await wait(24 * 3600);
    expect(await made()).toBeLessThan(2_000);
  });

  describe('patch', () => {
    it('applies the operations of a bare array and follows the new time', async () => {
      const { send, rows, wait } = await lab();
      const nightly = (await rows('/scheduled-actions')).find(
        ({ content }) => (content as Row)['name'] === 'nightly roles',
      );
      const path = `${HUB}/scheduled-actions/${String(nightly?.['id'])}`;
      const operations = [
        { op: 'test', path: '/jobType', value: 'BACKUP' },
        { op: 'replace', path: '/cronString', value: '0 0 21 * * ?' },
        { op: 'remove', path: '/startTime' },
        { op: 'add', path: '/timeZoneId', value: 'UTC' },
        { op: 'copy', from: '/jobType', path: '/content/backupOptions/objectOptions/kept' },
        { op: 'move', from: '/content/backupOptions/objectOptions/kept', path: '/content/backupOptions/moved' },
        { op: 'add', path: '/content/backupOptions/includeTypes/-', value: 'SOURCE' },
        { op: 'replace', path: '/content/name', value: 'evening roles' },
      ];
      const answer = await send('PATCH', path, operations, PATCH);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        id: nightly?.['id'],
        created: nightly?.['created'],
        jobType: 'BACKUP',
        cronString: '0 0 21 * * ?',
        timeZoneId: 'UTC',
        content: {
          name: 'evening roles',
          backupOptions: { includeTypes: ['ROLE', 'RULE', 'SOURCE'], objectOptions: {}, moved: 'BACKUP' },
        },
      });
      await wait(3600);
      expect((await rows('/backups')).find(({ name }) => name === 'evening roles')).toMatchObject({
        created: expect.stringMatching(/^2026-11-18T21:00:00/),
      });
    });

    it.each([
      ['an object with operations', { operations: [] }, PATCH],
      ['another media type', [], 'application/json'],
      ['an unknown operation', [{ op: 'swap', path: '/cronString' }], PATCH],
      ['a path that is not there', [{ op: 'replace', path: '/content/none', value: 1 }], PATCH],
      ['a failed test', [{ op: 'test', path: '/jobType', value: 'X' }], PATCH],
      ['a missing value', [{ op: 'replace', path: '/cronString' }], PATCH],
      ['a change of the id', [{ op: 'replace', path: '/id', value: 'x' }], PATCH],
      ['a result that is no action', [{ op: 'remove', path: '/content' }], PATCH],
    ])('refuses %s and changes nothing', async (_name, body, type) => {
      const { send, rows } = await lab();
      const before = await rows('/scheduled-actions');
      const nightly = before.find(({ content }) => (content as Row)['name'] === 'nightly roles');
      const answer = await send('PATCH', `${HUB}/scheduled-actions/${String(nightly?.['id'])}`, body, type);
      expect(answer.status).toBe(400);
      expect(await rows('/scheduled-actions')).toEqual(before);
    });

    it('does not know other ids', async () => {
      expect((await (await lab()).send('PATCH', `${HUB}/scheduled-actions/none`, [], PATCH)).status).toBe(404);
    });
  });

  it('deletes a backup that users may delete, once, and refuses others with 403', async () => {
    const { send, rows } = await lab();
    const kept = (await rows('/backups')).find((row) => row['userCanDelete'] === false && row['status'] === 'COMPLETE');
    expect((await send('DELETE', `${HUB}/backups/${String(kept?.['jobId'])}`)).status).toBe(403);
    const gone = (await rows('/backups')).find((row) => row['userCanDelete'] !== false && row['status'] === 'COMPLETE');
    const path = `${HUB}/backups/${String(gone?.['jobId'])}`;
    expect([(await send('DELETE', path)).status, (await send('DELETE', path)).status]).toEqual([204, 404]);
    expect(await rows('/backups')).toHaveLength(10);
  });

  it('deletes an upload on its own path', async () => {
    const { send, rows, get } = await lab();
    const upload = (await rows('/backups/uploads')).find(({ name }) => name === 'from sandbox');
    const id = String(upload?.['jobId']);
    expect((await send('DELETE', `${HUB}/backups/${id}`)).status).toBe(404);
    expect((await send('DELETE', `${HUB}/backups/uploads/${id}`)).status).toBe(204);
    expect((await get(`${HUB}/backups/uploads/${id}`)).status).toBe(404);
  });

  it('takes a file of either form, works on it, and lists it', async () => {
    const { send, rows, get, wait } = await lab();
    const files = [JSON.stringify({ version: 1, tenant: 'acme-lab', objects: [{}, {}] }), '[{},{},{}]'];
    const ids: string[] = [];
    for (const data of files) {
      const answer = await send('POST', `${HUB}/backups/uploads`, formOf({ data, name: 'Büro "Ost"' }));
      expect([answer.status, answer.body]).toMatchObject([
        202,
        { status: 'NOT_STARTED', backupType: 'UPLOADED', name: 'Büro "Ost"' },
      ]);
      ids.push(String((answer.body as Row)['jobId']));
    }
    await wait(600);
    const counts = await Promise.all(
      ids.map(async (id) => ((await get(`${HUB}/backups/uploads/${id}`)).body as Row)['totalObjectCount']),
    );
    expect(counts).toEqual([2, 3]);
    const plain = (await rows('/backups')).map(({ jobId }) => jobId);
    expect(ids.map((id) => plain.includes(id))).toEqual([true, false]);
  });

  it.each([
    ['no file', formOf({ name: 'x' })],
    ['no name', formOf({ data: '{"objects":[]}' })],
    ['a file that is no JSON', formOf({ name: 'x', data: '<xml/>' })],
    ['a file without objects', formOf({ name: 'x', data: '{}' })],
    ['no form', { name: 'x', data: { objects: [] } }],
  ])('refuses an upload with %s', async (_name, body) => {
    expect((await (await lab()).send('POST', `${HUB}/backups/uploads`, body)).status).toBe(400);
  });

  it('deploys and deletes a draft', async () => {
    const { send, rows } = await lab();
    const draftId = String((await rows('/drafts'))[0]?.['jobId']);
    const deploy = await send('POST', `${HUB}/deploys`, { draftId });
    expect([deploy.status, deploy.body]).toMatchObject([
      202,
      { status: 'NOT_STARTED', type: 'CONFIG_DEPLOY_DRAFT', draftId },
    ]);
    expect((await send('DELETE', `${HUB}/drafts/${draftId}`)).status).toBe(204);
    expect((await send('POST', `${HUB}/deploys`, { draftId })).status).toBe(400);
    expect(await rows('/drafts')).toHaveLength(3);
  });

  it('exports by sp-config: started with 202, polled by id, downloaded at the end, gone after a week', async () => {
    const { send, get, wait, rows } = await lab();
    const body = { description: 'x', includeTypes: ['ROLE'], excludeTypes: ['ROLE'] };
    const started = await send('POST', '/sp-config/v1/export', body);
    const { jobId } = started.body as { jobId: string };
    const nulls = { completed: null, message: null };
    expect([started.status, started.body]).toMatchObject([202, { status: 'NOT_STARTED', type: 'EXPORT', ...nulls }]);
    expect((await get(`/sp-config/v1/export/${jobId}/download`)).status).toBe(400);
    await wait(300);
    expect((await get(`/v2024/sp-config/export/${jobId}`)).body).toMatchObject({
      status: 'COMPLETE',
      completed: expect.any(String),
    });
    expect((await get(`/sp-config/v1/export/${jobId}/download`)).body).toMatchObject({
      objects: [{ self: { type: 'ROLE' } }],
    });
    expect((await rows('/backups')).some((row) => row['jobId'] === jobId)).toBe(false);
    await wait(8 * 24 * 3600);
    expect((await get(`/sp-config/v1/export/${jobId}`)).status).toBe(404);
  });

  it('does not let a running record be deleted', async () => {
    const one = await lab();
    await one.send('POST', `${HUB}/backups/uploads`, formOf({ data: '[]', name: 'fresh' }));
    const fresh = (await one.rows('/backups/uploads')).find(({ name }) => name === 'fresh');
    expect((await one.send('DELETE', `${HUB}/backups/uploads/${String(fresh?.['jobId'])}`)).status).toBe(400);
  });
});
