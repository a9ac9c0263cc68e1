import type { SeededRandom } from '../../simulation/random.ts';
import { lookbackMs, nextFire, type Grid, type Period, type Policy } from './simulator-schedule.ts';
import { VeeamState, type Job, type Outcome } from './simulator-state.ts';
import { addSurroundings, makeItems, makeUser } from './simulator-surroundings.ts';
import { MINUTE_MS } from './simulator-time.ts';

/**
 * What the first jobs show, by position; more jobs are drawn at random.
 * `fromVersion`: earlier versions do not know the word, there the job is an ordinary one.
 */
const ROLES = [
  { name: 'healthy' },
  { name: 'failing', outcomes: ['Failed', 'Failed'] },
  { name: 'running' },
  { name: 'disabled', outcomes: ['Success'] },
  { name: 'never-run' },
  { name: 'warning', outcomes: ['Warning'] },
  { name: 'stopped', outcomes: ['Stopped'] },
  { name: 'periodic' },
  { name: 'queued', fromVersion: 5 },
  { name: 'disconnected', outcomes: ['Disconnected'], fromVersion: 5 },
  { name: 'not-configured', outcomes: ['NotConfigured'], fromVersion: 5 },
  { name: 'updating', outcomes: ['Updating'], fromVersion: 8 },
] as const satisfies readonly { name: string; outcomes?: readonly Outcome[]; fromVersion?: number }[];
type RoleName = (typeof ROLES)[number]['name'] | 'ordinary';

interface Role {
  readonly name: RoleName;
  readonly outcomes?: readonly Outcome[];
}

/** The server as it stands at `start`, with its history. */
export function seedState(seed: number, jobs: number, version: number, start: number): VeeamState {
  const state = new VeeamState(seed, version >= 5);
  const random = state.random(-1, 0);
  addSurroundings(state, random, jobs, start);
  const runsPerJob = jobs <= 1000 ? 6 : 4;
  for (let count = 0; count < jobs; count += 1) {
    const number = state.nextJobNumber();
    const own = state.random(number, 0);
    const role = roleOf(number, version, own);
    const job = makeJob(state, number, role.name, version, own);
    state.addJob(job);
    if (role.name !== 'never-run') addHistory(state, job, role, runsPerJob, start);
    if (role.name === 'warning') closeWindowAtStart(job);
    state.reschedule(job, start);
    if (role.name === 'running' || role.name === 'queued') beginNow(state, job, role.name, start);
  }
  return state;
}

function roleOf(number: number, version: number, random: SeededRandom): Role {
  const role: Role & { readonly fromVersion?: number } = ROLES[number] ?? drawRole(random);
  return version >= (role.fromVersion ?? 0) ? role : { name: 'ordinary' };
}

function drawRole(random: SeededRandom): Role {
  const share = random.next();
  if (share < 0.04) return { name: 'disabled' };
  if (share < 0.06) return { name: 'never-run' };
  if (share < 0.08) return { name: 'failing', outcomes: ['Failed', 'Failed'] };
  if (share < 0.1) return { name: 'running' };
  return share < 0.16 ? { name: 'periodic' } : { name: 'ordinary' };
}

function makeJob(state: VeeamState, number: number, role: RoleName, version: number, random: SeededRandom): Job {
  const organization = at(state.organizations, number);
  const selected = role === 'warning' || (role === 'ordinary' && random.next() < 0.4);
  return {
    id: random.uuid(),
    number,
    name: jobName(number, selected, random),
    description: number % 4 === 3 ? '' : random.pick(DESCRIPTIONS),
    organization,
    repository: at(state.repositories, number),
    backupType: selected ? 'SelectedItems' : 'EntireOrganization',
    policy: makePolicy(role, version, random),
    enabled: role !== 'disabled',
    selectedItems: selected ? makeItems(random, version) : [],
    excludedItems: number % 6 === 0 ? [makeUser(random, version)] : [],
    hasCopyJob: number === 5,
    runs: [],
    runCount: 0,
    nextFireAt: undefined,
    retry: undefined,
    eTag: random.integer(1, 900),
  };
}

/** Lets the schedule run through the past, keeps the newest runs, and gives the last ones the role's outcomes. */
function addHistory(state: VeeamState, job: Job, role: Role, count: number, start: number): void {
  const policy = job.policy;
  job.policy =
    policy.type === 'ManualOnly' ? { ...policy, type: 'Daily', dailyType: 'Everyday', dailyTime: '20:00:00' } : policy;
  job.policy = { ...job.policy, scheduleEnabled: true };
  const enabled = job.enabled;
  job.enabled = true;
  job.nextFireAt = nextFire(job.policy, start - lookbackMs(job.policy, count) - QUIET_MS);
  state.advance(job, start - QUIET_MS);
  while (job.runs.length > count) state.forgetOldest(job);
  job.policy = policy;
  job.enabled = enabled;
  const outcomes = role.outcomes ?? (role.name === 'healthy' ? (['Success'] as const) : []);
  for (const [index, outcome] of outcomes.entries()) {
    const run = job.runs.at(index - outcomes.length);
    if (run === undefined) continue;
    run.outcome = outcome;
    run.endReason = outcome === 'Stopped' ? 'user' : 'done';
    run.willBeRetried = false;
    if (outcome === 'Stopped') run.endsAt = run.startedAt + 47_000;
  }
  const last = job.runs.at(-1);
  if (last !== undefined) last.willBeRetried = false;
}

/** No run of the history is still on at the start. */
const QUIET_MS = 6 * MINUTE_MS;

function beginNow(state: VeeamState, job: Job, role: 'running' | 'queued', start: number): void {
  const run = state.start(job, role === 'running' ? start - 75_250 : start - 4_100);
  run.plannedEndsAt = run.startedAt + (role === 'running' ? 240_000 : 180_000);
  run.endsAt = run.plannedEndsAt;
  if (role === 'queued') run.runningFrom = run.startedAt + 30_000;
  else run.runningFrom = run.startedAt;
  if (job.number === 2) run.outcome = 'Success';
}

function makePolicy(role: RoleName, version: number, random: SeededRandom): Policy {
  const manual = role === 'never-run' && version >= 6;
  const periodic = role === 'periodic' || (role === 'ordinary' && random.next() < 0.25);
  const retryEnabled = role !== 'failing' && random.next() < 0.5;
  const windowed = role === 'healthy' || (role === 'ordinary' && !periodic && random.next() < 0.3);
  const fullGrid = !windowed && random.next() < 0.4;
  const hour = random.pick([18, 19, 20, 21, 22, 23, 0, 1, 4, 5]);
  const base = {
    scheduleEnabled: !(role === 'never-run' && version >= 4),
    offsetMinutes: 0,
    startGridEnabled: false,
    windowEnabled: windowed,
    window: windowed ? officeHoursGrid(random) : fullGrid ? FULL_GRID : undefined,
    retryEnabled,
    retryNumber: retryEnabled ? random.integer(1, 3) : 3,
    retryWaitMinutes: retryEnabled ? random.pick([10, 15, 30]) : 10,
  };
  if (manual) return { ...base, type: 'ManualOnly' };
  if (!periodic) {
    const dailyType = role === 'ordinary' ? random.pick(DRAWN_DAYS) : 'Everyday';
    const minute = random.pick([0, 5, 15, 30, 45]);
    return {
      ...base,
      type: 'Daily',
      dailyType,
      dailyTime: `${pad(hour)}:${pad(minute)}:${random.next() < 0.1 ? '30' : '00'}`,
    };
  }
  const every: Period =
    role === 'periodic'
      ? 'Minutes15'
      : random.pick<Period>(version >= 8 ? [...DRAWN_PERIODS, 'Hours12'] : DRAWN_PERIODS);
  const offsetMinutes = version >= 6 && every.startsWith('Hours') ? random.pick([0, 7, 20]) : 0;
  const startGrid = version >= 7 && every === 'Hours2' ? officeHoursGrid(random) : undefined;
  return { ...base, type: 'Periodically', every, offsetMinutes, startGridEnabled: startGrid !== undefined, startGrid };
}

/** The backup window was narrowed since the last run: the hours around the start of the next one are forbidden. */
function closeWindowAtStart(job: Job): void {
  const startHour = Number(job.policy.dailyTime?.slice(0, 2) ?? 0);
  const hours = Array.from({ length: 168 }, (_, index) => (index - startHour + 3 + 168) % 24 > 6);
  job.policy = { ...job.policy, windowEnabled: true, window: { hours, minuteOffset: 0 } };
}

const DRAWN_DAYS = ['Everyday', 'Everyday', 'Workdays', 'Weekends', 'Tuesday', 'Friday', 'Sunday'] as const;
const DRAWN_PERIODS = [
  'Minutes5',
  'Minutes10',
  'Minutes15',
  'Minutes30',
  'Hours1',
  'Hours2',
  'Hours4',
  'Hours8',
] as const;
const FULL_GRID: Grid = { hours: Array.from({ length: 168 }, () => true), minuteOffset: 0 };

/** Nights and the whole weekend are free; two or three office hours of each workday are not. */
const GRIDS: readonly [Grid, Grid, Grid] = [
  { hours: weekGrid(8, 15), minuteOffset: 0 },
  { hours: weekGrid(7, 13), minuteOffset: 0 },
  { hours: weekGrid(9, 12), minuteOffset: 15 },
];

function officeHoursGrid(random: SeededRandom): Grid {
  return random.pick(GRIDS);
}

function weekGrid(from: number, until: number): boolean[] {
  return Array.from({ length: 168 }, (_, index) => {
    const workday = index >= 24 && index < 144;
    const hour = index % 24;
    return !(workday && hour >= from && hour < until);
  });
}

function jobName(number: number, selected: boolean, random: SeededRandom): string {
  const place = at(PLACES, number);
  const subject = selected ? random.pick(SELECTIONS) : random.pick(WHOLES);
  return `${place} – ${subject}${number < PLACES.length ? '' : ` ${number + 1}`}`;
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

const PLACES = [
  'Praxis "Grüner Weg"',
  'Kanzlei Müller & Söhne',
  "O'Neill Surgery",
  'Standort Köln',
  'Werk Düsseldorf',
  'Oak Clinic',
  'Elm School',
  'Rathaus Bad Tölz',
  'Zürich office',
  'Stadtwerke Görlitz',
] as const;
const WHOLES = ['Microsoft 365 complete', 'Gesamtsicherung', 'all mailboxes and sites', 'tägliche Sicherung'] as const;
const SELECTIONS = [
  'Postfächer Verwaltung',
  'SharePoint projects',
  'OneDrive Außendienst',
  'critical mailboxes',
] as const;
const DESCRIPTIONS = [
  'Created by LAB\\Administrator',
  'Vertrag 4711 <Stufe 2>',
  'nightly',
  'Aufbewahrung "lang"',
] as const;
