import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { commandEnvironment } from './command-environment.js';

/** What became of another program. Never thrown: the caller knows what its absence or its silence means. */
export type CommandResult =
  /** It ended by itself; a signal that killed it counts as 128 and its number, as in a shell. */
  | ({ readonly kind: 'exited'; readonly code: number } & CommandOutput)
  /** It was still running after `timeoutMs`, and was killed. */
  | ({ readonly kind: 'timeout'; readonly timeoutMs: number } & CommandOutput)
  /** There is no such program, neither on the PATH nor where system programs lie. */
  | { readonly kind: 'absent'; readonly program: string }
  /** It is there and could not be run: no permission, no such working folder, too many processes. */
  | { readonly kind: 'not-run'; readonly program: string; readonly why: string };

/** What a program printed, as UTF-8, each stream cut at `outputLimit`. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it printed more than was kept. */
  readonly truncated: boolean;
}

export interface CommandOptions {
  /** How long it may take, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** How many bytes of each stream are kept; default 1 MiB. The rest is read and dropped, so that it can go on. */
  readonly outputLimit?: number;
  /** Its working folder; default ours. */
  readonly cwd?: string;
  /** What it reads from its standard input; default nothing. */
  readonly input?: string | Uint8Array;
  /** What it prints once all is well, where it would go on for ever: then it is told to end, and counts as ended with code 0. */
  readonly until?: RegExp;
  /** Whom it is run as, in no other group, where we are root; default us. */
  readonly as?: { readonly uid: number; readonly gid: number };
  /** What its environment has besides ours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs another program: without a shell, bounded in time and output, none of our passwords in its environment. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    try {
      const environment = { ...commandEnvironment(process.env), ...options.env };
      const how = { cwd: options.cwd, env: environment, windowsHide: true, ...options.as };
      const child = spawn(program, args, how);
      child.on('error', (error) => resolve(notRun(program, error, options.cwd)));
      watch(child, options, resolve);
    } catch (error) {
      resolve(notRun(program, error, options.cwd));
    }
  });
}

function watch(
  child: ChildProcessWithoutNullStreams,
  { timeoutMs = 30_000, outputLimit = 1024 * 1024, input = '', until }: CommandOptions,
  resolve: (result: CommandResult) => void,
): void {
  const stdout = keep(child.stdout, outputLimit);
  const stderr = keep(child.stderr, outputLimit);
  const settle = (ending: { kind: 'exited'; code: number } | { kind: 'timeout'; timeoutMs: number }) => {
    clearTimeout(timer);
    resolve({
      ...ending,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.cut() || stderr.cut(),
    });
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    settle({ kind: 'timeout', timeoutMs });
  }, timeoutMs);
  let isContent = false;
  const exited = (code: number | null, signal: NodeJS.Signals | null) =>
    settle({
      kind: 'exited',
      code: isContent ? 0 : (code ?? SIGNALLED + constants.signals[signal ?? 'SIGKILL']),
    });
  const listen = (): void => {
    if (isContent || !until?.test(`${stdout.text()}\n${stderr.text()}`)) return;
    isContent = true;
    child.kill('SIGTERM');
  };
  for (const stream of until === undefined ? [] : [child.stdout, child.stderr]) stream.on('data', listen);
  child.on('close', exited);
  // What it left running in the background may hold its output open for ever: its own end is enough.
  child.on('exit', (code, signal) => setTimeout(exited, DRAIN_MS, code, signal).unref());
  child.stdin.on('error', () => {}); // it may end without having read its input
  child.stdin.end(input);
}

/** Keeps the first bytes of a stream. */
function keep(stream: Readable, limit: number): { text: () => string; cut: () => boolean } {
  const chunks: Buffer[] = [];
  let seen = 0;
  stream.on('data', (chunk: Buffer) => {
    if (seen < limit) chunks.push(chunk.subarray(0, limit - seen));
    seen += chunk.length;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), cut: () => seen > limit };
}

function notRun(program: string, error: unknown, cwd: string | undefined): CommandResult {
  if (cwd !== undefined && !existsSync(cwd))
    return { kind: 'not-run', program, why: `there is no folder ${cwd}` };
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? { kind: 'absent', program } : { kind: 'not-run', program, why: code ?? message };
}

/** What shells add to the number of the signal that ended a program. */
const SIGNALLED = 128;
/** How long output may still come in once the program has ended, in milliseconds. */
const DRAIN_MS = 250;
