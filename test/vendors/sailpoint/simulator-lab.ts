import { onTestFinished } from 'vitest';
import { SimulationClock } from '../../../src/simulation/clock.ts';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulation/simulated-server.ts';
import { startSimulator } from '../../../src/vendors/sailpoint/simulator.ts';

export type Row = Readonly<Record<string, unknown>>;

export const HUB = '/configuration-hub/v1';
/** A Wednesday evening in Berlin, before the nightly backups. */
export const EVENING = '2026-11-18T20:00:00.000Z';

/** A clock that moves only when it is told to. */
export class StillClock extends SimulationClock {
  #now: number;

  constructor(start: string = EVENING) {
    super();
    this.#now = Date.parse(start);
  }

  override now(): Date {
    return new Date(this.#now);
  }

  override advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON value, or undefined for an empty body. */
  readonly body: unknown;
}

export interface Lab {
  readonly simulator: RunningSimulator;
  readonly clock: SimulationClock;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** A list, such as `/backups`, under the newest prefix. */
  rows(path: string): Promise<Row[]>;
  /** Time goes on, and a new token is taken. */
  wait(seconds: number): Promise<void>;
}

export async function start(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ clock: new StillClock(), ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const body = isJson ? (JSON.parse(text) as unknown) : undefined;
  return { status: response.status, headers: response.headers, text, body };
}

/** The fields of a login, good ones unless changed. */
export function fieldsOf(
  { credentials }: RunningSimulator,
  change: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { clientId = '', clientSecret = '' } = credentials;
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, ...change };
}

export async function login(
  simulator: RunningSimulator,
  change: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = new URLSearchParams(fieldsOf(simulator, change));
  return ask(`${simulator.url}/oauth/token`, { method: 'POST', body });
}

export function bearer({ body }: Answer): { readonly authorization: string } {
  return { authorization: `Bearer ${String((body as Row)['access_token'])}` };
}

export async function lab(options: SimulatorOptions = {}, change: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const simulator = await start(options);
  let headers = bearer(await login(simulator, change));
  const get = (path: string): Promise<Answer> => ask(`${simulator.url}${path}`, { headers });
  const send = (method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> =>
    ask(`${simulator.url}${path}`, {
      method,
      headers: { ...headers, ...(body instanceof FormData ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  const rows = async (path: string): Promise<Row[]> => (await get(`${HUB}${path}`)).body as Row[];
  const wait = async (seconds: number): Promise<void> => {
    simulator.clock.advance(seconds);
    headers = bearer(await login(simulator, change));
  };
  return { simulator, clock: simulator.clock, get, send, rows, wait };
}

/** What a create of a scheduled backup wants. */
export function payload(change: Row = {}): Row {
  const backupOptions = { includeTypes: ['ROLE'], objectOptions: {} };
  return { jobType: 'BACKUP', content: { name: 'made by a test', backupOptions }, ...change };
}

export function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    form.append(name, name === 'data' ? new Blob([value], { type: 'application/json' }) : value);
  return form;
}
