import { Command, Option } from 'commander';
import { CONFIG_LEVELS } from '../../policy/policies.js';
import { REPORT_FORMATS } from '../../report/formats.js';
import type { CommandContext } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { collectFormat, type FormatWish, printsJson } from '../probe-output.js';
import type { ProveFlags } from '../prove-answers.js';

/** `prove TARGET…`: a PKI, a configuration and the real server on it, for as long as the proof takes. */
export function proveCommand(context: CommandContext): Command {
  const command = new Command('prove')
    .argument('[target...]', 'nginx, apache, haproxy …; `all` is each that is on this machine')
    .addOption(
      new Option('--level <level>', "of Mozilla's guideline").choices(CONFIG_LEVELS).default('intermediate'),
    )
    .addOption(
      new Option('--http <version>', 'over HTTP 1.1 or 2 alone (default: what the server has)').choices([
        '1.1',
        '2',
      ]),
    )
    .option('--keep', 'leave the temporary folder, and say where it is')
    .addOption(
      new Option('--format <format>', `${REPORT_FORMATS.join(', ')}; or FORMAT=FILE; as often as wished`)
        // commander knows nothing of its type
        .argParser((text, previous) => collectFormat(text, previous as unknown as FormatWish[] | undefined)),
    )
    .option('--output <file>', 'write the report there')
    .option('--force', 'overwrite files')
    .option('--list', 'the servers that can be proven, and which are here')
    .action((targets: readonly string[], flags: ProveFlags) =>
      context.run({ ...flags, json: flags.json === true || printsJson(flags.format ?? []) }, async (run) => {
        const answers = await import('../prove-answers.js');
        if (flags.list === true) await answers.listProvable(run);
        else await answers.proveTargets(run, targets, flags);
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi prove nginx', 'does what `sslapi config nginx` writes keep everybody out who must stay out?'],
    ['sslapi prove all --level modern', 'every server that is on this machine'],
    ['sslapi prove haproxy --format junit=proof.xml --format text', 'for CI, with a report to keep'],
  ]);
}
