/** A Veeam server of version 8 as `bench/report.ts` needs it: bodies made beforehand, page by page, and nothing behind them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { datePlus, type PlannedJob, type PlannedRun } from './report-data.ts';

const PAGE = 2_000;
const SET = '3f2b8d6e-0000-4000-8000-000000000001';
const REPOSITORY = 'ce19de31-329d-4f0f-b85e-4424cc2e6821';

export interface Vendor {
  readonly url: string;
  /** Pages given out since the last time that this was asked. */
  takeCalls(): number;
  /** Bytes of all pages together. */
  readonly bytes: number;
  close(): void;
}

export async function serveJobs(jobs: readonly PlannedJob[]): Promise<Vendor> {
  const organizations = jobs.flatMap(({ organizationId, name }) =>
    organizationId === undefined ? [] : [{ id: organizationId, name: `Tenant of ${name}`, type: 'Office365' }],
  );
  const sessions = jobs.flatMap((job) => job.runs.map((run) => sessionOf(run, job)));
  // Newest first, as the server tells them.
  sessions.sort((a, b) => (a.creationTime < b.creationTime ? 1 : -1));
  const bodies = new Map([
    ...pagesOf('/v8/Jobs', jobs.map(jobOf)),
    ...pagesOf('/v8/Organizations', organizations),
    ...pagesOf('/v8/JobSessions', sessions),
  ]);
  const token = JSON.stringify({ access_token: 'bench', token_type: 'bearer', expires_in: 86_400 });
  let calls = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://vendor');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/v8/Token') return void response.end(token);
    calls += 1;
    const body = bodies.get(`${pathname} ${searchParams.get('offset') ?? 0}`);
    response.writeHead(body === undefined ? 404 : 200).end(body ?? '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeCalls: () => {
      const taken = calls;
      calls = 0;
      return taken;
    },
    bytes: bodies.values().reduce((sum, { length }) => sum + length, 0),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pagesOf(path: string, rows: readonly object[]): [string, Buffer][] {
  const link = (offset: number) => ({ href: `${path}?offset=${offset}&limit=${PAGE}&setId=${SET}` });
  const pages: [string, Buffer][] = [];
  for (let offset = 0; offset === 0 || offset < rows.length; offset += PAGE) {
    const next = offset + PAGE < rows.length ? { next: link(offset + PAGE) } : {};
    const results = rows.slice(offset, offset + PAGE);
    const body = { offset, limit: PAGE, setId: SET, results, _links: { self: link(offset), ...next } };
    pages.push([`${path} ${offset}`, Buffer.from(JSON.stringify(body))]);
  }
  return pages;
}

const WORDS = { SUCCEEDED: 'Success', WARNING: 'Warning', FAILED: 'Failed' } as const;

function jobOf({ id, name, organizationId, timeOfDay, nextMs, runs }: PlannedJob): object {
  const last = runs.at(-1);
  const date = last?.date ?? datePlus(new Date(nextMs).toISOString().slice(0, 10), -1);
  return {
    id,
    name,
    description: `Since ${date}`,
    lastRun: last === undefined ? null : new Date(last.startMs).toISOString(),
    nextRun: new Date(nextMs).toISOString(),
    lastBackup: null,
    isEnabled: true,
    backupType: organizationId === undefined ? 'SelectedItems' : 'EntireOrganization',
    lastStatus: last === undefined ? 'Stopped' : WORDS[last.outcome],
    schedulePolicy: {
      backupWindowEnabled: false,
      backupWindowSettings: null,
      type: 'Daily',
      scheduleEnabled: true,
      dailyType: 'Everyday',
      dailyTime: timeOfDay,
      periodicallyEvery: null,
      periodicallyOffsetMinutes: null,
      periodicallyWindowSettings: null,
      periodicallyWindowEnabled: false,
      retryEnabled: true,
      retryNumber: 3,
      retryWaitInterval: 10,
    },
    repositoryId: REPOSITORY,
    organizationId: organizationId ?? REPOSITORY,
    eTag: 7,
    _links: {
      self: { href: `/v8/jobs/${id}` },
      backupRepository: { href: `/v8/backuprepositories/${REPOSITORY}` },
      jobsessions: { href: `/v8/jobsessions?jobId=${id}` },
      excludedItems: { href: `/v8/jobs/${id}/excludedItems` },
      selectedItems: { href: `/v8/jobs/${id}/selectedItems` },
    },
  };
}

function sessionOf({ id, outcome, startMs, endMs, bytes }: PlannedRun, job: PlannedJob) {
  return {
    id,
    creationTime: new Date(startMs).toISOString(),
    endTime: new Date(endMs).toISOString(),
    progress: 120,
    status: WORDS[outcome],
    statistics: {
      processingRateBytesPS: 1_048_576,
      processingRateItemsPS: 12,
      readRateBytesPS: 1_468_006,
      writeRateBytesPS: 1_048_576,
      transferredDataBytes: bytes,
      processedObjects: 120,
      bottleneck: 'Source',
    },
    details: `Job finished with ${WORDS[outcome]}`,
    retryCount: 0,
    jobWillBeRetried: false,
    jobType: 'Backup',
    repositoryId: REPOSITORY,
    mainSessionId: '00000000-0000-0000-0000-000000000000',
    jobId: job.id,
    jobSessionConfigType: 'Incremental',
    eTag: 30,
    proxyId: '5e1f0d3c-0000-4000-8000-000000000002',
    proxyPoolId: null,
    _links: {
      self: { href: `/v8/jobsessions/${id}` },
      log: { href: `/v8/jobsessions/${id}/logitems` },
      job: { href: `/v8/jobs/${job.id}` },
    },
  };
}
