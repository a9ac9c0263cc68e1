/** In characters. */
const LONGEST_ADDRESS = 2_048;
/** What may follow a prefix: segments of letters, digits and signs that no server reads as anything else. */
const PLAIN_SEGMENTS = /^(\/[\w.~-]+)*\/?$/;

interface Prefix {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly path: string;
}

/**
 * The addresses to which callers may have events sent.
 *
 * Compared is what the parser of URLs makes of both, and requests go to what it has made: scheme, host and port have to be the same, the
 * path has to begin with whole segments of the prefix. Without prefixes there is no such address.
 */
export class CallbackAddresses {
  readonly #prefixes: readonly Prefix[];

  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes.map((text) => {
      const { origin, pathname } = new URL(text);
      return { origin, path: pathname.replace(/\/+$/, '') };
    });
  }

  /** The address in the one form in which it is used; undefined when no prefix covers it. */
  covered(text: string): string | undefined {
    if (text.length > LONGEST_ADDRESS || !URL.canParse(text)) return undefined;
    const { origin, pathname, username, password, search, hash } = new URL(text);
    if ([username, password, search, hash].some((part) => part !== '')) return undefined;
    const isCovered = this.#prefixes.some(
      ({ origin: wanted, path }) =>
        origin === wanted && pathname.startsWith(path) && PLAIN_SEGMENTS.test(pathname.slice(path.length)),
    );
    return isCovered ? `${origin}${pathname}` : undefined;
  }
}
