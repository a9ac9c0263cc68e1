import { describe, expect, it } from 'vitest';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { runOperation } from '../support/run-operation.ts';

describe('graphql: rows shared between operations', () => {
  it('shares the rows of one choice of read options, and reads others apart, so that a row stands for one choice', async () => {
    const source = new FakeSource({
      key: 'a',
      jobs: [sampleJob({ sourceKey: 'a' })],
      runs: [sampleRun({ sourceKey: 'a' })],
    });
    const { errors } = await runOperation(
      `{
        patient: backupJobs(read: { patience: "PT3S" }) { nodes { id } }
        plain: backupJobs { nodes { id } }
        again: statusReport(read: { patience: "PT3S" }) { asOf }
      }`,
      [source],
    );
    expect(errors).toEqual([]);
    const now = Date.now();
    const flags = source.calls.map(({ deadlineAt, mayShareRows }) => [deadlineAt - now > 4_000, mayShareRows]);
    expect(flags.length).toBeGreaterThanOrEqual(3);
    expect(flags.every(([isPlain, mayShare]) => mayShare === !isPlain)).toBe(true);
    expect(new Set(flags.map(([isPlain]) => isPlain)).size).toBe(2);
  });
});
