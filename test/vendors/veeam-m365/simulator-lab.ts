import { afterEach } from 'vitest';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulation/simulated-server.ts';
import { startSimulator } from '../../../src/vendors/veeam-m365/simulator.ts';
import { StandingClock } from '../../support/standing-clock.ts';

/** Any JSON value; the tests look into it freely and turn leaves into text or numbers. */
export interface Json {
  readonly [name: string]: Json | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** A logged-in client of one simulator. */
export interface Lab {
  readonly simulator: RunningSimulator;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Logs in again, after the clock was pushed beyond the life of a token. */
  renew(): Promise<void>;
}

export const VERSIONS = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'];

/** A Saturday, 06:00 in Berlin. */
const MORNING = '2026-11-21T05:00:00Z';
const running: RunningSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

export async function start(version: string, options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const clock = new StandingClock(MORNING);
  const simulator = await startSimulator({ clock, ...options, variant: { apiVersion: version } });
  running.push(simulator);
  return simulator;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const body = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text: body,
    body: isJson ? (JSON.parse(body) as Json) : {},
  };
}

export function token(simulator: RunningSimulator, fields: Record<string, string> = {}): Promise<Answer> {
  const version = simulator.options.variant['apiVersion'] ?? '';
  const cookieless = version >= 'v7' ? { disable_antiforgery_token: 'true' } : {};
  const body = new URLSearchParams({ grant_type: 'password', ...simulator.credentials, ...cookieless, ...fields });
  return ask(`${simulator.url}/${version}/Token`, { method: 'POST', body });
}

export async function lab(version: string, options: SimulatorOptions = {}): Promise<Lab> {
  const simulator = await start(version, options);
  const login = async (): Promise<string> => `Bearer ${text((await token(simulator)).body['access_token'])}`;
  let authorization = await login();
  const send = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(`${simulator.url}/${version}/${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const renew = async (): Promise<void> => {
    authorization = await login();
  };
  return { simulator, get: (path) => send('GET', path), send, renew };
}

/** The rows of an array or of one large page. */
export async function rows({ get }: Lab, path: string): Promise<readonly Json[]> {
  const { body } = await get(`${path}${path.includes('?') ? '&' : '?'}limit=10000`);
  return list(Array.isArray(body) ? body : body['results']);
}

export async function jobNamed(client: Lab, status: string): Promise<Json> {
  const job = (await rows(client, 'Jobs')).find((row) => text(row['lastStatus']) === status);
  if (job === undefined) throw new Error(`no job is ${status}`);
  return job;
}

export function list(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) throw new Error('not a list');
  return value as Json[];
}

export function text(value: unknown): string {
  return String(value);
}

/** When a session began. */
export function begun(session: Json): number {
  return Date.parse(text(session['creationTime']));
}
