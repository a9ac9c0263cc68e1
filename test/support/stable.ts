/** Members whose values differ from one answer to the next by their nature. */
const VOLATILE = new Set([
  'elapsedMs',
  'fetchedAt',
  'observedAt',
  'generatedAt',
  'asOf',
  'attempts',
  'latencyMsP50',
  'latencyMsP95',
  'clockSkewSeconds',
  'requestId',
  'lastSuccessAt',
  'lastErrorAt',
  'consecutiveFailures',
  'achieved',
  // Cursors of changes name their store.
  'next',
]);

/** An answer without what differs by its nature; everything else is kept, nulls included. */
export function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      VOLATILE.has(key) && inner !== null ? [] : [[key, stable(inner)]],
    ),
  );
}
