import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TO_TRY } from '../../src/cli/commands/demo.command.ts';
import { demoConfig, startDemoSimulators } from '../../src/cli/demo.ts';
import { VENDORS } from '../../src/vendors/registry.ts';
import { printed, runLine, start, type Running } from './support.ts';

describe('cli/demo', () => {
  let demo: Running;
  let url: string;

  beforeAll(async () => {
    demo = start(['demo', '--port', '0']);
    await printed(demo, 'Ctrl-C stops it.');
    url = /GraphQL +(http:\S+)/.exec(demo.out())?.[1] ?? expect.fail('no address');
  }, 30_000);

  afterAll(async () => {
    demo.stop();
    expect((await demo.ended).code).toBe(0);
  });

  async function ask(query: string): Promise<{ data: Record<string, never>; errors?: unknown }> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data: Record<string, never>; errors?: unknown };
  }

  it('prints addresses, the explorer and three queries as shell lines', () => {
    expect(demo.out()).toMatch(/^BackupGraph demo: 7 simulated sources/);
    expect(demo.out()).toMatch(/health +http:\/\/127\.0\.0\.1:\d+\/readyz/);
    expect(demo.out()).toMatch(/explorer +\S/);
    const lines = demo.out().match(/^curl -s \S+ -H '[^']+' -d '[^']+'$/gm) ?? [];
    expect(lines).toHaveLength(3);
    for (const [index, line] of lines.entries()) {
      expect(JSON.parse(/-d '([^']+)'/.exec(line)?.[1] ?? '')).toEqual({ query: TO_TRY[index]?.query });
    }
  });

  it('has all vendors, one source that is down and one that is slow', async () => {
    const { data, errors } = (await ask(
      '{ backupJobs(first: 500) { nodes { status source { key } } sources { source { key vendor } outcome count error { kind } } } }',
    )) as unknown as {
      data: {
        backupJobs: {
          nodes: { status: string }[];
          sources: {
            source: { key: string; vendor: string };
            outcome: string;
            count: number;
            error: { kind: string } | null;
          }[];
        };
      };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    const { sources, nodes } = data.backupJobs;
    expect(
      Object.fromEntries(
        sources.map(({ source, outcome, error }) => [
          source.key,
          error === null ? outcome : `${outcome} ${error.kind}`,
        ]),
      ),
    ).toEqual({
      m365: 'OK',
      'm365-legacy': 'OK',
      'vc-hq': 'OK',
      'vc-branch': 'FAILED NETWORK',
      isc: 'OK',
      msp: 'OK',
      'm365-lab': 'TIMED_OUT TIMEOUT',
    });
    expect([...new Set(sources.map(({ source }) => source.vendor))].toSorted()).toEqual(
      VENDORS.map(({ id }) => id).toSorted(),
    );
    for (const { count, outcome } of sources) expect(count > 0).toBe(outcome === 'OK');
    expect(nodes.length).toBeGreaterThan(20);
  });

  it.each(TO_TRY.map(({ about, query }) => ({ about, query })))('answers the suggestion: $about', async ({ query }) => {
    const { code, out, err } = await runLine(['query', '-', '--url', url], { input: query });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').length).toBeGreaterThan(2);
    expect(out).not.toMatch(/^no rows/);
  });
});

describe('cli/demo: configuration', () => {
  it('is one that a file could give, with names, labels and zones', async () => {
    const simulators = await startDemoSimulators();
    try {
      const config = demoConfig(simulators, { port: 4000, managementPort: 4001 });
      expect(config).toMatchObject({
        server: { host: '127.0.0.1', port: 4000, path: '/graphql' },
        management: { port: 4001 },
        store: { url: 'sqlite::memory:' },
      });
      expect(config.sources.map(({ key }) => key)).toEqual([
        'm365',
        'm365-legacy',
        'vc-hq',
        'vc-branch',
        'isc',
        'msp',
        'm365-lab',
      ]);
      for (const { name, key, labels, timeZone } of config.sources) {
        expect(name).not.toBe(key);
        expect(labels.map((label) => label.name)).toEqual(expect.arrayContaining(['site', 'customer']));
        expect(timeZone).toBeDefined();
      }
      expect(config.sources.find(({ key }) => key === 'm365-lab')?.limits.timeoutMs).toBe(1_500);
      expect(
        config.sources
          .filter(({ vendor }) => vendor.slug === 'veeam-m365')
          .map(({ settings }) => settings['apiVersion']),
      ).toEqual(['v8', 'v3', 'v3']);
    } finally {
      await simulators.close();
    }
  });

  it('says which port is taken', async () => {
    const first = start(['demo', '--port', '0']);
    await printed(first, 'Ctrl-C');
    const port = /GraphQL +http:\/\/127\.0\.0\.1:(\d+)/.exec(first.out())?.[1] ?? '';
    expect(await runLine(['demo', '--port', port])).toEqual({
      code: 1,
      out: '',
      err: `backupgraph: the port ${port} of 127.0.0.1 is taken; choose another with --port`,
    });
    first.stop();
    expect((await first.ended).code).toBe(0);
  });
});
