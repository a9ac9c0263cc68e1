import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { RpoVerdict } from '../../domain/rpo.ts';
import type { SourceState } from '../../domain/source.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import { decodeChangeCursor } from '../../history/change-cursor.ts';
import type { Chronicle } from '../../history/chronicle.ts';
import type { StoredChange } from '../../store/history-store.ts';
import { runOfText } from '../../store/run-text.ts';
import { MAX_PAGE_SIZE, checkPageSize } from '../connection.ts';
import type { OperationContext } from '../context.ts';
import { sourceVerdicts } from '../rpo/source-verdicts.ts';
import { ChangePageType, type ChangePage, type ChangeValue } from './change.type.ts';

const DEFAULT_CHANGES = 100;
/** Kept answers this old will do for a look: many who ask at once make one call. */
const LOOK_AGE_MS = 3_000;

@Resolver()
export class ChangeResolver {
  @Query(() => ChangePageType, {
    description:
      'Everything that changed since a cursor: runs, verdicts on objectives, and the health of sources, over all sources. For clients that ask from time to time, and after a subscription was lost: nothing falls between. The sources are looked at first, as by any other query; one that fails costs only its own news, and is itself a change. Changes are kept for 7 days, the newest 20,000 of them.',
  })
  async changes(
    @Arg('since', () => String, {
      nullable: true,
      description: '`next` of an earlier answer. Null or left out: no changes, and the `next` that stands for now.',
    })
    since: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: DEFAULT_CHANGES, description: 'How many at most: 1 to 500.' })
    first: number,
    @Ctx() context: OperationContext,
  ): Promise<ChangePage> {
    const { chronicle } = context;
    if (chronicle === undefined) throw new GatewayError('STORE_UNAVAILABLE', 'This gateway keeps no changes.');
    // Whoever asks until a page is not full would ask for ever.
    checkPageSize(first, 'first', MAX_PAGE_SIZE, 1);
    const cursor = typeof since === 'string' ? decodeChangeCursor(since, 'since') : undefined;
    await look(context, chronicle);
    const page = await chronicle.changesAfter(
      cursor,
      first,
      context.sources.map(({ key }) => key),
    );
    return { ...page, changes: page.changes.map((change) => changeValue(change, context, chronicle)) };
  }
}

/** Looks at all sources, and waits until what was seen is written down. */
async function look(context: OperationContext, chronicle: Chronicle): Promise<void> {
  await Promise.all(
    context.sources.map(async (source) => {
      const { key } = source;
      // A fault of the gateway in reading one source costs no news of the others; whoever queries that source is told of it.
      await sourceVerdicts(context, key, { maxAgeMs: LOOK_AGE_MS }).catch(() => undefined);
      chronicle.toldState(key, source.health().state);
    }),
  );
  await chronicle.settled();
}

function changeValue(change: StoredChange, context: OperationContext, chronicle: Chronicle): ChangeValue {
  const { kind, sourceKey, previous, content } = change;
  const observedAt = new Date(change.observedAtMs);
  switch (kind) {
    case 'RUN':
      return {
        run: runOfText(content),
        // Written by the chronicle, in the words of the domain; the same holds below.
        previousStatus: previous as BackupStatus | undefined,
        observedAt,
        pollIntervalMs: chronicle.pollIntervalMs(sourceKey),
      };
    case 'RPO': {
      const { object, verdict } = JSON.parse(content) as { object: ProtectedObject; verdict: RpoVerdict };
      return { object, verdict, previousVerdict: previous as RpoVerdict | undefined, observedAt };
    }
    case 'HEALTH': {
      const { state } = JSON.parse(content) as { state: SourceState };
      const source = context.source(sourceKey, 'since');
      return { source, state, previousState: previous as SourceState | undefined, observedAt };
    }
  }
}
