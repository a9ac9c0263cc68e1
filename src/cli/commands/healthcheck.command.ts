import { CommandError, type Command, type CommandIo } from '../command.ts';
import { httpUrl } from '../options.ts';

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
    const url = httpUrl('--url', input.text('url') ?? readyUrl(io.environment));
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
  const port = environment['BACKUPGRAPH_MANAGEMENT_PORT'] || '4001';
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`;
}
