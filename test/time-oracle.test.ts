import { RRule } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { afterAll, describe, expect, it } from 'vitest';
import { nextRuns } from '../src/domain/next-runs.ts';
import { toCron, toRrule } from '../src/domain/schedule-text.ts';
import type { Schedule } from '../src/domain/schedule.ts';
import { clockChanges } from '../src/domain/zone-offset.ts';
import { SeededRandom } from '../src/simulation/random.ts';
import { generatePlan, instantOf, naiveRuns, transitionsOf, wallAt, type Plan } from './domain/temporal-oracle.ts';
import { scheduleOf } from './domain/time-oracle.ts';

/*
 * The second opinion on all that is computed of schedules: temporal-polyfill for instants, and the library rrule for recurrence rules,
 * neither of which the product uses. rrule and not rrule-temporal, because the latter would be Temporal's opinion again.
 */

const FROM = Date.UTC(2015, 0, 1);
const UNTIL = Date.UTC(2037, 0, 1);
const DAY = 86_400_000;
const RUNS = 5;

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Havana',
  'Africa/Casablanca',
] as const;

/** How two readings may differ; docs/time.md tells why. */
const EXPLAINED = {
  again: 'a pace goes on through the second showing',
  met: 'a moved run that meets another is one run with it',
} as const;

interface Case {
  readonly plan: Plan;
  readonly schedule: Schedule;
  readonly timeZone: string;
  readonly afterMs: number;
  readonly found: readonly number[];
}

/** What a comparison found, over all its cases. */
class Tally {
  cases = 0;
  instants = 0;
  /** Cases whose stretch of time holds a change of the clock. */
  acrossChange = 0;
  readonly explained = new Map<string, number>();
  readonly unexplained: string[] = [];

  explain(name: string, count: number): void {
    if (count > 0) this.explained.set(name, (this.explained.get(name) ?? 0) + count);
  }

  toString(): string {
    const classes = [...this.explained].map(([name, count]) => `${count} × ${name}`).join('; ');
    const { cases, instants, acrossChange, unexplained } = this;
    return (
      `${cases} cases, ${instants} instants, ${acrossChange} cases across a change of the clock, ` +
      `differences explained: ${classes || 'none'}, not explained: ${unexplained.length}`
    );
  }
}

/** Schedules × zones × two instants each, one of them near a change of the clock where there is any. The same for the same seed. */
function* cases(seed: number, schedules: number): Generator<Case, void> {
  const random = new SeededRandom(seed);
  const changes = new Map(ZONES.map((timeZone) => [timeZone, transitionsOf(timeZone, FROM, UNTIL)]));
  for (let round = 0; round < schedules; round += 1) {
    const plan = generatePlan(random);
    for (const timeZone of ZONES) {
      const [near = FROM, ...others] = changes.get(timeZone) ?? [];
      const instants = [
        random.integer(FROM, UNTIL),
        random.pick([near, ...others]) + random.integer(-36 * 60, 6 * 60) * 60_000,
      ];
      for (const afterMs of instants) {
        const schedule = scheduleOf(plan.recurrence, { zone: { timeZone } });
        const found = nextRuns(schedule, new Date(afterMs), RUNS).map((at) => at.getTime());
        yield { plan, schedule, timeZone, afterMs, found };
      }
    }
  }
}

/** Counts one case: what was found must be the other reading, but for the differences that are explained. */
function compare(
  tally: Tally,
  { plan, timeZone, afterMs, found }: Case,
  once: readonly number[],
  again: readonly number[],
): void {
  const expected = new Set([...once, ...(plan.isPace ? again : [])]);
  tally.cases += 1;
  tally.instants += found.length;
  const lastMs = found.at(-1) ?? afterMs;
  if (offsetAt(afterMs, timeZone) !== offsetAt(lastMs, timeZone)) tally.acrossChange += 1;
  tally.explain(EXPLAINED.again, plan.isPace ? again.filter((ms) => !once.includes(ms)).length : 0);
  tally.explain(EXPLAINED.met, once.length - new Set(once).size);
  const [here, there] = [textOf(found), textOf([...expected].toSorted((a, b) => a - b))];
  if (here !== there || found.length !== RUNS) {
    tally.unexplained.push(
      `${JSON.stringify(plan.recurrence)} ${timeZone} after ${textOf([afterMs])}: ${here}, not ${there}`,
    );
  }
}

function offsetAt(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).offset;
}

function textOf(instants: readonly number[]): string {
  return instants.map((ms) => new Date(ms).toISOString()).join(' ');
}

/** The first wall-clock times of a recurrence rule from one on, by the library; it knows no zone here. */
function expandRrule(
  text: string,
  from: Temporal.PlainDateTime,
  until: Temporal.PlainDateTime,
): Temporal.PlainDateTime[] {
  const dtstart = new Date(`${from.toString({ smallestUnit: 'second' })}Z`);
  const end = new Date(`${until.toString({ smallestUnit: 'second' })}Z`);
  const walls: Temporal.PlainDateTime[] = [];
  new RRule({ ...RRule.parseString(text), dtstart, until: end }).all((at) => {
    walls.push(Temporal.PlainDateTime.from(at.toISOString().slice(0, 19)));
    return true;
  });
  return walls;
}

const told: string[] = [];

afterAll(() => {
  console.info(`Second opinion: ${told.join(' | ')}`);
});

describe('time-oracle', () => {
  it('computes the runs that Temporal computes, in 18,000 cases', { timeout: 30_000 }, () => {
    const tally = new Tally();
    for (const each of cases(20_260_329, 1_500)) {
      const { once, again } = naiveRuns(each.plan, each.timeZone, each.afterMs, each.found.at(-1) ?? each.afterMs);
      compare(
        tally,
        each,
        once.map(({ ms }) => ms),
        again.map(({ ms }) => ms),
      );
    }
    told.push(`Temporal ${tally.toString()}`);
    expect(tally.unexplained.slice(0, 5)).toEqual([]);
    expect(tally.cases).toBe(18_000);
    expect(tally.acrossChange).toBeGreaterThan(3_000);
    expect([...tally.explained.keys()].toSorted()).toEqual(Object.values(EXPLAINED).toSorted());
  });

  it('writes RRULEs that an independent library expands to the same runs', { timeout: 30_000 }, () => {
    const tally = new Tally();
    let unsaid = 0;
    for (const each of cases(5_545, 300)) {
      const text = toRrule(each.schedule);
      const lastMs = each.found.at(-1) ?? each.afterMs;
      if (text === undefined) {
        unsaid += 1;
        continue;
      }
      const from = wallAt(each.afterMs, each.timeZone).subtract({ hours: 3 });
      const walls = expandRrule(text, from, wallAt(lastMs, each.timeZone).add({ hours: 3 }));
      const inside = (ms: number): boolean => ms > each.afterMs && ms <= lastMs;
      const once = walls.map((wall) => instantOf(wall, each.timeZone, 'compatible'));
      const later = walls.map((wall) => instantOf(wall, each.timeZone, 'later'));
      const again = later.filter((ms, index) => ms !== once[index]);
      compare(tally, each, once.filter(inside), again.filter(inside));
    }
    told.push(`RRULE ${tally.toString()}, schedules × instants that no RRULE can say: ${unsaid}`);
    expect(tally.unexplained.slice(0, 5)).toEqual([]);
    expect(tally.cases).toBeGreaterThan(2_000);
    expect(unsaid).toBeLessThan(tally.cases / 2);
  });

  it('writes cron of five fields that Temporal expands to the same runs', () => {
    const tally = new Tally();
    for (const each of cases(1_979, 300)) {
      const expression = toCron(each.schedule);
      if (expression === undefined) continue;
      const rewritten = { ...each.schedule, recurrence: { form: 'CRON', expression } } as const;
      const found = nextRuns(rewritten, new Date(each.afterMs), RUNS).map((at) => at.getTime());
      const { once, again } = naiveRuns(each.plan, each.timeZone, each.afterMs, found.at(-1) ?? each.afterMs);
      const instants = [once, again].map((due) => due.map(({ ms }) => ms));
      compare(tally, { ...each, found }, instants[0] ?? [], instants[1] ?? []);
    }
    told.push(`cron ${tally.toString()}`);
    expect(tally.unexplained.slice(0, 5)).toEqual([]);
    expect(tally.cases).toBeGreaterThan(1_500);
  });

  it('finds the changes of the clock that Temporal finds, in 60 zones', () => {
    const zones = Intl.supportedValuesOf('timeZone').filter((_, index) => index % 7 === 0);
    let changes = 0;
    for (const timeZone of [...zones, ...ZONES]) {
      const expected = transitionsOf(timeZone, FROM, UNTIL);
      const found = [...clockChanges({ timeZone }, FROM, UNTIL)].map(({ atMs }) => atMs);
      expect(textOf(found), timeZone).toBe(textOf(expected));
      changes += found.length;
    }
    told.push(`changes of the clock: ${changes} in ${zones.length + ZONES.length} zones, none different`);
    expect(changes).toBeGreaterThan(500);
  });

  it('looks at real changes, and at a zone without any', () => {
    const changesOf2026 = (timeZone: string): string =>
      textOf(transitionsOf(timeZone, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 365 * DAY));
    expect(changesOf2026('Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z 2026-10-25T01:00:00.000Z');
    expect(changesOf2026('America/New_York')).toBe('2026-03-08T07:00:00.000Z 2026-11-01T06:00:00.000Z');
    expect(changesOf2026('Australia/Lord_Howe')).toBe('2026-04-04T15:00:00.000Z 2026-10-03T15:30:00.000Z');
    expect(changesOf2026('Asia/Kolkata')).toBe('');
  });
});
