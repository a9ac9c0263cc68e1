import type { SeededRandom } from '../../simulation/random.ts';
import { dueAfter, planOf, type Action, type ActionPlan } from './simulator-actions.ts';
import { CRON_STYLES, printCron, type CronStyle } from './simulator-cron.ts';
import type { BackupRecord, BackupType } from './simulator-records.ts';
import { TenantState, type RecordDraft } from './simulator-state.ts';

/** The tenant as it stands at `start`, with `jobs` backup records and some scheduled actions. */
export function seedState(seed: number, jobs: number, style: CronStyle | 'mixed', start: number): TenantState {
  const state = new TenantState(seed);
  if (jobs === 0) return state;
  state.restore.seedAt(start);
  const actions = Array.from({ length: 9 + Math.floor(jobs / 100) }, (_, number) => {
    const chosen = style === 'mixed' ? (CRON_STYLES[number % CRON_STYLES.length] ?? 'quartz') : style;
    const createdAt = start - (30 + (number % 300)) * DAY_MS;
    return state.addAction(planOf(planAt(number, chosen, start)), createdAt, start);
  });
  const [newest = start, second = start, third = start, ...older] = pastDues(actions[0], start, 24);
  const nights = olderNights(actions, older, start, jobs);
  for (let number = 0; number < jobs; number += 1) {
    const random = state.random(3, number);
    const draft = roleOf(number, start, [newest, second, third]);
    const night = draft === undefined && number % 5 < 3 ? nights.next().value : undefined;
    if (draft !== undefined) state.addRecord(random, draft);
    else if (night === undefined) state.addRecord(random, ordinary(number, random, start));
    else state.fire(night.action, night.at, gapOf(number));
  }
  return state;
}

function planAt(number: number, style: CronStyle, start: number): object {
  const cron = (hour: number, minute: number, days?: readonly [number, number]): object => ({
    cronString: printCron(style, hour, minute, days),
  });
  const berlin = { timeZoneId: 'Europe/Berlin' };
  const inDays = (days: number): object => ({ startTime: new Date(start + days * DAY_MS).toISOString() });
  switch (number) {
    case 0:
      return { ...backup(NIGHTLY, ['ROLE', 'RULE'], {}), ...cron(2, 30), ...berlin, ...inDays(-30) };
    case 1:
      return { ...backup('weekly full', ['ROLE', 'WORKFLOW'], {}), ...cron(4, 0, [0, 0]), ...berlin };
    case 2:
      return { ...backup('vor Umbau "Büro Köln"', ['SOURCE'], []), ...inDays(3), ...berlin };
    case 3:
      return { jobType: 'CREATE_DRAFT', content: DRAFT_CONTENT, ...cron(5, 15, [1, 5]), ...berlin };
    case 4:
      return { jobType: 'CONFIG_DEPLOY_DRAFT', content: { name: 'deploy to sandbox', draftId: ID }, ...inDays(2) };
    case 5:
      return {
        ...backup('New York evening', ['IDENTITY'], NAMED),
        ...cron(18, 15, [1, 5]),
        timeZoneId: 'America/New_York',
      };
    case 6:
      return { ...backup('Klinik Zürich', ['ACCESS_PROFILE'], []), ...cron(22, 5) };
    case 7:
      return { ...backup('from next week on', ['ROLE'], {}), ...cron(3, 0), ...inDays(7), ...berlin };
    case 8:
      return { ...backup('by hand only', ['TRANSFORM'], {}) };
    default:
      return {
        ...backup(`${OFFICES[number % OFFICES.length]} ${number}`, ['ROLE'], {}),
        ...cron(number % 24, number % 60),
        ...berlin,
      };
  }
}

/** What the first records show; the two newest nights failed. */
function roleOf(number: number, start: number, nights: readonly [number, number, number]): RecordDraft | undefined {
  const nightly = { name: NIGHTLY, backupType: 'MANUAL', options: ROLE_OPTIONS, tenant: 'acme-lab' } as const;
  const ago = (hours: number): { readonly createdAt: number } => ({ createdAt: start - hours * 3_600_000 - 204 });
  switch (number) {
    case 0:
      return ended({ ...nightly, createdAt: nights[0], outcome: 'FAILED' });
    case 1:
      return ended({ ...nightly, createdAt: nights[1], outcome: 'FAILED' });
    case 2: {
      const now = { createdAt: start - 64_700, beginsAt: start - 60_000, endsAt: start + 140_000 };
      return { ...now, name: 'before change 88', backupType: 'MANUAL', outcome: 'COMPLETE' };
    }
    case 3:
      return ended({ ...ago(31), name: "O'Neill, before upgrade", backupType: 'MANUAL' });
    case 4: {
      const later = { createdAt: start - 4_100, beginsAt: start + 50_000, endsAt: start + 230_000 };
      return { ...later, name: 'vor Wartung', backupType: 'MANUAL', outcome: 'COMPLETE', options: ROLE_OPTIONS };
    }
    case 5:
      return ended({ ...ago(52), name: 'stopped by hand', backupType: 'MANUAL', outcome: 'CANCELLED' });
    case 6:
      return ended({ ...ago(75), name: 'Vorlage Praxis Müller', backupType: 'UPLOADED', userCanDelete: false });
    case 7:
      return ended({
        ...ago(99),
        name: 'from sandbox',
        backupType: 'UPLOADED',
        userCanDelete: true,
        isInPlainList: false,
      });
    case 8:
      return ended({
        ...ago(120),
        name: 'vendor maintenance',
        backupType: 'AUTOMATED',
        userCanDelete: false,
        objectCount: BIG,
      });
    case 9:
      return ended({ ...ago(140), name: '', backupType: 'AUTOMATED_DRAFT' });
    case 10:
      return ended({ ...ago(160), name: 'file is gone', backupType: 'MANUAL', isStored: false });
    case 11:
      return ended({ ...nightly, createdAt: nights[2], cloud: 'SYNC_FAILED', options: LISTED_OPTIONS });
    default:
      return undefined;
  }
}

function ended(draft: RecordDraft): RecordDraft {
  const beginsAt = draft.createdAt + 3_000;
  return { outcome: 'COMPLETE', beginsAt, endsAt: beginsAt + 97_300, ...draft };
}

interface Night {
  readonly action: Action;
  readonly at: number;
}

/** The nights of all recurring backups in turn, each newest first; of the first one those that no role took. */
function* olderNights(
  actions: readonly Action[],
  ofFirst: readonly number[],
  start: number,
  jobs: number,
): Generator<Night, undefined> {
  const recurring = actions.filter(({ plan }) => isRecurring(plan));
  const days = Math.ceil(jobs / recurring.length) + 14;
  const dues = recurring.map((action) => (action === actions[0] ? ofFirst : pastDues(action, start, days)));
  for (let index = 0; dues.some((one) => index < one.length); index += 1) {
    for (const [position, action] of recurring.entries()) {
      const at = dues[position]?.[index];
      if (at !== undefined) yield { action, at };
    }
  }
  return undefined;
}

/** When an action was due in the last days, newest first; nothing of it is still on at the start. */
function pastDues(action: Action | undefined, start: number, days: number): number[] {
  if (action === undefined) return [];
  const dues: number[] = [];
  let at = dueAfter(action, start - days * DAY_MS);
  while (at !== undefined && at < start - QUIET_MS) {
    dues.push(at);
    at = dueAfter(action, at);
  }
  return dues.toReversed();
}

function isRecurring({ jobType, cronString }: ActionPlan): boolean {
  return jobType === 'BACKUP' && cronString !== undefined;
}

function ordinary(number: number, random: SeededRandom, start: number): RecordDraft {
  const createdAt = start - QUIET_MS - random.integer(0, 200 * DAY_MS);
  const backupType: BackupType = random.pick(['MANUAL', 'MANUAL', 'UPLOADED', 'AUTOMATED', 'AUTOMATED_DRAFT']);
  return {
    createdAt,
    backupType,
    name: number % 11 === 9 ? '' : `${random.pick(OFFICES)} ${number}`,
    isInPlainList: backupType !== 'UPLOADED' || number % 3 > 0,
    options: backupType === 'UPLOADED' || number % 5 === 3 ? undefined : LISTED_OPTIONS,
    cloud: number % 17 === 0 ? 'SYNC_FAILED' : 'SYNCED',
  };
}

/** Two records among many have lost their status. */
function gapOf(number: number): Partial<BackupRecord> {
  if (number === 40) return { statusGap: 'missing' };
  return number === 41 ? { statusGap: 'null' } : {};
}

function backup(name: string, includeTypes: readonly string[], objectOptions: object): object {
  return { jobType: 'BACKUP', content: { name, backupOptions: { includeTypes, objectOptions } } };
}

const DAY_MS = 86_400_000;
/** No record of the history is still on at the start. */
const QUIET_MS = 6 * 60_000;
const NIGHTLY = 'nightly roles';
const ID = '7e0c5a1e-3b52-4d0e-9a1f-0d6b2c9e4410';
/** More than fits in 32 bits. */
const BIG = 4_300_000_123;
const ROLE_OPTIONS = { includeTypes: ['ROLE', 'RULE'], objectOptions: {} };
const LISTED_OPTIONS = { includeTypes: ['ROLE'], objectOptions: [] };
const NAMED = { IDENTITY: { includedNames: ['Ärztin "Nacht"', "O'Neill"] } };
const DRAFT_CONTENT = { name: 'draft for sandbox', sourceBackupId: ID, sourceTenant: 'acme-lab' };
const OFFICES = ['Klinik Süd', 'Praxis Müller', 'Office "Oak"', "O'Brien branch", 'Büro Zürich', 'Lab East'] as const;
