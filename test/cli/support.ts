import { vi } from 'vitest';
import type { CommandIo } from '../../src/cli/command.ts';
import { run } from '../../src/cli/run.ts';

/** What one command line did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line that is running, or has ended. */
export interface Running {
  /** What has been written so far. */
  out(): string;
  err(): string;
  /** Asks it to stop, as a signal would. */
  stop(): void;
  readonly ended: Promise<Ran>;
}

/** Starts a command line in this process. */
export function start(
  args: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly input?: string;
    readonly colours?: boolean;
  } = {},
): Running {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const io: CommandIo = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    // No test leaves a file behind; one that is about the store says where it lies.
    environment: { BACKUPGRAPH_STORE_URL: 'sqlite::memory:', ...options.environment },
    errIsTerminal: false,
    outIsTerminal: options.colours ?? false,
    readInput: async () => options.input ?? '',
    catchStop: () => stop.signal,
  };
  const ended = run(args, io).then((code) => ({ code, out: out.join('\n'), err: err.join('\n') }));
  return { out: () => out.join('\n'), err: () => err.join('\n'), stop: () => stop.abort(), ended };
}

/** Waits until a running command has printed this; fails when it ends before. */
export async function printed(running: Running, text: string): Promise<void> {
  let ran: Ran | undefined;
  void running.ended.then((result) => (ran = result));
  await vi.waitUntil(
    () => {
      if (running.out().includes(text) || running.err().includes(text)) return true;
      if (ran !== undefined) throw new Error(`ended with ${ran.code}: ${ran.err}`);
      return false;
    },
    { timeout: 15_000, interval: 20 },
  );
}

/** Runs a command line in this process to its end. */
export function runLine(args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ran> {
  return start(args, options).ended;
}
