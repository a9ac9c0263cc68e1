import { isIPv4 } from 'node:net';

/** Whether a host name or address stands for this machine and nobody else's: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Whether the `Host` header of a request names this machine.
 *
 * A web page can make its own name resolve to 127.0.0.1 and then read from here as if it were us; its name still stands in the header.
 */
export function hostIsLoopback(header: string | undefined): boolean {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(header ?? '');
  return isLoopback((match?.[1] ?? match?.[2] ?? '').toLowerCase());
}

/** Whether the `Origin` header of a request is that of a page of this machine, or there is none, as in programs. */
export function originIsLoopback(header: string | undefined): boolean {
  if (header === undefined) return true;
  const host = URL.canParse(header) ? new URL(header).hostname : '';
  return isLoopback(host.replace(/^\[(.*)\]$/, '$1'));
}
