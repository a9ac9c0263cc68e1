import { GatewayError } from '../../domain/errors.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import { Absences, isAbsent } from './absences.ts';
import type { HistoryQuery, IntronisApi } from './api.ts';
import type { ActionRow } from './mapper.ts';
import { readPart, type Part } from './parts.ts';
import type { IntronisAccount, IntronisSettings } from './settings.ts';
import { mapActionKind } from './status.ts';

/** Reads the runs that accounts and computers keep, where the vendor's action history answers. */
export class HistoryReader {
  readonly #api: IntronisApi;
  readonly #sourceKey: string;
  readonly #absences: Absences;

  constructor(settings: IntronisSettings, api: IntronisApi, now: () => Date) {
    this.#api = api;
    this.#sourceKey = settings.key;
    this.#absences = new Absences(now);
  }

  /** Whether the history of the account, or of the computer, has answered 404 or 405 within the hour. */
  isAbsent(username: string, computerId?: string): boolean {
    return this.#absences.has(key(username)) || this.#absences.has(key(username, computerId));
  }

  /** Backups of the account (without other computers than the configured ones); undefined when it has no history. */
  async read(account: IntronisAccount, wanted: HistoryQuery, call: ReadCall): Promise<Part<ActionRow> | undefined> {
    const { username } = account;
    const { computerId } = wanted;
    if (this.isAbsent(username, computerId)) return undefined;
    const part = await readPart(this.#sourceKey, { username, computerId }, async () => {
      const { rows, problems } = await this.#api.readBackupHistory(username, wanted, call);
      return { rows: rows.map(({ row, fetchedAt }) => ({ username, row, fetchedAt })), problems };
    });
    if (isAbsent(part.failure)) {
      this.#absences.note(key(username, computerId));
      return undefined;
    }
    return { ...part, rows: part.rows.filter(({ row }) => isBackup(row) && hasComputer(account, row.computer_id)) };
  }

  /** Says that the runs at hand are only the newest ones. */
  absenceProblem(usernames: readonly string[]): GatewayError {
    const names = usernames.map((username) => JSON.stringify(username)).join(', ');
    return new GatewayError(
      'NOT_FOUND',
      `Source "${this.#sourceKey}" has no action history for ${names}: only the newest run of each backup set is known.`,
      { sourceKey: this.#sourceKey },
    );
  }
}

export function hasComputer({ computers }: IntronisAccount, computerId: string): boolean {
  return computers === undefined || computers.includes(computerId);
}

function key(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts.filter((part) => part !== undefined));
}

/** The vendor is asked for backups alone; a restore among them is left out all the same, a kind that nobody knows is not. */
function isBackup({ type }: ActionRow['row']): boolean {
  return mapActionKind(type) !== 'OTHER';
}
