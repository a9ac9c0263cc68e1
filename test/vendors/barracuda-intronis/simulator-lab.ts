import { afterEach } from 'vitest';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulation/simulated-server.ts';
import { startSimulator } from '../../../src/vendors/barracuda-intronis/simulator.ts';
import { StandingClock } from '../../support/standing-clock.ts';

/** Any JSON value; the tests look into it freely and turn leaves into text or numbers. */
export interface Json {
  readonly [name: string]: Json | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed JSON; empty for anything else. */
  readonly body: Json;
}

/** A client with a token for all scopes. */
export interface Lab {
  readonly simulator: RunningSimulator;
  get(path: string): Promise<Answer>;
  getXml(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  renew(): Promise<void>;
}

/** 05:00 in New York, on a Friday. */
export const MORNING = '2026-11-20T10:00:00Z';
export const READ_SCOPES = 'accounts_read+computers_read+partners_read';
const ALL_SCOPES = `${READ_SCOPES}+accounts_write+computers_write`;
const running: RunningSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

export async function start(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ clock: new StandingClock(MORNING), ...options });
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
  const { clientId = '', clientSecret = '' } = simulator.credentials;
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'none', scope: READ_SCOPES, ...fields };
  const init = { method: 'POST', body: new URLSearchParams(form), headers: { accept: 'application/json' } };
  return ask(`${simulator.url}/oauth2/token`, init);
}

export async function lab(options: SimulatorOptions = {}, scope = ALL_SCOPES): Promise<Lab> {
  const simulator = await start(options);
  const login = async (): Promise<string> => `OAuth ${text((await token(simulator, { scope })).body['access_token'])}`;
  let authorization = await login();
  const call = (method: string, path: string, accept: string, body?: unknown): Promise<Answer> =>
    ask(simulator.url + path, {
      method,
      headers: { authorization, accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    simulator,
    get: (path) => call('GET', path, 'application/json'),
    getXml: (path) => call('GET', path, 'application/xml'),
    send: (method, path, body) => call(method, path, 'application/json', body),
    renew: async () => {
      authorization = await login();
    },
  };
}

/** The rows of a JSON list. */
export function rows(answer: Answer): readonly Json[] {
  const list: unknown = answer.body['list'];
  if (!Array.isArray(list)) throw new Error(`no list: ${answer.text.slice(0, 100)}`);
  return list as Json[];
}

/** Well-formed XML as plain members, lists forced. */
export function parseXml(answer: Answer): Json {
  const problem = XMLValidator.validate(answer.text);
  if (problem !== true) throw new Error(problem.err.msg);
  const lists = new Set(['backup_status', 'action', 'link', 'condition_type', 'computer', 'usage']);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    ignoreDeclaration: true,
    htmlEntities: true,
    isArray: (name) => lists.has(name),
  });
  return parser.parse(answer.text) as Json;
}

export function text(value: unknown): string {
  return String(value);
}

export const OAK = '/v1/accounts/oak_clinic';
export const ELM = '/v1/accounts/elm_school';
