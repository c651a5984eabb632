import { Command, Option } from 'commander';
import { isSchedule } from '../../config/schedule.js';
import { CONFIG_LEVELS } from '../../policy/policies.js';
import type { CommandContext } from '../command-context.js';
import type { ConfigFlags } from '../config-answers.js';
import { withCommonOptions, withExamples } from '../options.js';
import { parseListen } from '../parse-listen.js';

/** `config TARGET`: a server's configuration with the paths of this PKI in it. */
export function configCommand(context: CommandContext): Command {
  const command = new Command('config')
    .argument('[target]', 'nginx, apache or haproxy; cron, systemd or k8s')
    .option('--server <name>', 'the NAME of its certificate (default: the only server there is)')
    .addOption(
      new Option('--listen <address>', 'HOST:PORT, or a port')
        .argParser(parseListen)
        .default({ host: '*', port: 443 }, '*:443'),
    )
    .option('--upstream <url>', 'where requests go, like http://127.0.0.1:9000')
    .addOption(
      new Option('--client-auth <how>', 'whether client certificates are demanded')
        .choices(['require', 'optional', 'off'])
        .default('require'),
    )
    .addOption(
      new Option('--level <level>', "of Mozilla's guideline").choices(CONFIG_LEVELS).default('intermediate'),
    )
    .option('--standalone', 'a whole configuration that runs as it is')
    .option('--check', 'ask the real server whether it would take it')
    .option('--out <file>', 'write it there')
    .option('--force', 'overwrite that file')
    .option('--exec <command>', 'cron, systemd, k8s: what reloads the servers after a change')
    .option('--password-file <file>', 'cron, systemd: where the password of the CA will lie')
    .option('--list', 'the servers that can be configured')
    .action((target: string | undefined, flags: ConfigFlags) =>
      context.run(flags, async (run) => {
        const answers = await import('../config-answers.js');
        if (flags.list === true) answers.listTargets(run);
        else if (isSchedule(target)) {
          const { writeSchedule } = await import('../schedule-answers.js');
          await writeSchedule(run, target, flags);
        } else if (flags.check === true) await answers.checkConfiguration(run, target, flags);
        else await answers.writeConfiguration(run, target, flags);
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi config nginx --server api.test --out api.conf', 'for its include folder'],
    ['sslapi config nginx --check', "nginx's own opinion"],
    ['sslapi config cron --exec "systemctl reload nginx"', 'CRLs and certificates renewed by the clock'],
    ['sslapi config haproxy --upstream http://127.0.0.1:9000', 'in front of an API'],
  ]);
}
