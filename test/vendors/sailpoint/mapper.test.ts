import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { nextRuns } from '../../../src/domain/next-runs.ts';
import { Drift } from '../../../src/transport/drift.ts';
import {
  mapActionJob,
  mapBackupJob,
  mapProtectedObject,
  mapRun,
  mergeRecords,
  type BackupRecord,
  type Fetched,
  type MapContext,
} from '../../../src/vendors/sailpoint/mapper.ts';
import {
  parseBackups,
  parseScheduledActions,
  type BackupWire,
  type ScheduledActionWire,
} from '../../../src/vendors/sailpoint/wire.ts';
import { answer, payload } from './payloads.ts';

const fetchedAt = new Date('2026-05-21T10:00:00Z');
const now = new Date('2026-05-21T10:00:05Z');
const context: MapContext = { sourceKey: 'isc', sourceName: 'Acme tenant', timeZone: undefined };
const drift = new Drift(() => now);

function backups(body: unknown): BackupWire[] {
  return [...parseBackups(answer(body), drift).rows];
}

function record(fields: Record<string, unknown>, isUpload = false): BackupRecord {
  const [row] = backups([{ jobId: 'b1', status: 'COMPLETE', ...fields }]);
  if (row === undefined) throw new Error('the row cannot be read');
  return { row, fetchedAt, isUpload };
}

function located(rows: readonly BackupWire[]): readonly Fetched<BackupWire>[] {
  return rows.map((row) => ({ row, fetchedAt }));
}

function run(fields: Record<string, unknown>): BackupRun {
  return mapRun(record(fields), context);
}

function action(fields: Record<string, unknown>, zone?: string): BackupJob {
  const [row] = parseScheduledActions(answer([{ id: 'a1', jobType: 'BACKUP', ...fields }]), drift).rows;
  if (row === undefined) throw new Error('the row cannot be read');
  return mapActionJob({ row, fetchedAt }, { ...context, timeZone: zone }, now);
}

describe('vendors/sailpoint/mapper', () => {
  it('maps a finished record to a run, ended when the vendor says completed and not when modified', () => {
    const [row] = backups(payload('specification-backups-finished-and-running'));
    expect(mapRun({ row: row!, fetchedAt, isUpload: false }, context)).toEqual({
      sourceKey: 'isc',
      nativeId: '7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410',
      jobNativeId: 'backup/7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410',
      status: 'SUCCEEDED',
      nativeStatus: 'COMPLETE',
      trigger: 'MANUAL',
      requestedBy: 'dana.ops',
      queuedAt: undefined,
      startedAt: new Date('2026-05-02T03:00:01.204Z'),
      endedAt: new Date('2026-05-02T03:01:40.500Z'),
      durationSeconds: 99.296,
      progressPercent: undefined,
      conditions: [
        { kind: 'PARTIAL_COVERAGE', nativeKind: undefined, severity: 'INFO' },
        { kind: 'OFFSITE_COPY_PENDING', nativeKind: 'NOT_SYNCED', severity: 'INFO' },
      ],
      messages: [],
      errorCount: undefined,
      warningCount: undefined,
      objectCount: 131,
      bytes: undefined,
      restorable: true,
      details: {
        type: 'SailPointBackupDetails',
        tenant: 'acme-lab',
        backupType: 'MANUAL',
        fileExists: true,
        userCanDelete: true,
        isPartial: true,
        hydrationStatus: 'HYDRATED',
        cloudStorageStatus: 'NOT_SYNCED',
      },
      observedAt: fetchedAt,
    } satisfies BackupRun);
  });

  it('maps a running record without an end, a duration, a count or a verdict on restoring', () => {
    const [, row] = backups(payload('specification-backups-finished-and-running'));
    expect(mapRun({ row: row!, fetchedAt, isUpload: false }, context)).toMatchObject({
      status: 'RUNNING',
      nativeStatus: 'IN_PROGRESS',
      startedAt: new Date('2026-05-02T09:10:00Z'),
      endedAt: undefined,
      durationSeconds: undefined,
      objectCount: undefined,
      restorable: undefined,
      conditions: [],
    });
  });

  it('takes the creation of a record that has not begun for its request', () => {
    expect(
      run({ status: 'NOT_STARTED', created: '2026-05-02T09:10:00Z', completed: '2026-05-02T09:11:00Z' }),
    ).toMatchObject({
      status: 'QUEUED',
      queuedAt: new Date('2026-05-02T09:10:00Z'),
      startedAt: undefined,
      endedAt: undefined,
      durationSeconds: undefined,
    });
  });

  it('believes no end while it runs, and no end before the beginning for a duration', () => {
    expect(run({ status: 'IN_PROGRESS', completed: '2026-05-02T09:11:00Z' }).endedAt).toBeUndefined();
    const odd = run({ created: '2026-05-02T09:10:00Z', completed: '2026-05-02T09:09:00Z' });
    expect(odd.endedAt).toEqual(new Date('2026-05-02T09:09:00Z'));
    expect(odd.durationSeconds).toBeUndefined();
  });

  it('invents nothing for a record of which only the key is told', () => {
    const bare = run({ status: undefined });
    expect(bare).toMatchObject({ status: 'UNKNOWN', conditions: [], messages: [] });
    for (const field of [
      'nativeStatus',
      'trigger',
      'requestedBy',
      'startedAt',
      'endedAt',
      'objectCount',
      'restorable',
    ] as const)
      expect(bare[field]).toBeUndefined();
  });

  it('maps a record to the one-off job whose one run it is', () => {
    const one = record({
      name: 'nightly',
      options: { includeTypes: ['ROLE', 'RULE'] },
      created: '2026-05-02T03:00:00Z',
    });
    const job = mapBackupJob(one, context);
    expect(job).toMatchObject({
      sourceKey: 'isc',
      nativeId: 'backup/b1',
      kind: 'ONE_OFF',
      name: 'nightly',
      description: 'Object types: ROLE, RULE',
      enabled: undefined,
      status: 'SUCCEEDED',
      nativeStatus: 'COMPLETE',
      protects: { nativeId: 'tenant', kind: 'TENANT_CONFIGURATION' },
      lastRunAt: new Date('2026-05-02T03:00:00Z'),
      nextRunAt: undefined,
      schedule: undefined,
      observedAt: fetchedAt,
    });
    expect(job.lastRun).toEqual(mapRun(one, context));
  });

  it('names a record without a name after its key', () => {
    expect(mapBackupJob(record({}), context)).toMatchObject({ name: 'backup b1', description: undefined });
  });

  it('encodes keys that could be read as something else', () => {
    const odd = mapBackupJob(record({ jobId: '../a/b?c' }), context);
    expect(odd.nativeId).toBe('backup/..%2Fa%2Fb%3Fc');
    expect(odd.lastRun).toMatchObject({ nativeId: '..%2Fa%2Fb%3Fc', jobNativeId: 'backup/..%2Fa%2Fb%3Fc' });
  });

  it('does not let an upload pass for a backup of the tenant', () => {
    const upload = mapBackupJob(record({}, true), context);
    expect(upload.protects).toBeUndefined();
    expect(upload.lastRun).toMatchObject({ trigger: 'UPLOADED', restorable: true });
  });

  it('keeps each record once, and the one of the backups where both lists have it', () => {
    const merged = mergeRecords(
      located(
        backups([
          { jobId: 'both', name: 'of backups', backupType: 'MANUAL' },
          { jobId: 'twice', name: '1' },
          { jobId: 'twice', name: '2' },
        ]),
      ),
      located(
        backups([
          { jobId: 'both', name: 'of uploads' },
          { jobId: 'upload', name: 'u' },
        ]),
      ),
    );
    expect([...merged.values()].map(({ row, isUpload }) => [row.jobId, row.name, isUpload])).toEqual([
      ['both', 'of backups', false],
      ['twice', '1', false],
      ['upload', 'u', true],
    ]);
  });

  it.each([
    ['COMPLETE', 'FAILED', 'FAILED'],
    ['FAILED', 'COMPLETE', 'FAILED'],
    ['COMPLETE', 'ARCHIVED', 'ARCHIVED'],
    ['COMPLETE', 'IN_PROGRESS', 'IN_PROGRESS'],
  ])('lets no success hide the other of two rows with one key that say %s and %s', (first, second, expected) => {
    const twice = located(
      backups([
        { jobId: 'twice', status: first },
        { jobId: 'twice', status: second },
      ]),
    );
    expect(mergeRecords(twice, []).get('twice')?.row.status).toBe(expected);
    expect(mergeRecords([], twice).get('twice')?.row.status).toBe(expected);
  });

  it.each([
    [undefined, true],
    ['UPLOADED', true],
    ['MANUAL', false],
    ['NOVEL', false],
  ])('takes a record of both lists whose origin is %s for an upload: %s', (backupType, expected) => {
    const both = located(backups([{ jobId: 'both', backupType }]));
    expect(mergeRecords(both, both).get('both')?.isUpload).toBe(expected);
    expect(mergeRecords(both, []).get('both')?.isUpload).toBe(backupType === 'UPLOADED');
  });

  it('takes booleans that come as text for what they say', () => {
    expect(run({ fileExists: 'false' })).toMatchObject({ status: 'FAILED', restorable: false });
    expect(run({ fileExists: 'True', isPartial: 'true' })).toMatchObject({
      status: 'SUCCEEDED',
      conditions: [{ kind: 'PARTIAL_COVERAGE' }],
    });
  });

  it('sees an upload in the list of backups by its origin', () => {
    const rows = backups([{ jobId: 'u', backupType: 'UPLOADED' }]).map((row) => ({ row, fetchedAt }));
    expect(mergeRecords(rows, []).get('u')?.isUpload).toBe(true);
  });

  it('maps a scheduled action with a cron to a recurring job that nobody knows the state of', () => {
    const [row] = parseScheduledActions(answer(payload('specification-scheduled-actions')), drift).rows;
    expect(mapActionJob({ row: row!, fetchedAt }, context, now)).toEqual({
      sourceKey: 'isc',
      nativeId: 'action/91b7c2aa-0a55-4f7e-bb1d-2f64c1d0e9a3',
      kind: 'RECURRING',
      name: 'weekly full',
      description: 'Object types: ROLE, WORKFLOW',
      enabled: undefined,
      status: 'UNKNOWN',
      nativeStatus: undefined,
      protects: { nativeId: 'tenant', kind: 'TENANT_CONFIGURATION' },
      lastRun: undefined,
      lastRunAt: undefined,
      nextRunAt: undefined,
      schedule: {
        enabled: undefined,
        recurrence: { form: 'CRON', expression: '0 30 2 ? * SUN' },
        zone: undefined,
        startsAt: new Date('2026-06-01T02:30:00Z'),
        retry: undefined,
        window: undefined,
      },
      details: undefined,
      observedAt: fetchedAt,
    } satisfies BackupJob);
  });

  it('maps a scheduled action with only a start to a one-off that is queued while it lies ahead', () => {
    const at = new Date(now.getTime() + 1);
    expect(action({ startTime: at.toISOString() })).toMatchObject({
      kind: 'ONE_OFF',
      status: 'QUEUED',
      nextRunAt: at,
      schedule: { recurrence: { form: 'ONCE', at }, startsAt: at, zone: undefined },
    });
    expect(action({ startTime: now.toISOString() })).toMatchObject({
      kind: 'ONE_OFF',
      status: 'UNKNOWN',
      nextRunAt: undefined,
    });
  });

  it('does not guess when an action without a start and a cron is due', () => {
    expect(action({})).toMatchObject({
      kind: 'ONE_OFF',
      name: undefined,
      status: 'UNKNOWN',
      nextRunAt: undefined,
      schedule: { recurrence: { form: 'UNKNOWN', raw: '' }, startsAt: undefined },
    });
  });

  it("takes the vendor's zone, else the operator's, else none", () => {
    const cron = { cronString: '0 3 * * *' };
    expect(action({ ...cron, timeZoneId: 'Europe/Berlin' }, 'Asia/Tokyo').schedule?.zone).toEqual({
      timeZone: 'Europe/Berlin',
    });
    expect(action(cron, 'Asia/Tokyo').schedule?.zone).toEqual({ timeZone: 'Asia/Tokyo' });
    expect(action(cron).schedule?.zone).toBeUndefined();
    expect(action({ ...cron, timeZoneId: 'Mars/Olympus' }, 'Asia/Tokyo').schedule?.zone).toBeUndefined();
  });

  it('leaves a schedule without a zone without computed runs', () => {
    const { schedule } = action({ cronString: '0 3 * * *' });
    expect(nextRuns(schedule!, now, 3)).toEqual([]);
    const zoned = action({ cronString: '0 3 * * *', timeZoneId: 'Europe/Berlin', startTime: '2026-06-01T00:00:00Z' });
    expect(nextRuns(zoned.schedule!, now, 1)).toEqual([new Date('2026-06-01T01:00:00Z')]);
  });

  it('has one protected object, named by the operator', () => {
    expect(mapProtectedObject(context)).toEqual({
      sourceKey: 'isc',
      nativeId: 'tenant',
      name: 'Acme tenant',
      kind: 'TENANT_CONFIGURATION',
    });
  });

  it('maps each dialect of cron unchanged', () => {
    const dialects = ['30 2 * * 0', '0 30 2 * * 0', '0 30 2 ? * SUN', '0 30 2 ? * SUN *'];
    const rows: ScheduledActionWire[] = [
      ...parseScheduledActions(
        answer(dialects.map((cronString, id) => ({ id: `a${id}`, jobType: 'BACKUP', cronString }))),
        drift,
      ).rows,
    ];
    const forms = rows.map((row) => mapActionJob({ row, fetchedAt }, context, now).schedule?.recurrence);
    expect(forms).toEqual(dialects.map((expression) => ({ form: 'CRON', expression })));
  });
});
