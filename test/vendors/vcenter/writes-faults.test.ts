import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GatewayError, SOURCE_ERROR_KINDS } from '../../../src/domain/errors.ts';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import { FAULT_KINDS, type FaultKind } from '../../../src/simulation/faults.ts';
import { readCall } from '../../support/read-call.ts';
import { FORMS, WITH_DETAILS, type Style } from './simulator-lab.ts';
import {
  cancel,
  create,
  inline,
  named,
  onSchedule,
  PLANTED,
  SCHEDULE,
  update,
  writeLab,
  written,
  type WriteLab,
} from './write-lab.ts';

const KINDS = FAULT_KINDS.filter((kind) => kind !== 'bad-xml' && kind !== 'endless-paging');
const VERBS = ['CREATE', 'START', 'CANCEL', 'ENABLE', 'DISABLE', 'UPDATE_SCHEDULE', 'DELETE'] as const;
type Verb = (typeof VERBS)[number];

/** Faults that meet the call after the vendor has acted, and that take the answer away. */
const AFTER: readonly FaultKind[] = ['reset-mid-body', 'truncate', 'stall-body', 'no-last-chunk', 'huge-headers'];
/** Faults that meet it before. */
const BEFORE: readonly FaultKind[] = ['refuse', 'stall', 'server-error', 'redirect', 'oversized', 'html'];

/** A write that would change something, with the vendor in a state that allows it. */
async function requestFor(verb: Verb, lab: WriteLab): Promise<WriteRequest> {
  switch (verb) {
    case 'CREATE':
      return create({ backupPassword: written(PLANTED.written) });
    case 'CANCEL': {
      const reply = await lab.write(create());
      if (reply.outcome !== 'DONE') throw new Error('nothing to cancel');
      return cancel(await lab.run(reply.runNativeId));
    }
    case 'ENABLE':
      await lab.write(await onSchedule(lab, 'DISABLE'));
      return onSchedule(lab, verb);
    case 'UPDATE_SCHEDULE':
      return update(lab, { hour: 7, days: ['FRIDAY'], keep: 2, enabled: false });
    default:
      return onSchedule(lab, verb);
  }
}

/** What a lost write must come to when it was done. */
function effectFor(verb: Verb): object {
  switch (verb) {
    case 'CREATE':
    case 'CANCEL':
      return { jobNativeId: expect.stringMatching(/^backup\//), runNativeId: expect.any(String) };
    case 'START':
      return { jobNativeId: SCHEDULE, runNativeId: expect.any(String) };
    default:
      return { jobNativeId: SCHEDULE };
  }
}

/** Sends under a fault that only the write itself meets. */
async function sendUnder(kind: FaultKind, verb: Verb, lab: WriteLab) {
  const prepared = await lab.prepare(await requestFor(verb, lab));
  lab.simulator.forgetRequests();
  const method = prepared.vendorCall.method;
  lab.simulator.fault({ kind, method, path: '/recovery/' });
  const reply = await prepared.send(AbortSignal.timeout(5_000));
  lab.simulator.clearFaults();
  return { prepared, reply, sent: lab.writes() };
}

/** A few seconds later: a cancelled backup has come to its end. */
async function settledLater(lab: WriteLab, prepared: Parameters<WriteLab['settle']>[0], verb: Verb) {
  if (verb === 'CANCEL') lab.clock.advance(10);
  return lab.settle(prepared);
}

const FORMS_OF_VERBS: [Verb, string, Style][] = VERBS.flatMap((verb) =>
  (verb === 'CREATE' || verb === 'CANCEL' ? FORMS : WITH_DETAILS).map(([release, style]): [Verb, string, Style] => [
    verb,
    release,
    style,
  ]),
);

describe('vendors/vcenter/writes, faults', () => {
  it.each(FORMS_OF_VERBS)('finds the effect of a %s whose answer was cut, in %s %s', async (verb, release, style) => {
    const lab = await writeLab(release, style);
    const { prepared, reply, sent } = await sendUnder('truncate', verb, lab);
    expect(sent).toHaveLength(1);
    expect(['UNKNOWN', 'DONE']).toContain(reply.outcome);
    expect(await settledLater(lab, prepared, verb)).toEqual(effectFor(verb));
  });

  it.each(FORMS_OF_VERBS)(
    'finds no effect of a %s that was cut before it came, in %s %s',
    async (verb, release, style) => {
      const lab = await writeLab(release, style);
      const { prepared, reply, sent } = await sendUnder('refuse', verb, lab);
      expect(sent).toHaveLength(1);
      expect(reply).toMatchObject({ outcome: 'UNKNOWN', answered: false, error: { code: 'NETWORK' } });
      expect(await lab.settle(prepared)).toBeUndefined();
    },
  );

  describe.each(VERBS)('%s', (verb) => {
    it.each(KINDS)('is sent once under the fault %s, and its reply tells the truth', async (kind) => {
      const lab = await writeLab('8.0', 'api');
      const { prepared, reply, sent } = await sendUnder(kind, verb, lab);
      expect(sent).toHaveLength(1);
      const effect = await settledLater(lab, prepared, verb);
      switch (reply.outcome) {
        case 'DONE':
          expect(effect).toEqual(effectFor(verb));
          break;
        case 'UNKNOWN':
          expect(SOURCE_ERROR_KINDS).toContain(reply.error.code);
          if (AFTER.includes(kind)) expect(effect).toEqual(effectFor(verb));
          if (BEFORE.includes(kind)) expect(effect).toBeUndefined();
          break;
        default:
          expect(['unauthorized', 'throttle']).toContain(kind);
          expect(effect).toBeUndefined();
      }
      expect(inspect({ reply, prepared }, { depth: 12 })).not.toMatch(/Planted/);
    });
  });

  it.each(['html', 'empty'] as const)('does not take a 200 with %s for a done change in /api', async (kind) => {
    const lab = await writeLab('8.0', 'api');
    const { reply } = await sendUnder(kind, 'DISABLE', lab);
    expect(reply).toMatchObject({ outcome: 'UNKNOWN', answered: true, error: { code: 'MALFORMED_RESPONSE' } });
  });

  it('says that it is not sent when nobody listens', async () => {
    const lab = await writeLab('8.0', 'api');
    const prepared = await lab.prepare(create());
    await lab.simulator.close();
    await expect(lab.source.probe(readCall())).rejects.toMatchObject({ code: 'NETWORK' });
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'NOT_SENT' });
  });

  it('is not repeated when its session has ended, and nothing was changed', async () => {
    const lab = await writeLab('8.0', 'api');
    const prepared = await lab.prepare(create());
    lab.clock.advance(301);
    expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'SOURCE_UNAVAILABLE', error: { code: 'AUTHENTICATION' } },
    });
    expect(lab.writes()).toHaveLength(1);
    expect(await lab.settle(prepared)).toBeUndefined();
    expect(await lab.write(create())).toMatchObject({ outcome: 'DONE' });
  });

  it.each(VERBS.filter((verb) => verb !== 'CREATE' && verb !== 'CANCEL'))(
    'throws when the effect of a %s cannot be looked for',
    async (verb) => {
      const lab = await writeLab('8.0', 'api');
      const prepared = await lab.prepare(await requestFor(verb, lab));
      lab.simulator.fault({ kind: 'html', path: '/recovery/' });
      await expect(lab.settle(prepared)).rejects.toBeInstanceOf(GatewayError);
    },
  );

  it('does not take an appliance that says "not found" to everything for one without the schedule', async () => {
    const lab = await writeLab('8.0', 'api');
    const prepared = await lab.prepare(await onSchedule(lab, 'DELETE'));
    lab.simulator.fault({ kind: 'server-error', status: 404, path: 'schedules' });
    await expect(lab.settle(prepared)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('takes no backup of somebody else for its own', async () => {
    const lab = await writeLab('8.0', 'api');
    const { prepared } = await sendUnder('refuse', 'CREATE', lab);
    expect(await lab.write(create())).toMatchObject({ outcome: 'DONE' });
    expect(await lab.settle(prepared)).toBeUndefined();
  });

  it('does not choose between two new backups of a 6.5', async () => {
    const lab = await writeLab('6.5', 'rest');
    const { prepared } = await sendUnder('refuse', 'CREATE', lab);
    expect(await lab.write(create())).toMatchObject({ outcome: 'DONE' });
    lab.clock.advance(290);
    expect(await lab.write(create())).toMatchObject({ outcome: 'DONE' });
    expect(await lab.settle(prepared)).toBeUndefined();
  });

  it.each(FORMS)('shows no secret anywhere in %s %s', async (release, style) => {
    const lab = await writeLab(release, style);
    const password = { user: 'bkp', password: written(PLANTED.location) };
    const requests = [
      create({ backupPassword: named('enc') }),
      inline(password),
      create({ backupPassword: named('weak') }),
    ];
    const seen: unknown[] = [];
    for (const request of requests) {
      const prepared = await lab.source.prepareWrite(request, readCall());
      seen.push(prepared);
      if ('refusals' in prepared) continue;
      seen.push(prepared.vendorCall, JSON.stringify(prepared), await prepared.send(AbortSignal.timeout(5_000)));
      lab.simulator.fault({ kind: 'truncate', method: 'POST' });
      seen.push(await prepared.send(AbortSignal.timeout(5_000)));
      lab.simulator.clearFaults();
      lab.clock.advance(290);
    }
    seen.push(await lab.runs(), (await lab.source.listJobs(readCall())).rows);
    const text = `${inspect(seen, { depth: 14, showHidden: true })} ${JSON.stringify(seen, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )}`;
    expect(text).toContain('[secret]');
    expect(text).not.toMatch(/Planted/);
  });
});
