import { RISKY_SHARE, type RpoStatus } from '../../domain/rpo.ts';
import type { ObjectVerdict, SourceVerdicts } from '../../live/verdict-watch.ts';
import type { OperationContext, ReadChoice } from '../context.ts';

/**
 * How all objects of a source stand; writes it down where changes are kept.
 *
 * @throws only for faults of the gateway: a source that cannot be read has no verdicts.
 */
export async function sourceVerdicts(
  context: OperationContext,
  sourceKey: string,
  choice: ReadChoice,
): Promise<SourceVerdicts> {
  const { reading, assessment } = await context.loaders(choice).assessment.load(sourceKey);
  const verdicts = reading.answered
    ? [...assessment.byObject.values()].map(({ object }) => ({ object, rpo: assessment.rpo(object.nativeId) }))
    : undefined;
  // A caller who has gone learns nothing of the source.
  if (reading.failure?.code !== 'CANCELLED_BY_CALLER') {
    const told = verdicts?.map(({ object, rpo }) => ({ object, verdict: rpo.verdict }));
    context.chronicle?.toldVerdicts(sourceKey, told, context.startedAt);
  }
  return { verdicts, nextAt: nextTurn(verdicts ?? [], context.startedAt) };
}

/** When the next of them grows too old, or old enough to be a risk. */
function nextTurn(verdicts: readonly ObjectVerdict[], now: Date): Date | undefined {
  let nextMs = Infinity;
  for (const { rpo } of verdicts) {
    for (const atMs of turnsOf(rpo)) if (atMs > now.getTime()) nextMs = Math.min(nextMs, atMs);
  }
  return nextMs === Infinity ? undefined : new Date(nextMs);
}

function turnsOf({ dueBy, targetMs }: RpoStatus): readonly number[] {
  if (dueBy === undefined || targetMs === undefined) return [];
  return [dueBy.getTime() - (1 - RISKY_SHARE) * targetMs, dueBy.getTime()];
}
