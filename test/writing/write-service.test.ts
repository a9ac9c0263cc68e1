import { describe, expect, it, vi } from 'vitest';
import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { Secret } from '../../src/domain/secret.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { OperationStore } from '../../src/store/operation-store.ts';
import type { CapabilityReading, WriteReply } from '../../src/vendors/contract.ts';
import { WriteService, type WriteServiceOptions } from '../../src/writing/write-service.ts';
import type { WriteAsk, WriteContent } from '../../src/writing/write-ask.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource, type FakeSourceOptions } from '../support/fake-source.ts';

const ADMIN: Caller = { name: 'ada', role: 'ADMIN' };
const START: WriteContent = { verb: 'START', jobNativeId: 'j1' };
const LOST = new GatewayError('NETWORK', 'Source "s" cannot be reached (ECONNRESET).', { sourceKey: 's' });

function create(comment: string, password?: string): WriteContent {
  const backupPassword = password === undefined ? undefined : { value: new Secret(password), ref: undefined };
  const destination = { kind: 'configured' as const, name: 'nas' };
  const backup = { destination, parts: undefined, backupPassword, comment, fast: undefined };
  return { verb: 'CREATE', target: { section: 'vcenter', backup } };
}

interface Stage {
  readonly service: WriteService;
  readonly store: OperationStore;
  readonly source: FakeSource;
  /** What was sent, in order. */
  readonly sent: string[];
  ask(overrides?: Partial<WriteAsk>): WriteAsk;
}

/** A source whose writes end as `reply` says. */
function stage(
  reply: (number: number) => WriteReply | Promise<WriteReply> = () => ({ outcome: 'DONE', runNativeId: 'r1' }),
  options: Partial<FakeSourceOptions> & { readonly service?: Partial<WriteServiceOptions> } = {},
): Stage {
  const sent: string[] = [];
  const source = new FakeSource({
    key: 's',
    jobs: [sampleJob({ sourceKey: 's' })],
    runs: [sampleRun({ sourceKey: 's' })],
    prepare: ({ verb }) => ({
      vendorCall: { method: 'POST', path: `/${verb}`, body: null },
      mark: { before: sent.length },
      send: async () => {
        sent.push(verb);
        return reply(sent.length);
      },
    }),
    ...options,
  });
  const store = options.service?.store ?? openStore('sqlite::memory:');
  const service = new WriteService({
    store,
    sources: [source],
    log: { info: () => undefined, error: () => undefined },
    keepMs: 1_000_000,
    looksMs: [0, 1],
    laterLooksMs: [],
    ...options.service,
  });
  const ask = (overrides: Partial<WriteAsk> = {}): WriteAsk => ({
    caller: ADMIN,
    source,
    content: START,
    idempotencyKey: 'key-1',
    dryRun: false,
    waitMs: undefined,
    ...overrides,
  });
  return { service, store, source, sent, ask };
}

const NO: CapabilityReading = {
  supported: false,
  reason: 'NOT_OFFERED_BY_VENDOR',
  explanation: 'There is no such call.',
  alternatives: ['CREATE'],
};

describe('writing/write-service', () => {
  it('writes the operation down before the vendor is called, and its outcome after', async () => {
    const states: unknown[] = [];
    const { service, store, ask } = stage(async () => {
      const [operation] = (await store.list({}, 10, undefined)).rows;
      states.push([operation?.state, operation?.vendorCall, operation?.mark, operation?.settledAt]);
      return { outcome: 'DONE', runNativeId: 'r1' };
    });
    const { operation, refusals, replayed } = await service.submit(ask());
    expect(states).toEqual([['SENT', { method: 'POST', path: '/START', body: null }, { before: 0 }, undefined]]);
    expect(operation).toMatchObject({ state: 'CONFIRMED', jobNativeId: 'j1', runNativeId: 'r1', requestedBy: 'ada' });
    expect([refusals, replayed]).toEqual([[], false]);
    expect((await service.readOperations([operation?.id ?? ''])).get(operation?.id ?? '')).toMatchObject({
      state: 'CONFIRMED',
      settledAt: expect.any(Date),
    });
  });

  it('sends nothing when the operation cannot be written down', async () => {
    const store = openStore('sqlite::memory:');
    vi.spyOn(store, 'add').mockRejectedValue(new GatewayError('STORE_UNAVAILABLE', 'The disk is full.'));
    const { service, sent, ask } = stage(undefined, { service: { store } });
    await expect(service.submit(ask())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(sent).toEqual([]);
  });

  it('sends nothing when it cannot be written down that it is about to be sent', async () => {
    const store = openStore('sqlite::memory:');
    vi.spyOn(store, 'change').mockRejectedValue(new GatewayError('STORE_UNAVAILABLE', 'The disk is full.'));
    const { service, sent, ask } = stage(undefined, { service: { store } });
    await expect(service.submit(ask())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(sent).toEqual([]);
  });

  it('tells an outcome that cannot be written down', async () => {
    const store = openStore('sqlite::memory:');
    const change = store.change.bind(store);
    vi.spyOn(store, 'change').mockImplementation(async (id, what) => {
      if (what.settledAt !== undefined) throw new GatewayError('STORE_UNAVAILABLE', 'The disk is full.');
      await change(id, what);
    });
    const { service, ask } = stage(undefined, { service: { store } });
    expect((await service.submit(ask())).operation).toMatchObject({ state: 'CONFIRMED' });
  });

  describe('idempotency', () => {
    it('joins an equal ask that is under way, and replays it afterwards', async () => {
      const { service, sent, ask } = stage();
      const answers = await Promise.all([service.submit(ask()), service.submit(ask()), service.submit(ask())]);
      const later = await service.submit(ask());
      expect(sent).toEqual(['START']);
      expect([...answers, later].map(({ replayed }) => replayed)).toEqual([false, true, true, true]);
      expect(new Set([...answers, later].map(({ operation }) => operation?.id)).size).toBe(1);
    });

    it('refuses the key for other content, under way and afterwards', async () => {
      const { service, sent, ask } = stage();
      const other = ask({ content: { verb: 'ENABLE', jobNativeId: 'j1' } });
      const [, during] = await Promise.all([service.submit(ask()), service.submit(other)]);
      const after = await service.submit(other);
      for (const { operation, refusals } of [during, after]) {
        expect(operation).toBeUndefined();
        expect(refusals).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
      }
      expect(sent).toEqual(['START']);
    });

    it('takes a secret for a part of the content, and keeps no trace of it', async () => {
      const { service, store, sent, ask } = stage();
      const first = await service.submit(ask({ content: create('c', 'Winter-2026') }));
      const same = await service.submit(ask({ content: create('c', 'Winter-2026') }));
      const other = await service.submit(ask({ content: create('c', 'Summer-2026') }));
      const none = await service.submit(ask({ content: create('c') }));
      expect(sent).toEqual(['CREATE']);
      expect([first, same].map(({ replayed }) => replayed)).toEqual([false, true]);
      expect([...other.refusals, ...none.refusals].map(({ code }) => code)).toEqual([
        'IDEMPOTENCY_KEY_REUSED',
        'IDEMPOTENCY_KEY_REUSED',
      ]);
      expect(JSON.stringify((await store.list({}, 10, undefined)).rows)).not.toMatch(/Winter|Summer/);
    });

    it('keeps the keys of callers apart', async () => {
      const { service, sent, ask } = stage();
      await service.submit(ask());
      const { replayed } = await service.submit(ask({ caller: { name: 'bob', role: 'ADMIN' } }));
      expect([replayed, sent.length]).toEqual([false, 2]);
    });

    it.each<[string, () => WriteReply, string]>([
      [
        'refused by the vendor',
        () => ({ outcome: 'REFUSED', refusal: { code: 'VENDOR_REJECTED', message: 'No.' } }),
        'REJECTED',
      ],
      ['uncertain', () => ({ outcome: 'UNKNOWN', error: LOST, answered: false }), 'UNCERTAIN'],
      ['failed at the vendor', () => ({ outcome: 'UNKNOWN', error: LOST, answered: true }), 'FAILED'],
    ])('uses the key up when the write was sent and %s', async (_name, reply, state) => {
      const { service, sent, ask } = stage(reply);
      await service.submit(ask());
      const { operation, replayed } = await service.submit(ask());
      expect([operation?.state, replayed, sent.length]).toEqual([state, true, 1]);
    });

    it('leaves the key free when nothing was sent', async () => {
      let connected = false;
      const { service, ask } = stage(() =>
        connected ? { outcome: 'DONE', runNativeId: 'r1' } : { outcome: 'NOT_SENT', error: LOST },
      );
      expect((await service.submit(ask())).operation?.state).toBe('FAILED');
      connected = true;
      const { operation, replayed } = await service.submit(ask());
      expect([operation?.state, replayed]).toEqual(['CONFIRMED', false]);
    });

    it('sends each ask without a key', async () => {
      const { service, sent, ask } = stage();
      await service.submit(ask({ idempotencyKey: undefined }));
      await service.submit(ask({ idempotencyKey: undefined }));
      expect(sent.length).toBe(2);
    });
  });

  describe('refusals', () => {
    it.each<[string, Partial<WriteAsk>, object, Partial<FakeSourceOptions>]>([
      ['a role that is too low', { caller: { name: 'r', role: 'READ' } }, { code: 'NOT_PERMITTED' }, {}],
      [
        'a role that may not administrate',
        { caller: { name: 'o', role: 'OPERATE' }, content: { verb: 'DELETE', jobNativeId: 'j1' } },
        { code: 'NOT_PERMITTED' },
        {},
      ],
      [
        'what the source cannot do',
        {},
        { code: 'UNSUPPORTED_OPERATION', message: 'There is no such call.', alternatives: ['CREATE'], field: ['job'] },
        { capabilities: { START: NO } },
      ],
      ['an empty key', { idempotencyKey: '' }, { code: 'INVALID_VALUE', rule: 'idempotency-key-form' }, {}],
      ['a key with a space', { idempotencyKey: 'a b' }, { code: 'INVALID_VALUE', field: ['idempotencyKey'] }, {}],
      ['a key that is too long', { idempotencyKey: 'k'.repeat(256) }, { code: 'INVALID_VALUE' }, {}],
      [
        'a section for another vendor',
        {
          content: {
            verb: 'UPDATE_SCHEDULE',
            jobNativeId: 'j1',
            schedule: { section: 'sailpoint', schedule: { startAt: undefined, cron: 'x', timeZone: undefined } },
            ifUnchangedSince: undefined,
          },
        },
        { code: 'INVALID_VALUE', field: ['schedule', 'sailpoint'], rule: 'section-of-the-vendor' },
        {},
      ],
      [
        'a cancel of both run and job',
        { content: { verb: 'CANCEL', jobNativeId: 'j1', runNativeId: 'r1' } },
        { code: 'EXACTLY_ONE_REQUIRED' },
        {},
      ],
    ])('refuses %s without a call and without an operation', async (_name, overrides, refusal, options) => {
      const { service, store, source, sent, ask } = stage(undefined, options);
      const answer = await service.submit(ask(overrides));
      expect(answer.operation).toBeUndefined();
      expect(answer.refusals).toMatchObject([refusal]);
      expect([source.reads, sent]).toEqual([[], []]);
      expect((await store.list({}, 10, undefined)).rows).toEqual([]);
      expect((await service.listAudit({}, 10, undefined)).rows).toMatchObject([
        { outcome: 'REFUSED', code: (refusal as { code: string }).code, operationId: undefined },
      ]);
    });

    it('refuses what is not there, and what its state forbids, and leaves the key free', async () => {
      const { service, sent, ask } = stage();
      const absent = await service.submit(ask({ content: { verb: 'START', jobNativeId: 'nope' } }));
      expect(absent.operation?.state).toBe('REJECTED');
      expect(absent.refusals).toMatchObject([{ code: 'NOT_FOUND', field: ['job'] }]);
      expect((await service.submit(ask())).operation?.state).toBe('CONFIRMED');
      expect(sent).toEqual(['START']);
    });

    it('names the run that is in the way of a start', async () => {
      const running = sampleRun({ sourceKey: 's', nativeId: 'r9', status: 'RUNNING', endedAt: undefined });
      const busy: CapabilityReading = { supported: false, reason: 'WRONG_STATE', explanation: 'It runs already.' };
      const { service, sent, ask } = stage(undefined, {
        jobs: [sampleJob({ sourceKey: 's', status: 'RUNNING' })],
        runs: [running],
        jobCapabilities: { START: busy, ENABLE: busy },
      });
      expect((await service.submit(ask())).refusals).toMatchObject([
        { code: 'ALREADY_RUNNING', blockedByRunNativeId: 'r9' },
      ]);
      const enable = ask({ content: { verb: 'ENABLE', jobNativeId: 'j1' } });
      expect((await service.submit(enable)).refusals).toMatchObject([{ code: 'WRONG_STATE' }]);
      expect(sent).toEqual([]);
    });

    it('says that the source is unavailable when it cannot be read', async () => {
      const { service, sent, ask } = stage(undefined, { failure: LOST });
      const { operation, refusals } = await service.submit(ask());
      expect(operation?.state).toBe('FAILED');
      expect(refusals).toMatchObject([{ code: 'SOURCE_UNAVAILABLE', error: { kind: 'NETWORK', retryable: true } }]);
      expect(sent).toEqual([]);
    });

    it("puts the path of the input before a vendor's own", async () => {
      const { service, ask } = stage(undefined, {
        prepare: () => ({
          refusals: [{ code: 'INVALID_VALUE', message: 'Too short.', field: ['backupPassword'], rule: 'length' }],
        }),
      });
      expect((await service.submit(ask({ content: create('c') }))).refusals).toMatchObject([
        { field: ['target', 'vcenter', 'backupPassword'], rule: 'length' },
      ]);
    });
  });

  describe('lost answers', () => {
    const unknown = (answered: boolean) => (): WriteReply => ({ outcome: 'UNKNOWN', error: LOST, answered });

    it('is confirmed when the effect is found, at the second look too', async () => {
      let looks = 0;
      const { service, sent, ask } = stage(unknown(false), {
        settle: () => ((looks += 1) < 2 ? undefined : { runNativeId: 'r7' }),
      });
      const { operation, refusals } = await service.submit(ask());
      expect(operation).toMatchObject({ state: 'CONFIRMED', runNativeId: 'r7', jobNativeId: 'j1' });
      expect([refusals, sent.length, looks]).toEqual([[], 1, 2]);
    });

    it('has failed when the vendor ended the exchange and nothing came of it', async () => {
      const { service, ask } = stage(unknown(true));
      const { operation, refusals } = await service.submit(ask());
      expect([operation?.state, refusals[0]?.code]).toEqual(['FAILED', 'VENDOR_REJECTED']);
    });

    it('is uncertain when nobody can know, and corrected when the effect turns up later', async () => {
      let there = false;
      const { service, ask } = stage(unknown(false), {
        settle: () => (there ? { runNativeId: 'r7' } : undefined),
        service: { laterLooksMs: [5, 5, 5] },
      });
      const answer = service.submit(ask());
      const { operation, refusals } = await answer;
      there = true;
      expect([operation?.state, refusals[0]?.code]).toEqual(['UNCERTAIN', 'OUTCOME_UNCERTAIN']);
      await vi.waitFor(async () => {
        const { operation: now } = await service.submit(ask());
        expect(now).toMatchObject({ state: 'CONFIRMED', runNativeId: 'r7', refusals: [] });
      });
    });

    it('is uncertain when the vendor cannot be read any more', async () => {
      const { service, ask } = stage(unknown(true), {
        settle: () => {
          throw LOST;
        },
      });
      expect((await service.submit(ask())).operation?.state).toBe('UNCERTAIN');
    });

    it('does not take the effect of another operation for its own', async () => {
      const { service, ask } = stage(
        (number) =>
          number === 1 ? { outcome: 'DONE', runNativeId: 'r1' } : { outcome: 'UNKNOWN', error: LOST, answered: false },
        { settle: () => ({ jobNativeId: 'j1', runNativeId: 'r1' }) },
      );
      await service.submit(ask());
      expect((await service.submit(ask({ idempotencyKey: 'key-2' }))).operation?.state).toBe('UNCERTAIN');
    });

    it('looks for the run that the vendor does not name', async () => {
      const { service, ask } = stage(() => ({ outcome: 'DONE' }), { settle: () => ({ runNativeId: 'r5' }) });
      expect((await service.submit(ask())).operation).toMatchObject({ state: 'CONFIRMED', runNativeId: 'r5' });
    });
  });

  it('believes a create without a name only when it sees what was made', async () => {
    let there = false;
    const { service, ask } = stage(() => ({ outcome: 'DONE' }), {
      settle: () => (there ? { jobNativeId: 'j2' } : undefined),
    });
    const unseen = await service.submit(ask({ content: create('a') }));
    there = true;
    const seen = await service.submit(ask({ content: create('b'), idempotencyKey: 'key-2' }));
    expect([unseen.operation?.state, seen.operation?.state, seen.operation?.jobNativeId]).toEqual([
      'UNCERTAIN',
      'CONFIRMED',
      'j2',
    ]);
  });

  it('makes one write of a source at a time', async () => {
    let underWay = 0;
    let most = 0;
    const { service, sent, ask } = stage(async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return { outcome: 'DONE' };
    });
    await Promise.all([1, 2, 3, 4].map((number) => service.submit(ask({ idempotencyKey: `key-${number}` }))));
    expect([sent.length, most]).toEqual([4, 1]);
  });

  it('tells a pending operation when the patience of the caller ends, and goes on', async () => {
    let answer: (reply: WriteReply) => void = () => undefined;
    const { service, ask } = stage(() => new Promise((resolve) => (answer = resolve)));
    const { operation, refusals } = await service.submit(ask({ waitMs: 1 }));
    expect(['VALIDATED', 'SENT']).toContain(operation?.state);
    expect(refusals).toEqual([]);
    await vi.waitFor(async () =>
      expect((await service.listOperations({ states: ['SENT'] }, 1, undefined)).totalCount).toBe(1),
    );
    answer({ outcome: 'DONE', runNativeId: 'r1' });
    const { operation: settled, replayed } = await service.submit(ask());
    expect([settled?.id, settled?.state, replayed]).toEqual([operation?.id, 'CONFIRMED', true]);
  });

  it('shows the call of a dry run, and neither writes nor sends anything', async () => {
    const { service, store, sent, ask } = stage();
    const { dryRun, operation, refusals } = await service.submit(ask({ dryRun: true }));
    expect([dryRun?.path, operation, refusals, sent]).toEqual(['/START', undefined, [], []]);
    expect((await store.list({}, 10, undefined)).rows).toEqual([]);
    const { refusals: wrong } = await service.submit(
      ask({ dryRun: true, content: { verb: 'START', jobNativeId: 'nope' } }),
    );
    expect(wrong).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  describe('schedules that somebody else may have changed', () => {
    const update = (since: Date): WriteContent => ({
      verb: 'UPDATE_SCHEDULE',
      jobNativeId: 'j1',
      schedule: {
        section: 'vcenter',
        schedule: { enabled: true, days: undefined, hour: undefined, minute: undefined, keep: undefined },
      },
      ifUnchangedSince: since,
    });
    const job: BackupJob = sampleJob({ sourceKey: 's' });

    it('goes through when the schedule is the one that was shown', async () => {
      const { service, ask } = stage();
      service.schedules.saw(job);
      expect((await service.submit(ask({ content: update(job.observedAt) }))).operation?.state).toBe('CONFIRMED');
    });

    it.each([
      ['was never shown', []],
      ['was shown otherwise', [sampleJob({ sourceKey: 's', enabled: false })]],
      ['was shown later', [sampleJob({ sourceKey: 's', observedAt: new Date('2026-11-20T09:00:00Z') })]],
    ])('is refused when it %s', async (_name, shown) => {
      const { service, sent, ask } = stage();
      for (const one of shown) service.schedules.saw(one);
      const { refusals } = await service.submit(ask({ content: update(job.observedAt) }));
      expect(refusals).toMatchObject([{ code: 'CHANGED_MEANWHILE', field: ['ifUnchangedSince'] }]);
      expect(sent).toEqual([]);
    });
  });

  describe('after a restart', () => {
    /** The operation as it lies in the store when the gateway is killed at this point. */
    async function killedAt(state: 'VALIDATED' | 'SENT'): Promise<OperationStore> {
      const store = openStore('sqlite::memory:');
      const keep = store.close.bind(store);
      vi.spyOn(store, 'close').mockImplementation(async () => undefined);
      Object.assign(store, { reallyClose: keep });
      const never = new Promise<never>(() => undefined);
      const first = stage(() => never, {
        service: { store },
        ...(state === 'VALIDATED' ? { stalls: true } : {}),
      });
      void first.service.submit(first.ask({ waitMs: 0 }));
      await vi.waitFor(async () => expect((await store.list({ states: [state] }, 1, undefined)).totalCount).toBe(1));
      return store;
    }

    it('has failed what was not sent, with its key free again', async () => {
      const { service, ask, sent } = stage(undefined, { service: { store: await killedAt('VALIDATED') } });
      await service.resume();
      expect((await service.listOperations({}, 10, undefined)).rows).toMatchObject([{ state: 'FAILED' }]);
      expect((await service.submit(ask())).operation?.state).toBe('CONFIRMED');
      expect(sent.length).toBe(1);
    });

    it('confirms what was sent when its effect is there, and does not send it again', async () => {
      const { service, ask, sent } = stage(undefined, {
        service: { store: await killedAt('SENT') },
        settle: (verb, mark) => (verb === 'START' && mark !== null ? { runNativeId: 'r3' } : undefined),
      });
      await service.resume();
      await vi.waitFor(async () => {
        const { operation, replayed } = await service.submit(ask());
        expect([operation?.state, operation?.runNativeId, replayed]).toEqual(['CONFIRMED', 'r3', true]);
      });
      expect(sent).toEqual([]);
    });

    it('is uncertain of what was sent when its effect is not there', async () => {
      const { service, ask, sent } = stage(undefined, { service: { store: await killedAt('SENT') } });
      await service.resume();
      await vi.waitFor(async () => {
        const { operation, refusals } = await service.submit(ask());
        expect([operation?.state, refusals[0]?.code]).toEqual(['UNCERTAIN', 'OUTCOME_UNCERTAIN']);
      });
      expect(sent).toEqual([]);
    });

    it('is uncertain of what was sent to a source that is gone', async () => {
      const { service } = stage(undefined, { service: { store: await killedAt('SENT'), sources: [] } });
      await service.resume();
      expect((await service.listOperations({}, 10, undefined)).rows).toMatchObject([{ state: 'UNCERTAIN' }]);
    });
  });

  it('forgets what has been kept long enough', async () => {
    let now = new Date('2026-11-20T08:00:00Z');
    const { service, ask, sent } = stage(undefined, { service: { now: () => now, keepMs: 60_000 } });
    await service.submit(ask());
    now = new Date('2026-11-20T10:00:00Z');
    const { replayed } = await service.submit(ask());
    expect([replayed, sent.length]).toEqual([false, 2]);
    expect((await service.listOperations({}, 10, undefined)).totalCount).toBe(1);
  });

  it('leaves an audit line for every ask, and pages through them newest first', async () => {
    const { service, ask } = stage();
    await service.submit(ask());
    await service.submit(ask());
    await service.submit(ask({ content: { verb: 'ENABLE', jobNativeId: 'j1' } }));
    const { rows, totalCount } = await service.listAudit({}, 2, undefined);
    expect([rows.map(({ outcome }) => outcome), totalCount]).toEqual([['REFUSED', 'REPLAYED'], 3]);
    const [, last] = rows;
    const rest = await service.listAudit({}, 2, last);
    expect(rest.rows).toMatchObject([{ outcome: 'CONFIRMED', caller: 'ada', verb: 'START', jobNativeId: 'j1' }]);
    expect((await service.listAudit({ callers: ['bob'] }, 2, undefined)).totalCount).toBe(0);
  });

  it('waits at its end for what is under way, and takes no more', async () => {
    let answer: (reply: WriteReply) => void = () => undefined;
    const { service, sent, ask } = stage(() => new Promise((resolve) => (answer = resolve)));
    const first = service.submit(ask());
    await vi.waitFor(() => expect(sent.length).toBe(1));
    const closed = service.close();
    await expect(service.submit(ask({ idempotencyKey: 'key-2' }))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    answer({ outcome: 'DONE', runNativeId: 'r1' });
    await closed;
    expect((await first).operation?.state).toBe('CONFIRMED');
  });
});
