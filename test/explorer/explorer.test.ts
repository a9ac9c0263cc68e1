import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExplorer } from '../../src/server/explorer.ts';
import { openLab, type StreamLab } from '../live/stream-lab.ts';
import { browserMayBeMissing, openBrowser } from '../support/browser.ts';
import { sampleJob } from '../support/domain-samples.ts';
import { ALL_EXAMPLES, EXAMPLE_SUBSCRIPTIONS } from '../support/example-operations.ts';
import { FakeSource } from '../support/fake-source.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'explorer');

let lab: StreamLab;
let url: string;

beforeAll(async () => {
  const jobs = [sampleJob({ sourceKey: 'm365', name: 'Mailboxes' })];
  const sources = [new FakeSource({ key: 'm365', vendor: 'VEEAM_M365', jobs })];
  lab = await openLab(sources, { explorer: await openExplorer(BUILT, '/graphql') });
  url = new URL(lab.url).origin;
});

afterAll(() => lab.close());

describe('explorer', () => {
  it('is built, and served at the GraphQL address to browsers alone', async () => {
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const html = await page.text();
    expect(html).toContain('<base href="/graphql/explorer/"');
    expect(html).not.toMatch(/(src|href)="https?:/);
    const program = await fetch(`${url}/graphql?query={__typename}`, {
      headers: { accept: 'application/json', 'apollo-require-preflight': 'yes' },
    });
    expect(await program.json()).toEqual({ data: { __typename: 'Query' } });
    expect((await fetch(`${url}/graphql/explorer/../../package.json`)).status).toBe(404);
    expect((await fetch(`${url}/graphql/explorer/%2e%2e/%2e%2e/package.json`)).status).toBe(404);
  });

  it.skipIf(browserMayBeMissing)(
    'runs an example tab in a browser that can reach nothing else, and shows rows',
    { timeout: 90_000 },
    async () => {
      const browser: Browser = await openBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
        const outside: string[] = [];
        const troubles: string[] = [];
        await page.route('**/*', (route) => {
          const target = route.request().url();
          if (target.startsWith(url) || target.startsWith('data:') || target.startsWith('blob:'))
            return route.continue();
          outside.push(target);
          return route.abort();
        });
        page.on('pageerror', (error) => troubles.push(String(error)));
        page.on('console', (message) => {
          if (/Content Security Policy|Refused to/.test(message.text())) troubles.push(message.text());
        });
        await page.goto(`${url}/`);
        await page.locator('.graphiql-tab').first().waitFor();
        expect(await page.locator('.graphiql-tab').count()).toBe(ALL_EXAMPLES.length + EXAMPLE_SUBSCRIPTIONS.length);
        await run(page, 'Mailboxes');
        await page.locator('.graphiql-tab button', { hasText: 'SourcesAsTheyAnswer' }).click();
        await page.locator('.graphiql-editor', { hasText: 'remainingSources' }).waitFor();
        await run(page, '"remainingSources": 0');
        await page.locator('.graphiql-tab button', { hasText: 'AllJobs' }).click();
        await page.getByRole('button', { name: 'Headers' }).click();
        await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').click();
        await page.keyboard.type('{"x-api-key":"planted-hunter2"');
        const request = page.waitForRequest((sent) => sent.headers()['x-api-key'] === 'planted-hunter2');
        await page.locator('.graphiql-execute-button').click();
        await request;
        expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(
          /hunter2|query/i,
        );
        const screenshot = process.env['BACKUPGRAPH_SCREENSHOT'];
        if (screenshot !== undefined) await page.screenshot({ path: screenshot });
        expect(outside).toEqual([]);
        expect(troubles).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});

/** Runs the open tab until the answer holds a text; the page takes no notice of a click before its editors are there. */
async function run(page: Page, text: string): Promise<void> {
  const answer = page.locator('.result-window', { hasText: text });
  for (;;) {
    await page.locator('.graphiql-execute-button').click();
    const isThere = await answer.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
}
