import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USER_ERROR_CODES, type UserErrorCode } from '../../src/domain/backup-operation.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { WriteService } from '../../src/writing/write-service.ts';
import { runOperation, writeService } from '../support/run-operation.ts';
import { connectSimulated, type ConnectedSimulator } from '../support/simulated-source.ts';
import { StandingClock } from '../support/standing-clock.ts';

/** Every code of the schema, brought about by a simulated vendor. */
const fleet = new Map<string, ConnectedSimulator>();
let writes: WriteService;
const seen = new Set<string>();

beforeAll(async () => {
  const clock = new StandingClock('2026-11-18T12:00:00.000Z');
  const limits = { limits: { timeout: '1s', requestsPerSecond: 5_000 } };
  const destinations = [{ name: 'nas', type: 'SFTP', location: 'sftp://nas.lab.test/vc', user: 'bkp' }];
  const quiet = { variant: { rateLimit: 'no' } };
  fleet.set('vcenter', await connectSimulated('vcenter', { clock }, { destinations }, limits));
  fleet.set('sailpoint', await connectSimulated('sailpoint', { clock, ...quiet }, {}, limits));
  fleet.set('barracuda-intronis', await connectSimulated('barracuda-intronis', { clock }, {}, limits));
  writes = writeService([...fleet.values()].map(({ gateway }) => gateway));
}, 30_000);

afterAll(async () => {
  await writes.close();
  await Promise.all([...fleet.values()].map((one) => one.close()));
});

function simulator(slug: string): ConnectedSimulator['simulator'] {
  return fleet.get(slug)?.simulator ?? expect.fail(`no simulator of ${slug}`);
}

interface UserError {
  readonly code: UserErrorCode;
  readonly __typename: string;
  readonly field: readonly string[] | null;
  readonly rule?: string;
}

async function ask(query: string, variables: Record<string, unknown> = {}, caller?: Caller) {
  const sources = [...fleet.values()].map(({ gateway }) => gateway);
  const { data, errors } = await runOperation(query, sources, { variables, writes, ...(caller ? { caller } : {}) });
  expect(errors).toEqual([]);
  return data;
}

/** The user errors of one write. */
async function refusalsOf(
  mutation: string,
  type: string,
  input: object,
  caller?: Caller,
): Promise<readonly UserError[]> {
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { operation { state } userErrors { __typename code field ... on InputUserError { rule } ... on ConflictError { blockedBy { status } } ... on UnsupportedOperationError { alternatives } } } }`;
  const { userErrors } = (await ask(query, { input }, caller))[mutation] as { userErrors: readonly UserError[] };
  for (const { code } of userErrors) seen.add(code);
  return userErrors;
}

let number = 0;
const key = (): string => `user-error-${(number += 1)}`;
const vcenter = (change: object = {}): object => ({
  source: 'vcenter',
  idempotencyKey: key(),
  target: { vcenter: { destination: { configured: 'nas' }, ...change } },
});
const sailpoint = (change: object = {}, idempotencyKey = key()): object => ({
  source: 'sailpoint',
  idempotencyKey,
  target: { sailpoint: { name: 'one', cron: '0 3 * * 6', ...change } },
});

async function firstJob(source: string, filter = ''): Promise<{ readonly id: string; readonly observedAt: string }> {
  const data = await ask(
    `{ source(key: "${source}") { jobs(first: 50${filter}) { nodes { id observedAt schedule { summary } runs(first: 1) { nodes { id status } } } } } }`,
  );
  return data.source.jobs.nodes[0];
}

describe('user errors of simulated vendors', () => {
  it('INVALID_VALUE: a password that breaks rules, each named', async () => {
    const rules = await refusalsOf(
      'createBackup',
      'CreateBackupInput',
      vcenter({ backupPassword: { value: 'short' } }),
    );
    expect(rules.length).toBeGreaterThan(2);
    for (const { code, field, rule } of rules)
      expect([code, field, rule]).toEqual([
        'INVALID_VALUE',
        ['target', 'vcenter', 'backupPassword'],
        expect.any(String),
      ]);
  });

  it('EXACTLY_ONE_REQUIRED: a secret by value and by name', async () => {
    const both = vcenter({ backupPassword: { value: 'Planted-Own-2!', ref: 'vault' } });
    expect(await refusalsOf('createBackup', 'CreateBackupInput', both)).toMatchObject([
      { code: 'EXACTLY_ONE_REQUIRED' },
    ]);
  });

  it('MISSING_VALUE: an action that begins neither once nor again and again', async () => {
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint({ cron: null }))).toMatchObject([
      { code: 'MISSING_VALUE' },
    ]);
  });

  it('NOT_FOUND: a job that is not there', async () => {
    const input = { job: 'gid://backup/BackupJob/vcenter/schedule/nothing', idempotencyKey: key() };
    expect(await refusalsOf('startBackup', 'JobActionInput', input)).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('UNSUPPORTED_OPERATION: without a call, with alternatives', async () => {
    const { id } = await firstJob('barracuda-intronis');
    const { id: action } = await firstJob('sailpoint', ', filter: { kinds: [RECURRING] }');
    for (const one of fleet.values()) one.simulator.forgetRequests();
    const input = { job: id, idempotencyKey: key() };
    expect(await refusalsOf('startBackup', 'JobActionInput', input)).toMatchObject([{ code: 'UNSUPPORTED_OPERATION' }]);
    expect(await refusalsOf('startBackup', 'JobActionInput', { job: action, idempotencyKey: key() })).toMatchObject([
      { code: 'UNSUPPORTED_OPERATION', alternatives: expect.arrayContaining(['CREATE']) },
    ]);
    for (const one of fleet.values()) expect(one.simulator.requests()).toEqual([]);
  });

  it('ALREADY_RUNNING: with the run that is in the way', async () => {
    expect(await refusalsOf('createBackup', 'CreateBackupInput', vcenter())).toMatchObject([
      { code: 'ALREADY_RUNNING', __typename: 'ConflictError', blockedBy: { status: 'RUNNING' } },
    ]);
  });

  it('WRONG_STATE: a cancel of what has ended', async () => {
    const data = await ask(
      '{ source(key: "vcenter") { runs(first: 1, filter: { statuses: [SUCCEEDED] }) { nodes { id } } } }',
    );
    const run = (data.source.runs.nodes as readonly { readonly id: string }[])[0]?.id;
    expect(await refusalsOf('cancelBackup', 'CancelBackupInput', { run })).toMatchObject([
      { code: 'WRONG_STATE', field: ['run'] },
    ]);
  });

  it('NOT_PERMITTED: a caller who only reads, and a record that the vendor protects', async () => {
    const reader: Caller = { name: 'board', role: 'READ' };
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint(), reader)).toMatchObject([
      { code: 'NOT_PERMITTED' },
    ]);
  });

  it('IDEMPOTENCY_KEY_REUSED: a key that stood for something else', async () => {
    const once = key();
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint({ name: 'first' }, once))).toEqual([]);
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint({ name: 'other' }, once))).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] },
    ]);
  });

  it('CHANGED_MEANWHILE: a schedule that somebody has changed since it was read', async () => {
    const { id, observedAt } = await firstJob('vcenter', ', filter: { kinds: [RECURRING] }');
    const update = (hour: number, ifUnchangedSince: string): object => ({
      job: id,
      idempotencyKey: key(),
      schedule: { vcenter: { hour } },
      ifUnchangedSince,
    });
    expect(await refusalsOf('updateSchedule', 'UpdateScheduleInput', update(4, observedAt))).toEqual([]);
    expect(await refusalsOf('updateSchedule', 'UpdateScheduleInput', update(5, observedAt))).toMatchObject([
      { code: 'CHANGED_MEANWHILE', field: ['ifUnchangedSince'] },
    ]);
  });

  it('VENDOR_REJECTED: the vendor refuses', async () => {
    simulator('sailpoint').fault({
      kind: 'server-error',
      status: 403,
      method: 'POST',
      path: 'scheduled-actions',
      times: 1,
    });
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint())).toMatchObject([
      { code: 'VENDOR_REJECTED', __typename: 'VendorUserError' },
    ]);
  });

  it('OUTCOME_UNCERTAIN: the answer is lost and nothing is to be seen', async () => {
    simulator('sailpoint').fault({ kind: 'refuse', method: 'POST', path: 'scheduled-actions', times: 1 });
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint({ name: 'lost' }))).toMatchObject([
      { code: 'OUTCOME_UNCERTAIN', __typename: 'VendorUserError' },
    ]);
  });

  it('SOURCE_UNAVAILABLE: nobody answers', async () => {
    await simulator('sailpoint').close();
    expect(await refusalsOf('createBackup', 'CreateBackupInput', sailpoint({ name: 'late' }))).toMatchObject([
      { code: 'SOURCE_UNAVAILABLE', __typename: 'VendorUserError' },
    ]);
  });

  it('are all that the schema has', () => {
    expect([...seen].toSorted()).toEqual([...USER_ERROR_CODES].toSorted());
  });
});
