import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { Rows } from '../../../src/vendors/contract.ts';
import { readCall } from '../../support/read-call.ts';
import { benches, HOUR, path } from './client-support.ts';
import { actionRow, list, reportRow, routes, type VendorAnswer, type VendorRequest } from './vendor-server.ts';

const OAK = 'oak_clinic';
const JOB = 'oak_clinic/0107/Shares';
const MAIL = 'oak_clinic/007/Mail';

function started(day: number): string {
  return `2026-11-${String(day).padStart(2, '0')}T02:00:00-05:00`;
}

function run(job: string, day: number): string {
  return `${job}/2026-11-${String(day).padStart(2, '0')}T07%3A00%3A00.000Z`;
}

const reports = { [path.accountReport(OAK)]: list([reportRow('0107', 'Shares'), reportRow('007', 'Mail')]) };

/** Pages of a history with one run a day of one set, newest first. */
function daily(size: number, days: readonly number[]) {
  return ({ url }: VendorRequest): VendorAnswer => {
    const page = Number(new URL(url, 'http://x').searchParams.get('page'));
    const rows = days
      .slice((page - 1) * size, page * size)
      .map((day) => actionRow('0107', 'Shares', { action_id: day, local_start: started(day) }));
    return list(rows, { page, page_size: size, count: days.length });
  };
}

function paramsOf(url: string | undefined): Record<string, string> {
  return Object.fromEntries(new URL(url ?? '', 'http://x').searchParams);
}

function rowsIn(answer: Rows<BackupRun> | GatewayError | undefined): Rows<BackupRun> {
  if (answer === undefined || answer instanceof GatewayError) throw answer ?? new Error('no rows');
  return answer;
}

describe('vendors/barracuda-intronis/history', () => {
  const bench = benches();

  it('lists the runs of an account from its history and its report, each run once', async () => {
    const history = [
      actionRow('0107', 'Shares', { condition_status: '', condition_types: [], warnings: '' }),
      actionRow('0107', 'Shares', { local_start: started(19), status: 'ERROR', condition_status: 'FAILURE' }),
      actionRow('0999', 'Other'),
      actionRow('0107', '', { type: 'RESTORE' }),
      actionRow('0107', '', { type: 'DELETE' }),
      actionRow('0107', 'Shares', { local_start: started(18), type: 'VERIFY' }),
    ];
    const { source, vendor } = await bench(routes({ ...reports, [path.history(OAK)]: list(history) }));
    const { rows, problems } = await source.listRuns({}, readCall());
    expect(problems).toEqual([]);
    expect(rows.map(({ nativeId, status, bytes }) => [nativeId, status, bytes])).toEqual([
      [run(JOB, 20), 'SUCCEEDED', 1000n],
      [run(MAIL, 20), 'SUCCEEDED', undefined],
      [run(JOB, 19), 'FAILED', 1000n],
      [run(JOB, 18), 'UNKNOWN', 1000n],
    ]);
    const urls = vendor.taken();
    expect(urls).toHaveLength(2);
    expect(paramsOf(urls.find((url) => url.includes('action_history')))).toEqual({
      type: 'BACKUP',
      order_by: 'LOCAL_START',
      order_dir: 'DESC',
      page_size: '50',
      page: '1',
    });
  });

  it('asks for runs since the instant that the query names, in whole seconds', async () => {
    const { source, vendor } = await bench(routes({ ...reports, [path.history(OAK)]: list([]) }));
    await source.listRuns({ startedAfter: new Date('2026-11-19T12:00:00.789Z') }, readCall());
    expect(paramsOf(vendor.taken().find((url) => url.includes('action_history')))).toMatchObject({
      since: '2026-11-19T12:00:00Z',
    });
  });

  it('reads page after page until the count is reached', async () => {
    const { source, vendor } = await bench(routes({ ...reports, [path.history(OAK)]: daily(2, [20, 19, 18, 17, 16]) }));
    const { rows, problems } = await source.listRuns({}, readCall());
    expect([rows.length, problems]).toEqual([6, []]);
    expect(vendor.taken().filter((url) => url.includes('action_history'))).toHaveLength(3);
  });

  it('does not take an empty page for the end before the count is reached', async () => {
    const { source, vendor } = await bench(
      routes({
        ...reports,
        [path.history(OAK)]: (request) =>
          paramsOf(request.url)['page'] === '2'
            ? list([], { page: 2, page_size: 2, count: 3 })
            : daily(2, [20, 19, 18])(request),
      }),
    );
    const { rows, problems } = await source.listRuns({}, readCall());
    expect(rows).toHaveLength(3);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['MALFORMED_RESPONSE', expect.stringContaining('page 2 is empty')],
    ]);
    expect(vendor.taken().filter((url) => url.includes('action_history'))).toHaveLength(2);
  });

  it('ends at an empty page once the count is reached, whatever the links say', async () => {
    const links = [{ rel: 'next', href: '/' }];
    const { source } = await bench(
      routes({
        ...reports,
        [path.history(OAK)]: ({ url }) =>
          paramsOf(url)['page'] === '1'
            ? list([actionRow('0107', 'Shares')], { links })
            : list([], { count: 1, links }),
      }),
    );
    const { rows, problems } = await source.listRuns({}, readCall());
    expect([rows.length, problems]).toEqual([2, []]);
  });

  it('ends at a page that repeats, and says that the list is cut', async () => {
    const page = list([actionRow('0107', 'Shares')], { page_size: 1, count: 900, links: [{ rel: 'next', href: '/' }] });
    const { source, vendor } = await bench(routes({ ...reports, [path.history(OAK)]: page }));
    const { rows, problems } = await source.listRuns({}, readCall());
    expect(rows).toHaveLength(2);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['MALFORMED_RESPONSE', expect.stringContaining('page 2 repeats')],
    ]);
    expect(vendor.taken()).toHaveLength(3);
  });

  it('ends at the page limit when pages never end, with the rows so far', async () => {
    let day = 0;
    const { source, vendor } = await bench(
      routes({
        ...reports,
        [path.history(OAK)]: () =>
          list([actionRow('0107', 'Shares', { action_id: (day += 1) })], { links: [{ rel: 'next', href: '/' }] }),
      }),
    );
    const { rows, problems } = await source.listRuns({}, readCall());
    expect(rows).toHaveLength(2);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('100 pages are the limit')]);
    expect(vendor.taken()).toHaveLength(101);
  });

  it('keeps the pages so far when a later one fails', async () => {
    const { source } = await bench(
      routes({
        ...reports,
        [path.history(OAK)]: (request) =>
          paramsOf(request.url)['page'] === '2' ? { status: 403 } : daily(2, [20, 19, 18])(request),
      }),
    );
    const { rows, problems } = await source.listRuns({}, readCall());
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([run(JOB, 20), run(MAIL, 20), run(JOB, 19)]);
    expect(problems.map(({ code }) => code)).toEqual(['PERMISSION']);
  });

  it.each([404, 405])(
    'knows the newest runs alone where history answers %d, and says so for an hour',
    async (status) => {
      const { source, vendor, pass } = await bench(
        routes({
          ...reports,
          [path.history(OAK)]: { status },
          [path.accountReport('elm')]: list([]),
          [path.history('elm')]: list([]),
        }),
        { accounts: [{ username: OAK }, { username: 'elm' }] },
      );
      const { rows, problems } = await source.listRuns({}, readCall());
      expect(rows).toHaveLength(2);
      expect(problems).toMatchObject([{ code: 'NOT_FOUND', sourceKey: 'msp' }]);
      expect(problems[0]?.message).toMatch(/"oak_clinic": only the newest run of each backup set is known/);
      vendor.taken();
      pass(HOUR - 5000);
      expect((await source.listRuns({}, readCall())).problems).toHaveLength(1);
      expect(vendor.taken().filter((url) => url.startsWith(path.history(OAK)))).toEqual([]);
      pass(6000);
      await source.listRuns({}, readCall());
      expect(vendor.taken().filter((url) => url.startsWith(path.history(OAK)))).toHaveLength(1);
    },
  );

  it('says in the capabilities of jobs and runs that there is no history, once it is known', async () => {
    const { source } = await bench(routes(reports));
    const [job] = (await source.listJobs(readCall())).rows;
    if (job === undefined) throw new Error('no job');
    expect(source.jobCapabilities(job).READ_RUN_HISTORY.supported).toBe(true);
    const [newest] = (await source.listRuns({}, readCall())).rows;
    if (newest === undefined) throw new Error('no run');
    for (const offered of [source.jobCapabilities(job), source.runCapabilities(newest)]) {
      expect(offered.READ_RUN_HISTORY).toMatchObject({ supported: false, reason: 'NOT_OFFERED_BY_VENDOR' });
      expect(offered.READ_SIZES.supported).toBe(false);
    }
  });

  it('keeps report rows when the history may not be read, and history rows when the report may not', async () => {
    const forbidden = { status: 403 };
    const noHistory = await bench(routes({ ...reports, [path.history(OAK)]: forbidden }));
    const noReport = await bench(
      routes({ [path.accountReport(OAK)]: forbidden, [path.history(OAK)]: daily(50, [20, 19]) }),
    );
    for (const { source } of [noHistory, noReport]) {
      const { rows, problems } = await source.listRuns({}, readCall());
      expect(rows).toHaveLength(2);
      expect(problems.map(({ code }) => code)).toEqual(['PERMISSION']);
    }
    const nothing = await bench(routes({ [path.accountReport(OAK)]: forbidden, [path.history(OAK)]: forbidden }));
    await expect(nothing.source.listRuns({}, readCall())).rejects.toMatchObject({ code: 'PERMISSION' });
  });

  it('reads runs of one computer from its own history, since just before the oldest of them', async () => {
    const { source, vendor } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares', { condition_status: 'WARNING' })]),
        [path.computerHistory(OAK, '0107')]: daily(50, [20, 19, 18]),
      }),
    );
    const ids = [run(JOB, 20), run(JOB, 18), run(JOB, 3), `${JOB}/report`, 'nonsense'];
    const runs = await source.readRuns(ids, readCall());
    expect([...runs.keys()]).toEqual([run(JOB, 20), run(JOB, 18)]);
    expect(runs.get(run(JOB, 20))).toMatchObject({ status: 'WARNING', bytes: 1000n });
    const urls = vendor.taken();
    expect(urls).toHaveLength(2);
    expect(paramsOf(urls.find((url) => url.startsWith(path.computerHistory(OAK, '0107'))))).toMatchObject({
      since: '2026-11-03T06:59:59Z',
    });
  });

  it('stops paging once every wanted run is found', async () => {
    const { source, vendor } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares')]),
        [path.computerHistory(OAK, '0107')]: daily(2, [20, 19, 18, 17, 16]),
      }),
    );
    expect((await source.readRuns([run(JOB, 18)], readCall())).size).toBe(1);
    expect(vendor.taken().filter((url) => url.includes('action_history'))).toHaveLength(2);
  });

  it('gives the same run by id as in the list', async () => {
    const { source } = await bench(
      routes({
        ...reports,
        [path.history(OAK)]: daily(50, [20, 19]),
        [path.computerHistory(OAK, '0107')]: daily(50, [20, 19]),
        [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares')]),
      }),
    );
    const listed = (await source.listRuns({}, readCall())).rows.filter(({ jobNativeId }) => jobNativeId === JOB);
    for (const expected of listed) {
      const found = (await source.readRuns([expected.nativeId], readCall())).get(expected.nativeId);
      expect(found).toEqual({ ...expected, observedAt: expect.any(Date) });
    }
    expect(listed).toHaveLength(2);
  });

  it('says why a run was not found when the history failed, and gives the one that the report holds', async () => {
    const { source } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares')]),
        [path.computerHistory(OAK, '0107')]: { status: 403 },
      }),
    );
    const runs = await source.readRuns([run(JOB, 20), run(JOB, 19)], readCall());
    expect(runs.get(run(JOB, 20))).toMatchObject({ status: 'SUCCEEDED' });
    expect(runs.get(run(JOB, 19))).toMatchObject({ code: 'PERMISSION' });
  });

  it('finds a run without a beginning by its id', async () => {
    const missed = reportRow('0107', 'Shares', { local_start: '', condition_types: ['MISSED'] });
    const { source } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([missed]),
        [path.computerHistory(OAK, '0107')]: daily(1, [20, 19, 18]),
      }),
    );
    const runs = await source.readRuns([`${JOB}/report`], readCall());
    expect(runs.get(`${JOB}/report`)).toMatchObject({ status: 'MISSED', startedAt: undefined });
  });

  it('reads runs of all jobs with one list of the account, newest first', async () => {
    const days = [18, 20, 19];
    const { source, vendor } = await bench(routes({ ...reports, [path.history(OAK)]: daily(50, days) }));
    const call = readCall();
    await source.listJobs(call);
    vendor.taken();
    const runs = await source.readRunsOfJobs([JOB, MAIL, 'oak_clinic/0107/Nothing'], {}, call);
    expect([...runs.keys()]).toEqual([JOB, MAIL]);
    const { rows, problems } = rowsIn(runs.get(JOB));
    expect(rows.map(({ nativeId }) => nativeId)).toEqual([20, 19, 18].map((day) => run(JOB, day)));
    expect(problems).toEqual([]);
    expect(rowsIn(runs.get(MAIL)).rows).toHaveLength(1);
    expect(vendor.taken()).toHaveLength(1);
  });

  it('stops paging once every wanted job has as many runs as are wanted', async () => {
    const { source, vendor } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares')]),
        [path.computerHistory(OAK, '0107')]: daily(2, [20, 19, 18, 17, 16, 15]),
      }),
    );
    const histories = () => vendor.taken().filter((url) => url.includes('action_history')).length;
    await source.readRunsOfJobs([JOB], { newest: 2 }, readCall());
    expect(histories()).toBe(1);
    const before = { newest: 2, startedBefore: new Date('2026-11-19T00:00:00Z') };
    const runs = await source.readRunsOfJobs([JOB], before, readCall());
    expect(histories()).toBe(2);
    expect(rowsIn(runs.get(JOB)).rows.map(({ nativeId }) => nativeId)).toContain(run(JOB, 17));
  });

  it('reads on when rows do not come newest first, so that no old run stands for the newest', async () => {
    const { source, vendor } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([]),
        [path.computerHistory(OAK, '0107')]: daily(2, [15, 16, 17, 18, 19]),
      }),
    );
    const { rows } = rowsIn((await source.readRunsOfJobs([JOB], { newest: 1 }, readCall())).get(JOB));
    expect(rows[0]?.nativeId).toBe(run(JOB, 19));
    expect(vendor.taken().filter((url) => url.includes('action_history'))).toHaveLength(3);
  });

  it('says with the runs of a job that only its newest is known', async () => {
    const { source } = await bench(routes(reports));
    const runs = await source.readRunsOfJobs([JOB, MAIL], {}, readCall());
    for (const id of [JOB, MAIL]) {
      const { rows, problems } = rowsIn(runs.get(id));
      expect(rows).toHaveLength(1);
      expect(problems).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
  });

  it('lets the failure of one computer touch the jobs of that computer alone', async () => {
    const { source } = await bench(
      routes({
        [path.report(OAK, '0107')]: list([reportRow('0107', 'Shares')]),
        [path.report(OAK, '007')]: { status: 403 },
        [path.history(OAK)]: list([]),
      }),
    );
    const runs = await source.readRunsOfJobs([JOB, MAIL], {}, readCall());
    expect(rowsIn(runs.get(JOB)).problems).toEqual([]);
    expect(runs.get(MAIL)).toMatchObject({ code: 'PERMISSION' });
  });
});
