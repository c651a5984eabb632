import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ConfigRequest } from '../config/config-request.js';
import type { ConfigTarget } from '../config/config-target.js';
import { renderFiles } from '../config/render.js';
import { findTarget } from '../config/targets.js';
import { SslapiError } from '../errors.js';
import { type CommandResult, runCommand } from '../host/run-command.js';

/** What the real server says of a configuration. */
export interface ConfigCheck {
  readonly ok: boolean;
  /** The command that was run, with a stand-in for the temporary file. */
  readonly command: string;
  /** Its words, line by line; warnings too where it is content. */
  readonly output: readonly string[];
}

/** Asks the real server whether it would take the configuration: its directives, the certificate, the key, the CAs and
 *  the CRLs. It is given a whole configuration in a temporary folder, on loopback, whatever address is asked for: whether
 *  that one is free, and whether we may listen on it, is not the question. Throws ERR_SERVER_ABSENT where it is not
 *  installed and ERR_PROGRAM_FAILED where it gives no answer.
 *  @param run runs the server's program */
export async function checkConfig(
  request: ConfigRequest,
  run: typeof runCommand = runCommand,
): Promise<ConfigCheck> {
  const target = findTarget(request.target);
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-check-'));
  try {
    const { port } = request.listen;
    const listen = { host: '127.0.0.1', port: port < FIRST_OPEN_PORT ? port + 20_000 : port };
    const files = renderFiles({ ...request, listen, standalone: true, runtimeFolder: folder });
    for (const { name, text } of files) writeFileSync(join(folder, name), text, { mode: 0o600 });
    return await ask(target, join(folder, files[0].name), run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(
  { title, check }: ConfigTarget,
  file: string,
  run: typeof runCommand,
): Promise<ConfigCheck> {
  if (check === null)
    throw new SslapiError('ERR_SERVER_ABSENT', `nobody can be asked about a configuration for ${title}`, {
      hint: 'Leave out --check, and prove the running server: sslapi probe --prove-mtls HOST:PORT',
    });
  for (const program of check.programs) {
    const args = check.args(file);
    const result = await run(program, args, check.content === undefined ? {} : { until: check.content });
    if (result.kind === 'absent') continue;
    if (result.kind !== 'exited') throw new SslapiError('ERR_PROGRAM_FAILED', `${program} ${whyNot(result)}`);
    const spoken = `${result.stdout}\n${result.stderr}`.replaceAll(file, basename(file));
    return {
      ok: result.code === 0,
      command: [program, ...args].join(' ').replace(file, basename(file)),
      output: spoken.split('\n').filter((line) => line.trim() !== ''),
    };
  }
  throw new SslapiError(
    'ERR_SERVER_ABSENT',
    `there is no ${check.programs.join(' or ')} on this machine to ask (${title})`,
  );
}

function whyNot(result: Extract<CommandResult, { kind: 'timeout' | 'not-run' }>): string {
  return result.kind === 'timeout'
    ? `did not answer within ${result.timeoutMs / 1000} seconds`
    : `cannot be run: ${result.why}`;
}

/** Below it only root may listen. */
const FIRST_OPEN_PORT = 1024;
