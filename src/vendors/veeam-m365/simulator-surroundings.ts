import type { SeededRandom } from '../../simulation/random.ts';
import type { Item, Organization, Repository, VeeamState } from './simulator-state.ts';
import { DAY_MS } from './simulator-time.ts';

/** The organizations and repositories that jobs belong to. */
export function addSurroundings(state: VeeamState, random: SeededRandom, jobs: number, start: number): void {
  const organizations = Math.min(ORGANIZATIONS.length, 3 + Math.floor(jobs / 10));
  for (const name of ORGANIZATIONS.slice(0, organizations)) {
    const type = (['Office365', 'Hybrid', 'OnPremises'] as const)[state.organizations.length % 3] ?? 'Office365';
    const organization: Organization = {
      id: random.uuid(),
      name: `${name.slug}.example`,
      officeName: type === 'OnPremises' ? undefined : `${name.slug.replaceAll('-', '')}.onmicrosoft.example`,
      type,
      region: type === 'OnPremises' ? undefined : random.pick(['Worldwide', 'Germany', 'Worldwide']),
      firstBackupAt: start - random.integer(200, 900) * DAY_MS + random.integer(0, 86_400_000),
    };
    state.organizations.push(organization);
  }
  const proxyId = random.uuid();
  for (const [index, name] of REPOSITORIES.entries())
    state.repositories.push(makeRepository(random, name, index, proxyId));
}

function makeRepository(random: SeededRandom, name: string, index: number, proxyId: string): Repository {
  const capacityBytes = random.integer(8, 40) * 1024 ** 4;
  return {
    id: random.uuid(),
    name,
    description: index === 0 ? '' : `Created by LAB\\Administrator`,
    path: `E:\\Veeam\\${index + 1}`,
    capacityBytes,
    freeSpaceBytes: Math.floor(capacityBytes * (0.1 + random.next() * 0.6)),
    proxyId,
    retentionType: index % 2 === 0 ? 'ItemLevel' : 'SnapshotBased',
    ...((
      [
        { periodType: 'Yearly', yearlyPeriod: 'Years3' },
        { periodType: 'Daily', dailyPeriod: 90 },
        { periodType: 'Monthly', monthlyPeriod: 18 },
        { periodType: 'Yearly', yearlyPeriod: 'Keep' },
      ] as const
    )[index % 4] ?? { periodType: 'Daily', dailyPeriod: 30 }),
  };
}

/** Items of a job that saves a selection. */
export function makeItems(random: SeededRandom, version: number): Item[] {
  const group = {
    id: gluedId(random, 2),
    type: 'Group',
    group: { id: random.uuid(), displayName: 'Ärzte & Pflege' },
    members: true,
    memberMailbox: true,
    memberArchiveMailbox: false,
    memberOneDrive: true,
    memberSite: false,
    [version >= 6 ? 'groupSite' : 'site']: true,
  };
  const site = {
    id: gluedId(random, 3),
    type: 'Site',
    site: { id: random.uuid(), url: 'https://oak.sharepoint.example/teams/röntgen' },
  };
  const whole = {
    id: gluedId(random, 2),
    type: 'PartialOrganization',
    mailbox: true,
    oneDrive: true,
    archiveMailbox: false,
    [version >= 6 ? 'sites' : 'site']: false,
  };
  return [makeUser(random, version), group, site, whole].slice(0, random.integer(1, 4));
}

export function makeUser(random: SeededRandom, version: number): Item {
  return {
    id: gluedId(random, 2),
    type: 'User',
    user: { id: random.uuid(), displayName: random.pick(['Jörg Weiß', "Siobhán O'Neill", 'Zoë "Zo" Bäcker']) },
    mailbox: true,
    archiveMailbox: false,
    oneDrive: random.next() < 0.5,
    [version >= 6 ? 'personalSite' : 'site']: false,
  };
}

/** Item ids are several GUIDs run together. */
function gluedId(random: SeededRandom, parts: number): string {
  return Array.from({ length: parts }, () => random.uuid().replaceAll('-', '')).join('');
}

const REPOSITORIES = ['Default Backup Repository', 'S3 – Frankfurt', 'Archiv Köln', 'Langzeit "10 Jahre"'] as const;
const ORGANIZATIONS = [
  { slug: 'oak-clinic' },
  { slug: 'elm-school' },
  { slug: 'mueller-kanzlei' },
  { slug: 'werk-duesseldorf' },
  { slug: 'stadtwerke' },
  { slug: 'oneill-surgery' },
  { slug: 'zuerich-office' },
  { slug: 'rathaus-toelz' },
];
