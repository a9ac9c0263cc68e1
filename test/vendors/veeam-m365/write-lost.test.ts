import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { WriteRequest } from '../../../src/domain/write-request.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from '../../../src/simulation/faults.ts';
import type { PreparedWrite, WriteReply } from '../../../src/vendors/contract.ts';
import { desk, update, VERSIONS, type Desk } from './write-lab.ts';

/** A write, and how to see for certain whether it was done. */
interface Trial {
  readonly name: string;
  request(at: Desk): Promise<WriteRequest>;
  isDone(at: Desk, request: WriteRequest): Promise<boolean>;
  /** Lets time pass until what was asked for is there to be seen. */
  readonly waits?: true;
}

const jobOf = (at: Desk, request: WriteRequest) =>
  'job' in request && request.job !== undefined ? at.findJob(request.job.nativeId) : Promise.resolve(undefined);

const isStarted = async (at: Desk, request: WriteRequest): Promise<boolean> => {
  const job = await jobOf(at, request);
  return job !== undefined && (await at.isRunning(job));
};

const trials: readonly Trial[] = [
  {
    name: 'CREATE',
    request: (at) => at.createRequest(),
    isDone: async (at) => (await at.jobs()).some(({ name }) => name === 'lost and found'),
  },
  { name: 'START', request: async (at) => ({ verb: 'START', job: await at.idle() }), isDone: isStarted },
  {
    name: 'RETRY',
    request: async (at) => ({ verb: 'RETRY', job: await at.jobWhere(({ status }) => status === 'FAILED') }),
    isDone: isStarted,
  },
  {
    name: 'CANCEL',
    request: async (at) => {
      const job = await at.running();
      return { verb: 'CANCEL', job, run: (await at.runsOf(job))[0] };
    },
    isDone: async (at, request) => !(await isStarted(at, request)),
    waits: true,
  },
  {
    name: 'ENABLE',
    request: async (at) => ({ verb: 'ENABLE', job: await at.jobWhere(({ enabled }) => enabled === false) }),
    isDone: async (at, request) => (await jobOf(at, request))?.enabled === true,
  },
  {
    name: 'DISABLE',
    request: async (at) => ({ verb: 'DISABLE', job: await at.idle() }),
    isDone: async (at, request) => (await jobOf(at, request))?.enabled === false,
  },
  {
    name: 'UPDATE_SCHEDULE',
    request: async (at) => update(await at.idle(), { daily: { day: 'TUESDAY', time: '04:07:11' } }),
    isDone: async (at, request) => {
      const recurrence = (await jobOf(at, request))?.schedule?.recurrence;
      return recurrence?.form === 'WEEKLY' && recurrence.at.second === 11;
    },
  },
  {
    name: 'DELETE',
    request: async (at) => ({ verb: 'DELETE', job: await at.idle() }),
    isDone: async (at, request) => (await jobOf(at, request)) === undefined,
  },
];

/** Less than a session of the simulator takes, and more than it takes to stop one. */
const A_WHILE_S = 20;

/** Faults under which nothing ends by itself: the caller's patience ends when the request has arrived. */
const STALLS: ReadonlySet<FaultKind> = new Set(['stall', 'stall-body', 'drip', 'never-ends']);

interface Sent {
  readonly request: WriteRequest;
  readonly prepared: PreparedWrite;
  readonly reply: WriteReply;
}

/** Sends one write of the trial into a fault and takes the fault away again. */
async function sendInto(at: Desk, { request: make, waits }: Trial, fault: Fault): Promise<Sent> {
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
  if (waits === true) at.simulator.clock.advance(A_WHILE_S);
  return { request, prepared, reply };
}

describe.each(VERSIONS)('vendors/veeam-m365/settle-write in %s', (version) => {
  it.each(trials)('finds the effect of $name when no answer, or a 5xx, comes back', async (trial) => {
    for (const kind of ['lose-answer', 'late-server-error'] as const) {
      const at = await desk(version);
      const { request, prepared, reply } = await sendInto(at, trial, { kind, times: 1 });
      expect(reply).toMatchObject({ outcome: 'UNKNOWN', answered: kind === 'late-server-error' });
      expect(await trial.isDone(at, request)).toBe(true);
      const effect = await at.settle(request, prepared);
      expect(effect?.jobNativeId).toEqual(expect.any(String));
      if (trial.name === 'CREATE') expect((await at.findJob(effect?.jobNativeId ?? ''))?.name).toBe('lost and found');
      if (request.verb === 'START' || request.verb === 'RETRY')
        expect(effect?.runNativeId).toBe((await at.runsOf(request.job))[0]?.nativeId);
      if (request.verb === 'CANCEL') expect(effect?.runNativeId).toBe(request.run?.nativeId);
    }
  });

  it.each(trials)('finds no effect of $name when there is none', async (trial) => {
    for (const kind of ['refuse', 'stall', 'server-error', 'html', 'redirect'] as const) {
      const at = await desk(version);
      const { request, prepared, reply } = await sendInto(at, trial, { kind, times: 1, status: 500 });
      expect([kind, reply]).toMatchObject([
        kind,
        { outcome: 'UNKNOWN', answered: kind !== 'refuse' && kind !== 'stall' },
      ]);
      expect(await at.settle(request, prepared)).toBeUndefined();
      expect(await trial.isDone(at, request)).toBe(false);
    }
  });

  it.each(trials)('knows the effect of $name after it was done as told', async (trial) => {
    const at = await desk(version);
    const request = await trial.request(at);
    const prepared = await at.prepare(request);
    expect(await at.settle(request, prepared)).toBeUndefined();
    const reply = await prepared.send(AbortSignal.timeout(5_000));
    if (trial.waits === true) at.simulator.clock.advance(A_WHILE_S);
    const effect = await at.settle(request, prepared);
    if (reply.outcome !== 'DONE') return expect.fail(reply.outcome);
    for (const id of ['jobNativeId', 'runNativeId'] as const)
      if (reply[id] !== undefined) expect(effect?.[id]).toBe(reply[id]);
    expect(effect).toBeDefined();
  });
});

/** The forms that answers to writes have: 200 without a body, 204, and 204 with named sessions. */
describe.each(['v3', 'v6', 'v8'])('vendors/veeam-m365/writes under every fault in %s', (version) => {
  it.each(trials)('sends $name once and says nothing that is not so', async (trial) => {
    for (const kind of FAULT_KINDS) {
      if (kind === 'endless-paging' || (kind === 'stall-body' && hasNoBody(version, trial))) continue;
      const at = await desk(version);
      const { request, prepared, reply } = await sendInto(at, trial, { kind });
      expect([kind, at.simulator.requests().length]).toEqual([kind, 1]);
      const done = await trial.isDone(at, request);
      if (reply.outcome === 'REFUSED' || reply.outcome === 'NOT_SENT') expect([kind, done]).toEqual([kind, false]);
      if (reply.outcome === 'UNKNOWN')
        expect([kind, (await at.settle(request, prepared)) !== undefined]).toEqual([kind, done]);
      // Up to v5 an empty 200 is how the server says yes; a create or start that names nothing is looked for.
      const saysYes = kind === 'empty' && version === 'v3';
      if (reply.outcome === 'DONE' && !saysYes) expect([kind, done]).toEqual([kind, true]);
    }
  });
});

/** An answer of headers alone cannot stall behind them. */
function hasNoBody(version: string, { name }: Trial): boolean {
  return version === 'v3' && name !== 'CREATE' && name !== 'UPDATE_SCHEDULE';
}

describe('vendors/veeam-m365/settle-write', () => {
  it('does not send to an address that nobody listens at', async () => {
    const at = await desk('v6');
    const job = await at.idle();
    const [first, second] = [await at.prepare({ verb: 'START', job }), await at.prepare({ verb: 'START', job })];
    await at.simulator.close();
    // The first may still find the connection that was open.
    expect(['UNKNOWN', 'NOT_SENT']).toContain((await first.send(AbortSignal.timeout(5_000))).outcome);
    expect(await second.send(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: 'NOT_SENT',
      error: { code: 'NETWORK', nativeCode: 'ECONNREFUSED' },
    });
  });

  it('takes no job for its own that was there before, has another name, or is one of two', async () => {
    const at = await desk('v8');
    const twin = await at.createRequest({ name: 'twin' });
    await at.write(twin);
    const prepared = await at.prepare(twin);
    await at.write(await at.createRequest({ name: 'another' }));
    expect(await at.settle(twin, prepared)).toBeUndefined();
    const own = await at.made(twin);
    expect(await at.settle(twin, prepared)).toEqual({ jobNativeId: own.nativeId });
    await at.write(twin);
    expect(await at.settle(twin, prepared)).toBeUndefined();
  });

  it('takes a run for stopped that has ended, though its job has begun another one', async () => {
    const at = await desk('v7');
    const job = await at.running();
    const [run] = await at.runsOf(job);
    const cancel: WriteRequest = { verb: 'CANCEL', job, run };
    const prepared = await at.prepare(cancel);
    expect(await at.settle(cancel, prepared)).toBeUndefined();
    at.simulator.clock.advance(600);
    const ended = (await at.findJob(job.nativeId)) ?? expect.fail('no job');
    expect((await at.write({ verb: 'START', job: ended })).outcome).toBe('DONE');
    expect(await at.isRunning(job)).toBe(true);
    expect(await at.settle(cancel, prepared)).toEqual({ jobNativeId: job.nativeId, runNativeId: run?.nativeId });
  });

  it('does not take a change for done when only a part of it is there', async () => {
    const at = await desk('v5');
    const job = await at.idle();
    const retry = { attempts: 9, intervalMinutes: 99 };
    const both = update(job, { periodically: 'MINUTES_30', retry });
    const prepared = await at.prepare(both);
    await at.write(update(job, { periodically: 'MINUTES_30' }));
    expect(await at.settle(both, prepared)).toBeUndefined();
    await at.write(update(job, { retry }));
    expect(await at.settle(both, prepared)).toEqual({ jobNativeId: job.nativeId });
  });

  it.each(trials)('says nothing about $name while the server cannot be read', async (trial) => {
    const at = await desk('v6');
    const request = await trial.request(at);
    const prepared = await at.prepare(request);
    at.simulator.fault({ kind: 'server-error', status: 500, method: 'GET' });
    await expect(at.settle(request, prepared)).rejects.toBeInstanceOf(GatewayError);
  });

  it('shows no secret in what is shown, kept or answered', async () => {
    const shown: unknown[] = [];
    let secrets: readonly string[] = [];
    for (const trial of trials) {
      for (const kind of ['lose-answer', 'server-error', 'unauthorized', 'bad-json'] as const) {
        const at = await desk('v8');
        secrets = [at.simulator.credentials['password'] ?? expect.fail('no password')];
        const { prepared, reply } = await sendInto(at, trial, { kind, times: 1 });
        shown.push(prepared.vendorCall, prepared.mark, reply);
      }
    }
    const text = `${JSON.stringify(shown)} ${inspect(shown, { depth: 20 })}`;
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/Bearer|authorization|access_token/i);
  });
});
