import type { ProtectedObject } from '../domain/protected-object.ts';
import type { RpoStatus, RpoVerdict } from '../domain/rpo.ts';
import type { LiveClock } from './live-clock.ts';

/** A protected object and how it stands to its objective. */
export interface ObjectVerdict {
  readonly object: ProtectedObject;
  readonly rpo: RpoStatus;
}

/** All verdicts of a source, as far as it could be read. */
export interface SourceVerdicts {
  /** Undefined when it could not be read: then nothing is known of any object. */
  readonly verdicts: readonly ObjectVerdict[] | undefined;
  /** The earliest instant at which one may turn although nothing happens; undefined: none will. */
  readonly nextAt: Date | undefined;
}

export interface VerdictWatchOptions {
  /** Works out the verdicts of the source from a reading of it. Never throws for what the source does wrong. */
  readonly assess: (signal: AbortSignal) => Promise<SourceVerdicts>;
  readonly clock: LiveClock;
  /** They are worked out anew this long after the last time, in milliseconds, if nothing else asks for it before. */
  readonly slowMs: number;
  /** Between the beginnings of two assessments, in milliseconds. */
  readonly gapMs: number;
  readonly onTurn: (turned: readonly ObjectVerdict[]) => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * How the objects of one source stand, worked out once for all who listen, while somebody does.
 *
 * Asked for again while it is at work, it works once more behind that.
 */
export class VerdictWatch {
  readonly #options: VerdictWatchOptions;
  #isWanted = false;
  /** By native id; undefined before the first time. */
  #verdicts: Map<string, ObjectVerdict> | undefined;
  #lastStartedAt = -Infinity;
  #atWork: AbortController | undefined;
  #isAskedAgain = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: VerdictWatchOptions) {
    this.#options = options;
  }

  /** The verdicts as they were last worked out. */
  present(): readonly ObjectVerdict[] {
    return [...(this.#verdicts?.values() ?? [])];
  }

  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) return this.assessSoon();
    this.#verdicts = undefined;
    this.#isAskedAgain = false;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#atWork?.abort();
    this.#atWork = undefined;
  }

  /** Something happened that may turn a verdict. */
  assessSoon(): void {
    if (!this.#isWanted) return;
    if (this.#atWork !== undefined) {
      this.#isAskedAgain = true;
      return;
    }
    const { clock, gapMs } = this.#options;
    this.#schedule(Math.max(0, this.#lastStartedAt + gapMs - clock.now()));
  }

  #schedule(delayMs: number): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#options.clock.after(delayMs, () => {
      this.#stopTimer = undefined;
      this.#assess().catch(this.#options.onFault);
    });
  }

  async #assess(): Promise<void> {
    const { assess, clock, slowMs, onFault } = this.#options;
    const controller = new AbortController();
    this.#atWork = controller;
    this.#lastStartedAt = clock.now();
    let found: SourceVerdicts = { verdicts: undefined, nextAt: undefined };
    try {
      found = await assess(controller.signal);
    } catch (error) {
      // Whatever went wrong: what cannot be worked out is not known.
      onFault(error);
    }
    if (this.#atWork !== controller) return;
    this.#atWork = undefined;
    this.#take(found.verdicts);
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      return this.assessSoon();
    }
    const nextMs = (found.nextAt?.getTime() ?? Infinity) - clock.now();
    this.#schedule(Math.min(slowMs, Math.max(nextMs + 1, this.#options.gapMs)));
  }

  #take(found: readonly ObjectVerdict[] | undefined): void {
    const before = this.#verdicts;
    const now = found ?? [...(before?.values() ?? [])].map(unreadable);
    this.#verdicts = new Map(now.map((one) => [one.object.nativeId, one]));
    const isTurned = ({ object, rpo }: ObjectVerdict): boolean =>
      before?.get(object.nativeId)?.rpo.verdict !== rpo.verdict;
    const gone = [...(before?.values() ?? [])].filter(({ object }) => this.#verdicts?.has(object.nativeId) === false);
    const turned = [...now, ...gone.map(unreadable)].filter(isTurned);
    if (turned.length > 0) this.#options.onTurn(turned);
  }
}

const UNKNOWN: RpoVerdict = 'UNKNOWN';

/** A green that nobody can confirm must not stay: neither of a source that cannot be read, nor of an object that is not told any more. */
function unreadable({ object, rpo: { targetMs, derived } }: ObjectVerdict): ObjectVerdict {
  const nothing = { achievedMs: undefined, dueBy: undefined, newestCopy: undefined };
  return { object, rpo: { verdict: UNKNOWN, reason: 'HISTORY_UNREADABLE', targetMs, derived, ...nothing } };
}
