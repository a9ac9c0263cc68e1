import { describe, expect, it } from 'vitest';
import type { VCenterBackupDetails } from '../../../src/domain/backup-job.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { PreparedWrite } from '../../../src/vendors/contract.ts';
import { readCall } from '../../support/read-call.ts';
import { ask, FORMS, login, tokenOf, WITH_DETAILS, type Row, type Style } from './simulator-lab.ts';
import {
  create,
  effectOf,
  inline,
  named,
  PLANTED,
  running,
  SCHEDULE,
  writeLab,
  written,
  type WriteLab,
} from './write-lab.ts';

const FOLDER = /backupgraph-\d{8}-\d{6}-[0-9a-f]{8}$/;

function bodyOf({ vendorCall }: PreparedWrite): Row {
  return vendorCall.body as Row;
}

function pieceOf(prepared: PreparedWrite, style: Style): Row {
  const body = bodyOf(prepared);
  if (style === 'api') return body;
  expect(Object.keys(body)).toEqual(['piece']);
  return body['piece'] as Row;
}

function jobPath(style: Style): string {
  return `/${style}/appliance/recovery/backup/job`;
}

async function commentsOf({ simulator, clock }: WriteLab, style: Style): Promise<string> {
  for (let rounds = 0; rounds < 2; rounds += 1) clock.advance(295);
  const token = tokenOf(await login(simulator, style), style);
  const headers = { 'vmware-api-session-id': token, 'content-type': 'application/json' };
  const path = `${simulator.url}/${style}/appliance/recovery/backup/system-name/vc-hq.lab.test/archives`;
  const location = 'ftps://nas.lab.test/vc';
  const answer =
    style === 'rest'
      ? await ask(`${path}?loc_spec.location=${encodeURIComponent(location)}`, { headers })
      : await ask(`${path}?action=list`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ loc_spec: { location } }),
        });
  return answer.text;
}

describe('vendors/vcenter/writes, create', () => {
  it.each(FORMS)('begins a backup to a configured destination in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const prepared = await lab.prepare(create({ comment: 'before upgrade', backupPassword: named('enc') }));
    expect(lab.writes()).toEqual([]);
    expect(prepared.vendorCall).toMatchObject({ method: 'POST', path: jobPath(style) });
    const piece = pieceOf(prepared, style);
    const folder = FOLDER.exec(String(piece['location']))?.[0] ?? 'no folder of its own';
    expect(piece).toEqual({
      parts: release === '8.0' || release === '9.1' ? ['common', 'seat', 'supervisors'] : ['common', 'seat'],
      location_type: 'FTPS',
      location: `ftps://nas.lab.test/vc/${folder}`,
      location_user: 'bkp',
      location_password: '[secret]',
      backup_password: '[secret]',
      comment: `before upgrade backupgraph ${folder.slice(-8)}`,
    });
    const { jobNativeId, runNativeId } = effectOf(await prepared.send(AbortSignal.timeout(5_000)));
    expect(lab.writes()).toEqual([`POST ${jobPath(style)}`]);
    const run = await lab.run(runNativeId);
    expect(run).toMatchObject({ status: 'RUNNING', trigger: 'MANUAL', jobNativeId });
    expect(await lab.job(String(jobNativeId))).toMatchObject({ kind: 'ONE_OFF', status: 'RUNNING' });
    if (release !== '6.5')
      expect((run.details as VCenterBackupDetails).location).toBe(`ftps://nas.lab.test/vc/${folder}`);
    expect(await lab.settle(prepared)).toEqual({ jobNativeId, runNativeId });
  });

  it.each([
    ['8.0', 'rest'],
    ['8.0', 'api'],
  ] as const)('leaves its mark in the comment of the archive in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const prepared = await lab.prepare(create());
    effectOf(await prepared.send(AbortSignal.timeout(5_000)));
    expect(await commentsOf(lab, style)).toContain(String(pieceOf(prepared, style)['comment']));
  });

  it.each(FORMS)('begins a backup to an allowed place that is written out, in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const request = inline({ user: 'bkp', password: written(PLANTED.location), location: 'store.lab.test/vc' });
    const prepared = await lab.prepare(request);
    const piece = pieceOf(prepared, style);
    expect(piece).toMatchObject({ location_type: 'FTPS', location_user: 'bkp', location_password: '[secret]' });
    expect(piece['location']).toMatch(new RegExp(`^store\\.lab\\.test/vc/${FOLDER.source}`));
    expect(piece).not.toHaveProperty('backup_password');
    const { runNativeId } = effectOf(await prepared.send(AbortSignal.timeout(5_000)));
    expect(await lab.settle(prepared)).toMatchObject({ runNativeId });
  });

  it('takes another folder for each backup', async () => {
    const lab = await writeLab('8.0', 'api');
    const [one, two] = [await lab.prepare(create()), await lab.prepare(create())];
    expect(bodyOf(one)['location']).not.toBe(bodyOf(two)['location']);
    expect(bodyOf(one)['comment']).toMatch(/^backupgraph [0-9a-f]{8}$/);
  });

  it.each([true, false])('sends fast_backup %s only when asked', async (fast) => {
    const lab = await writeLab('7.0', 'api');
    expect(bodyOf(await lab.prepare(create()))).not.toHaveProperty('fast_backup');
    const prepared = await lab.prepare(create({ fast }));
    expect(bodyOf(prepared)['fast_backup']).toBe(fast);
    effectOf(await prepared.send(AbortSignal.timeout(5_000)));
  });

  it.each(['6.5', '6.7'])('passes on that %s has no fast backup', async (release) => {
    const lab = await writeLab(release, 'rest');
    expect(await lab.write(create({ fast: true }))).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'VENDOR_REJECTED', error: { nativeCode: 'UNEXPECTED_INPUT', code: 'BAD_REQUEST' } },
    });
  });

  it.each(FORMS)('takes the parts asked for and refuses others in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    expect(pieceOf(await lab.prepare(create({ parts: ['seat'] })), style)['parts']).toEqual(['seat']);
    expect(pieceOf(await lab.prepare(create({ parts: [] })), style)['parts']).toEqual([]);
    const refusals = await lab.refusals(create({ parts: ['common', 'tape'] }));
    expect(refusals).toMatchObject([{ code: 'INVALID_VALUE', field: ['parts', '1'], rule: 'part-unknown' }]);
    expect(lab.writes()).toEqual([]);
  });

  it('checks its rules together and before any call', async () => {
    const lab = await writeLab('8.0', 'api');
    lab.simulator.forgetRequests();
    const request = inline({ location: 'ftps://evil.test/x', password: named('gone'), user: 'bkp' });
    if (request.verb !== 'CREATE' || request.target.section !== 'vcenter') throw new Error('no create');
    const refusals = await lab.refusals(create({ ...request.target.backup, backupPassword: named('weak') }));
    expect(refusals.map(({ code, field, rule }) => `${code} ${(field ?? []).join('.')} ${rule}`)).toEqual([
      'NOT_PERMITTED destination.inline.location location-host',
      'NOT_FOUND destination.inline.password.ref secret-name',
      'INVALID_VALUE backupPassword backup-password-digit',
      'INVALID_VALUE backupPassword backup-password-special',
      'INVALID_VALUE backupPassword backup-password-characters',
    ]);
    const unknown = await lab.refusals(create({ destination: { kind: 'configured', name: 'tape' } }));
    expect(unknown).toMatchObject([{ code: 'NOT_FOUND', field: ['destination', 'configured'] }]);
    expect(lab.simulator.requests()).toEqual([]);
    expect(JSON.stringify([refusals, unknown])).not.toMatch(/Planted|evil|gone|tape/);
  });

  it('allows nothing that is written out when the configuration says nothing', async () => {
    const lab = await writeLab('8.0', 'api', { settings: { inlineDestinations: undefined } });
    expect(await lab.refusals(inline())).toMatchObject([{ code: 'NOT_PERMITTED', field: ['destination', 'inline'] }]);
  });

  it.each(FORMS)('names the backup in the way before or after asking %s %s', async (release, style) => {
    const lab = await writeLab(release, style, { busy: true });
    const { nativeId } = await running(lab);
    lab.simulator.forgetRequests();
    const busy = { code: 'ALREADY_RUNNING', blockedByRunNativeId: nativeId };
    if (release === '6.5') {
      // It would have to be asked about each backup, so the appliance itself is left to say no.
      expect(await lab.write(create())).toMatchObject({ outcome: 'REFUSED', refusal: busy });
      expect(lab.writes()).toHaveLength(1);
    } else {
      expect(await lab.refusals(create())).toMatchObject([busy]);
      expect(lab.writes()).toEqual([]);
    }
  });

  it.each(FORMS)('names the backup that began between look and call in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const late = await lab.prepare(create());
    const { runNativeId } = effectOf(await lab.write(create()));
    lab.writes();
    expect(await late.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'REFUSED',
      refusal: {
        code: 'ALREADY_RUNNING',
        blockedByRunNativeId: runNativeId,
        error: { code: 'CONFLICT', nativeCode: 'FEATURE_IN_USE' },
      },
    });
    expect(lab.writes()).toHaveLength(1);
    expect(await lab.settle(late)).toEqual(release === '6.5' ? expect.anything() : undefined);
  });

  it.each(['refuse', 'server-error', 'stall', 'html'] as const)(
    'says ALREADY_RUNNING without the run when the look afterwards meets %s',
    async (kind) => {
      const lab = await writeLab('8.0', 'api');
      const late = await lab.prepare(create());
      effectOf(await lab.write(create()));
      lab.simulator.fault({ kind, path: 'details' });
      const reply = await late.send(AbortSignal.timeout(5_000));
      expect(reply).toMatchObject({ outcome: 'REFUSED', refusal: { code: 'ALREADY_RUNNING' } });
      expect(reply).not.toHaveProperty('refusal.blockedByRunNativeId');
    },
  );

  it('throws what it meets when it cannot read the parts, and sends nothing', async () => {
    const lab = await writeLab('8.0', 'api');
    lab.simulator.fault({ kind: 'html', path: 'parts' });
    const error = await lab.source.prepareWrite(create(), readCall()).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'MALFORMED_RESPONSE' });
    expect(lab.writes()).toEqual([]);
  });

  it.each(WITH_DETAILS)('runs the schedule now in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const destination = { kind: 'schedule', jobNativeId: SCHEDULE } as const;
    const prepared = await lab.prepare(create({ destination, comment: 'extra' }));
    expect(prepared.vendorCall).toEqual({
      method: 'POST',
      path: `/${style}/appliance/recovery/backup/schedules/default?action=run`,
      body: { comment: expect.stringMatching(/^extra backupgraph [0-9a-f]{8}$/) },
    });
    expect(await lab.settle(prepared)).toBeUndefined();
    const effect = effectOf(await prepared.send(AbortSignal.timeout(5_000)));
    expect(effect.jobNativeId).toBe(SCHEDULE);
    expect(await lab.run(effect.runNativeId)).toMatchObject({ status: 'RUNNING', trigger: 'SCHEDULED' });
    expect(await lab.settle(prepared)).toEqual(effect);
  });

  it('refuses what a schedule has of its own, and what is no schedule of the appliance', async () => {
    const lab = await writeLab('8.0', 'api');
    const on = (jobNativeId: string, change = {}) =>
      lab.refusals(create({ destination: { kind: 'schedule', jobNativeId }, ...change }));
    const given = { parts: ['common'], backupPassword: named('enc'), fast: false };
    const own = await on(SCHEDULE, given);
    expect(own.map(({ code, field, rule }) => [code, field, rule])).toEqual([
      ['INVALID_VALUE', ['parts'], 'not-with-schedule'],
      ['INVALID_VALUE', ['backupPassword'], 'not-with-schedule'],
      ['INVALID_VALUE', ['fast'], 'not-with-schedule'],
    ]);
    const field = ['destination', 'schedule'];
    for (const id of ['backup/20260409-011503-1', 'nonsense', ''])
      expect(await on(id)).toMatchObject([{ code: 'INVALID_VALUE', field, rule: 'schedule-job' }]);
    expect(await on('schedule/other')).toMatchObject([{ code: 'NOT_FOUND', field }]);
    expect(lab.writes()).toEqual([]);
  });

  it('has no schedule to run on a 6.5', async () => {
    const lab = await writeLab('6.5', 'rest');
    const destination = { kind: 'schedule', jobNativeId: SCHEDULE } as const;
    expect(await lab.refusals(create({ destination }))).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('is at fault when it is asked for a backup of another vendor', async () => {
    const { source } = await writeLab('8.0', 'api');
    const request = { verb: 'CREATE', target: { section: 'veeam', backup: {} } } as never;
    await expect(source.prepareWrite(request, readCall())).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
