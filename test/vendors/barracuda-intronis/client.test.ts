import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { readCall } from '../../support/read-call.ts';
import { benches, HOUR, path } from './client-support.ts';
import { list, reportRow, routes, type VendorAnswer } from './vendor-server.ts';

const JOB = 'oak_clinic/0107/Shares';
const RUN = `${JOB}/2026-11-20T07%3A00%3A00.000Z`;
const OAK = 'oak_clinic';

/** A vendor that reports computer by computer. */
const perComputer = {
  [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares')]),
  [path.report(OAK, '007')]: list([reportRow('007', 'Mail', { condition_status: 'FAILURE' })]),
};
const forbidden: VendorAnswer = { status: 403, body: { message: 'no' } };

function timeless(rows: unknown): unknown {
  return JSON.parse(JSON.stringify(rows, (key, value: unknown) => (key === 'observedAt' ? 0 : value)));
}

describe('vendors/barracuda-intronis/client jobs', () => {
  const bench = benches();

  it('reads the account report in one call, without rows of computers that are not configured', async () => {
    const rows = [reportRow('0107', 'Shares'), reportRow('0999', 'Other')];
    const { source, vendor } = await bench(routes({ [path.accountReport(OAK)]: list(rows) }));
    const { rows: jobs, problems } = await source.listJobs(readCall());
    expect(jobs.map(({ nativeId }) => nativeId)).toEqual([JOB]);
    expect(problems).toEqual([]);
    expect(vendor.taken()).toEqual([path.accountReport(OAK)]);
  });

  it.each([404, 405])('learns from %d that an account has no report, and tries again after an hour', async (status) => {
    const { source, vendor, pass } = await bench(
      routes({ ...perComputer, [path.accountReport(OAK)]: { status, body: {} } }),
    );
    const each = [path.report(OAK, '0107'), path.report(OAK, '007')];
    const { rows } = await source.listJobs(readCall());
    expect(rows.map(({ nativeId, status }) => [nativeId, status])).toEqual([
      [JOB, 'SUCCEEDED'],
      ['oak_clinic/007/Mail', 'FAILED'],
    ]);
    expect(vendor.taken().toSorted()).toEqual([...each, path.accountReport(OAK)].toSorted());
    pass(HOUR - 5000);
    await source.listJobs(readCall());
    expect(vendor.taken().toSorted()).toEqual(each.toSorted());
    pass(6000);
    await source.listJobs(readCall());
    expect(vendor.taken()).toContain(path.accountReport(OAK));
  });

  it('learns about each account for itself and merges nothing between them', async () => {
    const { source, vendor } = await bench(
      routes({ ...perComputer, [path.accountReport('elm')]: list([reportRow('0107', 'Shares')]) }),
      { accounts: [{ username: OAK, computers: ['0107'] }, { username: 'elm' }] },
    );
    const { rows } = await source.listJobs(readCall());
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([JOB, 'elm/0107/Shares']);
    vendor.taken();
    await source.listJobs(readCall());
    expect(vendor.taken().toSorted()).toEqual([path.report(OAK, '0107'), path.accountReport('elm')].toSorted());
  });

  it('does not take another failure of the account report for its absence', async () => {
    const { source, vendor } = await bench(routes({ ...perComputer, [path.accountReport(OAK)]: forbidden }));
    await expect(source.listJobs(readCall())).rejects.toMatchObject({ code: 'PERMISSION' });
    expect(vendor.taken()).toEqual([path.accountReport(OAK)]);
  });

  it('lists the computers page by page when none are configured, leaves out deleted ones, and keeps the list', async () => {
    const pages = [['0107', '007'], ['1e5']];
    const statuses: Record<string, string> = { '0107': 'ACTIVE', '007': 'DISABLED', '1e5': 'LOST' };
    const { source, vendor, pass } = await bench(
      routes({
        ...perComputer,
        [path.report(OAK, '1e5')]: list([reportRow('1e5', 'Odd')]),
        [path.computers(OAK)]: ({ url }) => {
          const page = Number(new URL(url, 'http://x').searchParams.get('page') ?? 1);
          const rows = (pages[page - 1] ?? []).map((id) => ({ computer_id: id, status: statuses[id] }));
          return list([...rows, { computer_id: `old${page}`, status: 'DELETED' }], { page, page_size: 3, count: 5 });
        },
      }),
      { accounts: [{ username: OAK }] },
    );
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([JOB, 'oak_clinic/007/Mail', 'oak_clinic/1e5/Odd']);
    expect(problems).toEqual([]);
    expect(vendor.taken().slice(0, 3)).toEqual([
      path.accountReport(OAK),
      path.computers(OAK),
      `${path.computers(OAK)}?page=2`,
    ]);
    await source.listJobs(readCall());
    expect(vendor.taken()).toHaveLength(3);
    pass(HOUR);
    await source.listJobs(readCall());
    expect(vendor.taken()).toContain(path.computers(OAK));
  });

  it('lists the computers anew after one of them has gone', async () => {
    const { source, vendor } = await bench(
      routes({ ...perComputer, [path.computers(OAK)]: list([{ computer_id: '0107' }, { computer_id: 'gone' }]) }),
      { accounts: [{ username: OAK }] },
    );
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows).toHaveLength(1);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['NOT_FOUND', expect.stringContaining('On computer "gone" of account "oak_clinic"')],
    ]);
    vendor.taken();
    await source.listJobs(readCall());
    expect(vendor.taken()).toContain(path.computers(OAK));
  });

  it('makes an account that does not list its computers a problem that says what to configure', async () => {
    const { source } = await bench(routes(perComputer), {
      accounts: [{ username: 'elm' }, { username: OAK, computers: ['0107'] }],
    });
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404, sourceKey: 'msp' });
    expect(problems[0]?.message).toContain('account "elm"');
    expect(problems[0]?.message).toContain('accounts[].computers');
  });

  it('takes an account without computers for an empty one, beside one that fails', async () => {
    const { source } = await bench(
      routes({ [path.computers('elm')]: list([]), [path.accountReport(OAK)]: forbidden }),
      { accounts: [{ username: 'elm' }, { username: OAK }] },
    );
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['PERMISSION']);
  });

  it('makes one computer that may not be read a problem, and all of them a failure', async () => {
    const answers: Record<string, VendorAnswer> = { ...perComputer, [path.report(OAK, '007')]: forbidden };
    const { source, vendor } = await bench((request) => routes(answers)(request));
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([JOB]);
    expect(problems.map(({ code, httpStatus, sourceKey }) => ({ code, httpStatus, sourceKey }))).toEqual([
      { code: 'PERMISSION', httpStatus: 403, sourceKey: 'msp' },
    ]);
    expect(problems[0]?.message).toContain('computer "007" of account "oak_clinic"');
    answers[path.report(OAK, '0107')] = forbidden;
    vendor.taken();
    await expect(source.listJobs(readCall())).rejects.toMatchObject({ code: 'PERMISSION', sourceKey: 'msp' });
  });

  it.each([
    [400, 'BAD_REQUEST'],
    [403, 'PERMISSION'],
    [404, 'NOT_FOUND'],
    [405, 'BAD_REQUEST'],
    [409, 'CONFLICT'],
    [418, 'BAD_REQUEST'],
    [500, 'VENDOR_FAULT'],
  ])('makes of the status %d of one computer the problem %s', async (status, code) => {
    const { source } = await bench(routes({ ...perComputer, [path.report(OAK, '007')]: { status, body: '' } }));
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([JOB]);
    expect(problems).toMatchObject([{ code, httpStatus: status, sourceKey: 'msp' }]);
  });

  it('keeps the good rows of a report beside a bad one', async () => {
    const rows = [reportRow('0107', 'Shares'), { backupset_name: 'x' }];
    const { source } = await bench(routes({ [path.accountReport(OAK)]: list(rows) }));
    const { rows: jobs, problems } = await source.listJobs(readCall());
    expect(jobs).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'MALFORMED_RESPONSE', sourceKey: 'msp' }]);
    expect(problems[0]?.message).toContain('$.list[1].computer_id');
  });

  it('refuses a report that counts rows and holds none', async () => {
    const { source } = await bench(routes({ [path.accountReport(OAK)]: list([], { count: 3 }) }));
    await expect(source.listJobs(readCall())).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });

  it("believes a next link, never the count that the vendor's sample shows beside one row", async () => {
    const { source, vendor } = await bench(
      routes({
        [path.accountReport(OAK)]: ({ url }) =>
          url.endsWith('?page=2')
            ? list([reportRow('007', 'Mail')], { count: 100 })
            : list([reportRow('0107', 'Shares')], {
                count: 100,
                links: [{ rel: 'next', href: 'http://127.0.0.1:9/elsewhere' }],
              }),
      }),
    );
    expect((await source.listJobs(readCall())).rows).toHaveLength(2);
    expect(vendor.taken()).toEqual([path.accountReport(OAK), `${path.accountReport(OAK)}?page=2`]);
  });

  it('gives the same jobs from XML, the known fault of the vendor included', async () => {
    const json = reportRow('0107', 'Shares', { computer_name: 'A & B' });
    const members = Object.entries({ ...json, computer_name: 'A &amp; B', condition_types: undefined })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `<${name}>${value}</${name}>`);
    const row = `<backup_status>${members.join('')}<condition_type>COMPLETED</condition_types></backup_status>`;
    const xml = { headers: { 'content-type': 'application/xml' }, body: `<list count="1">${row}</list>` };
    const [fromXml, fromJson] = await Promise.all([
      bench(routes({ [path.accountReport(OAK)]: xml }), { format: 'xml' }),
      bench(routes({ [path.accountReport(OAK)]: list([json]) })),
    ]);
    const [a, b] = await Promise.all([fromXml, fromJson].map(({ source }) => source.listJobs(readCall())));
    expect(timeless(a)).toEqual(timeless(b));
    expect(a?.rows).toHaveLength(1);
  });

  it('encodes account and computer as single path segments', async () => {
    const { source, vendor } = await bench(undefined, { accounts: [{ username: 'a/b?c', computers: ['../x', '..'] }] });
    await source.listJobs(readCall()).catch(() => undefined);
    expect(vendor.taken()).toEqual([
      '/v1/accounts/a%2Fb%3Fc/reports/backup_status',
      '/v1/accounts/a%2Fb%3Fc/computers/..%2Fx/reports/backup_status',
    ]);
  });

  it('gives the computers that answered in time when the deadline passes', async () => {
    const { source, vendor } = await bench();
    const answer = routes(perComputer);
    let hang: (() => void) | undefined;
    vendor.handle = (request) => {
      if (request.url === path.report(OAK, '007')) {
        hang?.();
        return { status: 503, headers: { 'retry-after': '5' } };
      }
      return answer(request);
    };
    const hung = new Promise<void>((resolve) => (hang = resolve));
    const controller = new AbortController();
    const reading = source.listJobs(readCall({ signal: controller.signal }));
    await hung;
    controller.abort(new GatewayError('TIMEOUT', 'late'));
    const { rows, problems } = await reading;
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([JOB]);
    expect(problems.map(({ code }) => code)).toEqual(['TIMEOUT']);
  });

  it('ends with the caller', async () => {
    const { source } = await bench(routes(perComputer));
    const signal = AbortSignal.abort(new GatewayError('CANCELLED_BY_CALLER', 'gone'));
    await expect(source.listJobs(readCall({ signal }))).rejects.toMatchObject({ code: 'CANCELLED_BY_CALLER' });
  });

  it('reads one job by its computer, and tells a job that is not there by its absence', async () => {
    const { source, vendor } = await bench(routes(perComputer));
    const ids = [JOB, 'oak_clinic/0107/Nothing', 'oak_clinic/0999/Shares', 'elm/0107/Shares', 'nonsense', '%'];
    const jobs = await source.readJobs(ids, readCall());
    expect([...jobs.keys()]).toEqual([JOB]);
    expect(jobs.get(JOB)).toMatchObject({ status: 'SUCCEEDED' });
    expect(vendor.taken()).toEqual([path.report(OAK, '0107')]);
  });

  it('reads jobs of several computers from the account report when there is one', async () => {
    const { source, vendor } = await bench(
      routes({ [path.accountReport(OAK)]: list([reportRow('0107', 'Shares'), reportRow('007', 'Mail')]) }),
    );
    const ids = [JOB, 'oak_clinic/007/Mail'];
    expect((await source.readJobs(ids, readCall())).size).toBe(2);
    expect(vendor.taken()).toEqual([path.accountReport(OAK)]);
    expect((await source.readJobs([JOB], readCall())).size).toBe(1);
    expect(vendor.taken()).toEqual([path.accountReport(OAK)]);
  });

  it('reads the report once within one operation, whatever is asked of it', async () => {
    const { source, vendor } = await bench(routes(perComputer));
    const call = readCall();
    await source.listJobs(call);
    await source.readJobs([JOB], call);
    await source.listProtectedObjects(call);
    await source.readProtectedObjects([JOB], call);
    expect(vendor.taken()).toHaveLength(3);
  });

  it('says by key what a forbidden computer is, and what a bad row may hide', async () => {
    const bad = list([reportRow('0107', 'Shares'), { computer_id: '0107', errors: 'x' }]);
    const { source } = await bench(routes({ [path.report(OAK, '0107')]: bad, [path.report(OAK, '007')]: forbidden }));
    const ids = [JOB, 'oak_clinic/0107/Hidden', 'oak_clinic/007/Mail'];
    const jobs = await source.readJobs(ids, readCall());
    expect(jobs.get(JOB)).toMatchObject({ name: 'Shares' });
    expect(jobs.get('oak_clinic/0107/Hidden')).toMatchObject({ code: 'MALFORMED_RESPONSE', sourceKey: 'msp' });
    expect(jobs.get('oak_clinic/007/Mail')).toMatchObject({ code: 'PERMISSION' });
  });

  it('tells a job of a computer that does not exist by its absence', async () => {
    const { source } = await bench(undefined, { accounts: [{ username: OAK }] });
    expect((await source.readJobs(['oak_clinic/none/Shares'], readCall())).size).toBe(0);
  });

  it('throws when a read by key meets a failure of the whole source', async () => {
    const { source } = await bench(({ url }) => (url === '/oauth2/token' ? undefined : { body: '<html/>' }));
    await expect(source.readJobs([JOB], readCall())).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });

  it('makes a protected object of each set', async () => {
    const { source } = await bench(routes(perComputer));
    const { rows } = await source.listProtectedObjects(readCall());
    expect(rows).toEqual([
      { sourceKey: 'msp', nativeId: JOB, name: 'Shares on Computer 0107', kind: 'COMPUTER_BACKUP_SET' },
      { sourceKey: 'msp', nativeId: 'oak_clinic/007/Mail', name: 'Mail on Computer 007', kind: 'COMPUTER_BACKUP_SET' },
    ]);
    expect((await source.readProtectedObjects([JOB, 'oak_clinic/0107/x'], readCall())).get(JOB)).toEqual(rows[0]);
  });

  it('probes with the account itself, in both formats', async () => {
    const json = await bench(routes({ [path.account(OAK)]: { body: { username: OAK } } }));
    await json.source.probe(readCall());
    expect(json.vendor.taken()).toEqual([path.account(OAK)]);
    const xml = await bench(routes({ [path.account(OAK)]: { body: '<account><username>x</username></account>' } }), {
      format: 'xml',
    });
    await xml.source.probe(readCall());
    xml.vendor.handle = routes({ [path.account(OAK)]: { body: '<html/>' } });
    await expect(xml.source.probe(readCall())).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
    xml.vendor.handle = () => undefined;
    await expect(xml.source.probe(readCall())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('offers reading alone, and says of each write where it can be done', async () => {
    const { source } = await bench(routes({ [path.accountReport(OAK)]: list([reportRow('0107', 'Shares')]) }));
    const [job] = (await source.listJobs(readCall())).rows;
    if (job === undefined) throw new Error('no job');
    const offered = source.jobCapabilities(job);
    expect(
      Object.entries(offered)
        .filter(([, reading]) => reading.supported)
        .map(([name]) => name),
    ).toEqual(['READ_RUN_HISTORY', 'READ_SIZES']);
    for (const reading of Object.values(offered))
      if (!reading.supported)
        expect(reading).toMatchObject({ reason: 'NOT_OFFERED_BY_VENDOR', explanation: expect.stringMatching(/\.$/) });
  });
});

describe('vendors/barracuda-intronis/client messages', () => {
  const bench = benches();

  it('has no log lines to read and makes no call for them', async () => {
    const { source, vendor } = await bench();
    expect([...(await source.readMessages([RUN, 'nonsense'], readCall()))]).toEqual([[RUN, []]]);
    expect(vendor.requests).toEqual([]);
  });
});
