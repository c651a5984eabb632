import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { ClientAuth } from '../../config/config-request.js';
import { EXIT, SslapiError } from '../../errors.js';
import type { ConfigLevel } from '../../policy/policies.js';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { type HostAndPort, parseListen } from '../parse-listen.js';
import { writeOutput } from '../write-output.js';

interface ConfigFlags extends CommonFlags {
  readonly server?: string;
  readonly listen: HostAndPort;
  readonly upstream?: string;
  readonly clientAuth: ClientAuth;
  readonly level: ConfigLevel;
  readonly standalone?: boolean;
  readonly check?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly list?: boolean;
}

/** `config TARGET`: a server's configuration with the paths of this PKI in it. */
export function configCommand(context: CommandContext): Command {
  const command = new Command('config')
    .argument('[target]', 'nginx, apache or haproxy')
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
      new Option('--level <level>', "of Mozilla's guideline")
        .choices(['modern', 'intermediate'])
        .default('intermediate'),
    )
    .option('--standalone', 'a whole configuration that runs as it is')
    .option('--check', 'ask the real server whether it would take it')
    .option('--out <file>', 'write it there')
    .option('--force', 'overwrite that file')
    .option('--list', 'the servers that can be configured')
    .action((target: string | undefined, flags: ConfigFlags) =>
      context.run(flags, async (run) => {
        const { output } = run;
        const { findTarget, TARGETS } = await import('../../config/targets.js');
        if (flags.list === true) {
          const targets = TARGETS.map(({ name, title, includeFile, reloadCommand, checksRevocation }) => ({
            name,
            title,
            includeFile,
            reloadCommand,
            checksRevocation,
          }));
          output.answer({ targets }, () =>
            output.table(
              [{ heading: 'TARGET' }, { heading: 'SERVER' }, { heading: 'GOES INTO' }, { heading: 'RELOAD' }],
              targets.map((one) => [one.name, one.title, one.includeFile, one.reloadCommand]),
            ),
          );
          return;
        }
        if (target === undefined)
          throw new SslapiError('ERR_USAGE', 'no target is given', {
            hint: 'See the targets with `sslapi config --list`.',
          });
        const { includeFile, reloadCommand } = findTarget(target);
        const { serverFiles } = await import('../server-files.js');
        const request = {
          target,
          ...(await serverFiles(run, flags.server)),
          ...flags,
          standalone: flags.standalone === true,
          ...(flags.out !== undefined && { runtimeFolder: dirname(resolve(flags.out)) }),
        };
        const { renderConfig } = await import('../../config/render.js');
        const configuration = renderConfig(request);
        if (flags.check === true) {
          const { checkConfig } = await import('../../loop/check-config.js');
          const check = await checkConfig(request);
          output.answer(
            { target, check },
            () =>
              `${[`the configuration as it would be written now: ${check.ok ? 'taken' : 'refused'} by ${check.command}`, ...check.output].join('\n')}\n`,
          );
          if (!check.ok) run.exit(EXIT.no);
          return;
        }
        if (flags.out !== undefined) writeOutput(flags.out, configuration, flags.force === true);
        output.answer({ target, configuration }, () => (flags.out === undefined ? configuration : ''));
        output.say(
          flags.standalone === true
            ? `next: run it, then sslapi probe --prove-mtls HOST:${flags.listen.port}`
            : `next: put it into ${includeFile}, then ${reloadCommand}`,
        );
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi config nginx --server api.test --out api.conf', 'for its include folder'],
    ['sslapi config nginx --check', "nginx's own opinion"],
    ['sslapi config haproxy --upstream http://127.0.0.1:9000', 'in front of an API'],
  ]);
}
