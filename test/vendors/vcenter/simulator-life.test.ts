import { describe, expect, it } from 'vitest';
import { BACKUP, StillClock, lab, type Row } from './simulator-lab.ts';

describe('vendors/vcenter/simulator, over time', () => {
  it('runs one backup at a time until all are done', async () => {
    const { clock, details } = await lab('8.0', 'api');
    const seen = new Set<string>();
    let running = 0;
    for (let minute = 0; minute < 15; minute += 1) {
      const statuses = [...(await details()).values()].map(({ status }) => String(status));
      running = Math.max(running, statuses.filter((status) => status === 'RUNNING').length);
      seen.add(
        statuses
          .filter((status) => ['PENDING', 'RUNNING', 'BLOCKED'].includes(status))
          .toSorted()
          .join(),
      );
      clock.advance(60);
    }
    expect(running).toBe(1);
    expect([...seen]).toEqual(['BLOCKED,PENDING,RUNNING', 'PENDING,RUNNING', 'RUNNING', '']);
  });

  it('moves progress, size and duration with the clock, and ends', async () => {
    const { clock, value, details } = await lab('8.0', 'api');
    const [id = ''] = [...(await details())].find(([, { status }]) => status === 'RUNNING') ?? [];
    const figures = async (): Promise<number[]> => {
      const row = (await details()).get(id);
      return [
        Number((row?.['progress'] as Row | undefined)?.['completed']),
        Number(row?.['size']),
        Number(row?.['duration']),
      ];
    };
    const before = await figures();
    clock.advance(60);
    const after = await figures();
    expect(after.every((figure, index) => figure > (before[index] ?? Infinity))).toBe(true);
    expect(after[2]).toBe((before[2] ?? 0) + 60);
    expect(await value(`${BACKUP}/job/${id}`)).toMatchObject({ state: 'INPROGRESS', progress: after[0] });
    clock.advance(240);
    expect(await value(`${BACKUP}/job/${id}`)).toMatchObject({ state: 'SUCCEEDED', progress: 100 });
    expect((await details()).get(id)).toMatchObject({ status: 'SUCCEEDED', cancelable: false, duration: 240 });
  });

  it('fires the schedule by the clock of Berlin, in summer and in winter', async () => {
    for (const [evening, fire] of [
      ['2026-11-18T20:00:00.000Z', '2026-11-19T02:15:00.000Z'],
      ['2026-07-01T20:00:00.000Z', '2026-07-02T01:15:00.000Z'],
      ['2026-03-28T20:00:00.000Z', '2026-03-29T01:15:00.000Z'],
    ] as const) {
      const clock = new StillClock(evening);
      const { details, untilIdle } = await lab('8.0', 'api', { clock });
      clock.advance((Date.parse(fire) - Date.parse(evening)) / 1000);
      await untilIdle();
      const newest = [...(await details()).values()].find((row) => row['start_time'] === fire);
      expect(newest).toMatchObject({ type: 'SCHEDULED', status: expect.stringMatching(/^(SUCCEEDED|FAILED)$/) });
    }
  });

  it('lets a backup that the schedule starts wait for the one that runs', async () => {
    const clock = new StillClock('2026-11-19T02:14:00.000Z');
    const { details } = await lab('8.0', 'api', { clock, jobs: 3 });
    const countBefore = (await details()).size;
    clock.advance(70);
    const statuses = [...(await details()).values()].map(({ status }) => status);
    expect(statuses).toHaveLength(countBefore + 1);
    expect(statuses.filter((status) => status === 'PENDING' || status === 'RUNNING').toSorted()).toEqual([
      'PENDING',
      'RUNNING',
    ]);
  });

  it('keeps the newer nights when weeks go by', async () => {
    const { clock, details, untilIdle } = await lab('9.1', 'api', { jobs: 0 });
    clock.advance(14 * 86_400);
    await untilIdle();
    const rows = [...(await details()).values()];
    expect(rows).toHaveLength(14);
    expect(rows.every(({ type }) => type === 'SCHEDULED')).toBe(true);
  });

  it('gives equal answers for equal options and clocks, and others for another seed', async () => {
    expect(await tell(5)).toBe(await tell(5));
    expect(await tell(5)).not.toBe(await tell(6));
  });

  it.each([0, 1, 2, 3, 5, 6, 5000])('starts with %i backups, fast', async (jobs) => {
    const before = performance.now();
    const { details } = await lab('8.0', 'api', { jobs });
    expect((await details()).size).toBe(jobs);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

async function tell(seed: number): Promise<string> {
  const { clock, get } = await lab('8.0', 'api', { seed, jobs: 40 });
  const now = (await get(`${BACKUP}/job/details`)).text;
  clock.advance(200);
  return now + (await get(`${BACKUP}/job/details`)).text;
}
