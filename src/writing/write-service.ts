import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { storedRefusal, type BackupOperation, type WriteRefusal } from '../domain/backup-operation.ts';
import { GatewayError } from '../domain/errors.ts';
import type {
  AuditQuery,
  NewestFirst,
  OperationQuery,
  OperationStore,
  StoredAuditEntry,
  StoredOperation,
  StoredPage,
} from '../store/operation-store.ts';
import type { PreparedWrite, WriteEffect, WriteReply } from '../vendors/contract.ts';
import { EffectSearch, MAKES_SOMETHING, PATIENCE, freshCall, namesSomething } from './effect-search.ts';
import { fingerprintFits, fingerprintOf } from './fingerprint.ts';
import { OperationRecord, targetOf, type WriteLog } from './operation-record.ts';
import { refuseBeforeReading, requestOf } from './preconditions.ts';
import {
  FAULT_BEFORE_SENDING,
  KEY_REUSED,
  NEVER_SENT,
  SOURCE_GONE,
  STOPPED_MEANWHILE,
  failedAtVendor,
  placed,
  unavailable,
  uncertainBecause,
} from './refusals.ts';
import { ScheduleWatch } from './schedule-watch.ts';
import { Turns } from './turns.ts';
import type { WriteAnswer, WriteAsk, WriteSource } from './write-ask.ts';

export interface WriteServiceOptions {
  readonly store: OperationStore;
  readonly sources: readonly WriteSource[];
  readonly log: WriteLog;
  /** How long settled operations, their keys and the audit trail are kept, in milliseconds. */
  readonly keepMs: number;
  readonly now?: (() => Date) | undefined;
  /** Pauses before each look for the effect of a write whose answer was lost, in milliseconds. */
  readonly looksMs?: readonly number[] | undefined;
  /** The same for the looks that go on after the caller was told UNCERTAIN. */
  readonly laterLooksMs?: readonly number[] | undefined;
}

/**
 * Carries out writes: each is written down, sent once, and its outcome found out.
 *
 * Terms: an *ask* is what a caller wants, an *operation* is the record of it, its *mark* is what the effect is recognised by.
 *
 * One write of a source is under way at a time, so that the effects of two can be told apart. Nothing is ever sent a second time: an
 * idempotency key is used up from just before the call on, and after a lost answer the gateway only looks.
 */
export class WriteService {
  readonly schedules = new ScheduleWatch();
  readonly #options: WriteServiceOptions;
  readonly #now: () => Date;
  readonly #record: OperationRecord;
  readonly #search: EffectSearch;
  readonly #turns = new Turns();
  /** Asks under way, by caller and key. */
  readonly #underWay = new Map<string, Flight>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #forgottenAt = 0;

  constructor(options: WriteServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#record = new OperationRecord(options.store, options.log, this.#now);
    this.#search = new EffectSearch(options.store, this.#now, this.#closing.signal);
  }

  /**
   * Does what is asked, or says why not.
   *
   * @throws STORE_UNAVAILABLE when the operation cannot be written down: then nothing was sent.
   */
  async submit(ask: WriteAsk): Promise<WriteAnswer> {
    if (this.#closing.signal.aborted) throw new GatewayError('STORE_UNAVAILABLE', 'The gateway is stopping.');
    const refusal = refuseBeforeReading(ask);
    if (refusal !== undefined) return this.#refuse(ask, refusal);
    if (ask.dryRun) return this.#dryRun(ask);
    const key = ask.idempotencyKey === undefined ? randomUUID() : JSON.stringify([ask.caller.name, ask.idempotencyKey]);
    const other = this.#underWay.get(key);
    if (other !== undefined) return this.#join(other, ask);
    const flight = new Flight(ask, (own) => this.#carryOut(own));
    this.#underWay.set(key, flight);
    const end = (): boolean => this.#underWay.delete(key);
    flight.answer.then(end, end);
    return flight.within(ask.waitMs);
  }

  /**
   * Takes up what was open when the gateway last stopped: what was not sent has failed, what was sent is looked for.
   *
   * Looking goes on in the background; the first look of each source comes before its new writes.
   */
  async resume(): Promise<void> {
    await this.#forgetOld();
    const since = new Date(this.#now().getTime() - UNCERTAIN_FOR_MS);
    for (const operation of await this.#options.store.unsettled(since)) {
      const source = this.#options.sources.find(({ key }) => key === operation.sourceKey);
      if (operation.state === 'VALIDATED')
        await this.#record.settle(operation, 'FAILED', { holdsKey: false, refusals: [NEVER_SENT] });
      else if (source !== undefined) this.#inBackground(() => this.#resumeOne(source, operation));
      else if (operation.state === 'SENT')
        await this.#record.settle(operation, 'UNCERTAIN', { refusals: [SOURCE_GONE] });
    }
  }

  readOperations(ids: readonly string[]): Promise<ReadonlyMap<string, BackupOperation>> {
    return this.#options.store.read(ids);
  }

  listOperations(
    query: OperationQuery,
    first: number,
    after: NewestFirst | undefined,
  ): Promise<StoredPage<BackupOperation>> {
    return this.#options.store.list(query, first, after);
  }

  listAudit(query: AuditQuery, first: number, after: NewestFirst | undefined): Promise<StoredPage<StoredAuditEntry>> {
    return this.#options.store.listAudit(query, first, after);
  }

  /** Takes no more writes, waits for those under way (they are bounded by the time limits of their sources), and closes the store. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#underWay.values()].map(({ answer }) => answer));
    await Promise.allSettled(this.#background);
    await this.#options.store.close();
  }

  async #refuse(ask: WriteAsk, refusal: WriteRefusal): Promise<WriteAnswer> {
    if (!ask.dryRun) await this.#record.note(ask, { operationId: undefined, outcome: 'REFUSED', code: refusal.code });
    return { operation: undefined, replayed: false, dryRun: undefined, refusals: [storedRefusal(refusal)] };
  }

  async #dryRun(ask: WriteAsk): Promise<WriteAnswer> {
    const prepared = await this.#prepare(ask);
    const none = { operation: undefined, replayed: false };
    return 'refusals' in prepared
      ? { ...none, dryRun: undefined, refusals: prepared.refusals.map(storedRefusal) }
      : { ...none, dryRun: prepared.vendorCall, refusals: [] };
  }

  /** The same key while the first ask with it is under way. */
  async #join(flight: Flight, ask: WriteAsk): Promise<WriteAnswer> {
    const first = await fingerprintOf(flight.ask.source.key, flight.ask.content);
    if (!(await fingerprintFits(first, ask.source.key, ask.content))) return this.#refuse(ask, KEY_REUSED);
    return { ...(await flight.within(ask.waitMs)), replayed: true };
  }

  /** The same key afterwards. */
  async #replay(ask: WriteAsk, holder: StoredOperation): Promise<WriteAnswer> {
    if (!(await fingerprintFits(holder.fingerprint, ask.source.key, ask.content))) return this.#refuse(ask, KEY_REUSED);
    const code = holder.refusals[0]?.code;
    await this.#record.note(ask, { operationId: holder.id, outcome: 'REPLAYED', code });
    return { ...answerOf(holder), replayed: true };
  }

  async #carryOut(flight: Flight): Promise<WriteAnswer> {
    const { ask } = flight;
    await this.#forgetOld();
    const operation: StoredOperation = {
      id: randomUUID(),
      verb: ask.content.verb,
      sourceKey: ask.source.key,
      state: 'VALIDATED',
      idempotencyKey: ask.idempotencyKey,
      requestedBy: ask.caller.name,
      requestedAt: this.#now(),
      settledAt: undefined,
      ...targetOf(ask.content),
      vendorCall: undefined,
      refusals: [],
      holdsKey: ask.idempotencyKey !== undefined,
      fingerprint: await fingerprintOf(ask.source.key, ask.content),
      sentAt: undefined,
      mark: null,
    };
    const holder = await this.#options.store.add(operation);
    if (holder !== undefined) return this.#replay(ask, holder);
    flight.recorded = operation;
    return answerOf(await this.#turns.take(ask.source.key, () => this.#checkAndSend(flight, operation)));
  }

  async #checkAndSend(flight: Flight, added: StoredOperation): Promise<StoredOperation> {
    const { ask } = flight;
    const prepared = await this.#prepare(ask).catch(async (error: unknown) => {
      await this.#record.settle(added, 'FAILED', { holdsKey: false, refusals: [FAULT_BEFORE_SENDING] });
      throw error;
    });
    if ('refusals' in prepared) {
      const state = prepared.refusals.some(({ code }) => code === 'SOURCE_UNAVAILABLE') ? 'FAILED' : 'REJECTED';
      return this.#record.settle(added, state, {
        holdsKey: false,
        refusals: prepared.refusals.map(storedRefusal),
      });
    }
    const { vendorCall, mark } = prepared;
    const sent = await this.#record.change(added, { state: 'SENT', sentAt: this.#now(), vendorCall, mark });
    flight.recorded = sent;
    const reply = await prepared.send(AbortSignal.timeout(ask.source.timeoutMs * PATIENCE));
    return this.#conclude(ask, sent, reply);
  }

  /** The call, ready to be sent; or everything that speaks against it. */
  async #prepare(ask: WriteAsk): Promise<PreparedWrite | { readonly refusals: readonly WriteRefusal[] }> {
    try {
      const call = freshCall(ask.source, this.#now());
      const request = await requestOf(ask, call, this.schedules);
      if ('refusal' in request) return { refusals: [request.refusal] };
      const prepared = await ask.source.reader.prepareWrite(request, call);
      if (!('refusals' in prepared)) return prepared;
      return { refusals: prepared.refusals.map((refusal) => placed(refusal, ask.content)) };
    } catch (error) {
      if (!(error instanceof GatewayError) || FAULTS_OF_OURS.has(error.code)) throw error;
      return { refusals: [unavailable(error)] };
    }
  }

  async #conclude(ask: WriteAsk, sent: StoredOperation, reply: WriteReply): Promise<StoredOperation> {
    switch (reply.outcome) {
      case 'DONE':
        if (MAKES_SOMETHING.has(sent.verb) && !namesSomething(reply))
          return this.#findOut(ask.source, sent, { error: unnamed(ask.source.key), answered: false });
        return this.#record.settle(sent, 'CONFIRMED', idsOf(reply, sent));
      case 'REFUSED':
        return this.#record.settle(sent, 'REJECTED', { refusals: [storedRefusal(placed(reply.refusal, ask.content))] });
      case 'NOT_SENT':
        return this.#record.settle(sent, 'FAILED', {
          holdsKey: false,
          refusals: [storedRefusal(unavailable(reply.error))],
        });
      case 'UNKNOWN':
        return this.#findOut(ask.source, sent, reply);
    }
  }

  /** The answer was lost: looks for the effect. */
  async #findOut(
    source: WriteSource,
    sent: StoredOperation,
    { error, answered }: { readonly error: GatewayError; readonly answered: boolean },
  ): Promise<StoredOperation> {
    const { effect, couldRead } = await this.#search.look(source, sent, this.#looksMs());
    if (effect !== undefined) return this.#record.settle(sent, 'CONFIRMED', idsOf(effect, sent));
    // Stopping: it stays SENT, and is looked for after the start.
    if (this.#closing.signal.aborted) return sent;
    if (answered && couldRead)
      return this.#record.settle(sent, 'FAILED', { refusals: [storedRefusal(failedAtVendor(error))] });
    const refusals = [storedRefusal(uncertainBecause(error))];
    const uncertain = await this.#record.settle(sent, 'UNCERTAIN', { refusals });
    this.#inBackground(() => this.#lookLater(source, uncertain));
    return uncertain;
  }

  async #resumeOne(source: WriteSource, operation: StoredOperation): Promise<void> {
    const { effect } = await this.#turns.take(source.key, () => this.#search.look(source, operation, [0]));
    if (effect !== undefined) {
      await this.#record.settle(operation, 'CONFIRMED', idsOf(effect, operation));
      return;
    }
    const refusals = operation.state === 'SENT' ? [STOPPED_MEANWHILE] : operation.refusals;
    const uncertain =
      operation.state === 'SENT' ? await this.#record.settle(operation, 'UNCERTAIN', { refusals }) : operation;
    await this.#lookLater(source, uncertain);
  }

  /** Goes on looking after the caller was told UNCERTAIN; what is found corrects the record. */
  async #lookLater(source: WriteSource, operation: StoredOperation): Promise<void> {
    const { effect } = await this.#search.look(source, operation, this.#options.laterLooksMs ?? LATER_LOOKS_MS);
    if (effect !== undefined) await this.#record.settle(operation, 'CONFIRMED', idsOf(effect, operation));
  }

  #looksMs(): readonly number[] {
    return this.#options.looksMs ?? LOOKS_MS;
  }

  /** Removes what has been kept long enough, now and then. */
  async #forgetOld(): Promise<void> {
    const now = this.#now().getTime();
    if (now - this.#forgottenAt < FORGET_EVERY_MS) return;
    this.#forgottenAt = now;
    await this.#options.store.forgetBefore(new Date(now - this.#options.keepMs));
  }

  #inBackground(work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'looking for the effect of a write failed'))
      .finally(() => this.#background.delete(task));
    this.#background.add(task);
  }
}

const DEFAULT_WAIT_MS = 30_000;
const LOOKS_MS: readonly number[] = [0, 500, 1_500, 3_000, 5_000];
const LATER_LOOKS_MS: readonly number[] = [15_000, 30_000, 60_000, 120_000, 300_000];
const UNCERTAIN_FOR_MS = 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;

const FAULTS_OF_OURS: ReadonlySet<string> = new Set(['INTERNAL', 'INVALID_INPUT', 'UNSUPPORTED', 'STORE_UNAVAILABLE']);

/** One ask under way. */
class Flight {
  readonly ask: WriteAsk;
  readonly answer: Promise<WriteAnswer>;
  /** The operation as it stands; undefined until it is written down. */
  recorded: StoredOperation | undefined;

  constructor(ask: WriteAsk, carryOut: (flight: Flight) => Promise<WriteAnswer>) {
    this.ask = ask;
    this.answer = carryOut(this);
  }

  /** The answer, or the operation as it stands when the caller's patience ends. */
  async within(waitMs: number | undefined): Promise<WriteAnswer> {
    const patience = new AbortController();
    const late = sleep(waitMs ?? DEFAULT_WAIT_MS, 'LATE' as const, { signal: patience.signal }).catch(
      () => 'LATE' as const,
    );
    try {
      const first = await Promise.race([this.answer, late]);
      if (first !== 'LATE') return first;
      // What is not even written down yet is waited for all the same: there would be nothing to tell.
      return this.recorded === undefined ? await this.answer : answerOf(this.recorded);
    } finally {
      patience.abort();
    }
  }
}

function answerOf(operation: StoredOperation): WriteAnswer {
  return { operation, replayed: false, dryRun: undefined, refusals: operation.refusals };
}

/** What was made or begun and has no name is only believed when it is seen: an empty 200 may come from anything on the way. */
function unnamed(sourceKey: string): GatewayError {
  const message = `Source "${sourceKey}" accepted it without saying what came of it.`;
  return new GatewayError('MALFORMED_RESPONSE', message, { sourceKey });
}

/** What the effect names, or else what was known before. */
function idsOf(
  { jobNativeId, runNativeId }: WriteEffect,
  sent: StoredOperation,
): Pick<StoredOperation, 'jobNativeId' | 'runNativeId'> {
  return { jobNativeId: jobNativeId ?? sent.jobNativeId, runNativeId: runNativeId ?? sent.runNativeId };
}
