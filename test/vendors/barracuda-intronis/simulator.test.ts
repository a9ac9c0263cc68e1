import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/vendors/barracuda-intronis/simulator.ts';
import {
  ELM,
  OAK,
  READ_SCOPES,
  ask,
  lab,
  parseXml,
  rows,
  start,
  text,
  token,
  type Answer,
  type Json,
} from './simulator-lab.ts';

const REPORT = `${OAK}/computers/0107/reports/backup_status`;

describe('vendors/barracuda-intronis/simulator', () => {
  describe('login', () => {
    it('gives a token for the grant type none, its lifetime as text, without refresh', async () => {
      const answer = await token(await start());
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ access_token: expect.any(String), expires_in: '3600' });
    });

    it.each([
      [{ grant_type: 'client_credentials' }, 'unsupported_grant_type'],
      [{ client_secret: 'ffffffffffffffffffffffffffffffff' }, 'invalid_client'],
      [{ scope: 'accounts_read computers_read' }, 'invalid_scope'],
      [{ scope: 'everything' }, 'invalid_scope'],
    ])('refuses %j', async (fields, error) => {
      const answer = await token(await start(), fields);
      expect([answer.status, answer.body]).toEqual([400, { error }]);
    });

    it('ends the token on the simulation clock', async () => {
      const client = await lab();
      client.simulator.clock.advance(3599);
      expect((await client.get(REPORT)).status).toBe(200);
      client.simulator.clock.advance(1);
      expect((await client.get(REPORT)).status).toBe(401);
      await client.renew();
      expect((await client.get(REPORT)).status).toBe(200);
    });

    it('wants the scheme word OAuth', async () => {
      const simulator = await start();
      const value = text((await token(simulator)).body['access_token']);
      const status = async (authorization: string): Promise<number> =>
        (await ask(simulator.url + REPORT, { headers: { authorization, accept: 'application/json' } })).status;
      expect([await status(`Bearer ${value}`), await status(value), await status(`Oauth ${value}`)]).toEqual([
        401, 401, 200,
      ]);
    });

    it('answers 403 where the token lacks the scope', async () => {
      const client = await lab({}, 'computers_read');
      expect((await client.get(REPORT)).status).toBe(200);
      expect((await client.get(OAK)).status).toBe(403);
      expect((await (await lab({}, READ_SCOPES)).send('DELETE', `${OAK}/computers/0107`)).status).toBe(403);
    });
  });

  describe('formats', () => {
    it.each([undefined, '*/*', 'application/json, application/xml', 'text/html'])(
      'refuses Accept %s',
      async (accept) => {
        const simulator = await start();
        const authorization = `OAuth ${text((await token(simulator)).body['access_token'])}`;
        const headers = { authorization, ...(accept === undefined ? {} : { accept }) };
        expect((await ask(simulator.url + REPORT, { headers })).status).toBe(406);
      },
    );

    it('tells the same report in JSON and XML', async () => {
      const client = await lab({ jobs: 40 });
      for (const path of [`${OAK}/computers/0107`, `${OAK}/computers/007`, `${ELM}/computers/0000`]) {
        const json = rows(await client.get(`${path}/reports/backup_status`));
        const list = parseXml(await client.getXml(`${path}/reports/backup_status`))['list'] ?? {};
        expect(list['@count']).toBe(String(json.length));
        expect(list['@page_size']).toBe('100');
        const xml = list['backup_status'] as unknown as readonly Json[];
        expect(xml.map(fromXml)).toEqual(json.map(plain));
      }
    });

    it('keeps ids as text, zeros and all', async () => {
      const client = await lab({ jobs: 20 });
      const ids = rows(await client.get(`${OAK}/computers`)).map((row) => row['computer_id']);
      expect(ids).toEqual(expect.arrayContaining(['0107', '007', '1e5']));
      for (const id of ids) {
        const answer = await client.getXml(`${OAK}/computers/${encodeURIComponent(text(id))}/reports/backup_status`);
        expect(answer.text).toContain(`<computer_id>${text(id)}</computer_id>`);
      }
    });

    it('writes an empty list without rows in both formats', async () => {
      const client = await lab({ jobs: 0 });
      expect((await client.get(`${OAK}/computers`)).body).toEqual({
        page: 1,
        page_size: 10,
        count: 0,
        links: [],
        list: [],
      });
      expect((await client.getXml(`${OAK}/computers`)).text).toContain('<list page="1" page_size="10" count="0"/>');
    });

    it('writes the mismatched tag of the printed sample only when told to', async () => {
      const good = await (await lab()).getXml(REPORT);
      const bad = await (await lab({ variant: { malformedSample: 'yes' } })).getXml(REPORT);
      expect(XMLValidator.validate(good.text)).toBe(true);
      expect(bad.text).toContain('<condition_type>COMPLETED</condition_types>');
      expect(bad.text.replaceAll('</condition_types>', '</condition_type>')).toBe(good.text);
    });

    it('writes letters beyond ASCII raw and as references', async () => {
      const { text: xml } = await (await lab()).getXml(`${OAK}/computers/007`);
      expect(xml).toContain('<name>B&#252;ro-PC &quot;Empfang&quot;</name>');
      const names = await (await lab({ jobs: 5000 })).getXml(`${OAK}/computers/0107/reports/backup_status`);
      expect(names.text).toContain('<backupset_name>Ärzte/Befunde 100%</backupset_name>');
    });

    it('answers one computer and one account as an object or an element of that name', async () => {
      const client = await lab();
      const computer = (await client.get(`${OAK}/computers/0107`)).body;
      expect(computer).toMatchObject({
        username: 'oak_clinic',
        computer_id: '0107',
        status: 'ACTIVE',
        usage: expect.stringMatching(/^\d+$/),
      });
      expect(parseXml(await client.getXml(`${OAK}/computers/0107`))['computer']?.['0']?.['computer_id']).toBe('0107');
      const account = (await client.get(OAK)).body;
      expect(account).toMatchObject({ username: 'oak_clinic', usage: expect.any(Number), account_id: 4000 });
      expect(parseXml(await client.getXml(OAK))['account']?.['link']).toHaveLength(9);
    });
  });

  describe('errors', () => {
    it.each([
      [`${OAK}/computers/9999/reports/backup_status`, 404],
      ['/v1/accounts/nobody/computers/0107/reports/backup_status', 404],
      [`${OAK}/computers/0107/reports/size`, 404],
      ['/v3/accounts/oak_clinic', 404],
      [`${OAK}/reports/backup_status`, 404],
      [`${REPORT}?condition_status=GOOD`, 400],
      [`${REPORT}?condition_status=WARNING,FAILURE`, 400],
      [`${REPORT}?order_by=LOCAL_START`, 400],
      [`${OAK}/action_history?page_size=51`, 400],
      [`${OAK}/action_history?since=yesterday`, 400],
    ])('answers %s with %i in both formats', async (path, status) => {
      const client = await lab();
      const json = await client.get(path);
      expect([json.status, Object.keys(json.body)]).toEqual([status, ['code', 'message']]);
      const xml = await client.getXml(path);
      expect([xml.status, parseXml(xml)['error']?.['code']]).toEqual([status, String(status)]);
    });

    it('answers 405 to another method', async () => {
      const client = await lab();
      expect((await client.send('POST', REPORT, {})).status).toBe(405);
      expect((await client.send('GET', '/oauth2/token')).status).toBe(405);
    });

    it('has forms of 401 and 429 for the faults', async () => {
      const client = await lab();
      client.simulator.fault({ kind: 'unauthorized', times: 1 });
      expect((await client.get(REPORT)).status).toBe(401);
      client.simulator.fault({ kind: 'throttle', times: 1, retryAfterSeconds: 5 });
      const answer = await client.get(REPORT);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5']);
    });
  });

  describe('variants', () => {
    it('serves the reports of an account and of the partner only when told to', async () => {
      const client = await lab({ variant: { accountReport: 'yes' } });
      const oak = rows(await client.get(`${OAK}/reports/backup_status`));
      const all = rows(await client.get('/v1/partners/example_partner/reports/backup_status'));
      expect(new Set(oak.map((row) => row['computer_id']))).toEqual(new Set(['0107', '007', '1e5']));
      expect(all.length).toBeGreaterThan(oak.length);
      expect((await client.get('/v1/partners/somebody/reports/backup_status')).status).toBe(404);
    });

    it('leaves out action history and the list of computers when told to', async () => {
      const client = await lab({ variant: { actionHistory: 'no', computerList: 'no' } });
      const statuses: number[] = [];
      for (const path of [`${OAK}/action_history`, `${OAK}/computers/0107/action_history`, `${OAK}/computers`, REPORT])
        statuses.push((await client.get(path)).status);
      expect(statuses).toEqual([404, 404, 404, 200]);
    });

    it('refuses variants that it does not know', async () => {
      await expect(startSimulator({ variant: { accountReport: 'maybe' } })).rejects.toThrow('accountReport');
      await expect(startSimulator({ variant: { format: 'xml' } })).rejects.toThrow('format');
    });
  });

  describe('paging', () => {
    it('gives a report as one page whatever it holds, and the same for any page', async () => {
      // 250 backup sets, one of them told of twice.
      const client = await lab({ jobs: 5000, variant: { accountReport: 'yes' } });
      const startedAt = performance.now();
      const first = await client.get(`${OAK}/reports/backup_status`);
      expect(performance.now() - startedAt).toBeLessThan(1000);
      expect(first.body).toMatchObject({ page: 1, page_size: 100, count: 251 });
      expect(rows(first)).toHaveLength(251);
      expect((await client.get(`${OAK}/reports/backup_status?page=2`)).body['count']).toBe(251);
    });

    it('pages the action history, ten rows unless asked, to the end', async () => {
      const client = await lab();
      const seen: Json[] = [];
      let answer: Answer | undefined;
      for (let page = 1; answer === undefined || linksOf(answer).includes('next'); page += 1) {
        answer = await client.get(`${OAK}/action_history?page=${page}&type=BACKUP`);
        seen.push(...rows(answer));
      }
      expect(answer.body).toMatchObject({ page_size: 10, count: seen.length });
      expect(seen.length).toBeGreaterThan(20);
      expect(new Set(seen.map((row) => `${text(row['computer_id'])}/${text(row['action_id'])}`)).size).toBe(
        seen.length,
      );
      expect(new Set(seen.map((row) => row['action_id'])).size).toBeLessThan(seen.length);
    });

    it('pages for ever under the fault for it', async () => {
      const client = await lab();
      client.simulator.fault({ kind: 'endless-paging' });
      const answer = await client.get(`${OAK}/action_history?page=500`);
      expect([rows(answer).length, linksOf(answer).includes('next')]).toEqual([10, true]);
      expect(Number(answer.body['count'])).toBeGreaterThan(5000);
    });

    it('writes links to a host and paths that are not to be followed', async () => {
      const { text: body } = await (await lab()).get(`${OAK}/computers/0107/action_history?page_size=3`);
      expect(body).toContain(
        'https://api.intronis.com/v1/accounts/oak_clinic/computer/0107/action_history?page_size=3&page=2',
      );
    });

    it('lists the accounts of the partner, usage by day, and the time', async () => {
      const client = await lab({ jobs: 5000 });
      const signups = await client.get('/v1/partners/example_partner/signups?page_size=100');
      expect(rows(signups).map((row) => row['username'])).toEqual(client.simulator.credentials['accounts']?.split(','));
      const usage = parseXml(await client.getXml(`${OAK}/computers/0107/usage_history?page_size=90`));
      expect(usage['list']?.['usage']).toHaveLength(30);
      expect((await client.get('/v1/general/time')).body['time']).toBe('2026-11-20T05:00:00-05:00');
    });
  });
});

function linksOf(answer: Answer): string[] {
  return (answer.body['links'] as unknown as readonly { rel: string }[]).map(({ rel }) => rel);
}

/** A row of either format with every value as text, missing ones and null as empty. */
function plain(row: Json): Record<string, string> {
  const entries = Object.entries(row).map(([name, value]) => [name, text((value as unknown) ?? '')] as const);
  return { local_end: '', ...Object.fromEntries(entries) };
}

function fromXml(row: Json): Record<string, string> {
  const { condition_type, ...others } = row;
  return plain({ ...others, condition_types: condition_type });
}
