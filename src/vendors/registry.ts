import { barracudaIntronis } from './barracuda-intronis/index.ts';
import type { VendorDefinition } from './contract.ts';
import { sailpoint } from './sailpoint/index.ts';
import { vcenter } from './vcenter/index.ts';
import { veeamM365 } from './veeam-m365/index.ts';

/** Every vendor that the gateway knows. A new one is one line here. */
export const VENDORS = [
  sailpoint,
  vcenter,
  veeamM365,
  barracudaIntronis,
] as const satisfies readonly VendorDefinition[];

/** The vendor by its name in files and configuration, such as `veeam-m365`. */
export function vendorBySlug(slug: string): VendorDefinition | undefined {
  return VENDORS.find((vendor) => vendor.slug === slug);
}

/** The vendor by its name in GraphQL, such as `VEEAM_M365`. */
export function vendorById(id: string): VendorDefinition | undefined {
  return VENDORS.find((vendor) => vendor.id === id);
}
