import type { Fault } from '../../src/simulation/faults.ts';
import type { RunningSimulator } from '../../src/simulation/simulated-server.ts';
import type { CreateTarget } from '../../src/domain/write-request.ts';
import { StandingClock } from '../support/standing-clock.ts';
import { connectSimulated, type ConnectedSimulator } from '../support/simulated-source.ts';

/** A vendor in which creates are counted, as the property test needs it. */
export interface World {
  readonly name: string;
  readonly connected: ConnectedSimulator;
  /** A new backup or job that can be told by the key; the content differs with `content`. */
  target(key: string, content: number): CreateTarget;
  /** Narrows a fault to the request that creates. */
  onCreate(fault: Fault): Fault;
  /** How many things made for the key there are at the vendor, asked of the simulator itself and not through our client. */
  count(key: string): Promise<number>;
  /** Lets what runs at the vendor come to its end. */
  settleDown(): Promise<void>;
}

/** Short, so that a stalled answer costs little; a spurious time-out only makes one more lost answer. */
const LIMITS = { limits: { timeout: '150ms', requestsPerSecond: 10_000 } };
const NOW = '2026-11-18T20:00:00.000Z';

export async function veeamWorld(apiVersion: string): Promise<World> {
  const clock = new StandingClock(NOW);
  const connected = await connectSimulated('veeam-m365', { clock, jobs: 2, variant: { apiVersion } }, {}, LIMITS);
  const { url, credentials } = connected.simulator;
  const base = `${url}/${apiVersion}`;
  let token: string | undefined;
  const get = async (path: string): Promise<unknown> => {
    token ??= await passwordToken(`${base}/Token`, credentials, apiVersion);
    const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (response.status === 401) {
      token = undefined;
      return get(path);
    }
    return bodyOf(response);
  };
  const organizationId = String(rowsOf(await get('/Organizations'))[0]?.['id']);
  const repositoryId = String(rowsOf(await get('/BackupRepositories'))[0]?.['id']);
  return {
    name: `veeam-m365 ${apiVersion}`,
    connected,
    target: (key, content) => ({
      section: 'veeam',
      backup: {
        organizationId,
        repositoryId,
        name: `once ${key}`,
        description: `content ${content}`,
        schedule: {
          daily: { day: 'SUNDAY', time: '03:00' },
          periodically: undefined,
          window: undefined,
          retry: undefined,
        },
        runNow: false,
      },
    }),
    onCreate: (fault) => ({ ...fault, method: 'POST', path: '/Jobs' }),
    count: async (key) => rowsOf(await get('/Jobs?limit=10000')).filter(({ name }) => name === `once ${key}`).length,
    settleDown: async () => undefined,
  };
}

export async function sailPointWorld(apiPrefix: string): Promise<World> {
  const clock = new StandingClock(NOW);
  const connected = await connectSimulated(
    'sailpoint',
    { clock, jobs: 2, variant: { rateLimit: 'no' } },
    { apiPrefix },
    LIMITS,
  );
  const { url, credentials } = connected.simulator;
  const actions = async (): Promise<readonly Row[]> => {
    const login = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credentials['clientId'] ?? '',
        client_secret: credentials['clientSecret'] ?? '',
      }),
    });
    const { access_token } = (await login.json()) as { access_token: string };
    const response = await fetch(`${url}/configuration-hub/v1/scheduled-actions`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    return rowsOf(await bodyOf(response));
  };
  return {
    name: `sailpoint ${apiPrefix}`,
    connected,
    target: (key, content) => ({
      section: 'sailpoint',
      backup: {
        name: `once ${key}`,
        startAt: undefined,
        cron: `${content} 3 * * *`,
        timeZone: 'Europe/Berlin',
        includeTypes: undefined,
        includedNames: undefined,
      },
    }),
    onCreate: (fault) => ({ ...fault, method: 'POST', path: 'scheduled-actions' }),
    count: async (key) =>
      (await actions()).filter(({ content }) => (content as Row | undefined)?.['name'] === `once ${key}`).length,
    settleDown: async () => undefined,
  };
}

export async function vcenterWorld(release: string, style: 'rest' | 'api'): Promise<World> {
  const clock = new StandingClock(NOW);
  const inlineDestinations = { allowHosts: ['store.lab.test'] };
  const connected = await connectSimulated(
    'vcenter',
    { clock, variant: { release } },
    { style, inlineDestinations },
    LIMITS,
  );
  const { simulator } = connected;
  const details = (): Promise<readonly Row[]> => vcenterDetails(simulator, style);
  const world: World = {
    name: `vcenter ${release} ${style}`,
    connected,
    target: (key, content) => ({
      section: 'vcenter',
      backup: {
        destination: {
          kind: 'inline',
          type: 'FTPS',
          location: `ftps://store.lab.test/once/${key}`,
          user: undefined,
          password: undefined,
        },
        parts: undefined,
        backupPassword: undefined,
        comment: `content ${content}`,
        fast: undefined,
      },
    }),
    onCreate: (fault) => ({ ...fault, method: 'POST', path: 'backup/job' }),
    count: async (key) => (await details()).filter(({ location }) => String(location).includes(`/once/${key}`)).length,
    settleDown: async () => {
      for (let round = 0; round < 50; round += 1) {
        if (!(await details()).some(({ status }) => ['PENDING', 'RUNNING', 'BLOCKED'].includes(String(status)))) return;
        clock.advance(20 * 60);
      }
      throw new Error('the appliance does not come to rest');
    },
  };
  await world.settleDown();
  return world;
}

type Row = Readonly<Record<string, unknown>>;

/** What counts must have been told whole. */
async function bodyOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`the simulator answers the count with ${response.status}`);
  return response.json();
}

function rowsOf(body: unknown): readonly Row[] {
  if (Array.isArray(body)) return body as Row[];
  return ((body as { results?: Row[] } | null)?.results ?? []) as readonly Row[];
}

async function passwordToken(
  url: string,
  { username = '', password = '' }: Readonly<Record<string, string>>,
  apiVersion: string,
): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'password', username, password });
  if (apiVersion >= 'v7') form.set('disable_antiforgery_token', 'true');
  const response = await fetch(url, { method: 'POST', body: form });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function vcenterDetails({ url, credentials }: RunningSimulator, style: 'rest' | 'api'): Promise<readonly Row[]> {
  const basic = Buffer.from(`${credentials['username']}:${credentials['password']}`).toString('base64');
  const login = await fetch(`${url}${style === 'api' ? '/api/session' : '/rest/com/vmware/cis/session'}`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
  });
  const session = (await login.json()) as string | { value: string };
  const headers = { 'vmware-api-session-id': typeof session === 'string' ? session : session.value };
  const response = await fetch(`${url}/${style}/appliance/recovery/backup/job/details`, { headers });
  const body = await bodyOf(response);
  return style === 'api'
    ? Object.values(body as Readonly<Record<string, Row>>)
    : (body as { readonly value: readonly { readonly value: Row }[] }).value.map(({ value }) => value);
}
