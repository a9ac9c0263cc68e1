import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { JsonValue } from '../../../src/domain/backup-operation.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import { FAULT_KINDS, type FaultKind } from '../../../src/simulation/faults.ts';
import type { WriteEffect, WriteReply } from '../../../src/vendors/contract.ts';
import { readCall } from '../../support/read-call.ts';
import {
  cancelRequest,
  createRequest,
  desk,
  HUBS,
  inHours,
  isAction,
  isDeletable,
  isUploadJob,
  updateRequest,
  type Desk,
} from './write-support.ts';

/** A write of each verb that the vendor has, and how to see for certain whether it was done. */
interface Trial {
  readonly name: string;
  request(at: Desk): Promise<WriteRequest>;
  isDone(at: Desk, request: WriteRequest): Promise<boolean>;
}

const CRON = '7 4 * * 2';

const gone = async (at: Desk, request: WriteRequest): Promise<boolean> =>
  'job' in request && request.job !== undefined && !(await at.has(request.job.nativeId));

const trials: readonly Trial[] = [
  {
    name: 'CREATE',
    request: async () => createRequest({ name: 'lost and found' }),
    isDone: async (at) => (await at.jobs()).some(({ name }) => name === 'lost and found'),
  },
  {
    name: 'UPDATE_SCHEDULE',
    request: async (at) => updateRequest(await at.job(({ name }) => name === 'weekly full'), { cron: CRON }),
    isDone: async (at) => {
      const { schedule } = await at.job(({ name }) => name === 'weekly full');
      return schedule?.recurrence.form === 'CRON' && schedule.recurrence.expression === CRON;
    },
  },
  {
    name: 'CANCEL',
    request: async (at) => cancelRequest(await at.job((job) => isAction(job) && job.status === 'QUEUED')),
    isDone: gone,
  },
  {
    name: 'DELETE of an action',
    request: async (at) => ({ verb: 'DELETE', job: await at.job(({ name }) => name === 'weekly full') }),
    isDone: gone,
  },
  {
    name: 'DELETE of a backup',
    request: async (at) => ({ verb: 'DELETE', job: await at.job((job) => isDeletable(job) && !isUploadJob(job)) }),
    isDone: gone,
  },
  {
    name: 'DELETE of an upload',
    request: async (at) => ({ verb: 'DELETE', job: await at.job((job) => isDeletable(job) && isUploadJob(job)) }),
    isDone: gone,
  },
];

const trial = (name: string): Trial => {
  const found = trials.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

/** Faults under which nothing ends by itself: the caller's patience ends when the request has arrived. */
const STALLS: ReadonlySet<FaultKind> = new Set(['stall', 'stall-body', 'drip', 'never-ends']);

/** Sends one write of the trial into a fault and takes the fault away again. */
async function sendInto(
  at: Desk,
  { request: make }: Trial,
  fault: Parameters<Desk['simulator']['fault']>[0],
): Promise<{ readonly request: WriteRequest; readonly reply: WriteReply; readonly mark: JsonValue }> {
  const request = await make(at);
  const prepared = await at.prepare(request);
  at.simulator.forgetRequests();
  at.simulator.fault(fault);
  const patience = new AbortController();
  const sending = prepared.send(patience.signal);
  if (STALLS.has(fault.kind)) {
    await vi.waitFor(() => expect(at.simulator.requests()).toHaveLength(1), { timeout: 5_000 });
    patience.abort(new DOMException('late', 'TimeoutError'));
  }
  const reply = await sending;
  at.simulator.clearFaults();
  return { request, reply, mark: prepared.mark };
}

function settle(at: Desk, request: WriteRequest, mark: JsonValue): Promise<WriteEffect | undefined> {
  // What is stored comes back as JSON.
  return at.source.settleWrite(request.verb, JSON.parse(JSON.stringify(mark)) as JsonValue, readCall());
}

const CUT_AFTER_THE_EFFECT: readonly FaultKind[] = ['reset-mid-body', 'truncate', 'no-last-chunk', 'bad-json'];
const CUT_BEFORE_THE_EFFECT: readonly FaultKind[] = ['refuse', 'stall', 'server-error', 'html', 'empty', 'redirect'];

describe.each(HUBS)('vendors/sailpoint/writes with lost answers under $apiPrefix', ({ apiPrefix }) => {
  const open = (): Promise<Desk> => desk(apiPrefix, { jobs: 40 });

  it.each(['CREATE', 'UPDATE_SCHEDULE'])('finds the effect of %s when the answer is cut', async (name) => {
    for (const kind of CUT_AFTER_THE_EFFECT) {
      const at = await open();
      const { request, reply, mark } = await sendInto(at, trial(name), { kind, times: 1 });
      expect([kind, reply.outcome]).toEqual([kind, 'UNKNOWN']);
      const effect = await settle(at, request, mark);
      if (effect?.jobNativeId === undefined) throw new Error(`${kind}: no effect was found`);
      const job = await at.job(({ nativeId }) => nativeId === effect.jobNativeId);
      expect(job.name).toBe(name === 'CREATE' ? 'lost and found' : 'weekly full');
      expect(await trial(name).isDone(at, request)).toBe(true);
    }
  });

  it.each(trials.map(({ name }) => name))(
    'finds the effect of %s when no answer, or a 5xx, comes back',
    async (name) => {
      for (const kind of ['lose-answer', 'late-server-error'] as const) {
        const at = await open();
        const { request, reply, mark } = await sendInto(at, trial(name), { kind, times: 1 });
        expect(reply).toMatchObject({ outcome: 'UNKNOWN', answered: kind === 'late-server-error' });
        expect(await settle(at, request, mark)).toBeDefined();
        expect(await trial(name).isDone(at, request)).toBe(true);
      }
    },
  );

  it.each(trials.map(({ name }) => name))('finds no effect of %s when there is none', async (name) => {
    for (const kind of CUT_BEFORE_THE_EFFECT) {
      const at = await open();
      const { request, reply, mark } = await sendInto(at, trial(name), { kind, times: 1, status: 500 });
      const answered = kind !== 'refuse' && kind !== 'stall';
      expect([kind, reply]).toMatchObject([kind, { outcome: 'UNKNOWN', answered }]);
      expect(await settle(at, request, mark)).toBeUndefined();
    }
  });

  it.each(['CANCEL', 'DELETE of an action', 'DELETE of a backup', 'DELETE of an upload'])(
    'finds the effect of %s when it came about after all',
    async (name) => {
      const at = await open();
      const request = await trial(name).request(at);
      const prepared = await at.prepare(request);
      expect(await settle(at, request, prepared.mark)).toBeUndefined();
      await prepared.send(AbortSignal.timeout(5_000));
      expect(await settle(at, request, prepared.mark)).toEqual({});
    },
  );
});

describe('vendors/sailpoint/writes', () => {
  const noPages = FAULT_KINDS.filter((kind) => kind !== 'endless-paging');

  describe.each(noPages)('under the fault %s', (kind) => {
    it.each(trials.map(({ name }) => name))('sends %s once and never says what is not so', async (name) => {
      const at = await desk('v1', { jobs: 40 });
      const { request, reply, mark } = await sendInto(at, trial(name), { kind });
      expect(at.simulator.requests()).toHaveLength(1);
      expect(at.writes()).toHaveLength(1);
      const isDone = await trial(name).isDone(at, request);
      if (reply.outcome === 'DONE') expect(isDone).toBe(true);
      else if (reply.outcome === 'UNKNOWN') expect((await settle(at, request, mark)) !== undefined).toBe(isDone);
      else expect(isDone).toBe(false);
    });
  });

  it('does not send to an address that nobody listens at', async () => {
    const at = await desk();
    const [first, second] = [await at.prepare(createRequest()), await at.prepare(createRequest())];
    await at.simulator.close();
    // The first may still find the connection that was open.
    expect(['UNKNOWN', 'NOT_SENT']).toContain((await first.send(AbortSignal.timeout(5_000))).outcome);
    expect(await second.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'NOT_SENT',
      error: { code: 'NETWORK', nativeCode: 'ECONNREFUSED' },
    });
  });

  it('takes no action for its own that was there before, has another time, or is one of two', async () => {
    const at = await desk();
    const startAt = inHours(5);
    const other = createRequest({ name: 'twin', startAt });
    await at.write(other);
    const prepared = await at.prepare(other);
    expect(await settle(at, other, prepared.mark)).toBeUndefined();
    await at.write(createRequest({ name: 'twin', startAt: inHours(6) }));
    await at.write(createRequest({ name: 'twin', startAt, cron: '0 3 * * *' }));
    await at.write(createRequest({ name: 'another', startAt }));
    expect(await settle(at, other, prepared.mark)).toBeUndefined();
    const reply = await prepared.send(AbortSignal.timeout(5_000));
    if (reply.outcome !== 'DONE') throw new Error(reply.outcome);
    expect(await settle(at, other, prepared.mark)).toEqual({ jobNativeId: reply.jobNativeId });
    await at.write(other);
    expect(await settle(at, other, prepared.mark)).toBeUndefined();
  });

  it('does not take a change for done when only a part of it is there', async () => {
    const at = await desk();
    const weekly = await at.job(({ name }) => name === 'weekly full');
    const both = updateRequest(weekly, { cron: CRON, timeZone: 'Asia/Tokyo' });
    const { mark } = await at.prepare(both);
    await at.write(updateRequest(weekly, { cron: CRON }));
    expect(await settle(at, both, mark)).toBeUndefined();
    await at.write(updateRequest(weekly, { timeZone: 'Asia/Tokyo' }));
    expect(await settle(at, both, mark)).toEqual({ jobNativeId: weekly.nativeId });
  });

  it.each(['/backups', '/backups/uploads', '/scheduled-actions'])(
    'does not take a thing for gone while %s cannot be read',
    async (path) => {
      const at = await desk('v1', { jobs: 40 });
      const find = async (name: string): Promise<WriteRequest> => trial(name).request(at);
      const request = await find(path === '/scheduled-actions' ? 'DELETE of an action' : 'DELETE of a backup');
      const prepared = await at.prepare(request);
      await prepared.send(AbortSignal.timeout(5_000));
      at.simulator.fault({ kind: 'server-error', status: 500, path });
      await expect(settle(at, request, prepared.mark)).rejects.toBeInstanceOf(GatewayError);
    },
  );

  it('has nothing to look for after what it never sends', async () => {
    const { source, simulator } = await desk();
    for (const verb of ['START', 'RETRY', 'ENABLE', 'DISABLE'] as const)
      await expect(source.settleWrite(verb, {}, readCall())).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(simulator.requests()).toEqual([]);
  });

  it('shows no secret in what is shown, kept or answered', async () => {
    const shown: unknown[] = [];
    let secrets: readonly string[] = [];
    for (const { request: make } of trials) {
      for (const kind of ['reset-mid-body', 'server-error', 'unauthorized', 'bad-json'] as const) {
        const at = await desk('v1', { jobs: 40 });
        secrets = Object.values(at.simulator.credentials);
        const request = await make(at);
        const prepared = await at.prepare(request);
        at.simulator.fault({ kind, times: 1 });
        const reply = await prepared.send(AbortSignal.timeout(5_000));
        shown.push(prepared.vendorCall, prepared.mark, reply);
      }
    }
    const text = `${JSON.stringify(shown)} ${inspect(shown, { depth: 20 })}`;
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/Bearer|authorization/i);
  });
});
