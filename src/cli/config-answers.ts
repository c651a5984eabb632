import { dirname, resolve } from 'node:path';
import type { ClientAuth, ConfigRequest } from '../config/config-request.js';
import { crlsInWords } from '../config/crls-in-words.js';
import { defaultPort } from '../config/default-port.js';
import { renderConfig, renderFiles } from '../config/render.js';
import { SCHEDULES } from '../config/schedule.js';
import { findTarget, TARGETS } from '../config/targets.js';
import { EXIT, SslapiError } from '../errors.js';
import { checkConfig } from '../loop/check-config.js';
import type { ConfigLevel } from '../policy/policies.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import type { HostAndPort } from './parse-listen.js';
import { serverFiles } from './server-files.js';
import { refuseFileForFolder, writeOutput, writeOutputs } from './write-output.js';

/** Flags of `config`. */
export interface ConfigFlags extends CommonFlags {
  readonly server?: string;
  readonly listen?: HostAndPort;
  readonly upstream?: string;
  readonly clientAuth: ClientAuth;
  readonly level: ConfigLevel;
  readonly standalone?: boolean;
  readonly allow?: readonly string[];
  readonly check?: boolean;
  /** A deployed file or folder. */
  readonly diff?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly list?: boolean;
  readonly exec?: string;
}

/** `config --list`: the servers that can be configured. */
export function listTargets({ output }: Pick<CommandRun, 'output'>): void {
  const targets = TARGETS.map(
    ({
      name,
      title,
      includeFile,
      reloadCommand,
      checksRevocation,
      passesOn,
      allowsByName,
      tested,
      ...more
    }) => ({
      name,
      title,
      includeFile,
      reloadCommand,
      checksRevocation,
      checksIssuers: checksRevocation && more.checksIssuers !== false,
      passesOn,
      passesIdentity: more.passesIdentity === true,
      limitsClients: more.limitsClients === true,
      allowsByName,
      tested,
    }),
  );
  const columns = ['TARGET', 'SERVER', 'CRLS', 'TESTED WITH', 'GOES INTO', 'RELOAD'].map((heading) => ({
    heading,
  }));
  output.answer({ targets }, () =>
    output.table(
      columns,
      targets.map((one) => [
        one.name,
        one.title,
        crlsInWords(one),
        one.tested ?? 'untested',
        one.includeFile,
        one.reloadCommand ?? 'by itself',
      ]),
    ),
  );
  output.say(`and what keeps CRLs and certificates alive by the clock: ${SCHEDULES.join(', ')}`);
}

/** `config TARGET --check`: what the real server says of it; exit 1 where it refuses. */
export async function checkConfiguration(
  run: CommandRun,
  name: string | undefined,
  flags: ConfigFlags,
): Promise<void> {
  const request = await requestOf(run, name, flags);
  const check = await checkConfig(request);
  warnOfRevocation(run, request);
  warnOfNameless(run, request);
  const verdict = `the configuration as it would be written now: ${check.ok ? 'taken' : 'refused'} by ${check.command}`;
  run.output.answer({ target: request.target, check }, () => {
    const hint = check.hint === undefined ? [] : [`hint: ${check.hint}`];
    return `${[verdict, ...check.output, ...hint].join('\n')}\n`;
  });
  if (!check.ok) run.exit(EXIT.no);
}

/** `config TARGET`: prints the configuration or writes it, and says where it goes. */
export async function writeConfiguration(
  run: CommandRun,
  name: string | undefined,
  flags: ConfigFlags,
): Promise<void> {
  const { output } = run;
  const request = await requestOf(run, name, flags);
  const configuration = renderConfig(request);
  const files = renderFiles(request);
  if (files.length > 1) refuseFileForFolder(flags.out, request.target);
  if (flags.out !== undefined) {
    if (files.length === 1) writeOutput(flags.out, configuration, flags.force === true);
    else writeOutputs(flags.out, files, flags.force === true);
  }
  output.answer({ target: request.target, configuration, files }, () =>
    flags.out === undefined ? configuration : '',
  );
  warnOfRevocation(run, request);
  warnOfNameless(run, request);
  const { includeFile, reloadCommand, starttls } = findTarget(request.target);
  const how = starttls === undefined ? '' : ` --starttls ${starttls}`;
  output.say(
    request.standalone
      ? `next: run it, then sslapi probe --prove-mtls${how} HOST:${request.listen.port}`
      : `next: put it into ${includeFile}, then ${reloadCommand ?? 'start it'}`,
  );
}

/** Says of a server that cannot check CRLs what to do instead. */
export function warnOfRevocation(
  { output }: Pick<CommandRun, 'output'>,
  { target, clientAuth }: ConfigRequest,
): void {
  const { title, checksRevocation } = findTarget(target);
  if (checksRevocation || clientAuth === 'off') return;
  output.warn(`${title}: it cannot check CRLs, a revoked client gets in until its certificate ends`);
  output.say(
    'instead: short certificates, `sslapi issue-client NAME --days 7`, renewed by the clock, `sslapi renew --due`',
  );
}

/** Says of a list of clients that it holds nobody who shows no certificate. */
export function warnOfNameless(
  { output }: Pick<CommandRun, 'output'>,
  { target, clientAuth, allow = [] }: ConfigRequest,
): void {
  if (clientAuth !== 'optional' || allow.length === 0) return;
  const how = target === 'postgres' ? ' by a password' : '';
  output.warn(
    `--client-auth optional: who shows no certificate comes in${how} all the same, --allow holds the others alone`,
  );
}

/** What the flags ask for, with the files of this PKI. */
export async function requestOf(
  run: CommandRun,
  name: string | undefined,
  flags: ConfigFlags,
): Promise<ConfigRequest> {
  if (name === undefined)
    throw new SslapiError('ERR_USAGE', 'no target is given', {
      hint: 'See the targets with `sslapi config --list`.',
    });
  const target = findTarget(name);
  const {
    listen = { host: '*', port: defaultPort(target.name) },
    upstream,
    clientAuth,
    level,
    allow,
  } = flags;
  const request: ConfigRequest = {
    target: target.name,
    ...(await serverFiles(run, flags.server)),
    listen,
    upstream,
    clientAuth,
    level,
    allow,
    standalone: flags.standalone === true,
  };
  if (flags.out === undefined) return request;
  const isFolder = (target.files?.(request).length ?? 1) > 1;
  return { ...request, runtimeFolder: isFolder ? resolve(flags.out) : dirname(resolve(flags.out)) };
}
