import { expect } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { SourceHttp, type SourceHttpOptions } from '../../src/transport/source-http.ts';

const LIMITS = { concurrency: 4, timeoutMs: 1_000, requestsPerSecond: undefined, maxBodyBytes: 1024 * 1024 };

/** HTTP to one address with short limits. */
export function openHttp(
  url: string,
  limits: Partial<SourceHttpOptions['limits']> = {},
  options: Partial<Omit<SourceHttpOptions, 'limits'>> = {},
): SourceHttp {
  return new SourceHttp({
    sourceKey: 'src',
    baseUrls: [url],
    tls: { rejectUnauthorized: true },
    limits: { ...LIMITS, ...limits },
    ...options,
  });
}

/** The `GatewayError` that this fails with. */
export async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

/** A clock that moves only when it is told to. */
export class ManualClock {
  #now = Date.UTC(2026, 0, 1);

  readonly now = (): number => this.#now;

  advance(ms: number): void {
    this.#now += ms;
  }
}
