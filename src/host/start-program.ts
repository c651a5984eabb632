import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandEnvironment } from './command-environment.js';

/** A program that runs until it is stopped, in a process group of its own: what it starts itself ends with it. */
export interface RunningProgram {
  /** How it ended; null while it runs. */
  ending(): ProgramEnding | null;
  /** Comes when it has ended. */
  readonly ended: Promise<void>;
  /** What it printed last, standard output and error together, as UTF-8. */
  output(): string;
  /** Sends it a signal, and not to what it has started. */
  signal(signal: NodeJS.Signals): void;
  /** Asks all of them to end, kills those that do not within the time, and comes back when none is left.
   *  @param graceMs in milliseconds; default 5,000 */
  stop(graceMs?: number): Promise<void>;
  /** Kills all of them at once: for when there is no time left. */
  kill(): void;
}

export type ProgramEnding =
  /** A signal that killed it counts as 128 and its number, as in a shell. */
  | { readonly kind: 'exited'; readonly code: number }
  /** There is no such program. */
  | { readonly kind: 'absent' }
  /** It is there and could not be run. */
  | { readonly kind: 'not-run'; readonly why: string };

export interface StartOptions {
  /** Its working folder; default ours. */
  readonly cwd?: string;
  /** What its environment has besides ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many bytes of its output are kept, the last ones; default 256 KiB. */
  readonly outputLimit?: number;
}

/** Starts a program and lets it run: without a shell or an input, none of our passwords in its environment. Whoever starts
 *  it stops it. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, env, outputLimit = 256 * 1024 }: StartOptions = {},
): RunningProgram {
  const child = spawn(program, args, {
    cwd,
    env: { ...commandEnvironment(process.env), ...env },
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let ending: ProgramEnding | null = null;
  const ended = new Promise<void>((resolve) => {
    const settle = (how: ProgramEnding): void => {
      ending ??= how;
      resolve();
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined)
        settle(
          error.code === 'ENOENT'
            ? { kind: 'absent' }
            : { kind: 'not-run', why: error.code ?? error.message },
        );
    });
    child.on('exit', (code, signal) =>
      settle({ kind: 'exited', code: code ?? SIGNALLED + constants.signals[signal ?? 'SIGKILL'] }),
    );
  });
  const output = keepLast([child.stdout, child.stderr], outputLimit);
  return {
    ending: () => ending,
    ended,
    output,
    signal: (signal) => void (ending === null && child.kill(signal)),
    stop: async (graceMs = 5_000) => {
      if (!signalGroup(child, 'SIGTERM')) return;
      await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
      for (let tries = 0; signalGroup(child, 'SIGKILL') && tries < KILL_TRIES; tries += 1)
        await sleep(KILL_EVERY_MS);
      await ended;
    },
    kill: () => void signalGroup(child, 'SIGKILL'),
  };
}

/** @returns whether anybody was there to get it */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  const { pid } = child;
  if (pid === undefined) return false;
  if (process.platform === 'win32') return child.kill(signal);
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // all of them have ended
  }
}

/** Keeps the last bytes of streams, in the order in which they came. */
function keepLast(streams: readonly Readable[], limit: number): () => string {
  const chunks: Buffer[] = [];
  let kept = 0;
  for (const stream of streams)
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      kept += chunk.length;
      while (kept - chunks[0]!.length >= limit) kept -= chunks.shift()!.length;
    });
  return () => Buffer.concat(chunks).subarray(-limit).toString('utf8');
}

/** What shells add to the number of the signal that ended a program. */
const SIGNALLED = 128;
/** What was killed is gone when the system has had a moment for it. */
const KILL_TRIES = 100;
const KILL_EVERY_MS = 20;
