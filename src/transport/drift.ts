import type { SourceDrift } from '../domain/source.ts';

/** Counts names and values that a vendor sent and the gateway does not know. Bounded; never holds free text of a vendor. */
export class Drift {
  readonly #fields = new Set<string>();
  readonly #values = new Set<string>();
  readonly #now: () => Date;
  #firstSeenAt: Date | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Notes an enum word that no mapping knows, such as `value('Job.lastStatus', 'Frozen')`. */
  value(field: string, word: string): void {
    this.#note(this.#values, `${field}=${word.slice(0, MAX_WORD)}`);
  }

  /** Notes the members of a wire object that are not among the documented names. */
  fields(thing: string, members: Iterable<string>, known: ReadonlySet<string>): void {
    for (const member of members) {
      if (!known.has(member)) this.#note(this.#fields, `${thing}.${member.slice(0, MAX_WORD)}`);
    }
  }

  read(): SourceDrift {
    return {
      unknownFields: [...this.#fields].toSorted(),
      unknownValues: [...this.#values].toSorted(),
      firstSeenAt: this.#firstSeenAt,
    };
  }

  #note(set: Set<string>, entry: string): void {
    if (set.has(entry) || set.size >= MAX_ENTRIES) return;
    set.add(entry);
    this.#firstSeenAt ??= this.#now();
  }
}

const MAX_ENTRIES = 200;
const MAX_WORD = 64;
