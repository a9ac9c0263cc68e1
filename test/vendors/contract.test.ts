import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { compareNewestFirst } from '../../src/domain/backup-run.ts';
import { isActive } from '../../src/domain/backup-status.ts';
import { GatewayError, SOURCE_ERROR_KINDS } from '../../src/domain/errors.ts';
import { decodeNativeId } from '../../src/domain/native-id.ts';
import { OPERATIONS } from '../../src/domain/source.ts';
import { WRITE_VERBS, type WriteVerb } from '../../src/domain/write-request.ts';
import type { FaultKind } from '../../src/simulation/faults.ts';
import type { PreparedWrite } from '../../src/vendors/contract.ts';
import { VENDORS, vendorBySlug } from '../../src/vendors/registry.ts';
import { readCall } from '../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../support/simulated-source.ts';
import { StandingClock } from '../support/standing-clock.ts';
import { VENDOR_VARIANTS } from '../support/vendor-variants.ts';
import { findRequest, requestFor, WRITE_SETTINGS } from '../support/write-requests.ts';

let connected: ConnectedSimulator | undefined;

afterEach(async () => {
  await connected?.close();
  connected = undefined;
});

describe.each(VENDOR_VARIANTS)('vendors/contract: $slug $name', ({ slug, variant, settings }) => {
  async function connect(options: { readonly jobs?: number } = {}, timeout = '5s'): Promise<ConnectedSimulator> {
    connected = await connectSimulated(slug, { ...options, variant }, settings, {
      limits: { timeout, requestsPerSecond: 5_000 },
    });
    return connected;
  }

  it('lists jobs, runs and objects that fit together', async () => {
    const { source } = await connect();
    const call = readCall();
    const [jobs, runs, objects] = [
      await source.listJobs(call),
      await source.listRuns({}, call),
      await source.listProtectedObjects(call),
    ];
    expect(jobs.rows.length).toBeGreaterThan(3);
    expect(runs.rows.length).toBeGreaterThan(3);
    expect(objects.rows.length).toBeGreaterThan(0);
    for (const rows of [jobs.rows, runs.rows, objects.rows]) {
      const ids = rows.map(({ nativeId }) => nativeId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(() => decodeNativeId(id)).not.toThrow();
      expect(rows.every(({ sourceKey }) => sourceKey === source.key)).toBe(true);
    }
    const jobIds = new Set(jobs.rows.map(({ nativeId }) => nativeId));
    const tied = runs.rows.flatMap(({ jobNativeId }) => jobNativeId ?? []);
    expect(tied.length).toBeGreaterThan(0);
    expect(tied.filter((id) => !jobIds.has(id))).toEqual([]);
    const objectIds = new Set(objects.rows.map(({ nativeId }) => nativeId));
    expect(jobs.rows.flatMap(({ protects }) => protects?.nativeId ?? []).filter((id) => !objectIds.has(id))).toEqual(
      [],
    );
  });

  it('reads single jobs, runs and objects as it lists them, and knows nothing of others', async () => {
    const { source } = await connect();
    const call = readCall();
    const { rows: jobs } = await source.listJobs(call);
    const { rows: runs } = await source.listRuns({}, call);
    const { rows: objects } = await source.listProtectedObjects(call);
    for (const wanted of [2, 10]) {
      const jobIds = jobs.slice(0, wanted).map(({ nativeId }) => nativeId);
      const read = await source.readJobs([...jobIds, 'schedule/none', 'none'], readCall());
      expect(jobIds.map((id) => read.get(id))).toMatchObject(
        jobs.slice(0, wanted).map(({ nativeId, name, kind }) => ({ nativeId, name, kind })),
      );
      for (const unknown of ['schedule/none', 'none']) expect(isMissing(read.get(unknown))).toBe(true);
      const runIds = runs.slice(0, wanted).map(({ nativeId }) => nativeId);
      const readRuns = await source.readRuns([...runIds, 'none'], readCall());
      expect(runIds.map((id) => readRuns.get(id))).toMatchObject(
        runs.slice(0, wanted).map(({ nativeId, jobNativeId, startedAt }) => ({ nativeId, jobNativeId, startedAt })),
      );
      expect(isMissing(readRuns.get('none'))).toBe(true);
    }
    const objectIds = objects.slice(0, 5).map(({ nativeId }) => nativeId);
    const readObjects = await source.readProtectedObjects([...objectIds, 'none'], readCall());
    expect(objectIds.map((id) => readObjects.get(id))).toEqual(objects.slice(0, 5));
    expect(isMissing(readObjects.get('none'))).toBe(true);
  });

  it('gives the runs of jobs newest first, the same ones as the list', async () => {
    const { source } = await connect();
    const call = readCall();
    const { rows: jobs } = await source.listJobs(call);
    const { rows: runs } = await source.listRuns({}, call);
    const ids = jobs.map(({ nativeId }) => nativeId);
    const ofJobs = await source.readRunsOfJobs([...ids, 'none'], {}, call);
    for (const id of ids) {
      const answer = ofJobs.get(id);
      if (answer === undefined || answer instanceof GatewayError) throw new Error(`no runs of ${id}`);
      expect(answer.rows.map(({ nativeId }) => nativeId)).toEqual(
        answer.rows.toSorted(compareNewestFirst).map(({ nativeId }) => nativeId),
      );
      expect(new Set(answer.rows.map(({ nativeId }) => nativeId))).toEqual(
        new Set(runs.filter(({ jobNativeId }) => jobNativeId === id).map(({ nativeId }) => nativeId)),
      );
    }
    expect(
      isMissing(ofJobs.get('none')) || (ofJobs.get('none') as { rows: readonly BackupRun[] }).rows.length === 0,
    ).toBe(true);
  });

  it('reads the log of runs whose log is a call of its own', async () => {
    const { source } = await connect();
    const call = readCall();
    const { rows: runs } = await source.listRuns({}, call);
    const apart = runs.filter(({ messages }) => messages === 'NOT_TOLD').slice(0, 4);
    const messages = await source.readMessages(
      apart.map(({ nativeId }) => nativeId),
      call,
    );
    for (const { nativeId } of apart) expect(Array.isArray(messages.get(nativeId))).toBe(true);
  });

  it('makes up nothing: runs that have not ended have no end, figures are not negative, observed times are told', async () => {
    const { source } = await connect();
    const { rows: runs } = await source.listRuns({}, readCall());
    for (const run of runs) {
      if (['QUEUED', 'RUNNING', 'CANCELING'].includes(run.status)) expect(run.endedAt).toBeUndefined();
      if (run.startedAt !== undefined && run.endedAt !== undefined)
        expect(run.endedAt.getTime()).toBeGreaterThanOrEqual(run.startedAt.getTime());
      for (const whole of [run.progressPercent, run.objectCount, run.errorCount, run.warningCount]) {
        if (whole !== undefined) expect(Number.isSafeInteger(whole) && whole >= 0).toBe(true);
      }
      if (run.progressPercent !== undefined) {
        expect(run.progressPercent).toBeGreaterThanOrEqual(0);
        expect(run.progressPercent).toBeLessThanOrEqual(100);
      }
      expect(run.observedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    }
    expect(new Set(runs.map(({ status }) => status)).size).toBeGreaterThan(2);
  });

  it('answers an empty vendor with empty lists', async () => {
    const { source } = await connect({ jobs: 0 });
    const call = readCall();
    const [jobs, runs] = [await source.listJobs(call), await source.listRuns({}, call)];
    expect([runs.rows, runs.problems.filter(({ code }) => code !== 'NOT_FOUND')]).toEqual([[], []]);
    expect(jobs.problems).toEqual([]);
  });

  it('answers every capability, with a reason and a sentence where the answer is no', async () => {
    const { source, config } = await connect();
    const { rows: jobs } = await source.listJobs(readCall());
    const { rows: runs } = await source.listRuns({}, readCall());
    const answers = [
      config.vendor.capabilities(config.settings),
      ...jobs.slice(0, 10).map((job) => source.jobCapabilities(job)),
      ...runs.slice(0, 10).map((run) => source.runCapabilities(run)),
    ];
    for (const answer of answers) {
      expect(Object.keys(answer).toSorted()).toEqual([...OPERATIONS].toSorted());
      for (const reading of Object.values(answer)) {
        if (!reading.supported)
          expect([typeof reading.reason, typeof reading.explanation]).toEqual(['string', 'string']);
      }
    }
  });

  it('renews a login that the vendor has forgotten, once', async () => {
    const { source, simulator } = await connect();
    await source.listJobs(readCall());
    const logins = (): number =>
      simulator.requests().filter(({ method, url }) => method === 'POST' && /token|session/i.test(url)).length;
    expect(logins()).toBe(1);
    simulator.fault({ kind: 'unauthorized', times: 1 });
    const again = await source.listJobs(readCall({ freshSince: Date.now() + 1 }));
    expect(again.rows.length).toBeGreaterThan(3);
    expect(logins()).toBe(2);
  });

  const faults: readonly FaultKind[] = [
    'refuse',
    'reset-mid-body',
    'stall',
    'stall-body',
    'truncate',
    'bad-json',
    'bad-xml',
    'html',
    'empty',
    'oversized',
    'unauthorized',
    'throttle',
    'server-error',
    'redirect',
  ];

  it.each(faults)('fails with a listed code under the fault %s, before and behind the login', async (kind) => {
    const { source, simulator } = await connect({}, '250ms');
    for (const after of [0, 2]) {
      simulator.clearFaults();
      simulator.fault({ kind, after, retryAfterSeconds: 60 });
      const answer = await source
        .listRuns({}, readCall({ freshSince: Date.now() + 1 }))
        .catch((error: unknown) => error);
      if (answer instanceof Error) {
        expect(answer).toBeInstanceOf(GatewayError);
        expect(SOURCE_ERROR_KINDS).toContain((answer as GatewayError).code);
        expect((answer as GatewayError).sourceKey).toBe(source.key);
        expect((answer as GatewayError).message).not.toMatch(/secret|password=|Sign in|<html/i);
      }
    }
  });

  it('ends endless pages', async () => {
    const { source, simulator } = await connect();
    simulator.fault({ kind: 'endless-paging' });
    const { rows } = await source.listRuns({}, readCall());
    expect(new Set(rows.map(({ nativeId }) => nativeId)).size).toBe(rows.length);
    expect(simulator.requests().length).toBeLessThan(1_200);
  });
});

/** Pairs of a variant and a verb for which the variant has no job, whatever its simulator is made to do. */
const WITHOUT_A_JOB: ReadonlySet<string> = new Set(
  ['START', 'ENABLE', 'DISABLE', 'UPDATE_SCHEDULE', 'DELETE'].map((verb) => `vcenter 6.5 rest ${verb}`),
);

/** What brings about a job or run to which a verb can be done. */
const BEFORE: Partial<Record<WriteVerb, readonly WriteVerb[]>> = {
  CANCEL: ['START', 'CREATE'],
  ENABLE: ['DISABLE'],
  DISABLE: ['ENABLE'],
};

describe.each(VENDOR_VARIANTS)('vendors/contract: writes of $slug $name', ({ slug, name, variant, settings }) => {
  async function connect(): Promise<ConnectedSimulator> {
    // At noon no schedule is due for hours, whatever the hour of the test.
    const clock = new StandingClock('2026-11-18T12:00:00.000Z');
    connected = await connectSimulated(slug, { variant, clock }, { ...settings, ...WRITE_SETTINGS[slug] });
    return connected;
  }

  /** A write that is ready; undefined when the source has nothing to do it to. */
  async function ready(verb: WriteVerb, { source, config }: ConnectedSimulator): Promise<PreparedWrite | undefined> {
    const request = await findRequest(verb, config.vendor.writeSection, source);
    const prepared = request && (await source.prepareWrite(request, readCall()));
    return prepared === undefined || 'refusals' in prepared ? undefined : prepared;
  }

  /** Backups of an appliance wait for each other, so that the last ends long after the first. */
  async function untilIdle({ source, simulator }: ConnectedSimulator): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      simulator.clock.advance(3_600);
      const { rows } = await source.listRuns({}, readCall({ freshSince: Infinity }));
      if (!rows.some(({ status }) => isActive(status))) return;
    }
  }

  /** The same, after what is under way has ended, or after something was begun. */
  async function madeReady(verb: WriteVerb, at: ConnectedSimulator): Promise<PreparedWrite | undefined> {
    // What runs already may be in the way of a new one, and not every appliance says so beforehand.
    const asItIs = verb === 'CREATE' ? undefined : await ready(verb, at);
    if (asItIs !== undefined) return asItIs;
    await untilIdle(at);
    const idle = await ready(verb, at);
    if (idle !== undefined) return idle;
    for (const other of BEFORE[verb] ?? []) {
      const begun = await ready(other, at);
      if (begun === undefined) continue;
      await begun.send(AbortSignal.timeout(5_000));
      const after = await ready(verb, at);
      if (after !== undefined) return after;
    }
    return undefined;
  }

  it.each(WRITE_VERBS)(
    'does %s with one call whose effect it finds again, or says why not without any',
    async (verb) => {
      const at = await connect();
      const { source, simulator, config } = at;
      const reading = config.vendor.capabilities(config.settings)[verb];
      if (!reading.supported) {
        noteCell(`${slug} ${name}`, verb, 'UNSUPPORTED');
        expect([typeof reading.reason, typeof reading.explanation]).toEqual(['string', 'string']);
        const { rows: jobs } = await source.listJobs(readCall());
        simulator.forgetRequests();
        for (const job of jobs) {
          expect(source.jobCapabilities(job)[verb].supported).toBe(false);
          const asked = source.prepareWrite(requestFor(verb, config.vendor.writeSection, job), readCall());
          await expect(asked).rejects.toBeInstanceOf(GatewayError);
        }
        expect(jobs.length).toBeGreaterThan(3);
        expect(simulator.requests()).toEqual([]);
        return;
      }
      const prepared = await madeReady(verb, at);
      expect(prepared === undefined).toBe(WITHOUT_A_JOB.has(`${slug} ${name} ${verb}`));
      if (prepared === undefined) return noteCell(`${slug} ${name}`, verb, 'no schedule');
      const { vendorCall, mark } = prepared;
      simulator.forgetRequests();
      expect(await prepared.send(AbortSignal.timeout(5_000))).toMatchObject({ outcome: 'DONE' });
      expect(simulator.requests().map(({ method, url }) => `${method} ${url}`)).toEqual([
        `${vendorCall.method} ${vendorCall.path}`,
      ]);
      const kept = JSON.parse(JSON.stringify(mark)) as typeof mark;
      expect(kept).toEqual(mark);
      await vi.waitFor(async () => {
        // A vendor needs a moment to stop what runs.
        simulator.clock.advance(30);
        expect(await source.settleWrite(verb, kept, readCall())).toBeDefined();
      }, 5_000);
      noteCell(`${slug} ${name}`, verb, 'yes');
    },
  );
});

/** What the tests above have seen, by variant and verb. */
const cells = new Map<string, string>();

function noteCell(variant: string, verb: WriteVerb, cell: string): void {
  cells.set(`${variant} ${verb}`, cell);
}

/** The matrix as a Markdown table, laid out as the formatter of this project wants it. */
function matrixOf(): string {
  const head = ['vendor and version', ...WRITE_VERBS];
  const rows = VENDOR_VARIANTS.map(({ slug, name }) => [
    `${slug} ${name}`,
    ...WRITE_VERBS.map((verb) => cells.get(`${slug} ${name} ${verb}`) ?? 'not seen'),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

describe('vendors/contract: the matrix of writes', () => {
  it('is the table of docs/writing.md', () => {
    const matrix = matrixOf();
    if (process.env['BACKUPGRAPH_PRINT_MATRIX'] !== undefined) console.info(`\n${matrix}\n`);
    expect(matrix).not.toContain('not seen');
    expect(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'writing.md'), 'utf8')).toContain(matrix);
  });
});

describe.each(VENDORS.map(({ slug }) => ({ slug })))('vendors/contract: $slug at its largest', ({ slug }) => {
  it('lists 5,000 jobs and their runs', async () => {
    connected = await connectSimulated(slug, { jobs: 5_000 }, {});
    const { source } = connected;
    const jobs = await source.listJobs(readCall({ deadlineMs: 15_000 }));
    expect(jobs.problems).toEqual([]);
    expect(jobs.rows.length).toBeGreaterThan(1_000);
  });

  it('is found by its name', () => {
    expect(vendorBySlug(slug)?.slug).toBe(slug);
  });
});

function isMissing(answer: unknown): boolean {
  return answer === undefined || (answer instanceof GatewayError && answer.code === 'NOT_FOUND');
}
