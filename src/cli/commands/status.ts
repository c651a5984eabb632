import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { parseDuration, parseDurationOrInstant } from '../parse-duration.js';
import { type StatusFlags, tellStatus } from '../tell-status.js';

/** `status`: what expires or is due, before it locks anybody out. */
export function statusCommand(context: CommandContext): Command {
  const command = new Command('status')
    .option(
      '--within <duration>',
      "what ends within this time (default: 30d, of a shorter life the last third, of a CRL's the last fifth)",
      parseDuration,
    )
    .option(
      '--at <moment>',
      'what will be due then if nobody does anything: an instant, a day, or a duration from now',
      parseDurationOrInstant,
    )
    .option('--prometheus', "text for node_exporter's textfile collector")
    .option('--out <file>', 'write it there, whole or not at all; an older one is replaced')
    .action((flags: StatusFlags) => context.run(flags, (run) => tellStatus(run, flags), { tellsCrls: true }));
  return withExamples(withCommonOptions(command), [
    ['sslapi status', 'exit 1 where something is due'],
    ['sslapi status --at 90d || true', 'what will have broken in 90 days'],
    ['sslapi status --prometheus --out sslapi.prom', 'for the textfile collector of node_exporter'],
  ]);
}
