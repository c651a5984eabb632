import { Command, Option } from 'commander';
import { agreedRequest, type SignFlags } from '../agreed-request.js';
import type { CommandContext } from '../command-context.js';
import {
  sanOption,
  withCommonOptions,
  withExamples,
  withPasswordOptions,
  withValidityOptions,
} from '../options.js';
import { refuseOutputInTheWay, writeOutput } from '../write-output.js';

/** `sign-csr FILE|-`: a certificate for another's key, after its request was looked at. */
export function signCsrCommand(context: CommandContext): Command {
  const command = new Command('sign-csr')
    .argument('<file>', 'the request, PEM or DER; - reads standard input')
    .addOption(new Option('--profile <profile>', 'what it is for').choices(['server', 'client', 'peer']))
    .option('--name <name>', 'keep it under this NAME (default: the first name of the request)')
    .addOption(sanOption('names instead of those that the request asks for'))
    .option('--out <file>', 'where the certificate goes; - is standard output', '-')
    .option('-y, --yes', 'sign without asking')
    .option('--force', 'replace a live certificate of that NAME and revoke it, or a file')
    .action((path: string, flags: SignFlags) =>
      context.run(flags, async (run) => {
        refuseOutputInTheWay(flags.out, flags.force);
        const wish = await agreedRequest(path, flags, run);
        const ca = await run.openCa();
        const { certificate, pem, notices } = await ca.signRequest(wish);
        for (const notice of notices) run.output.warn(notice);
        if (flags.out !== '-') writeOutput(flags.out, pem, flags.force === true);
        run.output.answer({ certificate: { ...certificate, pem } }, () => (flags.out === '-' ? pem : ''));
        const folder = ca.folder.at('issued', certificate.name);
        run.output.say(
          `signed ${certificate.name} (serial ${certificate.serialNumber}); it and its chain lie in ${folder}`,
        );
      }),
    );
  return withExamples(
    withCommonOptions(withPasswordOptions(withValidityOptions(command, 'server 397, client and peer 90'))),
    [
      ['sslapi sign-csr api.csr --profile server --out api.crt', 'shows it, asks, signs'],
      ['sslapi sign-csr - --profile client --yes < device.csr > device.crt', 'in a script'],
    ],
  );
}
