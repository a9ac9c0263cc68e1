import { stopped, type Command } from '../command.ts';
import { CONFIG_OPTION, loadConfig } from '../load-config.ts';
import { keyValues } from '../options.ts';
import { LOG_OPTION, RENAME_OPTION, openLog, startOrExplain } from '../start-gateway.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Serves GraphQL over the configured sources',
  positionals: [],
  options: {
    config: CONFIG_OPTION,
    host: { type: 'string', value: 'HOST', help: 'Address of GraphQL; leads over BACKUPGRAPH_HOST and the file' },
    port: { type: 'string', value: 'PORT', help: 'Port of GraphQL; leads over BACKUPGRAPH_PORT and the file' },
    'management-port': {
      type: 'string',
      value: 'PORT',
      help: 'Port of health and metrics; leads over BACKUPGRAPH_MANAGEMENT_PORT and the file',
    },
    rename: RENAME_OPTION,
    'log-level': LOG_OPTION,
  },
  notes: ['SIGTERM and Ctrl-C stop it cleanly; after 10 seconds it ends all the same.'],
  async run(input, io) {
    const stop = io.catchStop();
    const typeNames = keyValues('--rename', input.list('rename'));
    const log = openLog(input, io, 'info', io.errIsTerminal ? 'text' : 'json');
    const overrides = {
      host: input.text('host'),
      port: input.text('port'),
      managementPort: input.text('management-port'),
    };
    const { config, warnings } = loadConfig(input, io, overrides);
    for (const warning of warnings) log.warn({ warning }, 'configuration warning');
    const gateway = await startOrExplain({ config, log, typeNames });
    log.info({ url: gateway.url, managementUrl: gateway.managementUrl, sources: config.sources.length }, 'listening');
    await stopped(stop);
    log.info({}, 'stopping');
    await gateway.close();
    log.info({}, 'stopped');
    return 0;
  },
};
