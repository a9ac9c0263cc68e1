import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfig, startDemoSimulators, type DemoSimulators } from '../src/cli/demo.ts';
import { startGateway, type Gateway } from '../src/server/create-gateway.ts';
import { EXAMPLE_WRITES } from './support/example-operations.ts';
import { silentLog } from './support/silent-log.ts';

/** The examples are made for the demo, and follow on each other. */
let simulators: DemoSimulators;
let gateway: Gateway;

beforeAll(async () => {
  simulators = await startDemoSimulators();
  gateway = await startGateway({
    config: demoConfig(simulators, { port: 0, managementPort: 0 }),
    log: silentLog,
    demo: true,
  });
}, 30_000);

afterAll(async () => {
  await gateway.close();
  await simulators.close();
});

// oxlint-disable-next-line typescript/no-explicit-any -- tests read answers by name and would only cast otherwise
async function ask(name: string): Promise<any> {
  const example = EXAMPLE_WRITES.find((one) => one.name === name) ?? expect.fail(`no example ${name}`);
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: example.query, variables: example.variables }),
  });
  const answer = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(answer.errors).toBeUndefined();
  return Object.values(answer.data)[0];
}

describe('examples/operations that write', () => {
  it('are three', () => {
    expect(EXAMPLE_WRITES.map(({ name }) => name)).toEqual(['10-create-backup', '11-start-backup', '12-cancel-backup']);
  });

  it('create files a scheduled action once, however often it is asked', async () => {
    expect(await ask('10-create-backup')).toMatchObject({
      operation: { state: 'CONFIRMED', replayed: false },
      job: {
        id: expect.stringMatching(/^gid:\/\/backup\/BackupJob\/isc\/action\//),
        name: 'roles and rules, weekly',
        schedule: { summary: expect.stringContaining('03:00') },
      },
      userErrors: [],
    });
    expect(await ask('10-create-backup')).toMatchObject({ operation: { state: 'CONFIRMED', replayed: true } });
    const made = simulators.bySource
      .get('isc')
      ?.requests()
      .filter(({ method, url }) => method === 'POST' && url.includes('scheduled-actions'));
    expect(made?.length).toBe(1);
  });

  it('start runs a job, which cancel stops', async () => {
    expect(await ask('11-start-backup')).toMatchObject({
      operation: { state: 'CONFIRMED' },
      job: { name: 'Standort Köln – all mailboxes and sites', status: expect.stringMatching(/QUEUED|RUNNING/) },
      run: { status: expect.stringMatching(/QUEUED|RUNNING/) },
      userErrors: [],
    });
    expect(await ask('12-cancel-backup')).toMatchObject({
      operation: { state: 'CONFIRMED', job: { status: expect.stringMatching(/CANCELING|CANCELED|RUNNING/) } },
      userErrors: [],
    });
    // A write in the same state again is refused as data.
    simulators.bySource.get('m365')?.clock.advance(600);
    expect(await ask('12-cancel-backup')).toMatchObject({ userErrors: [{ code: 'WRONG_STATE' }] });
  });
});
