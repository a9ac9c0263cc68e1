import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { encodeGlobalId } from '../../src/domain/native-id.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { knownSince } from '../../src/history/source-history.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource, type FakeSourceOptions } from '../support/fake-source.ts';
import { chronicleOf, remembered, runOperation } from '../support/run-operation.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = new Date('2026-11-20T12:00:00Z');

const nightly: Schedule = {
  enabled: true,
  recurrence: { form: 'WEEKLY', days: [0, 1, 2, 3, 4, 5, 6], at: { hour: 2, minute: 0, second: 0 } },
  zone: { timeZone: 'UTC' },
  startsAt: undefined,
  retry: undefined,
  window: undefined,
};

function run(daysAgo: number, change: Partial<BackupRun> = {}): BackupRun {
  const startedAt = new Date(Date.UTC(2026, 10, 20, 2) - daysAgo * DAY_MS);
  const endedAt = new Date(startedAt.getTime() + 600_000);
  return sampleRun({ nativeId: `r${daysAgo}`, startedAt, endedAt, observedAt: endedAt, ...change });
}

/** A gateway over one source whose runs a test changes as it goes. */
function stage(options: Partial<FakeSourceOptions> & { readonly jobs?: readonly BackupJob[] } = {}) {
  const time = { now: NOW };
  const chronicle = chronicleOf(() => time.now);
  const runs: BackupRun[] = [];
  const objects = [{ sourceKey: 'src', nativeId: 'o1', name: 'Object', kind: 'APPLIANCE' }] as const;
  const live = { key: 'src', jobs: [sampleJob({ schedule: nightly })], objects, runs, ...options };
  const fake = new FakeSource(live);
  const sources = remembered(chronicle, [fake], () => time.now);
  const ask = async (query: string) => {
    const answer = await runOperation(query, sources, { now: () => time.now, chronicle });
    await chronicle.settled();
    return answer;
  };
  /** What the vendor tells from now on. */
  const tells = (...rows: BackupRun[]): void => void runs.splice(0, runs.length, ...rows);
  /** The vendor told these once, each night, and forgets them. */
  const toldOnce = async (...rows: BackupRun[]): Promise<void> => {
    tells(...rows);
    await ask('{ backupRuns { totalCount } }');
    tells();
  };
  return { ask, tells, toldOnce, time, chronicle, fake, live };
}

const COUNTS = 'totals { counts { status count } successRate }';
const PERIOD = 'period: { from: "2026-11-10T00:00:00Z" }';

describe('graphql: run history in reports', () => {
  it('counts what the vendor has forgotten in totals, by source and by day, each run once', async () => {
    const { ask, tells, toldOnce } = stage();
    await toldOnce(run(3), run(2, { status: 'FAILED' }), run(1));
    tells(run(1), run(0));
    const { data, errors } = await ask(
      `{ statusReport(${PERIOD}) { ${COUNTS} bySource { ${COUNTS} } byDay { date totals { counts { status count } } } } }`,
    );
    expect(errors).toEqual([]);
    const counts = [
      { status: 'SUCCEEDED', count: 3 },
      { status: 'FAILED', count: 1 },
    ];
    expect(data.statusReport.totals).toEqual({ counts, successRate: 0.75 });
    expect(data.statusReport.bySource[0].totals.counts).toEqual(counts);
    const days = data.statusReport.byDay as { date: string; totals: { counts: { status: string }[] } }[];
    expect(days.slice(-4).map(({ date, totals }) => [date, totals.counts[0]?.status])).toEqual([
      ['2026-11-17', 'SUCCEEDED'],
      ['2026-11-18', 'FAILED'],
      ['2026-11-19', 'SUCCEEDED'],
      ['2026-11-20', 'SUCCEEDED'],
    ]);
  });

  it('counts runs of a job that is gone, and leaves them out where a filter names jobs', async () => {
    const { ask, toldOnce } = stage();
    await toldOnce(run(2, { jobNativeId: 'gone' }), run(1));
    const totals = async (filter: string): Promise<number> =>
      (await ask(`{ statusReport(${PERIOD}, filter: ${filter}) { ${COUNTS} } }`)).data.statusReport.totals.counts[0]
        .count;
    expect([await totals('{}'), await totals('{ kinds: [RECURRING] }')]).toEqual([2, 1]);
  });

  it('takes no success rate from a run whose end nobody saw', async () => {
    const { ask, toldOnce } = stage();
    await toldOnce(run(2), run(1, { status: 'RUNNING', endedAt: undefined }));
    const { data } = await ask(`{ statusReport(${PERIOD}) { ${COUNTS} } }`);
    expect(data.statusReport.totals).toEqual({
      counts: [
        { status: 'SUCCEEDED', count: 1 },
        { status: 'UNKNOWN', count: 1 },
      ],
      successRate: null,
    });
  });

  it('never proves a copy: verdict, last success and failures in a row follow the vendor alone', async () => {
    const { ask, tells, toldOnce } = stage({ rpoMs: 2 * DAY_MS });
    await toldOnce(run(1), run(2, { status: 'FAILED' }));
    const stands = `{ statusReport { entries { nodes { status consecutiveFailures lastSuccess { id } rpo { verdict } } } } protectedObjects { nodes { rpo { verdict } lastSuccess { id } } } }`;
    const forgotten = await ask(stands);
    expect(forgotten.data.statusReport.entries.nodes[0]).toMatchObject({
      lastSuccess: null,
      consecutiveFailures: null,
      rpo: { verdict: 'NEVER_PROTECTED' },
    });
    expect(forgotten.data.protectedObjects.nodes[0]).toEqual({
      rpo: { verdict: 'NEVER_PROTECTED' },
      lastSuccess: null,
    });
    tells(run(3, { status: 'FAILED' }), run(0, { status: 'FAILED' }));
    const failing = await ask(stands);
    expect(failing.data.statusReport.entries.nodes[0].consecutiveFailures).toBe(2);
  });

  it('leaves a source that cannot be read out of the figures, whatever is kept of it', async () => {
    const { ask, toldOnce, live } = stage();
    await toldOnce(run(1));
    Object.assign(live, { failure: new GatewayError('NETWORK', 'gone', { sourceKey: 'src' }) });
    const { data } = await ask(
      `{ statusReport(${PERIOD}) { complete ${COUNTS} bySource { ${COUNTS} } } backupRuns(filter: { includeHistory: true }) { nodes { id } } }`,
    );
    expect(data).toEqual({
      statusReport: { complete: false, totals: { counts: [], successRate: null }, bySource: [] },
      backupRuns: { nodes: [] },
    });
  });

  it('costs one reading of the past a source and period, however many jobs', async () => {
    const jobs = ['j1', 'j2', 'j3'].map((nativeId) => sampleJob({ nativeId, schedule: nightly }));
    const { ask, toldOnce, fake } = stage({ jobs });
    await toldOnce(run(2), run(1));
    let reads = 0;
    const { history } = fake as { history?: { runs: (question: object) => Promise<unknown> } };
    const read = history?.runs.bind(history);
    Object.assign(history ?? {}, { runs: (question: object) => ((reads += 1), read?.(question)) });
    await ask('{ backupJobs { nodes { missedRuns { judged } } } }');
    expect(reads).toBe(1);
  });
});

describe('graphql: run history and missed runs', () => {
  const MISSED =
    '{ backupJobs { nodes { missedRuns(period: { from: "2026-11-12T00:00:00Z" }) { judged missed { dueAt } } } } }';

  it('judges instants that the vendor has forgotten, while the source was looked at each day', async () => {
    const { ask, tells, time } = stage();
    for (let day = 8; day >= 0; day -= 1) {
      time.now = new Date(NOW.getTime() - day * DAY_MS);
      // The vendor remembers two runs; on the night four days ago nothing ran.
      tells(...[day + 1, day].filter((one) => one !== 4).map((one) => run(one)));
      await ask('{ backupRuns { totalCount } }');
    }
    const { data } = await ask(MISSED);
    expect(data.backupJobs.nodes[0].missedRuns).toEqual({
      judged: 9,
      missed: [{ dueAt: '2026-11-16T02:00:00.000Z' }],
    });
  });

  it('claims nothing of days on which nobody looked', async () => {
    const { ask, tells, time } = stage();
    for (const day of [8, 7, 0]) {
      time.now = new Date(NOW.getTime() - day * DAY_MS);
      tells(run(day + 1), run(day));
      await ask('{ backupRuns { totalCount } }');
    }
    const { data } = await ask(MISSED);
    expect(data.backupJobs.nodes[0].missedRuns).toEqual({ judged: 2, missed: [] });
  });

  it('knows of a stretch without a gap between looks, and of 24 hours before each', () => {
    const hour = (text: string): number => Date.parse(`2026-11-${text}:00:00Z`) / 3_600_000;
    const since = (...looks: string[]): string =>
      knownSince(new Date('2026-11-19T02:00:00Z'), looks.map(hour)).toISOString();
    expect(since()).toBe('2026-11-19T02:00:00.000Z');
    expect(since('20T12', '19T12', '18T12')).toBe('2026-11-17T12:00:00.000Z');
    expect(since('20T12', '18T12', '17T12')).toBe('2026-11-19T02:00:00.000Z');
  });
});

describe('graphql: runs from history', () => {
  const RUNS = 'nodes { status fromHistory observedAt }';

  it('are in a list only when they are asked for, and marked', async () => {
    const { ask, tells, toldOnce } = stage();
    await toldOnce(run(2), run(1, { status: 'RUNNING', endedAt: undefined }));
    tells(run(0));
    const list = async (filter: string) =>
      (await ask(`{ backupRuns(filter: ${filter}) { ${RUNS} totalCount } }`)).data.backupRuns;
    expect((await list('{}')).totalCount).toBe(1);
    const { nodes, totalCount } = await list('{ includeHistory: true }');
    expect([
      totalCount,
      nodes.map((one: { status: string; fromHistory: boolean }) => [one.status, one.fromHistory]),
    ]).toEqual([
      3,
      [
        ['SUCCEEDED', false],
        ['UNKNOWN', true],
        ['SUCCEEDED', true],
      ],
    ]);
    expect((await list('{ includeHistory: true, startedAfter: "2026-11-19T00:00:00Z" }')).totalCount).toBe(2);
    expect((await list('{ includeHistory: true, statuses: [UNKNOWN] }')).totalCount).toBe(1);
  });

  it('page with those that the vendor tells, by cursors of their own', async () => {
    const { ask, tells, toldOnce } = stage();
    await toldOnce(run(3), run(2), run(1));
    tells(run(0));
    const page = async (after: string | null, history = true) =>
      ask(
        `{ backupRuns(first: 2, after: ${JSON.stringify(after)}, filter: { includeHistory: ${history} }) { nodes { id } pageInfo { endCursor hasNextPage } } }`,
      );
    const first = await page(null);
    const cursor = first.data.backupRuns.pageInfo.endCursor as string;
    const second = await page(cursor);
    const ids = [...first.data.backupRuns.nodes, ...second.data.backupRuns.nodes].map(({ id }: { id: string }) => id);
    expect(ids.map((id) => id.split('/').at(-1))).toEqual(['r0', 'r1', 'r2', 'r3']);
    expect((await page(cursor, false)).errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
  });

  it('are found below their job', async () => {
    const { ask, tells, toldOnce } = stage();
    await toldOnce(run(2), run(1, { jobNativeId: 'other' }));
    tells(run(0));
    const { data } = await ask('{ backupJobs { nodes { runs(filter: { includeHistory: true }) { totalCount } } } }');
    expect(data.backupJobs.nodes[0].runs.totalCount).toBe(2);
  });

  it('are found by id when the vendor knows them no more, with nothing that could be done with them and no call for their log', async () => {
    const { ask, toldOnce, fake } = stage();
    await toldOnce(run(2));
    const id = encodeGlobalId('BackupRun', 'src', 'r2');
    const fields = 'status fromHistory messages { text } errorCount job { name }';
    const { data, errors } = await ask(
      `{ backupRun(id: "${id}") { ${fields} capabilities { supported reason } } node(id: "${id}") { ... on BackupRun { fromHistory } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.backupRun).toMatchObject({
      status: 'SUCCEEDED',
      fromHistory: true,
      messages: null,
      errorCount: null,
      job: { name: 'Job 1' },
    });
    expect(new Set(data.backupRun.capabilities.map((one: object) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ supported: false, reason: 'WRONG_STATE' })]),
    );
    expect(data.node).toEqual({ fromHistory: true });
    expect(fake.reads.filter((read) => read.startsWith('readMessages'))).toEqual([]);
  });

  it('are not given in the place of what the vendor tells', async () => {
    const { ask, tells, toldOnce } = stage();
    await toldOnce(run(2));
    tells(run(2, { status: 'FAILED' }));
    const { data } = await ask(
      `{ backupRun(id: "${encodeGlobalId('BackupRun', 'src', 'r2')}") { status fromHistory } }`,
    );
    expect(data.backupRun).toEqual({ status: 'FAILED', fromHistory: false });
  });

  it('are not found by id in the place of a vendor that does not answer, and not when never seen', async () => {
    const { ask, toldOnce, live } = stage();
    await toldOnce(run(2));
    const never = await ask(`{ backupRun(id: "${encodeGlobalId('BackupRun', 'src', 'r9')}") { status } }`);
    expect(never.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    Object.assign(live, { failure: new GatewayError('NETWORK', 'gone', { sourceKey: 'src' }) });
    const down = await ask(`{ backupRun(id: "${encodeGlobalId('BackupRun', 'src', 'r2')}") { status } }`);
    expect(down.errors).toMatchObject([{ extensions: { code: 'NETWORK' } }]);
  });

  it('tell how long a job takes when the vendor tells too few runs', async () => {
    const { ask, toldOnce } = stage();
    await toldOnce(run(2, { durationSeconds: 1_200 }), run(40, { durationSeconds: 9 }));
    const { data } = await ask('{ forecast { runs { expectedDuration } } }');
    expect(data.forecast.runs[0]).toEqual({ expectedDuration: 'PT20M' });
  });
});
