import type { GatewaySource } from '../graphql/context.ts';
import type { Chronicle } from '../history/chronicle.ts';
import { rememberingReader } from '../history/remembering-reader.ts';
import { Drift } from '../transport/drift.ts';
import { SourceHttp } from '../transport/source-http.ts';
import type { GatewayError } from '../domain/errors.ts';
import type { SourceHealth, SourceState } from '../domain/source.ts';
import type { SourceConfig } from './config.ts';
import type { Logger } from './log.ts';

/** A source that is connected: what the schema sees, and what the server has to end. */
export interface OpenedSource {
  readonly gateway: GatewaySource;
  close(): Promise<void>;
}

/** Connects a configured source. Makes no call. */
export function openSource(
  config: SourceConfig,
  options: {
    readonly now?: () => number;
    readonly log?: Logger;
    /** Told when the source begins to fail, goes down or is back. */
    readonly onStateChange?: () => void;
    /** Told when a write was made or tried. */
    readonly onWrite?: () => void;
    /** Told what is seen of the source, and asked for its past. */
    readonly chronicle?: Chronicle;
  } = {},
): OpenedSource {
  const now = options.now ?? Date.now;
  const { chronicle } = options;
  const drift = new Drift(() => new Date(now()));
  let http: SourceHttp | undefined;
  const bare = config.vendor.connect(config.settings, {
    openHttp: (baseUrls) => {
      const onStateChange = (state: SourceState, error: GatewayError | undefined): void => {
        const fields = { source: config.key, state, kind: error?.code, reason: error?.message };
        if (error === undefined) options.log?.info(fields, 'source state');
        else options.log?.warn(fields, 'source state');
        options.chronicle?.toldState(config.key, state);
        options.onStateChange?.();
      };
      const { key: sourceKey, tls, limits } = config;
      const { onWrite } = options;
      http = new SourceHttp({ sourceKey, baseUrls, tls, limits, now, onStateChange, onWrite });
      return http;
    },
    drift,
    now: () => new Date(now()),
  });
  const health = (): SourceHealth => http?.health() ?? NEVER_CALLED;
  const skewSeconds = (): number | undefined => health().clockSkewSeconds;
  const reader = chronicle === undefined ? bare : rememberingReader(bare, { chronicle, now, skewSeconds });
  return {
    gateway: {
      key: config.key,
      vendor: config.vendor.id,
      name: config.name,
      labels: config.labels,
      timeZone: config.timeZone,
      reader,
      section: config.vendor.writeSection,
      timeoutMs: config.limits.timeoutMs,
      rpoMs: config.rpoMs,
      defaults: {
        patienceMs: config.limits.timeoutMs,
        maxAgeMs: config.cache.maxAgeMs,
        staleIfErrorMs: config.cache.staleIfErrorMs,
      },
      capabilities: config.vendor.capabilities(config.settings),
      health,
      drift: () => drift.read(),
      history: chronicle?.historyOf(config.key),
    },
    close: async () => {
      await reader.close();
      await http?.close();
    },
  };
}

const NEVER_CALLED: SourceHealth = {
  state: 'UNKNOWN',
  circuit: 'CLOSED',
  lastSuccessAt: undefined,
  lastErrorAt: undefined,
  lastError: undefined,
  consecutiveFailures: 0,
  latencyMsP50: undefined,
  latencyMsP95: undefined,
  clockSkewSeconds: undefined,
  throttledUntil: undefined,
};
