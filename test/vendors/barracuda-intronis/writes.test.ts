import { describe, expect, it, onTestFinished } from 'vitest';
import { WRITE_VERBS, type WriteRequest, type WriteVerb } from '../../../src/domain/write-request.ts';
import type { BackupJob } from '../../../src/domain/backup-job.ts';
import { readCall } from '../../support/read-call.ts';
import { connectSimulated, type ConnectedSimulator } from '../../support/simulated-source.ts';

async function connect(format: string): Promise<ConnectedSimulator> {
  const connected = await connectSimulated('barracuda-intronis', {}, { format });
  onTestFinished(() => connected.close());
  return connected;
}

/** A request of each verb as another vendor would take it. */
function requestOf(verb: WriteVerb, job: BackupJob): WriteRequest {
  const [startAt, cron, timeZone] = [new Date(Date.now() + 3_600_000), undefined, undefined];
  switch (verb) {
    case 'CREATE': {
      const backup = { name: 'one', startAt, cron, timeZone, includeTypes: undefined, includedNames: undefined };
      return { verb, target: { section: 'sailpoint', backup } };
    }
    case 'CANCEL':
      return { verb, job, run: typeof job.lastRun === 'object' ? job.lastRun : undefined };
    case 'UPDATE_SCHEDULE':
      return { verb, job, schedule: { section: 'sailpoint', schedule: { startAt, cron, timeZone } } };
    default:
      return { verb, job };
  }
}

describe.each(['json', 'xml'])('vendors/barracuda-intronis/writes by %s', (format) => {
  it.each(WRITE_VERBS)('has no call for %s, says why, and makes no request', async (verb) => {
    const { source, simulator, config } = await connect(format);
    const { rows: jobs } = await source.listJobs(readCall());
    const { rows: runs } = await source.listRuns({}, readCall());
    expect(jobs.length).toBeGreaterThan(3);
    simulator.forgetRequests();
    for (const readings of [
      config.vendor.capabilities(config.settings),
      ...jobs.map((job) => source.jobCapabilities(job)),
      ...runs.map((run) => source.runCapabilities(run)),
    ]) {
      const reading = readings[verb];
      expect(reading).toMatchObject({
        supported: false,
        reason: 'NOT_OFFERED_BY_VENDOR',
        explanation: expect.stringMatching(/^[A-Z].{20,}\.$/),
      });
      // Nothing else of this source would serve.
      expect(reading).not.toHaveProperty('alternatives');
    }
    for (const job of jobs) {
      const asked = source.prepareWrite(requestOf(verb, job), readCall());
      await expect(asked).rejects.toMatchObject({ code: 'UNSUPPORTED', sourceKey: 'barracuda-intronis' });
    }
    const looked = source.settleWrite(verb, {}, readCall());
    await expect(looked).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(simulator.requests()).toEqual([]);
  });

  it('is meant by no section of an input', async () => {
    const { config } = await connect(format);
    expect(config.vendor.writeSection).toBeUndefined();
  });
});
