import { type CommandResult, runCommand } from '../host/run-command.js';
import type { DeployCrl } from '../probe/live-revocation.js';

/** Runs the command of `--on-crl` in a shell, with the file of the new CRLs in `$SSLAPI_CRL_CHAIN`.
 *  @param run runs the shell */
export function deployBy(command: string, run: typeof runCommand = runCommand): DeployCrl {
  const [shell, ...args] = process.platform === 'win32' ? ['cmd', '/d', '/s', '/c'] : ['sh', '-c'];
  return async (crlChain) =>
    failureOf(await run(shell!, [...args, command], { env: { SSLAPI_CRL_CHAIN: crlChain } }));
}

/** Why a command failed, in a few words; null where it did not. */
function failureOf(result: CommandResult): string | null {
  switch (result.kind) {
    case 'exited': {
      if (result.code === 0) return null;
      const [first = ''] = result.stderr.trim().split('\n');
      return `the command of --on-crl ended with ${result.code}${first === '' ? '' : ` (${first.slice(0, 200)})`}`;
    }
    case 'timeout':
      return `the command of --on-crl was not done after ${result.timeoutMs / 1000} s`;
    case 'absent':
    case 'not-run':
      return `there is no ${result.program} to run the command of --on-crl`;
  }
}
