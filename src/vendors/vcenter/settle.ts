import { GatewayError } from '../../domain/errors.ts';

/** What the vendor's side of a read gave, or why it gave nothing; what is no fault of the vendor still throws. */
export async function settled<T>(work: Promise<T>): Promise<T | GatewayError> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'CANCELLED_BY_CALLER') throw error;
    return error;
  }
}

/** @throws the first failure when there is nothing but failures. */
export function throwIfAllFailed(answers: readonly unknown[]): void {
  const [first] = answers;
  if (first instanceof GatewayError && answers.every((answer) => answer instanceof GatewayError)) throw first;
}

export function isMissing(answer: unknown): boolean {
  return answer instanceof GatewayError && answer.code === 'NOT_FOUND';
}

export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Runs the work for each item, a few at a time, so that one long list leaves room for other reads; results in the items' order. */
export async function mapBounded<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

const AT_ONCE = 4;
