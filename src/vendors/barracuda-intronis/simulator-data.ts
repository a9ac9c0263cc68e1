import type { SeededRandom } from '../../simulation/random.ts';
import {
  IntronisState,
  OUTCOMES,
  isRunning,
  type Account,
  type BackupSet,
  type Computer,
  type OtherAction,
  type OutcomeName,
  type Run,
} from './simulator-state.ts';
import { DAY_MS, MINUTE_MS, ZONES, nextLocalMinute } from './simulator-time.ts';

/**
 * What the first backup sets show, by position: the outcomes of their last runs, oldest first, or something special.
 * More sets are drawn at random.
 */
const ROLES: readonly (readonly OutcomeName[] | 'running' | 'paused' | 'never')[] = [
  ['good'],
  ['failed', 'failed'],
  'running',
  ['canceled'],
  'never',
  ['noFiles'],
  ['noMail'],
  ['canceled'],
  'paused',
  ['missed'],
  ['crashed'],
  ['noDeletion'],
  ['silent'],
  ['noRestore'],
  ['warned'],
];

/** The accounts with `sets` backup sets in all, as they stand at `start`, with some nights of history. */
export function seedState(seed: number, sets: number, start: number): IntronisState {
  const state = new IntronisState(seed);
  const nights = sets <= 1000 ? 6 : 5;
  const perComputer = Math.min(25, Math.max(2, Math.ceil(sets / 40)));
  const computers = Math.ceil(sets / perComputer);
  addAccounts(state, Math.min(ACCOUNTS.length, 2 + Math.floor(computers / 8)), start);
  for (let number = 0; number < computers; number += 1) {
    const computer = addComputer(state, number, start);
    const count = Math.min(perComputer, sets - number * perComputer);
    for (let index = 0; index < count; index += 1) {
      const set = makeSet(state, computer, number * perComputer + index, index);
      computer.sets.push(set);
      addHistory(state, set, nights, start);
    }
  }
  return state;
}

function addAccounts(state: IntronisState, count: number, start: number): void {
  for (const [number, username] of ACCOUNTS.slice(0, count).entries()) {
    const random = state.random(-2 - number, 0);
    state.accounts.push({
      number,
      username,
      rowUsername: number % 4 === 1 ? `${username}_a` : username,
      rules:
        number % 2 === 0 ? { CANCELED: 'WARNING', MISSED: 'FAILURE' } : { CANCELED: 'COMPLETED', MISSED: 'WARNING' },
      status: number % 7 === 5 ? 'FROZEN' : number % 7 === 6 ? 'TEST' : 'ACTIVE',
      signupAt: start - random.integer(300, 3000) * DAY_MS,
      computers: [],
      contact: { name: random.pick(PEOPLE), email: `admin@${number}.example`, phone: '+1 555 0100' },
    });
  }
}

function addComputer(state: IntronisState, number: number, start: number): Computer {
  const account = state.accounts[number % state.accounts.length];
  if (account === undefined) throw new RangeError('no account');
  const random = state.random(-1000 - number, 0);
  const index = account.computers.length;
  const computer: Computer = {
    number,
    account,
    id: computerId(account, index),
    name: computerName(number),
    status: number % 6 === 3 ? 'DISABLED' : 'ACTIVE',
    zone: ZONES[number % ZONES.length] ?? ZONES[0],
    oldAgent: number % 6 === 5,
    signupAt: start - random.integer(100, 2000) * DAY_MS,
    sets: [],
    otherActions: number % 2 === 0 ? otherActions(random, start) : [],
    contact: { name: computerName(number), email: `server${number}@example.com`, phone: '' },
  };
  account.computers.push(computer);
  return computer;
}

/** Ids that a careless reader takes for numbers come first; the first two accounts share `0107`. */
function computerId(account: Account, index: number): string {
  const odd = ODD_IDS[account.number] ?? [];
  return odd[index] ?? String(100 + account.number * 37 + index * 11).padStart(4 + (index % 3), '0');
}

function computerName(number: number): string {
  const name = COMPUTER_NAMES[number % COMPUTER_NAMES.length] ?? 'Server';
  return number < COMPUTER_NAMES.length ? name : `${name} ${number + 1}`;
}

function makeSet(state: IntronisState, computer: Computer, number: number, index: number): BackupSet {
  const random = state.random(number, 0);
  const kind = SET_KINDS[index % SET_KINDS.length] ?? SET_KINDS[0];
  // The first set of every fifth computer has no name.
  const name = index === 0 && computer.number % 5 === 4 ? '' : kind.name;
  return {
    number,
    computer,
    name: index < SET_KINDS.length ? name : `${name} ${Math.floor(index / SET_KINDS.length) + 1}`,
    plugin: kind.plugin,
    minuteOfDay: ((random.integer(20, 29) % 24) * 60 + random.pick([0, 10, 15, 30, 45])) % 1440,
    enabled: true,
    runs: [],
    runCount: 0,
    nextAt: 0,
  };
}

function addHistory(state: IntronisState, set: BackupSet, nights: number, start: number): void {
  const role = ROLES[set.number] ?? [];
  const { zone } = set.computer;
  const quietFrom = start - QUIET_MS;
  let at = nextLocalMinute(zone, set.minuteOfDay, quietFrom - nights * DAY_MS);
  for (; at <= quietFrom; at = nextLocalMinute(zone, set.minuteOfDay, at)) state.begin(set, at);
  set.nextAt = nextLocalMinute(zone, set.minuteOfDay, start);
  if (role === 'never') {
    const missed = set.runs.at(-1);
    set.runs.splice(0, set.runs.length, ...(missed === undefined ? [] : [missed]));
    if (missed !== undefined) endAs(missed, 'missed');
  } else if (role === 'running' || role === 'paused') {
    beginNow(state, set, role, start);
  } else {
    for (const [index, name] of role.entries()) {
      const run = set.runs.at(index - role.length);
      if (run !== undefined) endAs(run, name);
    }
  }
}

/** No run of the history is still on at the start. */
const QUIET_MS = 6 * MINUTE_MS;

function endAs(run: Run, name: OutcomeName): void {
  const outcome = OUTCOMES[name];
  run.types = outcome.types;
  run.errors = outcome.errors === true ? Math.max(run.errors, 3) : 0;
  run.warnings = outcome.warnings === true ? Math.max(run.warnings, 2) : 0;
  run.missed = name === 'missed';
  run.endsAt = name === 'canceled' ? run.at + 47_000 : run.plannedEndsAt;
}

function beginNow(state: IntronisState, set: BackupSet, role: 'running' | 'paused', start: number): void {
  const run = state.begin(set, Math.floor(start / 1000) * 1000 - 75_000);
  endAs(run, 'good');
  run.plannedEndsAt = run.at + 240_000;
  run.endsAt = run.plannedEndsAt;
  if (role === 'paused') run.pausedFrom = run.at + 30_000;
  if (!isRunning(run, start)) throw new RangeError('the run is over before it began');
}

function otherActions(random: SeededRandom, start: number): OtherAction[] {
  const at = (hours: number): number => Math.floor(start / 1000) * 1000 - hours * 60 * MINUTE_MS;
  const size = { files: random.integer(1, 900), bytes: random.integer(1, 9) * 1_073_741_824 };
  const ended = (hours: number): number => at(hours) + random.integer(30, 600) * 1000;
  return [
    {
      id: 1,
      type: 'RESTORE',
      status: 'SUCCESS',
      at: at(50),
      endsAt: ended(50),
      types: ['COMPLETED', 'NO_DATA_RESTORED'],
      ...size,
    },
    {
      id: 2,
      type: 'DELETE',
      status: 'SUCCESS',
      at: at(49),
      endsAt: ended(49),
      types: ['COMPLETED', 'NO_DATA_DELETED'],
      ...size,
    },
    { id: 3, type: 'RESTORE', status: 'PAUSED', at: at(3), endsAt: undefined, types: ['RUNNING'], ...size },
    { id: 4, type: 'DELETE', status: 'CANCELING', at: at(2), endsAt: undefined, types: ['RUNNING'], ...size },
    { id: 5, type: 'RESTORE', status: 'UNINITIALIZED', at: at(1), endsAt: undefined, types: [], files: 0, bytes: 0 },
  ];
}

const ODD_IDS: readonly (readonly string[])[] = [
  ['0107', '007', '1e5', '0x1F'],
  ['0107', '0000', '00.50', 'srv 7'],
];
const ACCOUNTS = [
  'oak_clinic',
  'elm_school',
  'birch_law',
  'praxis_müller',
  'maple&sons',
  'cedar dental',
  'pine_hotel',
  'ash_architects',
  "o'neill_surgery",
  'spruce_print',
  'willow_care',
  'alder_it',
  'hazel_bakery',
  'rowan_county',
  'beech_gmbh',
  'larch_transport',
  'yew_trust',
  'fir_forestry',
  'poplar_pharmacy',
  'linden_apotheke',
];
const PEOPLE = ['Jörg Weiß', "Siobhán O'Neill", 'Dana "Dee" Brown', 'Zoë Bäcker'] as const;
const COMPUTER_NAMES = [
  'Files',
  'Mail Server',
  'Büro-PC "Empfang"',
  'SQL & Praxis',
  "O'Neill <alt>",
  'Röntgen',
  'Backup Host',
  'Schulleitung',
];
const SET_KINDS = [
  { name: 'Shares', plugin: 'FILE' },
  { name: 'Exchange', plugin: 'EXCHANGE' },
  { name: 'SQL "Praxis" & Töchter', plugin: 'SQL' },
  { name: 'Benutzerprofile <C:>', plugin: 'FILE' },
  { name: 'Ärzte/Befunde 100%', plugin: 'FILE' },
] as const;
