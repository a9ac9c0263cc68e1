import type { Gateway } from '../../server/create-gateway.ts';
import { stopped, type Command } from '../command.ts';
import { demoConfig, startDemoSimulators } from '../demo.ts';
import { wholeNumber } from '../options.ts';
import { LOG_OPTION, openLog, startOrExplain } from '../start-gateway.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'Simulated vendors, the gateway over them, and the explorer: no credentials, no internet',
  positionals: [],
  options: {
    port: { type: 'string', value: 'PORT', help: 'Port of GraphQL; default 4000' },
    'management-port': { type: 'string', value: 'PORT', help: 'Port of health and metrics; default: the next one' },
    'log-level': { ...LOG_OPTION, help: LOG_OPTION.help.replace(/info$/, 'warn') },
  },
  notes: ['Seven sources of four vendors. One is down and one is slow, to show what a page looks like then.'],
  async run(input, io) {
    const port = wholeNumber('--port', input.text('port'), 0, 65_534) ?? 4000;
    const managementPort =
      wholeNumber('--management-port', input.text('management-port'), 0, 65_535) ?? (port === 0 ? 0 : port + 1);
    const stop = io.catchStop();
    const log = openLog(input, io, 'warn', 'text');
    const simulators = await startDemoSimulators();
    try {
      const config = demoConfig(simulators, { port, managementPort });
      const gateway = await startOrExplain({ config, log, demo: true });
      for (const line of await welcome(gateway, config.sources.length)) io.out(line);
      await stopped(stop);
      await gateway.close();
    } finally {
      await simulators.close();
    }
    return 0;
  },
};

async function welcome({ url, managementUrl }: Gateway, sources: number): Promise<string[]> {
  return [
    `BackupGraph demo: ${sources} simulated sources; vc-branch is down and m365-lab is slow, on purpose`,
    '',
    `  GraphQL   ${url}`,
    `  explorer  ${(await hasExplorer(url)) ? 'the same address in a browser' : 'is not built; npm run build builds it'}`,
    `  health    ${managementUrl}/readyz`,
    '',
    'Three queries to try:',
    ...TO_TRY.flatMap(({ about, query }) => ['', `# ${about}`, curlLine(url, query)]),
    '',
    'Ctrl-C stops it.',
  ];
}

async function hasExplorer(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { accept: 'text/html' } }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.headers.get('content-type')?.startsWith('text/html') === true;
}

/** What the demo suggests; free of quotes, so that they fit into a shell line. */
export const TO_TRY = [
  {
    about: 'What failed or was missed, newest first, over all systems',
    query:
      '{ backupRuns(first: 10, filter: { statuses: [FAILED, MISSED] }) { nodes { status startedAt job { name } source { key } } totalCount } }',
  },
  {
    about: 'Every job with its last and next run, and what became of each source',
    query:
      '{ backupJobs(first: 20) { nodes { name status lastRun { status startedAt } nextRunAt } sources { source { key } outcome count } } }',
  },
  {
    about: 'The last 24 hours in numbers',
    query:
      '{ statusReport { complete totals { successRate counts { status count } } sources { source { key } outcome } } }',
  },
] as const;

function curlLine(url: string, query: string): string {
  return `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
}
