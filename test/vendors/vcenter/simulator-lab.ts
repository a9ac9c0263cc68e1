import { onTestFinished } from 'vitest';
import { SimulationClock } from '../../../src/simulation/clock.ts';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulation/simulated-server.ts';
import { startSimulator } from '../../../src/vendors/vcenter/simulator.ts';

export type Style = 'rest' | 'api';
export type Row = Readonly<Record<string, unknown>>;

/** A clock that moves only when it is told to. */
export class StillClock extends SimulationClock {
  #now: number;

  constructor(start: string) {
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

/** Every release in every style that it has. */
export const FORMS: readonly (readonly [string, Style])[] = [
  ['6.5', 'rest'],
  ['6.7', 'rest'],
  ['7.0', 'rest'],
  ['7.0', 'api'],
  ['8.0', 'rest'],
  ['8.0', 'api'],
  ['9.1', 'rest'],
  ['9.1', 'api'],
];
export const WITH_DETAILS = FORMS.filter(([release]) => release !== '6.5');

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The JSON value, or undefined for an empty body. */
  readonly body: unknown;
}

export interface Lab {
  readonly simulator: RunningSimulator;
  readonly clock: SimulationClock;
  readonly style: Style;
  /** Paths are those below `/rest` or `/api`. */
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The answer without the wrapper of /rest. */
  value(path: string): Promise<unknown>;
  /** All details by id, whichever way the style writes maps. */
  details(): Promise<ReadonlyMap<string, Row>>;
  /** Lets the backups at hand come to their end. */
  untilIdle(): Promise<void>;
}

export const BACKUP = '/appliance/recovery/backup';
/** A Wednesday night in Berlin, before the hour of the schedule. */
export const EVENING = '2026-11-18T20:00:00.000Z';

export async function start(release: string, options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ clock: new StillClock(EVENING), ...options, variant: { release } });
  onTestFinished(() => simulator.close());
  return simulator;
}

export function basic({ credentials }: RunningSimulator, change: Row = {}): { readonly authorization: string } {
  const { username, password } = { ...credentials, ...change };
  return { authorization: `Basic ${Buffer.from(`${String(username)}:${String(password)}`).toString('base64')}` };
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, text, body: isJson ? (JSON.parse(text) as unknown) : undefined };
}

export async function login(simulator: RunningSimulator, style: Style, change: Row = {}): Promise<Answer> {
  const path = style === 'rest' ? '/rest/com/vmware/cis/session' : '/api/session';
  return ask(`${simulator.url}${path}`, { method: 'POST', headers: basic(simulator, change) });
}

/** A simulator with an open session in one style. */
export async function lab(release: string, style: Style, options: SimulatorOptions = {}): Promise<Lab> {
  const simulator = await start(release, options);
  let token = tokenOf(await login(simulator, style), style);
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(`${simulator.url}/${style}${path}`, {
      method,
      headers: { 'vmware-api-session-id': token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const get = (path: string): Promise<Answer> => send('GET', path);
  const value = async (path: string): Promise<unknown> => unwrap((await get(path)).body, style);
  const details = async (): Promise<ReadonlyMap<string, Row>> => mapOf(await value(`${BACKUP}/job/details`), style);
  const untilIdle = async (): Promise<void> => {
    for (let rounds = 0; rounds < 4; rounds += 1) simulator.clock.advance(295);
    token = tokenOf(await login(simulator, style), style);
  };
  return { simulator, clock: simulator.clock, style, get, send, value, details, untilIdle };
}

export function unwrap(body: unknown, style: Style): unknown {
  return style === 'rest' ? (body as Row)['value'] : body;
}

export function tokenOf({ body }: Answer, style: Style): string {
  return String(unwrap(body, style));
}

export function mapOf(value: unknown, style: Style): ReadonlyMap<string, Row> {
  if (style === 'api') return new Map(Object.entries(value as Record<string, Row>));
  return new Map((value as { key: string; value: Row }[]).map((pair) => [pair.key, pair.value]));
}

/** What a create wants, in the wrapper of the style. */
export function order(style: Style, change: Row = {}): Row {
  const piece = {
    parts: ['common'],
    location_type: 'FTP',
    location: 'ftp://store.lab.test/vc/new',
    location_user: 'bkp',
    location_password: 'x',
    backup_password: 'Abcdef1!',
    comment: 'before upgrade',
    ...change,
  };
  return style === 'rest' ? { piece } : piece;
}

/** The code of an error body, whichever form it has. */
export function codeOf({ body }: Answer): unknown {
  const row = body as Row;
  return row['error_type'] ?? row['type'];
}
