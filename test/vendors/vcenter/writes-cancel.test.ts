import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../../src/domain/backup-run.ts';
import { FORMS, WITH_DETAILS } from './simulator-lab.ts';
import { cancel, create, effectOf, onSchedule, running, SCHEDULE, scheduleJob, writeLab } from './write-lab.ts';

describe('vendors/vcenter/writes, cancel', () => {
  it.each(FORMS)('cancels a running backup in %s %s, which ends as failed', async (release, style) => {
    const lab = await writeLab(release, style);
    const { jobNativeId, runNativeId = '' } = effectOf(await lab.write(create()));
    const run = await lab.run(runNativeId);
    const prepared = await lab.prepare(cancel(run));
    const path = `/${style}/appliance/recovery/backup/job/${runNativeId}`;
    expect(prepared.vendorCall).toEqual({
      method: 'POST',
      path: style === 'api' ? `${path}?action=cancel` : `${path}/cancel`,
      body: null,
    });
    lab.writes();
    expect(await lab.settle(prepared)).toBeUndefined();
    expect(effectOf(await prepared.send(AbortSignal.timeout(5_000)))).toEqual({ jobNativeId, runNativeId });
    expect(lab.writes()).toHaveLength(1);
    expect(await lab.settle(prepared)).toBeUndefined();
    lab.clock.advance(10);
    expect(await lab.run(runNativeId)).toMatchObject({ status: 'FAILED' });
    expect(await lab.settle(prepared)).toEqual({ jobNativeId, runNativeId });
  });

  it.each(FORMS)('takes the WARNING of a second cancel for a yes in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const run = await lab.run(effectOf(await lab.write(create())).runNativeId);
    const [one, two] = [await lab.prepare(cancel(run)), await lab.prepare(cancel(run))];
    expect(effectOf(await one.send(AbortSignal.timeout(5_000)))).toEqual(
      effectOf(await two.send(AbortSignal.timeout(5_000))),
    );
  });

  it.each(FORMS)('says WRONG_STATE when the backup ended before the cancel came, in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const prepared = await lab.prepare(cancel(await lab.run(effectOf(await lab.write(create())).runNativeId)));
    lab.clock.advance(290);
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'WRONG_STATE', field: ['run'], error: { code: 'CONFLICT', nativeCode: 'FAIL' } },
    });
  });

  it.each(FORMS)('says VENDOR_REJECTED when the backup goes on in its last steps, in %s %s', async (release, style) => {
    const lab = await writeLab(release, style, { busy: true });
    const run = await running(lab);
    const prepared = await lab.prepare(cancel(run));
    lab.clock.advance(150);
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'VENDOR_REJECTED', error: { nativeCode: 'FAIL' } },
    });
    lab.clock.advance(95);
    expect(await lab.run(run.nativeId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await lab.settle(prepared)).toBeUndefined();
  });

  it('says VENDOR_REJECTED when nobody can look afterwards', async () => {
    const lab = await writeLab('8.0', 'api', { busy: true });
    const prepared = await lab.prepare(cancel(await running(lab)));
    lab.clock.advance(150);
    lab.simulator.fault({ kind: 'stall', path: 'details' });
    const reply = await prepared.send(AbortSignal.timeout(5_000));
    expect(reply).toMatchObject({ outcome: 'REFUSED', refusal: { code: 'VENDOR_REJECTED' } });
  });

  it.each(FORMS)('passes on that a backup is unknown in %s %s', async (release, style) => {
    const lab = await writeLab(release, style, { busy: true });
    const gone: BackupRun = { ...(await running(lab)), nativeId: '20200101-000000-1' };
    const prepared = await lab.prepare(cancel(gone));
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'NOT_FOUND' },
    });
    expect(await lab.settle(prepared)).toBeUndefined();
  });

  it.each(FORMS)('cancels the run of a manual backup that is named by its job, in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const { jobNativeId = '', runNativeId } = effectOf(await lab.write(create()));
    const job = await lab.job(jobNativeId);
    expect(effectOf(await lab.write({ verb: 'CANCEL', job, run: undefined }))).toEqual({ jobNativeId, runNativeId });
  });

  it.each(WITH_DETAILS)('cancels the run under way of the schedule in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const job = await scheduleJob(lab);
    expect(await lab.refusals({ verb: 'CANCEL', job, run: undefined })).toMatchObject([
      { code: 'WRONG_STATE', field: ['job'] },
    ]);
    const effect = effectOf(await lab.write(await onSchedule(lab, 'START')));
    expect(effectOf(await lab.write({ verb: 'CANCEL', job, run: undefined }))).toEqual({
      ...effect,
      jobNativeId: SCHEDULE,
    });
  });

  it('cancels what waits, and the one that runs before one that waits', async () => {
    const lab = await writeLab('8.0', 'api', { busy: true });
    const waiting = (await lab.runs()).filter(({ status }) => status === 'QUEUED');
    expect(waiting.length).toBe(2);
    for (const run of waiting) {
      const prepared = await lab.prepare(cancel(run));
      effectOf(await prepared.send(AbortSignal.timeout(5_000)));
      expect(await lab.settle(prepared)).toMatchObject({ runNativeId: run.nativeId });
    }
  });

  it('makes no call for a run that has ended', async () => {
    const lab = await writeLab('8.0', 'api');
    const [ended] = await lab.runs();
    if (ended === undefined) throw new Error('no runs');
    expect(await lab.refusals(cancel(ended))).toMatchObject([{ code: 'WRONG_STATE', field: ['run'] }]);
    expect(lab.writes()).toEqual([]);
  });
});
