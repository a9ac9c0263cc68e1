import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, parseConfig } from '../../src/server/config.ts';
import { Secret } from '../../src/domain/secret.ts';
import { VENDORS } from '../../src/vendors/registry.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SECRETS = Object.fromEntries(
  ['VC_PASSWORD', 'NAS_PASSWORD', 'VEEAM_PASSWORD', 'SP_ID', 'SP_SECRET', 'BI_ID', 'BI_SECRET'].map((name) => [
    name,
    'x',
  ]),
);

function parseExample(name: string): ReturnType<typeof parseConfig> {
  const file = join(ROOT, 'examples', 'config', name);
  return parseConfig(readFileSync(file, 'utf8'), { file, environment: SECRETS, readFile: readNothing });
}

function readNothing(path: string): string {
  return expect.fail(`the example names the file ${path}`);
}

/** Settings with the secrets as text. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revealed(member)]));
}

describe('examples/config', () => {
  it('backupgraph.yaml is good, shows every vendor, and has no secret in it', () => {
    const { config, warnings } = parseExample('backupgraph.yaml');
    expect(warnings).toEqual([]);
    expect(config.sources.map(({ vendor }) => vendor.id).toSorted()).toEqual(VENDORS.map(({ id }) => id).toSorted());
  });

  it('four-simulators.yaml reaches the simulators that it names', async () => {
    const { config, warnings } = parseExample('four-simulators.yaml');
    expect(warnings).toHaveLength(7);
    expect(config.sources.map(({ vendor }) => vendor.id).toSorted()).toEqual(VENDORS.map(({ id }) => id).toSorted());
    const text = readFileSync(join(ROOT, 'examples', 'config', 'four-simulators.yaml'), 'utf8');
    for (const source of config.sources) {
      const [, port, variant] =
        new RegExp(`simulate ${source.vendor.slug} +--port (\\d+)(?: --variant (\\S+))?`).exec(text) ??
        expect.fail('no line');
      const [name = '', value = ''] = variant?.split('=') ?? [];
      const simulator = await source.vendor.simulate({ variant: name === '' ? {} : { [name]: value } });
      const told = JSON.stringify(source.vendor.simulatorSettings(simulator)).replaceAll(
        simulator.url,
        `http://127.0.0.1:${port}`,
      );
      await simulator.close();
      expect(revealed(source.settings)).toMatchObject(JSON.parse(told) as object);
    }
  });
});

describe('docs/configuration.md', () => {
  const text = readFileSync(join(ROOT, 'docs', 'configuration.md'), 'utf8');

  it('explains every key', () => {
    const keys = new Set(keysOf(configJsonSchema()));
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !new RegExp(`\`[^\`\\n]*\\b${key}\\b[^\`\\n]*\``).test(text))).toEqual([]);
  });

  it('tells the limits of every vendor', () => {
    for (const { slug, defaultLimits } of VENDORS) {
      const { concurrency, requestsPerSecond = 'none' } = defaultLimits as {
        concurrency: number;
        requestsPerSecond?: number;
      };
      expect(text).toMatch(
        new RegExp(`^\\|[^|]*\\b${slug}\\b[^|]*\\| ${concurrency} \\| ${requestsPerSecond} \\|$`, 'm'),
      );
    }
  });
});

/** The names of all members that a JSON Schema describes. */
function keysOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'properties' in part && typeof part.properties === 'object' ? Object.keys(part.properties ?? {}) : [];
  // A secret's own keys are explained as a kind of value.
  const members = Object.entries(part).filter(([name]) => name !== 'anyOf');
  return [...own, ...members.flatMap(([, member]) => keysOf(member))];
}
