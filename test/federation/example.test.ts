import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICES } from '../../examples/federation/inventory.ts';
import { printed, start, type Running } from '../cli/support.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'federation', 'start.ts');

interface Job {
  readonly name: string;
  readonly status: string;
  readonly service: { readonly name: string } | null;
}

interface Answer {
  readonly data: { readonly services: { readonly nodes: unknown[] }; readonly backupJobs: { readonly nodes: Job[] } };
  readonly errors?: unknown;
}

describe('examples/federation', () => {
  let demo: Running;
  let example: ChildProcess;
  let out = '';

  beforeAll(async () => {
    demo = start(['demo', '--port', '0']);
    await printed(demo, 'Ctrl-C stops it.');
    const url = /GraphQL +(http:\S+)/.exec(demo.out())?.[1] ?? expect.fail('no address');
    example = spawn(process.execPath, [EXAMPLE, '--port', '0', url], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of example.stdout ?? []) {
      out += String(chunk);
      if (out.includes('Ctrl-C stops it.')) break;
    }
  }, 60_000);

  afterAll(async () => {
    const ended = once(example, 'exit');
    example.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    demo.stop();
    await demo.ended;
  }, 20_000);

  /** Asks what the example suggests, in its words. */
  async function askSuggestion(index: number): Promise<Answer> {
    const line = [...out.matchAll(/^curl -s (\S+) -H '[^']+' -d '([^']+)'$/gm)][index] ?? expect.fail(out);
    const [, url = '', body = ''] = line;
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await response.json()) as Answer;
  }

  it('answers over HTTP from the business to its backups', async () => {
    const { data, errors } = await askSuggestion(0);
    expect(errors).toBeUndefined();
    expect(data.services.nodes).toEqual(
      SERVICES.map(({ name, owner, jobs }) => ({
        name,
        owner,
        backupJobs: jobs.map(() => ({
          name: expect.any(String),
          status: expect.stringMatching(/^[A-Z]+$/),
          lastRun: { startedAt: expect.toSatisfy((at) => at === null || !Number.isNaN(Date.parse(at as string))) },
        })),
      })),
    );
  });

  it('answers over HTTP from the backups to the business', async () => {
    const { data, errors } = await askSuggestion(1);
    expect(errors).toBeUndefined();
    expect(data.backupJobs.nodes.length).toBeGreaterThan(20);
    const services = new Set(data.backupJobs.nodes.flatMap(({ service }) => service?.name ?? []));
    expect([...services].toSorted()).toEqual(['Patient records', 'Virtual machines']);
  });

  it('is started by one command of the package', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['example:federation']).toMatch(/&& node examples\/federation\/start\.ts$/);
  });
});
