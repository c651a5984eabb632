import { Command } from 'commander';
import { isSchedule } from '../../config/schedule.js';
import type { CommandContext } from '../command-context.js';
import type { ConfigFlags } from '../config-answers.js';
import { refuseIdleFlags, withConfigurationOptions } from '../config-options.js';
import { withCommonOptions, withExamples } from '../options.js';

/** `config TARGET`: a server's configuration with the paths of this PKI in it. */
export function configCommand(context: CommandContext): Command {
  const command = withConfigurationOptions(
    new Command('config').argument('[target]', 'a server of `config --list`; or cron, systemd, k8s'),
  )
    .option('--check', 'ask the real server whether it would take it')
    .option('--diff <file>', 'compare what is deployed, a file or a folder; exit code 1 on drift')
    .option('--out <file>', 'write it there; a folder where it has several files')
    .option('--force', 'overwrite that file')
    .option('--exec <command>', 'cron, systemd, k8s: what reloads the servers after a change')
    .option('--password-file <file>', 'cron, systemd: where the password of the CA will lie')
    .option('--list', 'the servers that can be configured')
    .action((target: string | undefined, flags: ConfigFlags) =>
      context.run(flags, async (run) => {
        const answers = await import('../config-answers.js');
        if (flags.list !== true) refuseIdleFlags(command, isSchedule(target) ? 'schedule' : 'server');
        if (flags.list === true) answers.listTargets(run);
        else if (isSchedule(target)) {
          const { writeSchedule } = await import('../schedule-answers.js');
          await writeSchedule(run, target, flags);
        } else if (flags.diff !== undefined) {
          const { compareConfiguration } = await import('../config-diff.js');
          await compareConfiguration(run, target, flags, givenBy(command));
        } else if (flags.check === true) await answers.checkConfiguration(run, target, flags);
        else await answers.writeConfiguration(run, target, flags);
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi config nginx --server api.test --out api.conf', 'for its include folder'],
    ['sslapi config nginx --check', "nginx's own opinion"],
    ['sslapi config nginx --diff deployed.conf', 'is it still what it should be?'],
    ['sslapi config cron --exec "systemctl reload nginx"', 'CRLs and certificates renewed by the clock'],
    ['sslapi config haproxy --upstream http://127.0.0.1:9000', 'in front of an API'],
  ]);
}

/** The flags that somebody gave: on the command line, by a variable or in sslapi.config.json. */
function givenBy(command: Command): ReadonlySet<string> {
  const names = Object.keys(command.opts());
  return new Set(names.filter((name) => command.getOptionValueSource(name) !== 'default'));
}
