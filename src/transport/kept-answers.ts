import type { Reading } from './source-http.ts';

/** The last answers by request, oldest out first, bounded in number and in the bytes of the bodies that they were made from. */
export class KeptAnswers {
  readonly #answers = new Map<string, { readonly reading: Reading<unknown>; readonly bytes: number }>();
  #bytes = 0;

  get(key: string): Reading<unknown> | undefined {
    return this.#answers.get(key)?.reading;
  }

  keep(key: string, reading: Reading<unknown>, bytes: number): void {
    this.#drop(key);
    this.#answers.set(key, { reading, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_ANSWERS && this.#bytes <= MAX_BYTES) return;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#answers.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    this.#bytes -= this.#answers.get(key)?.bytes ?? 0;
    this.#answers.delete(key);
  }
}

const MAX_ANSWERS = 500;
/** Room for the longest list that is read, 200,000 runs in 100 pages: one that did not fit would push out its own beginning, and each read be a cold one. */
const MAX_BYTES = 192 * 1024 * 1024;
