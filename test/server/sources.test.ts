import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/log.ts';
import { openSource } from '../../src/server/sources.ts';
import { readCall } from '../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../support/simulated-source.ts';

let connected: ConnectedSimulator | undefined;

afterEach(async () => {
  await connected?.close();
  connected = undefined;
});

describe('server/sources', () => {
  it('writes one line when a source comes up, begins to fail, goes down and is back', async () => {
    connected = await connectSimulated('sailpoint', {}, {});
    const lines: Record<string, unknown>[] = [];
    const log = createLogger({ write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
    const opened = openSource(connected.config, { log });
    const read = () =>
      opened.gateway.reader.listRuns({}, readCall({ freshSince: Date.now() + 1 })).catch(() => undefined);
    await read();
    connected.simulator.fault({ kind: 'html' });
    for (let count = 0; count < 4; count += 1) await read();
    connected.simulator.clearFaults();
    await read();
    await opened.close();
    const told = lines.filter(({ msg }) => msg === 'source state');
    expect(told.map(({ level, source, state, kind }) => [level, source, state, kind])).toEqual([
      ['info', 'sailpoint', 'UP', undefined],
      ['warn', 'sailpoint', 'DEGRADED', 'MALFORMED_RESPONSE'],
      ['warn', 'sailpoint', 'DOWN', 'MALFORMED_RESPONSE'],
      ['info', 'sailpoint', 'UP', undefined],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/Sign in|Bearer|secret/i);
  });
});
