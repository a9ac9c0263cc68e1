import type { Caller } from '../domain/caller.ts';
import type { Label, SourceDrift, SourceHealth } from '../domain/source.ts';
import { GatewayError } from '../domain/errors.ts';
import { sourceFits, type SourceFilter } from '../domain/filters.ts';
import type { RpoStatus } from '../domain/rpo.ts';
import { CallTally, type ReadCall } from '../transport/read-call.ts';
import type { WriteSource } from '../writing/write-ask.ts';
import type { WriteService } from '../writing/write-service.ts';
import type { Chronicle } from '../history/chronicle.ts';
import type { SourceHistory } from '../history/source-history.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** A configured source as the schema sees it; made by the server. */
export interface GatewaySource extends WriteSource {
  readonly vendor: string;
  readonly name: string;
  readonly labels: readonly Label[];
  /** IANA zone of the vendor's wall-clock values, when configured. */
  readonly timeZone: string | undefined;
  /** Recovery point objective in milliseconds; undefined: derived from the schedules. */
  readonly rpoMs: number | undefined;
  /** Read options in force when the caller gives none, in milliseconds. */
  readonly defaults: ResolvedReadOptions;
  health(): SourceHealth;
  drift(): SourceDrift;
  /** Runs that the vendor tells no more; left out where none are kept. */
  readonly history?: SourceHistory | undefined;
}

export interface ResolvedReadOptions {
  readonly patienceMs: number;
  readonly maxAgeMs: number;
  /** How old a kept answer may be when the source fails; undefined: none is served. */
  readonly staleIfErrorMs: number | undefined;
}

/** What a caller asked for; everything left out takes the source's default. */
export interface ReadChoice {
  readonly patienceMs?: number | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly allowStale?: boolean | undefined;
}

/** How an operation that goes on hears of what happens. */
export interface Listening {
  readonly hub: LiveHub;
  /** Called when the caller takes events so slowly that it has to be given up. */
  readonly onTooSlow: () => void;
}

export interface ContextOptions {
  readonly sources: readonly GatewaySource[];
  /** Who asks. */
  readonly caller: Caller;
  readonly writes: WriteService;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Ties the answer to the logs. */
  readonly requestId: string;
  /** There when the answer may be a stream. */
  readonly listening?: Listening | undefined;
  /** There when changes are kept. */
  readonly chronicle?: Chronicle | undefined;
}

/**
 * What one GraphQL operation works with. Nothing of it outlives the operation.
 *
 * Apollo Server hands a copy of it to the resolvers, member by member; `#private` members would be lost on the way.
 */
export class OperationContext {
  readonly sources: readonly GatewaySource[];
  readonly caller: Caller;
  readonly writes: WriteService;
  readonly requestId: string;
  /** The instant of the operation: every "now" in its answer. */
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly listening: Listening | undefined;
  readonly chronicle: Chronicle | undefined;
  private readonly signal: AbortSignal;
  /** Epoch milliseconds from which on the patience of reads counts. */
  private readingSince: number;
  private readonly loadersByChoice = new Map<string, Loaders>();
  private readonly deadlines = new Map<string, { readonly signal: AbortSignal; readonly timer: NodeJS.Timeout }>();
  private readonly choices = new WeakMap<object, ReadChoice>();
  /** The choice, by source, whose rows are those that other operations got. */
  private readonly sharing = new Map<string, string>();
  private readonly verdicts = new WeakMap<object, RpoStatus>();

  constructor(options: ContextOptions) {
    this.sources = options.sources;
    this.requestId = options.requestId;
    this.now = options.now;
    this.caller = options.caller;
    this.writes = options.writes;
    this.listening = options.listening;
    this.chronicle = options.chronicle;
    this.startedAt = options.now();
    this.readingSince = this.startedAt.getTime();
    this.signal = options.signal;
  }

  /** The source with this key. @throws NOT_FOUND naming the argument. */
  source(key: string, argument: string): GatewaySource {
    const source = this.sources.find((one) => one.key === key);
    if (source !== undefined) return source;
    throw new GatewayError('NOT_FOUND', `Argument "${argument}" names a source that is not configured.`, { argument });
  }

  /** The sources that a filter leaves, in the order of the configuration. */
  select(filter: SourceFilter): readonly GatewaySource[] {
    return this.sources.filter((source) => sourceFits(source, filter));
  }

  /** Loaders for one choice of read options; fields below a row use the choice that the row was read with. */
  loaders(choice: ReadChoice = {}): Loaders {
    const key = keyOf(choice);
    let loaders = this.loadersByChoice.get(key);
    if (loaders === undefined) {
      loaders = createLoaders(this, choice);
      this.loadersByChoice.set(key, loaders);
    }
    return loaders;
  }

  loadersOf(row: object): Loaders {
    return this.loaders(this.choices.get(row));
  }

  /** Remembers the choice that rows were read with; one that leaves everything out is that of all other rows. */
  remember(rows: Iterable<object>, choice: ReadChoice): void {
    if (keyOf(choice) === keyOf({})) return;
    for (const row of rows) this.choices.set(row, choice);
  }

  choiceOf(row: object): ReadChoice {
    return this.choices.get(row) ?? {};
  }

  /** Remembers a verdict that an event brought with it, so that it is not worked out for each listener. */
  rememberVerdict(object: object, verdict: RpoStatus): void {
    this.verdicts.set(object, verdict);
  }

  verdictOf(object: object): RpoStatus | undefined {
    return this.verdicts.get(object);
  }

  /** After a write: forgets what was read before, and gives the reads that follow a patience of their own. */
  readAnew(): void {
    this.loadersByChoice.clear();
    this.dispose();
    this.readingSince = this.now().getTime();
  }

  /** One read of one source. The deadline counts from the beginning of the operation or its last write, so that nested reads share it. */
  readCall(source: GatewaySource, choice: ReadChoice): ReadCall {
    const { defaults } = source;
    const patienceMs = choice.patienceMs ?? defaults.patienceMs;
    const startedAt = this.readingSince;
    const maxAgeMs = choice.maxAgeMs ?? defaults.maxAgeMs;
    const staleIfErrorMs =
      choice.allowStale === undefined
        ? defaults.staleIfErrorMs
        : choice.allowStale
          ? (defaults.staleIfErrorMs ?? OLDEST_STALE_MS)
          : undefined;
    return {
      signal: this.deadline(source.key, patienceMs),
      deadlineAt: startedAt + patienceMs,
      freshSince: startedAt - maxAgeMs,
      staleSince: staleIfErrorMs === undefined ? undefined : startedAt - staleIfErrorMs,
      // The same row must not stand for two choices: see `choiceOf`.
      mayShareRows: this.isFirstChoice(source, choice),
      tally: new CallTally(),
    };
  }

  private isFirstChoice({ key }: GatewaySource, choice: ReadChoice): boolean {
    const first = this.sharing.get(key) ?? keyOf(choice);
    this.sharing.set(key, first);
    return first === keyOf(choice);
  }

  /** Ends the timers of the operation; called when its answer is out. */
  dispose(): void {
    for (const { timer } of this.deadlines.values()) clearTimeout(timer);
    this.deadlines.clear();
  }

  /** A signal that is aborted at the deadline or when the caller goes, with a `GatewayError` as reason. */
  private deadline(sourceKey: string, patienceMs: number): AbortSignal {
    const key = `${sourceKey} ${patienceMs}`;
    const known = this.deadlines.get(key);
    if (known !== undefined) return known.signal;
    const controller = new AbortController();
    const leftMs = this.readingSince + patienceMs - this.now().getTime();
    const timer = setTimeout(
      () => {
        controller.abort(
          new GatewayError('TIMEOUT', `Source "${sourceKey}" did not answer within ${patienceMs} ms.`, { sourceKey }),
        );
      },
      Math.max(0, leftMs),
    );
    const onGone = (): void => {
      clearTimeout(timer);
      controller.abort(new GatewayError('CANCELLED_BY_CALLER', 'The caller has gone.', { sourceKey }));
    };
    if (this.signal.aborted) onGone();
    else this.signal.addEventListener('abort', onGone, { once: true });
    this.deadlines.set(key, { signal: controller.signal, timer });
    return controller.signal;
  }
}

function keyOf({ patienceMs, maxAgeMs, allowStale }: ReadChoice): string {
  return `${patienceMs} ${maxAgeMs} ${allowStale}`;
}

const OLDEST_STALE_MS = 24 * 60 * 60_000;
