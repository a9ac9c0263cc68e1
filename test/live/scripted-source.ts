import type { BackupRun } from '../../src/domain/backup-run.ts';
import type { SourceState } from '../../src/domain/source.ts';
import type { LiveSource } from '../../src/live/source-poller.ts';
import type { ReadCall } from '../../src/transport/read-call.ts';
import { sampleRun } from '../support/domain-samples.ts';

/** A source whose answers a test changes as it goes. */
export class ScriptedSource implements LiveSource {
  readonly key: string;
  readonly timeoutMs = 10_000;
  runs: BackupRun[] = [];
  /** Thrown by every read. */
  failure: Error | undefined;
  /** Reads wait for the call's signal. */
  stalls = false;
  state: SourceState = 'UNKNOWN';
  clockSkewSeconds: number | undefined;
  /** Left out of lists, but answered when asked for by id. */
  readonly unlisted = new Set<string>();
  readonly reads: string[] = [];
  readonly calls: ReadCall[] = [];
  readonly startedAfter: (Date | undefined)[] = [];

  constructor(key = 'src') {
    this.key = key;
  }

  health() {
    return { state: this.state, clockSkewSeconds: this.clockSkewSeconds };
  }

  readonly reader: LiveSource['reader'] = {
    listRuns: async ({ startedAfter }, call) => {
      this.startedAfter.push(startedAfter);
      await this.#begin('listRuns', call);
      return { rows: this.runs.filter(({ nativeId }) => !this.unlisted.has(nativeId)), problems: [] };
    },
    readRuns: async (ids, call) => {
      await this.#begin(`readRuns ${ids.join(' ')}`, call);
      return new Map(this.runs.filter(({ nativeId }) => ids.includes(nativeId)).map((run) => [run.nativeId, run]));
    },
    probe: (call) => this.#begin('probe', call),
  };

  /** Makes a run what is said, or adds it. */
  set(nativeId: string, values: Partial<BackupRun>): void {
    const known = this.runs.find((run) => run.nativeId === nativeId);
    const run = { ...(known ?? sampleRun({ sourceKey: this.key, nativeId })), ...values };
    this.runs = [...this.runs.filter((one) => one !== known), run];
  }

  async #begin(name: string, call: ReadCall): Promise<void> {
    this.reads.push(name);
    this.calls.push(call);
    if (this.stalls) {
      await new Promise((_, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason as Error));
      });
    }
    if (this.failure !== undefined) throw this.failure;
  }
}

export const RUNNING = { status: 'RUNNING', endedAt: undefined, progressPercent: 10 } as const;
