import type { Caller } from '../domain/caller.ts';
import { OperationContext, type ContextOptions } from '../graphql/context.ts';
import { sourceVerdicts } from '../graphql/rpo/source-verdicts.ts';
import type { SourceVerdicts } from '../live/verdict-watch.ts';

/** Who asks when the gateway itself looks. */
const GATEWAY: Caller = { name: 'gateway', role: 'READ' };

/** Works out the verdicts of a source for those who listen, in a context like that of an operation. */
export async function lookAtVerdicts(
  options: Pick<ContextOptions, 'sources' | 'writes' | 'chronicle' | 'now'>,
  sourceKey: string,
  signal: AbortSignal,
): Promise<SourceVerdicts> {
  const context = new OperationContext({ ...options, caller: GATEWAY, requestId: 'live', signal });
  try {
    // What has just been seen must be in it.
    return await sourceVerdicts(context, sourceKey, { maxAgeMs: 0 });
  } finally {
    context.dispose();
  }
}
