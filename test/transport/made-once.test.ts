import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeOptions, startSimulatedServer, type RunningSimulator } from '../../src/simulation/simulated-server.ts';
import { decodeJson } from '../../src/transport/decode.ts';
import { MadeOnce } from '../../src/transport/made-once.ts';
import { CallTally, type ReadCall } from '../../src/transport/read-call.ts';
import { SourceHttp } from '../../src/transport/source-http.ts';
import { readCall } from '../support/read-call.ts';

interface List {
  readonly rows: readonly unknown[];
  readonly problems: readonly unknown[];
}

let simulator: RunningSimulator;
let http: SourceHttp;
let list: MadeOnce<List>;
/** Told beside the rows. */
let problems: readonly unknown[];

beforeEach(async () => {
  const nothing = () => ({ status: 500 });
  const vendor = {
    handle: ({ path }: { path: string }) => ({ status: 200, body: [path] }),
    unauthorized: nothing,
    throttled: nothing,
  };
  simulator = await startSimulatedServer(vendor, completeOptions({}, {}), {});
  const limits = { concurrency: 4, timeoutMs: 1_000, requestsPerSecond: undefined, maxBodyBytes: 1024 };
  http = new SourceHttp({ sourceKey: 'src', baseUrls: [simulator.url], tls: { rejectUnauthorized: true }, limits });
  list = new MadeOnce(http);
  problems = [];
});

afterEach(async () => {
  await http.close();
  await simulator.close();
});

/** Two pages. */
function read(call: ReadCall): Promise<List> {
  return list.read(call, async (own) => {
    const pages = [
      await http.read({ path: '/1', decode: decodeJson }, own),
      await http.read({ path: '/2', decode: decodeJson }, own),
    ];
    return { rows: pages.map(({ value }) => value), problems };
  });
}

describe('transport/made-once', () => {
  it('gives the very same value while the same answers serve', async () => {
    const first = readCall();
    const value = await read(first);
    expect(value.rows).toEqual([['/1'], ['/2']]);
    const second = readCall({ freshSince: 0 });
    expect(await read(second)).toBe(value);
    expect(first.tally.attempts).toBe(2);
    expect(second.tally).toMatchObject({ attempts: 0, oldestFetchedAt: first.tally.oldestFetchedAt });
    expect(simulator.requests()).toHaveLength(2);
  });

  it('makes a new one for a call that wants fresher answers, and when one of them is another', async () => {
    const value = await read(readCall());
    const fresh = await read(readCall());
    expect(fresh).not.toBe(value);
    await http.read({ path: '/2', decode: decodeJson }, readCall());
    const other = await read(readCall({ freshSince: 0 }));
    expect(other).not.toBe(fresh);
    expect(other).toEqual(fresh);
    http.clear();
    expect(await read(readCall({ freshSince: 0 }))).not.toBe(other);
    expect(simulator.requests()).toHaveLength(7);
  });

  it('does not hold what has problems', async () => {
    problems = ['a row'];
    const value = await read(readCall());
    problems = [];
    expect(await read(readCall({ freshSince: 0 }))).toEqual({ ...value, problems: [] });
  });

  it('does not hold what older answers stood in for, and says so each time', async () => {
    await read(readCall());
    simulator.fault({ kind: 'server-error' });
    const call = { ...readCall(), staleSince: 0 };
    const value = await read(call);
    expect(call.tally.staleBecause).toMatchObject({ code: 'VENDOR_FAULT' });
    const again = { ...readCall(), staleSince: 0, tally: new CallTally() };
    expect(await read(again)).not.toBe(value);
    expect(again.tally.staleBecause).toBeDefined();
  });

  it('gives a call that may not share rows its own, and keeps those from others', async () => {
    const value = await read(readCall());
    const own = await read({ ...readCall({ freshSince: 0 }), mayShareRows: false });
    expect(own).toEqual(value);
    expect(own).not.toBe(value);
    expect(await read(readCall({ freshSince: 0 }))).toBe(value);
    expect(simulator.requests()).toHaveLength(2);
  });

  it('tells the attempts of a read that failed', async () => {
    simulator.fault({ kind: 'bad-json', times: 1 });
    const call = readCall();
    await expect(read(call)).rejects.toMatchObject({ code: 'MALFORMED_RESPONSE' });
    expect(call.tally.attempts).toBe(1);
  });

  it('does not serve a caller who has gone', async () => {
    await read(readCall());
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(read(readCall({ freshSince: 0, signal: gone }))).rejects.toThrow();
  });
});
