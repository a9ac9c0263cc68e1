import { GatewayError } from '../../domain/errors.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { Absences, isAbsent } from './absences.ts';
import type { IntronisApi } from './api.ts';
import type { ReportRow } from './mapper.ts';
import type { FetchedRow, PagedRows } from './paging.ts';
import { mapBounded, readPart, type Part } from './parts.ts';
import type { IntronisAccount, IntronisSettings } from './settings.ts';
import type { BackupStatusWire } from './wire.ts';

/**
 * Reads the status reports of accounts: one for the account where the vendor has that, else one for each computer.
 *
 * Which computers there are is told by the settings or by the account, whose answer is kept for a while.
 */
export class ReportReader {
  readonly #api: IntronisApi;
  readonly #sourceKey: string;
  readonly #now: () => Date;
  readonly #absences: Absences;
  readonly #answering = new Set<string>();
  readonly #computers = new Map<string, { readonly ids: readonly string[]; readonly until: number }>();

  constructor(settings: IntronisSettings, api: IntronisApi, now: () => Date) {
    this.#api = api;
    this.#sourceKey = settings.key;
    this.#now = now;
    this.#absences = new Absences(now);
  }

  /** The report of all the account's computers, in one part or in one for each computer. */
  async readAccount(account: IntronisAccount, call: ReadCall): Promise<readonly Part<ReportRow>[]> {
    const whole = await this.#readWhole(account, account.computers, call);
    if (whole !== undefined) return [whole];
    const listed = await this.#computersOf(account, call);
    const listing = { ...listed, rows: [] };
    if (listed.rows.length === 0) return [listing];
    const parts = await this.#readEach(account, listed.rows, call);
    const nothingRead = parts.every(({ failure }) => failure !== undefined);
    return listed.problems.length === 0 || nothingRead ? parts : [...parts, listing];
  }

  /**
   * The report of some computers; their ids come from callers and may name none. For one computer its own report is asked, unless
   * the account's is known to answer and so may be at hand.
   */
  async readComputers(
    account: IntronisAccount,
    computerIds: readonly string[],
    call: ReadCall,
  ): Promise<readonly Part<ReportRow>[]> {
    if (computerIds.length > 1 || this.#answering.has(account.username)) {
      const whole = await this.#readWhole(account, computerIds, call);
      if (whole !== undefined) return [whole];
    }
    return this.#readEach(account, computerIds, call);
  }

  /** The account's own report, without rows of other computers than these; undefined when the vendor has none. */
  async #readWhole(
    { username }: IntronisAccount,
    computerIds: readonly string[] | undefined,
    call: ReadCall,
  ): Promise<Part<ReportRow> | undefined> {
    if (this.#absences.has(username)) return undefined;
    const part = await readPart(this.#sourceKey, { username }, async () =>
      located(username, await this.#api.readAccountReport(username, call)),
    );
    if (isAbsent(part.failure)) {
      this.#absences.note(username);
      this.#answering.delete(username);
      return undefined;
    }
    if (part.failure === undefined) this.#answering.add(username);
    if (computerIds === undefined) return part;
    const wanted = new Set(computerIds);
    return { ...part, rows: part.rows.filter(({ row }) => wanted.has(row.computer_id)) };
  }

  async #readEach(
    { username, computers }: IntronisAccount,
    computerIds: readonly string[],
    call: ReadCall,
  ): Promise<readonly Part<ReportRow>[]> {
    const parts = await mapBounded(computerIds, (computerId) =>
      readPart(this.#sourceKey, { username, computerId }, async () =>
        located(username, await this.#api.readComputerReport(username, computerId, call)),
      ),
    );
    // A computer that has gone since it was listed: the next reading asks who is there.
    if (computers === undefined && parts.some(({ failure }) => isAbsent(failure))) this.#computers.delete(username);
    return parts;
  }

  /** The ids of the account's computers, as rows of a part. */
  async #computersOf({ username, computers }: IntronisAccount, call: ReadCall): Promise<Part<string>> {
    if (computers !== undefined) return readPart(this.#sourceKey, { username }, async () => complete(computers));
    const kept = this.#computers.get(username);
    if (kept !== undefined && this.#now().getTime() < kept.until)
      return readPart(this.#sourceKey, { username }, async () => complete(kept.ids));
    const part = await readPart(this.#sourceKey, { username }, () => this.#listComputers(username, call));
    if (part.failure === undefined && part.problems.length === 0)
      this.#computers.set(username, { ids: part.rows, until: this.#now().getTime() + COMPUTERS_KEPT_MS });
    // Nothing but unreadable rows is no account without computers.
    const failure = part.rows.length === 0 ? part.problems[0] : undefined;
    return failure === undefined ? part : { ...part, problems: part.problems.slice(1), failure };
  }

  async #listComputers(
    username: string,
    call: ReadCall,
  ): Promise<{ rows: string[]; problems: PagedRows<never>['problems'] }> {
    try {
      const { rows, problems } = await this.#api.listComputers(username, call);
      const present = rows.filter(({ row }) => row.status !== 'DELETED');
      return { rows: [...new Set(present.map(({ row }) => row.computer_id))], problems };
    } catch (error) {
      if (!isAbsent(error)) throw error;
      throw new GatewayError('NOT_FOUND', CONFIGURE_COMPUTERS, {
        sourceKey: this.#sourceKey,
        httpStatus: error.httpStatus,
        nativeCode: error.nativeCode,
        cause: error,
      });
    }
  }
}

const COMPUTERS_KEPT_MS = 10 * 60_000;
const CONFIGURE_COMPUTERS =
  'The vendor does not list the computers of this account. Check the account name, and name its computers in the settings ' +
  '(accounts[].computers).';

function located(username: string, { rows, problems }: PagedRows<BackupStatusWire>) {
  return {
    rows: rows.map(({ row, fetchedAt }: FetchedRow<BackupStatusWire>) => ({ username, row, fetchedAt })),
    problems,
  };
}

function complete<T>(rows: readonly T[]) {
  return { rows, problems: [] };
}
