/**
 * A backup location without the user and password that its URL may carry.
 *
 * Shape: a URL, or for 6.5 a path such as `host/folder`. A password that holds an unescaped slash ends the host part early for every
 * URL reader; such text is cut at its last `@`, rather too much than too little.
 */
export function withoutCredentials(location: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(location) ?? [];
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  if (authority.includes('@')) return scheme + rest.slice(authority.lastIndexOf('@') + 1);
  const hasOddPort = !authority.startsWith('[') && /:(?!\d*$)/.test(authority);
  return hasOddPort ? scheme + rest.slice(rest.lastIndexOf('@') + 1) : location;
}

/** Kind of store by the scheme of the URL, in the vendor's spelling (`SFTP`); undefined for a path without one. */
export function locationType(location: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(location)?.[1]?.toUpperCase();
}

/** A sentence of the vendor in which every URL has lost its user and password. */
export function withoutUrlCredentials(text: string): string {
  return text.replace(/:\/\/[^\s/]*@/g, '://');
}
