import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfig, startDemoSimulators, type DemoSimulators } from '../../src/cli/demo.ts';
import { STATUS_CSV_COLUMNS } from '../../src/domain/status-csv.ts';
import { startGateway, type Gateway } from '../../src/server/create-gateway.ts';
import { Secret } from '../../src/domain/secret.ts';
import { silentLog } from '../support/silent-log.ts';

const KEY = 'export-reader-key-0123456789';

let simulators: DemoSimulators;
let open: Gateway;
let locked: Gateway;

beforeAll(async () => {
  simulators = await startDemoSimulators();
  const config = demoConfig(simulators, { port: 0, managementPort: 0 });
  const sources = config.sources.filter(({ key }) => !['m365-lab'].includes(key));
  open = await startGateway({ config: { ...config, sources }, log: silentLog });
  const callers = [{ name: 'reader', role: 'READ' as const, key: new Secret(KEY) }];
  locked = await startGateway({ config: { ...config, callers, sources }, log: silentLog });
}, 30_000);

afterAll(async () => {
  await Promise.all([open.close(), locked.close()]);
  await simulators.close();
});

const at = (gateway: Gateway, path: string): URL => new URL(path, gateway.url);

/** A reader of RFC 4180 that knows nothing of the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== '\r\n') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('server/exports: status.csv', () => {
  it('has a row for every protected object, worst first, and says what is missing', async () => {
    const response = await fetch(at(open, '/export/status.csv'));
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    expect(response.headers.get('x-backupgraph-incomplete')).toBe('vc-branch');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="status-incomplete.csv"');
    const [head, ...rows] = parseCsv(await response.text());
    expect(head).toEqual(STATUS_CSV_COLUMNS);
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([STATUS_CSV_COLUMNS.length]));
    const statuses = rows.map((row) => row[STATUS_CSV_COLUMNS.indexOf('status')]);
    expect(statuses[0]).toBe('FAILED');
    expect(statuses.lastIndexOf('FAILED')).toBeLessThan(statuses.indexOf('SUCCEEDED'));
    const verdicts = new Set(rows.map((row) => row[STATUS_CSV_COLUMNS.indexOf('rpo')]));
    expect(verdicts.size).toBeGreaterThan(2);
  });

  it('takes the filters of the queries', async () => {
    const response = await fetch(at(open, '/export/status.csv?vendor=VCENTER&label=site=hq&source=vc-hq'));
    expect(response.headers.get('x-backupgraph-incomplete')).toBeNull();
    const rows = parseCsv(await response.text()).slice(1);
    expect(rows.map(([source]) => source)).toEqual(['vc-hq']);
    const none = await fetch(at(open, '/export/status.csv?source=vc-hq&kind=backup_set'));
    expect(parseCsv(await none.text()).length).toBe(1);
  });

  it.each([
    ['status.csv?label=sitee', undefined],
    ['upcoming.ics?label=site=nowhere', undefined],
    ['status.csv?label=', 'label'],
    ['status.csv?days=3', 'days'],
    ['upcoming.ics?days=2&days=3', 'days'],
    ['status.csv?search=a&search=b', 'search'],
    ['status.csv?rpo=RED', 'rpo'],
    ['status.csv?colour=red', 'colour'],
  ])('refuses %s: an empty file would look as if nothing were wrong', async (path, argument) => {
    const response = await fetch(at(open, `/export/${path}`));
    expect(response.status).toBe(400);
    const body = (await response.json()) as { errors: { extensions: { code: string; argument?: string } }[] };
    expect(body.errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT' });
    expect(body.errors[0]?.extensions.argument).toBe(argument);
  });

  it('needs a key where callers are configured', async () => {
    const refused = await fetch(at(locked, '/export/status.csv'));
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer, Basic realm="BackupGraph"',
    ]);
    await refused.text();
    const basic = (password: string): string => `Basic ${Buffer.from(`calendar:${password}`).toString('base64')}`;
    const statusWith = async (authorization: string, path = '/export/status.csv?source=vc-hq'): Promise<number> => {
      const response = await fetch(at(locked, path), { headers: { authorization } });
      await response.text();
      return response.status;
    };
    expect(await statusWith(`Bearer ${KEY}`)).toBe(200);
    // What calendar programs and spreadsheets can send.
    expect(await statusWith(basic(KEY))).toBe(200);
    expect(await statusWith(basic('another'))).toBe(401);
    expect(await statusWith(basic(''))).toBe(401);
    // Browsers keep such a password and send it by themselves: never for operations.
    expect(await statusWith(basic(KEY), '/graphql?query={__typename}')).toBe(401);
  });
});

describe('server/exports: upcoming.ics', () => {
  it('is a calendar that an independent program reads', async () => {
    const response = await fetch(at(open, '/export/upcoming.ics?days=2&vendor=VCENTER&vendor=VEEAM_M365'));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    const text = await response.text();
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toContain('incomplete: vc-branch');
    const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
    expect(events.length).toBeGreaterThan(50);
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
    const starts = events.map(({ startDate }) => startDate.toJSDate().getTime());
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(events.some(({ summary }) => summary.includes('Rathaus Bad Tölz'))).toBe(true);
  });
});

describe('server/exports: bad input', () => {
  it.each([
    ['/export/status.csv?source=nowhere', 'filter.sources'],
    ['/export/status.csv?status=green', 'status'],
    ['/export/status.csv?enabled=maybe', 'enabled'],
    ['/export/status.csv?stauts=FAILED', 'stauts'],
    ['/export/upcoming.ics?days=0', 'days'],
    ['/export/upcoming.ics?days=1000', 'days'],
  ])('%s is refused, naming what is wrong', async (path, argument) => {
    const response = await fetch(at(open, path));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { argument } }] });
  });

  it('answers GET alone', async () => {
    const response = await fetch(at(open, '/export/status.csv'), { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
