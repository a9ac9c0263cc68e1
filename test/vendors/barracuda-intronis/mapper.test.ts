import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Drift } from '../../../src/transport/drift.ts';
import { decodeJobId, decodeRunId, encodeRunId } from '../../../src/vendors/barracuda-intronis/ids.ts';
import {
  mapJob,
  mapJobs,
  mapProtectedObject,
  mapReportRun,
  mapRuns,
  type ActionRow,
  type ReportRow,
} from '../../../src/vendors/barracuda-intronis/mapper.ts';
import type { ConditionRules } from '../../../src/vendors/barracuda-intronis/status.ts';
import { parseHistoryPage, parseReportPage } from '../../../src/vendors/barracuda-intronis/wire.ts';
import { actionRow, reportRow } from './vendor-server.ts';

const fetchedAt = new Date('2026-11-20T12:00:00Z');
const later = new Date('2026-11-20T12:00:05Z');
const context = { sourceKey: 'msp', rules: {} };

function parse(rows: readonly unknown[]) {
  const body = Buffer.from(JSON.stringify({ list: rows }));
  return [{ status: 200, headers: {}, body }, 'json', new Drift(() => fetchedAt)] as const;
}

function reports(rows: readonly unknown[], username = 'oak_clinic'): ReportRow[] {
  return parseReportPage(...parse(rows)).rows.map((row) => ({ username, row, fetchedAt }));
}

function actions(rows: readonly unknown[], username = 'oak_clinic'): ActionRow[] {
  return parseHistoryPage(...parse(rows)).rows.map((row) => ({ username, row, fetchedAt: later }));
}

function report(members: Readonly<Record<string, unknown>> = {}, username = 'oak_clinic'): ReportRow {
  const [row] = reports([reportRow('0107', 'Shares', members)], username);
  if (row === undefined) throw new Error('no row');
  return row;
}

function runsOf(reportRows: readonly unknown[], actionRows: readonly unknown[], rules: ConditionRules = {}) {
  return [...mapRuns(reports(reportRows), actions(actionRows), { ...context, rules }).values()];
}

function samplesOf(name: string) {
  return (['json', 'xml'] as const).map((format) => {
    const body = readFileSync(new URL(`payloads/${name}.${format}`, import.meta.url));
    return [{ status: 200, headers: {}, body }, format, new Drift(() => fetchedAt)] as const;
  });
}

describe('vendors/barracuda-intronis/mapper', () => {
  it("maps the vendor's own sample, whose row carries another account name than the path", () => {
    const [job] =
      samplesOf('backup-status-vendor-sample').map(([answer, format, drift]) =>
        mapJobs(
          parseReportPage(answer, format, drift).rows.map((row) => ({ username: 'barracuda', row, fetchedAt })),
          context,
        ),
      )[0] ?? [];
    expect(job).toEqual({
      sourceKey: 'msp',
      nativeId: 'barracuda/0000/Exchange',
      kind: 'BACKUP_SET',
      name: 'Exchange',
      description: 'Mail Server',
      enabled: undefined,
      status: 'SUCCEEDED',
      nativeStatus: 'COMPLETED',
      protects: { nativeId: 'barracuda/0000/Exchange', kind: 'COMPUTER_BACKUP_SET' },
      lastRun: {
        sourceKey: 'msp',
        nativeId: 'barracuda/0000/Exchange/2011-01-01T06%3A00%3A00.000Z',
        jobNativeId: 'barracuda/0000/Exchange',
        status: 'SUCCEEDED',
        nativeStatus: 'COMPLETED',
        trigger: undefined,
        requestedBy: undefined,
        queuedAt: undefined,
        startedAt: new Date('2011-01-01T06:00:00Z'),
        endedAt: new Date('2011-01-01T07:00:00Z'),
        durationSeconds: 3600,
        progressPercent: undefined,
        conditions: [],
        messages: [],
        errorCount: 0,
        warningCount: 0,
        objectCount: undefined,
        bytes: undefined,
        restorable: undefined,
        details: {
          type: 'IntronisReportDetails',
          reportDate: new Date('2011-01-01T15:00:00Z'),
          localStart: new Date('2011-01-01T06:00:00Z'),
          localEnd: new Date('2011-01-01T07:00:00Z'),
          conditionTypes: ['COMPLETED'],
        },
        observedAt: fetchedAt,
      },
      lastRunAt: new Date('2011-01-01T06:00:00Z'),
      nextRunAt: undefined,
      schedule: undefined,
      details: {
        type: 'IntronisBackupSetDetails',
        accountUsername: 'barracuda_a',
        computerId: '0000',
        computerName: 'Mail Server',
        backupsetName: 'Exchange',
      },
      observedAt: fetchedAt,
    });
  });

  it.each(['backup-status-vendor-sample', 'backup-status-two-conditions'])(
    'gives the same jobs and runs for %s in JSON and in XML',
    (name) => {
      const [json, xml] = samplesOf(name).map(([answer, format, drift]) => {
        const rows = parseReportPage(answer, format, drift).rows.map((row) => ({ username: 'a', row, fetchedAt }));
        return [mapJobs(rows, context), [...mapRuns(rows, [], context)]];
      });
      expect(json).toEqual(xml);
      expect(json?.[0]).toHaveLength(1);
    },
  );

  it('gives the same runs for the action history in JSON and in XML', () => {
    const [json, xml] = samplesOf('action-history-two-runs').map(([answer, format, drift]) =>
      mapRuns(
        [],
        parseHistoryPage(answer, format, drift).rows.map((row) => ({ username: 'a', row, fetchedAt })),
        context,
      ),
    );
    expect(json).toEqual(xml);
    expect([...(json?.values() ?? [])]).toMatchObject([
      { status: 'RUNNING', progressPercent: 25, objectCount: 100, bytes: 5368709120n, endedAt: undefined },
      {
        status: 'SUCCEEDED',
        progressPercent: undefined,
        objectCount: 0,
        bytes: 9007199254740993n,
        errorCount: undefined,
      },
    ]);
  });

  it('tells no end and no duration while a backup runs, but keeps the last update in the details', () => {
    const run = mapReportRun(report({ condition_status: 'RUNNING', condition_types: ['RUNNING'] }), context);
    expect(run).toMatchObject({ status: 'RUNNING', endedAt: undefined, durationSeconds: undefined });
    expect(run.details).toMatchObject({ localEnd: new Date('2026-11-20T08:00:00Z') });
  });

  it('tells no duration when the end lies before the beginning', () => {
    const run = mapReportRun(report({ local_end: '2026-11-20T01:00:00-05:00' }), context);
    expect(run.durationSeconds).toBeUndefined();
  });

  it('shows job and newest run in the same state, with the operator heeded', () => {
    const row = report({ condition_status: 'FAILURE', condition_types: ['CANCELED'], errors: 2 });
    for (const [rules, status] of [
      [{}, 'CANCELED'],
      [{ CANCELED: 'warning', ERRORS: 'warning' }, 'WARNING'],
    ] as const) {
      const job = mapJob(row, { sourceKey: 'msp', rules });
      expect(job).toMatchObject({ status, nativeStatus: 'FAILURE', lastRun: { status, errorCount: 2 } });
    }
  });

  it('maps a missed backup without a beginning to a run that stays addressable', () => {
    const job = mapJob(report({ local_start: '', local_end: '', condition_types: ['MISSED'] }), context);
    expect(job).toMatchObject({ status: 'MISSED', lastRunAt: undefined });
    expect(job.lastRun).toMatchObject({
      nativeId: 'oak_clinic/0107/Shares/report',
      conditions: [{ kind: 'MISSED', nativeKind: 'MISSED', severity: 'ERROR' }],
    });
  });

  it.each([
    [{ backupset_name: '' }, 'oak_clinic/0107/Computer%200107', 'Computer 0107', 'Computer 0107'],
    [{ backupset_name: '', computer_name: '' }, 'oak_clinic/0107/0107', undefined, '0107'],
    [{ computer_name: '' }, 'oak_clinic/0107/Shares', 'Shares', 'Shares on 0107'],
    [{}, 'oak_clinic/0107/Shares', 'Shares', 'Shares on Computer 0107'],
    [{ backupset_name: 'C: / D:' }, 'oak_clinic/0107/C%3A%20%2F%20D%3A', 'C: / D:', 'C: / D: on Computer 0107'],
  ])('names the set of %j by what there is', (members, nativeId, name, objectName) => {
    const job = mapJob(report(members), context);
    expect([job.nativeId, job.name, mapProtectedObject(job).name]).toEqual([nativeId, name, objectName]);
    expect(mapProtectedObject(job)).toMatchObject({ nativeId, kind: 'COMPUTER_BACKUP_SET', sourceKey: 'msp' });
  });

  it('takes the newest of two rows with the same key for the job and keeps both as runs', () => {
    const rows = [
      reportRow('0107', 'Shares', { local_start: '2026-11-20T02:00:00-05:00', condition_status: 'FAILURE' }),
      reportRow('0107', 'Shares', { local_start: '2026-11-20T08:30:00+01:00' }),
      reportRow('0107', 'Shares', { local_start: '2026-11-19T02:00:00-05:00' }),
    ];
    const jobs = mapJobs(reports(rows), context);
    expect(jobs.map(({ status, lastRunAt }) => [status, lastRunAt])).toEqual([
      ['SUCCEEDED', new Date('2026-11-20T07:30:00Z')],
    ]);
    expect(runsOf(rows, [])).toHaveLength(3);
  });

  it('lets no green hide the row that needs an eye when it is not told which is newer', () => {
    const good = reportRow('0107', 'Shares');
    const missed = reportRow('0107', 'Shares', { local_start: '', condition_types: ['MISSED'] });
    const failed = reportRow('0107', 'Shares', { condition_status: 'FAILURE' });
    for (const rows of [
      [good, missed],
      [missed, good],
    ])
      expect(mapJobs(reports(rows), context).map(({ status }) => status)).toEqual(['MISSED']);
    for (const rows of [
      [good, failed],
      [failed, good],
    ]) {
      expect(mapJobs(reports(rows), context).map(({ status }) => status)).toEqual(['FAILED']);
      expect(runsOf(rows, []).map(({ status }) => status)).toEqual(['FAILED']);
    }
  });

  it('keeps sets of different accounts, computers and zeros apart', () => {
    const rows = [
      ...reports([reportRow('0107', 'Shares'), reportRow('107', 'Shares')]),
      ...reports([reportRow('0107', 'Shares')], 'elm_school'),
    ];
    expect(mapJobs(rows, context).map(({ nativeId }) => nativeId)).toEqual([
      'oak_clinic/0107/Shares',
      'oak_clinic/107/Shares',
      'elm_school/0107/Shares',
    ]);
  });

  it('makes one run of a report row and a history row that begin together, whatever their offsets', () => {
    const runs = runsOf(
      [reportRow('0107', 'Shares', { condition_status: 'WARNING', condition_types: ['WARNINGS'], warnings: 3 })],
      [
        actionRow('0107', 'Shares', {
          local_start: '2026-11-20T07:00:00Z',
          condition_status: '',
          condition_types: [],
          errors: '',
          warnings: null,
        }),
      ],
    );
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      nativeId: encodeRunId({
        username: 'oak_clinic',
        computerId: '0107',
        set: 'Shares',
        startedAt: new Date('2026-11-20T07:00:00Z'),
      }),
      status: 'WARNING',
      nativeStatus: 'WARNING',
      conditions: [{ kind: 'WARNINGS' }],
      warningCount: 3,
      errorCount: 0,
      bytes: 1000n,
      objectCount: 10,
      progressPercent: 100,
      details: { reportDate: new Date('2026-11-20T12:00:00Z'), conditionTypes: ['WARNINGS'] },
      observedAt: fetchedAt,
    });
  });

  it.each([
    [{ condition_status: 'FAILURE', condition_types: ['ERRORS'] }, {}, 'FAILED'],
    [{}, { status: 'ERROR' }, 'FAILED'],
    [{ condition_status: 'RUNNING' }, { condition_status: '', condition_types: [] }, 'RUNNING'],
    [{ condition_types: ['MISSED'] }, { condition_types: [], condition_status: '' }, 'MISSED'],
  ])('lets the worse of report %j and history %j win: %s', (reportMembers, actionMembers, status) => {
    const runs = runsOf([reportRow('1', 'A', reportMembers)], [actionRow('1', 'A', actionMembers)]);
    expect(runs.map((run) => run.status)).toEqual([status]);
  });

  it.each(['CANCELED', 'MISSED'])('sees no copy in a backup that is %s, though the operator lets it count', (word) => {
    const reportMembers = { condition_status: 'FAILURE', condition_types: [word] };
    const rules = { [word]: 'completed' } as const;
    const [told] = runsOf([reportRow('1', 'A', reportMembers)], [], rules);
    const [both] = runsOf([reportRow('1', 'A', reportMembers)], [actionRow('1', 'A', { condition_types: [] })], rules);
    for (const run of [told, both]) expect(run).toMatchObject({ status: 'SUCCEEDED', restorable: false });
    const [good] = runsOf([reportRow('1', 'A', { condition_types: ['WARNINGS'] })], [], rules);
    expect(good).toMatchObject({ status: 'SUCCEEDED', restorable: undefined });
  });

  it('sees no copy in what the history calls cancelled, and says nothing of one under way', () => {
    const silent = { condition_status: '', condition_types: [] };
    const [canceled] = runsOf([], [actionRow('1', 'A', { ...silent, status: 'CANCELED' })], { CANCELED: 'completed' });
    expect(canceled).toMatchObject({ status: 'SUCCEEDED', restorable: false });
    const [running] = runsOf([reportRow('1', 'A', { condition_status: 'RUNNING', condition_types: ['CANCELED'] })], []);
    expect(running).toMatchObject({ status: 'RUNNING', restorable: undefined });
  });

  it('heeds the operator in a run that both tell', () => {
    const runs = runsOf(
      [reportRow('1', 'A', { condition_status: 'FAILURE', condition_types: ['CANCELED'] })],
      [actionRow('1', 'A', { status: 'CANCELED', condition_status: '', condition_types: [] })],
      { CANCELED: 'completed' },
    );
    expect(runs.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  it('ties a history row without a set name to the set that the report names after its computer', () => {
    const runs = runsOf([reportRow('1', '')], [actionRow('1', '', { local_start: '2026-11-19T02:00:00-05:00' })]);
    expect(new Set(runs.map(({ jobNativeId }) => jobNativeId))).toEqual(new Set(['oak_clinic/1/Computer%201']));
  });

  it.each([
    ['SUCCESS', 'COMPLETED', 'UNKNOWN'],
    ['ERROR', 'FAILURE', 'UNKNOWN'],
  ])('does not say how an action of an unknown type ended that says %s', (status, condition_status, expected) => {
    const [run] = runsOf([], [actionRow('1', 'A', { type: 'VERIFY', status, condition_status })]);
    expect(run).toMatchObject({ status: expected, nativeStatus: status, jobNativeId: 'oak_clinic/1/A' });
  });

  it('keeps the worse of two history rows with one id', () => {
    const rows = [actionRow('1', 'A'), actionRow('1', 'A', { status: 'ERROR' }), actionRow('1', 'A')];
    expect(runsOf([], rows).map(({ status }) => status)).toEqual(['FAILED']);
  });

  it.each([
    [5, 10, 50],
    [12, 10, 100],
    [0, 10, 0],
    [0, 0, undefined],
    ['', 10, undefined],
    [5, '', undefined],
  ])('tells progress of %j in %j files as %j', (processed_files, total_files, expected) => {
    const [run] = runsOf([], [actionRow('1', 'A', { processed_files, total_files })]);
    expect(run?.progressPercent).toBe(expected);
  });

  it('tells missing figures as missing', () => {
    const [run] = runsOf([], [actionRow('1', 'A', { bytes: '', processed_files: null, errors: '', warnings: '' })]);
    expect(run).toMatchObject({
      bytes: undefined,
      objectCount: undefined,
      errorCount: undefined,
      warningCount: undefined,
    });
  });

  it('reads back the ids it makes and no other text', () => {
    const key = { username: 'oak/clinic', computerId: '0107', set: 'C: (é)' };
    for (const startedAt of [new Date('2026-11-20T07:00:00Z'), undefined])
      expect(decodeRunId(encodeRunId({ ...key, startedAt }))).toEqual({ ...key, startedAt });
    for (const id of [
      'a/b/c',
      'a/b/c/d',
      'a/b/c/2026-11-20T07%3A00%3A00Z',
      'a//c/report',
      'a/b/c/report/x',
      '%zz/b/c/report',
    ])
      expect(decodeRunId(id)).toBeUndefined();
    for (const id of ['', 'a', 'a/b', 'a/b/c/d', 'a//c', 'a/../c']) expect(decodeJobId(id)).toBeUndefined();
  });
});
