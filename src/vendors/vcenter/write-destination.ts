import type { VCenterDestinationRequest } from '../../domain/write-request.ts';
import type { Secret } from '../../domain/secret.ts';
import { LOCATION_TYPES, type LocationType, type VcenterSettings } from './settings.ts';
import { refuse, secretOf, type Refusals } from './write-rules.ts';

/** Where a new backup goes, before its own folder is appended. */
export interface Destination {
  readonly type: LocationType;
  readonly location: string;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
}

type InlineDestination = Extract<VCenterDestinationRequest, { readonly kind: 'inline' }>;
type Rules = Pick<VcenterSettings, 'destinations' | 'inlineDestinations' | 'secrets'>;

/** A destination that the operator has named; undefined when there is none of that name. */
export function configuredDestination(name: string, settings: Rules, refusals: Refusals): Destination | undefined {
  const found = settings.destinations.find((destination) => destination.name === name);
  if (found !== undefined) return found;
  const message = 'The configuration of this source has no destination of that name.';
  return refuse(refusals, 'NOT_FOUND', ['destination', 'configured'], 'destination-name', message);
}

/** A destination that the caller has written out: only to hosts that the operator allows, for a backup sent elsewhere is a leak. */
export function inlineDestination(
  { type, location, user, password: choice }: InlineDestination,
  settings: Rules,
  refusals: Refusals,
): Destination | undefined {
  const before = refusals.length;
  const known = LOCATION_TYPES.find((one) => one === type);
  if (known === undefined)
    refuse(refusals, 'INVALID_VALUE', at('type'), 'location-type', 'The vendor has no such kind of store.');
  checkLocation(location, known, settings, refusals);
  const password = secretOf(choice, at('password'), settings.secrets, refusals);
  if (user === undefined && choice !== undefined)
    refuse(refusals, 'MISSING_VALUE', at('user'), 'location-user', 'A password needs a user.');
  // eslint-disable-next-line no-control-regex -- control characters are just what is refused
  if (user !== undefined && !/^[^\u0000-\u001f\u007f]+$/.test(user))
    refuse(refusals, 'INVALID_VALUE', at('user'), 'location-user-form', 'A user has no control characters.');
  return refusals.length > before || known === undefined ? undefined : { type: known, location, user, password };
}

/** What `location` names, as far as it matters here. */
interface Place {
  /** Undefined for the form `host/folder`. */
  readonly scheme: string | undefined;
  /** In lower case; an IPv6 address without its brackets. */
  readonly host: string;
}

/**
 * Reads a location that every reader of URLs understands in the same way; undefined for any other text.
 *
 * Shape: `scheme://host:port/folder`, or `host/folder` as 6.5 has it. The host is a name, an IPv4 address or an IPv6 address in
 * brackets. Refused are users, backslashes, blanks, queries, fragments, steps such as `..`, and escapes of characters that could
 * change which host or folder is meant.
 */
export function readLocation(location: string): Place | undefined {
  const [, scheme, host, port, path] = LOCATION.exec(location) ?? [];
  if (host === undefined || path === undefined) return undefined;
  if (port !== undefined && (scheme === undefined || Number(port) < 1 || Number(port) > 65_535)) return undefined;
  if (HIDDEN.test(path) || path.split('/').some((step) => step === '.' || step === '..')) return undefined;
  return { scheme: scheme?.toLowerCase(), host: host.toLowerCase().replace(/^\[|\]$/g, '') };
}

const LOCATION =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?((?:\/(?:[a-z0-9._~+,=-]|%[0-9a-f]{2})*)*)$/i;

/** Escapes of control characters and of `# % . / : ? @ \`. */
const HIDDEN = /%(?:[01][0-9a-f]|7f|23|25|2e|2f|3a|3f|40|5c)/i;

function checkLocation(
  location: string,
  type: LocationType | undefined,
  { inlineDestinations }: Rules,
  refusals: Refusals,
): void {
  const place = readLocation(location);
  const field = at('location');
  if (location.includes('@')) {
    const message = 'A location holds no user or password; they have fields of their own.';
    refuse(refusals, 'INVALID_VALUE', field, 'location-credentials', message);
  } else if (place === undefined) {
    const message = 'A location is scheme://host/folder or host/folder, of plain characters.';
    refuse(refusals, 'INVALID_VALUE', field, 'location-form', message);
  }
  if (place?.scheme !== undefined && type !== undefined && place.scheme !== type.toLowerCase())
    refuse(refusals, 'INVALID_VALUE', field, 'location-scheme', 'The scheme of the location is not that of its type.');
  if (inlineDestinations === undefined) {
    const message = 'This source takes only destinations that are named in its configuration.';
    refuse(refusals, 'NOT_PERMITTED', ['destination', 'inline'], 'inline-destination', message);
  } else if (place !== undefined && !isAllowed(place.host, inlineDestinations.allowHosts)) {
    const message = 'The configuration of this source does not allow backups to this host.';
    refuse(refusals, 'NOT_PERMITTED', field, 'location-host', message);
  }
}

/** Compared to the letter: another spelling of an allowed address is another address here. */
function isAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => one.toLowerCase().replace(/^\[|\]$/g, '') === host);
}

function at(name: string): readonly string[] {
  return ['destination', 'inline', name];
}
