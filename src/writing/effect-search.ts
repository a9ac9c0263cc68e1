import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../domain/errors.ts';
import type { OperationStore, StoredOperation } from '../store/operation-store.ts';
import { CallTally, type ReadCall } from '../transport/read-call.ts';
import type { WriteEffect } from '../vendors/contract.ts';
import type { WriteVerb } from '../domain/write-request.ts';
import type { WriteSource } from './write-ask.ts';

/** Verbs after which there is a job or a run that was not there before. */
export const MAKES_SOMETHING: ReadonlySet<WriteVerb> = new Set(['CREATE', 'START', 'RETRY']);

/** What looking has shown. `couldRead` is whether the last look saw the vendor's state. */
export interface Found {
  readonly effect: WriteEffect | undefined;
  readonly couldRead: boolean;
}

/** Looks at the vendor for what became of a write. */
export class EffectSearch {
  readonly #store: OperationStore;
  readonly #now: () => Date;
  readonly #stop: AbortSignal;

  /** `stop` ends the pauses between looks. */
  constructor(store: OperationStore, now: () => Date, stop: AbortSignal) {
    this.#store = store;
    this.#now = now;
    this.#stop = stop;
  }

  /** One look after each pause (milliseconds), until the effect is there. An effect that another operation has had does not count. */
  async look(source: WriteSource, sent: StoredOperation, pausesMs: readonly number[]): Promise<Found> {
    let couldRead = false;
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0 && !(await this.#pause(pauseMs))) break;
      try {
        const effect = await source.reader.settleWrite(sent.verb, sent.mark, freshCall(source, this.#now()));
        couldRead = true;
        if (effect !== undefined && !(await this.#isOfAnother(sent, effect))) return { effect, couldRead };
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        couldRead = false;
      }
    }
    return { effect: undefined, couldRead };
  }

  async #isOfAnother({ id, sourceKey, verb }: StoredOperation, effect: WriteEffect): Promise<boolean> {
    return MAKES_SOMETHING.has(verb) && namesSomething(effect) && this.#store.isEffectOfAnother(id, sourceKey, effect);
  }

  /** False when the looking is to end. */
  async #pause(pauseMs: number): Promise<boolean> {
    try {
      await sleep(pauseMs, undefined, { signal: this.#stop, ref: false });
      return true;
    } catch {
      return false;
    }
  }
}

export function namesSomething({ jobNativeId, runNativeId }: WriteEffect): boolean {
  return jobNativeId !== undefined || runNativeId !== undefined;
}

/** A read that takes no kept answer, within the source's own patience. */
export function freshCall({ key, timeoutMs }: WriteSource, now: Date): ReadCall {
  const patienceMs = timeoutMs * PATIENCE;
  const controller = new AbortController();
  const late = new GatewayError('TIMEOUT', `Source "${key}" did not answer within ${patienceMs} ms.`, {
    sourceKey: key,
  });
  AbortSignal.timeout(patienceMs).addEventListener('abort', () => controller.abort(late), { once: true });
  return {
    signal: controller.signal,
    deadlineAt: now.getTime() + patienceMs,
    freshSince: now.getTime(),
    staleSince: undefined,
    tally: new CallTally(),
  };
}

/** How many time limits of a single exchange a write or a look may take, with waiting for its turn and a login. */
export const PATIENCE = 2;
