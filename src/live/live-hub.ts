import type { BackupRun } from '../domain/backup-run.ts';
import type { BackupStatus } from '../domain/backup-status.ts';
import type { SourceState } from '../domain/source.ts';
import type { ProtectedObject } from '../domain/protected-object.ts';
import type { RpoStatus, RpoVerdict } from '../domain/rpo.ts';
import { EventQueue } from './event-queue.ts';
import { SYSTEM_CLOCK, type LiveClock } from './live-clock.ts';
import { DEFAULT_PACE, type LivePace } from './live-pace.ts';
import { VerdictWatch, type ObjectVerdict, type SourceVerdicts } from './verdict-watch.ts';
import { SHORTEST_GAP_MS, SourcePoller, type LiveSource, type Look } from './source-poller.ts';

/** A run that is not as it was at the look before. */
export interface RunChange {
  readonly run: BackupRun;
  /** Undefined for a run that is told for the first time. */
  readonly previousStatus: BackupStatus | undefined;
  readonly observedAt: Date;
  /** How far apart looks at its source are now. */
  readonly pollIntervalMs: number;
}

export interface HealthChange {
  readonly sourceKey: string;
}

/** How an object stands; told when it is listened to first, and when its verdict turns. */
export interface RpoChange {
  readonly object: ProtectedObject;
  readonly rpo: RpoStatus;
  readonly observedAt: Date;
}

export interface LiveHubOptions {
  readonly sources: readonly LiveSource[];
  readonly clock?: LiveClock | undefined;
  readonly pace?: Partial<LivePace> | undefined;
  /** Works out the verdicts of a source; without it, no verdicts are told. */
  readonly assess?: ((sourceKey: string, signal: AbortSignal) => Promise<SourceVerdicts>) | undefined;
  /** Most events that wait for one listener; default 1,000. */
  readonly maxPending?: number | undefined;
  /** How long a listener may stay at that many, in milliseconds; default 30 s. */
  readonly patienceMs?: number | undefined;
  readonly onFault: (error: unknown) => void;
}

/** What a listener says when it begins to listen. */
export interface ListenOptions {
  readonly sourceKeys: readonly string[];
  /** Called when it takes events too slowly and has been given up. */
  readonly onTooSlow: () => void;
}

interface Topic {
  readonly source: LiveSource;
  readonly poller: SourcePoller;
  readonly runs: Set<RunListener>;
  readonly health: Set<EventQueue<HealthChange>>;
  readonly watch: VerdictWatch;
  readonly verdicts: Set<RpoListener>;
  toldState: SourceState;
}

interface RunListener {
  readonly queue: EventQueue<RunChange>;
  readonly fits: (run: BackupRun) => boolean;
}

interface RpoListener {
  readonly queue: EventQueue<RpoChange>;
  readonly fits: (object: ProtectedObject, verdict: RpoVerdict) => boolean;
}

/** Tells everybody who listens what becomes of the runs and the health of the sources, from one poller a source. */
export class LiveHub {
  readonly #topics = new Map<string, Topic>();
  readonly #queues = new Set<{ return(): unknown }>();
  readonly #bounds: { readonly maxPending: number; readonly patienceMs: number; readonly clock: LiveClock };

  constructor(options: LiveHubOptions) {
    const { sources, onFault, clock = SYSTEM_CLOCK, maxPending = 1_000, patienceMs = 30_000 } = options;
    const pace = { ...DEFAULT_PACE, ...options.pace };
    this.#bounds = { maxPending, patienceMs, clock };
    for (const source of sources) {
      const onLook = (look: Look): void => this.#looked(source.key, look);
      const watch = new VerdictWatch({
        assess: (signal) => options.assess?.(source.key, signal) ?? NO_VERDICTS,
        clock,
        slowMs: pace.slowMs,
        gapMs: Math.min(SHORTEST_GAP_MS, pace.fastMs),
        onTurn: (turned) => this.#turned(source.key, turned),
        onFault,
      });
      this.#topics.set(source.key, {
        source,
        poller: new SourcePoller({ source, clock, pace, onLook, onFault }),
        runs: new Set(),
        health: new Set(),
        watch,
        verdicts: new Set(),
        toldState: source.health().state,
      });
    }
  }

  /** Runs that change, those that are under way first. */
  runs(options: ListenOptions & { readonly fits: (run: BackupRun) => boolean }): EventQueue<RunChange> {
    const topics = this.#chosen(options.sourceKeys);
    const queue = this.#open<RunChange>(options.onTooSlow, afterFirst, () => {
      for (const { runs } of topics) runs.delete(listener);
    });
    const listener: RunListener = { queue, fits: options.fits };
    for (const topic of topics) {
      topic.runs.add(listener);
      this.#adjust(topic);
      const { intervalMs: pollIntervalMs } = topic.poller;
      for (const run of topic.poller.present() ?? []) {
        tell(listener, { run, previousStatus: undefined, observedAt: run.observedAt, pollIntervalMs });
      }
    }
    return queue;
  }

  /** Sources whose health changes, each as it stands first. */
  health({ sourceKeys, onTooSlow }: ListenOptions): EventQueue<HealthChange> {
    const topics = this.#chosen(sourceKeys);
    const queue = this.#open<HealthChange>(onTooSlow, newest, () => {
      for (const { health } of topics) health.delete(queue);
    });
    for (const topic of topics) {
      topic.health.add(queue);
      this.#adjust(topic);
      queue.push(topic.source.key, { sourceKey: topic.source.key });
    }
    return queue;
  }

  /** Protected objects whose verdict turns, each as it stands first. */
  rpo(
    options: ListenOptions & { readonly fits: (object: ProtectedObject, verdict: RpoVerdict) => boolean },
  ): EventQueue<RpoChange> {
    const topics = this.#chosen(options.sourceKeys);
    const queue = this.#open<RpoChange>(options.onTooSlow, newest, () => {
      for (const { verdicts } of topics) verdicts.delete(listener);
    });
    const listener: RpoListener = { queue, fits: options.fits };
    for (const topic of topics) {
      topic.verdicts.add(listener);
      this.#adjust(topic);
      tellVerdicts([listener], topic.watch.present(), this.#bounds.clock.now());
    }
    return queue;
  }

  /** How far apart looks at a source are now, or would be. */
  pollIntervalMs(sourceKey: string): number {
    return this.#topics.get(sourceKey)?.poller.intervalMs ?? DEFAULT_PACE.slowMs;
  }

  /** To be called when calls to a source, whoever made them, show it in another state. */
  stateChanged(sourceKey: string): void {
    const topic = this.#topics.get(sourceKey);
    if (topic === undefined) return;
    const wasUp = topic.toldState === 'UP';
    this.#tellHealth(topic);
    if (topic.toldState === 'UP' && !wasUp) topic.poller.sourceIsBack();
  }

  /** To be called when something was asked of a source that may change it. */
  written(sourceKey: string): void {
    this.#topics.get(sourceKey)?.poller.lookSoon();
  }

  /** How many listen, and how many sources are looked at for them. */
  counts(): { readonly listeners: number; readonly pollers: number } {
    const pollers = [...this.#topics.values()].filter(({ poller }) => poller.isRunning).length;
    return { listeners: this.#queues.size, pollers };
  }

  /** Ends everything: listeners, pollers, timers. */
  close(): void {
    for (const queue of this.#queues) queue.return();
  }

  #chosen(sourceKeys: readonly string[]): Topic[] {
    return [...new Set(sourceKeys)].flatMap((key) => this.#topics.get(key) ?? []);
  }

  #open<T>(onTooSlow: () => void, merge: (waiting: T, newer: T) => T, leave: () => void): EventQueue<T> {
    const queue: EventQueue<T> = new EventQueue<T>({
      ...this.#bounds,
      merge,
      onTooSlow,
      onEnd: () => {
        this.#queues.delete(queue);
        leave();
        for (const topic of this.#topics.values()) this.#adjust(topic);
      },
    });
    this.#queues.add(queue);
    return queue;
  }

  #adjust({ poller, runs, health, watch, verdicts }: Topic): void {
    watch.want(verdicts.size > 0);
    poller.want(runs.size + verdicts.size > 0 ? 'RUNS' : health.size > 0 ? 'HEALTH' : 'NOTHING');
  }

  #looked(sourceKey: string, { steps, observedAt, pollIntervalMs }: Look): void {
    const topic = this.#topics.get(sourceKey);
    if (topic === undefined) return;
    this.#tellHealth(topic);
    // How far a run has come turns no verdict.
    if (steps.some(({ run, previousStatus }) => run.status !== previousStatus)) topic.watch.assessSoon();
    for (const { run, previousStatus } of steps) {
      // One object for all: what is made of it for one listener may serve the others.
      const change: RunChange = { run, previousStatus, observedAt, pollIntervalMs };
      for (const listener of topic.runs) tell(listener, change);
    }
  }

  #turned(sourceKey: string, turned: readonly ObjectVerdict[]): void {
    const listeners = this.#topics.get(sourceKey)?.verdicts ?? [];
    tellVerdicts(listeners, turned, this.#bounds.clock.now());
  }

  #tellHealth(topic: Topic): void {
    const { state } = topic.source.health();
    if (state === topic.toldState) return;
    topic.toldState = state;
    topic.watch.assessSoon();
    for (const queue of topic.health) queue.push(topic.source.key, { sourceKey: topic.source.key });
  }
}

function tell({ queue, fits }: RunListener, change: RunChange): void {
  if (fits(change.run)) queue.push(`${change.run.sourceKey}/${change.run.nativeId}`, change);
}

function tellVerdicts(listeners: Iterable<RpoListener>, verdicts: readonly ObjectVerdict[], nowMs: number): void {
  const changes: RpoChange[] = verdicts.map((one) => ({ ...one, observedAt: new Date(nowMs) }));
  for (const { queue, fits } of listeners) {
    for (const change of changes) {
      const { object, rpo } = change;
      if (fits(object, rpo.verdict)) queue.push(`${object.sourceKey}/${object.nativeId}`, change);
    }
  }
}

const NO_VERDICTS: Promise<SourceVerdicts> = Promise.resolve({ verdicts: undefined, nextAt: undefined });

/** The newest state, with the status from before all that the listener has missed. */
function afterFirst(waiting: RunChange, newer: RunChange): RunChange {
  return { ...newer, previousStatus: waiting.previousStatus };
}

function newest<T>(_waiting: T, newer: T): T {
  return newer;
}
