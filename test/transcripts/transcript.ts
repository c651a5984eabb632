import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a user types and sees. In a transcript `$ ` stands before a command (a `\` at its end continues it), its output
 *  follows as a terminal shows it, `? 3` is its exit code where that is not 0, and `# ` starts a comment. In the output
 *  `[..]` is anything within a line; a line of `[..]` or `...` alone is any number of lines. */
export interface Step {
  readonly command: string;
  readonly output: string;
  readonly exitCode: number;
  /** Where the command stands, counted from 1. */
  readonly line: number;
}

/** Reads a transcript. */
export function parseTranscript(text: string): Step[] {
  const steps: { command: string; lines: string[]; exitCode: number; line: number }[] = [];
  text.split('\n').forEach((line, at) => {
    const step = steps.at(-1);
    if (step?.command.endsWith('\\')) step.command += `\n${line}`;
    else if (line.startsWith('$ '))
      steps.push({ command: line.slice(2), lines: [], exitCode: 0, line: at + 1 });
    else if (step && EXIT_CODE.test(line)) step.exitCode = Number(line.slice(2));
    else if (!COMMENT.test(line)) step?.lines.push(line);
  });
  return steps.map(({ lines, ...step }) => ({ ...step, output: lines.join('\n').trim() }));
}

/** The transcript in a Markdown text, its ```console blocks, each line where it was. */
export function consoleBlocks(markdown: string): string {
  let block: string | undefined;
  const lines = markdown.split('\n').map((line) => {
    const fence = line.startsWith('```');
    if (fence) block = block === undefined ? line.slice(3) : undefined;
    return !fence && block === 'console' ? line : '';
  });
  return lines.join('\n');
}

/** Types the steps into bash, in a folder of their own, and stops whatever they leave running.
 *  Gives the first step that went otherwise, told as a person would; undefined if all went as written. */
export async function runTranscript(steps: readonly Step[]): Promise<string | undefined> {
  const home = mkdtempSync(join(tmpdir(), 'sslapi-transcript-'));
  const groups: number[] = [];
  try {
    const folder = join(home, 'work');
    mkdirSync(folder);
    writeCommands(join(home, 'bin'));
    for (const step of steps) {
      const { output, exitCode } = await type(step.command, home, folder, groups);
      if (exitCode !== step.exitCode || !matches(output, step.output))
        return difference(step, output, exitCode);
    }
    return undefined;
  } finally {
    for (const group of groups) stop(group);
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }); // who is killed may still write
  }
}

/** Output goes to a file, as a program left in the background would keep a pipe open; each step has its own, as such a
 *  program may still write where a later step is read. */
async function type(command: string, home: string, folder: string, groups: number[]) {
  const seen = join(home, `output-${groups.length}`);
  const file = openSync(seen, 'w');
  const env = {
    PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
  };
  const shell = spawn('bash', ['-c', `umask 022; ${command}`], {
    cwd: folder,
    env,
    stdio: ['ignore', file, file],
    detached: true,
  });
  closeSync(file);
  groups.push(shell.pid!);
  const timer = setTimeout(() => stop(shell.pid!), STEP_TIMEOUT_MS);
  const [exitCode] = (await once(shell, 'exit')) as [number | null];
  clearTimeout(timer);
  if (SLEEPS.test(command)) await listens([...command.matchAll(LISTEN)].map(([, port]) => Number(port)));
  return { output: readFileSync(seen, 'utf8').trim(), exitCode: exitCode ?? -1 };
}

/** Whoever reads sleeps for a moment while a server starts; on a busy machine it may take longer. Looks without connecting, which
 *  the server would tell in its log. */
async function listens(ports: readonly number[]): Promise<void> {
  const isThere = (port: number) => {
    const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8').split('\n'),
    );
    return sockets.some((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      return state === LISTENING && local?.endsWith(end);
    });
  };
  const giveUp = performance.now() + STEP_TIMEOUT_MS;
  while (!ports.every(isThere) && performance.now() < giveUp) await sleep(50);
}

/** `sslapi` of this tree, also as `npx sslapi`. */
function writeCommands(folder: string) {
  mkdirSync(folder);
  const run = `exec '${process.execPath}' '${resolve('bin/sslapi.js')}' "$@"`;
  writeFileSync(join(folder, 'sslapi'), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\n[ "$1" = sslapi ] || exit 127\nshift\n${run}\n`, {
    mode: 0o755,
  });
}

function matches(output: string, expected: string): boolean {
  const pattern = expected
    .split('\n')
    .map((line) => (ANY_LINES.has(line) ? '(.*\n)*?' : `${patternOf(line)}\n`));
  return new RegExp(`^${pattern.join('')}$`).test(`${output}\n`);
}

function patternOf(line: string): string {
  return line
    .split('[..]')
    .map((literal) => literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
}

function difference(
  { line, command, output: expected, exitCode: expectedCode }: Step,
  output: string,
  exitCode: number,
) {
  return [
    `line ${line}: $ ${command}`,
    '--- written',
    expected,
    `? ${expectedCode}`,
    '--- seen',
    output,
    `? ${exitCode}`,
  ].join('\n');
}

function stop(group: number) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

const ANY_LINES = new Set(['...', '[..]']);
const EXIT_CODE = /^\? \d+$/;
const COMMENT = /^#( |$)/;
const SLEEPS = /& sleep \d+$/;
const LISTEN = /--(?:public-)?listen (?:[\d.]+:)?(\d+)/g;
const LISTENING = '0A'; // as the kernel writes it
const STEP_TIMEOUT_MS = 30_000;
