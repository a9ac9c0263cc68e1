import { GatewayError, SOURCE_ERROR_KINDS, type SourceErrorKind } from '../domain/errors.ts';
import type { SourceOutcome } from '../domain/source.ts';
import type { BackupSource, Rows } from '../vendors/contract.ts';
import type { ReadCall } from '../transport/read-call.ts';
import type { GatewaySource, OperationContext, ReadChoice } from './context.ts';

/** What became of one source in one aggregated answer. */
export interface SourceResult {
  readonly source: GatewaySource;
  readonly outcome: SourceOutcome;
  readonly count: number;
  readonly fetchedAt: Date | undefined;
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly error: SourceErrorValue | undefined;
}

/** A failure as data. GraphQL takes an `Error` that a resolver returns for a thrown one, so this is a plain object. */
export interface SourceErrorValue {
  readonly kind: SourceErrorKind;
  readonly message: string;
  readonly httpStatus: number | undefined;
  readonly nativeCode: string | undefined;
  readonly retryable: boolean;
  readonly retryAfter: Date | undefined;
}

export function sourceErrorValue(error: GatewayError | undefined): SourceErrorValue | undefined {
  if (error === undefined) return undefined;
  const { code, message, httpStatus, nativeCode, retryable, retryAfter } = error;
  return {
    kind: SOURCE_ERROR_KINDS.find((kind) => kind === code) ?? 'VENDOR_FAULT',
    message,
    httpStatus,
    nativeCode,
    retryable,
    retryAfter,
  };
}

/** The rows of one source and what became of it. `answered` is false when there are no rows because it could not be read. */
export interface SourceReading<Row> {
  readonly source: GatewaySource;
  readonly rows: readonly Row[];
  readonly answered: boolean;
  /** The failure itself when it was not answered. */
  readonly failure: GatewayError | undefined;
  /** What became of it, for the given number of rows contributed. */
  result(count: number): SourceResult;
}

/**
 * Reads one source for an aggregated answer. Never throws for what a source does wrong: that is data.
 */
export async function readSource<Row extends object>(
  context: OperationContext,
  source: GatewaySource,
  choice: ReadChoice,
  read: (reader: BackupSource, call: ReadCall) => Promise<Rows<Row>>,
): Promise<SourceReading<Row>> {
  const call = context.readCall(source, choice);
  const began = performance.now();
  let answer: Rows<Row> | GatewayError;
  try {
    answer = await read(source.reader, call);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'INTERNAL') throw error;
    answer = error;
  }
  const elapsedMs = Math.round((performance.now() - began) * 10) / 10;
  if (!(answer instanceof GatewayError)) context.remember(answer.rows, choice);
  const { outcome, error } = outcomeOf(answer, call);
  const { oldestFetchedAt, attempts } = call.tally;
  return {
    source,
    rows: answer instanceof GatewayError ? [] : answer.rows,
    answered: !(answer instanceof GatewayError),
    failure: answer instanceof GatewayError ? answer : undefined,
    result: (count) => ({
      source,
      outcome,
      count,
      fetchedAt:
        oldestFetchedAt === undefined || answer instanceof GatewayError ? undefined : new Date(oldestFetchedAt),
      attempts,
      elapsedMs,
      error: sourceErrorValue(error),
    }),
  };
}

function outcomeOf<Row>(
  answer: Rows<Row> | GatewayError,
  call: ReadCall,
): { outcome: SourceOutcome; error: GatewayError | undefined } {
  if (answer instanceof GatewayError) {
    if (answer.code === 'UNSUPPORTED') return { outcome: 'UNSUPPORTED', error: undefined };
    return { outcome: answer.code === 'TIMEOUT' ? 'TIMED_OUT' : 'FAILED', error: answer };
  }
  const { staleBecause } = call.tally;
  const stale = staleBecause instanceof GatewayError ? [staleBecause] : [];
  // The failure behind kept rows comes first: what is missing beside them must not hide that they are old.
  if (answer.problems.length > 0) return { outcome: 'PARTIAL', error: summary([...stale, ...answer.problems]) };
  if (stale.length > 0) return { outcome: 'STALE', error: stale[0] };
  return { outcome: 'OK', error: undefined };
}

/** The first problem, saying how many there are. */
function summary(problems: readonly GatewayError[]): GatewayError | undefined {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return first;
  const { sourceKey, httpStatus, nativeCode, retryAfter, cause } = first;
  const options = { sourceKey, httpStatus, nativeCode, retryAfter, cause };
  return new GatewayError(
    first.code,
    `${problems.length} parts could not be read; the first: ${first.message}`,
    options,
  );
}
