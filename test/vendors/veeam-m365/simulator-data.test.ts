import { describe, expect, it } from 'vitest';
import { VERSIONS, begun, jobNamed, lab, rows, text } from './simulator-lab.ts';

describe('vendors/veeam-m365/simulator', () => {
  describe('data', () => {
    it.each([
      ['v3', ['Failed', 'Running', 'Stopped', 'Success', 'Warning']],
      ['v5', ['Disconnected', 'Failed', 'NotConfigured', 'Queued', 'Running', 'Stopped', 'Success', 'Warning']],
      [
        'v8',
        ['Disconnected', 'Failed', 'NotConfigured', 'Queued', 'Running', 'Stopped', 'Success', 'Updating', 'Warning'],
      ],
    ])('shows every status of %s', async (version, words) => {
      const client = await lab(version);
      expect([...new Set((await rows(client, 'JobSessions')).map((row) => row['status']))].toSorted()).toEqual(words);
    });

    it('has a job that failed twice in a row, one never run and one disabled', async () => {
      const client = await lab('v7');
      const failing = await jobNamed(client, 'Failed');
      const sessions = await rows(client, `JobSessions?jobId=${failing['id']}`);
      const newest = sessions.toSorted((a, b) => begun(b) - begun(a)).slice(0, 2);
      expect(newest.map((row) => row['status'])).toEqual(['Failed', 'Failed']);
      const jobs = await rows(client, 'Jobs');
      expect(jobs.some((job) => job['lastRun'] === null && text(job['lastStatus']) === 'Stopped')).toBe(true);
      expect(jobs.some((job) => String(job['isEnabled']) === 'false')).toBe(true);
    });

    it('leaves members without a value out up to v5 and writes null from v6 on', async () => {
      for (const version of VERSIONS) {
        const client = await lab(version);
        const jobs = await rows(client, 'Jobs');
        const session = (await rows(client, 'JobSessions')).find((row) => text(row['status']) === 'Running');
        const written = JSON.stringify([...jobs, session]);
        expect([version, written.includes(':null')]).toEqual([version, version >= 'v6']);
        expect([version, session !== undefined && 'endTime' in session]).toEqual([version, version >= 'v6']);
      }
    });

    it('writes windows of 168 hours, switched on and off', async () => {
      const policies = (await rows(await lab('v3', { jobs: 40 }), 'Jobs')).map((job) => job['schedulePolicy']);
      const grids = policies.map(
        (policy) => policy?.['backupWindowSettings']?.['backupWindow'] as unknown as boolean[] | undefined,
      );
      const isOn = (index: number): boolean => String(policies[index]?.['backupWindowEnabled']) === 'true';
      expect(grids.every((grid) => grid === undefined || grid.length === 168)).toBe(true);
      expect(grids.some((grid, index) => isOn(index) && grid?.includes(false) === true)).toBe(true);
      expect(grids.some((grid, index) => !isOn(index) && grid?.every(Boolean) === true)).toBe(true);
      expect(grids.some((grid, index) => !isOn(index) && grid === undefined)).toBe(true);
    });

    it('writes instants with none to seven fraction digits, and some with a foreign offset', async () => {
      const times = (await rows(await lab('v3', { jobs: 60 }), 'JobSessions')).map((row) => text(row['creationTime']));
      for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?(Z|-07:00)$/);
      const digits = new Set(times.map((time) => /\.(\d+)/.exec(time)?.[1]?.length ?? 0));
      expect(digits.has(0) && digits.has(7) && digits.size > 2).toBe(true);
      expect(times.some((time) => time.endsWith('-07:00'))).toBe(true);
    });

    it('writes booleans and numbers as text in some rows of v3', async () => {
      const jobs = await rows(await lab('v3', { jobs: 20 }), 'Jobs');
      expect(new Set(jobs.map((job) => typeof job['isEnabled']))).toEqual(new Set(['boolean', 'string']));
      expect(jobs.some((job) => /^[a-z]/.test(text(job['backupType'])))).toBe(true);
    });

    it('ties a session to its job by an absolute link in v3, and its log link leads nowhere', async () => {
      const client = await lab('v3');
      const ids = new Set((await rows(client, 'Jobs')).map((job) => text(job['id'])));
      for (const session of await rows(client, 'JobSessions')) {
        expect(session).not.toHaveProperty('jobId');
        const href = text(session['_links']?.['job']?.['href']);
        expect(href).toMatch(/^https:\/\/veeam\.lab\.example:4443\/v3\/jobs\//);
        expect(ids.has(href.slice(-36).toLowerCase())).toBe(true);
      }
      const session = (await rows(client, 'JobSessions'))[0];
      const log = new URL(text(session?.['_links']?.['log']?.['href'])).pathname.replace('/v3/', '');
      expect((await client.get(log)).status).toBe(404);
    });

    it('writes relative links from v6 on', async () => {
      const session = (await rows(await lab('v6'), 'JobSessions'))[0];
      expect(session?.['_links']?.['job']?.['href']).toMatch(/^\/v6\/jobs\//);
    });

    it('answers alike for equal options and an equal clock', async () => {
      expect(await texts(5)).toEqual(await texts(5));
      expect(await texts(5)).not.toEqual(await texts(6));
    });

    it('does not depend on how often somebody looked', async () => {
      const [seldom, often] = [await lab('v3', { jobs: 30 }), await lab('v3', { jobs: 30 })];
      seldom.simulator.clock.advance(3000);
      for (let minute = 0; minute < 50; minute += 1) {
        often.simulator.clock.advance(60);
        await often.get('Jobs');
      }
      expect((await often.get('JobSessions')).text).toBe((await seldom.get('JobSessions')).text);
    });
  });
});

async function texts(seed: number): Promise<string[]> {
  const client = await lab('v6', { seed, jobs: 20 });
  client.simulator.clock.advance(40 * 3600);
  await client.renew();
  const answers = [];
  for (const path of ['Jobs', 'JobSessions?limit=1000', 'Organizations']) answers.push((await client.get(path)).text);
  return answers;
}
