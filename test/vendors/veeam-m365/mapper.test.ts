import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { nextRuns } from '../../../src/domain/next-runs.ts';
import { Drift } from '../../../src/transport/drift.ts';
import { readObject } from '../../../src/transport/reader.ts';
import { mapJob, mapMessages, mapOrganization, mapRun, mapSelection } from '../../../src/vendors/veeam-m365/mapper.ts';
import { parsePage } from '../../../src/vendors/veeam-m365/paging.ts';
import { parseJob, parseLogItem, parseSession } from '../../../src/vendors/veeam-m365/wire.ts';
import { payload } from './payload.ts';

const FETCHED = new Date('2026-11-21T08:00:00Z');
const CONTEXT = { sourceKey: 'm365', timeZone: undefined, minuteOffsetReading: undefined };
const drift = new Drift(() => FETCHED);
const GRID = Array.from({ length: 168 }, (_, hour) => hour % 24 < 6);

function job(changes: Record<string, unknown> = {}, name = 'v3-job-from-the-document', timeZone?: string): BackupJob {
  const row = parseJob(readObject(payload(name, changes)), drift);
  return mapJob({ row, fetchedAt: FETCHED }, { ...CONTEXT, timeZone });
}

function schedule(schedulePolicy: Record<string, unknown>, changes: Record<string, unknown> = {}) {
  return job({ ...changes, schedulePolicy }).schedule;
}

function run(changes: Record<string, unknown> = {}, name = 'v3-session-from-the-documentation') {
  return mapRun({ row: parseSession(readObject(payload(name, changes)), drift), fetchedAt: FETCHED }, CONTEXT);
}

function messages(name: string) {
  return mapMessages(parsePage(payload(name), (row) => parseLogItem(row, drift), drift).rows);
}

function logItem(usn: number | undefined, title: string) {
  return { id: undefined, usn, title, type: undefined, message: undefined };
}

describe('vendors/veeam-m365/mapper', () => {
  it('maps the job of the document as told, its next run beside a schedule that says otherwise', () => {
    const { schedule: told, ...rest } = job({}, 'v3-job-from-the-document', 'America/Denver');
    expect(rest).toEqual({
      sourceKey: 'm365',
      nativeId: '3c407448-4d05-432f-a651-144827bed5ce',
      kind: 'RECURRING',
      name: 'test_job',
      description: '',
      enabled: true,
      status: 'SUCCEEDED',
      nativeStatus: 'Success',
      protects: { nativeId: 'selection/3c407448-4d05-432f-a651-144827bed5ce', kind: 'M365_SELECTION' },
      lastRun: 'NOT_TOLD',
      lastRunAt: new Date('2017-05-30T12:19:14.792Z'),
      nextRunAt: new Date('2017-06-02T02:00:00Z'),
      details: {
        type: 'VeeamJobDetails',
        backupType: 'SelectedItems',
        organizationId: '63e92db4-8c0a-46df-ba92-15f46011c4a5',
        repositoryId: 'ce19de31-329d-4f0f-b85e-4424cc2e6821',
      },
      observedAt: FETCHED,
    });
    expect(told).toMatchObject({
      enabled: true,
      recurrence: { form: 'WEEKLY', days: [5], at: { hour: 19, minute: 0, second: 0 } },
      zone: { timeZone: 'America/Denver' },
      retry: { enabled: false, attempts: undefined, intervalMinutes: undefined },
      window: { enabled: true, semantics: 'MUST_FINISH_INSIDE', utcOffsetMinutes: 0 },
    });
    expect(told?.window?.hours).toHaveLength(168);
    // The job's 30 May 2017 was a Tuesday: by the schedule the next run is Friday 2 June 19:00 in Denver, about a day after the one told.
    expect(told && nextRuns(told, new Date('2017-05-30T13:00:00Z'), 1)).toEqual([new Date('2017-06-03T01:00:00Z')]);
  });

  it('maps a v8 job of a whole organisation', () => {
    expect(job({}, 'v8-job-from-the-openapi-file')).toMatchObject({
      nativeId: '5b0a9c1e-77d4-4e0a-8f6b-2c1d0e9f8a7b',
      description: undefined,
      status: 'QUEUED',
      protects: { nativeId: 'organization/63e92db4-8c0a-46df-ba92-15f46011c4a5', kind: 'M365_ORGANIZATION' },
      nextRunAt: undefined,
      schedule: {
        recurrence: { form: 'INTERVAL', everyMinutes: 720, offsetMinutes: 7 },
        zone: undefined,
        retry: { enabled: true, attempts: 3, intervalMinutes: 10 },
        window: undefined,
      },
    });
  });

  it.each([
    ['selectedItems', 'M365_SELECTION'],
    ['entireorganization', 'M365_ORGANIZATION'],
    ['Everything', 'M365_SELECTION'],
    [null, 'M365_SELECTION'],
  ])('reads the backup type %s without case, and lets no job protect nothing', (backupType, kind) => {
    expect(job({ backupType }).protects?.kind).toBe(kind);
  });

  it('goes by the job when a whole organisation has no id', () => {
    expect(job({ backupType: 'EntireOrganization', _links: {} }).protects?.kind).toBe('M365_SELECTION');
  });

  it('says of a job that is stopped and has no last run that it never ran', () => {
    expect(job({ lastStatus: 'Stopped', lastRun: undefined })).toMatchObject({
      status: 'NONE',
      nativeStatus: 'Stopped',
    });
    expect(job({ lastStatus: 'Stopped' }).status).toBe('CANCELED');
    expect(job({ lastStatus: 'Stopped', lastRun: 'yesterday' })).toMatchObject({
      status: 'CANCELED',
      lastRunAt: undefined,
    });
  });

  it.each([
    ['Everyday', [0, 1, 2, 3, 4, 5, 6]],
    ['Workdays', [1, 2, 3, 4, 5]],
    ['Weekends', [0, 6]],
    ['Sunday', [0]],
    ['Monday', [1]],
    ['Tuesday', [2]],
    ['Wednesday', [3]],
    ['Thursday', [4]],
    ['friday', [5]],
    ['Saturday', [6]],
  ])('maps daily %s to days %j', (dailyType, days) => {
    expect(schedule({ type: 'daily', dailyType, dailyTime: '08:05:30' })?.recurrence).toEqual({
      form: 'WEEKLY',
      days,
      at: { hour: 8, minute: 5, second: 30 },
    });
  });

  it.each([
    ['Minutes5', 5],
    ['Minutes10', 10],
    ['Minutes15', 15],
    ['Minutes30', 30],
    ['Hours1', 60],
    ['Hours2', 120],
    ['Hours4', 240],
    ['Hours8', 480],
    ['Hours12', 720],
  ])('maps periodically %s to %i minutes', (periodicallyEvery, everyMinutes) => {
    expect(schedule({ type: 'Periodically', periodicallyEvery })?.recurrence).toEqual({
      form: 'INTERVAL',
      everyMinutes,
      offsetMinutes: 0,
    });
  });

  it('shifts intervals of hours only', () => {
    const offset = { type: 'Periodically', periodicallyOffsetMinutes: 7 };
    expect(schedule({ ...offset, periodicallyEvery: 'Hours4' })?.recurrence).toMatchObject({ offsetMinutes: 7 });
    expect(schedule({ ...offset, periodicallyEvery: 'Minutes30' })?.recurrence).toMatchObject({ offsetMinutes: 0 });
  });

  it.each([
    [{ type: 'ManualOnly' }],
    [{ type: 'Daily', dailyType: 'Everyday', dailyTime: '21:05:00', scheduleEnabled: false }],
    [{ type: 'Novel', scheduleEnabled: false }],
  ])('maps %j to a schedule that starts nothing', (policy) => {
    expect(schedule(policy)?.recurrence).toEqual({ form: 'MANUAL' });
  });

  it.each([
    [{ type: 'Daily', dailyType: 'Fortnight', dailyTime: '21:05:00' }, 'Daily Fortnight'],
    [{ type: 'Daily', dailyType: 'Everyday' }, 'Daily Everyday'],
    [{ type: 'Daily', dailyType: 'Everyday', dailyTime: '24:00:00' }, 'Daily Everyday'],
    [{ type: 'Periodically', periodicallyEvery: 'Hours3' }, 'Periodically Hours3'],
    [{ type: 'Hourly' }, 'Hourly'],
    [{}, ''],
  ])('does not guess at the policy %j', (policy, raw) => {
    expect(schedule(policy)?.recurrence).toEqual({ form: 'UNKNOWN', raw });
  });

  it.each([
    [true, true, true],
    [true, undefined, true],
    [true, false, false],
    [false, true, false],
    [undefined, undefined, undefined],
    [undefined, false, false],
  ])(
    'has a schedule enabled when the job (%s) and its schedule (%s) are: %s',
    (isEnabled, scheduleEnabled, enabled) => {
      expect(schedule({ type: 'Daily', scheduleEnabled }, { isEnabled })?.enabled).toBe(enabled);
    },
  );

  it('has no schedule where the vendor tells none', () => {
    expect(job({ schedulePolicy: null }).schedule).toBeUndefined();
  });

  const backupWindowSettings = { backupWindow: GRID, minuteOffset: 15 };
  const periodicallyWindowSettings = { backupWindow: GRID.toReversed(), minuteOffset: 30 };
  const periodically = { type: 'Periodically', periodicallyEvery: 'Hours1' };

  it('keeps a window that is switched off as one without effect', () => {
    expect(schedule({ type: 'Daily', backupWindowEnabled: false, backupWindowSettings })?.window).toEqual({
      enabled: false,
      semantics: 'MUST_FINISH_INSIDE',
      hours: GRID,
      utcOffsetMinutes: 15,
    });
  });

  it('takes over how the operator says that the offset is meant', () => {
    const schedulePolicy = { type: 'Daily', backupWindowEnabled: true, backupWindowSettings };
    const row = parseJob(readObject(payload('v3-job-from-the-document', { schedulePolicy })), drift);
    const read = (minuteOffsetReading: 'GRID_IS_UTC' | undefined) =>
      mapJob({ row, fetchedAt: FETCHED }, { ...CONTEXT, minuteOffsetReading }).schedule?.window?.minuteOffsetReading;
    expect([read('GRID_IS_UTC'), read(undefined)]).toEqual(['GRID_IS_UTC', undefined]);
  });

  it('shows the start window of a periodic job when that alone is on', () => {
    const policy = {
      ...periodically,
      backupWindowEnabled: false,
      backupWindowSettings,
      periodicallyWindowEnabled: true,
      periodicallyWindowSettings,
    };
    expect(schedule(policy)?.window).toEqual({
      enabled: true,
      semantics: 'MAY_START_INSIDE',
      hours: GRID.toReversed(),
      utcOffsetMinutes: 30,
    });
    expect(schedule({ ...policy, backupWindowEnabled: true })?.window).toMatchObject({
      semantics: 'MUST_FINISH_INSIDE',
      utcOffsetMinutes: 15,
    });
    expect(schedule({ ...policy, periodicallyWindowEnabled: false })?.window).toMatchObject({
      enabled: false,
      semantics: 'MUST_FINISH_INSIDE',
    });
    expect(schedule({ ...policy, type: 'Daily' })?.window).toMatchObject({
      enabled: false,
      semantics: 'MUST_FINISH_INSIDE',
    });
  });

  it('takes a start window without a switch, as v6 has it, for one that is on', () => {
    expect(schedule({ ...periodically, periodicallyWindowSettings })?.window).toMatchObject({
      enabled: true,
      semantics: 'MAY_START_INSIDE',
    });
  });

  it('has no window where the vendor does not say whether it is on, or where the grid is not whole', () => {
    expect(schedule({ type: 'Daily', backupWindowSettings })?.window).toBeUndefined();
    expect(
      schedule({
        type: 'Daily',
        backupWindowEnabled: true,
        backupWindowSettings: { backupWindow: [true], minuteOffset: 0 },
      })?.window,
    ).toBeUndefined();
  });

  it('maps a v3 session: processed objects, bytes, and no percentage', () => {
    expect(run()).toEqual({
      sourceKey: 'm365',
      nativeId: '8d4c2f6a-1b7e-4c0d-9a55-3e2f1a0b9c8d',
      jobNativeId: '3c407448-4d05-432f-a651-144827bed5ce',
      status: 'WARNING',
      nativeStatus: 'Warning',
      trigger: undefined,
      requestedBy: undefined,
      queuedAt: undefined,
      startedAt: new Date('2026-11-21T02:00:01.123Z'),
      endedAt: new Date('2026-11-21T02:12:31.123Z'),
      durationSeconds: 750,
      progressPercent: undefined,
      conditions: [],
      messages: 'NOT_TOLD',
      errorCount: undefined,
      warningCount: undefined,
      objectCount: 408,
      bytes: 9007199254740993n,
      restorable: undefined,
      details: { type: 'VeeamSessionDetails', sessionType: undefined },
      observedAt: FETCHED,
    });
  });

  it('maps a v8 session that runs: no end, and progress as its objects', () => {
    expect(run({ endTime: '2026-11-20T21:06:00Z' }, 'v8-session-from-the-openapi-file')).toMatchObject({
      jobNativeId: '5b0a9c1e-77d4-4e0a-8f6b-2c1d0e9f8a7b',
      status: 'RUNNING',
      startedAt: new Date('2026-11-20T21:05:00Z'),
      endedAt: undefined,
      durationSeconds: undefined,
      objectCount: 17,
      bytes: 0n,
      details: { sessionType: 'Full' },
    });
  });

  it('knows missing figures as missing, and an end before the beginning as no duration', () => {
    const bare = run({
      statistics: undefined,
      progress: undefined,
      endTime: '2026-11-20T00:00:00Z',
      _links: undefined,
    });
    expect(bare).toMatchObject({
      jobNativeId: undefined,
      objectCount: undefined,
      bytes: undefined,
      durationSeconds: undefined,
    });
  });

  it('has a queued session wait since its creation, not begin', () => {
    expect(run({ status: 'Queued', endTime: undefined })).toMatchObject({
      status: 'QUEUED',
      queuedAt: new Date('2026-11-21T02:00:01.123Z'),
      startedAt: undefined,
    });
  });

  it('maps titles to texts and severities, in the order of usn', () => {
    expect(messages('v3-log-page-from-the-documentation').map(({ severity, text }) => [severity, text])).toEqual([
      ['INFO', 'Job started at 21/11/2026 15:00:01'],
      [undefined, 'Connected to the organisation'],
      ['WARNING', 'Mailbox of Ann was skipped'],
      ['ERROR', 'Two\nlines'],
    ]);
  });

  it('maps types and messages, and leaves brackets in a message alone', () => {
    expect(messages('v8-log-page-from-the-openapi-file')).toEqual([
      { id: 'b0000000-0000-4000-8000-000000000001', text: '[Finance] is connected', args: [], severity: 'INFO' },
      { id: 'b0000000-0000-4000-8000-000000000002', text: 'Stopped by an operator', args: [], severity: 'WARNING' },
      { id: 'b0000000-0000-4000-8000-000000000003', text: 'A word of the future', args: [], severity: undefined },
    ]);
  });

  it('keeps a bracketed word that is no severity, and lines without an order at the end', () => {
    expect(
      mapMessages([logItem(undefined, 'last'), logItem(undefined, 'very last'), logItem(5, '[Finance] started')]),
    ).toMatchObject([{ text: '[Finance] started', severity: undefined }, { text: 'last' }, { text: 'very last' }]);
  });

  it('names organisations by what they tell and selections by their job', () => {
    const id = '63e92db4-8c0a-46df-ba92-15f46011c4a5';
    expect(mapOrganization({ id, name: 'acme', officeName: 'acme.onmicrosoft' }, CONTEXT)).toEqual({
      sourceKey: 'm365',
      nativeId: `organization/${id}`,
      name: 'acme',
      kind: 'M365_ORGANIZATION',
    });
    expect(mapOrganization({ id, name: undefined, officeName: undefined }, CONTEXT).name).toBe(id);
    const selection = (changes = {}) =>
      mapSelection(parseJob(readObject(payload('v3-job-from-the-document', changes)), drift), CONTEXT);
    expect(selection()).toEqual({
      sourceKey: 'm365',
      nativeId: 'selection/3c407448-4d05-432f-a651-144827bed5ce',
      name: 'test_job',
      kind: 'M365_SELECTION',
    });
    expect(selection({ backupType: 'EntireOrganization' })).toBeUndefined();
  });
});
