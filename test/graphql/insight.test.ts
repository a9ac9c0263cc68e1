import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { ProtectedObject } from '../../src/domain/protected-object.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource, type FakeSourceOptions } from '../support/fake-source.ts';
import { runOperation } from '../support/run-operation.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY = 24 * 3_600_000;

const nightly: Schedule = {
  enabled: true,
  recurrence: { form: 'WEEKLY', days: [0, 1, 2, 3, 4, 5, 6], at: { hour: 2, minute: 0, second: 0 } },
  zone: { timeZone: 'UTC' },
  startsAt: undefined,
  retry: undefined,
  window: undefined,
};

const object = (sourceKey: string): ProtectedObject => ({
  sourceKey,
  nativeId: 'o1',
  name: `Object of ${sourceKey}`,
  kind: 'APPLIANCE',
});

function run(sourceKey: string, daysAgo: number, change: Partial<BackupRun> = {}): BackupRun {
  const startedAt = new Date(Date.UTC(2026, 10, 20, 2) - daysAgo * DAY);
  const endedAt = new Date(startedAt.getTime() + 600_000);
  return sampleRun({ sourceKey, nativeId: `r${daysAgo}`, startedAt, endedAt, observedAt: NOW, ...change });
}

function source(key: string, runs: readonly BackupRun[], options: Partial<FakeSourceOptions> = {}): FakeSource {
  const jobs = [sampleJob({ sourceKey: key, schedule: nightly })];
  return new FakeSource({ key, jobs, runs, objects: [object(key)], ...options });
}

const ask = (query: string, sources: readonly FakeSource[]) => runOperation(query, sources, { now: () => NOW });

const OBJECTS = '{ protectedObjects { nodes { name rpo { verdict reason target derived achieved dueBy } } } }';

describe('graphql: objectives', () => {
  it('gives a verdict for every object, over all its jobs, from a configured target or from the schedule', async () => {
    const { data, errors } = await ask(OBJECTS, [
      source('a-met', [run('a-met', 0)]),
      source('b-late', [run('b-late', 3)], { rpoMs: 2 * DAY }),
      source('c-never', [run('c-never', 0, { status: 'FAILED' })], { rpoMs: DAY }),
    ]);
    expect(errors).toEqual([]);
    expect(data.protectedObjects.nodes).toEqual([
      {
        name: 'Object of a-met',
        rpo: {
          verdict: 'MET',
          reason: 'COPY_IN_TIME',
          target: 'PT36H',
          derived: true,
          achieved: 'PT10H',
          dueBy: '2026-11-21T14:00:00.000Z',
        },
      },
      {
        name: 'Object of b-late',
        rpo: {
          verdict: 'BREACHED',
          reason: 'COPY_TOO_OLD',
          target: 'PT48H',
          derived: false,
          achieved: 'PT82H',
          dueBy: '2026-11-19T02:00:00.000Z',
        },
      },
      {
        name: 'Object of c-never',
        rpo: {
          verdict: 'NEVER_PROTECTED',
          reason: 'NO_COPY',
          target: 'PT24H',
          derived: false,
          achieved: null,
          dueBy: null,
        },
      },
    ]);
  });

  it('is UNKNOWN, and never MET, where the history was not read whole', async () => {
    const partial = source('part', [run('part', 3)], {
      rpoMs: DAY,
      problems: [new GatewayError('MALFORMED_RESPONSE', 'row 3 is torn', { sourceKey: 'part' })],
    });
    const { data } = await ask(OBJECTS, [partial]);
    expect(data.protectedObjects.nodes[0].rpo).toMatchObject({ verdict: 'UNKNOWN', reason: 'HISTORY_INCOMPLETE' });
  });

  it('lists the objects of a verdict alone', async () => {
    const sources = [source('a', [run('a', 0)], { rpoMs: 2 * DAY }), source('b', [run('b', 5)], { rpoMs: DAY })];
    const { data } = await ask(
      '{ protectedObjects(filter: { rpo: [BREACHED, AT_RISK] }) { nodes { name } totalCount } }',
      sources,
    );
    expect(data.protectedObjects).toEqual({ nodes: [{ name: 'Object of b' }], totalCount: 1 });
  });

  it('finds the jobs by the verdict on what they protect, in every list of jobs', async () => {
    const sources = [
      source('a', [run('a', 0)], { rpoMs: 2 * DAY }),
      source('b', [run('b', 5)], { rpoMs: DAY }),
      new FakeSource({ key: 'c', jobs: [sampleJob({ sourceKey: 'c', protects: undefined })] }),
    ];
    const { data, errors } = await ask(
      `{
        backupJobs(filter: { rpo: [BREACHED, UNKNOWN] }) { nodes { sourceKey } totalCount }
        statusReport(filter: { rpo: [BREACHED] }) { entries { nodes { object { name } } } }
        forecast(filter: { rpo: [BREACHED] }) { runs { job { sourceKey } } }
      }`,
      sources,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      backupJobs: { nodes: [{ sourceKey: 'b' }], totalCount: 1 },
      statusReport: { entries: { nodes: [{ object: { name: 'Object of b' } }] } },
      forecast: { runs: [{ job: { sourceKey: 'b' } }] },
    });
  });

  it('says so when verdicts are asked for and the history of a source cannot be read', async () => {
    const dumb = source('a', [run('a', 0)], { rpoMs: DAY });
    const failure = new GatewayError('VENDOR_FAULT', 'The vendor fell over.', { sourceKey: 'a' });
    Object.assign(dumb.reader, { listRuns: () => Promise.reject(failure) });
    const outcomes = 'sources { outcome error { kind } }';
    const { data } = await ask(
      `{
        backupJobs(filter: { rpo: [MET] }) { nodes { id } totalCount ${outcomes} }
        forecast(filter: { rpo: [MET] }) { complete ${outcomes} }
      }`,
      [dumb],
    );
    const failed = [{ outcome: 'FAILED', error: { kind: 'VENDOR_FAULT' } }];
    expect(data).toEqual({
      backupJobs: { nodes: [], totalCount: null, sources: failed },
      forecast: { complete: false, sources: failed },
    });
  });

  it('costs one reading of each source, however many objects', async () => {
    const one = source('a', [run('a', 0)]);
    await ask(`{ protectedObjects { nodes { rpo { verdict } jobs { nodes { missedRuns { judged } } } } } }`, [one]);
    expect(one.reads.filter((read) => read === 'listRuns').length).toBe(1);
  });
});

describe('graphql: missed and stalled runs', () => {
  it('names the due instants at which nothing began', async () => {
    const runs = [5, 4, 2, 1, 0].map((day) => run('a', day));
    const { data, errors } = await ask(
      '{ backupJobs { nodes { missedRuns { judged missed { dueAt tolerance } } } } }',
      [source('a', runs)],
    );
    expect(errors).toEqual([]);
    expect(data.backupJobs.nodes[0].missedRuns).toEqual({
      judged: 6,
      missed: [{ dueAt: '2026-11-17T02:00:00.000Z', tolerance: 'PT15M' }],
    });
  });

  it('claims nothing where it cannot judge', async () => {
    const { data } = await ask('{ backupJobs { nodes { missedRuns { judged } } } }', [source('a', [])]);
    expect(data.backupJobs.nodes[0].missedRuns).toBeNull();
  });

  it('calls a run stalled that lasts far longer than its job does as a rule', async () => {
    const running = { status: 'RUNNING' as const, endedAt: undefined, durationSeconds: undefined };
    const long = run('a', 0, { ...running, startedAt: new Date(NOW.getTime() - 3_600_000) });
    const short = run('b', 0, { ...running, startedAt: new Date(NOW.getTime() - 1_200_000) });
    const query = '{ backupRuns(filter: { statuses: [RUNNING] }) { nodes { conditions { kind severity } } } }';
    const stalled = await ask(query, [source('a', [long, run('a', 1)])]);
    expect(stalled.data.backupRuns.nodes[0].conditions).toEqual([{ kind: 'STALLED', severity: 'WARNING' }]);
    const fine = await ask(query, [source('b', [short, run('b', 1)])]);
    expect(fine.data.backupRuns.nodes[0].conditions).toEqual([]);
  });
});

describe('graphql: report', () => {
  it('has totals of verdicts, failures in a row, days and CSV', async () => {
    const runs = [run('a', 0, { status: 'FAILED' }), run('a', 1, { status: 'FAILED' }), run('a', 2), run('a', 3)];
    const dead = new FakeSource({ key: 'dead', failure: new GatewayError('NETWORK', 'gone', { sourceKey: 'dead' }) });
    const { data, errors } = await ask(
      `{ statusReport(period: { from: "2026-11-17T00:00:00Z" }) {
        complete
        rpo { met atRisk breached neverProtected unknown }
        entries { nodes { status consecutiveFailures rpo { verdict } } }
        byDay(timeZone: "Europe/Berlin") { date day overdue totals { counts { status count } successRate } }
        csv
      } }`,
      [source('a', runs, { rpoMs: 2 * DAY }), dead],
    );
    expect(errors).toEqual([]);
    const { csv, ...report } = data.statusReport;
    expect(report).toEqual({
      complete: false,
      rpo: { met: 0, atRisk: 0, breached: 1, neverProtected: 0, unknown: 0 },
      entries: { nodes: [{ status: 'FAILED', consecutiveFailures: 2, rpo: { verdict: 'BREACHED' } }] },
      byDay: [
        ['2026-11-17', 'SUCCEEDED', 1],
        ['2026-11-18', 'SUCCEEDED', 1],
        ['2026-11-19', 'FAILED', 0],
        ['2026-11-20', 'FAILED', 0],
      ].map(([date, status, successRate]) => ({
        date,
        day: `${new Date(Date.parse(`${date}T00:00:00Z`) - 3_600_000).toISOString()}`,
        overdue: 0,
        totals: { counts: [{ status, count: 1 }], successRate },
      })),
    });
    expect(csv.split('\r\n').length).toBe(3);
    expect(csv).toContain('Object of a');
  });

  it('keeps the verdict over all jobs of an object when the filter leaves out some', async () => {
    const jobs = [
      sampleJob({ sourceKey: 'a', nativeId: 'j1', name: 'red', schedule: nightly }),
      sampleJob({ sourceKey: 'a', nativeId: 'j2', name: 'blue', schedule: nightly }),
    ];
    const runs = [run('a', 3, { jobNativeId: 'j1' }), run('a', 0, { nativeId: 'x', jobNativeId: 'j2' })];
    const one = new FakeSource({ key: 'a', jobs, runs, objects: [object('a')], rpoMs: 2 * DAY });
    const { data } = await ask(
      '{ statusReport(filter: { search: "red" }) { entries { nodes { rpo { verdict } lastSuccess { id } } } } }',
      [one],
    );
    expect(data.statusReport.entries.nodes).toMatchObject([{ rpo: { verdict: 'MET' } }]);
  });

  it('counts failures in a row over one-offs, each of which is a job of its own', async () => {
    const jobs = ['a', 'b', 'c'].map((nativeId) =>
      sampleJob({ sourceKey: 'a', nativeId, kind: 'ONE_OFF', status: 'FAILED' }),
    );
    const runs = jobs.map(({ nativeId }, index) =>
      run('a', index, { nativeId, jobNativeId: nativeId, status: 'FAILED' }),
    );
    const one = new FakeSource({ key: 'a', jobs, runs, objects: [object('a')] });
    const { data } = await ask('{ statusReport { entries { nodes { consecutiveFailures } } } }', [one]);
    expect(data.statusReport.entries.nodes).toEqual([{ consecutiveFailures: 3 }]);
  });

  it('refuses a zone that is none, and a period of more than 400 days', async () => {
    const one = source('a', [run('a', 0)]);
    const zone = await ask('{ statusReport { byDay(timeZone: "CEST") { date } } }', [one]);
    expect(zone.errors.length).toBe(1);
    // Before any of its due instants is looked at: those of a thousand years would keep everybody waiting.
    for (const from of ['2020-01-01T00:00:00Z', '0001-01-01T00:00:00Z']) {
      const long = await ask(`{ statusReport(period: { from: "${from}" }) { byDay { date } } }`, [one]);
      expect(long.errors).toMatchObject([{ extensions: { argument: 'period' } }]);
      const missed = await ask(`{ backupJobs { nodes { missedRuns(period: { from: "${from}" }) { judged } } } }`, [
        one,
      ]);
      expect(missed.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'period' } }]);
    }
  });
});
