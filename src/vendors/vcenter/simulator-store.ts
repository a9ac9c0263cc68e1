import { Refusal } from './simulator-answers.ts';
import { endOf, statusOf, timeOf, type Backup } from './simulator-backups.ts';
import { integerOf, invalid, only, schemeOf, textOf, type Body } from './simulator-bodies.ts';
import { SYSTEM_NAME } from './simulator-data.ts';
import type { ApplianceState } from './simulator-state.ts';
import { printInstant } from './simulator-views.ts';

/** What lies in the backup stores: each success, of the scheduled ones as many as the schedule keeps. */
export class Store {
  readonly #state: ApplianceState;
  readonly #version: string;

  constructor(state: ApplianceState, version: string) {
    this.#state = state;
    this.#version = version;
  }

  systems(location: Body, now: number): string[] {
    return this.#at(location, now).length > 0 ? [SYSTEM_NAME] : [];
  }

  /** Newest first, 128 unless told. */
  archives(system: string, location: Body, filter: Body, now: number): object[] {
    only(filter, ['start_timestamp', 'end_timestamp', 'comment_substring', 'max_results']);
    const from = instantOf(filter, 'start_timestamp') ?? -Infinity;
    const to = instantOf(filter, 'end_timestamp') ?? Infinity;
    const part = textOf(filter, 'comment_substring') ?? '';
    return this.#of(system, location, now)
      .filter((backup) => timeOf(backup) >= from && timeOf(backup) <= to && backup.comment.includes(part))
      .slice(0, integerOf(filter, 'max_results', 1, 1_000_000) ?? 128)
      .map((backup) => ({
        archive: this.#nameOf(backup),
        timestamp: printInstant(timeOf(backup)),
        version: this.#version,
        comment: backup.comment,
      }));
  }

  archive(system: string, name: string, location: Body, now: number): object {
    const backup = this.#of(system, location, now).find((one) => this.#nameOf(one) === name);
    if (backup === undefined) throw new Refusal('NOT_FOUND', `Archive ${name} was not found.`);
    return {
      timestamp: printInstant(endOf(backup, now) ?? now),
      location: backup.location,
      parts: backup.parts,
      version: this.#version,
      system_name: SYSTEM_NAME,
      comment: backup.comment,
    };
  }

  #of(system: string, location: Body, now: number): Backup[] {
    const found = this.#at(location, now);
    if (system !== SYSTEM_NAME) throw new Refusal('NOT_FOUND', `System ${system} was not found.`);
    return found;
  }

  /** Newest first. */
  #at(spec: Body, now: number): Backup[] {
    only(spec, ['location', 'location_user', 'location_password']);
    const location = textOf(spec, 'location')?.replace(/\/+$/, '');
    if (location === undefined || schemeOf(location) === undefined) throw invalid('The location is not valid.');
    if (/\.invalid(?:[:/]|$)/.test(location)) throw new Refusal('ERROR', 'The backup location cannot be reached.');
    const keep = this.#state.schedule?.schedule.maxCount ?? Infinity;
    const complete = [...this.#state.backups()]
      .filter((backup) => statusOf(backup, now) === 'SUCCEEDED')
      .toSorted((a, b) => timeOf(b) - timeOf(a));
    const expired = new Set(complete.filter(({ type }) => type === 'SCHEDULED').slice(keep));
    return complete.filter(
      (backup) => !expired.has(backup) && (backup.location === location || backup.location.startsWith(`${location}/`)),
    );
  }

  #nameOf({ type, id }: Backup): string {
    return `${type.slice(0, 1)}_${this.#version}_${id.split('-').slice(0, 2).join('-')}`;
  }
}

function instantOf(filter: Body, name: string): number | undefined {
  const text = textOf(filter, name);
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw invalid(`The member ${name} must be a date and time.`);
  return instant;
}
