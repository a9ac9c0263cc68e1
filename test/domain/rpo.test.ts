import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import type { BackupStatus } from '../../src/domain/backup-status.ts';
import { type HistoryReading, type RpoQuestion, type RpoStatus, rpoStatus, rpoTotals } from '../../src/domain/rpo.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { DAY, MINUTE, UTC, every, scheduleOf, weekly } from './time-oracle.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 60 * MINUTE;
const NIGHTLY = scheduleOf(weekly('21:00'), { zone: UTC });

/** A run of ten minutes that began so many hours ago. */
function copy(hoursAgo: number, more: Partial<BackupRun> = {}): BackupRun {
  const startedAt = new Date(NOW.getTime() - hoursAgo * HOUR);
  const endedAt = new Date(startedAt.getTime() + 10 * MINUTE);
  return sampleRun({ nativeId: `r${hoursAgo}`, startedAt, endedAt, ...more });
}

function jobWith(schedule: Schedule | undefined, more: Partial<BackupJob> = {}): BackupJob {
  return sampleJob({ schedule, ...more });
}

/** Nothing is known of coming runs, so that age alone decides. */
const MUTE = jobWith(undefined);

function ask(more: Partial<RpoQuestion>): RpoStatus {
  return rpoStatus({
    jobs: [MUTE],
    runs: [],
    history: 'COMPLETE',
    configuredTargetMs: 24 * HOUR,
    clockSkewSeconds: undefined,
    now: NOW,
    ...more,
  });
}

function words(more: Partial<RpoQuestion>): string {
  const { verdict, reason } = ask(more);
  return `${verdict} ${reason}`;
}

describe('domain/rpo', () => {
  it('tells target, age and the instant at which it breaks', () => {
    const newest = copy(5);
    expect(ask({ runs: [copy(30), newest, copy(9)] })).toEqual({
      verdict: 'MET',
      reason: 'COPY_IN_TIME',
      targetMs: 24 * HOUR,
      derived: false,
      achievedMs: 5 * HOUR,
      dueBy: new Date('2026-11-21T07:00:00Z'),
      newestCopy: newest,
    });
  });

  it.each([
    [19.1, 'MET COPY_IN_TIME'],
    [19.2, 'AT_RISK COPY_AGEING'],
    [23.9, 'AT_RISK COPY_AGEING'],
    [24, 'BREACHED COPY_TOO_OLD'],
    [500, 'BREACHED COPY_TOO_OLD'],
  ])('judges a copy of %s hours for a target of a day as %s', (age, expected) => {
    expect(words({ runs: [copy(age)] })).toBe(expected);
  });

  it('turns to BREACHED at the very instant that it told', () => {
    const { dueBy } = ask({ runs: [copy(20)] });
    const at = (ms: number): string => ask({ runs: [copy(20)], now: new Date((dueBy?.getTime() ?? 0) + ms) }).verdict;
    expect([at(-1), at(0)]).toEqual(['AT_RISK', 'BREACHED']);
  });

  it('counts the age from when the copy was begun, or accepted, and not from its end', () => {
    const long = copy(25, { endedAt: new Date(NOW.getTime() - HOUR) });
    expect(ask({ runs: [long] })).toMatchObject({ verdict: 'BREACHED', achievedMs: 25 * HOUR });
    const accepted = { ...long, startedAt: undefined, queuedAt: new Date(NOW.getTime() - 26 * HOUR) };
    expect(ask({ runs: [accepted] }).achievedMs).toBe(26 * HOUR);
    const measured = { ...long, startedAt: undefined, durationSeconds: 2 * 3600 };
    expect(ask({ runs: [measured] }).achievedMs).toBe(3 * HOUR);
  });

  it.each<[string, Partial<BackupRun>, boolean]>([
    ['SUCCEEDED', {}, true],
    ['WARNING', { status: 'WARNING' }, true],
    ['FAILED', { status: 'FAILED' }, false],
    ['CANCELED', { status: 'CANCELED' }, false],
    ['UNKNOWN', { status: 'UNKNOWN' }, false],
    ['a success that the vendor says cannot be restored', { restorable: false }, false],
    ['a failure that the vendor says can be restored', { status: 'FAILED', restorable: true }, true],
    ['a run under way, whatever is said of it', { status: 'RUNNING', restorable: true }, false],
  ])('takes for a good copy or not: %s', (_, more, isGood) => {
    expect(ask({ runs: [copy(2, more)] }).verdict).toBe(isGood ? 'MET' : 'NEVER_PROTECTED');
  });

  describe('what is not known', () => {
    it('is NEVER_PROTECTED only when the whole history was read', () => {
      const failed = copy(3, { status: 'FAILED' });
      expect(words({ runs: [failed] })).toBe('NEVER_PROTECTED NO_COPY');
      expect(words({ runs: [], jobs: [], configuredTargetMs: undefined })).toBe('NEVER_PROTECTED NO_COPY');
      expect(words({ runs: [failed], history: 'PARTIAL' })).toBe('UNKNOWN HISTORY_INCOMPLETE');
      expect(words({ runs: [failed], historySince: copy(23).startedAt })).toBe('UNKNOWN HISTORY_INCOMPLETE');
      expect(ask({ runs: [failed], historySince: copy(24).startedAt })).toMatchObject({
        verdict: 'BREACHED',
        achievedMs: undefined,
        dueBy: undefined,
      });
    });

    it('is never good when the source could not be read, whatever was known before', () => {
      expect(words({ runs: [copy(1)], history: 'UNREADABLE' })).toBe('UNKNOWN HISTORY_UNREADABLE');
    });

    it('lets a copy that was seen prove that the objective is kept, and nothing prove that it is not', () => {
      expect(words({ runs: [copy(1)], history: 'PARTIAL' })).toBe('MET COPY_IN_TIME');
      expect(words({ runs: [copy(23)], history: 'PARTIAL' })).toBe('AT_RISK COPY_AGEING');
      expect(ask({ runs: [copy(25)], history: 'PARTIAL' })).toMatchObject({
        verdict: 'UNKNOWN',
        reason: 'HISTORY_INCOMPLETE',
        achievedMs: undefined,
        dueBy: undefined,
      });
    });

    it('tells the age beside a missing target', () => {
      const asked = { configuredTargetMs: undefined, runs: [copy(7)] };
      expect(ask(asked)).toMatchObject({
        verdict: 'UNKNOWN',
        reason: 'NO_TARGET',
        achievedMs: 7 * HOUR,
        derived: false,
      });
      expect(ask({ ...asked, history: 'PARTIAL' })).toMatchObject({ reason: 'NO_TARGET', achievedMs: undefined });
    });

    it('believes no copy whose age is not known, and no verdict against one', () => {
      const undated = copy(1, { startedAt: undefined, durationSeconds: undefined });
      expect(words({ runs: [undated] })).toBe('UNKNOWN TIMES_IN_DOUBT');
      expect(words({ runs: [undated, copy(5)] })).toBe('MET COPY_IN_TIME');
      expect(words({ runs: [undated, copy(30)] })).toBe('UNKNOWN TIMES_IN_DOUBT');
      expect(words({ runs: [{ ...undated, endedAt: undefined }, copy(30)] })).toBe('UNKNOWN TIMES_IN_DOUBT');
      // It ended longer ago than the target, so it began even earlier.
      const old = { ...undated, endedAt: copy(26).startedAt };
      expect(ask({ runs: [old, copy(30)] })).toMatchObject({ verdict: 'BREACHED', achievedMs: undefined });
      expect(ask({ runs: [old, copy(25)] })).toMatchObject({ verdict: 'BREACHED', achievedMs: 25 * HOUR });
    });

    it('believes no copy from the future', () => {
      expect(ask({ runs: [copy(-5 / 60)] })).toMatchObject({ verdict: 'MET', achievedMs: 0 });
      expect(words({ runs: [copy(-6 / 60)] })).toBe('UNKNOWN TIMES_IN_DOUBT');
      expect(words({ runs: [copy(-6 / 60), copy(3)] })).toBe('MET COPY_IN_TIME');
    });
  });

  describe('the target', () => {
    it.each<[string, readonly BackupJob[], number | undefined]>([
      ['one and a half times the longest gap', [jobWith(NIGHTLY)], 36],
      ['the gap and half an hour, when that is longer', [jobWith(scheduleOf(every(30), { zone: UTC }))], 1],
      ['of workdays, over the weekend', [jobWith(scheduleOf(weekly('21:00', [1, 2, 3, 4, 5])))], 108],
      ['of all jobs together', [jobWith(NIGHTLY), jobWith(scheduleOf(weekly('09:00'), { zone: UTC }))], 18],
      [
        'without jobs that are switched off',
        [jobWith(NIGHTLY), jobWith(scheduleOf(every(60)), { enabled: false })],
        36,
      ],
      ['none when no job has a schedule', [MUTE], undefined],
    ])('is derived: %s', (_, jobs, hours) => {
      const { targetMs, derived } = ask({ jobs, configuredTargetMs: undefined, runs: [copy(1)] });
      expect({ targetMs, derived }).toEqual({
        targetMs: hours === undefined ? undefined : hours * HOUR,
        derived: hours !== undefined,
      });
    });

    it('is the configured one when there is one', () => {
      expect(ask({ jobs: [jobWith(NIGHTLY)], configuredTargetMs: HOUR })).toMatchObject({
        targetMs: HOUR,
        derived: false,
      });
    });
  });

  describe('the next copy', () => {
    const nightly = (more: Partial<RpoQuestion>): string =>
      words({ jobs: [jobWith(NIGHTLY)], configuredTargetMs: undefined, ...more });
    const atTime = (text: string): Partial<RpoQuestion> => ({ now: new Date(text), runs: [copy(15)] });

    it('puts an objective at risk once a run has been missed, before it breaks', () => {
      // Begun on the 19th at 21:00; it breaks on the 21st at 09:00.
      expect(nightly(atTime('2026-11-20T20:59:00Z'))).toBe('MET COPY_IN_TIME');
      expect(nightly(atTime('2026-11-20T21:15:00Z'))).toBe('MET COPY_IN_TIME');
      expect(nightly(atTime('2026-11-20T21:15:01Z'))).toBe('AT_RISK NEXT_COPY_TOO_LATE');
      expect(nightly(atTime('2026-11-21T08:59:59Z'))).toBe('AT_RISK NEXT_COPY_TOO_LATE');
      expect(nightly(atTime('2026-11-21T09:00:00Z'))).toBe('BREACHED COPY_TOO_OLD');
    });

    it('does not wait for a run that was due a moment ago and failed at once', () => {
      const failed = copy(0, { status: 'FAILED', startedAt: new Date('2026-11-20T21:00:02Z') });
      const now = new Date('2026-11-20T21:05:00Z');
      expect(nightly({ now, runs: [copy(15), failed] })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
    });

    it('counts on a run under way, as long as it can end in time', () => {
      const now = new Date('2026-11-21T01:00:00Z');
      const running = (status: BackupStatus, seconds = 600): readonly BackupRun[] => [
        copy(15, { durationSeconds: seconds }),
        copy(0, {
          status,
          startedAt: new Date('2026-11-20T21:00:00Z'),
          endedAt: undefined,
          durationSeconds: undefined,
        }),
      ];
      expect(nightly({ now, runs: running('RUNNING') })).toBe('MET COPY_IN_TIME');
      expect(nightly({ now, runs: running('RUNNING', 13 * 3600) })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
      expect(nightly({ now, runs: running('CANCELING') })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
    });

    it('expects a run to take as long as runs take as a rule', () => {
      const target = { configuredTargetMs: 24 * HOUR, jobs: [jobWith(scheduleOf(weekly('20:00'), { zone: UTC }))] };
      expect(words({ ...target, runs: [copy(15, { durationSeconds: 3600 })] })).toBe('MET COPY_IN_TIME');
      expect(words({ ...target, runs: [copy(15, { durationSeconds: 3601 })] })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
    });

    it('counts on an announced run, and not on one that the window swallows', () => {
      const nextRunAt = new Date('2026-11-20T23:00:00Z');
      expect(words({ jobs: [jobWith(undefined, { nextRunAt })], runs: [copy(10)] })).toBe('MET COPY_IN_TIME');
      expect(words({ jobs: [jobWith(undefined, { nextRunAt })], runs: [copy(15)] })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
      const window = { enabled: true, semantics: 'MAY_START_INSIDE', utcOffsetMinutes: 0 } as const;
      const hours = Array.from({ length: 168 }, (_, hour) => hour % 24 !== 21);
      const jobs = [jobWith({ ...NIGHTLY, window: { ...window, hours } })];
      expect(words({ jobs, runs: [copy(10)] })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
    });

    it.each<[string, BackupJob]>([
      ['the job is switched off', jobWith(NIGHTLY, { enabled: false })],
      ['the schedule is switched off', jobWith({ ...NIGHTLY, enabled: false })],
      ['it is started by hand', jobWith(scheduleOf({ form: 'MANUAL' }))],
      ['its one run is over', jobWith(scheduleOf({ form: 'ONCE', at: new Date('2026-11-01T00:00:00Z') }))],
      ['it is a one-off', jobWith(undefined, { kind: 'ONE_OFF' })],
    ])('knows that no copy comes when %s', (_, job) => {
      expect(words({ jobs: [job], runs: [copy(1)] })).toBe('AT_RISK NO_COPY_COMING');
    });

    it('is no risk when nobody can say when a job runs', () => {
      for (const schedule of [undefined, scheduleOf({ form: 'UNKNOWN', raw: 'x' }), { ...NIGHTLY, zone: undefined }])
        expect(words({ jobs: [jobWith(schedule), jobWith(NIGHTLY, { enabled: false })], runs: [copy(1)] })).toBe(
          'MET COPY_IN_TIME',
        );
    });

    it('is one in time when any job of the object has one', () => {
      const late = jobWith(scheduleOf(weekly('02:00', [0]), { zone: UTC }));
      expect(words({ jobs: [late], runs: [copy(1)] })).toBe('AT_RISK NEXT_COPY_TOO_LATE');
      expect(words({ jobs: [late, jobWith(NIGHTLY)], runs: [copy(1)] })).toBe('MET COPY_IN_TIME');
    });
  });

  describe("the vendor's clock", () => {
    it('is set right before ages are counted', () => {
      const runs = [copy(23.5)];
      expect(ask({ runs }).verdict).toBe('AT_RISK');
      // The vendor is an hour ahead: what it calls 23.5 hours ago was an hour earlier.
      expect(ask({ runs, clockSkewSeconds: 3600 })).toMatchObject({ verdict: 'BREACHED', achievedMs: 24.5 * HOUR });
      expect(ask({ runs, clockSkewSeconds: -5 * 3600 })).toMatchObject({ verdict: 'MET', achievedMs: 18.5 * HOUR });
    });

    it('makes no difference for generated histories when vendor and gateway differ by what is told', () => {
      const random = new SeededRandom(99);
      const seen = new Set<string>();
      for (let round = 0; round < 4000; round += 1) {
        const skewSeconds = random.integer(-7200, 7200);
        const plain = generateQuestion(random);
        const { achievedMs, dueBy, ...rest } = rpoStatus(plain);
        seen.add(rest.verdict);
        const skewed = rpoStatus({ ...shifted(plain, skewSeconds * 1000), clockSkewSeconds: skewSeconds });
        expect([skewed.verdict, skewed.reason, skewed.achievedMs, skewed.dueBy]).toEqual([
          rest.verdict,
          rest.reason,
          achievedMs,
          dueBy,
        ]);
      }
      expect([...seen].toSorted()).toEqual(['AT_RISK', 'BREACHED', 'MET', 'NEVER_PROTECTED', 'UNKNOWN']);
    });
  });

  it('agrees with what the words mean, for generated histories', () => {
    const random = new SeededRandom(2026);
    for (let round = 0; round < 6000; round += 1) {
      const question = generateQuestion(random);
      const status = rpoStatus(question);
      const fresh = question.runs.filter(
        (run) => isPlainCopy(run) && agedMs(run) < (question.configuredTargetMs ?? 0) && agedMs(run) >= -5 * MINUTE,
      );
      const message = JSON.stringify({ status, question });
      if (status.verdict === 'MET' || status.verdict === 'AT_RISK') expect(fresh.length, message).toBeGreaterThan(0);
      else expect(question.history === 'UNREADABLE' || fresh.length === 0, message).toBe(true);
      if (status.verdict === 'BREACHED' || status.verdict === 'NEVER_PROTECTED')
        expect(question.history, message).toBe('COMPLETE');
      if (status.verdict === 'NEVER_PROTECTED') expect(question.runs.some(isPlainCopy), message).toBe(false);
      if (status.dueBy !== undefined) expect(status.dueBy > NOW, message).toBe(status.verdict !== 'BREACHED');
    }
  });

  it('counts verdicts', () => {
    const verdicts = ['MET', 'UNKNOWN', 'MET', 'BREACHED', 'NEVER_PROTECTED', 'AT_RISK', 'MET'] as const;
    expect(rpoTotals(verdicts.map((verdict) => ({ verdict })))).toEqual({
      met: 3,
      atRisk: 1,
      breached: 1,
      neverProtected: 1,
      unknown: 1,
    });
  });
});

function agedMs({ startedAt }: BackupRun): number {
  return startedAt === undefined ? Infinity : NOW.getTime() - startedAt.getTime();
}

function isPlainCopy({ status, restorable }: BackupRun): boolean {
  return status !== 'RUNNING' && (restorable ?? ['SUCCEEDED', 'WARNING'].includes(status));
}

function generateQuestion(random: SeededRandom): RpoQuestion {
  const runs = Array.from({ length: random.integer(0, 5) }, (_, index) => {
    const startedAt = new Date(NOW.getTime() - random.integer(-20, 60 * 60) * MINUTE);
    const isUndated = random.integer(0, 9) === 0;
    return sampleRun({
      nativeId: `r${index}`,
      status: random.pick(['SUCCEEDED', 'FAILED', 'WARNING', 'RUNNING', 'UNKNOWN', 'FAILED']),
      restorable: random.pick([undefined, undefined, undefined, true, false]),
      startedAt: isUndated ? undefined : startedAt,
      endedAt: isUndated && random.integer(0, 1) === 0 ? undefined : new Date(startedAt.getTime() + 10 * MINUTE),
      durationSeconds: isUndated ? undefined : 600,
    });
  });
  const announced = new Date(NOW.getTime() + random.integer(0, 48) * HOUR);
  return {
    jobs: [jobWith(undefined, { nextRunAt: random.pick([undefined, announced]) })],
    runs,
    history: random.pick<HistoryReading>(['COMPLETE', 'COMPLETE', 'COMPLETE', 'PARTIAL', 'UNREADABLE']),
    historySince: random.pick([undefined, undefined, new Date(NOW.getTime() - random.integer(0, 3) * DAY)]),
    configuredTargetMs: random.pick([4, 24, 40]) * HOUR,
    clockSkewSeconds: undefined,
    now: NOW,
  };
}

/** The same as a vendor would tell it whose clock is ahead. */
function shifted(question: RpoQuestion, byMs: number): RpoQuestion {
  const shift = (at: Date | undefined): Date | undefined =>
    at === undefined ? undefined : new Date(at.getTime() + byMs);
  return {
    ...question,
    historySince: shift(question.historySince),
    jobs: question.jobs.map((job) => ({ ...job, nextRunAt: shift(job.nextRunAt) })),
    runs: question.runs.map((run) => ({ ...run, startedAt: shift(run.startedAt), endedAt: shift(run.endedAt) })),
  };
}
