import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ConfigRequest } from '../config/config-request.js';
import type { ConfigTarget, ServerCheck } from '../config/config-target.js';
import { renderFiles } from '../config/render.js';
import { findTarget } from '../config/targets.js';
import { SslapiError } from '../errors.js';
import { type CommandOptions, type CommandResult, runCommand } from '../host/run-command.js';

/** What the real server says of a configuration. */
export interface ConfigCheck {
  readonly ok: boolean;
  /** The command that was run, with a stand-in for the temporary file. */
  readonly command: string;
  /** Its words, line by line; warnings too where it is content. */
  readonly output: readonly string[];
  /** What helps, where it is plain why it was refused. */
  readonly hint?: string;
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
  const options =
    check.user !== undefined && process.getuid?.() === 0 ? { as: await idOf(check.user, run) } : {};
  if (options.as !== undefined) handOver(dirname(file), options.as);
  const withHint = (answer: ConfigCheck): ConfigCheck =>
    !answer.ok && options.as !== undefined && answer.output.some((line) => /permission denied/i.test(line))
      ? { ...answer, hint: ITS_OWN_FILES(check.user!) }
      : answer;
  const before = check.before && (await runFirst(check.before, { title, file }, run, options));
  if (before && before.code !== 0) return told(before, file);
  const until = check.content === undefined ? {} : { until: check.content, env: { LC_ALL: 'C' } };
  const answer = told(await runFirst(check, { title, file }, run, { ...options, ...until }), file);
  if (!answer.ok || check.content === undefined) return withHint(answer);
  return { ...answer, output: answer.output.filter((line) => /\bwarn/i.test(line)) }; // the rest is that it has started
}

const ITS_OWN_FILES = (user: string): string =>
  `It is asked as ${user}, who may not read those files: \`install -o ${user} -m 600\` copies of them where it may, and put their paths into what is written.`;

type Ran = Extract<CommandResult, { kind: 'exited' }> & { readonly command: string };

/** Runs the first of the programs that is there. */
async function runFirst(
  { programs, args }: Pick<ServerCheck, 'programs' | 'args'>,
  { title, file }: { readonly title: string; readonly file: string },
  run: typeof runCommand,
  options: CommandOptions,
): Promise<Ran> {
  for (const program of programs) {
    const result = await run(program, args(file), options);
    if (result.kind === 'absent') continue;
    if (result.kind !== 'exited') throw new SslapiError('ERR_PROGRAM_FAILED', `${program} ${whyNot(result)}`);
    return { ...result, command: [program, ...args(file)].join(' ') };
  }
  const names = programs.filter((program) => !program.includes('/')).join(' or ');
  throw new SslapiError('ERR_SERVER_ABSENT', `there is no ${names} on this machine to ask (${title})`);
}

/** Without the temporary folder, which is gone by then. */
function told({ code, command, stdout, stderr }: Ran, file: string): ConfigCheck {
  const withoutFolder = (text: string): string =>
    text.replaceAll(file, basename(file)).replaceAll(dirname(file), FOLDER);
  return {
    ok: code === 0,
    command: withoutFolder(command),
    output: withoutFolder(`${stdout}\n${stderr}`)
      .split('\n')
      .filter((line) => line.trim() !== ''),
  };
}

type Id = NonNullable<CommandOptions['as']>;

async function idOf(user: string, run: typeof runCommand): Promise<Id> {
  const ask = async (flag: '-u' | '-g'): Promise<number> => {
    const result = await run('id', [flag, user]);
    if (result.kind === 'exited' && result.code === 0) return Number(result.stdout);
    throw new SslapiError('ERR_PROGRAM_FAILED', `it is not run by root, and there is no user "${user}"`, {
      hint: `Ask as the user that it will run as: sudo -u ${user} sslapi config … --check`,
    });
  };
  return { uid: await ask('-u'), gid: await ask('-g') };
}

function handOver(folder: string, { uid, gid }: Id): void {
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    chownSync(path, uid, gid);
}

function whyNot(result: Extract<CommandResult, { kind: 'timeout' | 'not-run' }>): string {
  return result.kind === 'timeout'
    ? `did not answer within ${result.timeoutMs / 1000} seconds`
    : `cannot be run: ${result.why}`;
}

/** What stands for the temporary folder. */
const FOLDER = 'FOLDER';
/** Below it only root may listen. */
const FIRST_OPEN_PORT = 1024;
