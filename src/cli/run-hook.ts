import { runCommand } from '../host/run-command.js';
import type { CommandRun } from './command-context.js';

/** Runs what `--exec` names, in a shell, after a change; says where it fails.
 *  @param what the change, for the words
 *  @param env the paths of what changed, as SSLAPI_…
 *  @returns whether it went well */
export async function runHook(
  { output }: Pick<CommandRun, 'output'>,
  command: string,
  what: string,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const [shell, ...flags] = process.platform === 'win32' ? ['cmd', '/d', '/s', '/c'] : ['sh', '-c'];
  const result = await runCommand(shell!, [...flags, command], { env, timeoutMs: HOOK_TIMEOUT_MS });
  if (result.kind === 'exited') {
    for (const line of linesOf(result.stdout + result.stderr)) output.detail(line);
    if (result.code === 0) return true;
  }
  output.warn(`--exec failed after ${what}: ${failureOf(result)}`);
  return false;
}

function failureOf(result: Exclude<Awaited<ReturnType<typeof runCommand>>, never>): string {
  switch (result.kind) {
    case 'exited': {
      const last = linesOf(result.stderr).at(-1) ?? linesOf(result.stdout).at(-1);
      return `it ended with ${result.code}${last === undefined ? '' : ` (${last})`}`;
    }
    case 'timeout':
      return `it was still running after ${result.timeoutMs / 1000} s`;
    case 'absent':
      return `there is no ${result.program}`;
    case 'not-run':
      return result.why;
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** A server that drains its connections takes its time. */
const HOOK_TIMEOUT_MS = 300_000;
