import { defineVendor } from '../contract.ts';
import { CAPABILITIES } from './capabilities.ts';
import { VeeamSource } from './client.ts';
import { settings, type VeeamSettings } from './settings.ts';

/** Veeam Backup for Microsoft 365 (Office 365 up to product 5), REST API v3 to v8. */
export const veeamM365 = defineVendor<VeeamSettings>({
  id: 'VEEAM_M365',
  slug: 'veeam-m365',
  title: 'Veeam Backup for Microsoft 365',
  writeSection: 'veeam',
  settings,
  defaultLimits: { concurrency: 4 },
  capabilities: () => CAPABILITIES,
  connect: (settings, environment) => new VeeamSource(settings, environment),
  simulate: async (options) => (await import('./simulator.ts')).startSimulator(options),
  simulatorSettings: ({ url, credentials, options }) => ({
    baseUrl: url,
    apiVersion: options.variant['apiVersion'],
    username: credentials['username'],
    password: credentials['password'],
  }),
});
