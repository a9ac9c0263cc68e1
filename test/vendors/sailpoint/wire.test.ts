import { describe, expect, it } from 'vitest';
import { Drift } from '../../../src/transport/drift.ts';
import { parseBackups, parseScheduledActions } from '../../../src/vendors/sailpoint/wire.ts';
import { answer, payload } from './payloads.ts';

const drift = (): Drift => new Drift(() => new Date('2026-05-02T10:00:00Z'));

function backup(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { jobId: 'b1', status: 'COMPLETE', type: 'BACKUP', created: '2026-05-02T03:00:00Z', ...overrides };
}

function action(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: 'a1', jobType: 'BACKUP', cronString: '0 3 * * *', content: { name: 'nightly' }, ...overrides };
}

describe('vendors/sailpoint/wire', () => {
  it.each([
    'sdk-page-backup-response',
    'specification-backups-finished-and-running',
    'specification-backups-object-options-array',
    'specification-uploads',
  ])('reads %s without a problem and without drift', (name) => {
    const notes = drift();
    const { rows, problems } = parseBackups(answer(payload(name)), notes);
    expect(rows).toHaveLength((JSON.parse(payload(name)) as unknown[]).length);
    expect(problems).toEqual([]);
    expect(notes.read()).toMatchObject({ unknownFields: [], unknownValues: [] });
  });

  it('reads the record of the SDK page', () => {
    const { rows } = parseBackups(answer(payload('sdk-page-backup-response')), drift());
    expect(rows).toEqual([
      {
        jobId: '3469b87d-48ca-439a-868f-2160001da8c1',
        status: 'COMPLETE',
        type: 'BACKUP',
        tenant: 'tenant-name',
        requesterName: 'Requester Name',
        fileExists: true,
        created: new Date('2021-05-11T22:23:16Z'),
        completed: new Date('2021-05-11T22:23:16Z'),
        name: 'Backup Name',
        userCanDelete: false,
        isPartial: false,
        backupType: 'MANUAL',
        includeTypes: [],
        hydrationStatus: 'NOT_HYDRATED',
        totalObjectCount: 10,
        cloudStorageStatus: 'SYNCED',
      },
    ]);
  });

  it('reads times with none to six digits of a second', () => {
    const { rows } = parseBackups(answer(payload('specification-backups-object-options-array')), drift());
    expect(rows[0]).toMatchObject({
      created: new Date('2026-05-03T03:00:00.123Z'),
      completed: new Date('2026-05-03T03:02:00Z'),
      includeTypes: ['SOURCE'],
    });
  });

  it.each([
    ['left out', { jobId: 'b1' }],
    [
      'null',
      Object.fromEntries(
        [
          'status',
          'type',
          'tenant',
          'requesterName',
          'fileExists',
          'created',
          'modified',
          'completed',
          'name',
          'userCanDelete',
          'isPartial',
          'backupType',
          'options',
          'hydrationStatus',
          'totalObjectCount',
          'cloudStorageStatus',
        ].map((field) => [field, null]),
      ),
    ],
  ])('reads a record whose every field but the key is %s', (_, fields) => {
    const { rows, problems } = parseBackups(answer([{ ...fields, jobId: 'b1' }]), drift());
    expect(problems).toEqual([]);
    expect(rows[0]).toEqual({
      jobId: 'b1',
      status: undefined,
      type: undefined,
      tenant: undefined,
      requesterName: undefined,
      fileExists: undefined,
      created: undefined,
      completed: undefined,
      name: undefined,
      userCanDelete: undefined,
      isPartial: undefined,
      backupType: undefined,
      includeTypes: [],
      hydrationStatus: undefined,
      totalObjectCount: undefined,
      cloudStorageStatus: undefined,
    });
  });

  it.each([
    ['is missing', backup({ jobId: undefined }), '$[1].jobId is not text'],
    ['is empty', backup({ jobId: '' }), '$[1].jobId is not text'],
    ['is blank', backup({ jobId: ' ' }), '$[1].jobId is not a key'],
    ['holds half a character', backup({ jobId: '\ud800' }), '$[1].jobId is not a key'],
    ['is an object', backup({ jobId: {} }), '$[1].jobId is not text'],
    ['has no row around it', 'b2', '$[1] is not an object'],
  ])('loses only the row whose key %s', (_, row, message) => {
    const { rows, problems } = parseBackups(answer(JSON.stringify([backup(), row, backup({ jobId: 'b3' })])), drift());
    expect(rows.map(({ jobId }) => jobId)).toEqual(['b1', 'b3']);
    expect(problems.map((problem) => [problem.code, problem.message])).toEqual([['MALFORMED_RESPONSE', message]]);
  });

  it.each([
    ['status', 7.5, undefined],
    ['status', {}, 'text'],
    ['created', 5, 'an instant'],
    ['completed', [], 'an instant'],
    ['fileExists', 'perhaps', 'a boolean'],
    ['isPartial', 'true', undefined],
    ['totalObjectCount', 'many', 'a whole number'],
    ['totalObjectCount', '12', undefined],
    ['options', 'all', 'an object'],
    ['options', [], undefined],
    ['options', { includeTypes: 'ROLE' }, 'an array'],
  ])('reads %s = %j leniently or names what it is not', (field, value, wanted) => {
    const { problems } = parseBackups(answer([backup({ [field]: value })]), drift());
    const messages = problems.map(({ message }) => message);
    if (wanted === undefined) expect(messages).toEqual([]);
    else expect(messages).toEqual([expect.stringMatching(new RegExp(`^\\$\\[0\\]\\.${field}.* is not ${wanted}$`))]);
  });

  it.each([[{ items: [] }], [null], ['x'], [7]])('refuses %j in the place of a list', (body) => {
    expect(() => parseBackups(answer(JSON.stringify(body)), drift())).toThrow('$ is not an array');
    expect(() => parseScheduledActions(answer(JSON.stringify(body)), drift())).toThrow('$ is not an array');
  });

  it('counts unknown words and fields and keeps the words', () => {
    const notes = drift();
    const odd = {
      status: 'ARCHIVED',
      type: 'EXPORT',
      backupType: 'SCHEDULED',
      hydrationStatus: 'WET',
      cloudStorageStatus: 'MELTED',
    };
    const { rows } = parseBackups(
      answer([backup({ ...odd, retention: 'P30D', options: { excludeTypes: [] } })]),
      notes,
    );
    expect(rows[0]).toMatchObject(odd);
    expect(notes.read()).toMatchObject({
      unknownFields: ['Backup.retention', 'BackupOptions.excludeTypes'],
      unknownValues: [
        'Backup.backupType=SCHEDULED',
        'Backup.cloudStorageStatus=MELTED',
        'Backup.hydrationStatus=WET',
        'Backup.status=ARCHIVED',
        'Backup.type=EXPORT',
      ],
    });
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', undefined],
    ['-1', undefined],
    ['0', 0],
  ])('reads a count of %s as %s and keeps the row', (count, expected) => {
    const { rows, problems } = parseBackups(answer(`[{"jobId":"b1","totalObjectCount":${count}}]`), drift());
    expect(problems).toEqual([]);
    expect(rows[0]?.totalObjectCount).toBe(expected);
  });

  it('does not take text that is no instant for a time, and counts it', () => {
    const notes = drift();
    const { rows } = parseBackups(answer([backup({ completed: '2026-05-02 03:00' })]), notes);
    expect(rows[0]?.completed).toBeUndefined();
    expect(notes.read().unknownValues).toEqual(['$[].completed=not an instant']);
  });

  it('keeps only the scheduled actions that make backups', () => {
    const notes = drift();
    const { rows, problems } = parseScheduledActions(answer(payload('specification-scheduled-actions')), notes);
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        id: '91b7c2aa-0a55-4f7e-bb1d-2f64c1d0e9a3',
        startTime: new Date('2026-06-01T02:30:00Z'),
        cronString: '0 30 2 ? * SUN',
        timeZoneId: undefined,
        namesZone: false,
        name: 'weekly full',
        includeTypes: ['ROLE', 'WORKFLOW'],
      },
      {
        id: '2b1c5f60-31f4-4a39-9d0a-6c0e4b7e1f02',
        startTime: new Date('2026-06-07T20:00:00Z'),
        cronString: undefined,
        timeZoneId: 'Europe/Berlin',
        namesZone: true,
        name: 'before the move',
        includeTypes: ['IDENTITY'],
      },
    ]);
    expect(notes.read()).toMatchObject({ unknownFields: [], unknownValues: [] });
  });

  it.each([
    ['BACKUP', 1],
    ['CREATE_DRAFT', 0],
    ['CONFIG_DEPLOY_DRAFT', 0],
  ])('sees backups made by the documented jobType %s: %i', (jobType, count) => {
    const notes = drift();
    expect(parseScheduledActions(answer([action({ jobType })]), notes).rows).toHaveLength(count);
    expect(notes.read().unknownValues).toEqual([]);
  });

  it.each([
    ['status', ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETE', 'CANCELLED', 'FAILED']],
    ['type', ['BACKUP']],
    ['backupType', ['UPLOADED', 'AUTOMATED', 'MANUAL', 'AUTOMATED_DRAFT']],
    ['hydrationStatus', ['HYDRATED', 'NOT_HYDRATED']],
    ['cloudStorageStatus', ['SYNCED', 'NOT_SYNCED', 'SYNC_FAILED']],
  ])('counts none of the documented words of %s', (member, words) => {
    const notes = drift();
    const { rows } = parseBackups(answer(words.map((word) => backup({ [member]: word }))), notes);
    expect(rows).toHaveLength(words.length);
    expect(notes.read().unknownValues).toEqual([]);
  });

  it.each([
    [undefined, '(not told)'],
    [null, '(not told)'],
    ['REPORT', 'REPORT'],
  ])('leaves out a scheduled action of the type %s and counts it', (jobType, word) => {
    const notes = drift();
    expect(parseScheduledActions(answer([action({ jobType })]), notes)).toEqual({ rows: [], problems: [] });
    expect(notes.read().unknownValues).toEqual([`ScheduledAction.jobType=${word}`]);
  });

  it('loses only the scheduled action without a key', () => {
    const { rows, problems } = parseScheduledActions(answer([action({ id: null }), action()]), drift());
    expect(rows.map(({ id }) => id)).toEqual(['a1']);
    expect(problems.map(({ message }) => message)).toEqual(['$[0].id is not text']);
  });

  it('takes a blank cron for none, and keeps any other as it is', () => {
    const texts = ['', '  ', ' 0 3 * * * ', '0 0 3 ? * MON-FRI *', 'no cron at all'];
    const { rows } = parseScheduledActions(answer(texts.map((cronString) => action({ cronString }))), drift());
    expect(rows.map(({ cronString }) => cronString)).toEqual([undefined, undefined, ...texts.slice(2)]);
  });

  it('counts a zone that nobody knows and does not use it', () => {
    const notes = drift();
    const { rows } = parseScheduledActions(answer([action({ timeZoneId: 'Mars/Olympus' })]), notes);
    expect(rows[0]).toMatchObject({ timeZoneId: undefined, namesZone: true });
    expect(notes.read().unknownValues).toEqual(['ScheduledAction.timeZoneId=Mars/Olympus']);
  });

  it.each([
    [249, []],
    [250, ['Backup[].length=250, perhaps cut by the vendor']],
    [251, []],
  ])('suspects a list of %i rows accordingly', (length, values) => {
    const notes = drift();
    parseBackups(answer(Array.from({ length }, (_, index) => backup({ jobId: `b${index}` }))), notes);
    expect(notes.read().unknownValues).toEqual(values);
  });
});
