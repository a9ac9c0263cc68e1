import type { VendorCall } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { Session } from '../../transport/session.ts';
import type { SourceHttp, WriteExchange } from '../../transport/source-http.ts';
import type { SourceEnvironment } from '../contract.ts';
import { refuseCall } from './errors.ts';
import { logIn } from './login.ts';
import type { Fetched } from './mapper.ts';
import type { ApiPrefix, SailPointSettings } from './settings.ts';
import {
  parseBackups,
  parseChangedAction,
  parseScheduledActions,
  type BackupWire,
  type ScheduledActionWire,
  type WireRows,
} from './wire.ts';

/**
 * What one list gave.
 *
 * `failure` is why it gave no rows at all; it stands among the problems as well.
 */
export interface Listing<Row> {
  readonly rows: readonly Fetched<Row>[];
  readonly problems: readonly GatewayError[];
  readonly failure: GatewayError | undefined;
}

/** A call that changes something; a body of null is none. */
export interface HubWrite extends VendorCall {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Of the body. */
  readonly mediaType: string;
}

/**
 * The vendor's calls that the gateway makes: writes, and three lists, none of which has pages, filters that help, or a single read
 * beside it.
 */
export class SailPointApi {
  readonly #http: SourceHttp;
  readonly #session: Session;
  readonly #drift: Drift;
  readonly #sourceKey: string;
  readonly #path: string;

  constructor(settings: SailPointSettings, environment: SourceEnvironment) {
    this.#http = environment.openHttp([settings.baseUrl]);
    this.#drift = environment.drift;
    this.#sourceKey = settings.key;
    this.#path = hubPath(settings.apiPrefix);
    this.#session = new Session({
      sourceKey: settings.key,
      login: (signal) => logIn(this.#http, settings, signal, () => environment.now()),
      now: () => environment.now().getTime(),
    });
  }

  listBackups(call: ReadCall): Promise<Listing<BackupWire>> {
    return this.#list('/backups', { parse: parseBackups }, call);
  }

  /** 404 is documented here and means that there are none. */
  listUploads(call: ReadCall): Promise<Listing<BackupWire>> {
    return this.#list('/backups/uploads', { parse: parseBackups, none: 404, forbidden: 403 }, call);
  }

  /** Needs an administrator of the organisation behind the token, so that 403 is nothing unusual. */
  listScheduledActions(call: ReadCall): Promise<Listing<ScheduledActionWire>> {
    return this.#list('/scheduled-actions', { parse: parseScheduledActions, forbidden: 403 }, call);
  }

  /** A path of the hub as it stands below the base URL. */
  path(inHub: string): string {
    return `${this.#path}${inHub}`;
  }

  /** One exchange, never repeated. */
  write({ method, path, body, mediaType }: HubWrite, signal: AbortSignal): Promise<WriteExchange> {
    const accept = { accept: 'application/json' };
    const request =
      body === null
        ? { method, path, headers: accept }
        : { method, path, headers: { ...accept, 'content-type': mediaType }, body: JSON.stringify(body) };
    return this.#http.write(request, this.#session, signal);
  }

  /** The answer to a change of a scheduled action. @throws MALFORMED_RESPONSE */
  readAction(response: HttpResponse): ScheduledActionWire {
    return parseChangedAction(response, this.#drift);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Reads a list. Its failure is part of the answer; only a caller that has gone, and errors of the gateway itself, are thrown. */
  async #list<Row>(path: string, list: ListKind<Row>, call: ReadCall): Promise<Listing<Row>> {
    try {
      const { value, fetchedAt } = await this.#http.read(this.#request(path, list), call);
      return { ...value, rows: value.rows.map((row) => ({ row, fetchedAt })) };
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'CANCELLED_BY_CALLER' || error.code === 'INTERNAL')
        throw error;
      const failure = this.#inList(path, error);
      return { rows: [], problems: [failure], failure };
    }
  }

  #request<Row>(path: string, list: ListKind<Row>) {
    const expected = [list.none, list.forbidden].filter((status) => status !== undefined);
    return {
      path: this.path(path),
      headers: { accept: 'application/json' },
      session: this.#session,
      alsoAnswers: new Set(expected),
      decode: (response: HttpResponse) => this.#decode(response, path, list),
      refuse: (response: HttpResponse) => refuseCall(response, this.#sourceKey),
    };
  }

  #decode<Row>(response: HttpResponse, path: string, { parse, none, forbidden }: ListKind<Row>): KeptList<Row> {
    if (response.headers['x-deprecated']?.trim().toLowerCase() === 'true') this.#drift.value(path, 'deprecated');
    if (response.status === none) return { rows: [], problems: [], failure: undefined };
    if (response.status === forbidden) {
      const failure = this.#inList(path, refuseCall(response, this.#sourceKey));
      return { rows: [], problems: [failure], failure };
    }
    const { rows, problems } = parse(response, this.#drift);
    return { rows, problems: problems.map((problem) => this.#inList(path, problem)), failure: undefined };
  }

  /** The error saying which list it was met in. */
  #inList(path: string, error: GatewayError): GatewayError {
    const { code, message, httpStatus, nativeCode, retryAfter } = error;
    const sourceKey = this.#sourceKey;
    const where = error.sourceKey === undefined ? `Source "${sourceKey}", ${path}` : path;
    return new GatewayError(code, `${where}: ${message}`, {
      sourceKey,
      httpStatus,
      nativeCode,
      retryAfter,
      cause: error,
    });
  }
}

interface ListKind<Row> {
  readonly parse: (response: HttpResponse, drift: Drift) => WireRows<Row>;
  /** Status that means an empty list. */
  readonly none?: number;
  /** Status that is kept as an answer, because asking again would give the same: the list may not be read. */
  readonly forbidden?: number;
}

/** What is kept of a list. */
interface KeptList<Row> extends WireRows<Row> {
  readonly failure: GatewayError | undefined;
}

/** The present style has the version behind the service's name, the older one before it. */
function hubPath(apiPrefix: ApiPrefix): string {
  return apiPrefix === 'v1' ? '/configuration-hub/v1' : `/${apiPrefix}/configuration-hub`;
}
