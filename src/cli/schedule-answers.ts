import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { renderSchedule, type ScheduleFile, type ScheduleKind } from '../config/schedule.js';
import { SslapiError } from '../errors.js';
import type { CommandRun } from './command-context.js';
import type { ConfigFlags } from './config-answers.js';
import { version } from './version.js';
import { refuseFileForFolder, refuseOutputInTheWay, writeOutput } from './write-output.js';

/** `config cron|systemd|k8s`: prints or writes what keeps CRLs and certificates alive. */
export async function writeSchedule(run: CommandRun, kind: ScheduleKind, flags: ConfigFlags): Promise<void> {
  const { output } = run;
  if (flags.check === true)
    throw new SslapiError('ERR_USAGE', `--check asks servers, and ${kind} is none`, {
      hint: 'Leave it out, or name a server: see `sslapi config --list`.',
    });
  if (flags.diff !== undefined)
    throw new SslapiError('ERR_USAGE', `--diff compares what servers have, and ${kind} is none`, {
      hint: 'Name a server: see `sslapi config --list`.',
    });
  const { folder } = await run.openCa();
  const passwordFile = passwordFileOf(folder.read('private', 'issuing.key'), flags.passwordFile);
  const files = renderSchedule({
    kind,
    program: [process.execPath, realpathSync(process.argv[1]!)],
    version: version(),
    pki: folder.path,
    user: userInfo().username,
    passwordFile,
    reload: flags.exec,
  });
  if (flags.out !== undefined) writeFiles(kind, files, flags.out, flags.force === true);
  output.answer({ target: kind, files }, () => (flags.out === undefined ? textOf(files) : ''));
  if (flags.exec === undefined && kind !== 'k8s')
    output.warn("servers read CRLs when they are reloaded: --exec 'systemctl reload nginx' has it done");
  if (passwordFile === DEFAULT_PASSWORD_FILE && kind !== 'k8s')
    output.say(
      `next: put the password of the CA into ${DEFAULT_PASSWORD_FILE}, 0600, or name another --password-file`,
    );
  output.say(`next: ${placesOf(files)}`);
}

/** Null where the keys are in clear. */
function passwordFileOf(key: Uint8Array | null, given: string | undefined): string | null {
  if (given !== undefined) return resolve(given);
  return key !== null && Buffer.from(key).includes('ENCRYPTED') ? DEFAULT_PASSWORD_FILE : null;
}

/** A single file goes where `--out` says, several into that folder. */
function writeFiles(kind: ScheduleKind, files: readonly ScheduleFile[], out: string, force: boolean): void {
  if (files.length > 1) refuseFileForFolder(out, kind);
  const pathOf = ({ name }: ScheduleFile) => (files.length === 1 ? out : join(out, name));
  for (const file of files) refuseOutputInTheWay(pathOf(file), force);
  for (const file of files) writeOutput(pathOf(file), file.content, force);
}

function textOf(files: readonly ScheduleFile[]): string {
  return files.map(({ content }) => content).join('\n');
}

function placesOf(files: readonly ScheduleFile[]): string {
  const [first] = files;
  return first!.place.startsWith('/')
    ? `put ${files.length === 1 ? 'it' : 'them'} into ${files.map(({ place }) => place).join(' and ')}`
    : first!.place;
}

const DEFAULT_PASSWORD_FILE = '/etc/sslapi/ca.password';
