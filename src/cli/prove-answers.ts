import { crlsInWords } from '../config/crls-in-words.js';
import { SslapiError } from '../errors.js';
import { installedServer, PROVABLE_TARGETS } from '../loop/installed-server.js';
import type { ProveStep } from '../loop/prove.js';
import { proveEach } from '../loop/prove-each.js';
import type { ConfigLevel } from '../policy/policies.js';
import type { HttpVersion } from '../probe/plan-proof.js';
import { exitCodeOf } from '../probe/verdict.js';
import { isLively } from '../ui/terminal.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { type FormatWish, formatWishes, refuseReportsInTheWay, writeReports } from './probe-output.js';
import { version } from './version.js';

/** Flags of `prove`. */
export interface ProveFlags extends CommonFlags {
  readonly level: ConfigLevel;
  readonly http?: HttpVersion;
  readonly keep?: boolean;
  readonly format?: readonly FormatWish[];
  readonly output?: string;
  readonly force?: boolean;
  readonly list?: boolean;
}

/** `prove --list`: the servers that can be proven, and which of them are here. */
export async function listProvable({ output }: Pick<CommandRun, 'output'>): Promise<void> {
  const targets = await Promise.all(
    PROVABLE_TARGETS.map(async (target) => ({
      name: target.name,
      version: (await installedServer(target))?.version ?? null,
      checksRevocation: target.checksRevocation,
      checksIssuers: target.checksRevocation && target.checksIssuers !== false,
    })),
  );
  const columns = ['TARGET', 'CRLS', 'ON THIS MACHINE'].map((heading) => ({ heading }));
  output.answer({ targets }, () =>
    output.table(
      columns,
      targets.map((one) => [one.name, crlsInWords(one), one.version ?? 'no']),
    ),
  );
}

/** `prove TARGET…`: what came of each, and exit 1 where one of them lets somebody in whom it must not. */
export async function proveTargets(
  run: CommandRun,
  names: readonly string[],
  flags: ProveFlags,
): Promise<void> {
  if (names.length === 0)
    throw new SslapiError('ERR_USAGE', 'no target is given', {
      hint: 'Name a server, or `all`; `sslapi prove --list` tells which ones are here.',
    });
  const { output, terminal } = run;
  const { level, http, keep } = flags;
  const wishes = formatWishes(flags);
  refuseReportsInTheWay(wishes, flags.force);
  const isLive = isLively(terminal.stderr, terminal);
  const told: string[] = [];
  const options = { level, ...(http && { http }), ...(keep && { keep }), version: version() };
  const probed = await output
    .during(`proving ${names.join(', ')}`, (tell) =>
      proveEach(names, {
        ...options,
        onStep: (step) => {
          const line = inWords(step);
          if (!isLive) return output.say(line);
          told.push(line); // a spinner stands there now
          tell(line);
        },
      }),
    )
    .finally(() => told.forEach((line) => void output.say(line)));
  await writeReports(probed, wishes, run, flags.force === true, { wholeProof: true });
  run.exit(exitCodeOf(probed));
}

function inWords({ target, text, tookMs }: ProveStep): string {
  return `${target}: ${text}${tookMs === null ? '' : ` (${(tookMs / 1000).toFixed(1)} s)`}`;
}
