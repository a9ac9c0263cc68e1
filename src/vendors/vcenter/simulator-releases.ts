/** What the simulated releases differ in. */
export interface Release {
  readonly name: string;
  /** For comparing. */
  readonly order: number;
  readonly version: string;
  readonly build: number;
  /** The build before the last update; older backups carry it. */
  readonly oldBuild: number;
  readonly hasApi: boolean;
  /** Job details, schedules and archives came together. */
  readonly hasDetails: boolean;
  readonly locationTypes: readonly string[];
  readonly parts: readonly string[];
  /** Sessions that the endpoint holds open at a time. */
  readonly maxSessions: number;
}

const OLD_TYPES = ['FTP', 'HTTP', 'FTPS', 'HTTPS', 'SCP'];
const TYPES = [...OLD_TYPES, 'SFTP', 'NFS', 'SMB'];

const RELEASES: readonly Release[] = [
  release('6.5', 6.5, '6.5.0.22000', 9451637, 8307201, ['common', 'seat'], OLD_TYPES),
  release('6.7', 6.7, '6.7.0.42000', 15132721, 14070457, ['common', 'seat'], TYPES),
  release('7.0', 7.0, '7.0.3.01200', 20990077, 20150588, ['common', 'seat'], TYPES),
  release('8.0', 8.0, '8.0.2.00200', 23319993, 22617221, ['common', 'seat', 'supervisors'], TYPES),
  release('9.1', 9.1, '9.1.1.00000', 25281941, 24957454, ['common', 'seat', 'supervisors'], TYPES),
];

export function releaseOf(name: string): Release {
  const found = RELEASES.find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`release must be one of ${RELEASES.map((one) => one.name).join(', ')}`);
  return found;
}

function release(
  name: string,
  order: number,
  version: string,
  build: number,
  oldBuild: number,
  parts: readonly string[],
  locationTypes: readonly string[],
): Release {
  const maxSessions = order < 9 ? 500 : 3000;
  const hasDetails = order >= 6.7;
  return {
    name,
    order,
    version,
    build,
    oldBuild,
    hasApi: order >= 7,
    hasDetails,
    locationTypes,
    parts,
    maxSessions,
  };
}
