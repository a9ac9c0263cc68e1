import { describe, expect, it } from 'vitest';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import type { PreparedWrite } from '../../../src/vendors/contract.ts';
import { readCall } from '../../support/read-call.ts';
import { WITH_DETAILS, type Style } from './simulator-lab.ts';
import {
  create,
  effectOf,
  onSchedule,
  running,
  SCHEDULE,
  scheduleJob,
  update,
  writeLab,
  type WriteLab,
} from './write-lab.ts';

const EVERY_DAY = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

function updateCall(style: Style, spec: Record<string, unknown>): PreparedWrite['vendorCall'] {
  const path = `/${style}/appliance/recovery/backup/schedules`;
  return style === 'rest'
    ? { method: 'PUT', path: `${path}/update/default`, body: { spec } as never }
    : { method: 'PATCH', path: `${path}/default`, body: spec as never };
}

/** Settles before and after; the effect must be seen only after. */
async function sendSettled(lab: WriteLab, request: WriteRequest): Promise<PreparedWrite> {
  const prepared = await lab.prepare(request);
  expect(await lab.settle(prepared)).toBeUndefined();
  expect(effectOf(await prepared.send(AbortSignal.timeout(5_000)))).toEqual({ jobNativeId: SCHEDULE });
  expect(await lab.settle(prepared)).toEqual({ jobNativeId: SCHEDULE });
  expect(lab.writes()).toEqual([`${prepared.vendorCall.method} ${prepared.vendorCall.path}`]);
  return prepared;
}

describe('vendors/vcenter/writes, schedule', () => {
  it.each(WITH_DETAILS)('starts the schedule in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const prepared = await lab.prepare(await onSchedule(lab, 'START'));
    expect(prepared.vendorCall).toEqual({
      method: 'POST',
      path: `/${style}/appliance/recovery/backup/schedules/default?action=run`,
      body: { comment: expect.stringMatching(/^backupgraph [0-9a-f]{8}$/) },
    });
    expect(await lab.settle(prepared)).toBeUndefined();
    const effect = effectOf(await prepared.send(AbortSignal.timeout(5_000)));
    expect(effect).toEqual({ jobNativeId: SCHEDULE, runNativeId: (await running(lab)).nativeId });
    expect(await lab.settle(prepared)).toEqual(effect);
    expect(lab.writes()).toHaveLength(1);
  });

  it.each(WITH_DETAILS)('does not start while a backup runs in %s %s, and names it', async (release, style) => {
    const lab = await writeLab(release, style);
    const job = await scheduleJob(lab);
    const late = await lab.prepare({ verb: 'START', job });
    const { runNativeId } = effectOf(await lab.write(create()));
    const busy = { code: 'ALREADY_RUNNING', blockedByRunNativeId: runNativeId };
    expect(await lab.refusals({ verb: 'START', job })).toMatchObject([busy]);
    expect(await late.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'REFUSED', refusal: busy });
    expect(await lab.settle(late)).toBeUndefined();
  });

  it('does not take a backup for its own that the schedule began by itself', async () => {
    const lab = await writeLab('8.0', 'api');
    const prepared = await lab.prepare(await onSchedule(lab, 'START'));
    const before = (await lab.runs()).length;
    lab.clock.advance(6 * 3600);
    const runs = await lab.runs();
    expect(runs.length).toBe(before + 1);
    expect(await lab.settle(prepared)).toBeUndefined();
  });

  it('does not choose between two backups that may be its own', async () => {
    const lab = await writeLab('8.0', 'api');
    const prepared = await lab.prepare(await onSchedule(lab, 'START'));
    effectOf(await lab.write(await onSchedule(lab, 'START')));
    lab.clock.advance(290);
    effectOf(await lab.write(await onSchedule(lab, 'START')));
    expect(await lab.settle(prepared)).toBeUndefined();
  });

  it.each(WITH_DETAILS)('disables and enables the schedule in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const off = await sendSettled(lab, await onSchedule(lab, 'DISABLE'));
    expect(off.vendorCall).toEqual(updateCall(style, { enable: false }));
    expect(await scheduleJob(lab)).toMatchObject({ enabled: false });
    const on = await sendSettled(lab, await onSchedule(lab, 'ENABLE'));
    expect(on.vendorCall).toEqual(updateCall(style, { enable: true }));
    expect(await scheduleJob(lab)).toMatchObject({ enabled: true });
    expect(await lab.settle(off)).toBeUndefined();
  });

  it.each(WITH_DETAILS)('changes what is asked for and nothing else in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const days = await sendSettled(lab, await update(lab, { days: ['SUNDAY', 'TUESDAY'], hour: 5 }));
    const recurrence = { hour: 5, minute: 15, days: ['TUESDAY', 'SUNDAY'] };
    expect(days.vendorCall).toEqual(updateCall(style, { recurrence_info: recurrence }));
    const at = { hour: 5, minute: 15, second: 0 };
    expect((await scheduleJob(lab)).schedule).toMatchObject({ enabled: true, recurrence: { days: [0, 2], at } });
    const minute = await sendSettled(lab, await update(lab, { minute: 40, keep: 4, enabled: false }));
    expect(minute.vendorCall).toEqual(
      updateCall(style, {
        enable: false,
        recurrence_info: { ...recurrence, minute: 40 },
        retention_info: { max_count: 4 },
      }),
    );
    expect((await scheduleJob(lab)).schedule).toMatchObject({ enabled: false, recurrence: { days: [0, 2] } });
    const daily = await sendSettled(lab, await update(lab, { days: [] }));
    expect(daily.vendorCall).toEqual(
      updateCall(style, { recurrence_info: { ...recurrence, minute: 40, days: EVERY_DAY } }),
    );
    expect((await scheduleJob(lab)).schedule?.recurrence).toMatchObject({ days: [0, 1, 2, 3, 4, 5, 6] });
  });

  it('knows a daily schedule by no days and by all days', async () => {
    const lab = await writeLab('8.0', 'api');
    const prepared = await lab.prepare(await update(lab, { days: EVERY_DAY as [] }));
    expect(await lab.settle(prepared)).toEqual({ jobNativeId: SCHEDULE });
    expect(await lab.settle(await lab.prepare(await update(lab, { days: ['MONDAY'] })))).toBeUndefined();
    expect(await lab.settle(await lab.prepare(await update(lab, { keep: 9 })))).toEqual({ jobNativeId: SCHEDULE });
    expect(await lab.settle(await lab.prepare(await update(lab, { keep: 8 })))).toBeUndefined();
    expect(await lab.settle(await lab.prepare(await update(lab, { hour: 4 })))).toBeUndefined();
  });

  it('refuses a change that breaks rules, without any call', async () => {
    const lab = await writeLab('8.0', 'api');
    const request = await update(lab, { hour: 24, keep: 0 });
    lab.simulator.forgetRequests();
    expect(await lab.refusals(request)).toMatchObject([
      { code: 'INVALID_VALUE', field: ['hour'], rule: 'schedule-hour' },
      { code: 'INVALID_VALUE', field: ['keep'], rule: 'schedule-keep' },
    ]);
    expect(lab.simulator.requests()).toEqual([]);
  });

  it.each(WITH_DETAILS)('deletes the schedule and none of its backups in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const runs = (await lab.runs()).length;
    const prepared = await sendSettled(lab, await onSchedule(lab, 'DELETE'));
    expect(prepared.vendorCall).toEqual({
      method: 'DELETE',
      path: `/${style}/appliance/recovery/backup/schedules/default`,
      body: null,
    });
    expect(await lab.job(SCHEDULE)).toBeUndefined();
    expect(await lab.runs()).toHaveLength(runs);
  });

  it.each(WITH_DETAILS)('passes on that the schedule is gone in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const late = [
      await lab.prepare(await onSchedule(lab, 'DELETE')),
      await lab.prepare(await onSchedule(lab, 'DISABLE')),
      await lab.prepare(await onSchedule(lab, 'START')),
    ];
    effectOf(await lab.write(await onSchedule(lab, 'DELETE')));
    for (const prepared of late) {
      expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({
        outcome: 'REFUSED',
        refusal: { code: 'NOT_FOUND', error: { code: 'NOT_FOUND' } },
      });
    }
    expect(await lab.settle(late[1] as PreparedWrite)).toBeUndefined();
  });

  it('is at fault when it is asked for a schedule of what has none', async () => {
    const lab = await writeLab('8.0', 'api');
    const job = { ...(await scheduleJob(lab)), nativeId: 'backup/20260409-011503-1' };
    for (const verb of ['START', 'ENABLE', 'DISABLE', 'DELETE', 'RETRY'] as const)
      await expect(lab.source.prepareWrite({ verb, job }, readCall())).rejects.toMatchObject({ code: 'INTERNAL' });
    const schedule = { section: 'veeam', schedule: {} } as never;
    const request = { verb: 'UPDATE_SCHEDULE', job, schedule } as const;
    await expect(lab.source.prepareWrite(request, readCall())).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(lab.source.settleWrite('START', { kind: 'veeam' }, readCall())).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });
});
