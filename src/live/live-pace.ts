/** How often a source is looked at while somebody listens, in milliseconds. */
export interface LivePace {
  /** While a run is under way. */
  readonly fastMs: number;
  /** Otherwise. */
  readonly slowMs: number;
  /** The most that failures stretch either to. */
  readonly longestMs: number;
}

export const DEFAULT_PACE: LivePace = { fastMs: 5_000, slowMs: 60_000, longestMs: 5 * 60_000 };

/** Each failure in a row doubles the interval, up to the longest. */
export function intervalAfter(baseMs: number, failures: number, { longestMs }: LivePace): number {
  return failures === 0 ? baseMs : Math.min(baseMs * 2 ** Math.min(failures, 30), Math.max(longestMs, baseMs));
}

/** The interval 10 % shorter or longer by chance, so that sources are not all asked at once. */
export function jittered(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (0.9 + 0.2 * random));
}
