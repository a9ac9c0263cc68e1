import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BareSocket, openLab, type StreamLab } from '../live/stream-lab.ts';
import { FakeSource } from '../support/fake-source.ts';

const QUERY = 'subscription { backupRunChanged { previousStatus run { status } } }';

let lab: StreamLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

describe('server/subscriptions leaks', () => {
  it('keeps nothing of ten thousand subscriptions that came and went on one connection', async () => {
    lab = await openLab([new FakeSource({ key: 's' })], { logs: false, pace: { fastMs: 1_000, slowMs: 2_000 } });
    const socket = await new BareSocket(lab.url).init();
    const { hub, operations } = lab;
    const comeAndGo = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        for (let id = 0; id < 50; id += 1) {
          socket.send({ type: 'subscribe', id: `${round} ${id}`, payload: { query: QUERY } });
        }
        // Half of them end when they are sure to listen, half perhaps before.
        if (round % 2 === 0) await vi.waitUntil(() => operations.size === 50, { interval: 1 });
        for (let id = 0; id < 50; id += 1) socket.send({ type: 'complete', id: `${round} ${id}` });
        socket.send({ type: 'ping' });
        await vi.waitUntil(async () => (await socket.next())['type'] === 'pong' && operations.size === 0, {
          interval: 1,
        });
      }
    };
    await comeAndGo(20);
    const before = heapMegabytes();
    await comeAndGo(180);
    expect([hub.counts(), operations.size]).toEqual([{ listeners: 0, pollers: 0 }, 0]);
    expect(heapMegabytes() - before).toBeLessThan(4);
    socket.socket.close();
  }, 60_000);

  it('keeps nothing of a thousand connections that came and went', async () => {
    lab = await openLab([new FakeSource({ key: 's' })], { logs: false, pace: { fastMs: 1_000, slowMs: 2_000 } });
    const { url, hub, operations } = lab;
    const search = new URLSearchParams({ query: QUERY });
    const comeAndGo = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 20) {
        const gone = new AbortController();
        const init = { headers: { accept: 'text/event-stream' }, signal: gone.signal };
        await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}?${search}`, init)));
        gone.abort();
        await vi.waitUntil(() => operations.size === 0, { interval: 1 });
      }
    };
    await comeAndGo(100);
    const before = heapMegabytes();
    await comeAndGo(1_000);
    expect(hub.counts()).toEqual({ listeners: 0, pollers: 0 });
    expect(heapMegabytes() - before).toBeLessThan(4);
  }, 60_000);
});
