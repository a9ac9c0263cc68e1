import type { BackupRun } from '../domain/backup-run.ts';
import { GatewayError } from '../domain/errors.ts';
import type { SourceHealth } from '../domain/source.ts';
import { DAY_MS, HOUR_MS } from '../domain/time-units.ts';
import { CallTally, type ReadCall } from '../transport/read-call.ts';
import type { BackupSource } from '../vendors/contract.ts';
import type { LiveClock } from './live-clock.ts';
import { intervalAfter, jittered, type LivePace } from './live-pace.ts';
import { RunPicture, type RunStep } from './run-picture.ts';

/** What a poller needs of a source. */
export interface LiveSource {
  readonly key: string;
  readonly reader: Pick<BackupSource, 'listRuns' | 'readRuns' | 'probe'>;
  /** Longest look, in milliseconds. */
  readonly timeoutMs: number;
  health(): Pick<SourceHealth, 'state' | 'clockSkewSeconds'>;
}

/** What the listeners of a source want to know together; for its health alone, its runs are not read. */
export type Wanted = 'NOTHING' | 'HEALTH' | 'RUNS';

/** What one look at a source has shown. Whatever else is to be told live begins here. */
export interface Look {
  readonly steps: readonly RunStep[];
  readonly observedAt: Date;
  /** How far apart looks are now. */
  readonly pollIntervalMs: number;
}

export interface SourcePollerOptions {
  readonly source: LiveSource;
  readonly clock: LiveClock;
  readonly pace: LivePace;
  readonly onLook: (look: Look) => void;
  /** A look failed for a reason that no source gives: a fault of the gateway. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Looks at one source for all who listen to it: fast while a run is under way, slowly otherwise, not at all when nobody listens.
 *
 * Looks are ordinary reads, so they keep within the limits of the source and share calls and kept answers with queries.
 */
export class SourcePoller {
  readonly #options: SourcePollerOptions;
  #wanted: Wanted = 'NOTHING';
  #picture: RunPicture | undefined;
  /** Epoch milliseconds; the next look takes nothing older than the last one's end. */
  #lastStartedAt = -Infinity;
  #lastEndedAt = -Infinity;
  #lastGoodAt: number | undefined;
  #failures = 0;
  #stopTimer: (() => void) | undefined;
  #inFlight: AbortController | undefined;

  constructor(options: SourcePollerOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#wanted !== 'NOTHING';
  }

  /** How far apart looks are, before chance makes them a little shorter or longer. */
  get intervalMs(): number {
    const { pace } = this.#options;
    const isBusy = this.#wanted === 'RUNS' && (this.#picture?.active().length ?? 0) > 0;
    return intervalAfter(isBusy ? pace.fastMs : pace.slowMs, this.#failures, pace);
  }

  /** The runs that are under way, as of the last look; undefined before the first. */
  present(): readonly BackupRun[] | undefined {
    return this.#picture?.active();
  }

  want(wanted: Wanted): void {
    const before = this.#wanted;
    if (wanted === before) return;
    this.#wanted = wanted;
    // Nobody will have heard of what changes from now on, so there is nothing to compare with later.
    if (wanted !== 'RUNS') this.#picture = undefined;
    if (wanted === 'NOTHING') {
      this.#failures = 0;
      this.#lastGoodAt = undefined;
      this.#stop();
    } else if (wanted === 'RUNS' || before === 'NOTHING') this.lookSoon();
  }

  /** Looks at once, or as soon as the last look is not just over: whoever comes and goes makes no storm of calls. */
  lookSoon(): void {
    if (!this.isRunning) return;
    const { clock, pace } = this.#options;
    this.#stop();
    const gapMs = Math.min(SHORTEST_GAP_MS, pace.fastMs);
    this.#schedule(Math.max(0, this.#lastStartedAt + gapMs - clock.now()));
  }

  /** Calls of others work again: no need to wait out the pause after failures. */
  sourceIsBack(): void {
    if (this.#failures > 0 && this.#inFlight === undefined) this.lookSoon();
  }

  #stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#inFlight?.abort(new GatewayError('CANCELLED_BY_CALLER', 'Nobody listens any more.'));
    this.#inFlight = undefined;
  }

  #schedule(delayMs: number): void {
    this.#stopTimer = this.#options.clock.after(delayMs, () => {
      this.#stopTimer = undefined;
      this.#look().catch(this.#options.onFault);
    });
  }

  async #look(): Promise<void> {
    const { source, clock, onFault } = this.#options;
    const controller = new AbortController();
    const giveUp = clock.after(source.timeoutMs, () => {
      const message = `Source "${source.key}" did not answer within ${source.timeoutMs} ms.`;
      controller.abort(new GatewayError('TIMEOUT', message, { sourceKey: source.key }));
    });
    this.#inFlight = controller;
    const startedAt = clock.now();
    const call = this.#call(startedAt, controller.signal);
    this.#lastStartedAt = startedAt;
    let steps: readonly RunStep[] | undefined;
    try {
      steps = await this.#read(call, startedAt, () => this.#inFlight === controller);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'INTERNAL') onFault(error);
    } finally {
      giveUp();
    }
    // Stopped meanwhile: whatever it saw is nobody's.
    if (this.#inFlight !== controller) return;
    this.#inFlight = undefined;
    this.#lastEndedAt = clock.now();
    this.#failures = steps === undefined ? this.#failures + 1 : 0;
    if (steps !== undefined) this.#lastGoodAt = startedAt;
    const { intervalMs } = this;
    this.#schedule(jittered(intervalMs, clock.random()));
    this.#options.onLook({ steps: steps ?? [], observedAt: new Date(clock.now()), pollIntervalMs: intervalMs });
  }

  async #read(call: ReadCall, startedAt: number, isWanted: () => boolean): Promise<readonly RunStep[]> {
    const { reader } = this.#options.source;
    if (this.#wanted === 'HEALTH') {
      await reader.probe(call);
      return [];
    }
    const since = this.#since(startedAt);
    const { rows } = await reader.listRuns({ startedAfter: since }, call);
    const missing = this.#picture?.missing(rows) ?? [];
    const found = missing.length === 0 ? undefined : await reader.readRuns(missing, call);
    if (!isWanted() || this.#wanted !== 'RUNS') return [];
    this.#picture ??= new RunPicture();
    const apart: BackupRun[] = [];
    for (const nativeId of missing) {
      const run = found?.get(nativeId);
      if (run === undefined) this.#picture.forget(nativeId);
      else if (!(run instanceof GatewayError)) apart.push(run);
    }
    return this.#picture.take([...rows, ...apart], since, this.#failures > 0);
  }

  /** The first look may use an answer that is just there; later ones use what was asked for after the look before. */
  #call(startedAt: number, signal: AbortSignal): ReadCall {
    const { source, pace } = this.#options;
    return {
      signal,
      deadlineAt: startedAt + source.timeoutMs,
      freshSince: Math.max(startedAt - pace.fastMs, this.#picture === undefined ? -Infinity : this.#lastEndedAt + 1),
      staleSince: undefined,
      tally: new CallTally(),
    };
  }

  /**
   * From when on runs are asked for: a day back, and a day before an outage that has lasted.
   *
   * On whole hours, so that looks ask for the same and their answers are not kept a hundred times over. A vendor whose clock is behind
   * is asked for as much more.
   */
  #since(startedAt: number): Date {
    const behindMs = Math.max(0, -(this.#options.source.health().clockSkewSeconds ?? 0)) * 1000;
    const fromMs = (this.#lastGoodAt ?? startedAt) - LOOK_BACK_MS - behindMs;
    return new Date(Math.floor(fromMs / HOUR_MS) * HOUR_MS);
  }
}

const LOOK_BACK_MS = DAY_MS;
/** Between the beginnings of looks, however listeners come and go. */
export const SHORTEST_GAP_MS = 1_000;
