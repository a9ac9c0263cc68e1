/** How Node asks a value for its looks in the console; a name that every part of the house may use. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Text that must never be shown: prints as `[secret]` in every way that text is made of it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself; only for the request that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [INSPECT](): string {
    return '[secret]';
  }
}
