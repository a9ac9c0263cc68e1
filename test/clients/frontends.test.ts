import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser } from 'playwright-core';
import { build, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartBackupDocument } from '../../examples/clients/generated/graphql.ts';
import { demoConfig, startDemoSimulators, type DemoSimulators } from '../../src/cli/demo.ts';
import { createClient } from '../../src/client/index.ts';
import { startGateway, type Gateway } from '../../src/server/create-gateway.ts';
import { browserMayBeMissing, openBrowser } from '../support/browser.ts';
import { silentLog } from '../support/silent-log.ts';

const CONFIG = join(import.meta.dirname, '..', '..', 'examples', 'frontends', 'vite.config.ts');

let simulators: DemoSimulators;
let gateway: Gateway;
let folder: string;
let browser: Browser | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backupgraph-frontends-'));
  simulators = await startDemoSimulators();
  const config = demoConfig(simulators, { port: 0, managementPort: 0 });
  const sources = config.sources.filter(({ key }) => ['m365', 'vc-branch'].includes(key));
  gateway = await startGateway({ config: { ...config, sources }, log: silentLog, pace: { fastMs: 200, slowMs: 200 } });
  if (browserMayBeMissing) return;
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await gateway.close();
  await simulators.close();
  await rm(folder, { recursive: true });
});

/** Builds a page as its users would, and serves it with the gateway behind it. */
async function serve(name: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  process.env['BACKUPGRAPH'] = new URL(gateway.url).origin;
  const outDir = join(folder, name);
  await build({ configFile: CONFIG, mode: name, build: { outDir } });
  const server = await preview({ configFile: CONFIG, mode: name, build: { outDir }, preview: { port: 0 } });
  return { url: server.resolvedUrls?.local[0] ?? expect.fail('no address'), close: () => server.close() };
}

describe.skipIf(browserMayBeMissing)('clients: example frontends', () => {
  it.each([
    ['apollo', 'Oak Clinic – critical mailboxes', 'Oak Clinic – critical mailboxes', 'WARNING'],
    ['urql', 'Werk Düsseldorf – all mailboxes and sites', 'oak-clinic.example', 'NONE'],
  ])(
    '%s shows the board, what is missing in it, and a live change',
    { timeout: 90_000 },
    async (name, job, object, before) => {
      const served = await serve(name);
      const page = await browser!.newPage({ viewport: { width: 1400, height: 900 } });
      try {
        const troubles: string[] = [];
        page.on('pageerror', (error) => troubles.push(String(error)));
        await page.goto(served.url);
        await page.locator('#objects tr', { hasText: 'elm-school.example' }).waitFor();
        expect(await page.locator('#sources').textContent()).toMatch(/m365 OK.*vc-branch FAILED/);
        expect(await page.locator('#summary').textContent()).toContain('Not complete: a source is missing.');
        expect(await page.locator('#objects tr td').first().textContent()).toBe('FAILED');
        const status = page.locator('#objects tr', { hasText: object }).locator('td').first();
        expect(await status.textContent()).toBe(before);

        const client = createClient({ url: gateway.url });
        const jobs = await client.request<{ backupJobs: { nodes: { id: string }[] } }>(
          'query ($text: String) { backupJobs(filter: { search: $text }) { nodes { id } } }',
          { text: job },
        );
        const id = jobs.backupJobs.nodes[0]?.id ?? expect.fail('no such job');
        expect(await page.locator('#changes li', { hasText: job }).count()).toBe(0);
        const input = { job: id, idempotencyKey: `frontend-${name}`, wait: 'PT5S' };
        const { startBackup } = await client.request(StartBackupDocument, { input });
        expect(startBackup.operation?.state).toBe('CONFIRMED');
        await page.locator('#changes li', { hasText: job }).first().waitFor();
        expect(await page.locator('#changes li', { hasText: job }).first().textContent()).toMatch(/QUEUED|RUNNING/);
        await status.filter({ hasText: /QUEUED|RUNNING/ }).waitFor();
        const screenshots = process.env['BACKUPGRAPH_SCREENSHOTS'];
        if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, `${name}.png`) });
        expect(troubles).toEqual([]);
      } finally {
        await page.close();
        await served.close();
      }
    },
  );
});
