import { defineVendor } from '../contract.ts';
import { SOURCE_CAPABILITIES } from './capabilities.ts';
import { VcenterSource } from './client.ts';
import { settings, type VcenterSettings } from './settings.ts';

/** VMware vCenter Server appliance: its file-based backup ("recovery backup"), through /rest or /api. */
export const vcenter = defineVendor<VcenterSettings>({
  id: 'VCENTER',
  slug: 'vcenter',
  title: 'VMware vCenter appliance',
  writeSection: 'vcenter',
  settings,
  defaultLimits: { concurrency: 4 },
  capabilities: () => SOURCE_CAPABILITIES,
  connect: (settings, environment) => new VcenterSource(settings, environment),
  simulate: async (options) => (await import('./simulator.ts')).startSimulator(options),
  simulatorSettings: ({ url, credentials }) => ({
    baseUrl: url,
    style: 'auto',
    username: credentials['username'],
    password: credentials['password'],
    // A simulated appliance sends its backups nowhere, so any store will do.
    destinations: [
      { name: 'nas', type: 'SFTP', location: 'sftp://nas.example.com/vc', user: 'bkp', password: 'simulated' },
    ],
  }),
});
