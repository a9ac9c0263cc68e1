import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import { errorAnswer, json } from './simulator-format.ts';
import { isRunning, type BackupSet, type Computer, type IntronisState } from './simulator-state.ts';

/**
 * The writes of v2 on backup sets: each answers an id at once and is done some seconds later; the id is polled.
 *
 * Which number stands for which status is not told. Here 1 is CREATED, 2 PENDING, 3 ERROR (as in the vendor's sample), 4 WARNING
 * and 5 done.
 */
export class SetWrites {
  readonly #state: IntronisState;
  readonly #orders = new Map<number, Order>();
  #count = 0;

  constructor(state: IntronisState) {
    this.#state = state;
  }

  /** `what`: the rest of the path below the computer. Undefined when there is no such call. */
  handle(computer: Computer, what: string, request: SimulatedRequest, now: number): SimulatedResponse | undefined {
    const polled = /^action\/(\d+)\/status$/.exec(what)?.[1];
    if (polled !== undefined) return request.method === 'GET' ? this.#poll(computer, Number(polled), now) : METHOD;
    const effect = EFFECTS[what];
    if (effect === undefined) return undefined;
    if (request.method !== 'POST') return METHOD;
    const type = request.headers['content-type'] ?? '';
    if (!type.startsWith('application/json')) return errorAnswer(400, 'Content-Type is required', 'json');
    const body = parse(request.body);
    if (body === undefined || !effect.accepts(body)) return errorAnswer(400, 'the body is not valid', 'json');
    this.#state.sets([computer], now);
    const set = computer.sets.find(({ number }) => number === body['backupSetId']);
    const reason = effect.needsSet ? refusalOf(effect, set, now) : undefined;
    this.#count += 1;
    const order = {
      computer,
      at: now,
      doneAt: now + WORK_MS,
      reason,
      settled: false,
      apply: () => effect.apply(set, body),
    };
    this.#orders.set(this.#count, order);
    return json(200, { data: { id: this.#count } });
  }

  /** Lets the orders take effect whose time has come; called before anything is answered. */
  settle(now: number): void {
    for (const order of this.#orders.values()) {
      if (order.settled || order.doneAt > now) continue;
      order.settled = true;
      if (order.reason === undefined) order.apply();
    }
  }

  #poll(computer: Computer, id: number, now: number): SimulatedResponse {
    const order = this.#orders.get(id);
    if (order === undefined || order.computer !== computer) return errorAnswer(404, 'no such action', 'json');
    const { doneAt, at, reason } = order;
    if (now < at + 2000) return json(200, { data: { status: 1, reason: '' } });
    if (now < doneAt) return json(200, { data: { status: 2, reason: '' } });
    return json(200, { data: reason === undefined ? { status: 5, reason: '' } : { status: 3, reason } });
  }
}

interface Order {
  readonly computer: Computer;
  readonly at: number;
  readonly doneAt: number;
  readonly reason: string | undefined;
  settled: boolean;
  readonly apply: () => void;
}

type Body = Readonly<Record<string, unknown>>;

interface Effect {
  readonly needsSet: boolean;
  readonly refusedWhileRunning: boolean;
  accepts(body: Body): boolean;
  apply(set: BackupSet | undefined, body: Body): void;
}

const WORK_MS = 20_000;
const METHOD = errorAnswer(405, 'method not allowed', 'json');

const EFFECTS: Readonly<Record<string, Effect>> = {
  'backupsets/toggle': {
    needsSet: true,
    refusedWhileRunning: false,
    accepts: (body) => typeof body['backupSetId'] === 'number' && typeof body['value'] === 'boolean',
    apply: (set, body) => {
      if (set !== undefined) set.enabled = body['value'] === true;
    },
  },
  'backupsets/delete': {
    needsSet: true,
    refusedWhileRunning: true,
    accepts: (body) => typeof body['backupSetId'] === 'number' && typeof body['deleteData'] === 'boolean',
    apply: (set) => {
      if (set !== undefined) set.computer.sets.splice(set.computer.sets.indexOf(set), 1);
    },
  },
  'settings/apply': {
    needsSet: false,
    refusedWhileRunning: false,
    accepts: ({ fileretries }) => Number.isInteger(fileretries) && Number(fileretries) >= 0 && Number(fileretries) <= 3,
    apply: () => undefined,
  },
};

function refusalOf(effect: Effect, set: BackupSet | undefined, now: number): string | undefined {
  if (set === undefined) return 'BackupSetActions_NotFound';
  const last = set.runs.at(-1);
  const running = last !== undefined && isRunning(last, now);
  return effect.refusedWhileRunning && running ? 'BackupActions_BackupSetRunning' : undefined;
}

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}
