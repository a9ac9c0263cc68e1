import { describe, expect, it } from 'vitest';
import { ELM, OAK, lab, rows, text, type Json, type Lab } from './simulator-lab.ts';
import { StandingClock } from '../../support/standing-clock.ts';

const EVERYTHING = '/v1/partners/example_partner/reports/backup_status';
const withReport = { variant: { accountReport: 'yes' } };

/** Report rows of all accounts. */
async function report(client: Lab): Promise<readonly Json[]> {
  return rows(await client.get(EVERYTHING));
}

async function history(client: Lab, query = ''): Promise<readonly Json[]> {
  return rows(await client.get(`${OAK}/action_history?page_size=50${query}`));
}

function types(row: Json): readonly string[] {
  return row['condition_types'] as unknown as readonly string[];
}

function nameOf(row: Json): string {
  return ['username', 'computer_id', 'backupset_name'].map((name) => text(row[name])).join('/');
}

async function offsets(at: string): Promise<Set<string>> {
  const client = await lab({ ...withReport, clock: new StandingClock(at) });
  return new Set(
    (await report(client)).map((row) => text(row['local_start']).slice(19)).filter((offset) => offset !== ''),
  );
}

describe('vendors/barracuda-intronis/simulator', () => {
  describe('data', () => {
    it('has as many backup sets as asked, over accounts with several computers', async () => {
      for (const jobs of [1, 12, 300]) {
        const client = await lab({ ...withReport, jobs });
        expect(new Set((await report(client)).map(nameOf)).size).toBe(jobs);
      }
    });

    it('shows every status and condition', async () => {
      const client = await lab({ ...withReport, jobs: 60 });
      const all = await report(client);
      expect(new Set(all.map((row) => row['condition_status']))).toEqual(
        new Set(['COMPLETED', 'RUNNING', 'WARNING', 'FAILURE']),
      );
      expect([...new Set(all.flatMap(types))].toSorted()).toEqual([
        'CANCELED',
        'COMPLETED',
        'ERRORS',
        'EXCEPTION',
        'MISSED',
        'NO_DATA_DELETED',
        'NO_DATA_RESTORED',
        'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP',
        'NO_FILE_DATA_BACKED_UP',
        'RUNNING',
        'WARNINGS',
      ]);
      expect(all.some((row) => types(row).length === 0)).toBe(true);
    });

    it('shows every status of actions, and the word that is in no list', async () => {
      const words = new Set((await history(await lab())).map((row) => row['status']));
      for (const word of ['UNINITIALIZED', 'PAUSED', 'SUCCESS', 'CANCELING', 'CANCELED', 'ERROR', 'COMPLETED'])
        expect(words).toContain(word);
      const elm = rows(await (await lab()).get(`${ELM}/action_history?status=RUNNING`));
      expect(elm).toHaveLength(1);
    });

    it('lets the rules of the partner decide what a canceled backup counts as', async () => {
      const canceled = (await report(await lab({ ...withReport, jobs: 200 }))).filter((row) =>
        types(row).includes('CANCELED'),
      );
      expect(new Set(canceled.map((row) => row['condition_status']))).toEqual(new Set(['COMPLETED', 'WARNING']));
    });

    it('has two accounts with the same computer id, and rows with another username than the path', async () => {
      const client = await lab();
      const [oak, elm] = [await client.get(`${OAK}/computers/0107`), await client.get(`${ELM}/computers/0107`)];
      expect(oak.body['name']).not.toBe(elm.body['name']);
      const row = rows(await client.get(`${ELM}/computers/0107/reports/backup_status`))[0];
      expect(row?.['username']).toBe('elm_school_a');
    });

    it('has a set that failed twice, one that never ran, one without a name, one told of twice', async () => {
      const client = await lab(withReport);
      const exchange = (await history(client, '&order_dir=DESC&type=BACKUP')).filter(
        (row) => text(row['computer_id']) === '0107' && text(row['backupset_name']) === 'Exchange',
      );
      expect(exchange.slice(0, 2).map((row) => row['status'])).toEqual(['ERROR', 'ERROR']);
      const all = await report(client);
      const never = all.find((row) => text(row['local_start']) === '');
      expect(never && types(never)).toEqual(['MISSED']);
      expect(all.some((row) => text(row['backupset_name']) === '')).toBe(true);
      expect(all.length).toBe(new Set(all.map(nameOf)).size + 1);
    });

    it('writes a missing end as empty, null or not at all', async () => {
      const missed = (await report(await lab({ ...withReport, jobs: 400 }))).filter((row) =>
        types(row).includes('MISSED'),
      );
      const forms = missed.map((row) => ('local_end' in row ? JSON.stringify(row['local_end']) : 'absent'));
      expect(new Set(forms)).toEqual(new Set(['""', 'null', 'absent']));
    });

    it("prints each computer's own offset, in winter and summer", async () => {
      expect(await offsets('2026-01-20T10:00:00Z')).toEqual(new Set(['-05:00', '-06:00', '-07:00', '+05:30']));
      expect(await offsets('2026-07-20T10:00:00Z')).toEqual(new Set(['-04:00', '-05:00', '-07:00', '+05:30']));
    });

    it('filters by status and orders actions as asked', async () => {
      const client = await lab({ jobs: 60 });
      const failed = rows(await client.get(`${OAK}/computers/0107/reports/backup_status?condition_status=FAILURE`));
      expect(failed.length).toBeGreaterThan(0);
      expect(new Set(failed.map((row) => row['condition_status']))).toEqual(new Set(['FAILURE']));
      const times = (
        await history(client, '&since=2026-11-18T00:00:00Z&type=BACKUP&order_by=LOCAL_START&order_dir=DESC')
      ).map((row) => Date.parse(text(row['local_start'])));
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.parse('2026-11-18T00:00:00Z'));
    });

    it('answers alike for equal options and an equal clock, however often somebody looked', async () => {
      const [seldom, often, other] = [
        await lab(withReport),
        await lab(withReport),
        await lab({ ...withReport, seed: 9 }),
      ];
      for (const client of [seldom, other]) client.simulator.clock.advance(20 * 3600);
      for (let hour = 0; hour < 20; hour += 1) {
        often.simulator.clock.advance(3600);
        await often.renew();
        await often.get(EVERYTHING);
      }
      await seldom.renew();
      await other.renew();
      expect((await often.get(EVERYTHING)).text).toBe((await seldom.get(EVERYTHING)).text);
      expect((await other.get(EVERYTHING)).text).not.toBe((await seldom.get(EVERYTHING)).text);
    });
  });

  describe('life', () => {
    it('lets a running backup make progress and end', async () => {
      const client = await lab(withReport);
      const running = (await report(client)).find(
        (row) => text(row['computer_id']) === '0107' && types(row).includes('RUNNING'),
      );
      const action = async (): Promise<Json | undefined> =>
        rows(await client.get(`${ELM}/computers/0107/action_history?type=BACKUP&order_dir=DESC`))[0];
      const early = await action();
      expect(early).toMatchObject({ status: 'RUNNING', local_end: '', condition_types: ['RUNNING'] });
      client.simulator.clock.advance(60);
      const later = await action();
      expect(Number(later?.['processed_files'])).toBeGreaterThan(Number(early?.['processed_files']));
      const updated = (await report(client)).find((row) => nameOf(row) === nameOf(running ?? {}));
      expect(Date.parse(text(updated?.['local_end']))).toBeGreaterThan(Date.parse(text(running?.['local_end'])));
      client.simulator.clock.advance(240);
      expect(await action()).toMatchObject({ status: 'SUCCESS', local_end: expect.stringMatching(/-06:00$/) });
      const done = (await report(client)).find((row) => nameOf(row) === nameOf(running ?? {}));
      expect(done?.['condition_status']).toBe('COMPLETED');
    });

    it('runs every set of an active computer each night, and none of a disabled one', async () => {
      const client = await lab(withReport);
      const before = new Map((await report(client)).map((row) => [nameOf(row), text(row['local_start'])]));
      client.simulator.clock.advance(24 * 3600 + 600);
      await client.renew();
      const disabled = rows(await client.get(`${ELM}/computers`)).find((row) => text(row['status']) === 'DISABLED');
      for (const row of await report(client)) {
        const stale = before.get(nameOf(row)) === text(row['local_start']);
        const isDisabled = text(row['computer_id']) === text(disabled?.['computer_id']);
        if (text(row['local_start']) !== '' && !isDisabled) expect([nameOf(row), stale]).toEqual([nameOf(row), false]);
      }
      expect(text(disabled?.['computer_id'])).toBe('0000');
    });
  });

  describe('writes', () => {
    const V2 = '/v2/accounts/oak_clinic/computers/0107';

    it('changes contact data and answers 204', async () => {
      const client = await lab();
      expect((await client.send('PUT', `${OAK}/info`, { phone: '+49 30 1' })).status).toBe(204);
      expect((await client.get(`${OAK}/info`)).body['phone']).toBe('+49 30 1');
    });

    it('switches a set off some seconds after the order, which can be polled', async () => {
      const client = await lab(withReport);
      const order = await client.send('POST', `${V2}/backupsets/toggle`, { backupSetId: 0, value: false });
      const id = order.body['data']?.['id'];
      expect((await client.get(`${V2}/action/${text(id)}/status`)).body).toEqual({ data: { status: 1, reason: '' } });
      client.simulator.clock.advance(30);
      expect((await client.get(`${V2}/action/${text(id)}/status`)).body).toEqual({ data: { status: 5, reason: '' } });
      const shares = async (): Promise<Json | undefined> =>
        rows(await client.get(`${OAK}/computers/0107/reports/backup_status`))[0];
      const before = (await shares())?.['local_start'];
      client.simulator.clock.advance(48 * 3600);
      await client.renew();
      expect((await shares())?.['local_start']).toBe(before);
    });

    it('tells why an order was refused', async () => {
      const client = await lab();
      const order = await client.send('POST', `${V2}/backupsets/toggle`, { backupSetId: 999, value: true });
      const elm = '/v2/accounts/elm_school/computers/0107';
      const removal = await client.send('POST', `${elm}/backupsets/delete`, { backupSetId: 2, deleteData: false });
      client.simulator.clock.advance(30);
      const reason = async (path: string, id: unknown): Promise<unknown> =>
        (await client.get(`${path}/action/${text(id)}/status`)).body['data'];
      expect(await reason(V2, order.body['data']?.['id'])).toEqual({ status: 3, reason: 'BackupSetActions_NotFound' });
      expect(await reason(elm, removal.body['data']?.['id'])).toEqual({
        status: 3,
        reason: 'BackupActions_BackupSetRunning',
      });
      expect((await client.send('POST', `${V2}/settings/apply`, { fileretries: 9 })).status).toBe(400);
      expect((await client.send('POST', `${V2}/backupsets/create`, {})).status).toBe(404);
    });

    it('deletes a set and a computer', async () => {
      const client = await lab();
      await client.send('POST', `${V2}/backupsets/delete`, { backupSetId: 0, deleteData: true });
      client.simulator.clock.advance(30);
      const names = rows(await client.get(`${OAK}/computers/0107/reports/backup_status`)).map(
        (row) => row['backupset_name'],
      );
      expect(names).toEqual(['Exchange']);
      expect((await client.send('DELETE', `${OAK}/computers/0107`)).status).toBe(204);
      expect((await client.get(`${OAK}/computers/0107`)).status).toBe(404);
    });
  });
});
