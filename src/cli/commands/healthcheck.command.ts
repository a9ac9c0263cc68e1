import { CommandError, UsageError, type Command, type CommandIo } from '../command.ts';
import { httpUrl, wholeNumber } from '../options.ts';

const TIMEOUT_MS = 5_000;

export const healthcheck: Command = {
  name: 'healthcheck',
  summary: 'Asks a running gateway whether it is ready, for containers',
  positionals: [],
  options: {
    url: {
      type: 'string',
      value: 'URL',
      help: 'Default: http://127.0.0.1:4001/readyz; BACKUPGRAPH_MANAGEMENT_HOST and _PORT lead over that',
    },
  },
  notes: ['Exit code 0: ready. 1: not ready, or not there within 5 seconds.'],
  async run(input, io) {
    const given = input.text('url');
    const url = given === undefined ? readyUrl(io.environment) : httpUrl('--url', given);
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' }).catch(() => {
      throw new CommandError(`${url} does not answer`);
    });
    await response.body?.cancel();
    if (!response.ok) throw new CommandError(`${url} answers ${response.status}`);
    io.out('ready');
    return 0;
  },
};

function readyUrl(environment: CommandIo['environment']): string {
  const host = environment['BACKUPGRAPH_MANAGEMENT_HOST'] || '127.0.0.1';
  if (!/^[\w.:-]+$/.test(host)) throw new UsageError('BACKUPGRAPH_MANAGEMENT_HOST must be a host name or an address');
  const text = environment['BACKUPGRAPH_MANAGEMENT_PORT'] || undefined;
  const port = wholeNumber('BACKUPGRAPH_MANAGEMENT_PORT', text, 1, 65_535) ?? 4001;
  return httpUrl('BACKUPGRAPH_MANAGEMENT_HOST', `http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`);
}
