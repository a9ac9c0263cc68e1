import { GatewayError } from '../../domain/errors.ts';
import { CallTally, type ReadCall } from '../../transport/read-call.ts';
import type { SourceConfig } from '../../server/config.ts';
import type { Command, CommandIo } from '../command.ts';
import { CONFIG_OPTION, loadConfig } from '../load-config.ts';

export const check: Command = {
  name: 'check',
  summary: 'Checks the configuration, and with --live logs in to each source',
  positionals: [],
  options: {
    config: CONFIG_OPTION,
    live: { type: 'boolean', help: 'Also log in to each source and read something small' },
  },
  notes: ['Exit code 0: all is well (warnings may be printed). 1: there is a problem.'],
  async run(input, io) {
    const { file, config, warnings } = loadConfig(input, io);
    for (const warning of warnings) io.err(`warning: ${warning}`);
    const { sources, callers } = config;
    const counts = [
      `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}`,
      ...(callers.length === 0 ? [] : [`${callers.length} ${callers.length === 1 ? 'caller' : 'callers'}`]),
    ];
    io.out(`${file}: good, ${counts.join(', ')}`);
    if (!input.isSet('live')) return 0;
    const width = Math.max(...sources.map(({ key }) => key.length));
    const answered = await Promise.all(sources.map((source) => tryOut(source, width, io)));
    return answered.every(Boolean) ? 0 : 1;
  },
};

/** Logs in to one source and says how it went, as soon as it is known; true when it answered. */
async function tryOut(config: SourceConfig, width: number, io: CommandIo): Promise<boolean> {
  const { openSource } = await import('../../server/sources.ts');
  const { gateway, close } = openSource(config);
  const began = performance.now();
  const failure = await gateway.reader.probe(probeCall(config)).then(
    () => undefined,
    (error: unknown) => error,
  );
  const elapsedMs = Math.round(performance.now() - began);
  await close();
  const outcome =
    failure === undefined
      ? ['ok', `${elapsedMs} ms`, gateway.reader.apiVersion() ?? '']
      : failure instanceof GatewayError
        ? [failure.code, failure.message]
        : ['INTERNAL', 'failed unexpectedly'];
  io.out(`${config.key.padEnd(width)}  ${config.vendor.slug}  ${outcome.join('  ').trimEnd()}`);
  return failure === undefined;
}

/** One fresh read within the time limit of the source. */
function probeCall({ key, limits: { timeoutMs } }: SourceConfig): ReadCall {
  const now = Date.now();
  const controller = new AbortController();
  setTimeout(() => {
    const message = `Source "${key}" did not answer within ${timeoutMs} ms.`;
    controller.abort(new GatewayError('TIMEOUT', message, { sourceKey: key }));
  }, timeoutMs).unref();
  return {
    signal: controller.signal,
    deadlineAt: now + timeoutMs,
    freshSince: now,
    staleSince: undefined,
    tally: new CallTally(),
  };
}
