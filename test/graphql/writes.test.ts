import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { WriteRequest } from '../../src/domain/write-request.ts';
import type { CapabilityReading, RefusedWrite, WriteReply } from '../../src/vendors/contract.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';
import { FakeSource, type FakeSourceOptions } from '../support/fake-source.ts';
import { runOperation, writeService, type Answer } from '../support/run-operation.ts';

const JOB = 'gid://backup/BackupJob/vc/j1';
const LOST = new GatewayError('NETWORK', 'Source "vc" cannot be reached (ECONNRESET).', { sourceKey: 'vc' });

/** A source that writes down what it is asked, and the operations on it. */
function stage(
  reply: WriteReply | RefusedWrite = { outcome: 'DONE', jobNativeId: 'j1', runNativeId: 'r1' },
  options: Partial<FakeSourceOptions> = {},
) {
  const requests: WriteRequest[] = [];
  const jobs: BackupJob[] = [sampleJob({ sourceKey: 'vc' })];
  const source = new FakeSource({
    key: 'vc',
    jobs,
    runs: [sampleRun({ sourceKey: 'vc', status: 'RUNNING', endedAt: undefined })],
    prepare: (request) => {
      requests.push(request);
      if ('refusals' in reply) return reply;
      return {
        vendorCall: { method: 'POST', path: '/backup/job', body: { backup_password: '[secret]' } },
        mark: null,
        send: async () => {
          jobs[0] = sampleJob({ sourceKey: 'vc', status: 'RUNNING' });
          return reply;
        },
      };
    },
    ...options,
  });
  const writes = writeService([source]);
  const run = (query: string, variables: Record<string, unknown> = {}, caller?: Caller): Promise<Answer> =>
    runOperation(query, [source], { variables, writes, ...(caller === undefined ? {} : { caller }) });
  return { source, requests, run };
}

const PAYLOAD = `
  operation { id operation state idempotencyKey replayed requestedBy requestedAt settledAt source { key } vendorCall { method path body } error { kind requestId } userErrors { code } }
  dryRun { method path body }
  userErrors {
    __typename code message field
    ... on InputUserError { rule }
    ... on UnsupportedOperationError { operation source { key } alternatives }
    ... on ConflictError { blockedBy { id status } }
    ... on VendorUserError { source { key } error { kind retryable requestId } }
  }`;
const START = `mutation ($input: JobActionInput!) { startBackup(input: $input) { ${PAYLOAD} job { id status } run { id status } } }`;
const CREATE = `mutation ($input: CreateBackupInput!) { createBackup(input: $input) { ${PAYLOAD} job { id } run { id } } }`;
const start = (overrides: object = {}) => ({ input: { job: JOB, idempotencyKey: 'k1', ...overrides } });
const create = (target: object, overrides: object = {}) => ({
  input: { source: 'vc', idempotencyKey: 'k1', target, ...overrides },
});

describe('graphql/writes', () => {
  it('answers the operation, and job and run as they are after the write', async () => {
    const { run } = stage();
    const { data, errors } = await run(START, start());
    expect(errors).toEqual([]);
    expect(data.startBackup).toMatchObject({
      operation: {
        operation: 'START',
        state: 'CONFIRMED',
        idempotencyKey: 'k1',
        replayed: false,
        requestedBy: 'tester',
        source: { key: 'vc' },
        vendorCall: { method: 'POST', path: '/backup/job', body: { backup_password: '[secret]' } },
        error: null,
        userErrors: [],
      },
      dryRun: null,
      userErrors: [],
      job: { id: JOB, status: 'RUNNING' },
      run: { id: 'gid://backup/BackupRun/vc/r1', status: 'RUNNING' },
    });
    const again = await run(START, start());
    expect(again.data.startBackup.operation).toMatchObject({
      id: data.startBackup.operation.id,
      replayed: true,
      state: 'CONFIRMED',
    });
  });

  it('hands whole inputs to the source, with secrets that do not print', async () => {
    const { run, requests } = stage();
    const target = {
      vcenter: {
        destination: {
          inline: { type: 'SFTP', location: 'sftp://nas/vc', user: 'bkp', password: { value: 'hunter2-Hunter' } },
        },
        parts: ['seat'],
        backupPassword: { ref: 'vault' },
        comment: 'before upgrade',
        fast: true,
      },
    };
    const { errors, data } = await run(CREATE, create(target));
    expect(errors).toEqual([]);
    expect(data.createBackup.operation.state).toBe('CONFIRMED');
    expect(requests).toMatchObject([
      {
        verb: 'CREATE',
        target: {
          section: 'vcenter',
          backup: {
            destination: { kind: 'inline', type: 'SFTP', location: 'sftp://nas/vc', user: 'bkp' },
            parts: ['seat'],
            backupPassword: { value: undefined, ref: 'vault' },
            comment: 'before upgrade',
            fast: true,
          },
        },
      },
    ]);
    expect(JSON.stringify(requests)).not.toContain('hunter2');
  });

  it.each<[string, object, object]>([
    [
      'the schedule of the appliance',
      { vcenter: { destination: { schedule: 'gid://backup/BackupJob/vc/schedule/default' } } },
      { section: 'vcenter', backup: { destination: { kind: 'schedule', jobNativeId: 'schedule/default' } } },
    ],
    [
      'a configured destination',
      { vcenter: { destination: { configured: 'nas' }, parts: null } },
      { section: 'vcenter', backup: { destination: { kind: 'configured', name: 'nas' }, parts: undefined } },
    ],
  ])('reads %s', async (_name, target, expected) => {
    const { run, requests } = stage();
    expect((await run(CREATE, create(target))).errors).toEqual([]);
    expect(requests).toMatchObject([{ target: expected }]);
  });

  it.each([
    ['cancelBackup', 'CancelBackupInput', { run: 'gid://backup/BackupRun/vc/r1' }, 'CANCEL'],
    ['cancelBackup', 'CancelBackupInput', { job: JOB }, 'CANCEL'],
    ['retryBackup', 'JobActionInput', { job: JOB, idempotencyKey: 'k' }, 'RETRY'],
    ['enableBackupJob', 'JobActionInput', { job: JOB, idempotencyKey: 'k' }, 'ENABLE'],
    ['disableBackupJob', 'JobActionInput', { job: JOB, idempotencyKey: 'k' }, 'DISABLE'],
    ['deleteBackup', 'JobActionInput', { job: JOB, idempotencyKey: 'k' }, 'DELETE'],
    [
      'updateSchedule',
      'UpdateScheduleInput',
      { job: JOB, idempotencyKey: 'k', schedule: { vcenter: { hour: 3, days: ['MONDAY'] } } },
      'UPDATE_SCHEDULE',
    ],
  ])('%s with %s %j asks the source for %s', async (mutation, type, input, verb) => {
    const { run, requests } = stage({ outcome: 'DONE', runNativeId: 'r1' });
    const { data, errors } = await run(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { operation { operation state } userErrors { code } } }`,
      { input },
    );
    expect(errors).toEqual([]);
    expect(data[mutation]).toEqual({ operation: { operation: verb, state: 'CONFIRMED' }, userErrors: [] });
    expect(requests.map((request) => request.verb)).toEqual([verb]);
  });

  it('has no job any more after it was deleted', async () => {
    const { run } = stage({ outcome: 'DONE' });
    const { data, errors } = await run(
      'mutation ($input: JobActionInput!) { deleteBackup(input: $input) { job { id } operation { job { id } } } }',
      start(),
    );
    expect([errors, data.deleteBackup]).toEqual([[], { job: null, operation: { job: null } }]);
  });

  describe('user errors', () => {
    const no: CapabilityReading = {
      supported: false,
      reason: 'NOT_OFFERED_BY_VENDOR',
      explanation: 'No such call.',
      alternatives: ['CREATE'],
    };
    const blocked: RefusedWrite = {
      refusals: [{ code: 'ALREADY_RUNNING', message: 'One runs.', blockedByRunNativeId: 'r1' }],
    };
    const rules: RefusedWrite = {
      refusals: [
        { code: 'INVALID_VALUE', message: 'Too short.', field: ['backupPassword'], rule: 'backup-password-length' },
        { code: 'MISSING_VALUE', message: 'Needed.', field: ['comment'] },
      ],
    };
    const vcenter = { vcenter: { destination: { configured: 'nas' } } };

    it.each<[string, ReturnType<typeof stage>, string, object, readonly object[]]>([
      [
        'UNSUPPORTED_OPERATION',
        stage(undefined, { capabilities: { START: no } }),
        START,
        start(),
        [
          {
            __typename: 'UnsupportedOperationError',
            operation: 'START',
            source: { key: 'vc' },
            alternatives: ['CREATE'],
            field: ['job'],
          },
        ],
      ],
      [
        'ALREADY_RUNNING',
        stage(blocked),
        START,
        start(),
        [{ __typename: 'ConflictError', blockedBy: { id: 'gid://backup/BackupRun/vc/r1', status: 'RUNNING' } }],
      ],
      [
        'INVALID_VALUE',
        stage(rules),
        CREATE,
        create(vcenter),
        [
          {
            __typename: 'InputUserError',
            field: ['target', 'vcenter', 'backupPassword'],
            rule: 'backup-password-length',
          },
          { __typename: 'InputUserError', code: 'MISSING_VALUE', field: ['target', 'vcenter', 'comment'], rule: null },
        ],
      ],
      [
        'NOT_FOUND',
        stage(),
        START,
        start({ job: 'gid://backup/BackupJob/vc/nope' }),
        [{ __typename: 'InputUserError', field: ['job'] }],
      ],
      [
        'SOURCE_UNAVAILABLE',
        stage({ outcome: 'NOT_SENT', error: LOST }),
        START,
        start(),
        [
          {
            __typename: 'VendorUserError',
            source: { key: 'vc' },
            error: { kind: 'NETWORK', retryable: true, requestId: 'request-1' },
          },
        ],
      ],
      [
        'OUTCOME_UNCERTAIN',
        stage({ outcome: 'UNKNOWN', error: LOST, answered: false }),
        START,
        start(),
        [{ __typename: 'VendorUserError', error: { kind: 'NETWORK' } }],
      ],
      [
        'VENDOR_REJECTED',
        stage({ outcome: 'UNKNOWN', error: LOST, answered: true }),
        START,
        start(),
        [{ __typename: 'VendorUserError' }],
      ],
      [
        'INVALID_VALUE',
        stage(),
        CREATE,
        create({ veeam: { organizationId: 'o', name: 'n', repositoryId: 'r' } }),
        [{ __typename: 'InputUserError', field: ['target', 'veeam'] }],
      ],
    ])('tells %s as data', async (code, { run }, query, variables, expected) => {
      const { data, errors } = await run(query, variables as Record<string, unknown>);
      expect(errors).toEqual([]);
      const [payload] = Object.values(data) as { readonly userErrors: readonly object[] }[];
      expect(payload?.userErrors).toMatchObject(expected);
      expect(payload?.userErrors[0]).toMatchObject({ code });
    });

    it('refuses a caller whose role is too low', async () => {
      const { run, requests } = stage();
      const { data } = await run(START, start(), { name: 'board', role: 'READ' });
      expect(data.startBackup).toMatchObject({ operation: null, userErrors: [{ code: 'NOT_PERMITTED' }] });
      expect(requests).toEqual([]);
    });
  });

  it('shows the call of a dry run', async () => {
    const { run } = stage();
    const { data } = await run(START, start({ dryRun: true }));
    expect(data.startBackup).toMatchObject({
      operation: null,
      dryRun: { method: 'POST', path: '/backup/job', body: { backup_password: '[secret]' } },
      userErrors: [],
      job: null,
    });
  });

  it.each<[string, string, object, string]>([
    ['an id of another type', START, start({ job: 'gid://backup/BackupRun/vc/r1' }), 'input.job'],
    ['a source that is not configured', START, start({ job: 'gid://backup/BackupJob/other/j1' }), 'input.job'],
    ['a patience beyond five minutes', START, start({ wait: 'PT1H' }), 'input.wait'],
    [
      'an unknown source',
      CREATE,
      create({ vcenter: { destination: { configured: 'nas' } } }, { source: 'x' }),
      'input.source',
    ],
    [
      'a schedule of another source',
      CREATE,
      create({ vcenter: { destination: { schedule: 'gid://backup/BackupJob/other/schedule/default' } } }),
      'input.target.vcenter.destination.schedule',
    ],
  ])('refuses %s as an error that names the argument', async (_name, query, variables, argument) => {
    const { run, requests } = stage();
    const { errors } = await run(query, variables as Record<string, unknown>);
    expect(errors).toMatchObject([{ extensions: { argument } }]);
    expect(requests).toEqual([]);
  });

  it.each<[string, object]>([
    ['no section', {}],
    ['two sections', { vcenter: { destination: { configured: 'nas' } }, sailpoint: { name: 'n' } }],
    ['two destinations', { vcenter: { destination: { configured: 'nas', schedule: JOB } } }],
    ['a null section', { vcenter: null }],
  ])('refuses %s before anything is done', async (_name, target) => {
    const { run, requests } = stage();
    const { errors } = await run(CREATE, create(target));
    expect(errors.length).toBeGreaterThan(0);
    expect(requests).toEqual([]);
  });

  describe('operations', () => {
    it('can be asked for again, alone, as a node and in pages', async () => {
      const { run } = stage();
      const ids: string[] = [];
      for (const key of ['a', 'b', 'c']) {
        const { data } = await run(START, start({ idempotencyKey: key }));
        ids.unshift(data.startBackup.operation.id as string);
      }
      const one = await run(
        'query ($id: ID!) { backupOperation(id: $id) { state job { id } run { id } } node(id: $id) { __typename id } }',
        { id: ids[0] },
      );
      expect(one.errors).toEqual([]);
      expect(one.data).toEqual({
        backupOperation: { state: 'CONFIRMED', job: { id: JOB }, run: { id: 'gid://backup/BackupRun/vc/r1' } },
        node: { __typename: 'BackupOperation', id: ids[0] },
      });
      const list = `query ($after: String) { backupOperations(first: 2, after: $after) { nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
      const first = (await run(list)).data.backupOperations;
      const second = (await run(list, { after: first.pageInfo.endCursor })).data.backupOperations;
      // Instants may be equal; then the order is by id, and still total.
      expect([...first.nodes, ...second.nodes].map(({ id }: { id: string }) => id).toSorted()).toEqual(ids.toSorted());
      expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage, first.totalCount]).toEqual([true, false, 3]);
      const foreign = await run(
        'query ($after: String) { backupOperations(after: $after, filter: { states: [SENT] }) { totalCount } }',
        {
          after: first.pageInfo.endCursor,
        },
      );
      expect(foreign.errors).toMatchObject([{ extensions: { argument: 'after' } }]);
    });

    it('can be filtered', async () => {
      const { run } = stage();
      await run(START, start());
      const count = async (filter: string) =>
        (await run(`{ backupOperations(filter: { ${filter} }) { totalCount } }`)).data.backupOperations.totalCount;
      expect(await count('states: [CONFIRMED], operations: [START], requestedBy: ["tester"], sources: ["vc"]')).toBe(1);
      expect(await count('operations: [READ_LOGS]')).toBe(0);
      expect(await count('requestedBefore: "2020-01-01T00:00:00Z"')).toBe(0);
      expect(await count('idempotencyKey: "k1"')).toBe(1);
    });

    it('is not found under another source or when it is unknown', async () => {
      const { run } = stage();
      const { data, errors } = await run('{ backupOperation(id: "gid://backup/BackupOperation/vc/nope") { id } }');
      expect([data.backupOperation, errors[0]?.extensions['code']]).toEqual([null, 'NOT_FOUND']);
    });

    it('has an audit trail, for administrators', async () => {
      const { run } = stage();
      const { data } = await run(START, start());
      const query =
        '{ auditTrail { nodes { caller operation sourceKey job run idempotencyKey backupOperation outcome code } totalCount } }';
      expect((await run(query)).data.auditTrail).toEqual({
        nodes: [
          {
            caller: 'tester',
            operation: 'START',
            sourceKey: 'vc',
            job: JOB,
            run: 'gid://backup/BackupRun/vc/r1',
            idempotencyKey: 'k1',
            backupOperation: data.startBackup.operation.id,
            outcome: 'CONFIRMED',
            code: null,
          },
        ],
        totalCount: 1,
      });
      const refused = await run(query, {}, { name: 'o', role: 'OPERATE' });
      expect(refused.errors).toMatchObject([{ extensions: { code: 'PERMISSION' } }]);
    });
  });

  describe('capabilities', () => {
    const query = `{ source(key: "vc") { capabilities { operation supported reason explanation alternatives } jobs { nodes { capabilities(operations: [START, DELETE, READ_LOGS]) { operation supported reason } } } } }`;

    it('tells what this caller may do', async () => {
      const { run } = stage();
      const read = (await run(query, {}, { name: 'r', role: 'READ' })).data.source;
      expect(read.jobs.nodes[0].capabilities).toEqual([
        { operation: 'START', supported: false, reason: 'NOT_PERMITTED' },
        { operation: 'DELETE', supported: false, reason: 'NOT_PERMITTED' },
        { operation: 'READ_LOGS', supported: true, reason: null },
      ]);
      const operate = (await run(query, {}, { name: 'o', role: 'OPERATE' })).data.source;
      expect(operate.jobs.nodes[0].capabilities.map(({ supported }: { supported: boolean }) => supported)).toEqual([
        true,
        false,
        true,
      ]);
    });

    it('names alternatives, and a source that is down', async () => {
      const no: CapabilityReading = {
        supported: false,
        reason: 'NOT_OFFERED_BY_VENDOR',
        explanation: 'No such call.',
        alternatives: ['START', 'CREATE'],
      };
      const { run } = stage(undefined, { capabilities: { RETRY: no }, health: { circuit: 'OPEN' } });
      const { capabilities } = (await run(query)).data.source;
      const of = (name: string) => capabilities.find(({ operation }: { operation: string }) => operation === name);
      expect(of('RETRY')).toMatchObject({ supported: false, alternatives: ['START', 'CREATE'] });
      expect(of('START')).toMatchObject({ supported: false, reason: 'SOURCE_DOWN' });
    });
  });
});
