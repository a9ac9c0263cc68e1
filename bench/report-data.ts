/**
 * What the vendor of `bench/report.ts` has, and what a report on it must say.
 *
 * Jobs that run once a day on the clock of Berlin, with thirty days of history: most is well, some of it failed, ended with warnings or never
 * began, and some jobs have been failing for days or never ran. The expectations are worked out from the plan, not by the gateway's code.
 */
export const DAYS = 30;
export const ZONE = 'Europe/Berlin';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** One and a half times the gap of a day. */
const TARGET_MS = 36 * HOUR_MS;

type Outcome = 'SUCCEEDED' | 'WARNING' | 'FAILED' | 'ABSENT';

export interface PlannedRun {
  readonly id: string;
  readonly outcome: Exclude<Outcome, 'ABSENT'>;
  /** Date in Berlin on which it was due. */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
}

export interface PlannedJob {
  readonly id: string;
  readonly name: string;
  /** Of the organisation that it takes whole; undefined when it takes a selection. */
  readonly organizationId: string | undefined;
  readonly timeOfDay: string;
  readonly nextMs: number;
  /** Oldest first. */
  readonly runs: readonly PlannedRun[];
  /** Dates in Berlin on which nothing began, though it was due. */
  readonly missedDates: readonly string[];
}

export function planJobs(count: number, now: Date): PlannedJob[] {
  return Array.from({ length: count }, (_, number) => planJob(number, now.getTime()));
}

function planJob(number: number, nowMs: number): PlannedJob {
  // Nothing is due within two hours of the beginning, so that no run is due while the report is made.
  const nextMs = Math.ceil((nowMs + (120 + ((number * 37) % 1_200)) * MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
  const { date: nextDate, timeOfDay } = berlin(nextMs);
  const days = number % 200 === 7 ? 0 : DAYS;
  const runs: PlannedRun[] = [];
  const missedDates: string[] = [];
  for (let day = 0; day < days; day += 1) {
    const date = datePlus(nextDate, day - DAYS);
    const outcome = outcomeOf(number, day);
    if (outcome === 'ABSENT') {
      missedDates.push(date);
      continue;
    }
    const startMs = instantOf(date, timeOfDay) + (number % 50) * 1_000;
    const endMs = startMs + (600 + (number % 600)) * 1_000;
    runs.push({ id: guid(1 + number, 1 + day), outcome, date, startMs, endMs, bytes: 1_000_000 * (1 + number) + day });
  }
  return {
    id: guid(1 + number, 0),
    name: `Mailboxes ${String(number).padStart(5, '0')}`,
    organizationId: number % 10 === 3 ? guid(1 + number, 255) : undefined,
    timeOfDay,
    nextMs,
    runs,
    missedDates,
  };
}

function outcomeOf(job: number, day: number): Outcome {
  // The first one shows that the schedule is at work: what is missing before it would not be counted.
  if (day === 0) return 'SUCCEEDED';
  const failingDays = job % 20 === 0 ? 1 + ((job / 20) % 4) : 0;
  if (day >= DAYS - failingDays) return 'FAILED';
  const dice = Math.imul(job * 31 + day, 2_654_435_761) >>> 0;
  const percent = dice % 100;
  if (percent < 3) return 'FAILED';
  if (percent < 8) return 'WARNING';
  return percent < 9 ? 'ABSENT' : 'SUCCEEDED';
}

export interface ExpectedReport {
  readonly counts: Readonly<Record<string, number>>;
  readonly days: ReadonlyMap<
    string,
    { readonly counts: Record<string, number>; readonly overdue: number; readonly bytes: bigint | undefined }
  >;
  readonly verdicts: Readonly<Record<string, number>>;
  /** Worst first. */
  readonly entries: readonly ExpectedEntry[];
}

export interface ExpectedEntry {
  readonly name: string;
  readonly status: string;
  readonly verdict: string;
  readonly consecutiveFailures: number | null;
}

/** What a report made at an instant must say, over a period that holds all runs. */
export function expectedReport(jobs: readonly PlannedJob[], nowMs: number): ExpectedReport {
  const counts: Record<string, number> = {};
  const days = new Map<string, { counts: Record<string, number>; overdue: number; bytes: bigint | undefined }>();
  const dayOf = (date: string) => {
    const day = days.get(date) ?? { counts: {}, overdue: 0, bytes: undefined };
    days.set(date, day);
    return day;
  };
  const ordered: { readonly key: string; readonly entry: ExpectedEntry }[] = [];
  for (const job of jobs) {
    for (const { outcome, date, bytes } of job.runs) {
      count(counts, outcome);
      const day = dayOf(date);
      count(day.counts, outcome);
      day.bytes = (day.bytes ?? 0n) + BigInt(bytes);
    }
    for (const date of job.missedDates) dayOf(date).overdue += 1;
    const entry = expectedEntry(job, nowMs);
    const nativeId = job.organizationId === undefined ? `selection/${job.id}` : `organization/${job.organizationId}`;
    ordered.push({ key: `${severityOf(entry)} ${nativeId}`, entry });
  }
  ordered.sort((a, b) => (a.key < b.key ? -1 : 1));
  const verdicts: Record<string, number> = {};
  for (const { entry } of ordered) count(verdicts, entry.verdict);
  return { counts, days, verdicts, entries: ordered.map(({ entry }) => entry) };
}

function expectedEntry({ name, runs, nextMs }: PlannedJob, nowMs: number): ExpectedEntry {
  const last = runs.at(-1);
  if (last === undefined) return { name, status: 'NONE', verdict: 'NEVER_PROTECTED', consecutiveFailures: null };
  const newestCopy = runs.findLastIndex(({ outcome }) => outcome !== 'FAILED');
  const copyMs = runs[newestCopy]?.startMs ?? NaN;
  const ageMs = nowMs - copyMs;
  const nextEndMs = nextMs + (last.endMs - last.startMs);
  const isAtRisk = nextEndMs > copyMs + TARGET_MS || ageMs >= 0.8 * TARGET_MS;
  const verdict = ageMs >= TARGET_MS ? 'BREACHED' : isAtRisk ? 'AT_RISK' : 'MET';
  return { name, status: last.outcome, verdict, consecutiveFailures: runs.length - 1 - newestCopy };
}

/** A letter, and one for the status among equals. */
function severityOf({ status, verdict }: ExpectedEntry): string {
  const byStatus = { FAILED: 'a', NONE: 'e', WARNING: 'f', SUCCEEDED: 'j' }[status] ?? 'z';
  const byVerdict = { BREACHED: 'a', NEVER_PROTECTED: 'a', AT_RISK: 'f' }[verdict] ?? 'z';
  return `${byVerdict < byStatus ? byVerdict : byStatus}${byStatus}`;
}

function count(counts: Record<string, number>, word: string): void {
  counts[word] = (counts[word] ?? 0) + 1;
}

const FORMAT = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' });

/** What the clock in Berlin shows. */
export function berlin(ms: number): { readonly date: string; readonly timeOfDay: string } {
  const [date = '', timeOfDay = ''] = FORMAT.format(ms).split(' ');
  return { date, timeOfDay };
}

/** When the clock in Berlin shows this: an hour or two before UTC does. In the hour that a spring skips, an hour later. */
export function instantOf(date: string, timeOfDay: string): number {
  const utcMs = Date.parse(`${date}T${timeOfDay}Z`);
  const shown = [2, 1].map((hours) => utcMs - hours * HOUR_MS).find((ms) => berlin(ms).timeOfDay === timeOfDay);
  return shown ?? utcMs - HOUR_MS;
}

export function datePlus(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Spread over the whole range, as real ones are. */
function guid(a: number, b: number): string {
  const scattered = (Math.imul(a * 256 + b, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return `${scattered}-0000-4000-8${b.toString(16).padStart(3, '0')}-${a.toString(16).padStart(12, '0')}`;
}
