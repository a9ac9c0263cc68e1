import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { RUNNING } from '../live/scripted-source.ts';
import { openLab } from '../live/stream-lab.ts';
import { SUBGRAPH } from '../federation/support.ts';
import { sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';

describe('server/subscriptions behind a router', () => {
  it('reach a caller of Hive Gateway, and end when the caller leaves', async () => {
    const runs: BackupRun[] = [sampleRun({ sourceKey: 's', ...RUNNING })];
    const lab = await openLab([new FakeSource({ key: 's', runs })]);
    const typeDefs = parse(SUBGRAPH.sdl);
    const composed = composeServices([{ name: 'backup', url: lab.url, typeDefs }]);
    if (compositionHasErrors(composed)) throw new Error(composed.errors.join('\n'));
    const router = createGatewayRuntime({ supergraph: composed.supergraphSdl, logging: false });
    const caller = new AbortController();
    const response = await router.fetch('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { backupRunChanged { run { status } } }' }),
      signal: caller.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) throw new Error(`the stream ended after ${text}`);
        text += chunk.value;
      }
    };
    await read('"status":"RUNNING"');
    runs[0] = sampleRun({ sourceKey: 's', status: 'FAILED' });
    await read('"status":"FAILED"');
    await reader?.cancel();
    caller.abort();
    await vi.waitUntil(() => lab.hub.counts().listeners === 0, { timeout: 5_000 });
    expect(lab.hub.counts().pollers).toBe(0);
    await router[Symbol.asyncDispose]();
    await lab.close();
  });
});
