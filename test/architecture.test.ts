import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VENDORS } from '../src/vendors/registry.ts';

const SRC = join(import.meta.dirname, '..', 'src');

/** Which part of the house a file belongs to. */
type Layer =
  | 'domain'
  | 'transport'
  | 'simulation'
  | 'contract'
  | 'registry'
  | 'vendor'
  | 'simulator'
  | 'store'
  | 'writing'
  | 'history'
  | 'live'
  | 'graphql'
  | 'server'
  | 'cli'
  | 'client'
  | 'index';

interface Rule {
  readonly layers: readonly (Layer | 'own folder')[];
  /** `node:` stands for all of Node's own modules. */
  readonly packages: readonly string[];
}

/**
 * Who may import whom.
 *
 * graphql, writing, live and history see of transport only what a read is made with (`read-call.ts`); that is checked below.
 */
const TABLE: Readonly<Record<Layer, Rule>> = {
  domain: { layers: ['domain'], packages: [] },
  transport: { layers: ['transport', 'domain'], packages: ['undici', 'fast-xml-parser', 'cockatiel', 'node:'] },
  simulation: { layers: ['simulation'], packages: ['node:'] },
  contract: { layers: ['contract', 'domain', 'transport', 'simulation'], packages: ['zod'] },
  registry: { layers: ['contract', 'vendor'], packages: [] },
  vendor: { layers: ['own folder', 'contract', 'domain', 'transport'], packages: ['zod'] },
  simulator: { layers: ['simulator', 'simulation'], packages: ['node:'] },
  store: { layers: ['store', 'domain'], packages: ['node:'] },
  writing: { layers: ['writing', 'store', 'contract', 'transport', 'domain'], packages: ['node:'] },
  history: { layers: ['history', 'store', 'contract', 'transport', 'domain'], packages: ['node:'] },
  live: { layers: ['live', 'contract', 'transport', 'domain'], packages: [] },
  graphql: {
    layers: ['graphql', 'live', 'history', 'writing', 'store', 'domain', 'contract', 'registry', 'transport'],
    packages: ['type-graphql', 'graphql', 'graphql-scalars', 'dataloader', 'reflect-metadata', 'node:'],
  },
  server: {
    layers: ['server', 'graphql', 'live', 'history', 'writing', 'store', 'registry', 'contract', 'transport', 'domain'],
    packages: [
      '@apollo/server',
      '@apollo/server/plugin/disabled',
      '@apollo/server/plugin/subscriptionCallback',
      'graphql',
      'graphql-ws',
      'ws',
      'pino',
      'prom-client',
      'yaml',
      'zod',
      'node:',
    ],
  },
  cli: {
    layers: ['cli', 'server', 'graphql', 'registry', 'contract', 'transport', 'simulation', 'domain'],
    packages: ['graphql', 'node:'],
  },
  // Runs in browsers.
  client: { layers: ['client'], packages: ['graphql'] },
  index: { layers: ['cli', 'server', 'graphql', 'registry', 'contract', 'transport', 'domain'], packages: [] },
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'));

function layerOf(file: string): Layer {
  const [top = '', second = ''] = file.split('/');
  if (top === 'index.ts') return 'index';
  if (top !== 'vendors') return top as Layer;
  if (second === 'registry.ts') return 'registry';
  if (second.endsWith('.ts')) return 'contract';
  return /\/simulator(-[\w-]+)?\.ts$/.test(file) ? 'simulator' : 'vendor';
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)[^;'"]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|import\(\s*'([^']+)'\s*\)/g,
  );
  return [...found].map((match) => ({ file, target: match[1] ?? match[2] ?? match[3] ?? '' }));
}

function complaint({ file, target }: Import): string | undefined {
  const layer = layerOf(file);
  const { layers, packages } = TABLE[layer];
  if (!target.startsWith('.')) {
    const allowed = packages.some((name) => (name === 'node:' ? target.startsWith('node:') : target === name));
    // A vendor's settings alone are described with zod.
    const zodElsewhere = layer === 'vendor' && target === 'zod' && !file.endsWith('/settings.ts');
    return allowed && !zodElsewhere ? undefined : `${file} imports the package ${target}`;
  }
  const imported = normalize(join(dirname(file), target)).replaceAll('\\', '/');
  const importedLayer = layerOf(imported);
  if (layer === 'vendor') {
    const folder = (path: string): string => path.split('/').slice(0, 2).join('/');
    const lazySimulator = importedLayer === 'simulator' && file.endsWith('/index.ts');
    if (importedLayer === 'vendor' || importedLayer === 'simulator') {
      return folder(file) === folder(imported) && (importedLayer === 'vendor' || lazySimulator)
        ? undefined
        : `${file} imports ${imported}`;
    }
  }
  if (layer === 'simulator' && importedLayer === 'simulator' && dirname(file) !== dirname(imported))
    return `${file} imports ${imported}`;
  if (
    ['graphql', 'writing', 'live', 'history'].includes(layer) &&
    importedLayer === 'transport' &&
    imported !== 'transport/read-call.ts'
  )
    return `${file} imports ${imported}`;
  if (layer === 'registry' && importedLayer === 'vendor' && !imported.endsWith('/index.ts'))
    return `${file} imports ${imported}`;
  return (layers as readonly string[]).includes(importedLayer) ? undefined : `${file} imports ${imported}`;
}

describe('architecture', () => {
  it('finds the imports of every layer', () => {
    const layers = new Set(files.map(layerOf));
    expect([...layers].filter((layer) => !(layer in TABLE))).toEqual([]);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(200);
  });

  it('keeps to the table of who may import whom', () => {
    const complaints = files.flatMap(importsOf).flatMap((one) => complaint(one) ?? []);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['domain/x.ts', 'node:fs'],
    ['domain/x.ts', '../transport/drift.ts'],
    ['vendors/vcenter/client.ts', '../sailpoint/wire.ts'],
    ['vendors/vcenter/simulator.ts', './wire.ts'],
    ['vendors/vcenter/mapper.ts', 'zod'],
    ['vendors/vcenter/client.ts', './simulator.ts'],
    ['graphql/x.ts', '../transport/source-http.ts'],
    ['graphql/x.ts', '../vendors/vcenter/index.ts'],
    ['server/x.ts', '../cli/main.ts'],
    ['simulation/x.ts', '../domain/errors.ts'],
    ['store/x.ts', '../writing/turns.ts'],
    ['writing/x.ts', '../graphql/context.ts'],
    ['writing/x.ts', '../transport/source-http.ts'],
    ['live/x.ts', '../transport/source-http.ts'],
    ['live/x.ts', '../graphql/context.ts'],
    ['live/x.ts', '../history/chronicle.ts'],
    ['history/x.ts', '../graphql/context.ts'],
    ['history/x.ts', '../transport/source-http.ts'],
  ])('would complain of %s importing %s', (file, target) => {
    expect(complaint({ file, target })).toBeDefined();
  });

  it('only the configuration and the command line read the environment', () => {
    const readers = files.filter((file) => /process\.env/.test(readFileSync(join(SRC, file), 'utf8')));
    expect(readers.filter((file) => !file.startsWith('cli/') && file !== 'server/config.ts')).toEqual([]);
  });

  it('uses no any', () => {
    const users = files.filter((file) => /:\s*any\b|\bas any\b|<any>/.test(readFileSync(join(SRC, file), 'utf8')));
    expect(users).toEqual([]);
  });
});

describe('vendors', () => {
  const folders = readdirSync(join(SRC, 'vendors'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

  it('has a line in the registry for every folder, and a folder for every line', () => {
    expect(VENDORS.map(({ slug }) => slug as string).toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it.each(folders.map(({ name }) => name))('%s has every file that a vendor has', (folder) => {
    const required = [
      'index.ts',
      'client.ts',
      'wire.ts',
      'mapper.ts',
      'status.ts',
      'settings.ts',
      'simulator.ts',
      'README.md',
    ];
    expect(required.filter((file) => !existsSync(join(SRC, 'vendors', folder, file)))).toEqual([]);
  });

  it.each(folders.map(({ name }) => name))('%s has its tests and payloads', (folder) => {
    const tests = join(import.meta.dirname, 'vendors', folder);
    const required = ['status.test.ts', 'mapper.test.ts', 'client.test.ts', 'simulator.test.ts', 'payloads'];
    expect(required.filter((name) => !existsSync(join(tests, name)))).toEqual([]);
  });
});
