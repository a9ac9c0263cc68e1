import { Drift } from '../../src/transport/drift.ts';
import { SourceHttp } from '../../src/transport/source-http.ts';
import type { SourceEnvironment } from '../../src/vendors/contract.ts';

/**
 * What a source is given in tests: real HTTP with short limits, a drift of its own.
 *
 * `https` holds every `SourceHttp` that the source has opened, so that a test can look at its health or close it.
 */
export function sourceEnvironment(key = 'test'): SourceEnvironment & { readonly https: SourceHttp[] } {
  const https: SourceHttp[] = [];
  return {
    https,
    drift: new Drift(() => new Date()),
    now: () => new Date(),
    openHttp: (baseUrls) => {
      const http = new SourceHttp({
        sourceKey: key,
        baseUrls,
        tls: { rejectUnauthorized: true },
        limits: { concurrency: 4, timeoutMs: 2_000, requestsPerSecond: undefined, maxBodyBytes: 32 * 1024 * 1024 },
      });
      https.push(http);
      return http;
    },
  };
}
