/** The versions and styles in which each vendor's simulator is run by the suites over all vendors, with settings where the client has to be told. */
export interface VendorVariant {
  readonly slug: string;
  readonly name: string;
  readonly variant: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

const veeam = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'].map((apiVersion) => ({
  slug: 'veeam-m365',
  name: apiVersion,
  variant: { apiVersion },
  settings: {},
}));

const vcenter = [
  { release: '6.5', style: 'rest' },
  { release: '6.7', style: 'auto' },
  { release: '7.0', style: 'rest' },
  { release: '8.0', style: 'api' },
  { release: '9.1', style: 'auto' },
].map(({ release, style }) => ({
  slug: 'vcenter',
  name: `${release} ${style}`,
  variant: { release },
  settings: { style },
}));

const sailpoint = ['v1', 'v2024', 'v2025', 'v2026'].map((apiPrefix) => ({
  slug: 'sailpoint',
  name: apiPrefix,
  variant: {},
  settings: { apiPrefix },
}));

const barracuda = [
  { name: 'json', variant: {}, settings: { format: 'json' } },
  { name: 'xml', variant: {}, settings: { format: 'xml' } },
  { name: 'xml with the malformed sample', variant: { malformedSample: 'yes' }, settings: { format: 'xml' } },
  { name: 'json without account report', variant: { accountReport: 'no' }, settings: { format: 'json' } },
  { name: 'json without history', variant: { actionHistory: 'no' }, settings: { format: 'json' } },
].map((one) => ({ slug: 'barracuda-intronis', ...one }));

export const VENDOR_VARIANTS: readonly VendorVariant[] = [...veeam, ...vcenter, ...sailpoint, ...barracuda];
