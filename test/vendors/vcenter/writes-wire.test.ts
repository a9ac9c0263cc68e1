import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/domain/secret.ts';
import type { WriteReply } from '../../../src/vendors/contract.ts';
import { VcenterSource } from '../../../src/vendors/vcenter/client.ts';
import { isSameAccount } from '../../../src/vendors/vcenter/settle-write.ts';
import type { Style } from '../../../src/vendors/vcenter/settings.ts';
import { readCall } from '../../support/read-call.ts';
import { sourceEnvironment } from '../../support/source-environment.ts';
import { API_LOGIN, REST_LOGIN, startFakeAppliance, type Answer, type FakeAppliance } from './fake-appliance.ts';
import { create, written } from './write-lab.ts';

const BACKUP = '/appliance/recovery/backup';
const PARTS = [{ id: 'common', name: {}, description: {}, selected_by_default: true, optional: false }];
const STARTED = { id: '20261118-201940-1', state: 'INPROGRESS', messages: [], progress: 0 };

let fake: FakeAppliance;
let source: VcenterSource;

beforeEach(async () => {
  fake = await startFakeAppliance();
});

afterEach(async () => {
  await source.close();
  await fake.close();
});

/** An appliance at rest that answers a create like this. */
function connect(style: Style, answer: Answer): void {
  const wrapped = (value: unknown): unknown => (style === 'rest' ? { value } : value);
  fake.routes = {
    ...(style === 'api' ? API_LOGIN : REST_LOGIN),
    [`GET /${style}${BACKUP}/parts`]: { body: wrapped(PARTS) },
    [`GET /${style}${BACKUP}/job/details`]: { body: wrapped(style === 'rest' ? [] : {}) },
    [`GET /${style}${BACKUP}/schedules`]: {
      body: wrapped(
        style === 'rest' ? [{ key: 'my daily/1', value: { enable: true } }] : { 'my daily/1': { enable: true } },
      ),
    },
    [`POST /${style}${BACKUP}/job`]: answer,
    [`PATCH /api${BACKUP}/schedules/my%20daily%2F1`]: answer,
    [`PUT /rest${BACKUP}/schedules/update/my%20daily%2F1`]: answer,
  };
  source = new VcenterSource(
    {
      key: 'vc',
      name: 'vc',
      timeZone: undefined,
      baseUrl: fake.url,
      style,
      username: 'svc@vsphere.local',
      password: new Secret('x'),
      destinations: [
        { name: 'nas', type: 'NFS', location: 'nfs://nas.lab.test/vc', user: 'bkp', password: new Secret('Nas "1"') },
      ],
      secrets: {},
    },
    sourceEnvironment('vc'),
  );
}

async function sendCreate(): Promise<WriteReply> {
  const prepared = await source.prepareWrite(create({ backupPassword: written('Abcdef1!"\\') }), readCall());
  if ('refusals' in prepared) throw new Error('refused');
  return prepared.send(AbortSignal.timeout(5_000));
}

async function sendDisable(): Promise<WriteReply> {
  const id = 'schedule/my%20daily%2F1';
  const job = (await source.readJobs([id], readCall())).get(id) as never;
  const prepared = await source.prepareWrite({ verb: 'DISABLE', job }, readCall());
  if ('refusals' in prepared) throw new Error('refused');
  return prepared.send(AbortSignal.timeout(5_000));
}

/** An error in the form of a style. */
function error(style: Style, status: number, name: string): Answer {
  if (style === 'api') return { status, body: { error_type: name, messages: [] } };
  return { status, body: { type: `com.vmware.vapi.std.errors.${name.toLowerCase()}`, value: { messages: [] } } };
}

describe('vendors/vcenter/writes, on the wire', () => {
  it.each(['rest', 'api'] as const)('sends the secrets, and only in the body, in /%s', async (style) => {
    connect(style, { status: style === 'api' ? 201 : 200, body: style === 'api' ? STARTED : { value: STARTED } });
    expect(await sendCreate()).toEqual({
      outcome: 'DONE',
      jobNativeId: 'backup/20261118-201940-1',
      runNativeId: '20261118-201940-1',
    });
    const sent = fake.asked.filter(({ method, path }) => method === 'POST' && path.endsWith('/job'));
    expect(sent).toHaveLength(1);
    const body = JSON.parse(sent[0]?.body ?? '') as { piece?: unknown };
    expect(style === 'rest' ? body.piece : body).toEqual({
      parts: ['common'],
      location_type: 'NFS',
      location: expect.stringMatching(/^nfs:\/\/nas\.lab\.test\/vc\/backupgraph-/),
      location_user: 'bkp',
      location_password: 'Nas "1"',
      backup_password: 'Abcdef1!"\\',
      comment: expect.stringMatching(/^backupgraph [0-9a-f]{8}$/),
    });
    expect(sent[0]?.headers['content-type']).toBe('application/json');
    expect([...(sent[0]?.query ?? [])]).toEqual([]);
  });

  it.each([
    ['rest', 400, 'FEATURE_IN_USE', 'ALREADY_RUNNING'],
    ['api', 500, 'FEATURE_IN_USE', 'ALREADY_RUNNING'],
    ['api', 400, 'RESOURCE_BUSY', 'ALREADY_RUNNING'],
    ['api', 400, 'RESOURCE_IN_USE', 'ALREADY_RUNNING'],
    ['api', 400, 'ALREADY_IN_DESIRED_STATE', 'WRONG_STATE'],
    ['rest', 400, 'NOT_ALLOWED_IN_CURRENT_STATE', 'WRONG_STATE'],
    ['api', 400, 'CONCURRENT_CHANGE', 'CHANGED_MEANWHILE'],
    ['api', 403, 'UNAUTHORIZED', 'NOT_PERMITTED'],
    ['rest', 400, 'UNAUTHORIZED', 'NOT_PERMITTED'],
    ['rest', 404, 'OPERATION_NOT_FOUND', 'VENDOR_REJECTED'],
    ['api', 404, 'NOT_FOUND', 'NOT_FOUND'],
    ['api', 500, 'INVALID_ARGUMENT', 'VENDOR_REJECTED'],
    ['rest', 400, 'UNSUPPORTED', 'VENDOR_REJECTED'],
    ['api', 400, 'ALREADY_EXISTS', 'VENDOR_REJECTED'],
    ['api', 401, 'UNAUTHENTICATED', 'SOURCE_UNAVAILABLE'],
    ['api', 400, 'SOMETHING_NEW', 'VENDOR_REJECTED'],
  ] as const)('reads in /%s the answer %i %s as %s', async (style, status, name, code) => {
    connect(style, error(style, status, name));
    expect(await sendCreate()).toMatchObject({ outcome: 'REFUSED', refusal: { code, error: { nativeCode: name } } });
  });

  it.each([
    ['rest', 400, 'ERROR'],
    ['api', 500, 'ERROR'],
    ['api', 400, 'TIMED_OUT'],
    ['api', 504, 'TIMED_OUT'],
    ['api', 500, 'INTERNAL_SERVER_ERROR'],
    ['api', 503, 'SERVICE_UNAVAILABLE'],
    ['api', 500, 'SOMETHING_NEW'],
  ] as const)('does not know in /%s what came of an answer %i %s', async (style, status, name) => {
    connect(style, error(style, status, name));
    expect(await sendCreate()).toMatchObject({ outcome: 'UNKNOWN', answered: true, error: { nativeCode: name } });
  });

  it.each([{ body: {} }, { body: { id: '' } }, { body: undefined }, { body: '<html>' }, { body: [] }])(
    'does not know what came of an answer 201 with %j',
    async ({ body }) => {
      connect('api', { status: 201, body });
      expect(await sendCreate()).toMatchObject({ outcome: 'UNKNOWN', answered: true });
    },
  );

  it.each([
    ['api', { status: 204 }, 'DONE'],
    ['api', { status: 200, body: 'null' }, 'DONE'],
    ['api', { status: 200 }, 'UNKNOWN'],
    ['rest', { status: 200 }, 'DONE'],
    ['rest', { status: 204 }, 'DONE'],
    ['rest', { status: 200, body: { value: null } }, 'DONE'],
    ['rest', { status: 200, body: {} }, 'DONE'],
    ['rest', { status: 200, body: '<html>' }, 'UNKNOWN'],
    ['rest', { status: 200, body: { value: { status: 'x' } } }, 'UNKNOWN'],
  ] as const)('takes in /%s %j after a change as %s', async (style, answer, outcome) => {
    connect(style, answer);
    expect(await sendDisable()).toMatchObject({ outcome });
  });

  it.each(['rest', 'api'] as const)('escapes the name of a schedule in /%s', async (style) => {
    connect(style, { status: style === 'api' ? 204 : 200 });
    expect(await sendDisable()).toEqual({ outcome: 'DONE', jobNativeId: 'schedule/my%20daily%2F1' });
    expect(fake.asked.at(-1)?.path).toMatch(/\/my%20daily%2F1$/);
  });

  it('tries no other path when /rest does not have the documented update', async () => {
    connect('rest', error('rest', 404, 'OPERATION_NOT_FOUND'));
    expect(await sendDisable()).toMatchObject({ outcome: 'REFUSED', refusal: { code: 'VENDOR_REJECTED' } });
    expect(fake.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it.each([
    ['VSPHERE.LOCAL\\svc', 'svc@vsphere.local', true],
    ['SVC@VSPHERE.LOCAL', 'svc@vsphere.local', true],
    ['vsphere\\svc', 'svc@vsphere.local', true],
    ['svc', 'svc@vsphere.local', true],
    ['LAB\\svc', 'svc@vsphere.local', false],
    ['VSPHERE.LOCAL\\svc2', 'svc@vsphere.local', false],
    [undefined, 'svc@vsphere.local', false],
  ])('compares the account %s with %s', (told, ours, same) => {
    connect('api', {});
    expect(isSameAccount(told, ours)).toBe(same);
  });
});
