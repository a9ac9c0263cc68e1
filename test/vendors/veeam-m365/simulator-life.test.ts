import { describe, expect, it } from 'vitest';
import { VERSIONS, begun, jobNamed, lab, rows, text, type Answer, type Json, type Lab } from './simulator-lab.ts';
import { StandingClock } from '../../support/standing-clock.ts';

describe('vendors/veeam-m365/simulator', () => {
  describe('life', () => {
    it('lets a run count objects until it ends', async () => {
      const client = await lab('v3');
      const job = await jobNamed(client, 'Running');
      const newest = async (): Promise<Json | undefined> =>
        (await rows(client, `Jobs/${job['id']}/JobSessions`)).toSorted((a, b) => begun(b) - begun(a))[0];
      const early = await newest();
      client.simulator.clock.advance(60);
      const later = await newest();
      expect(later?.['progress']).toBeGreaterThan(Number(early?.['progress']));
      expect(later?.['progress']).toBe(later?.['statistics']?.['processedObjects']);
      client.simulator.clock.advance(300);
      const done = await newest();
      expect([done?.['status'], typeof done?.['endTime']]).toEqual(['Success', 'string']);
    });

    it('starts a queued run after its wait', async () => {
      const client = await lab('v5');
      const job = await jobNamed(client, 'Queued');
      client.simulator.clock.advance(40);
      expect((await client.get(`Jobs/${job['id']}`)).body['lastStatus']).toBe('Running');
    });

    it('fires a daily schedule at the wall clock of Berlin, winter and summer', async () => {
      for (const [startAt, utc] of [
        ['2026-01-10T05:00:00Z', '2026-01-10T21:45:00Z'],
        ['2026-07-10T05:00:00Z', '2026-07-10T20:45:00Z'],
      ] as const) {
        const client = await lab('v8', { clock: new StandingClock(startAt) });
        const { organizationId, repositoryId } = (await rows(client, 'Jobs'))[0] ?? {};
        const policy = { type: 'Daily', dailyType: 'Everyday', dailyTime: '22:45:00' };
        const body = {
          organizationId,
          repositoryId,
          name: 'x',
          backupType: 'EntireOrganization',
          schedulePolicy: policy,
        };
        const job = (await client.send('POST', 'Jobs', body)).body;
        expect(job['nextRun']).toBe(utc);
        client.simulator.clock.advance((Date.parse(utc) - Date.parse(startAt)) / 1000 + 2);
        await client.renew();
        const sessions = await rows(client, `JobSessions?jobId=${text(job['id'])}`);
        expect(sessions).toHaveLength(1);
        expect(text(sessions[0]?.['creationTime']).slice(0, 19)).toBe(utc.slice(0, 19));
      }
    });

    it('fires every quarter of an hour where the policy says so, and not for disabled jobs', async () => {
      const client = await lab('v3');
      const jobs = await rows(client, 'Jobs');
      const quarter = jobs.find((job) => text(job['schedulePolicy']?.['periodicallyEvery']) === 'Minutes15');
      const disabled = jobs.find((job) => String(job['isEnabled']) === 'false');
      const count = async (job: Json | undefined): Promise<number> =>
        (await rows(client, `Jobs/${job?.['id']}/JobSessions`)).length;
      const before = [await count(quarter), await count(disabled)];
      client.simulator.clock.advance(3590);
      const after = [await count(quarter), await count(disabled)];
      expect(after[0]).toBeGreaterThanOrEqual((before[0] ?? 0) + 3);
      expect(after[1]).toBe(before[1]);
      expect(disabled).not.toHaveProperty('nextRun');
    });

    it('ends a scheduled run where the backup window ends', async () => {
      const client = await lab('v8');
      const { organizationId, repositoryId } = (await rows(client, 'Jobs'))[0] ?? {};
      // Only 05:00 to 06:00 UTC is allowed.
      const backupWindow = Array.from({ length: 168 }, (_, index) => index % 24 === 5);
      const schedulePolicy = {
        type: 'Daily',
        dailyType: 'Everyday',
        dailyTime: '06:59:30',
        backupWindowEnabled: true,
        backupWindowSettings: { backupWindow, minuteOffset: 0 },
      };
      const body = { organizationId, repositoryId, name: 'x', backupType: 'EntireOrganization', schedulePolicy };
      const job = (await client.send('POST', 'Jobs', body)).body;
      client.simulator.clock.advance(3599 + 300);
      await client.renew();
      const run = (await rows(client, `JobSessions?jobId=${text(job['id'])}`))[0];
      expect(run).toMatchObject({ status: 'Failed', endTime: '2026-11-21T06:00:00Z' });
      expect(run?.['details']).toContain('window');
    });

    it('tries a failed run again where the policy says so', async () => {
      const client = await lab('v7', { jobs: 60 });
      client.simulator.clock.advance(24 * 3600);
      await client.renew();
      const sessions = await rows(client, 'JobSessions');
      const again = sessions.filter((row) => Number(row['retryCount']) > 0);
      expect(again.length).toBeGreaterThan(0);
      for (const retry of again) {
        const main = sessions.find((row) => text(row['id']) === text(retry['mainSessionId']));
        if (main !== undefined) expect(main).toMatchObject({ status: 'Failed', retryCount: 0 });
      }
      const first = sessions.filter((row) => String(row['jobWillBeRetried']) === 'true');
      expect(first.every((row) => text(row['status']) === 'Failed')).toBe(true);
    });

    it('writes log items newest first, as brackets up to v7, in one order or the other in v8', async () => {
      const seven = await lab('v7');
      const items = await rows(seven, `JobSessions/${(await failed(seven))?.['id']}/LogItems`);
      expect(items.length).toBeGreaterThan(30);
      expect(items.some((item) => text(item['title']).startsWith('[Error] '))).toBe(true);
      expect(items.some((item) => !text(item['title']).startsWith('['))).toBe(true);
      const usns = items.map((item) => Number(item['usn']));
      expect(usns).toEqual(usns.toSorted((a, b) => b - a));
      const eight = await lab('v8');
      const path = `JobSessions/${(await failed(eight))?.['id']}/LogItems`;
      const ascending = (await rows(eight, `${path}?orderAsc=true`)).map((item) => Number(item['usn']));
      expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
      const errors = await rows(eight, `${path}?type=Error`);
      expect(new Set(errors.map((item) => item['type']))).toEqual(new Set(['Error']));
    });
  });

  describe('writes', () => {
    const outcomes = { v3: 200, v4: 200, v5: 200, v6: 204, v7: 204, v8: 204 } as const;

    it.each(VERSIONS)('starts and stops a job in %s', async (version) => {
      const client = await lab(version);
      const { id } = await jobNamed(client, 'Warning');
      const started = await act(client, version, id, 'start');
      expect(started.status).toBe(version === 'v8' ? 200 : outcomes[version as keyof typeof outcomes]);
      if (version === 'v8') expect(started.body['jobId']).toBe(id);
      else expect(started.text).toBe('');
      expect((await act(client, version, id, 'start')).status).toBeGreaterThanOrEqual(400);
      client.simulator.clock.advance(20);
      const stopped = await act(client, version, id, 'stop');
      expect(stopped.status).toBe(outcomes[version as keyof typeof outcomes]);
      expect((await client.get(`Jobs/${id}`)).body['lastStatus']).toBe('Running');
      client.simulator.clock.advance(20);
      expect((await client.get(`Jobs/${id}`)).body['lastStatus']).toBe('Stopped');
      const again = await act(client, version, id, 'stop');
      expect([again.status, again.body['message']]).toEqual([
        { v6: 400, v7: 400, v8: 409 }[version] ?? 500,
        expect.stringContaining('not running'),
      ]);
    });

    it('wants exactly one action with the value null, and a body for start', async () => {
      const three = await lab('v3');
      const { id } = await jobNamed(three, 'Warning');
      for (const body of [{}, { start: null, stop: null }, { start: true }, { explore: null }])
        expect((await three.send('POST', `Jobs/${id}/Action`, body)).status).toBe(400);
      const six = await lab('v6');
      const job = await jobNamed(six, 'Warning');
      expect((await six.send('POST', `Jobs/${job['id']}/start`)).status).toBe(400);
    });

    it.each(['v3', 'v8'])('disables and enables in %s; a disabled job still starts by hand', async (version) => {
      const client = await lab(version);
      const { id } = await jobNamed(client, 'Warning');
      await act(client, version, id, 'disable');
      expect((await client.get(`Jobs/${id}`)).body['isEnabled']).toBe(false);
      expect((await act(client, version, id, 'start')).status).toBe(200);
      await act(client, version, id, 'enable');
      const job = (await client.get(`Jobs/${id}`)).body;
      expect([job['isEnabled'], job['nextRun']]).toEqual([true, expect.stringMatching(/^2026-11/)]);
    });

    it.each(VERSIONS)('creates a job in %s, reads names without case, and refuses what is missing', async (version) => {
      const client = await lab(version);
      const organizationId = (await rows(client, 'Organizations'))[0]?.['id'];
      const repository = (await rows(client, 'BackupRepositories'))[1];
      const path = version === 'v8' ? 'Jobs' : `Organizations/${organizationId}/Jobs`;
      const body = {
        Name: 'Gateway "test"',
        backupType: 'entireOrganization',
        ...(version === 'v8' ? { organizationId } : {}),
        ...(version <= 'v5' ? { proxyId: repository?.['proxyId'] } : {}),
        RepositoryId: repository?.['id'],
        schedulePolicy: {
          type: 'Daily',
          dailyType: 'workdays',
          dailyTime: '22:45:00',
          retryEnabled: true,
          retryNumber: 2,
          retryWaitInterval: 15,
        },
      };
      const created = await client.send('POST', path, body);
      expect(created.status).toBe(version === 'v8' ? 201 : 200);
      expect(created.body).toMatchObject({
        backupType: 'EntireOrganization',
        lastStatus: 'Stopped',
        nextRun: '2026-11-23T21:45:00Z',
      });
      expect(created.body['lastRun'] ?? undefined).toBeUndefined();
      const runNow = await client.send('POST', path, { ...body, runNow: true });
      expect(['Running', 'Queued']).toContain(runNow.body['lastStatus']);
      for (const wrong of [
        { RepositoryId: undefined },
        { backupType: 'Everything' },
        { backupType: 'SelectedItems' },
        { schedulePolicy: { type: 'Hourly' } },
      ])
        expect((await client.send('POST', path, { ...body, ...wrong })).status).toBe(400);
      expect(await rows(client, 'Jobs')).toHaveLength(14);
    });

    it('changes the members that a PUT names', async () => {
      for (const [version, status] of [
        ['v3', 200],
        ['v7', 204],
      ] as const) {
        const client = await lab(version);
        const job = await jobNamed(client, 'Warning');
        const schedulePolicy = { type: 'Periodically', periodicallyEvery: 'Hours4' };
        expect((await client.send('PUT', `Jobs/${job['id']}`, { description: 'neu', schedulePolicy })).status).toBe(
          status,
        );
        const changed = (await client.get(`Jobs/${job['id']}`)).body;
        expect(changed).toMatchObject({ name: job['name'], description: 'neu', nextRun: '2026-11-21T07:00:00Z' });
      }
    });

    it('deletes a job unless a backup copy job hangs on it', async () => {
      for (const [version, status] of [
        ['v4', 200],
        ['v5', 204],
        ['v8', 204],
      ] as const) {
        const client = await lab(version);
        const job = await jobNamed(client, 'Failed');
        expect((await client.send('DELETE', `Jobs/${job['id']}`)).status).toBe(status);
        expect((await client.get(`Jobs/${job['id']}`)).status).toBe(404);
      }
      const eight = await lab('v8');
      const copied = (await rows(eight, 'Jobs')).find((job) => 'copyJob' in (job['_links'] ?? {}));
      expect((await eight.send('DELETE', `Jobs/${copied?.['id']}`)).body['errorCode']).toBe('OperationConflict');
    });
  });
});

async function act(client: Lab, version: string, job: unknown, verb: string): Promise<Answer> {
  return version <= 'v5'
    ? client.send('POST', `Jobs/${text(job)}/Action`, { [verb]: null })
    : client.send('POST', `Jobs/${text(job)}/${verb}`, {});
}

async function failed(client: Lab): Promise<Json | undefined> {
  return (await rows(client, 'JobSessions')).find((row) => text(row['status']) === 'Failed');
}
