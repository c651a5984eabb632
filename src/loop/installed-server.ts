import type { ConfigTarget, ServerRun } from '../config/config-target.js';
import { TARGETS } from '../config/targets.js';
import { SslapiError } from '../errors.js';
import { runCommand } from '../host/run-command.js';
import { nearestFirst } from '../policy/nearest.js';

/** A target that can be started here. */
export interface ProvableTarget extends ConfigTarget {
  readonly run: ServerRun;
}

/** A server of a target, as it is on this machine. */
export interface InstalledServer {
  /** The name of its binary. */
  readonly program: string;
  /** Its version, as it says it itself: `1.22.1`. */
  readonly version: string;
}

/** The targets that can be started by whoever has their server, in the order of `prove --list`. */
export const PROVABLE_TARGETS: readonly ProvableTarget[] = TARGETS.filter(isProvable);

/** The target of that name.
 *  @throws SslapiError ERR_CONFIG_TARGET_UNKNOWN, and ERR_SERVER_ABSENT where it cannot be started from here */
export function provableTarget(name: string): ProvableTarget {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) throw unknownTarget(name);
  if (isProvable(target)) return target;
  const starttls = target.starttls === undefined ? '' : ` --starttls ${target.starttls}`;
  throw new SslapiError('ERR_SERVER_ABSENT', `${target.title} cannot be started from here`, {
    hint: `Start it yourself by what \`sslapi config ${name}\` writes, then: sslapi probe${starttls} --prove-mtls HOST:PORT.`,
  });
}

/** The server of a target; null where this machine has none. */
export async function installedServer(
  { run }: ProvableTarget,
  command: typeof runCommand = runCommand,
): Promise<InstalledServer | null> {
  for (const program of run.programs) {
    const told = await command(program, run.versionArgs);
    if (told.kind === 'absent') continue;
    const spoken = told.kind === 'not-run' ? '' : `${told.stdout}\n${told.stderr}`;
    return { program, version: /\d+\.\d+\S*/.exec(spoken)?.[0] ?? 'of an unknown version' };
  }
  return null;
}

/** @throws SslapiError ERR_SERVER_ABSENT */
export function absentServer({ name, title, run }: ProvableTarget): SslapiError {
  return new SslapiError(
    'ERR_SERVER_ABSENT',
    `there is no ${run.programs.join(' or ')} on this machine (${title})`,
    {
      hint: `Install it, or prove another one: \`sslapi prove --list\` tells which ones are here (${name} is not).`,
    },
  );
}

function unknownTarget(name: string): SslapiError {
  const names = PROVABLE_TARGETS.map((target) => target.name);
  return new SslapiError(
    'ERR_CONFIG_TARGET_UNKNOWN',
    `there is no server "${name}" to prove, only ${names.join(', ')}`,
    {
      hint: nearestFirst(name, ['all', ...names], '`sslapi prove --list` tells which ones are here.'),
    },
  );
}

function isProvable(target: ConfigTarget): target is ProvableTarget {
  return target.run !== undefined;
}
