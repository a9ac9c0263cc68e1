import { SeededRandom } from '../../simulation/random.ts';
import { DAY_MS } from '../../simulation/wall-clock.ts';
import type { Release } from './simulator-releases.ts';
import { pastFires, type Schedule } from './simulator-schedule.ts';
import { ApplianceState, scheduledWish, type BackupWish, type Told } from './simulator-state.ts';

/** The name under which the appliance files its backups. */
export const SYSTEM_NAME = 'vc-hq.lab.test';

/** The appliance as it stands at `start`, with `jobs` backups. */
export function seedState(seed: number, jobs: number, release: Release, start: number): ApplianceState {
  const state = new ApplianceState(seed, release.build);
  const schedule = nightly(release);
  const present = presentOf(schedule, start).filter(({ atLeast }) => jobs >= atLeast);
  for (const { wish, at, told } of historyOf(seed, schedule, release, jobs - present.length, start))
    state.remember(wish, at, told);
  for (const { wish, at, told } of present) state.request(wish, at, told);
  if (release.hasDetails) state.setSchedule('default', schedule, start);
  return state;
}

interface Entry {
  readonly wish: BackupWish;
  readonly at: number;
  readonly told: Told;
}

/** Every night at an hour that no change to or from summer time touches. */
function nightly(release: Release): Schedule {
  return {
    parts: ['common', 'seat'],
    location: `${release.order < 7 ? 'ftps' : 'sftp'}://nas-1.lab.test/vc/B%C3%BCro`,
    locationUser: 'bkp',
    locationPassword: 'nie-zeigen',
    backupPassword: 'Nie-zeigen-1',
    enabled: true,
    recurrence: { hour: 3, minute: 15 },
    maxCount: 9,
    ...(release.order >= 8 ? { fastBackup: false } : {}),
  };
}

/** What goes on at the start: one runs, one stands before a lock, one waits for its turn. */
function presentOf(schedule: Schedule, start: number): readonly (Entry & { readonly atLeast: number })[] {
  return [
    {
      atLeast: 3,
      wish: manualWish(1, 'before upgrade "8.0 U3"'),
      at: start - 75_420,
      told: { runsForMs: 240_000, failure: undefined },
    },
    {
      atLeast: 6,
      wish: manualWish(2, 'vor Umbau Büro Köln'),
      at: start - 40_180,
      told: { blocked: true, runsForMs: 90_000, failure: 'space' },
    },
    {
      atLeast: 5,
      wish: scheduledWish(schedule, 0),
      at: start - 20_050,
      told: { runsForMs: 120_000, failure: undefined },
    },
  ];
}

/** Oldest first. Nights alternate with backups that people made by day; nothing overlaps. */
function historyOf(seed: number, schedule: Schedule, release: Release, count: number, start: number): Entry[] {
  const nights = Math.min(Math.ceil(count / 2), MAX_NIGHTS);
  const random = new SeededRandom(seed);
  const quiet = start - QUIET_MS;
  const { recurrence } = schedule;
  const fires = recurrence === undefined ? [] : pastFires(recurrence, quiet, nights);
  const entries = [
    ...fires.map((fire, index) => nightOf(schedule, fire, index)),
    ...Array.from({ length: count - nights }, (_, index) => dayOf(random, index, count - nights, nights, start)),
  ].toSorted((a, b) => a.at - b.at);
  return entries.map((entry, index) => {
    const build = index < entries.length / 2 ? release.oldBuild : release.build;
    return { ...entry, told: { ...entry.told, build } };
  });
}

/** The two newest nights failed, the ones before them did well; of older ones chance decides. */
function nightOf(schedule: Schedule, fire: number, index: number): Entry {
  const told: Told =
    index === 0
      ? { failure: 'unreachable' }
      : index === 1
        ? { failure: 'service' }
        : index < 5
          ? { failure: undefined }
          : {};
  return { wish: scheduledWish(schedule, 100_000 - index), at: fire + 3_420, told };
}

function dayOf(random: SeededRandom, index: number, count: number, nights: number, start: number): Entry {
  const midnight = Math.floor(start / DAY_MS) * DAY_MS;
  const date = midnight - (1 + Math.floor((index * nights) / count)) * DAY_MS;
  const at = date + FIRST_SLOT_MS + (index % SLOTS) * SLOT_MS + random.integer(0, SLOT_MS / 2);
  const wish = manualWish(index + 10, random.pick(COMMENTS));
  switch (index) {
    case 0:
      return { wish, at, told: { failure: undefined } };
    case 1:
      return { wish, at, told: { failure: 'cancelled', runsForMs: 61_000 } };
    case 2:
      return { wish, at, told: { failure: 'login', runsForMs: 64_000 } };
    case 3:
      return { wish: { ...wish, location: WITH_CREDENTIALS }, at, told: { failure: undefined } };
    default:
      return { wish, at, told: {} };
  }
}

function manualWish(number: number, comment: string): BackupWish {
  return {
    type: 'MANUAL',
    location: `sftp://store-${1 + (number % 3)}.lab.test/vc/manual-${String(number).padStart(5, '0')}`,
    ...(number % 4 === 1 ? {} : { locationUser: 'bkp' }),
    comment,
    parts: number % 2 === 0 ? ['common'] : ['common', 'seat'],
    user: USERS[number % USERS.length],
    fastBackup: number % 5 === 0 ? undefined : number % 2 === 0,
  };
}

const MAX_NIGHTS = 400;
const SLOTS = 24;
const SLOT_MS = 40 * 60_000;
const FIRST_SLOT_MS = 6 * 3_600_000;
/** No run of the history is still on at the start. */
const QUIET_MS = 6 * 60_000;
/** Somebody wrote the login into the address. */
const WITH_CREDENTIALS = 'ftp://bkp:nie-zeigen@alt-nas.lab.test:2121/vc/Praxis%20M%C3%BCller';
const USERS = ['VSPHERE.LOCAL\\Administrator', 'VSPHERE.LOCAL\\jürgen.bäcker', "LAB\\o'neill"] as const;
const COMMENTS = [
  'before upgrade',
  'vor Wartung "Praxis Müller"',
  'host swap esx-07',
  '',
  'certificate change, Büro Zürich',
  "O'Neill asked for it",
] as const;
