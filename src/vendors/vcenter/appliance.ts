import { GatewayError } from '../../domain/errors.ts';
import type { Zone } from '../../domain/schedule.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/time-units.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import { pathSegment } from '../../transport/path.ts';
import { CallTally, type ReadCall } from '../../transport/read-call.ts';
import type { Element } from '../../transport/reader.ts';
import { Session } from '../../transport/session.ts';
import type { HttpRequest, Reading, SourceHttp, WriteExchange } from '../../transport/source-http.ts';
import type { SourceEnvironment } from '../contract.ts';
import { ofSource, refuse } from './errors.ts';
import { logIn, logoutRequest, PROBE_PATH, PROBE_STATUSES, styleTold } from './login.ts';
import type { Style, VcenterSettings } from './settings.ts';
import {
  parseDetailsMap,
  parseIds,
  parseJobStatus,
  parseScheduleMap,
  parseTimeZone,
  unwrap,
  type DetailsWire,
  type IdList,
  type JobStatusWire,
  type ScheduleWire,
} from './wire.ts';
import type { WireMap } from './wire-map.ts';
import { parseParts, type PartWire } from './wire-writes.ts';

/** The REST calls of one appliance, in whichever of its two interfaces it has. */
export class Appliance {
  readonly #settings: VcenterSettings;
  readonly #environment: SourceEnvironment;
  readonly #http: SourceHttp;
  readonly #session: Session;
  #style: Style | undefined;
  #numbersFilter = false;
  #withoutDetailsUntil = -Infinity;
  #zone: { readonly value: Zone | undefined; readonly until: number } = { value: undefined, until: -Infinity };

  constructor(settings: VcenterSettings, environment: SourceEnvironment) {
    this.#settings = settings;
    this.#environment = environment;
    this.#style = settings.style === 'auto' ? undefined : settings.style;
    this.#http = environment.openHttp([settings.baseUrl]);
    this.#session = new Session({
      sourceKey: settings.key,
      login: (signal) => this.#logIn(signal),
      now: () => this.#now(),
    });
  }

  /** As configured or found out; undefined before the first call. */
  style(): Style | undefined {
    return this.#style;
  }

  /** Finds out the style if it is not known. Worth a call of its own before several at once, which would each wait for it. */
  async findStyle(call: ReadCall): Promise<Style> {
    return this.#styleOf(call);
  }

  /** False as long as it is known to be a 6.5, which has no details, schedules and sizes. */
  hasDetails(): boolean {
    return this.#now() >= this.#withoutDetailsUntil;
  }

  /** Ids of all backup jobs, in no promised order. Every version has it. */
  async jobIds(call: ReadCall): Promise<Reading<IdList>> {
    const parse = (element: Element): IdList => {
      const { ids, problems } = parseIds(element);
      return { ids, problems: problems.map((error) => ofSource(error, this.#settings.key)) };
    };
    return this.#read(`${BACKUP}/job`, parse, call);
  }

  /** @throws NOT_FOUND for an id that the appliance does not have. */
  async jobStatus(id: string, call: ReadCall): Promise<Reading<JobStatusWire>> {
    const { drift } = this.#environment;
    return this.#read(`${BACKUP}/job/${pathSegment(id)}`, (element) => parseJobStatus(element, id, drift), call);
  }

  /**
   * The details of all backup jobs; undefined from a 6.5, which has no such call.
   *
   * An appliance that is starting up may answer "not found" to everything, so it counts as a 6.5 only when it serves the older list of
   * ids at the same time, and is asked again after an hour, because it may have been upgraded.
   */
  async details(call: ReadCall): Promise<Reading<WireMap<DetailsWire>> | undefined> {
    if (!this.hasDetails()) return undefined;
    try {
      return await this.#read(DETAILS, this.#parseDetails, call);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'NOT_FOUND') throw error;
      await this.jobIds(call);
      this.#withoutDetailsUntil = this.#now() + HOUR_MS;
      return undefined;
    }
  }

  /**
   * The details of some backup jobs; more may come. Undefined from a 6.5.
   *
   * At most `MAX_FILTERED_IDS` ids. A refused filter, whatever the reason, is answered by the details of all.
   */
  async detailsOf(ids: readonly string[], call: ReadCall): Promise<Reading<WireMap<DetailsWire>> | undefined> {
    if (!this.hasDetails()) return undefined;
    try {
      return await this.#filteredDetails(ids, call);
    } catch (error) {
      if (!isRefusedFilter(error)) throw error;
      return this.details(call);
    }
  }

  /** 6.7 and later. */
  async schedules(call: ReadCall): Promise<Reading<WireMap<ScheduleWire>>> {
    const parse = (element: Element): WireMap<ScheduleWire> =>
      this.#named(parseScheduleMap(element, this.#environment.drift));
    return this.#read(`${BACKUP}/schedules`, parse, call);
  }

  /** What a backup can consist of. Every version has it. */
  async parts(call: ReadCall): Promise<readonly PartWire[]> {
    return (await this.#read(`${BACKUP}/parts`, (one) => parseParts(one, this.#environment.drift), call)).value;
  }

  /** One exchange that changes something; its path is whole. The style was found out when the write was made ready. */
  async write(request: HttpRequest, signal: AbortSignal): Promise<WriteExchange> {
    return this.#http.write(request, this.#session, signal);
  }

  /** An answer with an error status, as an error. */
  errorOf(response: HttpResponse): GatewayError {
    return this.#refuse(response);
  }

  /**
   * The zone of the appliance's clock: as configured, else as the appliance says, which is asked once an hour.
   *
   * Never throws, and takes half of the time that is left at most: without a zone the rest is still worth having.
   */
  async timeZone(call: ReadCall): Promise<Zone | undefined> {
    const { timeZone } = this.#settings;
    if (timeZone !== undefined) return { timeZone };
    if (this.#now() < this.#zone.until) return this.#zone.value;
    const aside = { ...inHalfTheTime(call, this.#now()), tally: new CallTally() };
    try {
      const { value: name } = await this.#read(ZONE, (one) => parseTimeZone(one, this.#environment.drift), aside);
      this.#keepZone(name === undefined ? undefined : { timeZone: name }, HOUR_MS);
    } catch (error) {
      // What is refused now is refused in a minute too; a fault may be over by the next read.
      if (!isRefusal(error)) return undefined;
      this.#keepZone(undefined, ZONE_REFUSED_MS);
    } finally {
      call.tally.attempts += aside.tally.attempts;
    }
    return this.#zone.value;
  }

  /** Ends the session, if there is one, within two seconds, and closes the connections. Never throws. */
  async close(): Promise<void> {
    const login = this.#session.peek();
    if (login !== undefined && this.#style !== undefined) {
      const signal = AbortSignal.timeout(LOGOUT_MS);
      await this.#http.send(logoutRequest(this.#style, login), signal).catch(() => undefined);
      this.#session.invalidate(login);
    }
    await this.#http.close().catch(() => undefined);
  }

  async #filteredDetails(ids: readonly string[], call: ReadCall): Promise<Reading<WireMap<DetailsWire>>> {
    const style = await this.#styleOf(call);
    if (style === 'api') return this.#read(DETAILS, this.#parseDetails, call, { jobs: ids });
    if (this.#numbersFilter) return this.#read(DETAILS, this.#parseDetails, call, numbered(ids));
    try {
      return await this.#read(DETAILS, this.#parseDetails, call, { 'filter.jobs': ids });
    } catch (error) {
      if (!isRefusedFilter(error) || error.code === 'NOT_FOUND') throw error;
      const reading = await this.#read(DETAILS, this.#parseDetails, call, numbered(ids));
      this.#numbersFilter = true;
      return reading;
    }
  }

  readonly #parseDetails = (element: Element): WireMap<DetailsWire> =>
    this.#named(parseDetailsMap(element, this.#environment.drift));

  /** Errors of single rows go to callers as they are, so they carry the source's name. */
  #named<T>({ rows, broken }: WireMap<T>): WireMap<T> {
    return { rows, broken: broken.map((row) => ({ ...row, error: ofSource(row.error, this.#settings.key) })) };
  }

  async #read<T>(
    path: string,
    parse: (element: Element) => T,
    call: ReadCall,
    query?: HttpRequest['query'],
  ): Promise<Reading<T>> {
    const style = await this.#styleOf(call);
    const request = {
      path: `/${style}${path}`,
      query,
      headers: JSON_ONLY,
      session: this.#session,
      decode: (response: HttpResponse) => parse(unwrap(decodeJson(response), style)),
      refuse: this.#refuse,
    };
    return this.#http.read(request, call);
  }

  /** Known before anything else is read, because paths and login hang on it. What a failed question leaves open stays open. */
  async #styleOf(call: ReadCall): Promise<Style> {
    if (this.#style !== undefined) return this.#style;
    const question = {
      path: PROBE_PATH,
      headers: JSON_ONLY,
      alsoAnswers: PROBE_STATUSES,
      decode: styleTold,
      refuse: this.#refuse,
    };
    const { value } = await this.#http.read(question, call);
    this.#style ??= value;
    return this.#style;
  }

  readonly #refuse = (response: HttpResponse): GatewayError =>
    refuse(response, this.#settings.key, this.#environment.drift);

  async #logIn(signal: AbortSignal) {
    if (this.#style === undefined)
      throw new GatewayError('INTERNAL', 'A login was asked for before its style was known.');
    return logIn(this.#http, this.#style, this.#settings, this.#environment.drift, signal);
  }

  #keepZone(value: Zone | undefined, forMs: number): void {
    this.#zone = { value, until: this.#now() + forMs };
  }

  #now(): number {
    return this.#environment.now().getTime();
  }
}

/** Keeps a query of ids of some 30 characters well within the longest URL that servers take. */
export const MAX_FILTERED_IDS = 100;

/** Where the backups are, below /rest or /api. */
export const BACKUP = '/appliance/recovery/backup';
const DETAILS = `${BACKUP}/job/details`;
const ZONE = '/appliance/system/time/timezone';
const JSON_ONLY = { accept: 'application/json' };
const LOGOUT_MS = 2_000;
const ZONE_REFUSED_MS = 5 * MINUTE_MS;

/** The form of the 6.7 page: `filter.jobs.1=…&filter.jobs.2=…`. */
function numbered(ids: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.map((id, index) => [`filter.jobs.${index + 1}`, id]));
}

function isRefusedFilter(error: unknown): error is GatewayError {
  return (
    error instanceof GatewayError &&
    (error.code === 'BAD_REQUEST' || error.code === 'NOT_FOUND' || error.httpStatus === 400)
  );
}

/** An answer that the appliance gave on purpose. */
function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && ['NOT_FOUND', 'PERMISSION', 'BAD_REQUEST'].includes(error.code);
}

function inHalfTheTime(call: ReadCall, now: number): ReadCall {
  const leftMs = Math.max(0, Math.floor((call.deadlineAt - now) / 2));
  return {
    ...call,
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(Math.min(leftMs, MAX_TIMER_MS))]),
    deadlineAt: now + leftMs,
    staleSince: undefined,
  };
}

/** The longest time that a timer of Node takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;
