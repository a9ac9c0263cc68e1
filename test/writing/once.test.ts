import { afterAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { openSource } from '../../src/server/sources.ts';
import type { FaultKind } from '../../src/simulation/faults.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { OperationStore } from '../../src/store/operation-store.ts';
import type { WriteSource } from '../../src/writing/write-ask.ts';
import { WriteService } from '../../src/writing/write-service.ts';
import { sailPointWorld, vcenterWorld, veeamWorld, type World } from './once-world.ts';

/** Stories in all, over the vendors. */
const STORIES = 2_100;
const PER_WORLD = 50;

const WORLDS: readonly (readonly [string, number, () => Promise<World>])[] = [
  ['veeam-m365 v3', 1, () => veeamWorld('v3')],
  ['veeam-m365 v8', 2, () => veeamWorld('v8')],
  ['vcenter 6.7 rest', 3, () => vcenterWorld('6.7', 'rest')],
  ['vcenter 8.0 api', 4, () => vcenterWorld('8.0', 'api')],
  ['sailpoint v1', 5, () => sailPointWorld('v1')],
  ['sailpoint v2024', 6, () => sailPointWorld('v2024')],
];

/** Faults of the request that creates; those with an effect lose the answer, or spoil it, after it. */
const FAULTS: readonly [FaultKind, ...FaultKind[]] = [
  'lose-answer',
  'lose-answer',
  'lose-answer',
  'late-server-error',
  'late-server-error',
  'truncate',
  'reset-mid-body',
  'no-last-chunk',
  'bad-json',
  'html',
  'empty',
  'refuse',
  'refuse',
  'server-error',
  'unauthorized',
  'throttle',
  'redirect',
  'stall',
];

const figures = {
  stories: 0,
  asks: 0,
  faults: 0,
  restarts: 0,
  created: 0,
  twice: 0,
  states: new Map<string, number>(),
};

/** What a gateway without care does: it sends again when the answer is lost. */
function sendingAgain(source: WriteSource): WriteSource {
  const { reader } = source;
  const prepareWrite: typeof reader.prepareWrite = async (request, call) => {
    const prepared = await reader.prepareWrite(request, call);
    if ('refusals' in prepared) return prepared;
    const send: typeof prepared.send = async (signal) => {
      const reply = await prepared.send(signal);
      return reply.outcome === 'UNKNOWN' ? prepared.send(signal) : reply;
    };
    return { ...prepared, send };
  };
  const careless = Object.create(reader) as typeof reader;
  for (const name of ['readJobs', 'readRuns', 'readRunsOfJobs', 'settleWrite'] as const)
    Object.assign(careless, { [name]: (reader[name] as (...all: unknown[]) => unknown).bind(reader) });
  return { ...source, reader: Object.assign(careless, { prepareWrite }) };
}

/** A gateway that can be killed: from then on it neither writes to the store nor reaches the vendor. */
class Mortal {
  readonly service: WriteService;
  readonly source: WriteSource;
  readonly #source: ReturnType<typeof openSource>;
  #alive = true;

  constructor(world: World, store: OperationStore, reckless: boolean) {
    this.#source = openSource(world.connected.config);
    this.source = reckless ? sendingAgain(this.#source.gateway) : this.#source.gateway;
    const gate = new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function' || name === 'close') return name === 'close' ? async () => undefined : member;
        return async (...values: unknown[]) => {
          if (!this.#alive) throw new GatewayError('STORE_UNAVAILABLE', 'The gateway was killed.');
          return (member as (...all: unknown[]) => unknown).apply(target, values);
        };
      },
    });
    this.service = new WriteService({
      store: gate,
      sources: [this.source],
      log: { info: () => undefined, error: () => undefined },
      keepMs: 1e9,
      looksMs: [0, 2, 5],
      laterLooksMs: [5],
    });
  }

  async kill(): Promise<void> {
    this.#alive = false;
    await this.#source.close();
  }

  async end(): Promise<void> {
    await this.service.close();
    await this.#source.close();
  }
}

/** One story: some asks with one or two keys, with faults and restarts in between. */
async function tell(world: World, story: string, random: SeededRandom, reckless = false): Promise<readonly number[]> {
  const store = openStore('sqlite::memory:');
  let gateway = new Mortal(world, store, reckless);
  const keys = random.next() < 0.3 ? [`${story}-a`, `${story}-b`] : [`${story}-a`];
  const open: Promise<unknown>[] = [];
  const ask = (key: string, content: number, waitMs?: number): Promise<unknown> => {
    if (!reckless) figures.asks += 1;
    const answer = gateway.service.submit({
      caller: { name: 'tester', role: 'ADMIN' },
      source: gateway.source,
      content: { verb: 'CREATE', target: world.target(key, content) },
      idempotencyKey: key,
      dryRun: false,
      waitMs,
    });
    return answer.catch((error: unknown) => {
      if (!(error instanceof GatewayError) || error.code !== 'STORE_UNAVAILABLE') throw error;
    });
  };
  const steps = random.integer(2, 5);
  for (let step = 0; step < steps; step += 1) {
    const key = keys[random.integer(0, keys.length - 1)] ?? '';
    if (random.next() < 0.6) {
      if (!reckless) figures.faults += 1;
      world.connected.simulator.fault(world.onCreate({ kind: random.pick(FAULTS), times: 1 }));
    }
    const dice = random.next();
    if (dice < 0.3) await ask(key, 1);
    else if (dice < 0.55) await Promise.all([ask(key, 1), ask(key, 1), ask(key, random.next() < 0.3 ? 2 : 1)]);
    else if (dice < 0.75) open.push(ask(key, 1, random.integer(0, 3)));
    else {
      if (!reckless) figures.restarts += 1;
      open.push(ask(key, 1, 0));
      // Somewhere between the ask and its end.
      for (let turn = random.integer(0, 12); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
      await gateway.kill();
      gateway = new Mortal(world, store, reckless);
      await gateway.service.resume();
    }
  }
  world.connected.simulator.clearFaults();
  await Promise.all(open);
  await gateway.end();
  const made = await Promise.all(keys.map((key) => world.count(key)));
  if (!reckless) for (const [index, key] of keys.entries()) await check(world, store, key, made[index] ?? 0);
  await store.close();
  await world.settleDown();
  return made;
}

async function check(world: World, store: OperationStore, key: string, made: number): Promise<void> {
  figures.created += made;
  if (made > 1) figures.twice += 1;
  const { rows } = await store.list({ idempotencyKey: key }, 100, undefined);
  const states = rows.map(({ state }) => state);
  for (const state of states) figures.states.set(state, (figures.states.get(state) ?? 0) + 1);
  expect(made, `${world.name} ${key}: ${states.join(' ')}`).toBeLessThanOrEqual(1);
  // What the gateway says is so: CONFIRMED is there, and nothing is there of which it says that nothing came.
  const mayBeThere = states.some((state) => ['CONFIRMED', 'UNCERTAIN', 'SENT'].includes(state));
  if (states.includes('CONFIRMED')) expect(made, `${world.name} ${key}`).toBe(1);
  if (!mayBeThere) expect(made, `${world.name} ${key}: ${states.join(' ')}`).toBe(0);
}

describe('a key and its backup', () => {
  it.concurrent.each(WORLDS)(
    'is made once at most by %s, whatever is lost, killed and asked again',
    async (name, seed, open) => {
      const random = new SeededRandom(seed);
      const stories = Math.ceil(STORIES / WORLDS.length);
      for (let done = 0; done < stories; done += PER_WORLD) {
        const world = await open();
        try {
          for (let number = done; number < Math.min(done + PER_WORLD, stories); number += 1)
            await tell(world, `s${seed}-${number}`, random);
          figures.stories += Math.min(PER_WORLD, stories - done);
        } finally {
          await world.connected.close();
        }
      }
      expect(name).not.toBe('');
    },
    120_000,
  );

  it('would be seen twice by this test if a lost answer were sent again', async () => {
    const world = await sailPointWorld('v1');
    const random = new SeededRandom(7);
    const made: number[] = [];
    for (let number = 0; number < 40; number += 1) made.push(...(await tell(world, `r-${number}`, random, true)));
    await world.connected.close();
    expect(made.filter((count) => count > 1).length).toBeGreaterThan(5);
  });

  afterAll(() => {
    const states = [...figures.states].toSorted().map(([state, count]) => `${state} ${count}`);
    console.info(
      `once: ${figures.stories} stories, ${figures.asks} asks, ${figures.faults} faults, ${figures.restarts} kills; ` +
        `operations ${states.join(', ')}; backups made ${figures.created}, keys with two ${figures.twice}`,
    );
    expect(figures.stories).toBeGreaterThanOrEqual(2_000);
  });
});
