import { defineVendor } from '../contract.ts';
import { CAPABILITIES } from './capabilities.ts';
import { SailPointSource } from './client.ts';
import { settings, type SailPointSettings } from './settings.ts';

/** SailPoint Identity Security Cloud, configuration hub, API v1 and v2024 to v2026. */
export const sailpoint = defineVendor<SailPointSettings>({
  id: 'SAILPOINT',
  slug: 'sailpoint',
  title: 'SailPoint Identity Security Cloud',
  writeSection: 'sailpoint',
  settings,
  // The vendor allows 100 requests in 10 seconds for each client and API version.
  defaultLimits: { concurrency: 4, requestsPerSecond: 10 },
  capabilities: () => CAPABILITIES,
  connect: (settings, environment) => new SailPointSource(settings, environment),
  simulate: async (options) => (await import('./simulator.ts')).startSimulator(options),
  simulatorSettings: ({ url, credentials }) => ({
    baseUrl: url,
    clientId: credentials['clientId'],
    clientSecret: credentials['clientSecret'],
  }),
});
