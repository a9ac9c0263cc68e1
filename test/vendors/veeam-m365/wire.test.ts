import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { Drift } from '../../../src/transport/drift.ts';
import { readObject } from '../../../src/transport/reader.ts';
import { parsePage } from '../../../src/vendors/veeam-m365/paging.ts';
import { parseJob, parseLogItem, parseOrganization, parseSession } from '../../../src/vendors/veeam-m365/wire.ts';
import { payload } from './payload.ts';

function withDrift<T>(parse: (drift: Drift) => T) {
  const drift = new Drift(() => new Date(0));
  const value = parse(drift);
  return { value, ...drift.read() };
}

function job(changes: Record<string, unknown> = {}) {
  return withDrift((drift) => parseJob(readObject(payload('v3-job-from-the-document', changes), '$', drift), drift));
}

function policy(changes: Record<string, unknown>) {
  const { schedulePolicy } = payload('v3-job-from-the-document');
  return job({ schedulePolicy: { ...(schedulePolicy as object), ...changes } });
}

function session(changes: Record<string, unknown> = {}, name = 'v3-session-from-the-documentation') {
  return withDrift((drift) => parseSession(readObject(payload(name, changes), '$', drift), drift));
}

function logItem(row: object) {
  return withDrift((drift) => parseLogItem(readObject(row, '$.results[0]'), drift));
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`;
  }
  return 'none';
}

describe('vendors/veeam-m365/wire', () => {
  it('reads the job of the document without anything unknown', () => {
    const { value, unknownFields, unknownValues } = job();
    expect([unknownFields, unknownValues]).toEqual([[], []]);
    expect(value).toMatchObject({
      id: '3c407448-4d05-432f-a651-144827bed5ce',
      name: 'test_job',
      description: '',
      lastStatus: 'Success',
      lastRun: new Date('2017-05-30T12:19:14.792Z'),
      nextRun: new Date('2017-06-02T02:00:00Z'),
      isEnabled: true,
      organizationId: '63e92db4-8c0a-46df-ba92-15f46011c4a5',
      repositoryId: 'ce19de31-329d-4f0f-b85e-4424cc2e6821',
    });
    expect(value.schedulePolicy?.backupWindowSettings?.backupWindow.filter((hour) => !hour)).toHaveLength(30);
  });

  it('takes ids from members of their own before links, and from relative links', () => {
    const { value } = withDrift((drift) => parseJob(readObject(payload('v8-job-from-the-openapi-file')), drift));
    expect([value.id, value.organizationId]).toEqual([
      '5b0a9c1e-77d4-4e0a-8f6b-2c1d0e9f8a7b',
      '63e92db4-8c0a-46df-ba92-15f46011c4a5',
    ]);
    const relative = job({
      _links: { Organization: { href: '/v6/Organizations/63E92DB4-8C0A-46DF-BA92-15F46011C4A5?x=1' } },
    });
    expect([relative.value.organizationId, relative.value.repositoryId]).toEqual([
      '63e92db4-8c0a-46df-ba92-15f46011c4a5',
      undefined,
    ]);
  });

  it.each([
    [null],
    ['text'],
    [{ organization: 'text' }],
    [{ organization: { href: 'https://evil.example/organizations/../../x' } }],
    [{ organization: { href: 7 } }],
  ])('survives links that are %j', (links) => {
    expect(job({ _links: links }).value.organizationId).toBeUndefined();
  });

  it('refuses a job without a GUID and names the path', () => {
    expect(refusal(() => job({ id: undefined }))).toBe('MALFORMED_RESPONSE: $.id is not text');
    expect(refusal(() => job({ id: '../secret' }))).toBe('MALFORMED_RESPONSE: $.id is not a GUID');
  });

  it('reads booleans and numbers that come as text, and members that are missing or null', () => {
    const { value } = policy({
      backupWindowEnabled: 'True',
      retryEnabled: 'true',
      retryNumber: '5',
      retryWaitInterval: null,
    });
    expect(value.schedulePolicy).toMatchObject({
      backupWindowEnabled: true,
      retryEnabled: true,
      retryNumber: 5,
      retryWaitInterval: undefined,
    });
    expect(job({ isEnabled: 'false', lastRun: undefined, nextRun: null, schedulePolicy: null }).value).toMatchObject({
      isEnabled: false,
      lastRun: undefined,
      nextRun: undefined,
      schedulePolicy: undefined,
    });
  });

  it.each(['0001-01-01T00:00:00Z', '0001-01-01T00:00:00+07:00', '9999-12-31T23:59:59.9999999Z'])(
    'takes %s for no instant',
    (text) => {
      expect(job({ nextRun: text, lastRun: text }).value).toMatchObject({ nextRun: undefined, lastRun: undefined });
    },
  );

  it.each([
    ['2026-11-20T08:00:00Z', 0],
    ['2026-11-20T08:00:00.1Z', 100],
    ['2026-11-20T08:00:00.12Z', 120],
    ['2026-11-20T08:00:00.123Z', 123],
    ['2026-11-20T08:00:00.1234Z', 123],
    ['2026-11-20T08:00:00.12345Z', 123],
    ['2026-11-20T08:00:00.123456Z', 123],
    ['2026-11-20T08:00:00.1234567Z', 123],
    ['2026-11-20T01:00:00.1234567-07:00', 123],
    ['2026-11-20T20:00:00+12:00', 0],
  ])('reads the instant %s, cut to milliseconds', (text, milliseconds) => {
    const instant = new Date(Date.UTC(2026, 10, 20, 8, 0, 0, milliseconds));
    expect(job({ lastRun: text, nextRun: text }).value).toMatchObject({ lastRun: instant, nextRun: instant });
    expect(session({ creationTime: text, endTime: text }).value).toMatchObject({
      creationTime: instant,
      endTime: instant,
    });
  });

  it('knows that a job has run by a last run that it cannot read', () => {
    const strange = job({ lastRun: '2026-11-20T08:00:00' });
    expect([strange.value.lastRun, strange.value.hasRun]).toEqual([undefined, true]);
    expect(strange.unknownValues).toEqual(['$.lastRun=not an instant']);
    for (const lastRun of [undefined, null, '', '0001-01-01T00:00:00Z'])
      expect(job({ lastRun }).value.hasRun).toBe(false);
  });

  it.each<[string, (changes: Record<string, unknown>) => { unknownValues: readonly string[] }, string[]]>([
    [
      'lastStatus',
      job,
      ['Stopped', 'Running', 'Success', 'Warning', 'Failed', 'Disconnected', 'NotConfigured', 'Queued'],
    ],
    ['lastStatus', job, ['Updating']],
    ['backupType', job, ['EntireOrganization', 'SelectedItems', 'selectedItems']],
    ['status', session, ['Stopped', 'Running', 'Success', 'Warning', 'Failed', 'Disconnected', 'Queued', 'success']],
    ['jobType', session, ['Backup', 'Copy']],
    ['jobSessionConfigType', session, ['Full', 'Incremental']],
    ['type', policy, ['Daily', 'daily', 'Periodically', 'ManualOnly']],
  ])('counts none of the documented words of %s', (member, read, words) => {
    for (const word of words) expect(read({ [member]: word }).unknownValues).toEqual([]);
  });

  it('reads the interval under the second name that one page gives it', () => {
    const { value, unknownValues } = policy({
      type: 'Periodically',
      periodicallyEvery: undefined,
      periodicInterval: 'Hours2',
      periodicallyOffsetMinutes: '7',
    });
    expect(value.schedulePolicy).toMatchObject({ periodicallyEvery: 'Hours2', periodicallyOffsetMinutes: 7 });
    expect(unknownValues).toEqual([]);
  });

  it('counts unknown words and members', () => {
    const strange = job({ lastStatus: 'Frozen', backupType: 'Everything', color: 'red' });
    expect(strange.unknownFields).toEqual(['Job.color']);
    expect(strange.unknownValues).toEqual(['Job.backupType=Everything', 'Job.lastStatus=Frozen']);
    const schedule = policy({
      type: 'Hourly',
      dailyType: 'Fortnight',
      dailyTime: '25:00',
      periodicallyEvery: 'Hours3',
      moon: 1,
    });
    expect(schedule.unknownFields).toEqual(['SchedulePolicy.moon']);
    expect(schedule.unknownValues).toEqual([
      'SchedulePolicy.dailyTime=25:00',
      'SchedulePolicy.dailyType=Fortnight',
      'SchedulePolicy.periodicallyEvery=Hours3',
      'SchedulePolicy.type=Hourly',
    ]);
  });

  it.each([
    ['a shortened grid', { backupWindow: [true, false], minuteOffset: 0 }, 'backupWindow=2 entries'],
    ['no grid', { minuteOffset: 0 }, 'backupWindow=0 entries'],
    [
      'a grid of other things',
      { backupWindow: Array.from({ length: 168 }, () => 1), minuteOffset: 0 },
      'backupWindow=not booleans',
    ],
    [
      'no offset',
      { backupWindow: Array.from({ length: 168 }, () => true), minuteOffset: null },
      'minuteOffset=not told',
    ],
  ])('has no window for %s, and counts it', (_name, backupWindowSettings, note) => {
    const { value, unknownValues } = policy({ backupWindowSettings });
    expect(value.schedulePolicy?.backupWindowSettings).toBeUndefined();
    expect(unknownValues).toEqual([`SchedulePolicy.backupWindowSettings.${note}`]);
  });

  it('reads a grid whose booleans are text', () => {
    const { value } = policy({
      backupWindowSettings: { backupWindow: Array.from({ length: 168 }, () => 'false'), minuteOffset: '15' },
    });
    expect(value.schedulePolicy?.backupWindowSettings).toEqual({
      backupWindow: Array.from({ length: 168 }, () => false),
      minuteOffset: 15,
    });
  });

  it('reads a v3 session: instants with foreign offsets, bytes of any size, and its job from the link', () => {
    const { value, unknownFields } = session();
    expect(unknownFields).toEqual([]);
    expect(value).toEqual({
      id: '8d4c2f6a-1b7e-4c0d-9a55-3e2f1a0b9c8d',
      jobId: '3c407448-4d05-432f-a651-144827bed5ce',
      isCopy: false,
      status: 'Warning',
      creationTime: new Date('2026-11-21T02:00:01.123Z'),
      endTime: new Date('2026-11-21T02:12:31.123Z'),
      progress: 412,
      processedObjects: 408,
      transferredDataBytes: 9007199254740993n,
      jobSessionConfigType: undefined,
    });
  });

  it('knows sessions of copy jobs by their type or by their link', () => {
    expect(session({ jobType: 'copy' }).value.isCopy).toBe(true);
    const byLink = session({ _links: { job: { href: '/v6/CopyJobs/3c407448-4d05-432f-a651-144827bed5ce' } } }).value;
    expect([byLink.isCopy, byLink.jobId]).toEqual([true, undefined]);
    const unknown = session({ jobType: 'Archive' });
    expect([unknown.value.isCopy, unknown.unknownValues]).toEqual([false, ['JobSession.jobType=Archive']]);
  });

  it('takes a GUID of zeros for none', () => {
    expect(
      session({ jobId: '00000000-0000-0000-0000-000000000000', _links: null }, 'v8-session-from-the-openapi-file').value
        .jobId,
    ).toBeUndefined();
  });

  it('reads log items of both forms and refuses one without a text', () => {
    expect(logItem({ usn: '7', title: '' }).value).toEqual({
      id: undefined,
      usn: 7,
      title: '',
      type: undefined,
      message: undefined,
    });
    expect(logItem({ type: 'Novel', message: 'x' }).unknownValues).toEqual(['LogItem.type=Novel']);
    expect(refusal(() => logItem({ id: 'x', usn: 7 }))).toBe('MALFORMED_RESPONSE: $.results[0].title is not text');
  });

  it('reads organisations and counts unknown members', () => {
    const { value, unknownFields } = withDrift((drift) =>
      parseOrganization(
        readObject({ id: '63E92DB4-8c0a-46df-ba92-15f46011c4a5', name: 'acme.example', isBackedup: true, novel: 1 }),
        drift,
      ),
    );
    expect(value).toEqual({ id: '63e92db4-8c0a-46df-ba92-15f46011c4a5', name: 'acme.example', officeName: undefined });
    expect(unknownFields).toEqual(['Organization.novel']);
  });

  it('reads a list as an array and as a page, and costs a bad row only itself', () => {
    const rows = [payload('v3-session-from-the-documentation'), { id: 7 }, 'text'];
    for (const body of [rows, { offset: 0, limit: 30, results: rows }]) {
      const { value: page } = withDrift((drift) => parsePage(body, (row) => parseSession(row, drift), drift));
      const base = Array.isArray(body) ? '$' : '$.results';
      expect([page.rows.length, page.length]).toEqual([1, 3]);
      expect(page.problems.map(({ message }) => message)).toEqual([
        `${base}[1].id is not a GUID`,
        `${base}[2] is not an object`,
      ]);
    }
  });

  it.each([[{}], [{ results: null }], ['text'], [null], [7]])('refuses %j where a list is promised', (body) => {
    expect(refusal(() => withDrift((drift) => parsePage(body, (row) => row, drift)))).toMatch(
      /^MALFORMED_RESPONSE: \$/,
    );
  });

  it.each([
    ['https://evil.example/v5/jobsessions?offset=30&limit=30&setId=9-a', { offset: 30, limit: 30, setId: '9-a' }],
    ['/v6/JobSessions?Offset=60', { offset: 60 }],
    ['/v6/JobSessions?offset=-1&limit=0&setId=%2e%2e%2f', {}],
    ['/v6/JobSessions', {}],
  ])('takes nothing but parameters from the next link %s', (href, next) => {
    const { value } = withDrift((drift) => parsePage({ results: [], _links: { next: { href } } }, (row) => row, drift));
    expect(value.next).toEqual(next);
  });
});
