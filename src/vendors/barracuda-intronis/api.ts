import type { HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { Session } from '../../transport/session.ts';
import type { Reading, SourceHttp } from '../../transport/source-http.ts';
import type { SourceEnvironment } from '../contract.ts';
import { readResource, type Format } from './envelope.ts';
import { logIn, refuseCall } from './login.ts';
import { readPages, type FetchedRow, type PagedRows } from './paging.ts';
import type { IntronisSettings } from './settings.ts';
import {
  parseComputersPage,
  parseHistoryPage,
  parseReportPage,
  type ActionWire,
  type BackupStatusWire,
  type ComputerWire,
  type Page,
} from './wire.ts';

/** Which part of an account's history is wanted. */
export interface HistoryQuery {
  /** One computer's; the whole account's when undefined. */
  readonly computerId?: string | undefined;
  readonly since?: Date | undefined;
  /** Rows come newest beginning first; the reading ends as soon as this says so. */
  readonly isEnough?: ((rows: readonly FetchedRow<ActionWire>[]) => boolean) | undefined;
}

/** The vendor's calls that the gateway makes: paths, queries, paging. All are GETs beside the login. */
export class IntronisApi {
  readonly #http: SourceHttp;
  readonly #session: Session;
  readonly #drift: Drift;
  readonly #format: Format;
  readonly #sourceKey: string;

  constructor(settings: IntronisSettings, environment: SourceEnvironment) {
    this.#http = environment.openHttp([settings.baseUrl, settings.tokenUrl]);
    this.#drift = environment.drift;
    this.#format = settings.format;
    this.#sourceKey = settings.key;
    this.#session = new Session({
      sourceKey: settings.key,
      login: (signal) => logIn(this.#http, settings, signal, () => environment.now()),
      now: () => environment.now().getTime(),
    });
  }

  /** Newest run of each backup set of one computer. */
  async readComputerReport(username: string, computerId: string, call: ReadCall): Promise<PagedRows<BackupStatusWire>> {
    return this.#readReport(`${computerPath(username, computerId)}/reports/backup_status`, call);
  }

  /** The same for a whole account. Linked to by the vendor, described nowhere: may answer 404 or 405. */
  async readAccountReport(username: string, call: ReadCall): Promise<PagedRows<BackupStatusWire>> {
    return this.#readReport(`${accountPath(username)}/reports/backup_status`, call);
  }

  /** Parameters of this list are not documented: the first page is asked for without any. */
  async listComputers(username: string, call: ReadCall): Promise<PagedRows<ComputerWire>> {
    const path = `${accountPath(username)}/computers`;
    return readPages((page) => this.#read(path, pageOnly(page), parseComputersPage, call), {
      sourceKey: this.#sourceKey,
      maxPages: MAX_PAGES,
      keyOf: ({ computer_id }) => computer_id,
      trustsCount: true,
    });
  }

  async readBackupHistory(username: string, wanted: HistoryQuery, call: ReadCall): Promise<PagedRows<ActionWire>> {
    const { computerId, since } = wanted;
    const owner = computerId === undefined ? accountPath(username) : computerPath(username, computerId);
    const query = {
      type: 'BACKUP',
      since: since && wholeSeconds(since),
      order_by: 'LOCAL_START',
      order_dir: 'DESC',
      page_size: HISTORY_PAGE_SIZE,
    };
    return readPages(
      (page) => this.#read(`${owner}/action_history`, { ...query, page }, parseHistoryPage, call, HISTORY_PAGE_SIZE),
      {
        sourceKey: this.#sourceKey,
        maxPages: MAX_PAGES,
        keyOf: actionKey,
        trustsCount: true,
        isEnough: (rows) => areNewestFirst(rows) && wanted.isEnough?.(rows) === true,
      },
    );
  }

  /** The account itself, the cheapest call that needs a login. */
  async readAccount(username: string, call: ReadCall): Promise<void> {
    await this.#http.read({ ...this.#request(accountPath(username)), decode: this.#decodeAccount }, call);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** A report is one page by the vendor's word, and the count in its sample counts more rows than it prints: only a link counts. */
  async #readReport(path: string, call: ReadCall): Promise<PagedRows<BackupStatusWire>> {
    return readPages((page) => this.#read(path, pageOnly(page), parseReportPage, call), {
      sourceKey: this.#sourceKey,
      maxPages: MAX_PAGES,
      keyOf: reportKey,
      trustsCount: false,
    });
  }

  readonly #decodeAccount = (response: HttpResponse): void => readResource(response, this.#format, 'account');

  #read<T>(
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
    parse: (response: HttpResponse, format: Format, drift: Drift) => Page<T>,
    call: ReadCall,
    askedPageSize?: number,
  ): Promise<Reading<Page<T>>> {
    const decode = (response: HttpResponse): Page<T> => {
      const page = parse(response, this.#format, this.#drift);
      return { ...page, pageSize: page.pageSize ?? askedPageSize };
    };
    return this.#http.read({ ...this.#request(path), query, decode }, call);
  }

  #request(path: string) {
    return {
      path,
      headers: { accept: `application/${this.#format}` },
      session: this.#session,
      refuse: (response: HttpResponse) => refuseCall(response, this.#sourceKey),
    };
  }
}

const HISTORY_PAGE_SIZE = 50;
const MAX_PAGES = 100;

function accountPath(username: string): string {
  return `/v1/accounts/${pathSegment(username)}`;
}

function computerPath(username: string, computerId: string): string {
  return `${accountPath(username)}/computers/${pathSegment(computerId)}`;
}

function pageOnly(page: number): { readonly page: number | undefined } {
  return { page: page === 1 ? undefined : page };
}

/** The vendor writes instants in whole seconds; cutting keeps the run that began within the second. */
function wholeSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** Whether later pages hold older rows only: what was asked for, and what ending early relies on. */
function areNewestFirst(rows: readonly FetchedRow<ActionWire>[]): boolean {
  const starts = rows.map(({ row }) => row.local_start).filter((start) => start !== undefined);
  return starts.every((start, index) => start <= (starts[index - 1] ?? start));
}

/** The vendor's sample repeats an action id, so that it is no key by itself. */
function actionKey({ action_id, computer_id, backupset_name, local_start, status }: ActionWire): string {
  return JSON.stringify([action_id, computer_id, backupset_name, local_start, status]);
}

/** Two sets of one name and beginning are told apart by the rest of the row. */
function reportKey(row: BackupStatusWire): string {
  return JSON.stringify(row);
}
