import { defineVendor } from '../contract.ts';
import { CAPABILITIES } from './capabilities.ts';
import { IntronisSource } from './client.ts';
import { settings, type IntronisSettings } from './settings.ts';

/** Barracuda Intronis Backup (ECHOplatform), REST API v1. */
export const barracudaIntronis = defineVendor<IntronisSettings>({
  id: 'BARRACUDA_INTRONIS',
  slug: 'barracuda-intronis',
  title: 'Barracuda Intronis Backup',
  writeSection: undefined,
  settings,
  defaultLimits: { concurrency: 4 },
  capabilities: () => CAPABILITIES,
  connect: (settings, environment) => new IntronisSource(settings, environment),
  simulate: async (options) => (await import('./simulator.ts')).startSimulator(options),
  simulatorSettings: ({ url, credentials, options }) => ({
    baseUrl: url,
    tokenUrl: `${url}/oauth2/token`,
    // The malformed sample is XML, so only an XML client meets it.
    format: options.variant['malformedSample'] === 'yes' ? 'xml' : 'json',
    clientId: credentials['clientId'],
    clientSecret: credentials['clientSecret'],
    accounts: (credentials['accounts'] ?? '').split(',').map((username) => ({ username })),
  }),
});
