import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { runOperation } from '../support/run-operation.ts';

/** A Friday noon, so that the nights to come are those of a weekend. */
const NOW = new Date('2026-11-20T12:00:00Z');

function nightly(hour: number, minute = 0, window?: Schedule['window']): Schedule {
  return {
    enabled: true,
    recurrence: { form: 'WEEKLY', days: [0, 1, 2, 3, 4, 5, 6], at: { hour, minute, second: 0 } },
    zone: { timeZone: 'Europe/Berlin' },
    startsAt: undefined,
    retry: undefined,
    window,
  };
}

/** Open at night alone, 20:00 to 04:00 UTC. */
const NIGHT: NonNullable<Schedule['window']> = {
  enabled: true,
  semantics: 'MUST_FINISH_INSIDE',
  hours: Array.from({ length: 168 }, (_, hour) => hour % 24 >= 20 || hour % 24 < 4),
  utcOffsetMinutes: 0,
};

const storage = [{ name: 'storage', value: 'nas-1' }];

function source(key: string, schedule: Schedule, minutes: number | undefined, labels = storage): FakeSource {
  const job = sampleJob({ sourceKey: key, nativeId: 'j1', name: `Job of ${key}`, schedule });
  const run = sampleRun({ sourceKey: key, jobNativeId: 'j1', durationSeconds: (minutes ?? 0) * 60 });
  return new FakeSource({ key, labels, jobs: [job], runs: minutes === undefined ? [] : [run] });
}

const ask = (query: string, sources: readonly FakeSource[], now = NOW) =>
  runOperation(query, sources, { now: () => now });

const TO = 'to: "2026-11-21T12:00:00Z"';

describe('graphql/forecast', () => {
  it('merges the runs of all sources in order, with how long each takes', async () => {
    const { data, errors } = await ask(
      `{ forecast(${TO}) { complete runs { at basis expectedDuration insideWindow job { name } } sources { source { key } outcome count } } }`,
      [source('late', nightly(3), undefined), source('early', nightly(1, 30), 90)],
    );
    expect(errors).toEqual([]);
    expect(data.forecast).toEqual({
      complete: true,
      runs: [
        {
          at: '2026-11-21T00:30:00.000Z',
          basis: 'COMPUTED',
          expectedDuration: 'PT1H30M',
          insideWindow: null,
          job: { name: 'Job of early' },
        },
        {
          at: '2026-11-21T02:00:00.000Z',
          basis: 'COMPUTED',
          expectedDuration: null,
          insideWindow: null,
          job: { name: 'Job of late' },
        },
      ],
      sources: [
        { source: { key: 'late' }, outcome: 'OK', count: 1 },
        { source: { key: 'early' }, outcome: 'OK', count: 1 },
      ],
    });
  });

  it('says which source is missing, and the rest', async () => {
    const dead = new FakeSource({ key: 'dead', failure: new GatewayError('NETWORK', 'gone', { sourceKey: 'dead' }) });
    const { data, errors } = await ask(
      `{ forecast(${TO}) { complete runs { job { name } } sources { outcome error { kind } } } }`,
      [dead, source('good', nightly(3), 10)],
    );
    expect(errors).toEqual([]);
    expect(data.forecast).toEqual({
      complete: false,
      runs: [{ job: { name: 'Job of good' } }],
      sources: [
        { outcome: 'FAILED', error: { kind: 'NETWORK' } },
        { outcome: 'OK', error: null },
      ],
    });
  });

  it('finds runs that fight over what they share, and those alone', async () => {
    const sources = [
      source('a', nightly(2), 60),
      source('b', nightly(2, 30), undefined),
      source('c', nightly(2), 60, [{ name: 'storage', value: 'nas-2' }]),
    ];
    const query = (args: string) =>
      `{ forecast(${TO}) { conflicts${args} { sharedLabel { name value } confident overlap { from to } runs { job { name } } } } }`;
    expect((await ask(query(''), sources)).data.forecast.conflicts).toEqual([
      {
        sharedLabel: { name: 'storage', value: 'nas-1' },
        confident: false,
        overlap: { from: '2026-11-21T01:30:00.000Z', to: '2026-11-21T01:45:00.000Z' },
        runs: [{ job: { name: 'Job of a' } }, { job: { name: 'Job of b' } }],
      },
    ]);
    expect((await ask(query('(minimum: "PT20M")'), sources)).data.forecast.conflicts).toEqual([]);
    expect((await ask(query('(sharedLabelName: "site")'), sources)).data.forecast.conflicts).toEqual([]);
    const short = await ask(`{ scheduleConflicts(${TO}, sharedLabelName: "storage") { confident } }`, sources);
    expect(short.data.scheduleConflicts).toEqual([{ confident: false }]);
  });

  it('finds runs that a window will swallow', async () => {
    const { data } = await ask(
      `{ forecast(${TO}) { swallowed { reason opensAt closesAt missing run { at job { name } } } } }`,
      [
        source('day', nightly(12, 30, NIGHT), 10),
        source('long', nightly(4, 30, NIGHT), 60),
        source('fits', nightly(1, 0, NIGHT), 60),
      ],
    );
    expect(data.forecast.swallowed).toEqual([
      {
        reason: 'CUT_AT_CLOSING',
        opensAt: null,
        closesAt: '2026-11-21T04:00:00.000Z',
        missing: 'PT30M',
        run: { at: '2026-11-21T03:30:00.000Z', job: { name: 'Job of long' } },
      },
      {
        reason: 'STARTS_OUTSIDE',
        opensAt: '2026-11-21T20:00:00.000Z',
        closesAt: null,
        missing: null,
        run: { at: '2026-11-21T11:30:00.000Z', job: { name: 'Job of day' } },
      },
    ]);
  });

  it('warns of runs that are due while the clock is moved', async () => {
    const { data } = await ask(
      '{ forecast(from: "2027-03-27T12:00:00Z", to: "2027-03-29T12:00:00Z") { clockWarnings { kind dueAt expectedAt job { name } } } }',
      [source('a', nightly(2, 30), 10)],
    );
    expect(data.forecast.clockWarnings).toEqual([
      { kind: 'GAP', dueAt: '2027-03-28 02:30', expectedAt: '2027-03-28T01:30:00.000Z', job: { name: 'Job of a' } },
    ]);
  });

  it('gives bare lists too', async () => {
    const { data, errors } = await ask(
      '{ upcomingRuns(from: "2026-11-20T00:00:00Z", to: "2026-11-30T00:00:00Z", first: 3) { at expectedDuration } }',
      [source('a', nightly(2), 5)],
    );
    expect(errors).toEqual([]);
    expect(data.upcomingRuns).toEqual(
      ['20', '21', '22'].map((day) => ({ at: `2026-11-${day}T01:00:00.000Z`, expectedDuration: 'PT5M' })),
    );
  });

  it.each([
    ['to: "2026-11-19T12:00:00Z"', 'to'],
    ['to: "2027-11-19T12:00:00Z"', 'to'],
    ['to: "2026-11-21T12:00:00Z", first: 501', 'first'],
  ])('refuses %s', async (args, argument) => {
    const one = source('a', nightly(2), 5);
    const { errors } = await ask(`{ upcomingRuns(${args}) { at } }`, [one]);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument } }]);
    expect(one.reads).toEqual([]);
  });

  it('works out an expected duration for a schedule in one batch', async () => {
    const one = source('a', nightly(2), 5);
    const { data } = await ask(
      '{ backupJobs { nodes { schedule { upcoming(first: 2) { at expectedDuration } window { offsetWarning } } } } }',
      [one],
    );
    expect(data.backupJobs.nodes[0].schedule.upcoming[0].expectedDuration).toBe('PT5M');
    expect(one.reads).toEqual(['listJobs', 'readRunsOfJobs j1']);
  });

  it('tells how a run stood to its window', async () => {
    const job = sampleJob({ sourceKey: 'a', schedule: nightly(2, 0, NIGHT) });
    const runs = [
      ['2026-11-20T01:00:00Z', '2026-11-20T02:00:00Z'],
      ['2026-11-19T03:00:00Z', '2026-11-19T05:30:00Z'],
      ['2026-11-18T10:00:00Z', '2026-11-18T10:10:00Z'],
    ].map(([start = '', end = ''], index) =>
      sampleRun({ sourceKey: 'a', nativeId: `r${index}`, startedAt: new Date(start), endedAt: new Date(end) }),
    );
    const { data } = await ask('{ backupRuns { nodes { windowCompliance { verdict outside semantics } } } }', [
      new FakeSource({ key: 'a', jobs: [job], runs }),
    ]);
    expect(data.backupRuns.nodes.map((run: { windowCompliance: object }) => run.windowCompliance)).toEqual([
      { verdict: 'INSIDE', outside: null, semantics: 'MUST_FINISH_INSIDE' },
      { verdict: 'RAN_OVER', outside: 'PT1H30M', semantics: 'MUST_FINISH_INSIDE' },
      { verdict: 'STARTED_OUTSIDE', outside: 'PT10M', semantics: 'MUST_FINISH_INSIDE' },
    ]);
  });
});
