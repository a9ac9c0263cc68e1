import { describe, expect, it } from 'vitest';
import { Drift } from '../../../src/transport/drift.ts';
import {
  mapDetails,
  mapJobStatus,
  mapManualJob,
  mapProtectedObject,
  mapRecurrence,
  mapScheduleJob,
  newestScheduled,
  type Backup,
  type ScheduleContext,
} from '../../../src/vendors/vcenter/mapper.ts';
import {
  parseDetailsMap,
  parseJobStatus,
  parseScheduleMap,
  unwrap,
  type ScheduleWire,
} from '../../../src/vendors/vcenter/wire.ts';
import type { BrokenRow } from '../../../src/vendors/vcenter/wire-map.ts';
import { payload } from './payload.ts';

const AT = new Date('2026-04-10T00:00:00Z');
const DRIFT = new Drift(() => AT);
const CONTEXT = { sourceKey: 'vc', fetchedAt: AT, onlyScheduleId: 'default' };

function backups(body: unknown, onlyScheduleId: string | undefined = 'default'): Map<string, Backup> {
  const { rows } = parseDetailsMap(unwrap(body, 'api'), DRIFT);
  return new Map([...rows].map(([id, wire]) => [id, mapDetails(id, wire, { ...CONTEXT, onlyScheduleId })]));
}

function sample(id: string): Backup {
  const backup = backups(payload('api-8.0.2-details.json')).get(id);
  if (backup === undefined) throw new Error(`the payload has no ${id}`);
  return backup;
}

function one(row: Record<string, unknown>): Backup {
  const backup = backups({ a: row }).get('a');
  if (backup === undefined) throw new Error('the row could not be read');
  return backup;
}

function schedule(body: unknown, style: 'api' | 'rest' = 'api'): ScheduleWire {
  const [wire] = parseScheduleMap(unwrap(body, style), DRIFT).rows.values();
  if (wire === undefined) throw new Error('there is no schedule');
  return wire;
}

function scheduleJob(wire: ScheduleWire, context: Partial<ScheduleContext> = {}) {
  return mapScheduleJob('default', wire, {
    sourceKey: 'vc',
    zone: undefined,
    newest: undefined,
    fetchedAt: AT,
    ...context,
  });
}

function broken(type: string | undefined, startedAt: string | undefined): BrokenRow {
  const error = parseDetailsMap(unwrap({ x: 7 }, 'api'), DRIFT).broken[0]?.error;
  if (error === undefined) throw new Error('the row was read');
  return { id: 'x', type, startedAt: startedAt === undefined ? undefined : new Date(startedAt), error };
}

describe('vendors/vcenter/mapper', () => {
  it('maps a running manual backup', () => {
    expect(sample('20260409-011503-23319993').run).toEqual({
      sourceKey: 'vc',
      nativeId: '20260409-011503-23319993',
      jobNativeId: 'backup/20260409-011503-23319993',
      status: 'RUNNING',
      nativeStatus: 'RUNNING',
      trigger: 'MANUAL',
      requestedBy: undefined,
      queuedAt: undefined,
      startedAt: new Date('2026-04-09T01:15:05.420Z'),
      endedAt: undefined,
      durationSeconds: 41,
      progressPercent: 22,
      conditions: [],
      messages: [],
      errorCount: undefined,
      warningCount: undefined,
      objectCount: undefined,
      bytes: 734003200n,
      restorable: undefined,
      details: {
        type: 'VCenterBackupDetails',
        parts: undefined,
        locationType: 'SFTP',
        location: 'sftp://store.lab.test/vc/2026-04-09-0115',
        comment: undefined,
        encrypted: undefined,
      },
      observedAt: AT,
    });
  });

  it('maps a failed scheduled backup, whose error is a message of severity ERROR without the password in it', () => {
    const { run } = sample('20260407-042000-23319993');
    expect(run).toMatchObject({
      jobNativeId: 'schedule/default',
      status: 'FAILED',
      trigger: 'SCHEDULED',
      requestedBy: 'svc-backup@vsphere.local',
      endedAt: new Date('2026-04-07T04:31:02.500Z'),
      durationSeconds: 660,
      bytes: 9007199254740991n,
    });
    expect(run.messages).toEqual([
      { id: 'm', text: 'Kopie angehalten.', args: ['seat'], severity: undefined },
      { id: undefined, text: 'The share nfs://nas.lab.test/vc is full.', args: [], severity: 'ERROR' },
    ]);
  });

  it('tells nothing of a pending backup that has not begun, whatever stands there', () => {
    expect(sample('20260410-000000-23319993').run).toMatchObject({
      status: 'QUEUED',
      nativeStatus: 'PENDING',
      startedAt: undefined,
      endedAt: undefined,
      durationSeconds: undefined,
      progressPercent: undefined,
      bytes: undefined,
    });
    const odd = {
      type: 'MANUAL',
      status: 'PENDING',
      start_time: '2026-04-09T01:15:05Z',
      end_time: '1970-01-01T00:00:00Z',
    };
    expect(one(odd).run).toMatchObject({ startedAt: undefined, endedAt: undefined, durationSeconds: undefined });
  });

  it('keeps the beginning of a blocked backup, and has no end for one that is under way', () => {
    const times = { start_time: '2026-04-09T01:15:05Z', end_time: '1970-01-01T00:00:00Z' };
    expect(one({ type: 'MANUAL', status: 'BLOCKED', ...times }).run).toMatchObject({
      status: 'QUEUED',
      nativeStatus: 'BLOCKED',
      startedAt: new Date('2026-04-09T01:15:05Z'),
      endedAt: undefined,
    });
    expect(one({ type: 'MANUAL', status: 'RUNNING', ...times }).run.endedAt).toBeUndefined();
  });

  it.each([
    [{ total: 100, completed: 22 }, 22],
    [{ total: 3, completed: 2 }, 66],
    [{ total: 0, completed: 0 }, undefined],
    [{ total: 10, completed: 11 }, 100],
    [{ total: 10, completed: -1 }, 0],
    [{ total: -1, completed: 1 }, undefined],
    [{ total: 10 }, undefined],
    [undefined, undefined],
  ])('makes of the progress %j the percentage %s', (progress, percent) => {
    expect(one({ type: 'MANUAL', status: 'RUNNING', progress }).run.progressPercent).toBe(percent);
  });

  it('takes end minus start for the duration that is not told', () => {
    const times = { start_time: '2026-04-09T01:15:05.000Z', end_time: '2026-04-09T01:16:06.500Z' };
    expect(one({ type: 'MANUAL', status: 'SUCCEEDED', ...times }).run.durationSeconds).toBe(61.5);
    expect(one({ type: 'MANUAL', status: 'SUCCEEDED', ...times, duration: 0 }).run.durationSeconds).toBe(0);
    const backwards = { start_time: times.end_time, end_time: times.start_time };
    expect(one({ type: 'MANUAL', status: 'FAILED', ...backwards }).run.durationSeconds).toBeUndefined();
  });

  it('ties a scheduled backup to the only schedule, and to none when there is none or more than one', () => {
    const row = { type: 'SCHEDULED', status: 'SUCCEEDED' };
    expect(backups({ a: row }).get('a')?.run.jobNativeId).toBe('schedule/default');
    const { rows } = parseDetailsMap(unwrap({ a: row }, 'api'), DRIFT);
    const run = [...rows].map(([id, wire]) => mapDetails(id, wire, { ...CONTEXT, onlyScheduleId: undefined }).run)[0];
    expect(run).toMatchObject({ jobNativeId: undefined, trigger: 'SCHEDULED' });
  });

  it.each([['REPAIR'], [undefined]])('ties a backup of type %s to no job', (type) => {
    const backup = one({ type, status: 'SUCCEEDED' });
    expect(backup.run).toMatchObject({ jobNativeId: undefined, trigger: undefined, status: 'SUCCEEDED' });
    expect(mapManualJob(backup)).toBeUndefined();
  });

  it('maps an unknown status to UNKNOWN with its word', () => {
    expect(one({ type: 'MANUAL', status: 'PAUSED' }).run).toMatchObject({ status: 'UNKNOWN', nativeStatus: 'PAUSED' });
    expect(one({ type: 'MANUAL' }).run).toMatchObject({ status: 'UNKNOWN', nativeStatus: undefined });
  });

  it('shows no user or password of a location, and its kind only where its URL has one', () => {
    const row = { type: 'MANUAL', status: 'FAILED' };
    expect(one({ ...row, location: 'sftp://bkp:Geheim1!@store.lab.test/vc' }).run.details).toMatchObject({
      location: 'sftp://store.lab.test/vc',
      locationType: 'SFTP',
    });
    expect(one({ ...row, location: 'host/folder' }).run.details).toMatchObject({
      location: 'host/folder',
      locationType: undefined,
    });
  });

  it('maps ids that need it percent-encoded', () => {
    const [backup] = backups({ 'a/b c': { type: 'MANUAL', status: 'FAILED' } }).values();
    expect(backup?.run).toMatchObject({ nativeId: 'a%2Fb%20c', jobNativeId: 'backup/a%2Fb%20c' });
  });

  it('makes of a manual backup a one-off job with that one run', () => {
    const backup = sample('20260409-011503-23319993');
    expect(mapManualJob(backup)).toEqual({
      sourceKey: 'vc',
      nativeId: 'backup/20260409-011503-23319993',
      kind: 'ONE_OFF',
      name: 'vCenter backup 20260409-011503-23319993',
      description: 'Manual backup',
      enabled: undefined,
      status: 'RUNNING',
      nativeStatus: 'RUNNING',
      protects: { nativeId: 'appliance', kind: 'APPLIANCE' },
      lastRun: backup.run,
      lastRunAt: backup.run.startedAt,
      nextRunAt: undefined,
      schedule: undefined,
      details: backup.run.details,
      observedAt: AT,
    });
  });

  it('makes of a schedule a recurring job that shows its newest run', () => {
    const all = [...backups(payload('api-8.0.2-details.json')).values()];
    const job = scheduleJob(schedule(payload('api-8.0.2-schedules.json')), {
      newest: newestScheduled(all, []),
      zone: { timeZone: 'Europe/Berlin' },
    });
    expect(job).toEqual({
      sourceKey: 'vc',
      nativeId: 'schedule/default',
      kind: 'RECURRING',
      name: 'default',
      description: undefined,
      enabled: true,
      status: 'FAILED',
      nativeStatus: 'FAILED',
      protects: { nativeId: 'appliance', kind: 'APPLIANCE' },
      lastRun: sample('20260407-042000-23319993').run,
      lastRunAt: new Date('2026-04-07T04:20:02Z'),
      nextRunAt: undefined,
      schedule: {
        enabled: true,
        recurrence: { form: 'WEEKLY', days: [2, 5], at: { hour: 4, minute: 20, second: 0 } },
        zone: { timeZone: 'Europe/Berlin' },
        startsAt: undefined,
        retry: undefined,
        window: undefined,
      },
      details: {
        type: 'VCenterBackupDetails',
        parts: ['common'],
        locationType: 'NFS',
        location: 'nfs://nas.lab.test/vc',
        comment: undefined,
        encrypted: undefined,
      },
      observedAt: AT,
    });
  });

  it('has status NONE and no run for a schedule that never ran', () => {
    const job = scheduleJob(schedule(payload('rest-6.7-schedules.json'), 'rest'));
    expect(job).toMatchObject({ status: 'NONE', nativeStatus: undefined, lastRun: undefined, enabled: false });
    expect(job.details).toMatchObject({ location: 'ftps://store.lab.test/vc', parts: ['common', 'seat'] });
    expect(job.schedule?.recurrence).toMatchObject({ form: 'WEEKLY', days: [0, 1, 2, 3, 4, 5, 6] });
  });

  it('shows UNKNOWN for a schedule whose newest run is not sure', () => {
    const job = scheduleJob(schedule(payload('api-8.0.2-schedules.json')), { newest: 'NOT_SURE' });
    expect(job).toMatchObject({ status: 'UNKNOWN', lastRun: 'NOT_TOLD', lastRunAt: undefined });
  });

  it.each([
    ['no rows', [], undefined],
    ['an unreadable older one', [broken('SCHEDULED', '2026-04-01T00:00:00Z')], 'a'],
    ['an unreadable newer one', [broken('SCHEDULED', '2026-04-03T00:00:00Z')], 'NOT_SURE'],
    ['an unreadable one of no time', [broken('SCHEDULED', undefined)], 'NOT_SURE'],
    ['an unreadable one of no type', [broken(undefined, '2026-04-03T00:00:00Z')], 'NOT_SURE'],
    ['an unreadable newer manual one', [broken('MANUAL', '2026-04-03T00:00:00Z')], 'a'],
  ])('with %s beside it, an older success is no answer for the newest run', (title, rows, expected) => {
    const success = one({ type: 'SCHEDULED', status: 'SUCCEEDED', start_time: '2026-04-02T00:00:00Z' });
    const newest = newestScheduled(title === 'no rows' ? [] : [success], rows);
    expect(typeof newest === 'object' ? newest.id : newest).toBe(expected);
  });

  it('is not sure of the newest run when the newest backup has no type', () => {
    const all = backups({
      a: { type: 'SCHEDULED', status: 'SUCCEEDED', start_time: '2026-04-02T00:00:00Z' },
      b: { status: 'FAILED', start_time: '2026-04-03T00:00:00Z' },
    });
    expect(newestScheduled([...all.values()], [])).toBe('NOT_SURE');
  });

  it.each(['Scheduled', 'REPAIR'])('is not sure of it either when that has the unknown type %s', (type) => {
    const rows = {
      a: { type: 'SCHEDULED', status: 'SUCCEEDED', start_time: '2026-04-02T00:00:00Z' },
      b: { type, status: 'FAILED', start_time: '2026-04-03T00:00:00Z' },
    };
    expect(newestScheduled([...backups(rows).values()], [])).toBe('NOT_SURE');
    const success = [...backups({ a: rows.a }).values()];
    expect(newestScheduled(success, [broken(type, '2026-04-03T00:00:00Z')])).toBe('NOT_SURE');
    const older = { ...rows, b: { ...rows.b, start_time: '2026-04-01T00:00:00Z' } };
    expect(newestScheduled([...backups(older).values()], [])).toMatchObject({ id: 'a' });
  });

  it('warns of a success that comes with an error', () => {
    expect(one({ type: 'MANUAL', status: 'SUCCEEDED', error: 'disk full' }).run).toMatchObject({
      status: 'WARNING',
      nativeStatus: 'SUCCEEDED',
      messages: [{ text: 'disk full', severity: 'ERROR' }],
    });
    expect(one({ type: 'MANUAL', status: 'SUCCEEDED', messages: [{ id: 'm' }], error: null }).run.status).toBe(
      'SUCCEEDED',
    );
  });

  it('takes the newest by its beginning, whatever the order, and a pending one before all', () => {
    const rows = {
      b: { type: 'SCHEDULED', status: 'FAILED', start_time: '2026-04-03T00:00:00Z' },
      a: { type: 'SCHEDULED', status: 'SUCCEEDED', start_time: '2026-04-02T00:00:00Z' },
    };
    expect(newestScheduled([...backups(rows).values()], [])).toMatchObject({ id: 'b' });
    const pending = backups({ ...rows, c: { type: 'SCHEDULED', status: 'PENDING' } });
    expect(newestScheduled([...pending.values()], [])).toMatchObject({ id: 'c' });
  });

  it.each([
    [undefined, { form: 'MANUAL' }],
    [
      { hour: 0, minute: 5, days: undefined },
      { form: 'WEEKLY', days: [0, 1, 2, 3, 4, 5, 6], at: { hour: 0, minute: 5, second: 0 } },
    ],
    [
      { hour: 23, minute: 0, days: ['SATURDAY', 'SUNDAY', 'SATURDAY'] },
      { form: 'WEEKLY', days: [0, 6], at: { hour: 23, minute: 0, second: 0 } },
    ],
    [
      { hour: 1, minute: 0, days: ['MONDAY', 'HOLIDAY'] },
      { form: 'UNKNOWN', raw: 'HOLIDAY' },
    ],
    [
      { hour: 1, minute: 0, days: [] },
      { form: 'UNKNOWN', raw: 'no days' },
    ],
    [
      { hour: 24, minute: 0, days: undefined },
      { form: 'UNKNOWN', raw: '24:0' },
    ],
    [
      { hour: 1, minute: 60, days: undefined },
      { form: 'UNKNOWN', raw: '1:60' },
    ],
    [
      { hour: undefined, minute: 3, days: undefined },
      { form: 'UNKNOWN', raw: '?:3' },
    ],
  ])('reads the recurrence %j', (info, recurrence) => {
    expect(mapRecurrence(info)).toEqual(recurrence);
  });

  it('maps the job status of 6.5 to a manual backup with its messages', () => {
    const id = '20150101-221304-5318200';
    const wire = parseJobStatus(unwrap(payload('rest-6.5-job-failed.json'), 'rest'), id, DRIFT);
    const backup = mapJobStatus(wire, CONTEXT);
    expect(backup.run).toMatchObject({
      nativeId: id,
      jobNativeId: `backup/${id}`,
      status: 'FAILED',
      nativeStatus: 'FAILED',
      trigger: 'MANUAL',
      startedAt: new Date('2015-01-01T22:13:04.151Z'),
      endedAt: new Date('2015-01-01T22:13:05.651Z'),
      durationSeconds: 1.5,
      progressPercent: 1,
      bytes: undefined,
      details: undefined,
    });
    expect(backup.run.messages).toEqual([
      {
        id: 'com.lab.backup.store',
        text: 'The store cannot be reached.',
        args: ['store.lab.test', '21'],
        severity: undefined,
      },
      { id: 'com.lab.backup.failed', text: 'The backup was not made.', args: [], severity: undefined },
    ]);
    expect(mapManualJob(backup)).toMatchObject({ kind: 'ONE_OFF', status: 'FAILED', details: undefined });
  });

  it('has no beginning for a job status of 6.5 that is not started', () => {
    const body = { id: 'a', state: 'NONE', messages: [], progress: 120, start_time: '2026-04-09T01:15:05Z' };
    const { run } = mapJobStatus(parseJobStatus(unwrap(body, 'api'), 'a', DRIFT), CONTEXT);
    expect(run).toMatchObject({ status: 'QUEUED', startedAt: undefined, progressPercent: 100 });
  });

  it('has one protected object, named as the source is', () => {
    expect(mapProtectedObject('vc', 'Headquarters')).toEqual({
      sourceKey: 'vc',
      nativeId: 'appliance',
      name: 'Headquarters',
      kind: 'APPLIANCE',
    });
  });
});
