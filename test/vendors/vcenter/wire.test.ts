import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { Drift } from '../../../src/transport/drift.ts';
import type { Style } from '../../../src/vendors/vcenter/settings.ts';
import {
  parseDetailsMap,
  parseIds,
  parseJobStatus,
  parseScheduleMap,
  parseTimeZone,
  unwrap,
} from '../../../src/vendors/vcenter/wire.ts';
import { payload } from './payload.ts';

const RUNNING_ID = '20260409-011503-23319993';

function drift(): Drift {
  return new Drift(() => new Date(0));
}

function details(body: unknown, style: Style = 'api', counted = drift()) {
  return parseDetailsMap(unwrap(body, style), counted);
}

function detail(row: unknown, counted = drift()) {
  const { rows, broken } = details({ a: row }, 'api', counted);
  return rows.get('a') ?? broken[0];
}

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code} ${error.message}`;
  }
  return 'nothing thrown';
}

describe('vendors/vcenter/wire', () => {
  it('reads the pairs of /rest and the object of /api alike', () => {
    const rest = details(payload('rest-8.0.2-details.json'), 'rest');
    const api = details(payload('api-8.0.2-details.json'));
    expect(rest.rows.get(RUNNING_ID)).toEqual(api.rows.get(RUNNING_ID));
    expect(rest.rows.get(RUNNING_ID)).toEqual({
      location: 'sftp://store.lab.test/vc/2026-04-09-0115',
      type: 'MANUAL',
      status: 'RUNNING',
      cancelable: true,
      messages: [],
      description: { id: 'd', text: 'Manual backup', args: [] },
      duration: 41,
      size: 734003200n,
      progress: { total: 100, completed: 22 },
      start_time: new Date('2026-04-09T01:15:05.420Z'),
      end_time: undefined,
      error: [],
      user: undefined,
    });
  });

  it('reads empty maps of either style', () => {
    expect(details({ value: [] }, 'rest')).toEqual({ rows: new Map(), broken: [] });
    expect(details({})).toEqual({ rows: new Map(), broken: [] });
  });

  it('reads the other encoding of a map in either style', () => {
    expect([...details({ value: { a: { type: 'MANUAL' } } }, 'rest').rows.keys()]).toEqual(['a']);
    expect([...details([{ key: 'a', value: { type: 'MANUAL' } }]).rows.keys()]).toEqual(['a']);
  });

  it('takes null for absent, and sees nothing unknown in the documented members', () => {
    const counted = drift();
    const { rows, broken } = details(payload('api-8.0.2-details.json'), 'api', counted);
    expect(broken).toEqual([]);
    expect(rows.size).toBe(4);
    expect(counted.read()).toEqual({ unknownFields: [], unknownValues: [], firstSeenAt: undefined });
  });

  it.each([
    ['{} in /rest', {}, 'rest', '$.value is not an object'],
    ['null in /rest', { value: null }, 'rest', '$.value is not an object'],
    ['an array as body', [], 'rest', '$ is not an object'],
    ['null in /api', null, 'api', '$ is not an object'],
    ['text', 'a', 'api', '$ is not an object'],
  ] as const)('refuses %s: an answer without a map is no empty map', (_title, body, style, problem) => {
    expect(messageOf(() => details(body, style))).toBe(`MALFORMED_RESPONSE ${problem}`);
  });

  it('costs only the row that cannot be read, names its place, and keeps what can be seen of it', () => {
    const bad = { type: 'SCHEDULED', status: 'FAILED', start_time: '2026-04-01T00:00:00Z', size: 'big' };
    const { rows, broken } = details(
      {
        value: [
          { key: 'a', value: bad },
          { key: 'b', value: { type: 'MANUAL' } },
          { value: {} },
          'x',
          { key: '', value: {} },
          { key: '\ud800', value: {} },
        ],
      },
      'rest',
    );
    expect([...rows.keys()]).toEqual(['b']);
    expect(broken.map(({ id, type, error }) => [id, type, error.message])).toEqual([
      ['a', 'SCHEDULED', '$.value[0].value.size is not a whole number'],
      [undefined, undefined, '$.value[2].key is not an id'],
      [undefined, undefined, '$.value[3].key is not an id'],
      [undefined, undefined, '$.value[4].key is not an id'],
      [undefined, undefined, '$.value[5].key is not an id'],
    ]);
    expect(broken[0]?.startedAt).toEqual(new Date('2026-04-01T00:00:00Z'));
  });

  it.each([
    ['messages', 'x'],
    ['messages', ['x']],
    ['duration', {}],
    ['size', 1.5],
    ['progress', 'x'],
    ['start_time', 7],
    ['end_time', {}],
    ['cancelable', 'maybe'],
    ['status', {}],
    ['type', []],
    ['location', {}],
    ['description', 'x'],
    ['user', false],
  ])('refuses a row whose %s is %j', (key, value) => {
    const read = detail({ [key]: value });
    expect(read !== undefined && 'error' in read && read.error).toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });

  it.each([
    ['SUCCEEDED', 'FAILED', 'FAILED'],
    ['FAILED', 'SUCCEEDED', 'FAILED'],
    ['SUCCEEDED', 'PAUSED', 'PAUSED'],
    ['SUCCEEDED', 'RUNNING', 'RUNNING'],
  ])('keeps of two rows with one id, %s and %s, the worse', (first, second, expected) => {
    const pairs = [first, second].map((status) => ({ key: 'a', value: { status } }));
    expect([...details({ value: pairs }, 'rest').rows.values()].map(({ status }) => status)).toEqual([expected]);
  });

  it('keeps of two rows with one id the one that can be read', () => {
    const success = { key: 'a', value: { status: 'SUCCEEDED' } };
    const mixed = details([{ key: 'a', value: 7 }, success]);
    expect(mixed.rows.get('a')?.status).toBe('SUCCEEDED');
    expect(mixed.broken).toEqual([]);
  });

  it('counts members and words that no document has', () => {
    const counted = drift();
    detail({ type: 'REPAIR', status: 'PAUSED', colour: 'red', messages: [{ id: 'm', tone: 'loud' }] }, counted);
    parseJobStatus(unwrap({ id: 'a', state: 'IN_PROGRESS', eta: 4 }, 'api'), 'a', counted);
    parseScheduleMap(
      unwrap({ s: { cron: '* * * * *', recurrence_info: { weeks: 2, days: ['HOLIDAY'] } } }, 'api'),
      counted,
    );
    expect(counted.read()).toMatchObject({
      unknownFields: ['Details.colour', 'JobStatus.eta', 'Message.tone', 'RecurrenceInfo.weeks', 'Schedule.cron'],
      unknownValues: [
        'Details.status=PAUSED',
        'Details.type=REPAIR',
        'JobStatus.state=IN_PROGRESS',
        'RecurrenceInfo.days=HOLIDAY',
      ],
    });
  });

  it.each([
    ['text', 'disk full', [{ id: undefined, text: 'disk full', args: [] }]],
    [
      'an error of /api',
      { error_type: 'ERROR', messages: [{ id: 'm', default_message: 'disk full', args: ['/storage'] }] },
      [{ id: 'm', text: 'disk full', args: ['/storage'] }],
    ],
    [
      'an error of /rest',
      { type: 'com.vmware.vapi.std.errors.error', value: { messages: [{ id: 'm', default_message: 'disk full' }] } },
      [{ id: 'm', text: 'disk full', args: [] }],
    ],
    ['one message', { id: 'm', default_message: 'disk full', args: [] }, [{ id: 'm', text: 'disk full', args: [] }]],
    [
      'an error without messages',
      { error_type: 'TIMED_OUT', messages: [] },
      [{ id: undefined, text: 'TIMED_OUT', args: [] }],
    ],
    ['something else', 42, [{ id: undefined, text: 'The vendor gives no text.', args: [] }]],
    ['null', null, []],
    ['empty text', '', []],
  ])('reads the error of a job from %s', (_title, error, texts) => {
    expect(detail({ error })).toMatchObject({ error: texts });
  });

  it('prefers the localised text of a message, then the English one, then its id', () => {
    const messages = [
      { id: 'a', default_message: 'English', localized: 'Deutsch', args: [], params: {} },
      { id: 'b', default_message: 'English', args: ['1'] },
      { id: 'c' },
      { id: 'd', default_message: 'Pairs', args: [], params: [{ key: 'p', value: { s: 'x' } }] },
    ];
    expect(detail({ messages })).toMatchObject({
      messages: [{ text: 'Deutsch' }, { text: 'English', args: ['1'] }, { text: 'c' }, { text: 'Pairs' }],
    });
  });

  it('reads booleans and numbers that come as text, and bytes beyond 32 bits', () => {
    const row = {
      cancelable: 'false',
      duration: '41',
      size: '9007199254740993',
      progress: { total: '4', completed: '1' },
    };
    expect(detail(row)).toMatchObject({
      cancelable: false,
      duration: 41,
      size: 9007199254740993n,
      progress: { total: 4, completed: 1 },
    });
  });

  it.each([
    ['status', ['PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED']],
    ['type', ['SCHEDULED', 'MANUAL']],
  ])('counts none of the documented words of %s', (member, words) => {
    const counted = drift();
    for (const word of words) expect(detail({ [member]: word }, counted)).toMatchObject({ [member]: word });
    expect(counted.read().unknownValues).toEqual([]);
  });

  it('reads a progress that is a plain percentage, as the job status has it', () => {
    expect(detail({ progress: 40 })).toMatchObject({ progress: { total: 100, completed: 40 } });
  });

  it('reads a job status, whose end is absent until it has ended', () => {
    const wire = parseJobStatus(unwrap(payload('rest-6.5-job-in-progress.json'), 'rest'), RUNNING_ID, drift());
    expect(wire).toEqual({
      id: RUNNING_ID,
      state: 'INPROGRESS',
      messages: [],
      progress: 0,
      start_time: new Date('2026-04-09T01:15:05.420Z'),
      end_time: undefined,
    });
  });

  it('refuses the status of another job than the one asked for', () => {
    const body = payload('rest-6.5-job-in-progress.json');
    const read = () => parseJobStatus(unwrap(body, 'rest'), 'another', drift());
    expect(messageOf(read)).toBe('MALFORMED_RESPONSE $.value.id is not the id that was asked for');
  });

  it('reads schedules in both encodings', () => {
    const api = parseScheduleMap(unwrap(payload('api-8.0.2-schedules.json'), 'api'), drift());
    expect([...api.rows]).toEqual([
      [
        'default',
        {
          parts: ['common'],
          location: 'nfs://nas.lab.test/vc',
          enable: true,
          recurrence_info: { hour: 4, minute: 20, days: ['TUESDAY', 'FRIDAY'] },
          retention_info: { max_count: 9 },
        },
      ],
    ]);
    const rest = parseScheduleMap(unwrap(payload('rest-6.7-schedules.json'), 'rest'), drift());
    expect(rest.rows.get('default')).toMatchObject({
      enable: false,
      recurrence_info: { hour: 23, minute: 59, days: undefined },
    });
  });

  it.each([
    [{ max_count: 9 }, { max_count: 9 }],
    [{ max_count: '9' }, { max_count: 9 }],
    [{ max_count: 'many' }, { max_count: undefined }],
    [{ keep: 9 }, { max_count: undefined }],
    ['nine', undefined],
    [null, undefined],
  ])('reads the retention %j of a schedule without losing the schedule', (told, read) => {
    const { rows, broken } = parseScheduleMap(unwrap({ s: { enable: true, retention_info: told } }, 'api'), drift());
    expect(broken).toEqual([]);
    expect(rows.get('s')).toMatchObject({ enable: true, retention_info: read });
  });

  it('reads ids, no id twice, and names the places that hold none', () => {
    const { ids, problems } = parseIds(unwrap({ value: ['b', 'a', 'b', 7, null] }, 'rest'));
    expect(ids).toEqual(['b', 'a']);
    expect(problems.map(({ message }) => message)).toEqual(['$.value[3] is not an id', '$.value[4] is not an id']);
  });

  it('reads the time zone when it is one that we can compute with', () => {
    const counted = drift();
    expect(parseTimeZone(unwrap('Europe/Berlin', 'api'), counted)).toBe('Europe/Berlin');
    expect(parseTimeZone(unwrap({ value: 'Etc/UTC' }, 'rest'), counted)).toBe('Etc/UTC');
    expect(parseTimeZone(unwrap({ value: null }, 'rest'), counted)).toBeUndefined();
    expect(parseTimeZone(unwrap('Mars/Olympus', 'api'), counted)).toBeUndefined();
    expect(counted.read().unknownValues).toEqual(['TimeZone=Mars/Olympus']);
    expect(messageOf(() => parseTimeZone(unwrap(7, 'api'), counted))).toBe('MALFORMED_RESPONSE $ is not text');
  });
});
