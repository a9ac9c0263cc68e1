import { afterEach } from 'vitest';
import { Secret } from '../../../src/domain/secret.ts';
import type { BackupSource } from '../../../src/vendors/contract.ts';
import { barracudaIntronis } from '../../../src/vendors/barracuda-intronis/index.ts';
import type { IntronisSettings } from '../../../src/vendors/barracuda-intronis/settings.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';
import { vendorServer, type Handler, type VendorServer } from './vendor-server.ts';

/** A source against a vendor of the test's own making, with a clock that the test can move. */
export interface Bench {
  readonly vendor: VendorServer;
  readonly source: BackupSource;
  readonly environment: ReturnType<typeof sourceEnvironment>;
  /** Moves the source's clock ahead. */
  pass(milliseconds: number): void;
}

/** Makes benches and takes them away after each test. */
export function benches(): (handle?: Handler, change?: Partial<IntronisSettings>) => Promise<Bench> {
  const open: Bench[] = [];
  afterEach(async () => {
    for (const { source, vendor } of open.splice(0)) {
      await source.close();
      await vendor.close();
    }
  });
  return async (handle, change = {}) => {
    const vendor = await vendorServer(handle);
    let ahead = 0;
    const environment = { ...sourceEnvironment('msp'), now: () => new Date(Date.now() + ahead) };
    const settings: IntronisSettings = {
      key: 'msp',
      name: 'MSP',
      timeZone: undefined,
      baseUrl: vendor.url,
      tokenUrl: `${vendor.url}/oauth2/token`,
      format: 'json',
      clientId: new Secret('id 1'),
      clientSecret: new Secret('s&cret'),
      accounts: [{ username: 'oak_clinic', computers: ['0107', '007'] }],
      conditions: {},
      ...change,
    };
    const source = barracudaIntronis.connect(settings, environment);
    const bench = { vendor, source, environment, pass: (milliseconds: number) => void (ahead += milliseconds) };
    open.push(bench);
    return bench;
  };
}

export const HOUR = 60 * 60_000;

/** Paths of the vendor. */
export const path = {
  account: (username: string) => `/v1/accounts/${username}`,
  accountReport: (username: string) => `/v1/accounts/${username}/reports/backup_status`,
  report: (username: string, computer: string) =>
    `/v1/accounts/${username}/computers/${computer}/reports/backup_status`,
  computers: (username: string) => `/v1/accounts/${username}/computers`,
  history: (username: string) => `/v1/accounts/${username}/action_history`,
  computerHistory: (username: string, computer: string) =>
    `/v1/accounts/${username}/computers/${computer}/action_history`,
};
